"""Is everything that is due done: outbox delivered, no case at work, none that the calendar should have woken?"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import col, func, select
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import case_workflow_id
from cli.settings import Trouble
from domain.hear import Tells, Told
from models.cases import Due, due_cases
from models.clock import SqlClock
from models.outbox import TELL, waiting
from models.session import reading
from models.tables import OutboxRow

LIMIT_SECONDS = 180.0  # longer than any restart of a killed process takes
WAKES_MAX = 8  # a case woken so often at one instant, and due still, will never be done by waking
AT_ONCE = 24
POLL_SECONDS, POLL_SECONDS_MAX = 0.02, 0.2
SHOWN_SECONDS, SHOWN_POLLS = 0.03, 30

# What a server says that is up. A killed one is told of in many ways, a bare "transport error" of no kind among them.
_ANSWERS = frozenset(
    {
        RPCStatusCode.NOT_FOUND,
        RPCStatusCode.ALREADY_EXISTS,
        RPCStatusCode.INVALID_ARGUMENT,
        RPCStatusCode.FAILED_PRECONDITION,
        RPCStatusCode.PERMISSION_DENIED,
        RPCStatusCode.UNAUTHENTICATED,
        RPCStatusCode.UNIMPLEMENTED,
    }
)

T = TypeVar("T")


class Stuck(Trouble):
    """Due work does not get done; the message names what is stuck."""


class Settle:
    """The barrier at which a stepped or paced clock stands still."""

    def __init__(
        self, engine: Engine, clock: SqlClock, client: Client, *, limit_seconds: float = LIMIT_SECONDS
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._client = client
        self._limit_seconds = limit_seconds
        self._last_message = self._newest_message()

    async def __call__(self, touched: Iterable[str] = ()) -> int:
        """Wake every due case until none is due, the outbox is empty and none of those touched is at work.

        *touched* are accounts whose case may be at work for another reason. Returns how many cases were woken.

        Raises:
            Stuck: it does not come to rest.
        """
        deadline = time.monotonic() + self._limit_seconds
        accounts, woken = set(touched), dict[str, int]()
        while True:
            await self._delivered(deadline)
            told = await asyncio.to_thread(self._told)
            due = await asyncio.to_thread(self._due)
            for row in due:
                woken[row.case_id] = woken.get(row.case_id, 0) + 1
                if woken[row.case_id] > WAKES_MAX:
                    raise Stuck(f"Case {row.case_id} does not get done what is due at {row.next_at}: {row.next_step}.")
            if due:
                await self._wake_all(due)
            accounts |= told | {row.account_no for row in due}
            await each(lambda account_no: self._at_rest(account_no, deadline), sorted(accounts))
            accounts.clear()
            if not due and not told and not await asyncio.to_thread(self._waiting):
                return sum(woken.values())

    async def rests(self, account_no: str) -> None:
        """Wait until the account's case has heard all that was told, and is at rest.

        Raises:
            Stuck: it does not come to rest.
        """
        deadline = time.monotonic() + self._limit_seconds
        await self._delivered(deadline)
        await self._at_rest(account_no, deadline)

    async def _delivered(self, deadline: float) -> None:
        while count := await asyncio.to_thread(self._waiting):
            if time.monotonic() > deadline:
                raise Stuck(f"{count} messages wait in the outbox: {await asyncio.to_thread(self._complaints)}")
            await asyncio.sleep(POLL_SECONDS)

    async def _wake_all(self, due: Sequence[Due]) -> None:
        now = self._clock.now()
        told = Told(key=f"wake/{now.isoformat()}", at=now, what=Tells.LOOK_AGAIN)

        async def wake(row: Due) -> None:
            handle = self._client.get_workflow_handle(case_workflow_id(row.account_no))
            try:
                await patiently(lambda: handle.signal("tell", told))
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise

        await each(wake, due)
        await self._shown(due)

    async def _shown(self, woken: Sequence[Due]) -> None:
        """Give those woken a moment to leave the list of the due: to ask SQL costs less than to ask the server."""
        names = {row.case_id for row in woken}
        for _ in range(SHOWN_POLLS):
            if not names & {row.case_id for row in await asyncio.to_thread(self._due)}:
                return
            await asyncio.sleep(SHOWN_SECONDS)

    async def _at_rest(self, account_no: str, deadline: float) -> None:
        """Wait until the account's case, if it has one, has neither a task nor an activity before it."""
        ask = DescribeWorkflowExecutionRequest(
            namespace=self._client.namespace,
            execution=WorkflowExecution(workflow_id=case_workflow_id(account_no)),
        )
        pause = POLL_SECONDS
        while True:
            try:
                # The bare answer: the SDK's own would decode what nobody looks at here.
                found = await patiently(lambda: self._client.workflow_service.describe_workflow_execution(ask))
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    return
                raise
            if not found.HasField("pending_workflow_task") and not found.pending_activities:
                return
            if time.monotonic() > deadline:
                doing = [activity.activity_type.name for activity in found.pending_activities]
                raise Stuck(f"The case of account {account_no} is still at work: {', '.join(doing) or 'deciding'}.")
            await asyncio.sleep(pause)
            pause = min(2 * pause, POLL_SECONDS_MAX)

    def _due(self) -> tuple[Due, ...]:
        with reading(self._engine) as session:
            return due_cases(session, self._clock.now())

    def _waiting(self) -> int:
        with reading(self._engine) as session:
            return waiting(session)

    def _newest_message(self) -> int:
        with reading(self._engine) as session:
            return session.exec(select(func.max(OutboxRow.id))).one() or 0

    def _told(self) -> set[str]:
        """Return the accounts told something since the last time this was asked."""
        with reading(self._engine) as session:
            query = select(OutboxRow.id, OutboxRow.target).where(
                col(OutboxRow.id) > self._last_message, OutboxRow.kind == TELL
            )
            rows = session.exec(query).all()
        self._last_message = max([self._last_message, *(number or 0 for number, _ in rows)])
        return {target for _, target in rows}

    def _complaints(self) -> str:
        with reading(self._engine) as session:
            query = select(OutboxRow).where(col(OutboxRow.done_at).is_(None)).order_by(col(OutboxRow.id)).limit(3)
            return "; ".join(
                f"{row.kind} to {row.target} ({row.last_error or 'not tried'})" for row in session.exec(query)
            )


async def each(do: Callable[[T], Awaitable[None]], items: Iterable[T]) -> None:
    """Do something with each item, a few at a time; the first failure is raised."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: T) -> None:
        async with gate:
            await do(item)

    try:
        async with asyncio.TaskGroup() as group:
            for item in items:
                group.create_task(one(item))
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def patiently(call: Callable[[], Awaitable[T]], *, limit_seconds: float = LIMIT_SECONDS) -> T:
    """Return what *call* gives, asked again while the Temporal server is being restarted."""
    deadline = time.monotonic() + limit_seconds
    while True:
        try:
            return await call()
        except RPCError as error:
            if error.status in _ANSWERS or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.2)
