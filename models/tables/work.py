"""What a case has others do or agree to: letters, work orders, approvals, arrangements."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import cents, instant, json_field


class LetterRow(SQLModel, table=True):
    """A letter that went out; *receipt* is the mail house's own number.

    *state*: to_print (it goes with the day's batch), handed_over (its day of mailing is yet to be confirmed), mailed,
    emailed or returned; until it is mailed *mailed_on* is none. A letter of the account's own has no case: *about*
    names what gave occasion for it, and *says* is what it tells, without a word about a person.
    """

    __tablename__ = "letters"

    letter_id: str = Field(primary_key=True)
    case_id: str = Field(index=True)
    account_no: str = Field(index=True)
    kind: str
    service: str | None = None
    amount_cents: int = cents(default=0)
    prepared_at: datetime = instant()
    mailed_on: date | None = Field(default=None, index=True)
    receipt: str = ""
    state: str = "mailed"
    returned_on: date | None = None
    returned_because: str = ""
    about: str = ""
    says: dict[str, Any] | None = json_field(default=None)


class WorkOrderRow(SQLModel, table=True):
    """A field order. *ours* is false for one that the outside did without us; *verdict* is the gate's last answer."""

    __tablename__ = "work_orders"

    order_id: str = Field(primary_key=True)
    case_id: str = Field(index=True)
    account_no: str
    purpose: str
    service: str
    kind: str = ""
    state: str = Field(index=True)
    requested_at: datetime = instant()
    dispatched_at: datetime | None = instant(default=None)
    acknowledged_at: datetime | None = instant(default=None)
    done_at: datetime | None = instant(default=None)
    field_ref: str = ""
    reason: str = ""
    ours: bool = True
    remote: bool = False
    contractor: bool = False
    accepted_at: datetime | None = instant(default=None)
    meter_read: int | None = None
    minutes_off: int | None = None
    verdict: dict[str, Any] | None = json_field(default=None)


class ApprovalRow(SQLModel, table=True):
    """A second person's leave; *decision* is the decision to run when it is granted, as JSON."""

    __tablename__ = "approvals"

    approval_id: str = Field(primary_key=True)
    case_id: str = Field(index=True)
    act: str
    state: str = Field(index=True)
    service: str | None = None
    asked_by: str
    asked_at: datetime = instant()
    decided_by: str = ""
    lapses_at: datetime | None = instant(default=None)
    amount_cents: int = cents(default=0)
    decision: str = ""


class ArrangementRow(SQLModel, table=True):
    """An agreement as it stands; number n is the account's n-th in this case."""

    __tablename__ = "arrangements"

    case_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    account_no: str = Field(index=True)
    status: str = Field(index=True)
    agreed_on: date
    amount_cents: int = cents()
    payer: str
    signed: bool = False
    current_bills_required: bool = False
    met: int = 0
    reinstated: int = 0
    breach_noticed_on: date | None = None
    cure_by: date | None = None


class InstalmentRow(SQLModel, table=True):
    """One dated part of an agreement; *number* 0 is the down payment, *position* its place in the schedule from 1."""

    __tablename__ = "instalments"

    case_id: str = Field(primary_key=True)
    arrangement: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    position: int
    due_on: date = Field(index=True)
    amount_cents: int = cents()
    met: bool = False


class RemedyRow(SQLModel, table=True):
    """A debt handed on, as it stands; *told_cents*: what the other side was last told is left. *services*: ``a|b``."""

    __tablename__ = "remedies"

    remedy_id: str = Field(primary_key=True)
    case_id: str = Field(index=True)
    account_no: str = Field(index=True)
    kind: str
    state: str = Field(index=True)
    services: str
    amount_cents: int = cents()
    told_cents: int = cents(default=0)
    since: date
    with_whom: str = ""
    ref: str = Field(default="", index=True)
    due_on: date | None = None
    ended_on: date | None = None


class FieldDayRow(SQLModel, table=True):
    """A day on which crews go out. Whoever books a visit writes this row first, so that bookings wait their turn."""

    __tablename__ = "field_days"

    on: date = Field(primary_key=True)
    bookings: int = 0


class FieldVisitRow(SQLModel, table=True):
    """A door on a crew's list of a day; *starts* is the minute of the local day, *minutes* the drive and the stay."""

    __tablename__ = "field_visits"

    order_id: str = Field(primary_key=True)
    on: date = Field(primary_key=True, index=True)
    crew: int
    area: str = ""
    cuts: bool
    starts: int
    minutes: int
    overtime: bool = False
