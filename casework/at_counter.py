"""What stands at the counter now: my drawer, those that I may look after, and what waits to be brought to the bank?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing
from casework.permissions import Permission
from domain.money import ZERO, Money, total
from models.counter import drawers_since, receipts_of, slips_on, taken, waiting_for_slip
from models.tables import DrawerRow, ReceiptRow, SlipRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """A drawer with its receipts, the latest first, and what they come to by tender."""

    row: DrawerRow
    receipts: Sequence[ReceiptRow]
    taken: Mapping[str, int]

    @property
    def in_all(self) -> Money:
        return total(Money(cents) for cents in self.taken.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """*mine*: the drawer that I have open. *others*: mine of today that are closed, and those in which I may void.

    *to_bank*: what closed drawers hold that are in no slip yet. *slips*: those of today.
    """

    mine: Till | None
    others: Sequence[Till]
    to_bank: Money
    slips: Sequence[SlipRow]


def at_counter(desk: Desk) -> Counter:
    """Return what stands at the counter, as far as it is this person's to look after."""
    desk.need(Permission.TAKE_MONEY)
    calendar, who = desk.policy().calendar, desk.person.username
    today = calendar.day(desk.now)
    began = calendar.at(today, time(0))
    voids, sends = desk.may(Permission.VOID_RECEIPT), desk.may(Permission.SEND_MONEY)

    def ask(session: Session) -> Counter:
        rows = drawers_since(session, began)
        mine = next((row for row in rows if row.clerk == who and row.closed_at is None), None)
        others = [row for row in rows if row is not mine and (voids or row.clerk == who)]
        counted = [sum(row.counted.values()) for row in waiting_for_slip(session)] if sends else []
        return Counter(
            mine=_till(session, mine) if mine else None,
            others=[_till(session, row) for row in others],
            to_bank=total(Money(cents) for cents in counted) if counted else ZERO,
            slips=slips_on(session, today) if sends else (),
        )

    return desk.read_now(ask)


def receipt_in(desk: Desk, receipt_no: str) -> tuple[ReceiptRow, DrawerRow]:
    """Return one receipt and the drawer that its money went into."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> tuple[ReceiptRow, DrawerRow]:
        row = session.get(ReceiptRow, receipt_no)
        if row is None:
            raise missing("receipt", receipt_no)
        return row, session.get_one(DrawerRow, row.drawer_id)

    return desk.read_now(ask)


def _till(session: Session, row: DrawerRow) -> Till:
    receipts = receipts_of(session, row.drawer_id)
    return Till(row=row, receipts=tuple(reversed(receipts)), taken=taken(receipts))
