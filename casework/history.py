"""What has Temporal done for a case, in plain words?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import Answer, CaseStart, Decision, case_workflow_id
from casework.context import Desk
from casework.errors import not_now
from casework.permissions import Permission
from casework.story import the_row
from domain.hear import Told

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing Temporal recorded. *number* counts within the run; *at* is the wall's time, not business time."""

    run_id: str
    number: int
    at: datetime
    says: str


async def history(desk: Desk, case_id: str) -> Sequence[Line]:
    """Return what Temporal recorded of the case, run after run, without its own bookkeeping.

    Temporal keeps a closed case for its retention only; the timeline is the record that stays.
    """
    desk.need(Permission.SEE_HISTORY)
    row = await desk.read(lambda session: the_row(session, case_id))
    client = desk.client
    lines: list[Line] = []
    try:
        for run in await _runs(client, row.account_no):
            lines += await _lines(client, run, case_id)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return lines
        raise not_now("no-temporal", "Temporal does not answer", "The history is not to be had.", status=503) from error
    return lines


async def _runs(client: Client, account_no: str) -> list[WorkflowExecution]:
    """Return the runs of all the account's cases, first one first."""
    query = f'WorkflowId = "{case_workflow_id(account_no)}"'
    runs = [run async for run in client.list_workflows(query)]
    return sorted(runs, key=lambda run: run.start_time)


async def _lines(client: Client, run: WorkflowExecution, case_id: str) -> list[Line]:
    """Return the lines of one run; none if it belongs to another case of the account."""
    teller = _Teller(client)
    lines = []
    handle = client.get_workflow_handle(run.id, run_id=run.run_id)
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
            start = await teller.first(event.workflow_execution_started_event_attributes.input.payloads, CaseStart)
            if start.opening.case_id != case_id:
                return []
        says = await teller.say(event)
        if says:
            at = event.event_time.ToDatetime(tzinfo=UTC)
            lines.append(Line(run_id=run.run_id, number=event.event_id, at=at, says=says))
    return lines


class _Teller:
    """Says one event of a run in plain words; what concerns Temporal alone it leaves unsaid."""

    def __init__(self, client: Client) -> None:
        self._converter = client.data_converter
        self._named: dict[int, str] = {}

    async def first(self, payloads: Sequence[Payload], kind: type[T]) -> T:
        """Return the first of *payloads*, opened and read as *kind*."""
        value: T = (await self._converter.decode(payloads[:1], [kind]))[0]
        return value

    async def say(self, event: HistoryEvent) -> str:
        """Return a sentence about *event*, empty for bookkeeping."""
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
                before = event.workflow_execution_started_event_attributes.continued_execution_run_id
                return "The case went on in a new run, with everything it knew." if before else "The case began."
            case EventType.EVENT_TYPE_TIMER_STARTED | EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                return await self._begun(event)
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
                told = await self.first(event.workflow_execution_signaled_event_attributes.input.payloads, Told)
                return f"Word came from outside: {told.what.replace('_', ' ')}."
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
                asked = event.workflow_execution_update_accepted_event_attributes.accepted_request.input.args
                decision = await self.first(asked.payloads, Decision)
                return f"{decision.by} decided: {decision.command.type.replace('_', ' ')}."
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
                return await self._answered(event)
            case _:
                return self._ended(event)

    async def _begun(self, event: HistoryEvent) -> str:
        summary = event.user_metadata.summary
        words = await self.first([summary], str) if summary.ByteSize() else ""
        self._named[event.event_id] = words
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            seconds = event.timer_started_event_attributes.start_to_fire_timeout.ToSeconds()
            return f"It waits for {timedelta(seconds=seconds)} at most: {words}"
        name = event.activity_task_scheduled_event_attributes.activity_type.name
        return f"It asked for this to be done: {words or name}."

    async def _answered(self, event: HistoryEvent) -> str:
        outcome = event.workflow_execution_update_completed_event_attributes.outcome
        if not outcome.HasField("success"):
            return "The decision failed."
        answer = await self.first(outcome.success.payloads, Answer)
        if answer.refusal is not None:
            return f"The decision was refused on a second look: {answer.refusal.title}."
        return f"The decision left events {answer.first} to {answer.last}."

    def _ended(self, event: HistoryEvent) -> str:
        """Return what became of a wait, an effect or the run itself."""
        done = event.activity_task_completed_event_attributes.scheduled_event_id
        fired = event.timer_fired_event_attributes.started_event_id
        match event.event_type:
            case EventType.EVENT_TYPE_TIMER_FIRED:
                return f"The wait is over: {self._named.get(fired, '')}"
            case EventType.EVENT_TYPE_TIMER_CANCELED:
                return "The wait ended early: something changed."
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                return f"It was done: {self._named.get(done, '')}."
            case EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
                return "Another system said that it can never be done so."
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
                return "The case ended."
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
                return "The run ended; the case goes on in the next."
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED:
                return "Someone ended the run by hand."
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
                return "The run failed."
            case EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
                return "The worker stumbled over the case and will try again."
            case _:
                return ""
