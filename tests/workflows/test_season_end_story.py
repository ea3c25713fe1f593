"""As a protected season ends, those whom it held are let go in turn, on real Temporal, by each night's sweep."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError

from activities.messages import SweepPart
from activities.sweep import SweepActivities
from domain.commands import Approve, RecommendDisconnection
from domain.facts import FactKind, standing
from domain.policy import Dated, Source, Standing
from domain.states import Stage
from models.policies import activate
from models.session import transaction
from tests.workflows.world import OPENING, World, a_world
from workflows.policies import hold
from workflows.wiring import make_worker

HOMES = ("9965724868", "9966005440")  # electric, of high income, with nothing that protects them
SAYS = Source("for this test: a season that ends while notices run", Standing.ASSUMED)
LAST_OF_SEASON = date(2026, 9, 27)
ONE_A_DAY = {
    "winter.season": (Dated(date(2020, 1, 1), ((8, 20), (LAST_OF_SEASON.month, LAST_OF_SEASON.day)), SAYS),),
    "dnp.release_batch": (Dated(date(2020, 1, 1), 1, SAYS),),
}


@pytest.fixture
async def ending(temporal: Client, tmp_path: Path) -> AsyncIterator[World]:
    """A world whose protected season ends on September 27, and whose crews work off one home a day after it."""
    async with a_world(temporal, tmp_path) as world:
        world.watched = frozenset(HOMES)
        world.policy = replace(world.policy, values=world.policy.values | ONE_A_DAY)
        hold(world.policy)
        with transaction(world.engine) as session:
            activate(session, world.policy, OPENING + timedelta(seconds=1))
        worker = make_worker(temporal, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy)
        async with worker:
            yield world


async def sweep(world: World) -> None:
    """Do what each night's sweep does for the cases that are open."""
    night = SweepActivities(world.engine, world.clock, world.systems.billing, world.policy, world.client)
    await night.refresh_cases(SweepPart(import_id="", offset=0, limit=0))
    await world.rest(*HOMES)


async def recommended(world: World, account_no: str) -> tuple[str, ...]:
    """Recommend the cut of a home and let it be approved; return the rules that forbid it, none if it is let."""
    try:
        answer = await world.decide(account_no, RecommendDisconnection())
    except WorkflowUpdateFailedError as refused:
        return tuple(refused.cause.details[0]["rules"])  # type: ignore[union-attr]  # our own refusal
    if answer.refusal is not None:
        return answer.refusal.rules
    asked = (await world.case(account_no)).approvals[-1]
    await world.decide(account_no, Approve(approval_id=asked.approval_id), by="sven")
    return ()


async def test_everyone_has_a_turn_nobody_goes_before_it_and_no_day_has_more_than_the_crews_can_do(
    ending: World,
) -> None:
    for account_no in HOMES:
        await ending.open(account_no)
    today, let = date(2026, 9, 22), dict[str, date]()
    while today <= date(2026, 10, 8) and len(let) < len(HOMES):
        await ending.until(f"{today} 06:30")
        await sweep(ending)
        await ending.until(f"{today} 09:30")
        for account_no in HOMES:
            case = await ending.case(account_no)
            if account_no in let or case.stage is not Stage.NOTICED or today <= LAST_OF_SEASON:
                continue
            (turn,) = standing(case.known.facts, FactKind.STOP_SWITCH, ending.clock.now()) or (None,)
            forbidden = await recommended(ending, account_no)
            assert forbidden == (("G02",) if turn else ()), (account_no, today, forbidden)
            if not forbidden:
                let[account_no] = today
        today += timedelta(days=1)
    assert set(let) == set(HOMES), let
    assert len(set(let.values())) == len(HOMES), "one a day"
    await ending.until(f"{today} 17:00")
    for account_no, on in let.items():
        types = ending.types(account_no)
        assert "service_disconnected" in types, (account_no, types)
        cut = next(event for event in ending.events(account_no) if event.body.type == "service_disconnected")
        assert cut.on == on
