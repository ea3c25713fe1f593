"""Wrong cuts: the count of them finds one when there is one, and no later case counts one that was found."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from activities.opening import next_opening, start_case
from casework.facts import record
from casework.permissions import Role
from cli.wrongful import wrongful_cuts
from domain.commands import Approve, RecommendDisconnection, RecordFact
from domain.facts import Fact, FactKind
from models.facts import record_fact
from models.session import reading, transaction
from models.tables import WorkOrderRow
from tests.workflows.world import SHOP, World


async def cut(world: World) -> None:
    await world.open(SHOP)
    await world.until("2026-09-29 08:30")
    await world.decide(SHOP, RecommendDisconnection())
    asked = (await world.case(SHOP)).approvals[-1]
    await world.decide(SHOP, Approve(approval_id=asked.approval_id), by="sven")
    await world.until("2026-09-30 17:00")


async def cut_paid_and_owing_again(world: World) -> None:
    """Let the shop be cut, pay, be back on and have its case closed, and owe another bill since."""
    await cut(world)
    await world.pay(SHOP, sum(bill.open.cents for bill in (await world.case(SHOP)).known.bills), trace="T1")
    await world.until("2026-11-10")
    assert world.types(SHOP)[-1] == "case_closed"


async def open_next(world: World) -> None:
    with transaction(world.engine) as session:
        opening = next_opening(session, SHOP, now=world.clock.now(), because="the delinquency extract")
    assert opening is not None
    assert await start_case(world.client, opening)
    await world.rest(SHOP)


async def learn_that_it_was_wrong(world: World) -> None:
    """Enter that life support was at the shop from before the cut."""
    command = RecordFact(kind=FactKind.LIFE_SUPPORT, source="clinic", evidence="doc-1", starts=world.at("2026-09-02"))
    await record(world.desk("rosa", Role.REPRESENTATIVE), SHOP, command, key=str(uuid4()))
    await world.rest(SHOP)


@pytest.mark.parametrize("open_then", [True, False], ids=["the later case is open", "it opens afterwards"])
async def test_a_wrong_cut_of_a_closed_case_counts_in_no_later_one(world: World, *, open_then: bool) -> None:
    await cut_paid_and_owing_again(world)
    if open_then:
        await open_next(world)
        assert (await world.case(SHOP)).counters.disconnections == 1
        await learn_that_it_was_wrong(world)
    else:
        await learn_that_it_was_wrong(world)
        await open_next(world)
    assert (await world.case(SHOP)).counters.disconnections == 0
    await learn_that_it_was_wrong(world)  # a second paper about the same time
    assert world.types(SHOP).count("strike_removed") == 1


async def test_a_cut_against_a_fact_known_at_the_door_is_found_and_one_known_later_is_not(world: World) -> None:
    await cut(world)
    with reading(world.engine) as session:
        order = session.exec(select(WorkOrderRow)).one()
    assert order.acknowledged_at is not None
    assert wrongful_cuts(world.engine) == ()

    for seconds in (1, 0):
        known = order.acknowledged_at + timedelta(seconds=seconds)
        hold = Fact(fact_id=f"hold-{seconds}", kind=FactKind.HOLD, starts=known - timedelta(hours=1), known_at=known)
        with transaction(world.engine) as session:
            record_fact(session, fact=hold, known_at=known, account_no=SHOP)
        found = [(wrong.order_id, wrong.rules) for wrong in wrongful_cuts(world.engine)]
        assert found == ([] if seconds else [(order.order_id, ("G03",))])
