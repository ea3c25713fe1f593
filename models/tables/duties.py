"""What is kept of the utility's own duties: obligations, cuts found wrong, and every contact with a customer."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import instant, json_field, sealed


class ObligationRow(SQLModel, table=True):
    """One thing owed by a day, as it was last derived; *met_on*, *met_by*, *evidence* are what people said was done.

    *warned_on*, *breached_on*: the day on which someone was told that it is pressing, or late. *dropped_on*: what it
    arose from is no longer so.
    """

    __tablename__ = "obligations"
    __table_args__ = (Index("obligations_by_day", "due_on", "key"),)

    key: str = Field(primary_key=True)
    duty: str
    owner: str
    owed_to: str
    account_no: str = Field(default="", index=True)
    case_id: str = ""
    arose_on: date
    warn_on: date
    due_on: date
    says: str
    rule: str
    citation: str
    met_on: date | None = None
    met_by: str = ""
    evidence: str = ""
    warned_on: date | None = None
    breached_on: date | None = None
    dropped_on: date | None = None


class IncidentRow(SQLModel, table=True):
    """A cut of ours that was found wrong, whenever that was learned. Never changed."""

    __tablename__ = "incidents"

    incident_id: str = Field(primary_key=True)
    account_no: str = Field(index=True)
    case_id: str
    order_id: str
    service: str
    rules: str
    facts: list[str] = json_field()
    cut_at: datetime = instant()
    found_at: datetime = instant()
    found_on: date
    says: str


class ContactRow(SQLModel, table=True):
    """One contact, or attempt, for ever: a mistake is put right by a further entry that *corrects* it.

    *summary* is sealed under the customer's key. *identity*: by what was checked that they are who they say, never what
    was answered. *exceptions*: the rules that would have stopped an optional call, and
    why this was none.
    """

    __tablename__ = "contacts"
    __table_args__ = (Index("contacts_by_account", "account_no", "at"),)

    contact_id: str = Field(primary_key=True)
    account_no: str
    case_id: str = ""
    at: datetime = instant()
    on: date
    by: str
    channel: str
    direction: str
    purpose: str
    who: str
    identity: list[str] = json_field(default_factory=list)
    outcome: str
    right_party: bool
    language: str
    interpreter: str = ""
    rights: list[dict[str, Any]] = json_field()
    exceptions: list[str] = json_field()
    corrects: str = ""
    summary: bytes | None = sealed(default=None)
