"""What people asked about accounts, and what they were answered."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import instant, sealed


class InquiryRow(SQLModel, table=True):
    """One inquiry. *words*: who asked, what, and by what right, sealed; *answer*: what was answered, likewise.

    *reply_to*: where the answer goes if not to the customer, as an envelope shows it. *owner*: whose work it is, by
    username. *answered_through*: by which way; *letter_id*: the letter's number where it was a letter.
    """

    __tablename__ = "inquiries"
    __table_args__ = (Index("inquiries_by_state", "state", "reply_by"),)

    inquiry_id: str = Field(primary_key=True)
    account_no: str = Field(index=True, foreign_key="accounts.account_no")
    asker: str
    channel: str
    topic: str
    language: str
    asked_on: date
    reply_by: date
    owner: str = ""
    state: str
    words: bytes = sealed()
    reply_to: bytes | None = sealed(default=None)
    logged_by: str
    logged_at: datetime = instant()
    answer: bytes | None = sealed(default=None)
    answered_on: date | None = None
    answered_by: str = ""
    answered_through: str = ""
    letter_id: str = ""
