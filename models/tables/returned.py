"""What went back and what followed from it; what billing was asked to do besides taking payments."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import cents, instant, sealed

_DUE = text("retry_state = 'due'")


class ReturnedItemRow(SQLModel, table=True):
    """One payment that went back. *item_id* is the payment by which the item was first presented.

    *rate* says which of the bank network's limits it counts towards; *fee_why* and *retry_why* quote the rule.
    *retry_state*: blank, due, sent (*retry_payment_id* is the payment of the next presentment) or dropped.
    """

    __tablename__ = "returned_items"
    __table_args__ = (
        Index("returned_by_account", "account_no", "returned_on"),
        Index("retries_due", "retry_on", sqlite_where=_DUE, postgresql_where=_DUE),
        CheckConstraint("fee_cents >= 0", name="no_fee_below_nothing"),
    )

    payment_id: str = Field(primary_key=True, foreign_key="payments.payment_id")
    account_no: str
    source: str
    code: str
    meaning: str
    fee_cents: int = cents()
    fee_why: str
    cents: int = cents()
    item_id: str = Field(index=True)
    presentment: int
    presented_on: date
    returned_on: date = Field(index=True)
    at: datetime = instant()
    rate: str
    strike: bool
    instrument: str
    autopay: str
    retry_on: date | None = None
    retry_why: str = ""
    retry_state: str = ""
    retry_payment_id: str = Field(default="", index=True)


class ReturnedCheckRow(SQLModel, table=True):
    """What a check is drawn on that came back, sealed: routing number, account, check number, a line each.

    *represented*: its bank has presented it a second time already. *dated_on*: what a person read on it.
    """

    __tablename__ = "returned_checks"

    item_id: str = Field(primary_key=True)
    deposited_on: date
    cents: int = cents()
    represented: bool
    dated_on: date | None = None
    drawn_on: bytes = sealed(repr=False)


class CardDeclineRow(SQLModel, table=True):
    """A recurring card that was refused: no money moved. *again*: now, wait (until *again_on*) or never."""

    __tablename__ = "card_declines"
    __table_args__ = (Index("declines_by_account", "account_no", "on"),)

    ref: str = Field(primary_key=True)
    account_no: str
    instrument_id: str
    amount_cents: int = cents()
    response: str
    meaning: str
    advice: str
    on: date
    again: str
    again_on: date | None = None
    why: str


class BillingEffectRow(SQLModel, table=True):
    """Something billing was asked to do, under its key; *about* names what asked for it.

    *done_at* and *ref*: billing did it. *rejected*: billing's word for why it never will; a task tells a person.
    """

    __tablename__ = "billing_effects"
    __table_args__ = (Index("effects_by_account", "account_no", "asked_at"),)

    key: str = Field(primary_key=True)
    account_no: str
    name: str
    about: str = Field(index=True)
    cents: int = cents()
    asked_at: datetime = instant()
    done_at: datetime | None = instant(default=None)
    ref: str = ""
    rejected: str = ""
