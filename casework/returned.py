"""What went back, what follows from it, and which drafts are presented again today?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from casework.checks import draft_of_check
from casework.context import Desk
from casework.errors import missing, not_now, unfit
from casework.exports import post_as_sent
from casework.holding import need_released
from casework.permissions import Permission
from domain import parameters as p
from domain.money import Money
from domain.policy import Policy
from domain.returned import Hold, RateLine, Retry, ReturnedItem, rates, resend
from formats.nacha import Draft, Originator, drafts_file
from formats.returned import is_check, reason_of, reason_of_item
from gateways.errors import Outage, Rejected
from gateways.money_out import Instrument, InstrumentState
from models.accounts import personal_of
from models.effects import changes_waiting
from models.exports import exports_of, keep_export
from models.payment_files import plan_alone
from models.returned import drafts_sent, retries_due, retries_sent, returned_drafts, returned_items
from models.reversals import free_instrument
from models.tables import ExportRow, ReturnedItemRow
from models.tasks import finish_task, raise_task

LISTED_MAX = 500
RETRIES = "retries"
SEQUENCE_FIRST = 9_000_000  # above what the billing engine's own drafts use
MODIFIERS = "ZYXWVUTSRQPONMLKJIHGFEDCB"
NO_INSTRUMENT = "no_instrument_to_present_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedAgain:
    """What was presented again: the file, none where nothing could be, and the items left out, each with its reason."""

    export: ExportRow | None
    left_out: tuple[tuple[str, str], ...] = ()


def returned(
    desk: Desk,
    *,
    account_no: str | None = None,
    since: date | None = None,
    after: str = "",
    limit: int = LISTED_MAX,
) -> Sequence[ReturnedItemRow]:
    """Return what went back, latest first; *after*: what comes behind the payment of this number."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[ReturnedItemRow]:
        return returned_items(session, account_no=account_no, since=since, after=after, limit=limit)

    return desk.read_now(ask)


def due_again(desk: Desk, *, on: date | None = None) -> Sequence[ReturnedItemRow]:
    """Return the drafts that are to be presented again by *on*, else today."""
    desk.need(Permission.SEE_CASES)
    day = on or desk.today()
    return desk.read_now(lambda session: retries_due(session, on=day))


def return_rates(desk: Desk, *, on: date | None = None) -> tuple[RateLine, ...]:
    """Return how the drafts returned stand against the bank network's limits."""
    desk.need(Permission.SEE_REPORTS)
    policy, day = desk.policy(), on or desk.today()
    days = policy.at(p.RATE_DAYS, day)

    def ask(session: Session) -> tuple[RateLine, ...]:
        counted = returned_drafts(session, on=day, days=days)
        return rates(counted, drafts_sent(session, on=day, days=days), policy, on=day)

    return desk.read_now(ask)


class WayAgain(StrEnum):
    """What a person may do so that an item goes out again."""

    PUT_RIGHT = "put_right"  # an R11, its fault put right
    CHECK = "check"  # a check as an entry, once it has been looked at


def way_again(row: ReturnedItemRow) -> WayAgain | None:
    """Return what a person may ask for so that the item goes out again; none if nothing, or if it is on its way.

    What was read on a check may be put right until it has gone out.
    """
    retry = reason_of_item(row.item_id, row.source, row.code).retry
    if row.retry_state and not (row.retry_state == "due" and retry is Retry.CHECK):
        return None
    return {Retry.RESENT: WayAgain.PUT_RIGHT, Retry.CHECK: WayAgain.CHECK}.get(retry)


def put_right(desk: Desk, payment_id: str, *, because: str) -> ReturnedItemRow:
    """Let an item that was not as authorized (R11) go out again, its fault put right, for the same amount, once.

    The authorization stands, so the instrument held for it is free.

    Raises:
        Refused: it did not go back, went back for a reason that is not sent again, or its days are over.
    """
    desk.need(Permission.SEND_MONEY)
    policy, now, today = desk.policy(), desk.now, desk.today()

    def write(session: Session) -> ReturnedItemRow:
        row = session.get(ReturnedItemRow, payment_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise missing("payment", payment_id)
        if row.retry_state in {"due", "sent"}:
            return row
        item = ReturnedItem(
            amount=Money(row.cents),
            reason=reason_of(row.source, row.code),
            presented_on=row.presented_on,
            returned_on=row.returned_on,
            presentment=row.presentment,
        )
        day, why = resend(item, policy, on=today)
        if day is None or row.retry_state == "dropped":
            way_out = "Have billing draw a payment of its own, by an authorization that covers it."
            raise unfit("not-sent-again", "It is not sent again", why, way_out=way_out, status=409)
        row.retry_on, row.retry_state = day, "due"
        row.retry_why = f"{why} {desk.person.username}: {because}"
        if Hold.HOLD in {row.instrument, row.autopay}:
            free_instrument(session, row, on=today, at=now, because="put_right")
        finish_task(session, f"correct_and_resend-{payment_id}", at=now)
        session.flush()
        return row

    return desk.write_now(write)


async def present_again(desk: Desk) -> PresentedAgain:
    """Write the file of the drafts and checks due to be presented again, for the same amounts; post them as sent.

    An item whose instrument is gone is dropped with a task, and so is a check that has become too old; one whose bank
    has sent a notice of change waits until billing has applied it. Done again, it first makes sure that an earlier file
    was posted, then takes what is due by now.

    Raises:
        Refused: billing cannot be asked.
    """
    desk.need(Permission.SEND_MONEY)
    need_released(desk)
    for export in await desk.read(lambda session: exports_of(session, RETRIES, limit=1)):
        await post_as_sent(desk, export)
    due = await desk.read(lambda session: _without_changes(session, retries_due(session, on=desk.today())))
    found, left_out = await _instruments(desk, [row for row in due if not is_check(row.item_id)])
    now, policy = desk.now, desk.policy()
    written: ExportRow | None = await desk.write(
        lambda session: _write(session, found, left_out, policy=policy, now=now, by=desk.person.username)
    )
    if written is not None:
        await post_as_sent(desk, written)
    return PresentedAgain(export=written, left_out=tuple(left_out.items()))


def _without_changes(session: Session, due: Sequence[ReturnedItemRow]) -> Sequence[ReturnedItemRow]:
    """Leave out what would be drawn on a bank account that is known to be another by now (P04)."""
    changing = {row.account_no for row in changes_waiting(session)}
    return [row for row in due if row.account_no not in changing]


async def _instruments(desk: Desk, due: Sequence[ReturnedItemRow]) -> tuple[dict[str, Instrument], dict[str, str]]:
    """Return for each item the bank account it is drawn on, or why there is none."""
    found: dict[str, Instrument] = {}
    left_out: dict[str, str] = {}
    for row in due:
        try:
            held = await desk.at.systems.billing.instruments(row.account_no)
        except Rejected as rejection:
            left_out[row.payment_id] = rejection.slug
            continue
        except Outage as outage:
            raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
        usable = [each for each in held if each.kind == "ach" and each.state is InstrumentState.ACTIVE]
        if usable:
            found[row.payment_id] = usable[0]
        else:
            left_out[row.payment_id] = NO_INSTRUMENT
    return found, left_out


def _write(
    session: Session, found: dict[str, Instrument], left_out: dict[str, str], *, policy: Policy, now: datetime, by: str
) -> ExportRow | None:
    """Write the file and mark its items as sent, in one transaction: no item is ever in two files."""
    plan_alone(session)
    today = policy.calendar.day(now)
    first, sending, drafts = SEQUENCE_FIRST + retries_sent(session), list[ReturnedItemRow](), list[Draft]()
    for row in retries_due(session, on=today, lock=True):
        draft: Draft | None = None
        if is_check(row.item_id):
            draft, why = draft_of_check(session, row, policy, on=today, sequence=first + len(drafts))
            left_out |= {row.payment_id: why} if draft is None else {}
        elif row.payment_id in found:
            draft = _draft(session, row, found[row.payment_id], sequence=first + len(drafts))
        if draft is not None:
            sending.append(row)
            drafts.append(draft)
        elif row.payment_id in left_out:
            row.retry_state = "dropped"
            kind = left_out[row.payment_id] if is_check(row.item_id) else NO_INSTRUMENT
            raise_task(session, task_id=f"{kind}-{row.payment_id}", kind=kind, at=now, account_no=row.account_no)
    if not sending:
        return None
    originator = originator_of(policy, today)
    local = datetime.combine(today, policy.calendar.clock(now))
    # A bank knows a file by sender, minute and modifier; the billing engine's own drafts use A.
    modifier = MODIFIERS[len([each for each in exports_of(session, RETRIES, limit=LISTED_MAX) if each.on == today])]
    effective = policy.calendar.bank_day(policy.calendar.add_open_days(today, 1))
    data = drafts_file(originator, drafts, created_at=local, effective_on=effective, modifier=modifier).to_bytes()
    for row, draft in zip(sending, drafts, strict=True):
        row.retry_state = "sent"
        row.retry_payment_id = f"draft-{originator.odfi}{draft.sequence:07d}"
    return keep_export(
        session,
        data,
        kind=RETRIES,
        file_name=f"retries-{today}-{drafts[0].sequence}.ach",
        entries=len(drafts),
        cents=sum(row.cents for row in sending),
        on=today,
        at=now,
        by=by,
    )


def _draft(session: Session, row: ReturnedItemRow, instrument: Instrument, *, sequence: int) -> Draft:
    return Draft(
        sec=instrument.sec or "PPD",
        transaction_code=instrument.transaction_code,
        routing=instrument.routing,
        account=instrument.bank_account,
        amount_cents=row.cents,
        individual_id=row.account_no,
        name=personal_of(session, row.account_no).name,
        sequence=sequence,
        discretionary="S" if instrument.sec == "WEB" else "",
        retry=reason_of(row.source, row.code).retry is Retry.FUNDS,  # what was put right is no `RETRY PYMT`
    )


def originator_of(policy: Policy, on: date) -> Originator:
    """Return by whom and through which bank the city's drafts are sent, as its pack says."""
    return Originator(
        destination=policy.at(p.BANK_DESTINATION, on),
        destination_name=policy.at(p.BANK_DESTINATION_NAME, on),
        origin=policy.at(p.BANK_ORIGIN, on),
        origin_name=policy.at(p.BANK_ORIGIN_NAME, on),
        company_name=policy.at(p.BANK_COMPANY_NAME, on),
        company_id=policy.at(p.BANK_COMPANY_ID, on),
        odfi=policy.at(p.BANK_ORIGIN, on)[:8],
    )
