"""What follows from what a payment file tells besides money, in the transaction that takes the file?"""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from domain.hear import Tells
from domain.hear import Told as Word
from domain.money import Money
from domain.policy import Policy
from domain.returned import Hold, card_again
from formats.account_no import read_account_no
from formats.cards import CardDecline
from formats.eap import PledgeRow
from formats.nacha import Correction
from formats.returned import decline_of
from formats.told import Told
from gateways.money_out import InstrumentState
from models.accounts import AccountUnknown, account_of
from models.agencies import remit
from models.cases import open_case_of
from models.checks import keep_check
from models.effects import ask_billing
from models.households import accounts_of_households
from models.outbox import tell
from models.pledges import FILE, Pledged, take_row
from models.tables import CardDeclineRow, PaymentRow
from models.tasks import raise_task
from models.upsert import insert_new

UNKNOWN_PLEDGE, UNKNOWN_CARD, UNKNOWN_NOTICE = "pledge_for_no_account", "decline_for_no_account", "change_for_no_draft"


def take_told(session: Session, told: Told, *, policy: Policy, on: date, at: datetime) -> None:
    """Take pledges, declined cards, checks, notices of change and commissions; each once, whatever brings it again."""
    for pledge in told.pledges:
        _pledge(session, pledge, policy=policy, at=at)
    for decline in told.declines:
        _decline(session, decline, policy=policy, on=on, at=at)
    for check in told.checks:
        keep_check(session, check)
    for change in told.changes:
        _change(session, change, on=on, at=at)
    if told.remitted is not None:
        remit(session, told.remitted)


def _pledge(session: Session, row: PledgeRow, *, policy: Policy, at: datetime) -> None:
    written = _account(session, row.account_no)
    account_no = written or _of_household(session, row.household_id)
    told = Pledged(
        pledge_id=row.pledge_id,
        account_no=account_no,
        agency=row.agency,
        amount=Money(row.amount_cents),
        pledged_on=row.pledged_on,
        expires_on=row.expires_on,
        holds_until=row.expires_on,
        source=FILE,
    )
    if not account_no or row.amount_cents <= 0 or not take_row(session, told, str(row.status), policy=policy, at=at):
        raise_task(session, task_id=f"{UNKNOWN_PLEDGE}-{row.pledge_id}", kind=UNKNOWN_PLEDGE, at=at)
        return
    if not written:
        # It holds at once, as it can only protect; that it is meant for this account a person asks the agency.
        task_id = f"{UNKNOWN_PLEDGE}-{row.pledge_id}"
        raise_task(session, task_id=task_id, kind=UNKNOWN_PLEDGE, at=at, account_no=account_no)
    _look_again(session, account_no, key=f"pledge/{row.pledge_id}/{row.status}", at=at)


def _of_household(session: Session, household: str) -> str:
    """Return the account to which assistance for *household* went last; blank if none is known."""
    found = accounts_of_households(session, {household}) if household else {}
    return found[household][0] if household in found else ""


def _decline(session: Session, row: CardDecline, *, policy: Policy, on: date, at: datetime) -> None:
    account_no = _account(session, row.account_no)
    if not account_no:
        raise_task(session, task_id=f"{UNKNOWN_CARD}-{row.ref}", kind=UNKNOWN_CARD, at=at)
        return
    reason = decline_of(row.response, row.merchant_advice)
    earlier = select(CardDeclineRow).where(
        CardDeclineRow.account_no == account_no,
        CardDeclineRow.instrument_id == row.instrument_id,
        CardDeclineRow.amount_cents == row.amount_cents,
    )
    again, again_on, why = card_again([*(each.on for each in session.exec(earlier)), on], reason, policy, on=on)
    values = {
        "ref": row.ref,
        "account_no": account_no,
        "instrument_id": row.instrument_id,
        "amount_cents": row.amount_cents,
        "response": row.response,
        "meaning": reason.meaning,
        "advice": row.merchant_advice,
        "on": on,
        "again": str(again),
        "again_on": again_on,
        "why": why,
    }
    if not insert_new(session, CardDeclineRow, values):
        return
    if reason.instrument is not Hold.KEEP:
        state = InstrumentState.DISABLED if reason.instrument is Hold.END else InstrumentState.HELD
        content = {"kind": "card", "state": str(state), "because": row.response, "on": on.isoformat()}
        _ask(session, account_no, "set_instrument", content, about=f"card/{row.ref}", at=at)
    if reason.autopay is Hold.END:
        content = {"kind": "card", "because": row.response, "on": on.isoformat()}
        _ask(session, account_no, "end_autopay", content, about=f"card/{row.ref}", at=at)
    if reason.task:
        task_id = f"{reason.task}-card-{row.ref}"
        raise_task(session, task_id=task_id, kind=reason.task, at=at, account_no=account_no, urgent=reason.urgent)


def _change(session: Session, change: Correction, *, on: date, at: datetime) -> None:
    """Have billing correct the account's bank instrument (P04); what names no draft or corrects nothing is a task."""
    payment = session.get(PaymentRow, f"draft-{change.original_trace}")
    found = {
        "routing": change.routing or "",
        "bank_account": change.account or "",
        "transaction_code": change.transaction_code or "",
    }
    private = {name: value for name, value in found.items() if value}
    if payment is None or not private:
        kind = UNKNOWN_NOTICE if payment is None else "apply_change_notice"
        account_no = payment.account_no if payment else ""
        raise_task(session, task_id=f"{kind}-{change.original_trace}", kind=kind, at=at, account_no=account_no)
        return
    content = {"because": change.code, "on": on.isoformat()}
    about = f"change/{change.original_trace}/{change.code}"
    _ask(session, payment.account_no, "correct_instrument", content, about=about, at=at, private=private)


def _ask(
    session: Session,
    account_no: str,
    name: str,
    content: dict[str, Any],
    *,
    about: str,
    at: datetime,
    private: dict[str, str] | None = None,
) -> None:
    ask_billing(
        session,
        key=f"{name}/{about}",
        name=name,
        account_no=account_no,
        body={"account_no": account_no, **content},
        about=about,
        cents=0,
        at=at,
        private=private,
    )


def _account(session: Session, written: str) -> str:
    """Return the account that is meant, blank if none is known by that number."""
    reading = read_account_no(written, known=lambda _: True)
    if reading.account_no is None:
        return ""
    try:
        return account_of(session, reading.account_no).account_no
    except AccountUnknown:
        return ""


def _look_again(session: Session, account_no: str, *, key: str, at: datetime) -> None:
    if open_case_of(session, account_no) is not None:
        tell(session, account_no=account_no, told=Word(key=key, at=at, what=Tells.LOOK_AGAIN), at=at)
