"""A case that has grown long goes on in a new run, and nothing that comes meanwhile is lost or done twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from activities.messages import Answer, Decision, case_workflow_id
from domain.commands import AddNote
from domain.hear import Tells, Told
from tests.replay.record import suggesting_a_new_run_at
from tests.replay.stories import runs
from tests.workflows.conftest import TEMPORAL
from tests.workflows.world import CONVERTER, SHOP, World, a_world
from workflows.collections_case import PACK, SERVICE, STAGE
from workflows.wiring import make_worker

NOTES = 100
CALLERS = 8
SUGGEST_AT = 60  # events: some seven notes


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A world on a server that suggests a new run every few decisions."""
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=TEMPORAL,
        data_converter=CONVERTER,
        search_attributes=[STAGE, SERVICE, PACK],
        dev_server_log_level="error",
        dev_server_extra_args=suggesting_a_new_run_at(SUGGEST_AT),
    )
    async with (
        env,
        a_world(env.client, tmp_path) as world,
        make_worker(env.client, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy),
    ):
        yield world


async def test_a_hundred_notes_over_many_runs_are_each_taken_once(world: World) -> None:
    await world.open(SHOP)
    answers = await noted(world)
    assert len(await runs(world.client, case_workflow_id(SHOP))) >= 5
    notes = [event for event in world.events(SHOP) if event.body.type == "note_added"]
    assert sorted(event.body.note for event in notes) == sorted(f"note {number}" for number in range(NOTES))  # type: ignore[union-attr]
    assert sorted(answer.first for answer in answers) == [event.seq for event in notes]


async def test_signals_that_come_with_the_change_of_runs_are_heard(world: World) -> None:
    handle = await world.open(SHOP)

    async def signalled() -> None:
        for number in range(NOTES):
            what = Told(key=f"word-{number}", at=world.clock.now(), what=Tells.OUTSIDE_CLAIM, ref=f"C{number}")
            await handle.signal("tell", what)

    await asyncio.gather(noted(world), signalled())
    await world.rest(SHOP)
    assert len(await runs(world.client, case_workflow_id(SHOP))) >= 5
    refs = [event.body.ref for event in world.events(SHOP) if event.body.type == "outside_act_noted"]  # type: ignore[union-attr]
    assert refs == [f"C{number}" for number in range(NOTES)]


async def test_a_decision_asked_again_in_a_later_run_gets_its_first_answer(world: World) -> None:
    await world.open(SHOP)
    first = await note(world, 0)
    await noted(world)
    assert len(await runs(world.client, case_workflow_id(SHOP))) >= 5
    again = await note(world, 0)
    assert (again.first, again.last) == (first.first, first.last)


async def noted(world: World) -> list[Answer]:
    """Let eight callers add a hundred notes; return the answers."""
    waiting = iter(range(NOTES))

    async def caller() -> list[Answer]:
        return [await note(world, number) for number in waiting]

    return [answer for answers in await asyncio.gather(*(caller() for _ in range(CALLERS))) for answer in answers]


async def note(world: World, number: int) -> Answer:
    """Add a note; asked again under the same key, as the API tells its caller to, when the case was not ready for it.

    The server refuses a task that would end the run while a signal has just come in, and with it what the task took.
    """
    decision = Decision(key=f"note-{number}", at=world.clock.now(), by="rosa", command=AddNote(note=f"note {number}"))
    handle = world.client.get_workflow_handle(case_workflow_id(SHOP))
    while True:
        try:
            answer: Answer = await handle.execute_update("decide", decision, result_type=Answer)
        except RPCError as error:
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
        else:
            return answer
