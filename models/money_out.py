"""Which refunds and adjustments are there, what stands behind a credit, and who else is the same customer?"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import tuple_
from sqlmodel import Session, col, func, select

from domain.adjustments import AdjustmentState
from domain.facts import FactKind, standing
from domain.ledger import LedgerAccount
from domain.money import Money
from domain.refunds import PaidIn, RefundState
from models.accounts import account_of
from models.facts import facts_of
from models.tables import (
    AccountRow,
    AdjustmentRow,
    BillingEffectRow,
    DepositRow,
    LedgerRow,
    PaymentRow,
    RefundRow,
)

PAYMENTS_BEHIND = 50  # a credit that more payments than this stand behind is looked at by a person
_PENDING = (RefundState.PROPOSED, RefundState.APPROVED)
UNDER_WAY = (*_PENDING, RefundState.EXPORTED)


def payments_behind(session: Session, account_no: str) -> tuple[PaidIn, ...]:
    """Return the account's payments that stand, latest first."""
    row = PaymentRow
    query = select(row).where(row.account_no == account_no, col(row.returned_at).is_(None))
    query = query.order_by(col(row.effective_on).desc(), col(row.received_at).desc(), col(row.payment_id).desc())
    return tuple(
        PaidIn(
            payment_id=each.payment_id,
            source=each.source,
            tender=each.tender,
            amount=Money(each.amount_cents),
            on=each.effective_on,
            taken_by=each.taken_by,
        )
        for each in session.exec(query.limit(PAYMENTS_BEHIND))
    )


def pending_refunds(session: Session, account_no: str, *, but: str = "") -> Money:
    """Return what is in refunds that billing has not taken out of the credit yet."""
    row, effect = RefundRow, BillingEffectRow
    query = select(func.coalesce(func.sum(row.amount_cents), 0)).where(
        row.account_no == account_no, row.refund_id != but, col(row.state).in_(_PENDING)
    )
    done = select(effect.key).where(effect.key == "refund/" + col(row.refund_id), col(effect.done_at).is_not(None))
    return Money(int(session.exec(query.where(~done.exists())).one()))


def deposit_given_back(session: Session, account_no: str) -> Money:
    """Return how much of deposits, with interest, was ever credited to the account."""
    row = DepositRow
    total = func.coalesce(func.sum(row.amount_cents + row.interest_cents), 0)
    return Money(int(session.exec(select(total).where(row.account_no == account_no)).one()))


def given_back_after(session: Session, day: date) -> Sequence[tuple[str, int]]:
    """Return the deposits, without interest, that were given back in the books after *day*, by account."""
    row = LedgerRow
    query = select(row.account_no, row.cents).where(row.debit == LedgerAccount.DEPOSITS_HELD, row.accounting_on > day)
    return [(account_no, int(cents)) for account_no, cents in session.exec(query).all()]


def same_customer(session: Session, account_no: str) -> Sequence[str]:
    """Return the other accounts of the same customer: same name, and one of phone, e-mail, mailing address the same.

    A name alone is not enough to hold someone's money back.
    """
    me = session.get_one(AccountRow, account_no)
    if not me.name:
        return ()
    others = select(AccountRow).where(
        func.lower(AccountRow.name) == me.name.lower(), AccountRow.account_no != account_no
    )
    return [
        each.account_no
        for each in session.exec(others.order_by(AccountRow.account_no))
        if (me.phone and each.phone == me.phone)
        or (me.email and each.email == me.email)
        or (me.mailing_address and each.mailing_address == me.mailing_address)
    ]


def is_deceased(session: Session, account_no: str, at: datetime) -> bool:
    """Say whether the customer is known to have died."""
    return bool(standing(facts_of(session, account_of(session, account_no)), FactKind.DECEASED, at))


def refunds_of(
    session: Session, *, state: str | None = None, account_no: str | None = None, after: str = "", limit: int
) -> Sequence[RefundRow]:
    """Return refunds, those asked for first at the top; *after*: those behind the one of this number."""
    row = RefundRow
    query = select(row)
    if state is not None:
        query = query.where(row.state == state)
    if account_no is not None:
        query = query.where(row.account_no == account_no)
    last = session.get(row, after) if after else None
    if last is not None:
        query = query.where(tuple_(col(row.asked_at), col(row.refund_id)) > tuple_(last.asked_at, last.refund_id))
    return session.exec(query.order_by(col(row.asked_at), col(row.refund_id)).limit(limit)).all()


def refunds_over(session: Session, *, account_no: str | None = None, limit: int) -> Sequence[RefundRow]:
    """Return the refunds that nothing is left to be done about, those that ended last at the top."""
    row = RefundRow
    query = select(row).where(col(row.state).not_in(UNDER_WAY))
    if account_no is not None:
        query = query.where(row.account_no == account_no)
    return session.exec(query.order_by(col(row.ended_on).desc().nulls_last(), col(row.refund_id)).limit(limit)).all()


def adjustments_of(
    session: Session, *, state: str | None = None, account_no: str | None = None, after: str = "", limit: int
) -> Sequence[AdjustmentRow]:
    """Return adjustments, those asked for first at the top; *after*: those behind the one of this number."""
    row = AdjustmentRow
    query = select(row)
    if state is not None:
        query = query.where(row.state == state)
    if account_no is not None:
        query = query.where(row.account_no == account_no)
    last = session.get(row, after) if after else None
    if last is not None:
        behind = tuple_(col(row.asked_at), col(row.adjustment_id))
        query = query.where(behind > tuple_(last.asked_at, last.adjustment_id))
    return session.exec(query.order_by(col(row.asked_at), col(row.adjustment_id)).limit(limit)).all()


def adjustments_decided(session: Session, *, account_no: str | None = None, limit: int) -> Sequence[AdjustmentRow]:
    """Return the adjustments that were let or not, those decided last at the top."""
    row = AdjustmentRow
    query = select(row).where(row.state != AdjustmentState.PROPOSED)
    if account_no is not None:
        query = query.where(row.account_no == account_no)
    return session.exec(query.order_by(col(row.decided_at).desc(), col(row.adjustment_id)).limit(limit)).all()


def waiting(session: Session, account_no: str | None = None) -> tuple[int, int]:
    """Return how many adjustments and how many refunds wait for a second person, of one account or in all."""
    asked = (
        select(func.count()).where(row.state == state, *([row.account_no == account_no] if account_no else []))
        for row, state in ((AdjustmentRow, AdjustmentState.PROPOSED), (RefundRow, RefundState.PROPOSED))
    )
    corrections, refunds = session.exec(select(*(each.scalar_subquery() for each in asked))).one()
    return corrections, refunds


def effects_of(session: Session, keys: Sequence[str]) -> dict[str, BillingEffectRow]:
    """Return what billing was asked under *keys*, by key."""
    found = session.exec(select(BillingEffectRow).where(col(BillingEffectRow.key).in_(keys)))
    return {row.key: row for row in found}


def taken_by(session: Session, account_nos: Sequence[str], username: str, *, since: date) -> frozenset[str]:
    """Return of which of these accounts *username* took money since a day."""
    row = PaymentRow
    query = select(row.account_no).where(
        col(row.account_no).in_(account_nos), row.taken_by == username, row.effective_on >= since
    )
    return frozenset(session.exec(query.distinct()))


def took_money(session: Session, account_no: str, username: str, *, since: date) -> bool:
    """Say whether *username* took money of the account since a day."""
    row = PaymentRow
    query = select(row.payment_id).where(
        row.account_no == account_no, row.taken_by == username, row.effective_on >= since
    )
    return session.exec(query.limit(1)).first() is not None
