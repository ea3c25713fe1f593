"""What was taken at the counter, by whom, in which drawer, and what was counted at its close?"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import cents, instant, json_field

_OPEN = text("closed_at IS NULL")


class DrawerRow(SQLModel, table=True):
    """One till on one shift of one clerk. *counted*: cents by tender as counted at the close, the float left out.

    *over_short_cents*: what was counted less what the receipts say. A till has one open drawer, and so has a clerk.
    """

    __tablename__ = "drawers"
    __table_args__ = (
        Index("one_open_drawer_per_till", "till", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("one_open_drawer_per_clerk", "clerk", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    drawer_id: str = Field(primary_key=True)
    till: str
    clerk: str
    on: date = Field(index=True)
    opened_at: datetime = instant()
    float_cents: int = cents()
    receipts: int = 0
    closed_at: datetime | None = instant(default=None)
    closed_by: str = ""
    counted: dict[str, Any] = json_field(default_factory=dict)
    over_short_cents: int = cents(default=0)
    over_short_why: str = ""
    slip_id: str = Field(default="", index=True)


class ReceiptRow(SQLModel, table=True):
    """One receipt. Its number names the payment for ever; voided, it is no money, and its number is taken."""

    __tablename__ = "receipts"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="a_receipt_above_nothing"),
        CheckConstraint("voided_by = '' OR voided_by <> taken_by", name="a_void_by_another"),
    )

    receipt_no: str = Field(primary_key=True)
    drawer_id: str = Field(index=True, foreign_key="drawers.drawer_id")
    account_no: str = Field(index=True, foreign_key="accounts.account_no")
    tender: str
    amount_cents: int = cents()
    check_no: str = ""
    taken_by: str
    taken_at: datetime = instant()
    request: str = Field(unique=True)
    voided_by: str = ""
    voided_at: datetime | None = instant(default=None)
    void_because: str = ""


class SlipRow(SQLModel, table=True):
    """A deposit slip: what several drawers hold and goes to the bank together."""

    __tablename__ = "slips"

    slip_id: str = Field(primary_key=True)
    on: date = Field(index=True)
    at: datetime = instant()
    by: str
    cash_cents: int = cents()
    checks_cents: int = cents()
    checks: int
    money_orders_cents: int = cents()
    money_orders: int
    total_cents: int = cents()
