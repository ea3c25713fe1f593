"""Killed at every step around an effect, answers lost, callbacks twice and out of order: each key has one effect."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import make_url
from sqlmodel import col, select
from temporalio.client import Client

from activities.messages import case_workflow_id
from casework.payments import Received, receive, take_back
from casework.permissions import Role
from cli.settle import Settle
from domain import commands as c
from domain.account import Service
from domain.case import OrderState
from domain.facts import FactKind
from domain.ledger import PostingKind
from domain.money import Money
from domain.states import ServiceStatus
from gateways.fakes.faults import Fault, FaultKind
from gateways.fakes.field import Reply
from gateways.field import CallbackKind, FieldCallback
from gateways.names import EFFECTS
from models.session import reading
from models.tables import LedgerRow, LetterRow, WorkOrderRow
from stubs.callbacks import CallbackSender
from tests.workflows.dying import NAME, Plan, write_plan
from tests.workflows.served import Served, a_served_world
from tests.workflows.test_field_stories import approved, off, owed, state
from tests.workflows.world import SHOP

ROOT = Path(__file__).parents[2]
TASK = timedelta(seconds=2)
EVERYWHERE = ("* call", "* answer", "* done", "* record", "* recorded")
RECORDS_AT_LEAST = 20
ASKED = ("mail/send", "field/create_order", "field/dispatch", "field/cancel", "billing/charge")
ACTIVITIES = {
    "mail/send": "send_letter",
    "field/create_order": "create_order",
    "field/dispatch": "dispatch_order",
    "field/cancel": "cancel_order",
    "billing/charge": "charge_fee",
}
LOST = [Fault(route=route, kind=FaultKind.TIMEOUT_AFTER_SUCCESS, times=2, seconds=2.5) for route in ASKED]


class Jumbled(CallbackSender):
    """Sends every callback twice, an acceptance only after what it accepts is done, and all old ones again after it."""

    sent: ClassVar[list[FieldCallback]] = []

    async def send(self, callback: FieldCallback) -> Reply:
        earlier = [each for each in self.sent if each.order_id == callback.order_id]
        self.sent.append(callback)
        if callback.kind is CallbackKind.ACCEPT:
            return Reply(delivered=True)  # whoever carries it has it, and lets it lie
        reply = await super().send(callback)
        for again in (callback, *reversed(earlier)):
            await super().send(again)
            await super().send(replace(again, at=again.at + timedelta(seconds=1)))  # as a message of its own
        return reply


@asynccontextmanager
async def a_dying_world(
    temporal: Client, folder: Path, *, at: tuple[str, ...], who: str = "worker", database: str = "", server: str = ""
) -> AsyncIterator[Served]:
    """Yield a world whose worker, relay and all, is a process that ends at each step of *at* and is started again."""
    Jumbled.sent.clear()
    async with a_served_world(temporal, folder, database=database, crews=Jumbled) as world:
        world.task_timeout = TASK
        world.settle = Settle(world.engine, world.clock, world.client)  # the relay runs in the worker
        state(world, reconnect_fee=35_00, nsf_fee=30_00, nsf_posted=True)
        url = make_url(str(world.engine.url.render_as_string(hide_password=False)))
        url = url if url.get_backend_name() == "sqlite" else url.update_query_dict({"application_name": NAME})
        plan = Plan(
            temporal=temporal.service_client.config.target_host,
            database=url.render_as_string(hide_password=False),
            systems=world.url,
            deaths=str(folder / "deaths"),
            at=at,
            who=who,
            server=server,
        )
        write_plan(plan, folder / "plan.json")
        with Workers(folder):
            yield world


class Workers:
    """The process that starts a worker again whenever it was killed, for as long as the block lasts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        command = [sys.executable, "-m", "tests.workflows.dying", str(self._folder / "plan.json")]
        self._log = (self._folder / "worker.log").open("w")
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=self._log, stderr=self._log)

    def __exit__(self, *_: object) -> None:
        ended = self._process.poll()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=30)
        self._log.close()
        assert ended is None, (self._folder / "worker.log").read_text()[-3_000:]


def deaths(folder: Path) -> set[str]:
    path = folder / "deaths"
    return set(path.read_text().splitlines()) if path.exists() else set()


def effects(world: Served) -> dict[str, Counter[str]]:
    """Return for each kind of effect how often each key was applied, as the stubs' own call log tells."""
    return {route: Counter(world.applied(route)) for route in ASKED}


def twice(world: Served) -> list[str]:
    every = [f"{system}/{name}" for system, names in EFFECTS.items() for name in names]
    return [key for route in every for key, times in Counter(world.applied(route)).items() if times > 1]


async def a_life(world: Served) -> None:
    """Reminded, noticed, sent out, recalled for a certificate, cut, charged, paid, back on, the payment returned."""
    await approved(world)
    while (await world.case(SHOP)).orders[-1].state is not OrderState.DISPATCHED:
        await world.to(world.clock.now() + timedelta(minutes=5))
    certificate = c.RecordFact(kind=FactKind.MEDICAL_CERTIFICATE, source="clinic", details=(("form", "written"),))
    await world.decide(SHOP, certificate)
    await world.until("2026-09-30 08:30")
    assert (await world.case(SHOP)).orders[-1].state is OrderState.RECALLED
    fact = next(f for f in (await world.case(SHOP)).known.facts if f.kind is FactKind.MEDICAL_CERTIFICATE)
    await world.decide(SHOP, c.CorrectFact(fact_id=fact.fact_id, because="of another household"))
    await world.decide(SHOP, c.RecommendDisconnection())
    asked = (await world.case(SHOP)).approvals[-1]
    await world.decide(SHOP, c.Approve(approval_id=asked.approval_id), by="sven")
    await world.until("2026-10-01 09:30")
    assert (await world.case(SHOP)).service(Service.ELECTRIC).status is ServiceStatus.OFF
    money = Received(account_no=SHOP, amount=Money(await owed(world)), source="draft", trace="T1")
    await receive(world.desk("kim", Role.ACCOUNTANT), money)
    await world.rest(SHOP)
    await world.until("2026-10-02 12:00")
    assert world.types(SHOP)[-1] == "case_closed"
    take_back(world.desk("kim", Role.ACCOUNTANT), "draft-T1", reason="R01")
    await world.rest(SHOP)


def fees(world: Served) -> list[str]:
    """Return the keys of the fees that our own ledger holds."""
    with reading(world.engine) as session:
        rows = session.exec(select(LedgerRow).where(LedgerRow.kind == PostingKind.FEE)).all()
        return sorted(row.key for row in rows)


async def billed(world: Served) -> list[tuple[str, int]]:
    """Return what billing says is owed, bill by bill: a fee that was charged twice is there twice."""
    bills = (await world.systems.billing.open_bills(SHOP)).bills
    return sorted((bill.ref, bill.original.cents) for bill in bills)


async def told_of(world: Served) -> dict[str, object]:
    """Return everything in which a life with deaths in it might differ from one without."""
    with reading(world.engine) as session:
        letters = session.exec(select(LetterRow).order_by(col(LetterRow.letter_id))).all()
        orders = session.exec(select(WorkOrderRow).order_by(col(WorkOrderRow.order_id))).all()
        return {
            "events": world.types(SHOP),
            "effects": effects(world),
            "letters": [(row.letter_id, row.kind, row.state) for row in letters],
            "mailed": sorted(world.stubs.city.mail.letters),
            "orders": [(row.order_id, row.purpose, row.state) for row in orders],
            "crews": [(order.order_id, order.state) for order in world.crews(SHOP)],
            "fees": fees(world),
            "billed": await billed(world),
        }


async def lived(temporal: Client, folder: Path, **dying: Any) -> dict[str, object]:
    """Return what a life came to that was lived in a world of its own."""
    folder.mkdir()  # noqa: ASYNC240  # nothing else waits for it
    async with a_dying_world(temporal, folder, **dying) as world:
        for fault in LOST if dying["at"] else ():
            world.fail(fault)
        await a_life(world)
        assert twice(world) == [], "each key has exactly one effect"
        came_to = await told_of(world)
    await temporal.get_workflow_handle(case_workflow_id(SHOP)).terminate()
    return came_to


@pytest.mark.timeout(240)
async def test_a_letter_an_order_and_a_fee_of_whose_answer_nobody_heard_are_made_once(
    temporal: Client, tmp_path: Path
) -> None:
    """One of each of the steps that `make prove` dies at everywhere; every callback twice and out of order."""
    at = ("mail/send *send_reminder* answer", "field/create_order *-o1 answer", "billing/charge * answer")
    async with a_dying_world(temporal, tmp_path, at=at) as world:
        await off(world)
        case = await world.case(SHOP)
        assert len(deaths(tmp_path)) == len(at)
        assert twice(world) == []
        assert [key for keys in effects(world).values() for key in keys] == [
            *(f"{SHOP}-1/{letter}" for letter in ("send_reminder/2026-09-01", "serve_notice/2026-09-11")),
            f"{SHOP}-1-o1",
            f"{SHOP}-1-o1/dispatch",
            f"{SHOP}-1-o1/reconnect_fee",
        ]
        assert [order.order_id for order in world.crews(SHOP)] == [order.order_id for order in case.orders]
        assert len(fees(world)) == len(case.fees) == 1


@pytest.mark.prove
@pytest.mark.timeout(1_800)
async def test_a_life_in_which_the_worker_dies_once_at_every_step_is_one_in_which_nobody_died(
    temporal: Client, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Letters, orders sent, recalled and done, fees by case and by outbox; answers lost, callbacks jumbled."""
    calm = await lived(temporal, tmp_path / "calm", at=())
    killed = await lived(temporal, tmp_path / "killed", at=EVERYWHERE)
    assert killed == calm
    died = deaths(tmp_path / "killed")
    for route, keys in calm["effects"].items():
        for key in keys:  # the outbox asks for the fee of a returned payment: no activity does
            steps = {f"{route} {key} call", f"{route} {key} answer"}
            steps |= set() if key.startswith("nsf/") else {f"{ACTIVITIES[route]} {key} done"}
            assert steps <= died, "it died before the call, after it, and before it was told"
    recorded = Counter(step.rpartition(" ")[2] for step in died)
    assert recorded["record"] >= RECORDS_AT_LEAST
    assert recorded["recorded"] >= RECORDS_AT_LEAST
    record_property("told", f"crash matrix: {len(died)} deaths, {dict(recorded)}")


@pytest.mark.prove
@pytest.mark.postgres
@pytest.mark.timeout(1_800)
async def test_a_life_in_which_the_database_commits_and_cannot_say_so_is_one_in_which_it_could(
    temporal: Client, tmp_path: Path, postgres_url: str, record_property: Callable[[str, object], None]
) -> None:
    calm = await lived(temporal, tmp_path / "calm", at=())
    lost = await lived(temporal, tmp_path / "lost", at=("* commit",), who="connections", database=postgres_url)
    assert lost == calm
    lost_commits = len(deaths(tmp_path / "lost"))
    assert lost_commits >= RECORDS_AT_LEAST
    record_property("told", f"crash matrix: {lost_commits} commits of which nobody heard")
