"""Which deposit is held, what has it earned, and what becomes of it when service ends?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from activities.deposits import APPLY, Held, apply_held, held_by
from casework.context import Desk
from casework.errors import missing, not_now, unfit
from casework.permissions import Permission
from domain.account_letters import deposit_receipt
from domain.bankruptcy import deposit_stayed
from domain.facts import Fact
from domain.money import Money
from gateways.errors import Outage, Rejected
from models.account_letters import prepare
from models.accounts import account_of
from models.facts import facts_of
from models.tables import AccountRow, DepositRow, TaskRow

LISTED_MAX = 500


async def held(desk: Desk, account_no: str, *, before: date | None = None) -> Held:
    """Return the account's deposit and its interest up to and without *before*, else today.

    Raises:
        Refused: there is no such account, or billing does not answer.
    """
    desk.need(Permission.SEE_CASES)
    try:
        master = await desk.at.systems.billing.account(account_no)
    except Rejected:
        raise missing("account", account_no) from None
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    return held_by(master, desk.policy(), before=before or desk.today())


async def apply_deposit(desk: Desk, account_no: str, *, final_on: date | None = None) -> DepositRow:
    """Credit the account with its deposit and interest, service having ended on *final_on*, else today. Once.

    Raises:
        Refused: billing holds no deposit, does not know the account, or does not answer; a petition stays it; the day
            is still to come.
    """
    desk.need(Permission.APPLY_DEPOSIT)
    day = final_on or desk.today()
    known = await desk.read(lambda session: session.get(DepositRow, (account_no, day)))
    if known is not None:
        return known
    found = await held(desk, account_no, before=day)
    if not found.deposit:
        raise unfit("no-deposit", "No deposit is held", f"Billing holds no deposit of {account_no}.", status=409)
    policy, now, who = desk.policy(), desk.now, desk.person.username
    if await desk.read(lambda session: _petition(session, account_no, now)) is not None:
        says = "A bankruptcy petition stands: to set the deposit off needs leave, but in chapter 11."
        way_out = "Ask counsel; then correct the petition's fact with the day on which it was allowed."
        raise unfit("deposit-stayed", "The deposit waits for counsel", says, way_out=way_out, status=409)
    if day > policy.calendar.day(now):
        says = f"{day} is still to come: until service has ended the deposit is held."
        raise unfit("final-day-to-come", "Service has not ended", says, way_out="Name the day on which it ended.")
    return await desk.write(lambda session: apply_held(session, found, final_on=day, policy=policy, by=who, at=now))


async def send_receipt(desk: Desk, account_no: str) -> str:
    """Have a receipt for the deposit that is held go out with the day's batch; return its number. Once a day.

    Raises:
        Refused: billing holds no deposit, does not know the account, or does not answer.
    """
    desk.need(Permission.SEND_MAIL)
    found = await held(desk, account_no)
    if not found.deposit:
        raise unfit("no-deposit", "No deposit is held", f"Billing holds no deposit of {account_no}.", status=409)
    policy, now = desk.policy(), desk.now
    on = policy.calendar.day(now)

    def write(session: Session) -> str:
        letter = deposit_receipt(
            found.deposit,
            interest=found.earned.amount,
            since=found.since,
            on=on,
            policy=policy,
            language=account_of(session, account_no).language,
        )
        return prepare(session, account_no, letter, about=f"deposit_receipt/{on}", at=now)

    return await desk.write(write)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToApply:
    """A deposit that a person has yet to decide about. *held*: as billing last told; *stayed*: by a petition."""

    account_no: str
    final_on: date
    held: Money
    stayed: bool


def to_apply(desk: Desk, *, account_no: str | None = None, limit: int) -> Sequence[ToApply]:
    """Return the deposits of accounts whose service has ended that wait for a person, the oldest first."""
    desk.need(Permission.SEE_REPORTS)
    task = TaskRow
    query = select(task, AccountRow.deposit_cents).join(AccountRow, col(AccountRow.account_no) == task.account_no)
    query = query.where(task.kind == APPLY, col(task.done_at).is_(None))
    if account_no is not None:
        query = query.where(task.account_no == account_no)
    query = query.order_by(col(task.raised_at), col(task.task_id)).limit(limit)

    now = desk.now

    def ask(session: Session) -> Sequence[ToApply]:
        return [
            ToApply(
                account_no=row.account_no,
                final_on=date.fromisoformat(row.task_id.removeprefix(f"{APPLY}-{row.account_no}-")),
                held=Money(cents or 0),
                stayed=_petition(session, row.account_no, now) is not None,
            )
            for row, cents in session.exec(query).all()
        ]

    return desk.read_now(ask)


def _petition(session: Session, account_no: str, at: datetime) -> Fact | None:
    return deposit_stayed(facts_of(session, account_of(session, account_no)), at)


def deposits_lately(desk: Desk, *, account_no: str | None = None, limit: int) -> Sequence[DepositRow]:
    """Return the deposits that were applied, the latest first."""
    desk.need(Permission.SEE_REPORTS)
    query = select(DepositRow).order_by(col(DepositRow.applied_at).desc(), col(DepositRow.account_no)).limit(limit)
    if account_no is not None:
        query = query.where(DepositRow.account_no == account_no)
    return desk.read_now(lambda session: session.exec(query).all())


def deposits(desk: Desk, *, account_no: str | None = None) -> Sequence[DepositRow]:
    """Return the deposits given back, those due first at the top."""
    desk.need(Permission.SEE_REPORTS)
    query = select(DepositRow).order_by(col(DepositRow.refund_by), col(DepositRow.account_no)).limit(LISTED_MAX)
    if account_no is not None:
        query = query.where(DepositRow.account_no == account_no)
    return desk.read_now(lambda session: session.exec(query).all())
