"""Field work end to end: dev server, worker, SQL, stubs behind HTTP with faults on, signed callbacks."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from temporalio.client import Client

from domain import events as ev
from domain import parameters as p
from domain.account import AccountStatus, Service
from domain.calendar import Window
from domain.case import SWITCHING, OrderPurpose, OrderState
from domain.commands import Approve, EndService, RecommendDisconnection, RecordFact
from domain.facts import FactKind
from domain.policy import Dated, Source, Standing
from domain.states import ServiceStatus, Stage
from gateways.fakes.faults import Fault, FaultKind
from models.policies import activate
from models.session import reading, transaction
from models.tables import WorkOrderRow
from tests.workflows.served import Served, a_served_world
from tests.workflows.world import SHOP, World
from workflows.policies import hold
from workflows.wiring import make_worker

pytestmark = pytest.mark.timeout(240)
TWICE = Fault(route="field/callbacks", kind=FaultKind.DUPLICATE_CALLBACK, times=None)
LATE = Fault(route="field/callbacks", kind=FaultKind.LATE_CALLBACK, times=2)
DOWN = Fault(route="field/*", kind=FaultKind.ERROR, times=None, probability=0.4, seed=3, status=503)
LOST = Fault(route="field/*", kind=FaultKind.TIMEOUT_AFTER_SUCCESS, times=1, seconds=2.5)


@pytest.fixture
async def served(temporal: Client, tmp_path: Path) -> AsyncIterator[Served]:
    async with a_served_world(temporal, tmp_path) as world:
        worker = make_worker(
            temporal, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy, cached=0
        )
        async with worker:
            yield world


def state(world: World, **values: object) -> None:
    """Let the pack say *values* from now on, by the names of `domain.parameters` in lower case."""
    stated = {
        getattr(p, name.upper()).key: (Dated(world.policy.calendar.day(world.clock.now()), value, _SAYS),)
        for name, value in values.items()
    }
    before = world.policy.values
    changed = replace(world.policy, values={**before, **{k: (*before.get(k, ()), *v) for k, v in stated.items()}})
    world.policy = changed
    hold(changed)
    with transaction(world.engine) as session:
        activate(session, changed, world.clock.now())


_SAYS = Source("as this test says", Standing.POLICY)


async def approved(world: Served, account_no: str = SHOP) -> None:
    """Bring the shop's debt to an approved disconnection on the morning of September 29."""
    await world.open(account_no)
    await world.until("2026-09-29 08:30")
    answer = await world.decide(account_no, RecommendDisconnection())
    assert answer.refusal is None, answer.refusal
    asked = (await world.case(account_no)).approvals[-1]
    await world.decide(account_no, Approve(approval_id=asked.approval_id), by="sven")


async def off(world: Served) -> None:
    """Let the shop's electricity be cut on September 29 or 30."""
    await approved(world)
    await world.until("2026-09-30 17:00")
    assert (await world.case(SHOP)).service(Service.ELECTRIC).status is ServiceStatus.OFF


async def owed(world: Served) -> int:
    return sum(bill.open.cents for bill in (await world.case(SHOP)).known.bills)


def orders(world: Served) -> list[tuple[str, str]]:
    with reading(world.engine) as session:
        rows = session.exec(select(WorkOrderRow).order_by(WorkOrderRow.order_id))
        return [(row.purpose, row.state) for row in rows]


async def test_a_medical_certificate_recalls_the_crew_that_is_out(served: Served) -> None:
    """Candidate, approved, dispatched, certificate, recalled; callbacks double, field service down now and then."""
    for fault in (TWICE, DOWN):
        served.fail(fault)
    await approved(served)
    while (await served.case(SHOP)).orders[-1].state is not OrderState.DISPATCHED:
        await served.to(served.clock.now() + timedelta(minutes=5))
    certificate = RecordFact(kind=FactKind.MEDICAL_CERTIFICATE, source="clinic", details=(("form", "written"),))
    answer = await served.decide(SHOP, certificate)
    assert answer.refusal is None, answer.refusal
    await served.until("2026-09-30 17:00")
    case = await served.case(SHOP)
    assert case.stage is Stage.NOTICED
    assert case.service(Service.ELECTRIC).status is ServiceStatus.ON
    assert orders(served) == [("disconnect", "recalled")]
    assert [order.purpose for order in served.crews(SHOP)] == [OrderPurpose.DISCONNECT]
    assert max(Counter(served.applied("field/create_order")).values()) == 1
    assert max(Counter(served.applied("field/cancel")).values()) == 1


@pytest.mark.parametrize(("paid_at", "back_by"), [("13:55", "2026-10-01 17:00"), ("14:05", "2026-10-02 17:00")])
async def test_paid_by_the_cutoff_service_is_back_that_day_and_after_it_the_next(
    served: Served, paid_at: str, back_by: str
) -> None:
    for fault in (TWICE, LATE, LOST):
        served.fail(fault)
    state(served, reconnect_cutoff="14:00")
    await off(served)
    await served.until(f"2026-10-01 {paid_at}")
    await served.pay(SHOP, await owed(served), trace=f"T{paid_at}")
    await served.until("2026-10-01 17:00")
    same_day = (await served.case(SHOP)).service(Service.ELECTRIC).status is ServiceStatus.ON
    assert same_day is (back_by == "2026-10-01 17:00")
    await served.until(back_by)
    restored = [e for e in served.events(SHOP) if isinstance(e.body, ev.ServiceRestored)]
    assert len(restored) == 1, "told twice and late, it is restored once"
    assert restored[0].on.isoformat() == back_by[:10]
    assert restored[0].body.minutes_off  # type: ignore[union-attr]  # measured
    assert served.types(SHOP)[-1] == "case_closed"
    keys = Counter([*served.applied("field/create_order"), *served.applied("field/dispatch")])
    assert set(keys.values()) == {1}, "each key had one effect"


async def test_a_meter_that_never_confirms_gets_a_truck_and_one_cut(served: Served) -> None:
    served.fail(TWICE)
    served.stubs.script(f"{SHOP}-1-o1", "not_confirmed")
    served.stubs.script(f"{SHOP}-1-o2", "not_confirmed")
    await approved(served)
    await served.until("2026-09-30 17:00")
    case = await served.case(SHOP)
    assert [(order.remote, order.state.value) for order in case.orders] == [
        (True, "could_not_complete"),
        (True, "could_not_complete"),
        (False, "completed"),
    ]
    assert [order.type for order in served.crews(SHOP)] == ["DNP-ELEC-REMOTE", "DNP-ELEC-REMOTE", "DNP-ELEC-FIELD"]
    assert case.service(Service.ELECTRIC).status is ServiceStatus.OFF
    assert case.counters.disconnections == 1


async def test_with_the_days_lists_full_the_order_waits_for_the_next_day(served: Served) -> None:
    await served.open(SHOP)
    await served.until("2026-09-28 17:30")
    state(served, field_crews=0, field_remote_tries=0, dnp_window=Window(time(8), time(15)))
    await served.until("2026-09-29 08:30")
    await served.decide(SHOP, RecommendDisconnection())
    asked = (await served.case(SHOP)).approvals[-1]
    await served.decide(SHOP, Approve(approval_id=asked.approval_id), by="sven")
    await served.until("2026-09-29 17:00")
    deferred = [e.body for e in served.events(SHOP) if isinstance(e.body, ev.OrderDeferred)]
    assert [body.until for body in deferred] == [served.at("2026-09-30 08:00")]
    assert (await served.case(SHOP)).orders[-1].state is OrderState.REQUESTED
    state(served, field_crews=1)
    await served.until("2026-09-30 17:00")
    assert (await served.case(SHOP)).orders[-1].state is OrderState.COMPLETED


async def test_a_contractor_that_is_silent_is_told_again_and_unlocks_once(served: Served) -> None:
    served.fail(TWICE)
    await off(served)
    state(served, field_contractor=("electric",), field_remote_tries=0)
    served.stubs.script(f"{SHOP}-1-o2", "silent")
    await served.until("2026-10-01 09:00")
    await served.pay(SHOP, await owed(served), trace="T1")
    await served.until("2026-10-01 17:00")
    assert [order.type for order in served.crews(SHOP)][-1] == "UNLOCK-CONTRACTOR"
    types = served.types(SHOP)
    assert types[-5:] == ["order_placed", "order_reminded", "order_accepted", "service_restored", "case_closed"]
    assert Counter(served.applied("field/remind")) == {f"{SHOP}-1-o2/remind/1": 1}


@pytest.mark.parametrize("ends", ["new_occupant", "vacant"])
async def test_off_for_weeks_the_account_ends_with_a_final_bill_of_its_own_due_date(served: Served, ends: str) -> None:
    served.fail(TWICE)
    served.stubs.script(f"{SHOP}-1-o2", "vacant")
    await off(served)
    before = await owed(served)
    await served.until("2026-10-20 09:00")
    if ends == "new_occupant":
        answer = await served.decide(SHOP, EndService(why="new_occupant"))
        assert answer.refusal is None, answer.refusal
    await served.until("2026-11-20 09:00")
    case = await served.case(SHOP)
    assert case.stage is Stage.FINAL_BILLED
    (final,) = [e for e in served.events(SHOP) if isinstance(e.body, ev.FinalBilled)]
    assert isinstance(final.body, ev.FinalBilled)
    assert (final.body.due_on - final.on).days == 21
    assert final.body.amount.cents >= before
    assert final.on.isoformat() == ("2026-10-20" if ends == "new_occupant" else final.on.isoformat())
    assert served.city.billing.account(SHOP).account.status is AccountStatus.FINAL
    assert served.applied("billing/final_bill") == [f"{SHOP}-1/final-bill"]
    assert not [order for order in case.orders if order.open and order.purpose in SWITCHING]
    tasks = [e.body.kind for e in served.events(SHOP) if isinstance(e.body, ev.TaskRaised)]
    assert tasks.count("skip_trace") == 1
    readings = [order for order in served.crews(SHOP) if order.type == "READ-FINAL"]
    assert [order.state for order in readings] == ["completed"] * len(readings)
    assert readings
