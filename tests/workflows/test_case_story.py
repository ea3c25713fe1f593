"""Whole stories of one case, on real Temporal and real SQL."""

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from domain.commands import AgreeArrangement, Approve, RecommendDisconnection
from domain.states import ServiceStatus, Stage
from tests.workflows.world import SHOP, World


async def test_a_debt_is_noticed_cut_paid_and_restored(world: World) -> None:
    await world.open(SHOP)
    await world.until("2026-09-02")
    assert world.types(SHOP) == ["case_opened", "reminder_sent"]
    await world.until("2026-09-29 08:30")
    assert (await world.case(SHOP)).stage is Stage.NOTICED

    answer = await world.decide(SHOP, RecommendDisconnection())
    assert answer.refusal is None, answer.refusal
    asked = (await world.case(SHOP)).approvals[-1]
    await world.decide(SHOP, Approve(approval_id=asked.approval_id), by="sven")
    await world.until("2026-09-30 17:00")
    assert (await world.case(SHOP)).services[-1].status is ServiceStatus.OFF

    owed = sum(bill.open.cents for bill in (await world.case(SHOP)).known.bills)
    await world.pay(SHOP, owed, trace="T1")
    await world.until("2026-10-02")
    assert world.types(SHOP)[-3:] == ["order_placed", "service_restored", "case_closed"]


async def test_a_refused_decision_leaves_no_accepted_update(world: World) -> None:
    handle = await world.open(SHOP)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await world.decide(SHOP, RecommendDisconnection())
    cause = refused.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == "not-at-this-stage"
    history = await handle.fetch_history()
    accepted = [
        event for event in history.events if event.HasField("workflow_execution_update_accepted_event_attributes")
    ]
    assert accepted == []
    assert world.types(SHOP) == ["case_opened"]


async def test_the_same_decision_twice_is_taken_once(world: World) -> None:
    await world.open(SHOP)
    first = await world.decide(SHOP, AgreeArrangement(months=3), key="call-17")
    again = await world.decide(SHOP, AgreeArrangement(months=3), key="call-17")
    assert (first.first, first.last) == (again.first, again.last)
    assert world.types(SHOP).count("arrangement_agreed") == 1
