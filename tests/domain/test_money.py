"""Money is whole cents, splits sum to the whole, and nothing is read that nobody would write."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import ZERO, Money, percent, split, total
from tests.strategies import AMOUNTS


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0", 0),
        ("12", 1_200),
        ("12.3", 1_230),
        ("12.34", 1_234),
        ("1,234.50", 123_450),
        (" $5.00 ", 500),
        ("-0.01", -1),
    ],
)
def test_dollars_are_read_to_the_cent(text: str, cents: int) -> None:
    assert Money.dollars(text) == Money(cents)


@pytest.mark.parametrize("text", ["", "abc", "1.005", "0.001", "NaN", "Infinity", "1e3", "--5", "1_000", "٣"])
def test_what_is_no_amount_to_the_cent_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount of money|fraction of a cent"):
        Money.dollars(text)


@given(st.integers(-(10**9), 10**9).map(Money))
def test_money_is_read_back_as_it_is_shown(amount: Money) -> None:
    assert Money.dollars(str(amount)) == amount


@given(AMOUNTS, st.lists(st.integers(0, 1_000), min_size=1, max_size=12).filter(any))
def test_a_split_sums_to_the_whole_and_each_part_is_within_a_cent_of_its_share(
    amount: Money, weights: list[int]
) -> None:
    parts = split(amount, weights)
    assert total(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.cents - Fraction(amount.cents * weight, sum(weights))) < 1


@given(AMOUNTS, st.lists(st.integers(0, 1_000), min_size=2, max_size=12).filter(any))
def test_the_cents_left_over_go_to_the_largest_remainders(amount: Money, weights: list[int]) -> None:
    whole = sum(weights)
    up = [w for part, w in zip(split(amount, weights), weights, strict=True) if part.cents > amount.cents * w // whole]
    down = [
        w for part, w in zip(split(amount, weights), weights, strict=True) if part.cents == amount.cents * w // whole
    ]
    remainders = [amount.cents * w % whole for w in up], [amount.cents * w % whole for w in down]
    assert not up or not down or min(remainders[0]) >= max(remainders[1])


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 1]])
def test_a_split_without_sensible_weights_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(Money(100), weights)


def test_a_hundred_dollars_in_three_gives_the_odd_cent_to_the_first() -> None:
    assert split(Money(10_000), [1, 1, 1]) == (Money(3_334), Money(3_333), Money(3_333))


@pytest.mark.parametrize(
    ("cents", "pct", "expected"), [(10_000, "10", 1_000), (10_001, "10", 1_001), (10_005, "0.65", 66), (0, "10", 0)]
)
def test_a_percentage_is_rounded_up_to_the_cent(cents: int, pct: str, expected: int) -> None:
    assert percent(Money(cents), Decimal(pct)) == Money(expected)


def test_money_is_ordered_signed_and_shown_in_dollars() -> None:
    assert -Money(5) < ZERO < Money(1)
    assert str(Money(-123_456)) == "-$1,234.56"
    assert not ZERO
