"""How are drawers, receipts and deposit slips shown?"""

from datetime import date, datetime
from typing import Self

from api.schemas.base import Shown
from casework.counter import DrawerSeen


class DrawerShown(Shown):
    """A drawer. *taken_cents*: what its receipts come to; *counted_cents*: what lay in it at the close, by tender."""

    drawer_id: str
    till: str
    clerk: str
    on: date
    opened_at: datetime
    float_cents: int
    receipts: int
    taken_cents: dict[str, int]
    closed_at: datetime | None
    closed_by: str
    counted_cents: dict[str, int]
    over_short_cents: int
    over_short_why: str
    slip_id: str

    @classmethod
    def of(cls, seen: DrawerSeen) -> Self:
        row, apart = seen.row, {"taken_cents", "counted_cents"}
        named = {name: getattr(row, name) for name in cls.model_fields if name not in apart}
        return cls(**named, taken_cents=dict(seen.taken), counted_cents=dict(row.counted))


class DrawerList(Shown):
    drawers: list[DrawerShown]


class ReceiptShown(Shown):
    """A receipt; voided, it is no money."""

    receipt_no: str
    drawer_id: str
    account_no: str
    tender: str
    amount_cents: int
    check_no: str
    taken_by: str
    taken_at: datetime
    voided_by: str
    voided_at: datetime | None
    void_because: str


class SlipShown(Shown):
    slip_id: str
    on: date
    at: datetime
    by: str
    cash_cents: int
    checks_cents: int
    checks: int
    money_orders_cents: int
    money_orders: int
    total_cents: int
