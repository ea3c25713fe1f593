"""Which money has come in and gone back, and what of it does billing not show yet?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, String, Update, bindparam, case, func, update
from sqlalchemy import select as statement
from sqlmodel import Session, col, select

from domain import parameters as p
from domain.account import Service
from domain.claimed import Arrival
from domain.ledger import LedgerAccount, Posting, PostingKind, came_by, went_by
from domain.money import Money
from domain.posting import FILE_REVERSED
from domain.refunds import ASSISTANCE
from models.accounts import bump_money, lock_account, lock_accounts
from models.claims import match_claims
from models.ledger import post
from models.policies import active_digest, policy_with
from models.tables import FileEntryRow, LedgerRow, PaymentRow
from models.upsert import insert_many, insert_new, rows_of, table_of

VOID = "void"
"""Why a payment went back that was voided at the counter: as if it had never been."""

BEFORE_OPENING = "before_opening"
"""The tender of drafts that billing had posted before we started: a bank may still return them."""


MATCHED_SOURCE = "suspense"
"""The source of money that a person found the account of; its trace is the entry that was in suspense."""


REINSTATED = "reinstated"
"""The tender of money whose return was a mistake: it comes in again by the way it had gone."""

MOVED = "moved"
"""Why a payment left an account that it was never for, and the tender under which it is on the right one."""

RETURN_UNDONE = "return_undone"
"""What stands as the reason of a return that the bank took back: the money came in again."""

PUT_RIGHT = frozenset({FILE_REVERSED, MOVED, RETURN_UNDONE})
"""Reasons that no bank gave: the same money stands as another payment, or its whole file never was."""

AGAIN = "~"
"""Between the trace of money and the count of how often it was entered anew: no sender's trace holds it."""


class PaymentState(StrEnum):
    RECEIVED = "received"
    POSTED = "posted"
    RETURNED = "returned"


class PaymentUnknown(LookupError):
    """No payment has this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment. *source* and *trace* together are its identity in the world: the same pair is the same money."""

    payment_id: str
    source: str
    trace: str
    account_no: str
    amount: Money
    received_at: datetime
    effective_on: date
    tender: str
    state: PaymentState = PaymentState.RECEIVED
    billing_ref: str = ""
    returned_on: date | None = None
    return_reason: str = ""
    rejected: str = ""
    taken_by: str = ""


def receive_payment(session: Session, payment: Payment) -> bool:
    """Write that *payment* came in, under the account's lock; return false, changing nothing, if it was known already.

    From this commit on no gate overlooks it. Whoever calls puts its posting into the outbox in the same transaction.
    """
    return bool(receive_payments(session, [payment]))


def receive_payments(session: Session, payments: Sequence[Payment]) -> set[str]:
    """Write that *payments* came in, under their accounts' locks and in the ledger; return the ids of those not known.

    Raises:
        AccountUnknown: one of them is for no account.
    """
    lock_accounts(session, {payment.account_no for payment in payments})
    rows = [_values(payment, state=PaymentState.RECEIVED, tender=payment.tender) for payment in payments]
    new = insert_many(session, PaymentRow, rows, returning="payment_id")
    received = [payment for payment in payments if payment.payment_id in new]
    if received:
        post(session, (_came_in(payment) for payment in received), at=received[0].received_at)
        bump_money(session, *(payment.account_no for payment in received))
        match_claims(session, [(payment.account_no, _arrival(payment)) for payment in received])
    return new


def _arrival(payment: Payment) -> Arrival:
    return Arrival(payment_id=payment.payment_id, trace=payment.trace, amount=payment.amount, at=payment.received_at)


def _came_in(payment: Payment) -> Posting:
    moved = payment.tender == MOVED
    came = LedgerAccount.SUSPENSE if moved else came_by(payment.source)
    return Posting(
        key=f"{MOVED}/{payment.payment_id}" if moved else f"payment/{payment.source}/{payment.trace}",
        kind=PostingKind.PAYMENT,
        debit=went_by(payment.source) if payment.tender == REINSTATED else came,
        credit=LedgerAccount.RECEIVABLE,
        amount=payment.amount,
        effective_on=payment.effective_on,
        account_no=payment.account_no,
        ref=payment.payment_id,
    )


def _values(payment: Payment, *, state: PaymentState, tender: str) -> dict[str, object]:
    return {
        "payment_id": payment.payment_id,
        "source": payment.source,
        "trace": payment.trace,
        "account_no": payment.account_no,
        "amount_cents": payment.amount.cents,
        "received_at": payment.received_at,
        "effective_on": payment.effective_on,
        "tender": tender,
        "state": state.value,
        "billing_ref": payment.billing_ref,
        "posted_at": payment.received_at if state is PaymentState.POSTED else None,
        "return_reason": "",
        "rejected": "",
        "taken_by": payment.taken_by,
    }


def return_payment(session: Session, payment_id: str, *, reason: str, on: date, at: datetime, by: str = "") -> bool:
    """Write that the bank took the payment back; return false, changing nothing, if it had been returned before.

    A return that came before its money takes effect with it: on no day has more gone back than came in. *by*: who at
    the desk takes it off, where no bank does; what was taken at the counter is voided by a second person.

    Raises:
        PaymentUnknown: no payment has this id.
    """
    row = _locked(session, payment_id)
    if row.returned_at is not None:
        return False
    on = max(on, row.effective_on)
    row.returned_at, row.returned_on, row.return_reason = at, on, reason
    row.state = PaymentState.RETURNED
    if not _is_suspended(session, row):
        post(session, [_went_back(session, row, reason=reason, on=on, by=by)], at=at)
    return _written(session, row)


def _is_suspended(session: Session, row: PaymentRow) -> bool:
    """Say whether billing would not have the payment and our ledger moved it to suspense: there it goes back from."""
    if not row.rejected:
        return False
    undone = select(LedgerRow.posting_id).where(LedgerRow.undoes == f"payment/{row.source}/{row.trace}")
    return session.exec(undone.where(LedgerRow.account_no == row.account_no)).first() is not None


def _went_back(session: Session, row: PaymentRow, *, reason: str, on: date, by: str) -> Posting:
    if reason == MOVED:  # to where it is entered anew, under the name that it gets there
        return Posting(
            key=f"{MOVED}/{row.source}-{next_trace(session, row)}/from",
            kind=PostingKind.REVERSAL,
            debit=LedgerAccount.RECEIVABLE,
            credit=LedgerAccount.SUSPENSE,
            amount=Money(row.amount_cents),
            effective_on=on,
            account_no=row.account_no,
            ref=row.payment_id,
            reason=reason,
            asked_by=by,
        )
    return Posting(
        key=f"return/{row.source}/{row.trace}",
        kind=PostingKind.VOID if reason == VOID else PostingKind.RETURN,
        debit=LedgerAccount.RECEIVABLE,
        # What is voided never reached the bank: it leaves the till again.
        credit=came_by(row.source) if reason == VOID else went_by(_first_source(session, row)),
        amount=Money(row.amount_cents),
        effective_on=on,
        account_no=row.account_no,
        ref=row.payment_id,
        reason=reason,
        asked_by=row.taken_by if reason == VOID else by,
        approved_by=by if reason == VOID else "",
    )


def may_pay(session: Session, payment: Payment) -> tuple[Service, ...]:
    """Return the only services that *payment* may be used for, as the pack says of its fund; none means any."""
    if _first_source(session, payment) != ASSISTANCE:
        return ()
    named = policy_with(session, active_digest(session)).at(p.ASSISTANCE_SERVICES, payment.effective_on)
    return tuple(Service(name) for name in named)


def _first_source(session: Session, row: "PaymentRow | Payment") -> str:
    """Return by whom the money came; what a person matched came from the file whose entry was in suspense."""
    if row.source != MATCHED_SOURCE:
        return row.source
    entry = session.get(FileEntryRow, int(row.trace.partition(AGAIN)[0]))
    return entry.source if entry else row.source


def entered_anew(source: str, trace: str) -> ColumnElement[bool]:
    """Return what finds the payments that this money became when a mistake was put right."""
    row = table_of(PaymentRow).c
    begins = trace.partition(AGAIN)[0] + AGAIN
    return (row.source == source) & row.trace.startswith(begins, autoescape=True)


def next_trace(session: Session, row: PaymentRow) -> str:
    """Return the trace under which the money of *row* is entered the next time."""
    count = func.count()
    before = session.exec(select(count).select_from(PaymentRow).where(entered_anew(row.source, row.trace))).one()
    return f"{row.trace.partition(AGAIN)[0]}{AGAIN}{before + 1}"


def returned_on(session: Session, source: str, trace: str) -> date | None:
    """Return the day on which the money went back that *trace* enters anew; none if nothing did."""
    row = PaymentRow
    query = select(row).where(row.source == source, row.trace == trace.rpartition(AGAIN)[0])
    before = session.exec(query).first()
    return before.returned_on if before else None


def know_posted(session: Session, payment: Payment) -> bool:
    """Write that billing had posted *payment* before we started; return false if it was known."""
    return insert_new(session, PaymentRow, _values(payment, state=PaymentState.POSTED, tender=BEFORE_OPENING))


def mark_posted(session: Session, payment_id: str, billing_ref: str, at: datetime) -> bool:
    """Write that billing shows the payment. What a gate reads of billing from before this is stale.

    Raises:
        PaymentUnknown: no payment has this id.
    """
    row = _locked(session, payment_id)
    if row.posted_at is not None:
        return False
    row.posted_at, row.billing_ref = at, billing_ref
    if row.returned_at is None:
        row.state = PaymentState.POSTED
    return _written(session, row)


def mark_all_posted(session: Session, refs: Mapping[Payment, str], at: datetime) -> None:
    """Write that billing shows each of *refs*, payments with their numbers there, as `mark_posted` does for one."""
    if not refs:
        return
    account_nos = {payment.account_no for payment in refs}
    lock_accounts(session, account_nos)
    rows = [{"id": payment.payment_id, "ref": ref, "at": at} for payment, ref in refs.items()]
    session.connection().execute(_posting(), rows)
    bump_money(session, *account_nos)


@cache
def _posting() -> Update:
    table = table_of(PaymentRow)
    new = table.c.returned_at.is_(None)
    return (
        update(table)
        .where(table.c.payment_id == bindparam("id"), table.c.posted_at.is_(None))
        .values(
            posted_at=bindparam("at", type_=table.c.posted_at.type),
            billing_ref=bindparam("ref"),
            state=case((new, PaymentState.POSTED.value), else_=table.c.state),
        )
    )


def mark_return_posted(session: Session, payment_id: str, billing_ref: str, at: datetime) -> bool:
    """Write that billing shows the return; *billing_ref* replaces the payment's own unless it is empty.

    Raises:
        PaymentUnknown: no payment has this id.
    """
    row = _locked(session, payment_id)
    if row.return_posted_at is not None:
        return False
    row.return_posted_at, row.billing_ref = at, billing_ref or row.billing_ref
    return _written(session, row)


def mark_rejected(session: Session, payment_id: str, slug: str, _at: datetime) -> bool:
    """Write that billing will never take the payment, or its return, and why: a person must see to it.

    Raises:
        PaymentUnknown: no payment has this id.
    """
    row = _locked(session, payment_id)
    if row.rejected == slug:
        return False
    row.rejected = slug
    return _written(session, row)


def payment_of(session: Session, payment_id: str) -> Payment:
    """Return the payment.

    Raises:
        PaymentUnknown: no payment has this id.
    """
    return _to_domain(_found(session, payment_id))


def payment_by_trace(session: Session, source: str, trace: str) -> Payment | None:
    """Return the payment that *source* calls *trace*; none if it has not come in."""
    query = select(PaymentRow).where(PaymentRow.source == source, PaymentRow.trace == trace)
    row = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    return _to_domain(row) if row else None


def unposted(session: Session, account_no: str) -> Money:
    """Return the money received that billing does not show yet, less the returns that it does not show yet.

    Money that billing rejected is in hand all the same and counts, so that nobody who paid is cut; a return that
    billing rejected does not count against the customer.
    """
    return Money(int(rows_of(session, _UNPOSTED, {"of_account": account_no}).scalar_one()))


def unposted_cents(account_no: ColumnElement[str]) -> ColumnElement[int]:
    """Return what `unposted` asks, for the account that *account_no* stands for in a greater statement."""
    row = table_of(PaymentRow).c
    of_account = statement(func.coalesce(func.sum(row.amount_cents), 0)).where(row.account_no == account_no)
    came = of_account.where(row.posted_at.is_(None), row.returned_at.is_(None))
    went = of_account.where(
        row.posted_at.is_not(None), row.returned_at.is_not(None), row.return_posted_at.is_(None), row.rejected == ""
    )
    return came.scalar_subquery() - went.scalar_subquery()


_UNPOSTED = statement(unposted_cents(bindparam("of_account", type_=String())))


def paid_since(session: Session, account_no: str, *, after: date, through: date) -> Money:
    """Return the money for the account that counts on the days after *after* and through *through*, and stood since."""
    query = select(func.sum(PaymentRow.amount_cents)).where(
        PaymentRow.account_no == account_no,
        col(PaymentRow.effective_on) > after,
        col(PaymentRow.effective_on) <= through,
        PaymentRow.state != PaymentState.RETURNED.value,
        PaymentRow.rejected == "",
    )
    return Money(session.exec(query).one() or 0)


def posted_after(session: Session, account_no: str, day: date) -> Money:
    """Return what the customer has paid after *day* and billing has posted; assistance is no money of theirs."""
    return _posted(session, account_no, day, col(PaymentRow.source) != ASSISTANCE)


def assisted_after(session: Session, account_no: str, day: date) -> Money:
    """Return what assistance has paid after *day* and billing has posted."""
    return _posted(session, account_no, day, col(PaymentRow.source) == ASSISTANCE)


def _posted(session: Session, account_no: str, day: date, whose: ColumnElement[bool]) -> Money:
    row = PaymentRow
    query = select(func.sum(row.amount_cents)).where(
        row.account_no == account_no, row.state == PaymentState.POSTED.value, whose, col(row.effective_on) > day
    )
    return Money(session.exec(query).one() or 0)


def _found(session: Session, payment_id: str) -> PaymentRow:
    row = session.get(PaymentRow, payment_id, populate_existing=True)
    if row is None:
        raise PaymentUnknown(f"payment {payment_id} is not known")
    return row


def _locked(session: Session, payment_id: str) -> PaymentRow:
    """Return the payment as it stands once its account is locked."""
    lock_account(session, _found(session, payment_id).account_no)
    return _found(session, payment_id)


def _written(session: Session, row: PaymentRow) -> bool:
    session.flush()
    bump_money(session, row.account_no)
    return True


def _to_domain(row: PaymentRow) -> Payment:
    return Payment(
        payment_id=row.payment_id,
        source=row.source,
        trace=row.trace,
        account_no=row.account_no,
        amount=Money(row.amount_cents),
        received_at=row.received_at,
        effective_on=row.effective_on,
        tender=row.tender,
        state=PaymentState(row.state),
        billing_ref=row.billing_ref,
        returned_on=row.returned_on,
        return_reason=row.return_reason,
        rejected=row.rejected,
        taken_by=row.taken_by,
    )
