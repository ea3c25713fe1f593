"""What crosses Temporal: starts, decisions, answers, looks, records and effects, as values."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from domain.account import Service, Snapshot
from domain.case import Carried, Case
from domain.commands import Command
from domain.commands import Decision as PlainDecision
from domain.effects import Effect
from domain.events import Body, Event
from domain.hear import Told
from domain.states import Stage
from domain.verdict import Refusal
from domain.view import CaseView

TASK_QUEUE = "arrears"


def case_workflow_id(account_no: str) -> str:
    """Return the workflow id that makes "at most one open case per account" Temporal's own guarantee."""
    return f"case/{account_no}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a new case begins: at which stage, with what already off, after which earlier case, and what it is told.

    *spread_by*: the name by which its work is spread over a day; blank in openings from before there was one.
    """

    case_id: str
    account_no: str
    stage: Stage = Stage.PAST_DUE
    off: tuple[Service, ...] = ()
    linked_to: str = ""
    carried: Carried | None = None
    because: str = ""
    told: tuple[Told, ...] = ()
    spread_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStart:
    """An opening, or the whole case as the run before left it."""

    opening: Opening
    case: Case | None = None
    told: tuple[Told, ...] = ()
    heard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(PlainDecision):
    """A decision as it crosses Temporal: the command is told apart by its type, not tried one by one."""

    command: Annotated[Command, Field(discriminator="type")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry(Event):
    body: Annotated[Body, Field(discriminator="type")]


def _event(entry: _Entry) -> Event:
    return Event(**{each.name: getattr(entry, each.name) for each in fields(Event)})


if TYPE_CHECKING:
    Entry = Event
else:
    Entry = Annotated[_Entry, AfterValidator(_event)]
"""An event as it crosses Temporal: its body is told apart by its type, not tried as one kind after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a decision: the events it left, or a refusal."""

    case_id: str
    first: int = 0
    last: int = 0
    stage: Stage = Stage.PAST_DUE
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRequest:
    account_no: str
    case_id: str
    seq: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The business instant, and the snapshot if it is not the version the case has.

    *timers*: the clock runs at the wall's rate, so that Temporal's own timers measure business time. *ahead*: events on
    record after the last one the case knows. A workflow task whose completion the server refuses, because a message
    arrived meanwhile, is run again without what its local activities had returned; the case catches up from here.
    """

    at: datetime
    timers: bool
    snapshot: Snapshot | None = None
    ahead: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRequest:
    """Events to record with the view of the case after them; with no events only the view is shown anew."""

    view: CaseView
    events: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRequest:
    """An effect to have once. The case goes along for the gate that is asked in the dispatching transaction."""

    case: Case
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepStart:
    """A sweep. With *import_id* it works off an extract already taken in; without, it reads billing's own.

    *as_of* is the close of day the extract is of; none means the day before the business day.
    """

    as_of: date | None = None
    import_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPlan:
    """The rows of import *import_id* to be worked off."""

    import_id: str
    rows: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPart:
    import_id: str
    offset: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepResult:
    """*rows* past due in the extract, cases *opened*, open cases *told* to look again."""

    rows: int = 0
    opened: int = 0
    told: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """What the workflow asks for: see to at most *limit* sums of a file, of which *left* were left; 0: not counted."""

    file_id: str
    limit: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProgress:
    """How many sums billing has heard of in this part, and of how many it has not."""

    settled: int
    left: int
