"""What stands in a drawer, and what did its receipts come to?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from models.tables import DrawerRow, ReceiptRow, SlipRow


def drawer_of(session: Session, clerk: str) -> DrawerRow | None:
    """Return the clerk's open drawer, locked until this transaction ends; none if none is open."""
    query = select(DrawerRow).where(DrawerRow.clerk == clerk, col(DrawerRow.closed_at).is_(None)).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def drawer_in(session: Session, till: str) -> DrawerRow | None:
    """Return the drawer that is open in *till*, whoever opened it and whenever; none if none is open."""
    query = select(DrawerRow).where(DrawerRow.till == till, col(DrawerRow.closed_at).is_(None))
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def drawers_since(session: Session, since: datetime) -> Sequence[DrawerRow]:
    """Return the drawers that are open or were opened or closed since then, in the order of their opening."""
    closed_at = col(DrawerRow.closed_at)
    query = select(DrawerRow).where(or_(DrawerRow.opened_at >= since, closed_at.is_(None), closed_at >= since))
    return session.exec(query.order_by(col(DrawerRow.opened_at), col(DrawerRow.drawer_id))).all()


def receipts_of(session: Session, drawer_id: str) -> Sequence[ReceiptRow]:
    """Return the drawer's receipts in the order of their numbers, voided ones too."""
    query = select(ReceiptRow).where(ReceiptRow.drawer_id == drawer_id)
    return session.exec(query.order_by(col(ReceiptRow.taken_at), col(ReceiptRow.receipt_no))).all()


def receipt_of(session: Session, request: str) -> ReceiptRow | None:
    """Return the receipt that this request was given, whichever drawer was open then; none if none was."""
    return session.exec(select(ReceiptRow).where(ReceiptRow.request == request)).one_or_none()


def taken(receipts: Sequence[ReceiptRow]) -> Mapping[str, int]:
    """Return what was taken by tender, voids left out."""
    sums: Counter[str] = Counter()
    for receipt in receipts:
        if receipt.voided_at is None:
            sums[receipt.tender] += receipt.amount_cents
    return dict(sums)


def drawers_on(session: Session, on: date) -> Sequence[DrawerRow]:
    """Return the drawers of a day, those opened first at the top."""
    query = select(DrawerRow).where(DrawerRow.on == on)
    return session.exec(query.order_by(col(DrawerRow.opened_at), col(DrawerRow.drawer_id))).all()


def waiting_for_slip(session: Session, *, lock: bool = False) -> Sequence[DrawerRow]:
    """Return the closed drawers whose money has gone to no bank yet, locked by this transaction where *lock* is set."""
    query = select(DrawerRow).where(col(DrawerRow.closed_at).is_not(None), DrawerRow.slip_id == "")
    query = query.order_by(col(DrawerRow.closed_at), col(DrawerRow.drawer_id))
    return session.exec(query.with_for_update() if lock else query).all()


def drawers_in(session: Session, slip_id: str) -> Sequence[DrawerRow]:
    """Return the drawers of a deposit slip, of whatever day each is."""
    query = select(DrawerRow).where(DrawerRow.slip_id == slip_id)
    return session.exec(query.order_by(col(DrawerRow.opened_at), col(DrawerRow.drawer_id))).all()


def slips_on(session: Session, on: date) -> Sequence[SlipRow]:
    """Return the deposit slips of a day."""
    return session.exec(select(SlipRow).where(SlipRow.on == on).order_by(col(SlipRow.at))).all()
