"""How is a case shown, with its timeline, its agenda and its history?"""

from datetime import date, datetime
from typing import Self

from api.schemas.base import Json, Shown
from api.wire import event_wire, next_wire, wire
from casework.cases import etag
from casework.outlook import Outlook
from casework.reasons import Reason, Reasons, told
from casework.timeline import Entry
from domain.step import spoken
from models.tables import CaseRow, RefusalRow


class ServiceShown(Shown):
    service: str
    status: str
    since: date | None


class CaseShown(Shown):
    """A case as the worklist shows it. *next_at*: when the calendar wakes it; *waiting_for*: who can move it on."""

    case_id: str
    account_no: str
    seq: int
    as_of: datetime
    stage: str
    status: str
    services: list[ServiceShown]
    balance_cents: int
    past_due_cents: int
    oldest_due_on: date | None
    next_step: str
    next_at: datetime | None
    next_says: str
    waiting_for: str
    task: str
    assigned_to: str
    follow_up_on: date | None
    holds: list[str]
    policy: str
    closed: str | None
    opened_on: date | None
    closed_on: date | None
    linked_to: str
    priority: int
    etag: str

    @classmethod
    def of(cls, row: CaseRow) -> Self:
        shown = {name: getattr(row, name) for name in cls.model_fields if name not in {"holds", "etag"}}
        return cls(**shown, holds=[hold for hold in row.holds.split("|") if hold], etag=etag(row))


class CasePage(Shown):
    cases: list[CaseShown]
    cursor: str | None = None


class NextCase(Shown):
    """The case to work on next; none when nothing asks for this person."""

    case: CaseShown | None


class EventShown(Shown):
    """One event. *stage*, *status* (of the service) and *hash* are those of the record after it."""

    seq: int
    key: str
    at: datetime
    on: date
    by: str
    type: str
    body: Json
    certificate: Json | None
    stage: str | None = None
    status: str | None = None
    cents: int | None = None
    service: str | None = None
    hash: str | None = None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(
            **event_wire(entry.event),
            stage=entry.stage,
            status=entry.status,
            cents=entry.cents,
            service=entry.service,
            hash=entry.hash,
        )


class RefusalShown(Shown):
    """A decision refused at first sight. It stands in the chain after entry *after_seq*, as the *place*-th there."""

    at: datetime
    by: str
    decision: str
    refusal: Json
    certificate: Json | None
    after_seq: int
    place: int
    hash: str

    @classmethod
    def of(cls, row: RefusalRow) -> Self:
        return cls(
            at=row.at,
            by=row.by,
            decision=row.decision,
            refusal=row.body,
            certificate=row.certificate,
            after_seq=row.after_seq,
            place=row.place,
            hash=row.hash,
        )


class TimelinePage(Shown):
    """Events in order; *cursor* asks for the next page. *refusals*: what was refused and left no event."""

    events: list[EventShown]
    cursor: int | None
    refusals: list[RefusalShown]


class ReasonShown(Shown):
    """What happens next, or holds it back: rule and source, what ends it, and when it may end by itself."""

    says: str
    rule: str
    citation: str
    way_out: str
    until: datetime | None
    facts: list[str]

    @classmethod
    def of(cls, reason: Reason) -> Self:
        shown = {name: getattr(reason, name) for name in cls.model_fields if name != "facts"}
        return cls(**shown, facts=list(reason.facts))


class NextShown(Shown):
    """Everything the calendar holds for a case, earliest first.

    *says*: one plain sentence that can be read to a caller; *reasons* stand behind it and behind all that follows, with
    rule, source, the facts they rest on and what would end them; *items* are the steps and waits themselves.
    *avoid*: the least payment, and until when, that avoids the next adverse step; none if none is in sight.
    """

    case_id: str
    as_of: datetime
    stage: str
    past_due_cents: int
    says: str
    reasons: list[ReasonShown]
    items: list[Json]
    avoid: Json | None

    @classmethod
    def of(cls, outlook: Outlook) -> Self:
        seen = outlook.view
        return cls(
            case_id=seen.case_id,
            as_of=seen.as_of,
            stage=seen.stage,
            past_due_cents=seen.past_due.cents,
            says=spoken(outlook.items[0]) if outlook.items else seen.next_says,
            reasons=[ReasonShown.of(reason) for item in outlook.items for reason in told(item)],
            items=[next_wire(item) for item in outlook.items],
            avoid=wire(outlook.avoidance) if outlook.avoidance else None,
        )


class WhyShown(Shown):
    """Why an account stands where it does; *case_id* none: it has no open case, and this is what one would find."""

    account_no: str
    case_id: str | None
    as_of: datetime
    says: str
    reasons: list[ReasonShown]
    avoid: Json | None

    @classmethod
    def of(cls, found: Reasons) -> Self:
        return cls(
            account_no=found.account_no,
            case_id=found.case_id,
            as_of=found.as_of,
            says=found.says,
            reasons=[ReasonShown.of(reason) for reason in found.reasons],
            avoid=wire(found.avoidance) if found.avoidance else None,
        )


class LineShown(Shown):
    run_id: str
    number: int
    at: datetime
    says: str


class History(Shown):
    case_id: str
    lines: list[LineShown]
