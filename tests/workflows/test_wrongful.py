"""The count of wrongful disconnections finds one when there is one."""

from datetime import timedelta

from sqlmodel import select

from cli.wrongful import wrongful_cuts
from domain.commands import Approve, RecommendDisconnection
from domain.facts import Fact, FactKind
from models.facts import record_fact
from models.session import reading, transaction
from models.tables import WorkOrderRow
from tests.workflows.world import SHOP, World


async def test_a_cut_against_a_fact_known_at_the_door_is_found_and_one_known_later_is_not(world: World) -> None:
    await world.open(SHOP)
    await world.until("2026-09-29 08:30")
    await world.decide(SHOP, RecommendDisconnection())
    asked = (await world.case(SHOP)).approvals[-1]
    await world.decide(SHOP, Approve(approval_id=asked.approval_id), by="sven")
    await world.until("2026-09-30 17:00")
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
