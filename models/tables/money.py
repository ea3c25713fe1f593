"""What comes in and goes out: payments, files taken in, signals on their way to a case."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import Counter, cents, instant, json_field

_WAITING = text("done_at IS NULL")


class PaymentRow(SQLModel, table=True):
    """One payment. *posted_at* and *return_posted_at*: billing has taken the payment, or its return, into its books.

    *rejected* is billing's word for why it never will: the money is in hand all the same. *taken_by*: who took it at
    the desk; that person may not void, adjust or refund it.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("source", "trace", name="one_payment_per_trace"),
        Index("payments_by_day", "source", "effective_on"),
    )

    payment_id: str = Field(primary_key=True)
    source: str
    trace: str
    account_no: str = Field(index=True, foreign_key="accounts.account_no")
    amount_cents: int = cents()
    received_at: datetime = instant()
    effective_on: date
    tender: str
    state: str
    billing_ref: str = ""
    posted_at: datetime | None = instant(default=None)
    returned_at: datetime | None = instant(default=None)
    returned_on: date | None = None
    return_reason: str = ""
    return_posted_at: datetime | None = instant(default=None)
    rejected: str = ""
    taken_by: str = ""


class OutboxRow(SQLModel, table=True):
    """A message that must reach *target*, in the order of *id* per target, at least once.

    *created_at* is the business instant; *retry_at* the wall's: delivery is the machine's business, not the city's.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_waiting", "target", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    key: str = Field(unique=True)
    kind: str
    target: str
    body: dict[str, Any] = json_field()
    created_at: datetime = instant()
    retry_at: datetime | None = instant(default=None)
    attempts: int = 0
    last_error: str = ""
    done_at: datetime | None = instant(default=None)


class ImportRow(SQLModel, table=True):
    """One file taken in, or refused, by the sum of its bytes."""

    __tablename__ = "imports"

    import_id: str = Field(primary_key=True)
    kind: str
    file_name: str
    sha256: str = Field(index=True)
    as_of: date | None = None
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    opened: int = 0
    state: str
    reason: str = ""
    at: datetime = instant()


class ImportProblemRow(SQLModel, table=True):
    """One row of a file that was not taken, with its place and the reason."""

    __tablename__ = "import_rows"

    import_id: str = Field(primary_key=True, foreign_key="imports.import_id")
    number: int = Field(primary_key=True)
    line: int
    column: str
    value: str
    rule: str
    message: str
