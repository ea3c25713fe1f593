"""What the reports say came of the files, beside billing's own books."""

from datetime import date

import pytest

from casework.context import Desk
from casework.errors import Refused
from casework.money_reports import balances, bank_days, breaks, exceptions, file_totals
from casework.payment_files import take_file
from cli.reports import HEADS, heads_of, write_csv
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
    assert [(line["kind"], line["reason"], line["cents"], line["detail"]) for line in asked] == [
        ("suspense", "wrong_length", 2_00, "agg.csv, line 3"),
        ("suspense_debit", "original_unknown", 3_00, "agg.csv, line 4"),
    ]
    assert all(line["way_out"] for line in asked)
    assert heads_of("file-totals", totals) == list(totals[0])
    assert heads_of("exceptions", asked) == list(asked[0])


async def test_a_refused_file_is_named_with_record_rule_and_way_out(world: World) -> None:
    whole = aggregator(paid("A1", cents=7_00))
    cut, same = whole.rpartition(b"\nT,")[0], whole.replace(b"\n", b"\r\n")
    await posted(world, await take_file(desk(world), whole, file_name="agg.csv", on=ON))
    for data, name in ((cut, "cut.csv"), (same, "same.csv")):
        with pytest.raises(Refused) as raised:
            await take_file(desk(world), data, file_name=name, on=ON)
        assert name in raised.value.refusal.detail
        assert raised.value.refusal.way_out

    cut_line, same_line = exceptions(clerk(world))
    assert (cut_line["reason"], cut_line["file"], cut_line["cents"]) == ("truncated", "cut.csv", 7_00)
    assert str(cut_line["detail"]).startswith("cut.csv, line 2: the file ends before its trailer")
    assert (same_line["reason"], same_line["cents"]) == ("duplicate_file", 7_00)
    assert "agg.csv of 2026-09-01" in str(same_line["detail"])
    assert "aggregator/F1" in str(same_line["detail"])
    assert all(line["way_out"] for line in (cut_line, same_line))


async def test_reports_through_a_day_leave_out_what_came_later(world: World) -> None:
    await posted(world, await take_file(desk(world), aggregator(paid("A1", "123")), file_name="agg.csv", on=ON))
    before = date(2026, 8, 31)

    assert [len(ask(clerk(world), day)) for ask in (file_totals, exceptions) for day in (None, ON, before)] == [
        1,
        1,
        0,
    ] * 2
    assert bank_days(clerk(world), before) == breaks(clerk(world), before) == []


async def test_balances_of_a_day_before_the_books_begin_are_refused(world: World) -> None:
    with pytest.raises(Refused) as raised:
        await balances(clerk(world), as_of=date(2026, 8, 30))

    assert "2026-08-31" in raised.value.refusal.detail


@pytest.mark.parametrize("name", HEADS)
def test_a_report_without_lines_still_has_its_columns(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_csv([], heads_of(name, []))

    assert capsys.readouterr().out.split("\n") == [HEADS[name].replace(" ", ","), ""]


async def test_balances_are_those_at_the_close_of_the_day_asked_for(world: World) -> None:
    async def of_shop(as_of: date) -> int:
        lines = await balances(clerk(world), as_of=as_of)
        return sum(int(line["balance_cents"]) for line in lines if line["account_no"] == SHOP)

    row = await take_file(desk(world), aggregator(paid("A1", cents=7_00)), file_name="agg.csv", on=ON)
    await posted(world, row)

    assert await of_shop(date(2026, 8, 31)) - await of_shop(date(2026, 9, 1)) == 7_00
