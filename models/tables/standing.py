"""What do pledges and the way a customer pays leave on record?"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import cents, instant, sealed


class PledgeRow(SQLModel, table=True):
    """An agency's word that it will pay. *worker*: who gave it by telephone, sealed. *paid_cents*: what came of it.

    By telephone it holds through *holds_until* at most until the agency's writing is here (*confirmed_at*).
    """

    __tablename__ = "pledges"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="a_pledge_above_nothing"),
        Index("pledges_by_account", "account_no", "pledged_on"),
    )

    pledge_id: str = Field(primary_key=True)
    account_no: str = Field(foreign_key="accounts.account_no")
    agency: str
    amount_cents: int = cents()
    pledged_on: date
    expires_on: date
    status: str = Field(index=True)
    source: str
    worker: bytes | None = sealed(default=None)
    taken_by: str = ""
    taken_at: datetime = instant()
    confirmed_at: datetime | None = instant(default=None)
    confirmation: str = ""
    holds_until: date
    paid_cents: int = cents(default=0)
    fact_id: str = ""


class BehaviourRow(SQLModel, table=True):
    """One thing that tells how a customer pays, with the points the pack gave it on that day."""

    __tablename__ = "behaviour"
    __table_args__ = (Index("behaviour_by_account", "account_no", "on"),)

    ref: str = Field(primary_key=True)
    account_no: str
    event: str
    on: date
    points: int
