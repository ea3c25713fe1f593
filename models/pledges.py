"""What has an agency pledged, until when does it hold, and what came of it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from domain.calendar import DAY
from domain.decisions.facts import EXTENDED, extended_enough, extensions
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.policy import Policy
from models.accounts import AccountUnknown, lock_account
from models.facts import end_fact, record_fact
from models.policies import active_digest, policy_with
from models.tables import FactRow, PledgeRow
from models.tasks import finish_task, raise_task

FILE, PHONE = "file", "phone"
NEW, PAID, PAID_LESS, CANCELLED, LAPSED = "new", "paid", "paid_less", "cancelled", "lapsed"
SYSTEM = "system"
CONFIRM, ENOUGH = "confirm_pledge", "pledge_extended_enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledged:
    """A pledge as it is told to us. *holds_until*: its last day, earlier than its end while it is only a word."""

    pledge_id: str
    account_no: str
    agency: str
    amount: Money
    pledged_on: date
    expires_on: date
    holds_until: date
    source: str
    worker: bytes | None = None
    taken_by: str = ""


def take_pledge(session: Session, told: Pledged, *, policy: Policy, at: datetime) -> PledgeRow:
    """Write a pledge and let it hold from this commit on; the same id again is the pledge that stands.

    Raises:
        AccountUnknown: there is no such account.
    """
    lock_account(session, told.account_no)
    row = session.get(PledgeRow, told.pledge_id, populate_existing=True)
    if row is not None:
        return row
    row = PledgeRow(
        pledge_id=told.pledge_id,
        account_no=told.account_no,
        agency=told.agency,
        amount_cents=told.amount.cents,
        pledged_on=told.pledged_on,
        expires_on=told.expires_on,
        status=NEW,
        source=told.source,
        worker=told.worker,
        taken_by=told.taken_by,
        taken_at=at,
        confirmed_at=at if told.source == FILE else None,
        holds_until=told.holds_until,
        fact_id=f"pledge-{told.pledge_id}",
    )
    session.add(row)
    session.flush()
    _record(session, row, policy, at)
    if row.confirmed_at is None:
        raise_task(session, task_id=f"{CONFIRM}-{row.pledge_id}", kind=CONFIRM, at=at, account_no=row.account_no)
    return row


def _record(
    session: Session, row: PledgeRow, policy: Policy, at: datetime, *, replaces: str = "", extended: int = 0
) -> None:
    """Let the gate know: held through the last day, and the pack's days after it (D16); *extended* so many times."""
    fact = Fact(
        fact_id=row.fact_id,
        kind=FactKind.PLEDGE,
        starts=min(at, policy.calendar.at(row.pledged_on, time(0))),
        until=policy.calendar.at(row.holds_until + DAY, time(0)),
        known_at=at,
        amount=Money(row.amount_cents - row.paid_cents),
        source=row.source,
        evidence=row.pledge_id,
        entered_by=row.taken_by or SYSTEM,
        details={"agency": row.agency} | ({EXTENDED: str(extended)} if extended else {}),
    )
    record_fact(session, fact=fact, known_at=at, account_no=row.account_no, replaces=replaces)


def confirm_pledge(session: Session, row: PledgeRow, *, confirmation: str, policy: Policy, at: datetime) -> None:
    """Write that the agency's writing is here: the pledge holds to its own end."""
    row.confirmed_at, row.confirmation, row.holds_until = at, confirmation, row.expires_on
    _anew(session, row, f"{row.fact_id}-confirmed", policy=policy, at=at)
    finish_task(session, f"{CONFIRM}-{row.pledge_id}", at=at)


def end_pledge(session: Session, row: PledgeRow, status: str, *, at: datetime) -> None:
    """Write what became of a pledge; it holds no longer. One that was taken back counts as never given."""
    row.status = status
    end_fact(session, fact_id=row.fact_id, known_at=at, until=at, withdrawn=status == CANCELLED)
    finish_task(session, f"{CONFIRM}-{row.pledge_id}", at=at)


def fulfil(session: Session, account_no: str, amount: Money, *, policy: Policy, at: datetime) -> Sequence[PledgeRow]:
    """Let money of a fund meet the account's pledges, the oldest first; return those it met, in full or in part."""
    row = PledgeRow
    query = select(row).where(row.account_no == account_no, row.status == NEW).with_for_update()
    left, met = amount.cents, []
    for pledge in session.exec(query.order_by(col(row.pledged_on), col(row.pledge_id))):
        if left <= 0:
            break
        part = min(left, pledge.amount_cents - pledge.paid_cents)
        pledge.paid_cents += part
        left -= part
        met.append(pledge)
        if pledge.paid_cents >= pledge.amount_cents:
            end_pledge(session, pledge, PAID, at=at)
        else:
            _anew(session, pledge, f"pledge-{pledge.pledge_id}-{pledge.paid_cents}", policy=policy, at=at)
    session.flush()
    return met


def take_row(session: Session, told: Pledged, status: str, *, policy: Policy, at: datetime) -> bool:
    """Take what a file says of one pledge, a later row replacing an earlier; return false for an unknown account."""
    try:
        row = take_pledge(session, told, policy=policy, at=at)
    except AccountUnknown:
        return False
    if row.status != NEW:
        return True
    if status != NEW:
        end_pledge(session, row, status, at=at)
    else:
        _restate(session, row, told, policy=policy, at=at)
    return True


def _restate(session: Session, row: PledgeRow, told: Pledged, *, policy: Policy, at: datetime) -> None:
    """Let a pledge hold as its agency's later row states it; a later end counts as an extension, as at the desk.

    What the pack's cap does not allow waits for a senior: the pledge keeps its end, and a task is raised. A row that
    the agency merely repeats does not undo what a person corrected since; a later end than theirs holds.
    """
    stands = _fact_of(session, row)
    if stands.entered_by != SYSTEM and told.expires_on <= row.expires_on:
        return
    times = extensions(stands)
    if told.expires_on > row.expires_on:
        on = policy.calendar.day(at)
        if extended_enough(times, policy, on):
            raise_task(
                session,
                task_id=f"{ENOUGH}-{row.pledge_id}-{told.expires_on}",
                kind=ENOUGH,
                at=at,
                account_no=row.account_no,
                for_role="supervisor",
            )
            return
        times += 1
    elif (told.expires_on, told.amount.cents) == (row.expires_on, row.amount_cents):
        return
    row.amount_cents, row.expires_on, row.holds_until = told.amount.cents, told.expires_on, told.expires_on
    row.confirmed_at = row.confirmed_at or at
    _anew(session, row, f"pledge-{row.pledge_id}-{at:%Y%m%dT%H%M%S}", policy=policy, at=at, extended=times)


def follow(session: Session, fact: Fact | None, replaces: str) -> None:
    """Let the register follow what a person said of a pledge's fact *replaces*: it was corrected, or taken back."""
    row = session.exec(select(PledgeRow).where(PledgeRow.fact_id == replaces, PledgeRow.status == NEW)).one_or_none()
    if row is None:
        return
    if fact is None:
        row.status = CANCELLED
        return
    row.fact_id = fact.fact_id
    if fact.amount is not None and fact.amount.cents > 0:
        row.amount_cents = row.paid_cents + fact.amount.cents
    if fact.until is not None:
        calendar = policy_with(session, active_digest(session)).calendar
        row.holds_until = calendar.day(fact.until - timedelta(microseconds=1))
        row.expires_on = max(row.expires_on, row.holds_until) if row.confirmed_at is None else row.holds_until


def _anew(
    session: Session, row: PledgeRow, fact_id: str, *, policy: Policy, at: datetime, extended: int | None = None
) -> None:
    """Replace the fact of a pledge that has changed, keeping how often it was extended."""
    times = extensions(_fact_of(session, row)) if extended is None else extended
    old, row.fact_id = row.fact_id, fact_id
    _record(session, row, policy, at, replaces=old, extended=times)


def _fact_of(session: Session, row: PledgeRow) -> Fact:
    return FactRow.to_domain(session.get_one(FactRow, row.fact_id))


def pledges_of(
    session: Session, *, account_no: str | None = None, status: str | None = None, limit: int
) -> Sequence[PledgeRow]:
    """Return pledges, the latest first."""
    query = select(PledgeRow)
    if account_no is not None:
        query = query.where(PledgeRow.account_no == account_no)
    if status is not None:
        query = query.where(PledgeRow.status == status)
    return session.exec(query.order_by(col(PledgeRow.pledged_on).desc(), col(PledgeRow.pledge_id)).limit(limit)).all()
