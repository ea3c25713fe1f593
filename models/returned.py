"""Which items went back, how often was each presented, and what is due to be presented again?"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlmodel import Session, col, func, or_, select

from domain.returned import Rate
from models.tables import ExportRow, PaymentRow, ReturnedItemRow

DRAFT = "draft"
PART = 400  # names in one question: SQLite takes no more than 999 values in an older build
RETRY_TENDER = "retry"
"""The tender of a draft that was presented again: the bank's file calls it `RETRY PYMT`."""


def presented_before(session: Session, payment: PaymentRow) -> ReturnedItemRow | None:
    """Return the return after which *payment* was presented again; none if it was the first presentment."""
    row = ReturnedItemRow
    return session.exec(select(row).where(row.retry_payment_id == payment.payment_id)).one_or_none()


def link_retry(session: Session, payment: PaymentRow) -> ReturnedItemRow | None:
    """Find what *payment*, a draft presented again, is the next presentment of: same account, same amount.

    Linked, the returned item is no longer due. None is found where the draft that came back is older than the record.
    """
    row = ReturnedItemRow
    query = select(row).where(
        row.account_no == payment.account_no,
        row.source == payment.source,
        row.cents == payment.amount_cents,
        row.retry_payment_id == "",
        row.payment_id != payment.payment_id,
        row.returned_on <= payment.effective_on,
        col(row.retry_state).in_(("due", "sent", "")),
    )
    latest = query.order_by(col(row.returned_on).desc(), col(row.payment_id).desc()).limit(1)
    found = session.exec(latest.with_for_update()).one_or_none()
    if found is not None:
        found.retry_payment_id, found.retry_state = payment.payment_id, "sent"
        session.flush()
    return found


def accounts_presented(session: Session, payment_ids: Collection[str]) -> dict[str, str]:
    """Return whose item each of these payments presents again; one that we did not send is left out."""
    row, wanted, found = ReturnedItemRow, sorted(payment_ids), dict[str, str]()
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        query = select(row.retry_payment_id, row.account_no).where(col(row.retry_payment_id).in_(part))
        found |= dict(session.exec(query).all())
    return found


def stubs_of(session: Session, item_id: str) -> int:
    """Return how many accounts a check paid that came back: a stub of it is a payment of its own."""
    row = ReturnedItemRow
    return session.exec(select(func.count()).where(row.item_id == item_id, row.presentment == 1)).one()


def strikes_of(session: Session, account_no: str, *, since: date, but: str = "") -> Sequence[date]:
    """Return on which days after *since* items, *but* aside, came back by the payer's doing; an item counts once."""
    row = ReturnedItemRow
    query = select(func.min(row.returned_on)).where(
        row.account_no == account_no, col(row.strike), row.returned_on > since, row.item_id != but
    )
    return session.exec(query.group_by(row.item_id).order_by(func.min(row.returned_on))).all()


def fee_charged(session: Session, item_id: str) -> bool:
    """Say whether the item had its fee, at whichever presentment."""
    row = ReturnedItemRow
    return session.exec(select(row.payment_id).where(row.item_id == item_id, row.fee_cents > 0)).first() is not None


def returned_drafts(session: Session, *, on: date, days: int) -> Sequence[Rate]:
    """Return what each draft returned in the *days* through *on* counts towards."""
    row = ReturnedItemRow
    query = select(row.rate).where(
        row.source == DRAFT, row.returned_on > on - timedelta(days=days), row.returned_on <= on
    )
    return [Rate(rate) for rate in session.exec(query).all()]


def drafts_sent(session: Session, *, on: date, days: int) -> int:
    """Return how many drafts of ours were presented in the *days* through *on*."""
    row = PaymentRow
    query = select(func.count()).where(
        row.source == DRAFT, row.effective_on > on - timedelta(days=days), row.effective_on <= on
    )
    return session.exec(query).one()


def retries_due(session: Session, *, on: date, lock: bool = False) -> Sequence[ReturnedItemRow]:
    """Return the items to be presented again on or before *on*, the longest due first."""
    row = ReturnedItemRow
    query = select(row).where(row.retry_state == "due", col(row.retry_on) <= on)
    query = query.order_by(col(row.retry_on), col(row.payment_id))
    if lock:
        query = query.with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).all()


def retries_sent(session: Session) -> int:
    """Return how many drafts we have presented again in files of our own."""
    return int(
        session.exec(select(func.coalesce(func.sum(ExportRow.entries), 0)).where(ExportRow.kind == "retries")).one()
    )


def returned_items(
    session: Session, *, account_no: str | None = None, since: date | None = None, after: str = "", limit: int
) -> Sequence[ReturnedItemRow]:
    """Return what went back, latest first; *after*: what comes behind the payment of this number."""
    row = ReturnedItemRow
    query = select(row)
    if account_no is not None:
        query = query.where(row.account_no == account_no)
    if since is not None:
        query = query.where(row.returned_on >= since)
    last = session.get(row, after) if after else None
    if last is not None:
        same_day = (col(row.returned_on) == last.returned_on) & (col(row.payment_id) > last.payment_id)
        query = query.where(or_(row.returned_on < last.returned_on, same_day))
    return session.exec(query.order_by(col(row.returned_on).desc(), col(row.payment_id)).limit(limit)).all()
