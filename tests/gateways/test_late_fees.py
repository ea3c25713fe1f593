"""Billing charges for what is late when it issues a bill, and not for what stands under an agreement: both roads."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.money import Money
from gateways.fakes.city import FakeCity
from gateways.fakes.late_fees import LateFees
from tests.gateways.outer import CHICAGO, Outer
from tests.gateways.small_city import ANN, number, write_city
from tests.gateways.test_systems_contract import open_of, pay, rejected

RPU = LateFees(Decimal("0.65"), 500, 2_000)
BILLED, BILLED_AGAIN = datetime(2026, 9, 15, 18, tzinfo=UTC), datetime(2026, 10, 15, 18, tzinfo=UTC)
LATE = Money(17_000)  # two bills of August 5, one of September 7
SEP_1, OCT_1 = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def city(tmp_path: Path) -> FakeCity:
    return FakeCity(write_city(tmp_path / "city"), zone=CHICAGO, late_fees=RPU)


async def fees_of(outer: Outer, account_no: str = ANN) -> list[int]:
    return [cents for ref, cents in await open_of(outer, account_no) if ref.startswith("LF")]


async def test_what_is_late_when_the_next_bill_comes_is_charged_for(outer: Outer) -> None:
    outer.city.advance(BILLED)
    assert await fees_of(outer) == [500], "0.65 per cent of $170.00 is less than the least fee"


async def test_what_stands_under_an_agreement_is_not(outer: Outer) -> None:
    await outer.systems.billing.spare_late_fees("a/1", account_no=ANN, amount=LATE, on=SEP_1)
    outer.city.advance(BILLED)
    assert await fees_of(outer) == []


async def test_who_pays_the_current_bill_is_not_charged_though_the_money_goes_to_an_older_one(outer: Outer) -> None:
    await outer.systems.billing.spare_late_fees("a/1", account_no=ANN, amount=LATE, on=SEP_1)
    outer.city.advance(BILLED)
    await pay(outer, amount=Money(9_000), on=OCT_1)
    outer.city.advance(BILLED_AGAIN)
    assert await fees_of(outer) == []


async def test_what_the_agreement_does_not_cover_is_charged_for_all_the_same(outer: Outer) -> None:
    await outer.systems.billing.spare_late_fees("a/1", account_no=ANN, amount=LATE, on=SEP_1)
    outer.city.advance(BILLED_AGAIN)  # by then the bill of September is late
    assert await fees_of(outer) == [500]


async def test_an_agreement_that_has_ended_spares_nothing_from_its_day_on(outer: Outer) -> None:
    billing = outer.systems.billing
    await billing.spare_late_fees("a/1", account_no=ANN, amount=LATE, on=SEP_1)
    outer.city.advance(BILLED)
    first = await billing.spare_late_fees("a/2", account_no=ANN, amount=Money(0), on=OCT_1)
    assert await billing.spare_late_fees("a/2", account_no=ANN, amount=Money(0), on=OCT_1) == first
    outer.city.advance(BILLED_AGAIN)
    assert await fees_of(outer) == [500]


async def test_an_account_that_is_not_there_is_refused(outer: Outer) -> None:
    call = outer.systems.billing.spare_late_fees("a/1", account_no=number(99), amount=Money(0), on=SEP_1)
    assert await rejected(call) == "unknown-account"


@pytest.mark.parametrize(
    ("cents", "fee"), [(2_000, 0), (2_001, 500), (76_923, 500), (77_000, 501), (100_000, 650), (0, 0)]
)
def test_the_fee_is_the_greater_of_the_share_and_the_least_and_none_on_little(cents: int, fee: int) -> None:
    assert LateFees.parse("0.65:500:2000").on(cents) == fee
