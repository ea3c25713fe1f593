"""Does the clock stand still until everything due is done, and say what is stuck when it never is?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.service import RPCError, RPCStatusCode

from cli.settle import Settle, Stuck, each
from domain.hear import Tells, Told
from models.clock import ClockMode, SqlClock
from models.outbox import done, tell
from models.record import record
from models.session import transaction
from models.tables import CaseRow, OutboxRow
from tests.models.lives import CASE, NO, NOON, known_account, opened, view
from tests.ready import open_ready


@dataclass
class Temporal:
    """What the barrier asks of a Temporal client: signals, and whether a workflow has work before it."""

    on_signal: Callable[[str], None] = lambda _: None
    busy_for: int = 0
    signals: list[str] = field(default_factory=list)
    asked: int = 0
    namespace: str = "default"

    @property
    def workflow_service(self) -> "Temporal":
        return self

    def get_workflow_handle(self, workflow_id: str) -> "Handle":
        return Handle(self, workflow_id)

    async def describe_workflow_execution(self, _: Any) -> DescribeWorkflowExecutionResponse:
        self.asked += 1
        answer = DescribeWorkflowExecutionResponse()
        if self.asked <= self.busy_for:
            answer.pending_workflow_task.attempt = 1
        return answer


@dataclass
class Handle:
    temporal: Temporal
    workflow_id: str

    async def signal(self, name: str, told: Told) -> None:
        self.temporal.signals.append(f"{name} {self.workflow_id} {told.what}")
        self.temporal.on_signal(self.workflow_id)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    found = open_ready(f"sqlite:///{tmp_path / 'arrears.db'}", master_key=bytes(32))
    SqlClock(found).start(ClockMode.STEPPED, at=NOON)
    known_account(found)
    with transaction(found) as session:
        record(session, case=view(1, next_at=NOON), events=(opened(),))
    return found


def shown_again(engine: Engine) -> Callable[[str], None]:
    """Return a case that, woken, does what is due and next has work in a day."""

    def woken(_: str) -> None:
        with transaction(engine) as session:
            session.get_one(CaseRow, CASE).next_at = NOON + timedelta(days=1)

    return woken


def barrier(engine: Engine, temporal: Temporal, *, limit_seconds: float = 5.0) -> Settle:
    return Settle(engine, SqlClock(engine), temporal, limit_seconds=limit_seconds)  # type: ignore[arg-type]  # a stand-in


async def test_a_due_case_is_woken_once_and_waited_for(engine: Engine) -> None:
    temporal = Temporal(on_signal=shown_again(engine), busy_for=3)
    assert await barrier(engine, temporal)() == 1
    assert temporal.signals == [f"tell case/{NO} look_again"]
    assert temporal.asked > 3


async def test_a_case_that_is_due_a_second_later_is_left_alone(engine: Engine) -> None:
    with transaction(engine) as session:
        session.get_one(CaseRow, CASE).next_at = NOON + timedelta(seconds=1)
    temporal = Temporal()
    assert await barrier(engine, temporal)() == 0
    assert temporal.signals == []


async def test_a_case_that_stays_due_however_often_it_is_woken_is_named(engine: Engine, monkeypatch: Any) -> None:
    monkeypatch.setattr("cli.settle.SHOWN_POLLS", 1)
    with pytest.raises(Stuck, match=f"{CASE}.*send_reminder"):
        await barrier(engine, Temporal())()


async def test_a_message_nobody_delivers_is_named(engine: Engine) -> None:
    with transaction(engine) as session:
        session.get_one(CaseRow, CASE).next_at = None
        tell(session, account_no=NO, told=Told(key="k", at=NOON, what=Tells.LOOK_AGAIN), at=NOON)
    with pytest.raises(Stuck, match=f"1 messages.*tell to {NO}"):
        await barrier(engine, Temporal(), limit_seconds=0.1)()


async def test_a_case_told_something_is_waited_for(engine: Engine) -> None:
    temporal = Temporal(busy_for=2)
    settle = barrier(engine, temporal)
    with transaction(engine) as session:
        session.get_one(CaseRow, CASE).next_at = None
        tell(session, account_no=NO, told=Told(key="k", at=NOON, what=Tells.LOOK_AGAIN), at=NOON)
        done(session, [session.exec(select(OutboxRow.id)).one() or 0], NOON)
    await settle()
    assert temporal.asked > 2


async def test_an_account_whose_workflow_ended_is_at_rest(engine: Engine) -> None:
    class Ended(Temporal):
        async def describe_workflow_execution(self, _: Any) -> DescribeWorkflowExecutionResponse:
            raise RPCError("gone", RPCStatusCode.NOT_FOUND, b"")

    with transaction(engine) as session:
        session.get_one(CaseRow, CASE).next_at = None
    assert await barrier(engine, Ended())([NO]) == 0


async def test_a_case_still_at_work_past_the_limit_is_named(engine: Engine) -> None:
    with transaction(engine) as session:
        session.get_one(CaseRow, CASE).next_at = None
    with pytest.raises(Stuck, match=f"account {NO} is still at work"):
        await barrier(engine, Temporal(busy_for=10_000), limit_seconds=0.1)([NO])


async def test_the_first_failure_among_many_is_raised_as_itself() -> None:
    async def fails(number: int) -> None:
        raise ValueError(number)

    with pytest.raises(ValueError, match=r"^1$"):
        await each(fails, [1])
