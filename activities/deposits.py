"""How does a deposit that billing holds become credit, with interest, once?"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from domain.account_letters import deposit_returned
from domain.deposits import Interest, interest, refund_by
from domain.ledger import LedgerAccount, Posting, PostingKind
from domain.money import Money
from domain.policy import Policy
from gateways.billing import AccountMaster
from models.account_letters import prepare
from models.accounts import account_of, lock_account
from models.effects import ask_billing
from models.ledger import post
from models.tables import DepositRow
from models.tasks import finish_task, raise_task

GIVE_BACK = "give_back_deposit"
APPLY = "apply_deposit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A deposit that billing holds, with what it has earned by a day."""

    account_no: str
    deposit: Money
    since: date
    earned: Interest


def held_by(master: AccountMaster, policy: Policy, *, before: date) -> Held:
    """Return the deposit of an account with its interest up to and without *before*."""
    # Billing does not say when the deposit was paid: as far as anyone knows, when the customer came.
    since = master.account.customer_since or before
    return Held(
        account_no=master.account.account_no,
        deposit=master.deposit,
        since=since,
        earned=interest(master.deposit, since=since, before=before, policy=policy),
    )


def apply_held(session: Session, held: Held, *, final_on: date, policy: Policy, by: str, at: datetime) -> DepositRow:
    """Write that the deposit is applied, service having ended on *final_on*; billing and the ledger hear of it. Once.

    What is left is credit, to be given back by the pack's day: a task says so.
    """
    account_no = held.account_no
    lock_account(session, account_no)
    row = session.get(DepositRow, (account_no, final_on), populate_existing=True)
    if row is not None:
        return row
    row = DepositRow(
        account_no=account_no,
        final_on=final_on,
        amount_cents=held.deposit.cents,
        interest_cents=held.earned.amount.cents,
        interest_says=held.earned.says,
        refund_by=refund_by(final_on, policy),
        applied_at=at,
    )
    session.add(row)
    session.flush()
    _write_to_customer(session, row, policy)
    _let_others_know(session, row, policy.calendar.day(at), by)
    finish_task(session, f"{APPLY}-{account_no}-{final_on}", at=at)
    raise_task(
        session,
        task_id=f"{GIVE_BACK}-{account_no}-{final_on}",
        kind=GIVE_BACK,
        at=at,
        account_no=account_no,
        for_role="accountant",
    )
    return row


def _write_to_customer(session: Session, row: DepositRow, policy: Policy) -> None:
    letter = deposit_returned(
        Money(row.amount_cents),
        interest=Money(row.interest_cents),
        ended_on=row.final_on,
        refund_by=row.refund_by,
        on=policy.calendar.day(row.applied_at),
        policy=policy,
        language=account_of(session, row.account_no).language,
    )
    prepare(session, row.account_no, letter, about=f"deposit/{row.final_on}", at=row.applied_at)


def _let_others_know(session: Session, row: DepositRow, on: date, by: str) -> None:
    key = f"deposit/{row.account_no}/{row.final_on}"
    content = {
        "account_no": row.account_no,
        "amount": {"cents": row.amount_cents},
        "interest": {"cents": row.interest_cents},
        "on": on.isoformat(),
    }
    ask_billing(
        session,
        key=key,
        name="apply_deposit",
        account_no=row.account_no,
        body=content,
        about=key,
        cents=row.amount_cents + row.interest_cents,
        at=row.applied_at,
    )
    sums = (
        (key, PostingKind.DEPOSIT, LedgerAccount.DEPOSITS_HELD, row.amount_cents),
        (f"{key}/interest", PostingKind.INTEREST, LedgerAccount.INTEREST, row.interest_cents),
    )
    postings = [
        Posting(
            key=name,
            kind=kind,
            debit=debit,
            credit=LedgerAccount.RECEIVABLE,
            amount=Money(cents),
            effective_on=on,
            account_no=row.account_no,
            ref=key,
            asked_by=by,
        )
        for name, kind, debit, cents in sums
        if cents
    ]
    post(session, postings, at=row.applied_at)
