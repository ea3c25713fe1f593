"""What is kept of a case: its row in the worklist, its timeline, tasks, refusals and documents."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from domain.account import Service
from domain.case import ServiceState
from domain.money import Money
from domain.states import ClosedReason, ServiceStatus, Stage
from domain.view import CaseView
from models.columns import cents, instant, json_field, sealed

_IS_OPEN = text("closed IS NULL")


class CaseRow(SQLModel, table=True):
    """One case as the worklist shows it. *holds* and *service_names* are lists written ``|a|b|``.

    *priority*: 2 an urgent task is open, 1 a person is asked for something, 0 the calendar goes on by itself.
    *score*: its points beside that (`domain.pressing`), as it was last looked at. *refused*: how many refusals its
    chain holds beside the *seq* entries.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("one_open_case_per_account", "account_no", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("cases_due", "next_at", "case_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("cases_by_priority", "priority", "case_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("cases_by_score", "priority", "score", "case_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index(
            "cases_of_someone",
            *("assigned_to", "priority", "score", "case_id"),
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    case_id: str = Field(primary_key=True)
    account_no: str = Field(index=True, foreign_key="accounts.account_no")
    seq: int
    as_of: datetime = instant()
    stage: str = Field(index=True)
    status: str
    services: list[dict[str, Any]] = json_field()
    service_names: str
    balance_cents: int = cents()
    past_due_cents: int = cents()
    oldest_due_on: date | None = None
    next_step: str
    next_at: datetime | None = instant(default=None)
    next_says: str
    waiting_for: str
    task: str
    assigned_to: str = Field(index=True)
    follow_up_on: date | None = None
    holds: str
    policy: str
    closed: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    linked_to: str = ""
    priority: int = 0
    score: int = 0
    refused: int = Field(default=0, sa_column_kwargs={"server_default": "0"})

    def to_domain(self) -> CaseView:
        return CaseView(
            case_id=self.case_id,
            account_no=self.account_no,
            seq=self.seq,
            as_of=self.as_of,
            stage=Stage(self.stage),
            status=ServiceStatus(self.status),
            services=tuple(_service_state(written) for written in self.services),
            balance=Money(self.balance_cents),
            past_due=Money(self.past_due_cents),
            oldest_due_on=self.oldest_due_on,
            next_step=self.next_step,
            next_at=self.next_at,
            next_says=self.next_says,
            waiting_for=self.waiting_for,
            task=self.task,
            assigned_to=self.assigned_to,
            follow_up_on=self.follow_up_on,
            holds=tuple(self.holds.strip("|").split("|")) if self.holds else (),
            policy=self.policy,
            closed=ClosedReason(self.closed) if self.closed else None,
        )


def _service_state(written: dict[str, Any]) -> ServiceState:
    since = written["since"]
    return ServiceState(
        service=Service(written["service"]),
        status=ServiceStatus(written["status"]),
        since=date.fromisoformat(since) if since else None,
    )


class CaseCounterRow(SQLModel, table=True):
    """How many cases an account has had; the next case takes the next number."""

    __tablename__ = "case_counters"

    account_no: str = Field(primary_key=True)
    last: int


class TimelineRow(SQLModel, table=True):
    """One event, for ever. Triggers refuse to change or delete it; *hash* chains it to the one before.

    *public* is the body without its private fields; those stand in *private*, sealed under the customer's key.
    *stage* and *status* are the case's after the whole recording that the event was part of.
    """

    __tablename__ = "timeline"
    __table_args__ = (Index("timeline_by_day", "on", "type"), Index("timeline_by_account", "account_no"))

    case_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    account_no: str
    type: str
    key: str
    at: datetime = instant()
    on: date
    by: str
    stage: str
    status: str
    cents: int | None = cents(default=None)
    service: str | None = None
    public: dict[str, Any] = json_field()
    private: bytes | None = sealed(default=None)
    certificate: dict[str, Any] | None = json_field(default=None)
    prev_hash: str
    hash: str


class TaskRow(SQLModel, table=True):
    """Something a person must look at; *about* is sealed."""

    __tablename__ = "tasks"

    task_id: str = Field(primary_key=True)
    case_id: str = Field(index=True)
    account_no: str
    kind: str
    about: bytes | None = sealed(default=None)
    urgent: bool = False
    raised_at: datetime = instant()
    done_at: datetime | None = instant(default=None)
    for_role: str = ""


class RefusalRow(SQLModel, table=True):
    """A decision that was refused at first sight: it left no event, only this link in the case's chain.

    It follows entry *after_seq* of the timeline as the *place*-th refusal there; the next entry follows it.
    """

    __tablename__ = "refusals"
    __table_args__ = (Index("refusals_in_chain", "case_id", "after_seq", "place", unique=True),)

    refusal_id: str = Field(primary_key=True)
    case_id: str
    after_seq: int
    place: int
    at: datetime = instant()
    by: str
    decision: str
    body: dict[str, Any] = json_field()
    certificate: dict[str, Any] | None = json_field(default=None)
    prev_hash: str
    hash: str


class DocumentRow(SQLModel, table=True):
    """A document attached to a case; its title is sealed."""

    __tablename__ = "documents"

    sha256: str = Field(primary_key=True)
    case_id: str = Field(primary_key=True)
    account_no: str
    title: bytes | None = sealed(default=None)
    media_type: str
    scanned: bool = False
    attached_at: datetime = instant()
    attached_by: str = ""


class DocumentContentRow(SQLModel, table=True):
    """The bytes of a document, sealed under the customer's key; kept before the case is told of it."""

    __tablename__ = "document_contents"

    case_id: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    content: bytes = sealed()
