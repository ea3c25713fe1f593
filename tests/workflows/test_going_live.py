"""An opening folder made in mid-course, taken into an empty installation: held, released, and on to the same end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import col, select
from temporalio.client import Client

from activities.messages import case_workflow_id
from activities.outbox import Relay
from casework.errors import Refused
from casework.going_live import kept_back, release
from casework.mailing import make_batch
from casework.opening import TakenOver, take_opening
from casework.opening_folder import write_folder
from domain import commands as c
from domain.facts import FactKind
from domain.hear import Tells, Told
from domain.states import Stage
from models.cases import last_case_of, open_case_of
from models.clock import ClockMode, SqlClock
from models.outbox import tell
from models.policies import activate
from models.session import reading, transaction
from models.tables import LetterRow
from models.users import Role
from tests.ready import open_ready
from tests.workflows.world import KEY, SHOP, SHOPS, Delivering, World, a_world
from workflows.wiring import make_worker

pytestmark = pytest.mark.timeout(300)
AGREED, HELD, ENDED, PLACED = SHOPS[1], SHOPS[2], SHOPS[3], SHOPS[4]
WATCHED = (SHOP, AGREED, HELD, ENDED, PLACED)
HALF, END = "2026-10-20 18:00", "2026-11-25 18:00"


@dataclass
class Billed(World):
    """A world in which a case hears when billing has issued a bill, as a city's driver tells it."""

    async def to(self, now: datetime) -> None:
        self.clock.set(now)
        told = Told(key=f"billed/{now.isoformat()}", at=now, what=Tells.LOOK_AGAIN)
        with transaction(self.engine) as session:
            for account_no in {bill.account_no for bill in self.city.advance(now)} & set(WATCHED):
                if open_case_of(session, account_no) is not None:
                    tell(session, account_no=account_no, told=told, at=now)
        await super().to(now)


@asynccontextmanager
async def worked(plain: World) -> AsyncIterator[World]:
    world = Billed(**{field.name: getattr(plain, field.name) for field in fields(World)})
    worker = make_worker(world.client, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy)
    async with worker:
        yield world


async def first_half(world: World) -> None:
    """Bring five accounts to five places: noticed, agreed with a part paid, disputed, final billed, placed."""
    for account_no in WATCHED:
        await world.open(account_no)
    await world.until("2026-09-03 10:00")
    await allowed(world, ENDED, c.EndService(why="stop_service"))
    await allowed(world, PLACED, c.EndService(why="stop_service"))
    await world.until("2026-09-14 10:00")
    await allowed(world, AGREED, c.AgreeArrangement(months=3))
    agreement = (await world.case(AGREED)).arrangement
    assert agreement is not None
    await world.pay(AGREED, agreement.schedule[0].amount.cents, trace="down")
    await world.until("2026-10-02 09:00")
    later = [bill for bill in (await world.case(AGREED)).known.bills if bill.ref not in agreement.refs]
    await world.pay(AGREED, sum(bill.open.cents for bill in later), trace="current")
    await world.until(f"{agreement.schedule[1].due_on} 07:00")
    await world.pay(AGREED, agreement.schedule[1].amount.cents, trace="first")
    await allowed(world, HELD, c.RecordFact(kind=FactKind.DISPUTE))
    await world.until(HALF)


async def second_half(world: World) -> None:
    """Money comes, a dispute ends, and the calendar does the rest."""
    await world.until("2026-11-04 09:00")
    await world.pay(SHOP, 20_000, trace="late-1")
    dispute = next(f for f in (await world.case(HELD)).known.facts if f.kind is FactKind.DISPUTE)
    await allowed(world, HELD, c.ResolveDispute(fact_id=dispute.fact_id, outcome="rejected", because="x"), by="nora")
    await world.until("2026-11-10 09:00")
    for account_no in (PLACED,):
        if (await world.case(account_no)).stage is Stage.FINAL_BILLED:
            await allowed(world, account_no, c.ReferToAgency())
    await world.until(END)


async def allowed(world: World, account_no: str, command: c.Command, *, by: str = "rosa") -> None:
    answer = await world.decide(account_no, command, by=by, key=f"{command}/{world.clock.now()}")
    assert answer.refusal is None, answer.refusal
    asked = next((a for a in reversed((await world.case(account_no)).approvals) if a.state == "asked"), None)
    if asked is not None:
        answer = await world.decide(account_no, c.Approve(approval_id=asked.approval_id), by="sven")
        assert answer.refusal is None, answer.refusal


@asynccontextmanager
async def empty_beside(world: World, folder: Path) -> AsyncIterator[World]:
    """Yield another installation over the same city and at the same instant, with nothing in its database."""
    engine = open_ready(f"sqlite:///{folder / 'arrears.db'}", master_key=bytes(reversed(KEY)))
    clock = SqlClock(engine)
    clock.start(ClockMode.STEPPED, at=world.clock.now())
    with transaction(engine) as session:
        activate(session, world.policy, world.clock.now())
    relay = Relay(engine, world.client, world.systems.billing)
    settle = Delivering(engine, clock, world.client, relay)
    try:
        yield replace(world, engine=engine, clock=clock, relay=relay, settle=settle)
    finally:
        engine.dispose()


def standing(world: World) -> dict[str, tuple[str, str, int, str]]:
    """Return where each account stands: stage, service, balance, how its case ended."""
    found = {}
    with reading(world.engine) as session:
        for account_no in WATCHED:
            row = last_case_of(session, account_no)
            assert row is not None
            found[account_no] = (row.stage, row.status, row.balance_cents, row.closed or "")
    return found


def places(world: World) -> dict[str, tuple[str, str]]:
    """Return stage and service of each account; what is owed is billing's, read anew at the opening."""
    return {number: where[:2] for number, where in standing(world).items()}


def letters(world: World) -> list[tuple[str, str]]:
    with reading(world.engine) as session:
        rows = session.exec(select(LetterRow).order_by(col(LetterRow.prepared_at))).all()
        return [(row.account_no, row.kind) for row in rows]


def gone_out(world: World) -> dict[str, int]:
    """Return how many effects each of the other systems has done."""
    city = world.city
    systems = (("mail", city.mail), ("field", city.field), ("agency", city.agency), ("court", city.court))
    return {name: system.effects_done for name, system in systems} | {"billing": city.billing.effects_done}


async def taken(world: World, folder: Path) -> TakenOver:
    return await take_opening(world.desk("ines", Role.SUPERVISOR), folder)


async def test_an_opening_is_held_and_then_ends_as_the_unbroken_play(temporal: Client, tmp_path: Path) -> None:
    (tmp_path / "unbroken").mkdir()
    async with a_world(temporal, tmp_path / "unbroken") as plain, worked(plain) as world:
        await first_half(world)
        at_half = standing(world)
        await second_half(world)
        unbroken = standing(world)
        await _stop(world)
    assert {stage for stage, *_ in at_half.values()} >= {"noticed", "on_arrangement", "final_billed"}, at_half

    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    folder = tmp_path / "opening"
    async with a_world(temporal, tmp_path / "before") as plain:
        async with worked(plain) as before:
            await first_half(before)
            assert standing(before) == at_half
            await write_folder(before.desk("ines", Role.SUPERVISOR), folder)
            await _stop(before)
        done = gone_out(before)
        async with empty_beside(before, tmp_path / "after") as empty, worked(empty) as after:
            came = await taken(after, folder)
            assert came.problems == ()
            assert (came.cases, came.started, dict(came.set_back or {})) == (5, 5, {})
            await after.rest(*WATCHED)
            assert places(after) == {number: where[:2] for number, where in at_half.items()}

            again = await taken(after, folder)
            assert again.again
            assert again.started == 0

            await _nothing_goes_out(after, done)
            await _released(after)
            await second_half(after)
            assert standing(after) == unbroken
            await _stop(after)


async def _nothing_goes_out(world: World, done: dict[str, int]) -> None:
    """Before the release nothing leaves, whoever asks: what is due is listed instead."""
    held = await kept_back(world.desk("ines", Role.SUPERVISOR))
    assert held is not None
    assert gone_out(world) == done
    with pytest.raises(Refused) as refused:
        make_batch(world.desk("ines", Role.SUPERVISOR), world.clock.now().date())
    assert refused.value.refusal.slug == "held-back"


async def _released(world: World) -> None:
    with pytest.raises(Refused) as refused:
        await release(world.desk("ines", Role.SUPERVISOR))
    assert refused.value.refusal.slug == "second-person"
    await release(world.desk("sven", Role.SUPERVISOR))
    await world.rest(*WATCHED)
    assert await kept_back(world.desk("ines", Role.SUPERVISOR)) is None


async def _stop(world: World) -> None:
    """End the workflows of an installation that is given up, so that their names are free."""
    for account_no in WATCHED:
        with reading(world.engine) as session:
            if open_case_of(session, account_no) is None:
                continue
        await world.client.get_workflow_handle(case_workflow_id(account_no)).terminate()
