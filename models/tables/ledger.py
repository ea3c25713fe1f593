"""What moved between the accounts of our ledger, and up to which day are its books closed?"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import Counter, cents, instant


class LedgerRow(SQLModel, table=True):
    """One posting. Triggers of the database refuse its change, its deletion, and a day of the books that is closed.

    Double entry holds by the row's shape: the amount leaves *credit* and enters *debit*, so no sum can go missing.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        CheckConstraint("cents > 0", name="moves_an_amount"),
        CheckConstraint("debit <> credit", name="between_two_accounts"),
        CheckConstraint("accounting_on >= effective_on", name="no_earlier_in_the_books"),
        Index("ledger_by_day", "accounting_on", "debit", "credit"),
        Index("ledger_by_account", "account_no", "posting_id"),
        {"sqlite_autoincrement": True},
    )

    posting_id: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    key: str = Field(unique=True)
    kind: str = Field(index=True)
    debit: str
    credit: str
    cents: int = cents()
    effective_on: date
    accounting_on: date
    at: datetime = instant()
    account_no: str
    service: str
    ref: str
    reason: str
    asked_by: str
    approved_by: str
    undoes: str


class BooksRow(SQLModel, table=True):
    """The last day of the books that is closed: one row, which whoever posts holds against whoever closes."""

    __tablename__ = "books"

    number: int = Field(primary_key=True)
    closed_through: date | None = None
