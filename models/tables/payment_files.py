"""Which payment files came in, what stood in them, and what of their money has no place yet?"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import Counter, cents, instant, sealed

_TAKEN = text("state NOT IN ('refused', 'reversed')")
_TAKEN_BY_NAME = text("state NOT IN ('refused', 'reversed') AND identity <> ''")
_CLAIMS = text("claims")
_OPEN = text("settled_at IS NULL")
_HOUSEHOLD = text("household <> ''")


class PaymentFileRow(SQLModel, table=True):
    """One payment file, taken or refused as a whole. The database itself holds that no cent of it goes missing.

    *identity* is the sender's own name for it; *received_on* the day on which all of it counts.
    """

    __tablename__ = "payment_files"
    __table_args__ = (
        CheckConstraint(
            "total_cents = posted_cents + suspense_cents + returned_cents + clearing_cents + refused_cents",
            name="every_cent_accounted_for",
        ),
        Index("bytes_taken_once", "sha256", unique=True, sqlite_where=_TAKEN, postgresql_where=_TAKEN),
        Index("file_taken_once", "identity", unique=True, sqlite_where=_TAKEN_BY_NAME, postgresql_where=_TAKEN_BY_NAME),
    )

    file_id: str = Field(primary_key=True)
    sha256: str = Field(index=True)
    identity: str
    kind: str
    file_name: str
    received_on: date = Field(index=True)
    at: datetime = instant()
    state: str
    reason: str = ""
    detail: str = ""
    entries: int = 0
    total_cents: int = cents()
    posted_cents: int = cents(default=0)
    suspense_cents: int = cents(default=0)
    returned_cents: int = cents(default=0)
    clearing_cents: int = cents(default=0)
    refused_cents: int = cents(default=0)


class FileEntryRow(SQLModel, table=True):
    """One sum of a file and what becomes of it.

    *claims*: it is the first of its trace, so that a second one is a duplicate. *settled_by* is the file whose
    workflow sees to it: its own, or for a return that waited, the file that brought what it takes back. *household*:
    whom an assistance program paid it for, by the program's own number.
    """

    __tablename__ = "file_entries"
    __table_args__ = (
        Index("one_claim_per_trace", "source", "trace", unique=True, sqlite_where=_CLAIMS, postgresql_where=_CLAIMS),
        Index("entries_by_original", "source", "original"),
        Index("entries_to_settle", "settled_by", "disposition", "entry_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("entries_by_household", "household", sqlite_where=_HOUSEHOLD, postgresql_where=_HOUSEHOLD),
        CheckConstraint("cents >= 0", name="no_entry_below_nothing"),
        {"sqlite_autoincrement": True},
    )

    entry_id: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    file_id: str = Field(index=True, foreign_key="payment_files.file_id")
    settled_by: str
    line: int
    kind: str
    source: str
    trace: str
    original: str
    claims: bool
    written: str
    account_no: str
    cents: int = cents()
    code: str
    tender: str
    disposition: str
    reason: str
    payment_id: str
    settled_at: datetime | None = instant(default=None)
    household: str = ""


class SuspenseRow(SQLModel, table=True):
    """Money that has no place yet: in hand (`debit` false) or taken by the bank (`debit` true). *payer* is private.

    *origin*: the records by which it can be sent back, sealed; *code* why someone wants it sent back, *export_id* in
    which file it went.
    """

    __tablename__ = "suspense"

    entry_id: int = Field(primary_key=True, sa_type=Counter, foreign_key="file_entries.entry_id")
    file_id: str = Field(index=True)
    debit: bool
    cents: int = cents()
    reason: str
    written: str
    payer: str = Field(default="", repr=False)
    state: str = Field(index=True)
    raised_at: datetime = instant()
    account_no: str = ""
    by: str = ""
    done_at: datetime | None = instant(default=None)
    origin: bytes | None = sealed(default=None, nullable=True, repr=False)
    code: str = ""
    export_id: str = ""

    @property
    def can_go_back(self) -> bool:
        """Say whether the bank that sent the money can be sent it back."""
        return self.origin is not None
