"""What follows the end of service, end to end: dev server, worker without cache, SQL, stubs behind HTTP, faults on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.worker import Worker

from activities.messages import Answer, Decision, case_workflow_id
from casework.agencies import ACKNOWLEDGMENT, take
from casework.errors import Refused
from casework.permissions import Role
from cli.settle import Stuck
from domain import commands as c
from domain import events as ev
from domain.account import OpenBill, Service
from domain.agenda import next_step
from domain.facts import FactKind
from domain.hear import Tells, Told
from domain.money import Money
from domain.remedy import Mark, Remedy, RemedyKind
from domain.states import ServiceStatus, Stage
from domain.step import Step
from gateways.fakes.faults import Fault, FaultKind
from gateways.names import EFFECTS
from models.outbox import tell
from models.session import transaction
from tests.workflows.served import Served, a_served_world
from tests.workflows.test_field_stories import off, state
from tests.workflows.world import SHOP, SUPERVISOR
from workflows.wiring import make_worker

pytestmark = pytest.mark.timeout(300)
PATIENCE = 8
BOTH = "9971411351"  # commercial, electric and water, its owner's
DOWN = [
    Fault(route=route, kind=FaultKind.ERROR, times=None, probability=0.4, seed=5, status=503)
    for route in ("agency/*", "court/*")
]
LOST = [
    Fault(route=route, kind=FaultKind.TIMEOUT_AFTER_SUCCESS, times=1, seconds=2.5) for route in ("agency/*", "court/*")
]


@pytest.fixture
async def served(temporal: Client, tmp_path: Path) -> AsyncIterator[Served]:
    async with a_served_world(temporal, tmp_path) as world:
        worker = make_worker(
            temporal, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy, cached=0
        )
        async with worker:
            for fault in (*DOWN, *LOST):
                world.fail(fault)
            yield world


async def allowed(world: Served, account_no: str, command: c.Command, *, by: str = "rosa") -> None:
    """Send *command* and, where the pack wants a second person, let Sven approve it."""
    try:
        answer = await world.decide(account_no, command, by=by, key=f"{command}/{world.clock.now()}")
    except WorkflowUpdateFailedError as failure:
        raise AssertionError(str(failure.cause)) from failure
    assert answer.refusal is None, answer.refusal
    asked = next((a for a in reversed((await world.case(account_no)).approvals) if a.state == "asked"), None)
    if asked is not None:
        answer = await world.decide(account_no, c.Approve(approval_id=asked.approval_id), by="sven")
        assert answer.refusal is None, answer.refusal


async def refusal(world: Served, account_no: str, command: c.Command) -> str:
    """Return the rule by which *command* is refused."""
    try:
        answer = await world.decide(account_no, command, key=f"try/{command.type}/{world.clock.now()}")
    except WorkflowUpdateFailedError as failure:  # the validator refused
        return str(failure.cause)
    assert answer.refusal is not None
    return answer.refusal.detail


async def ended(world: Served, account_no: str, on: str = "2026-09-02 09:00") -> None:
    """Stop the account's service on *on*: the final bill follows by itself."""
    await world.open(account_no)
    await world.until(on)
    await allowed(world, account_no, c.EndService(why="stop_service"))
    await world.until(f"{on[:8]}{int(on[8:10]) + 8:02d} 17:00")
    assert (await world.case(account_no)).stage is Stage.FINAL_BILLED


async def owed(world: Served, account_no: str) -> int:
    return sum(bill.open.cents for bill in (await world.case(account_no)).known.bills)


def applied(world: Served, system: str) -> Counter[str]:
    """Return how often each key had its effect at *system*, as the stubs' own call log tells."""
    return Counter(key for name in EFFECTS[system] for key in world.applied(f"{system}/{name}"))


async def test_from_the_final_bill_by_agency_and_court_to_the_satisfaction(served: Served) -> None:
    """Placed, acknowledged, direct payment, commission, recalled for a dispute, sued for, won, paid, satisfied."""
    await ended(served, SHOP)
    await served.until("2026-11-20 09:00")
    await allowed(served, SHOP, c.ReferToAgency())
    await served.until("2026-11-20 17:00")
    case = await served.case(SHOP)
    assert case.stage is Stage.WITH_AGENCY
    await acknowledged(served, case.remedies[-1])
    await served.pay(SHOP, 10_000, trace="T1")
    told = [e.body for e in served.events(SHOP) if isinstance(e.body, ev.RemedyTold)]
    assert [body.change.cents for body in told] == [10_000]
    await allowed(served, SHOP, c.RecordFact(kind=FactKind.DISPUTE))
    assert (await served.case(SHOP)).stage is Stage.FINAL_BILLED
    dispute = next(f for f in (await served.case(SHOP)).known.facts if f.kind is FactKind.DISPUTE)
    assert "dispute" in (await refusal(served, SHOP, c.ReferToCourt())).lower()
    resolved = c.ResolveDispute(fact_id=dispute.fact_id, outcome="rejected", because="the meter was read again")
    await allowed(served, SHOP, resolved, by="nora")
    await allowed(served, SHOP, c.ReferToCourt())
    await served.until("2026-11-24 17:00")
    claim = (await served.case(SHOP)).remedy(RemedyKind.CLAIM)
    assert claim is not None
    assert claim.due_on is not None
    await served.until("2026-12-07 09:00")
    on = date(2026, 12, 7)
    assert "served" in await refusal(served, SHOP, c.RecordHearing(on=on, result="default"))
    await allowed(served, SHOP, c.RecordFiling(what="served", on=on))
    await allowed(served, SHOP, c.RecordFiling(what="non_military", on=on))
    await served.until(f"{claim.due_on} 14:00")
    await allowed(served, SHOP, c.RecordHearing(on=claim.due_on, result="default"))
    await allowed(served, SHOP, c.RecordJudgment(amount=claim.amount, entered_on=claim.due_on))
    case = await served.case(SHOP)
    assert case.stage is Stage.JUDGMENT
    judgment = case.remedy(RemedyKind.JUDGMENT)
    assert judgment is not None
    assert (judgment.due_on - claim.due_on).days == 21  # type: ignore[operator]
    assert "stayed" in await refusal(served, SHOP, c.RecordFiling(what="docketed", on=claim.due_on))
    await served.until("2027-02-10 09:00")
    await allowed(served, SHOP, c.RecordFiling(what="docketed", on=date(2027, 2, 10)))
    await served.pay(SHOP, await owed(served, SHOP), trace="T2")
    assert served.types(SHOP)[-1] == "case_closed"
    remedies = {r.kind: r.state.value for r in (await served.case(SHOP)).remedies}
    assert remedies == {RemedyKind.PLACEMENT: "ended", RemedyKind.JUDGMENT: "ended"}
    assert set(applied(served, "agency").values()) == {1}
    assert set(applied(served, "court").values()) == {1}
    assert len(applied(served, "agency")) == 3
    assert len(applied(served, "court")) == 2


async def acknowledged(world: Served, placed: Remedy) -> None:
    """Take the agency's file that acknowledges a placement; taken again, as it may be, it changes nothing."""
    line = f"{placed.ref},{SHOP},{placed.amount.cents},accepted,,2026-11-23"
    data = f"placement_ref,account_no,placed_cents,result,reason,acknowledged_on\n{line}\n".encode()
    desk = world.desk("kim", Role.ACCOUNTANT)
    assert take(desk, data, file_name="ack.csv", kind=ACKNOWLEDGMENT).row.told == 1
    await world.rest(SHOP)
    with pytest.raises(Refused):
        take(desk, data, file_name="ack-again.csv", kind=ACKNOWLEDGMENT)
    await world.rest(SHOP)
    marks = [mark.mark for remedy in (await world.case(SHOP)).remedies for mark in remedy.marks]
    assert marks == [Mark.ACKNOWLEDGED]


async def test_water_is_certified_to_property_tax_and_electricity_is_refused(served: Served) -> None:
    await ended(served, BOTH)
    await allowed(served, BOTH, c.RecordFact(kind=FactKind.TAX_HEARING, source="city clerk"))
    refused = await refusal(served, BOTH, c.CertifyToTax(services=(Service.ELECTRIC,)))
    assert "electric may not be certified" in refused
    await allowed(served, BOTH, c.CertifyToTax())
    await served.until("2026-09-20 09:00")
    held = (await served.case(BOTH)).remedy(RemedyKind.CERTIFICATION)
    assert held is not None
    assert held.state.value == "standing"
    assert {ref.rpartition("/")[2] for ref in held.refs} == {"water"}
    await served.until("2026-11-20 09:00")
    await allowed(served, BOTH, c.ReferToAgency())
    placed = (await served.case(BOTH)).remedy(RemedyKind.PLACEMENT)
    assert placed is not None
    assert not placed.refs & held.refs, "never two remedies on one cent"


async def test_a_paid_lien_is_released_once_its_interest_is_billed_and_paid(served: Served) -> None:
    """Filed where the law knows liens, paid, its interest billed once though an answer is lost, paid too, released."""
    served.fail(Fault(route="billing/charge", kind=FaultKind.TIMEOUT_AFTER_SUCCESS, times=1, seconds=2.5))
    state(served, remedies_open=("placement", "lien"), lien_interest_pct=Decimal(12), lien_owner_waiver=True)
    await ended(served, BOTH)
    await allowed(served, BOTH, c.FileLien())
    await served.until("2026-09-20 09:00")
    lien = (await served.case(BOTH)).remedy(RemedyKind.LIEN)
    assert lien is not None
    assert lien.state.value == "standing"
    assert "unpaid" in await refusal(served, BOTH, c.BillLienInterest(remedy_id=lien.remedy_id))
    await served.until("2026-11-20 09:00")
    await served.pay(BOTH, await owed(served, BOTH), trace="T1")
    case = await served.case(BOTH)
    assert next_step(case, served.policy, served.clock.now()).task == "lien_interest"  # type: ignore[union-attr]
    assert case.remedies[-1].state.value == "standing", "it secures its interest too"
    await allowed(served, BOTH, c.BillLienInterest(remedy_id=lien.remedy_id))
    bore = [e.body for e in served.events(BOTH) if isinstance(e.body, ev.LienInterestBilled)]
    assert sorted(body.service for body in bore) == [Service.ELECTRIC, Service.WATER]
    days = (date(2026, 11, 20) - lien.since).days
    assert sum(body.amount.cents for body in bore) == round(lien.amount.cents * 0.12 * days / 365)
    assert await owed(served, BOTH) == sum(body.amount.cents for body in bore), (
        "billing asks for it and for nothing else"
    )
    assert set(Counter(served.applied("billing/charge")).values()) == {1}
    assert len(served.applied("billing/charge")) == len(bore)
    assert (await served.case(BOTH)).remedies[-1].state.value == "standing"
    await served.pay(BOTH, await owed(served, BOTH), trace="T2")
    assert (await served.case(BOTH)).remedies[-1].state.value == "ended"
    assert served.types(BOTH)[-1] == "case_closed"


async def test_money_on_a_debt_that_was_written_off_is_a_recovery(served: Served) -> None:
    await ended(served, SHOP)
    await served.until("2026-11-20 09:00")
    await allowed(served, SHOP, c.ProposeWriteOff(because="cannot be found"))
    assert (await served.case(SHOP)).stage is Stage.WRITTEN_OFF
    left = await owed(served, SHOP)
    await served.pay(SHOP, 5_000, trace="T1")
    recovered = [e.body for e in served.events(SHOP) if isinstance(e.body, ev.RecoveryReceived)]
    assert [(body.amount.cents, body.left.cents) for body in recovered] == [(5_000, left - 5_000)]
    assert (await served.case(SHOP)).stage is Stage.WRITTEN_OFF


async def test_off_for_months_then_a_new_occupant_then_the_debt_is_placed(served: Served) -> None:
    await off(served)
    await served.until("2026-12-10 09:00")
    case = await served.case(SHOP)
    assert case.service(Service.ELECTRIC).status is ServiceStatus.OFF
    assert case.final is None, "someone lives there: it is off for 71 days, and a person is asked who"
    await allowed(served, SHOP, c.EndService(why="new_occupant"))
    await served.until("2027-02-17 09:00")
    case = await served.case(SHOP)
    assert case.final is not None
    assert case.final.noticed_on is not None
    await allowed(served, SHOP, c.ReferToAgency())
    await served.until("2027-02-18 17:00")
    placed = (await served.case(SHOP)).remedy(RemedyKind.PLACEMENT)
    assert placed is not None
    assert placed.amount.cents == await owed(served, SHOP)
    assert sorted(applied(served, "agency")) == [placed.remedy_id]


async def test_a_chapter_13_petition_mid_bill_splits_the_debt_and_its_dismissal_revives_it(served: Served) -> None:
    """An active agreement, a petition between two bills, the split, both kinds of money, dismissed, revived."""
    await served.open(BOTH)
    await served.until("2026-09-10 09:00")
    await allowed(served, BOTH, c.AgreeArrangement(months=3, signed=True))
    agreed = (await served.case(BOTH)).arrangement
    assert agreed is not None
    assert agreed.active
    await served.until("2026-09-15 10:00")
    petition = c.FileBankruptcy(chapter="13", petition_on=date(2026, 9, 15))
    await allowed(served, BOTH, petition, by="mo")
    case = await served.case(BOTH)
    assert case.arrangement is not None
    assert not case.arrangement.active
    assert case.bankruptcy is None, "anyone's word freezes; only the docket splits"
    old = await owed(served, BOTH)
    letters = len(served.applied("mail/send"))
    await served.until("2026-09-17 10:00")
    await allowed(served, BOTH, replace(petition, docket="26-30412", joint=True))
    case = await served.case(BOTH)
    assert case.bankruptcy is not None
    assert case.bankruptcy.claim.cents == old
    assert await owed(served, BOTH) == 0
    await served.until("2026-10-12 09:00")
    case = await served.case(BOTH)
    assert case.bankruptcy is not None
    straddling = [part for part in case.bankruptcy.parts if not part.whole]
    assert [part.service for part in straddling] == [Service.ELECTRIC, Service.WATER]
    before = sum(part.amount.cents for part in straddling)
    after = await owed(served, BOTH)
    bill = sum(b.original.cents for b in case.known.bills)
    assert before + after == bill, "the bill mid-petition is split to the cent"
    claim = case.bankruptcy.claim.cents
    await served.pay(BOTH, 5_000, trace="D1")
    assert await owed(served, BOTH) == after - 5_000, "the debtor's money goes to later charges alone"
    await served.pay(BOTH, 3_000, trace="T1")
    await allowed(served, BOTH, c.RecordPlanPayment(amount=Money(3_000), ref="voucher 1"))
    case = await served.case(BOTH)
    assert case.bankruptcy is not None
    assert case.bankruptcy.claim.cents == claim - 3_000, "the trustee's money goes to the earlier debt alone"
    assert await owed(served, BOTH) == after - 5_000
    assert len(served.applied("mail/send")) == letters, "no letter about the old debt"
    await served.until("2026-11-02 09:00")
    still = await owed(served, BOTH)
    await allowed(served, BOTH, c.ResolveBankruptcy(outcome="dismissed", because="plan not paid"))
    case = await served.case(BOTH)
    assert case.bankruptcy is not None
    assert case.bankruptcy.ended == "dismissed"
    assert await owed(served, BOTH) == still + claim - 3_000, "what is left is owed again"
    revived = [e.body for e in served.events(BOTH) if isinstance(e.body, ev.DebtRevived)]
    assert len(revived) == 1
    assert revived[0].amount.cents == claim - 3_000
    moved = Counter([*served.applied("billing/adjust"), *served.applied("billing/charge")])
    assert set(moved.values()) == {1}, "each key moved its sum once"


@pytest.mark.prove  # a call whose worker died is given up after two minutes, and then made again
@pytest.mark.timeout(900)
async def test_a_worker_that_dies_amid_placing_and_suing_leaves_one_placement_and_one_claim(
    temporal: Client, tmp_path: Path
) -> None:
    """The answer is lost after success, the worker is gone, another one goes on; every signal is sent twice."""
    async with a_served_world(temporal, tmp_path) as world:

        def a_worker() -> Worker:
            return make_worker(
                temporal, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy, cached=0
            )

        async with a_worker():
            await ended(world, SHOP)
            await world.until("2026-11-20 09:00")
        await amid(world, a_worker, "agency", c.ReferToAgency())
        async with a_worker():
            for _ in range(2):
                await told_twice(world, Tells.OUTSIDE_PLACEMENT)
            await allowed(world, SHOP, c.RecallFromAgency(because="to court"))
            await world.until("2026-11-23 09:00")
        await amid(world, a_worker, "court", c.ReferToCourt())
        async with a_worker():
            case = await world.case(SHOP)
            assert case.stage is Stage.IN_COURT
            acknowledged = [m for r in case.remedies for m in r.marks if m.mark is Mark.ACKNOWLEDGED]
            assert len(acknowledged) == 1
        for system, keys in (("agency", 2), ("court", 1)):
            assert list(applied(world, system).values()) == [1] * keys
        ours = [claim for claim in world.stubs.city.court.claims.values() if claim.account_no == SHOP]
        assert len(ours) == 1


async def amid(world: Served, a_worker: Callable[[], Worker], system: str, command: c.Command) -> None:
    """Decide *command* while *system* answers too late to be heard; let the worker die over it, and another finish."""
    lost = Fault(route=f"{system}/*", kind=FaultKind.TIMEOUT_AFTER_SUCCESS, times=1, seconds=2.5)
    down = Fault(route=f"{system}/*", kind=FaultKind.ERROR, times=3, status=503)
    handle = world.client.get_workflow_handle(case_workflow_id(SHOP))
    async with a_worker():
        await decided(world, handle, command, by="rosa")
        asked = (await world.case(SHOP)).approvals[-1]
        world.fail(lost)
        world.fail(down)
        await decided(world, handle, c.Approve(approval_id=asked.approval_id), by="sven")
        step = next_step(await world.case(SHOP), world.policy, world.clock.now())
        assert isinstance(step, Step), step
        world.clock.set(step.at)  # its slot of the day has come
        told = Told(key=f"wake/{command.type}", at=world.clock.now(), what=Tells.LOOK_AGAIN)
        await handle.signal("tell", told)
        await asyncio.sleep(1)  # the call has had its effect, its answer is on the way: now the worker is gone
    async with a_worker():
        for _ in range(PATIENCE):
            try:
                return await world.rest(SHOP)
            except Stuck:
                continue
        raise AssertionError(f"{system} was never heard")


async def decided(world: Served, handle: WorkflowHandle[object, object], command: c.Command, *, by: str) -> None:
    """Send a decision twice under one key, and do not wait for what follows from it."""
    key = f"{by}/{command.type}/{world.clock.now().isoformat()}"
    decision = Decision(key=key, at=world.clock.now(), by=by, command=command, supervisor=by == SUPERVISOR)
    for _ in range(2):
        answer: Answer = await handle.execute_update("decide", decision, id=key, result_type=Answer)
        assert answer.refusal is None, answer.refusal


async def told_twice(world: Served, what: Tells) -> None:
    told = Told(key="agency/accepted/1", at=world.clock.now(), what=what, ref="PLC1", on=date(2026, 11, 20))
    with transaction(world.engine) as session:
        tell(session, account_no=SHOP, told=told, at=world.clock.now())
    await world.rest(SHOP)


async def test_an_old_debt_follows_its_customer_to_the_new_account(served: Served) -> None:
    await ended(served, SHOP)
    await served.until("2026-09-20 09:00")
    left = await owed(served, SHOP)
    before = sum(bill.open.cents for bill in await bills_at(served, BOTH))
    assert "authority" in await refusal(served, SHOP, c.FollowDebt(to_account=BOTH, authority=""))
    await allowed(served, SHOP, c.FollowDebt(to_account=BOTH, authority="application of September 19"))
    types = served.types(SHOP)
    assert types.count("debt_moved") == 1
    assert types[-1] == "case_closed"
    moved = await bills_at(served, BOTH)
    assert sum(bill.open.cents for bill in moved) == before + left, "no cent is lost or doubled"
    assert max(bill.due_on for bill in moved) == date(2026, 10, 11), "due as a bill of that day would be"
    assert sum(bill.open.cents for bill in await bills_at(served, SHOP)) == 0
    keys = Counter([*served.applied("billing/adjust"), *served.applied("billing/charge")])
    assert set(keys.values()) == {1}


async def bills_at(world: Served, account_no: str) -> tuple[OpenBill, ...]:
    return (await world.systems.billing.open_bills(account_no)).bills
