"""What goes out or is corrected: adjustments, refunds, deposits, and the files in which it is handed on."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import cents, instant, sealed


class AdjustmentRow(SQLModel, table=True):
    """A correction of a balance, or an ad hoc charge: asked for by one person and, above the limit, let by another."""

    __tablename__ = "adjustments"
    __table_args__ = (
        CheckConstraint("amount_cents <> 0", name="an_adjustment_moves_money"),
        CheckConstraint("approved_by = '' OR approved_by <> asked_by OR alone", name="an_adjustment_by_two"),
    )

    adjustment_id: str = Field(primary_key=True)
    account_no: str = Field(index=True, foreign_key="accounts.account_no")
    case_id: str = ""
    service: str
    amount_cents: int = cents()
    reason: str
    fund: str = ""
    about_on: date
    because: bytes | None = sealed(default=None)
    state: str = Field(index=True)
    alone: bool = False
    asked_by: str
    asked_at: datetime = instant()
    approved_by: str = ""
    rejected_by: str = ""
    decided_at: datetime | None = instant(default=None)
    ended_because: bytes | None = sealed(default=None)


class RefundRow(SQLModel, table=True):
    """Credit that goes out: to who paid it, or to the fund it came from. Two people stand behind each."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="a_refund_above_nothing"),
        CheckConstraint("approved_by = '' OR approved_by <> asked_by", name="a_refund_by_two"),
        Index("refunds_by_state", "state", "asked_at"),
    )

    refund_id: str = Field(primary_key=True)
    account_no: str = Field(index=True, foreign_key="accounts.account_no")
    amount_cents: int = cents()
    payee: str
    because: bytes | None = sealed(default=None)
    state: str
    asked_by: str
    asked_at: datetime = instant()
    approved_by: str = ""
    rejected_by: str = ""
    decided_at: datetime | None = instant(default=None)
    export_id: str = Field(default="", index=True)
    exported_on: date | None = None
    ended_on: date | None = None
    ended_why: str = ""
    ended_because: bytes | None = sealed(default=None)
    escheats_on: date | None = None


class DepositRow(SQLModel, table=True):
    """A deposit given back: applied to the account at its final bill, with interest; *refund_by*: for what is left."""

    __tablename__ = "deposits"

    account_no: str = Field(primary_key=True)
    final_on: date = Field(primary_key=True)
    amount_cents: int = cents()
    interest_cents: int = cents()
    interest_says: str
    refund_by: date
    applied_at: datetime = instant()


class ExportRow(SQLModel, table=True):
    """A file handed out: drafts presented again, or refunds to be paid. Its bytes are sealed: they name people."""

    __tablename__ = "exports"

    export_id: str = Field(primary_key=True)
    kind: str
    file_name: str
    sha256: str
    entries: int
    total_cents: int = cents()
    on: date
    at: datetime = instant()
    by: str
    content: bytes = sealed()
