"""What should move and what moved at the bank, where two books do not agree, and which days are reconciled?"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import Counter, cents, instant, json_field


class SettlementRow(SQLModel, table=True):
    """A sum that one file says moves at the bank on *on*; *side* says whether it is our word or the bank's."""

    __tablename__ = "settlements"
    __table_args__ = (Index("settlements_by_day", "on", "side"), {"sqlite_autoincrement": True})

    settlement_id: int | None = Field(default=None, primary_key=True, sa_type=Counter)
    file_id: str = Field(index=True, foreign_key="payment_files.file_id")
    side: str
    source: str
    ref: str
    cents: int = cents()
    on: date


class BreakRow(SQLModel, table=True):
    """Where two books differ on a day. It stays on record when it clears by itself, or is explained."""

    __tablename__ = "breaks"

    break_id: str = Field(primary_key=True)
    on: date = Field(index=True)
    kind: str
    source: str
    ref: str
    ours_cents: int = cents()
    theirs_cents: int = cents()
    state: str = Field(index=True)
    found_at: datetime = instant()
    cleared_on: date | None = None
    assigned_to: str = ""
    explanation: str = ""
    explained_by: str = ""
    explained_at: datetime | None = instant(default=None)


class ReconciliationRow(SQLModel, table=True):
    """A day as it was last held against bank and billing; *figures* are those it was closed on."""

    __tablename__ = "reconciliations"

    on: date = Field(primary_key=True)
    state: str = Field(index=True)
    at: datetime = instant()
    closed_by: str = ""
    closed_at: datetime | None = instant(default=None)
    figures: dict[str, Any] = json_field()
