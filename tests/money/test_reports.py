"""What the reports say came of the files, beside billing's own books."""

from datetime import date

from casework.context import Desk
from casework.money_reports import balances, exceptions, file_totals
from casework.payment_files import take_file
from models.users import Role
from tests.money.test_workflow import ON, aggregator, back, desk, paid, posted
from tests.workflows.world import SHOP, World


def clerk(world: World) -> Desk:
    return world.desk("sven", Role.SUPERVISOR)


async def test_the_reports_say_where_each_cent_is_and_what_needs_a_person(world: World) -> None:
    data = aggregator(paid("A1", cents=7_00), paid("A2", "123", 2_00), back("A9", 3_00))
    await posted(world, await take_file(desk(world), data, file_name="agg.csv", on=ON))

    totals, asked = file_totals(clerk(world)), exceptions(clerk(world))

    sums = {"total": 12_00, "posted": 7_00, "suspense": 5_00, "returned": 0, "clearing": 0, "refused": 0}
    assert totals == [{"day": "2026-09-01", "file": "agg.csv", **sums, "reason": ""}]
    assert [(line["kind"], line["reason"], line["cents"]) for line in asked] == [
        ("suspense", "wrong_length", 2_00),
        ("suspense_debit", "original_unknown", 3_00),
    ]


async def test_balances_are_those_at_the_close_of_the_day_asked_for(world: World) -> None:
    async def of_shop(as_of: date) -> int:
        lines = await balances(clerk(world), as_of=as_of)
        return sum(int(line["balance_cents"]) for line in lines if line["account_no"] == SHOP)

    row = await take_file(desk(world), aggregator(paid("A1", cents=7_00)), file_name="agg.csv", on=ON)
    await posted(world, row)

    assert await of_shop(date(2026, 8, 31)) - await of_shop(date(2026, 9, 1)) == 7_00
