"""How many events and billable Actions does a history hold, and how many does the reference two-year case?"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from bench.skipping import Skipper, skipping
from bench.town import account_nos
from domain import commands as c
from domain.arrangement import Instalment
from domain.commands import Command
from domain.money import Money

MONTHS = 24
MORNING = time(10)
EVENTS_AIM, ACTIONS_AIM = 400, 125
LOCAL_ACTIVITY = "core_local_activity"  # the SDK's name of the marker


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What histories cost: *by_kind* splits the billable Actions."""

    events: int
    actions: int
    by_kind: dict[str, int]

    def __add__(self, other: "Cost") -> "Cost":
        kinds = Counter(self.by_kind) + Counter(other.by_kind)
        return Cost(events=self.events + other.events, actions=self.actions + other.actions, by_kind=dict(kinds))


def actions(history: WorkflowHistory) -> Cost:
    """Return what *history* costs, by Temporal Cloud's rules.

    An Action is a workflow start, a continue-as-new (which is the next run's start), a timer, an activity and each of
    its retries, a signal, an accepted update, a command that upserts attributes or memo, a child (two), and all local
    activities of one workflow task together. What leaves no event is not seen here: queries, refused updates,
    heartbeats.
    """
    kinds = Counter(kind for event in history.events for kind in _kinds(event))
    tasks = {
        event.marker_recorded_event_attributes.workflow_task_completed_event_id
        for event in history.events
        if event.marker_recorded_event_attributes.marker_name == LOCAL_ACTIVITY
    }
    if tasks:
        kinds["local activities of a task"] = len(tasks)
    return Cost(events=len(history.events), actions=kinds.total(), by_kind=dict(kinds))


def _kinds(event: HistoryEvent) -> Iterable[str]:
    """Return the Actions that *event* stands for, local activities apart."""
    kind = _ACTIONS.get(event.event_type)
    if kind is None:
        return ()
    if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
        continued = event.workflow_execution_started_event_attributes.continued_execution_run_id
        return () if continued else (kind,)
    if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
        return (kind,) * event.activity_task_started_event_attributes.attempt  # only the last attempt is written
    if event.event_type == EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
        return (kind, kind)
    return (kind,)


_ACTIONS: dict[int, str] = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: "start",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: "continue as new",
    EventType.EVENT_TYPE_TIMER_STARTED: "timer",
    EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED: "activity",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signal",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: "update",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "upsert",
    EventType.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED: "upsert",
    EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED: "child",
}


async def two_years(folder: Path, *, say: Callable[[str], None] = lambda _: None) -> WorkflowHistory:
    """Return the history of the reference case: 24 monthly cycles, 16 decisions, 8 money signals.

    The arrears are paid in 24 instalments. Every month the case's timer asks whether the instalment came, and billing
    has it by then. In eight of the months half of it came at the counter before, and the case was told to look.
    """
    async with skipping(folder) as world:
        (account_no,) = account_nos(1)
        await world.open(account_no)
        await _decided(world.decide(account_no, c.AgreeArrangement(months=MONTHS, down=Money(0)), senior=True))
        arrangement = (await world.case(account_no)).arrangement
        assert arrangement is not None, "it was just agreed"
        for instalment in arrangement.schedule:
            say(f"instalment {instalment.number} of {MONTHS}, {instalment.due_on}")
            await _month(world, account_no, instalment)
        due = world.policy.calendar.at(arrangement.schedule[-1].due_on + timedelta(days=10), MORNING)
        await world.until(account_no, due)
        assert (await world.case(account_no)).closed, "it is paid"
        return await world.history(account_no)


async def _month(world: Skipper, account_no: str, instalment: Instalment) -> None:
    """Live the month of *instalment*: a decision in two of three months, money at the counter in one of three."""
    number, due = instalment.number, world.policy.calendar.at(instalment.due_on, MORNING)
    part = instalment.amount.cents // 2 if number % 3 == 0 else 0
    await world.until(account_no, due - timedelta(days=9))
    if number % 3 != 0 and number < MONTHS - 1:
        await _decided(world.decide(account_no, _DECISIONS[number % len(_DECISIONS)]))
    await world.until(account_no, due - timedelta(days=5))
    if part:
        await world.pay(account_no, part, trace=f"C{number}", told=True)
    await world.until(account_no, due)
    await world.pay(account_no, instalment.amount.cents - part, trace=f"A{number}", told=False)


_DECISIONS: tuple[Command, ...] = (
    c.RecordContact(channel="phone", direction="in", outcome="reached", right_party=True),
    c.AddNote(note="asked for a copy of the agreement"),
)


async def _decided(asked: Awaitable[object]) -> None:
    answer = await asked
    assert getattr(answer, "refusal", None) is None, answer
