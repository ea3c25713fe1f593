"""Wrong cuts: the count of them finds one when there is one, and no later case counts one that was found."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from activities.opening import next_opening, start_case
from casework.facts import record
from casework.obligations import owed
from casework.permissions import Role
from casework.tasks import tasks
from cli.wrongful import wrongful_cuts
from domain.account import AccountStatus
from domain.commands import Approve, EndService, RecommendDisconnection, RecordFact
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.obligations import Duty, State
from models.codec import read_words
from models.facts import record_fact
from models.session import reading, transaction
from models.tables import TaskRow, WorkOrderRow
from models.vault import unseal
from tests.workflows.test_field_stories import state
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


async def test_a_wrong_cut_of_an_account_that_has_ended_sends_no_order_and_no_letter_by_itself(world: World) -> None:
    """The fee goes back and people are told the same day; what happens at the place, and in which words, is theirs."""
    state(world, reconnect_fee=35_00)
    await cut(world)
    await world.decide(SHOP, EndService(why="new_occupant"), by="sven")
    await world.until("2026-10-20")
    await world.pay(SHOP, sum(bill.open.cents for bill in (await world.case(SHOP)).known.bills), trace="T1")
    await world.until("2026-11-10")
    assert world.types(SHOP)[-1] == "case_closed"
    assert await status(world) is AccountStatus.FINAL
    before, types = out(world), world.types(SHOP)
    credit = (await world.systems.billing.open_bills(SHOP)).credit

    for _ in range(2):  # a second paper about the same time
        await learn_that_it_was_wrong(world)
    told = [task for task in tasks(world.desk("sven", Role.SUPERVISOR)) if task.account_no == SHOP and task.urgent]
    assert sorted(task.kind for task in told) == ["tell_counsel", "wrong_cut"]
    assert {task.for_role for task in told} == {"supervisor"}
    assert await asks_who_lives_there(world)
    assert (await world.systems.billing.open_bills(SHOP)).credit == credit + Money(35_00), "the fee, once"

    await world.until("2026-11-20")
    assert out(world) == before, "no order to the place and no letter to who has gone"
    assert world.types(SHOP) == types, "and no case is begun of which nobody knows whom it would be about"
    duties = {each.obligation.duty: each.state for each in owed(world.desk("sven", Role.SUPERVISOR), account_no=SHOP)}
    assert duties[Duty.WRONG_CUT_RESTORED] is State.BREACHED, "late until a person says what was seen there"
    assert duties[Duty.WRONG_CUT_LETTER] is not State.MET


def out(world: World) -> tuple[int, int]:
    """Return how many orders and letters have gone out."""
    return len(world.city.field.orders), len(world.city.mail.letters)


async def status(world: World) -> AccountStatus:
    return (await world.systems.billing.account(SHOP)).account.status


async def asks_who_lives_there(world: World) -> bool:
    """Say whether the supervisor's task asks to see who lives at the place."""
    with reading(world.engine) as session:
        row = session.exec(select(TaskRow).where(TaskRow.kind == "wrong_cut")).one()
        about = unseal(session, SHOP, row.about) if row.about else None
        return about is not None and "See today who lives there" in read_words(about)["about"]


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
