"""Whose is money that has no place: what is suggested, why, and in which order."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Refused
from casework.payment_files import in_suspense
from casework.suspense import place, suggestions_for, suspense_lines
from domain.suspense import Lost, Near, name_key, near_numbers, suggest
from formats.account_no import LENGTH, check_digit, has_right_check_digit
from models.session import reading
from models.tables import AccountRow
from tests.money.teller import Teller, a_teller
from tests.money.test_workflow import ON, aggregator
from tests.workflows.world import CITY, SHOP, SHOPS

stems = st.text("0123456789", min_size=9, max_size=9).map(lambda nine: "4" + nine[1:])


def numbers(written: str) -> dict[str, Near]:
    return near_numbers(written, valid=has_right_check_digit, length=LENGTH)


@given(stems, st.integers(0, 8))
def test_two_digits_turned_about_are_found(stem: str, at: int) -> None:
    number = stem + check_digit(stem)
    turned = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    found = numbers(turned)
    if turned != number and not has_right_check_digit(turned) and turned[0] != "0":
        assert found[number] in {Near.TRANSPOSED, Near.CHECK_DIGIT}


@given(stems, st.integers(0, 9), st.sampled_from("0123456789"))
def test_a_digit_wrong_missing_or_too_many_is_found(stem: str, at: int, other: str) -> None:
    number = stem + check_digit(stem)
    wrong = number[:at] + other + number[at + 1 :]
    if wrong != number and wrong[0] != "0":
        assert number in numbers(wrong)
    if at:  # without its first digit a number may begin with zeros, which nobody can tell from none
        assert number in numbers(number[:at] + number[at + 1 :])
        assert number in numbers(number[:at] + other + number[at:])


def test_what_is_near_in_more_ways_comes_first() -> None:
    found = suggest(
        Lost(written="x", payer="DOE JANE", cents=84_20),
        numbers={"1": Near.ONE_DIGIT, "2": Near.ONE_DIGIT},
        named=["2", "3"],
        open_cents={"1": {84_20}, "2": {1}, "4": {84_20}},
    )
    assert [(each.account_no, each.near) for each in found] == [
        ("2", (Near.ONE_DIGIT, Near.NAME)),
        ("1", (Near.ONE_DIGIT, Near.AMOUNT)),
        ("3", (Near.NAME,)),
        ("4", (Near.AMOUNT,)),
    ]


def test_an_amount_that_many_stand_open_for_says_nothing() -> None:
    lost = Lost(written="", payer="", cents=50_00)
    assert suggest(lost, numbers={}, named=[], open_cents={str(each): {50_00} for each in range(4)}) == ()


def test_a_name_is_the_same_in_any_order_and_writing() -> None:
    assert name_key("Doe, Jane A.") == name_key("JANE A DOE")


@pytest.fixture
async def teller(tmp_path: Path) -> AsyncIterator[Teller]:
    with a_teller(f"sqlite:///{tmp_path / 'arrears.db'}", CITY) as opened:
        opened.on(ON)
        yield opened


async def test_the_desk_sees_whose_it_may_be_and_takes_the_suggestion(teller: Teller) -> None:
    owed = sum(bill.open.cents for bill in teller.city.billing.open_bills(SHOP).bills if bill.due_on < ON)
    slip = SHOP[:4] + SHOP[5] + SHOP[4] + SHOP[6:]
    rows = [
        f"P,A1,{slip},{owed},2026-09-01,web,A Payer,",
        f"P,A2,{SHOPS[1]},100,2026-09-01,web,A Payer,",
    ]
    await teller.take(aggregator(*rows), name="agg.csv", on=ON)
    (row,) = in_suspense(teller.desk())
    found = await suggestions_for(teller.desk(), row.entry_id)
    (line,) = await suspense_lines(teller.desk())
    placed = await place(teller.desk(), row.entry_id, account_no=found[0].account_no)

    assert (found[0].account_no, set(found[0].near)) == (SHOP, {Near.TRANSPOSED, Near.AMOUNT})
    assert str(line["suggested"]).startswith(f"{SHOP} (transposed, amount)")
    assert (placed.account_no, placed.state) == (SHOP, "matched")
    assert await suggestions_for(teller.desk(), row.entry_id) == ()
    with pytest.raises(Refused):
        await suggestions_for(teller.desk(), 10_000)


async def test_the_payers_name_finds_the_customer(teller: Teller) -> None:
    await teller.take(aggregator(f"P,A1,{SHOP},100,2026-09-01,web,,", file_id="F0"), name="first.csv", on=ON)
    with reading(teller.engine) as session:
        name = session.get_one(AccountRow, SHOP).name
    await teller.take(aggregator(f"P,A2,,100,2026-09-01,web,{name.upper()},"), name="agg.csv", on=date(2026, 9, 2))
    (row,) = in_suspense(teller.desk())

    assert [(each.account_no, each.near) for each in await suggestions_for(teller.desk(), row.entry_id)] == [
        (SHOP, (Near.NAME,))
    ]
