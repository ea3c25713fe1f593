"""Does a lien bear interest as its worked examples say, and as a second count, day by day, finds?"""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import parameters as p
from domain.liens import Left, accruals, interest
from domain.money import Money
from domain.policy import Dated, Policy, Source, Standing
from tests.rules.worked import FOLDER, policy

EXAMPLES = tomllib.loads((FOLDER / "liens" / "interest.toml").read_text())["example"]
FILED = date(2026, 1, 1)
SAYS = Source("as this test says", Standing.POLICY)


def pack(*rates: tuple[date, Decimal]) -> Policy:
    """Return New Mexico's pack, with *rates* if any are named."""
    state = policy("las-cruces-nm")
    if not rates:
        return state
    stated = tuple(Dated(since, value, SAYS) for since, value in rates)
    return replace(state, values={**state.values, p.LIEN_INTEREST_PCT.key: stated})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each["name"])
def test_a_lien_bears_interest_as_its_example_says(example: dict[str, Any]) -> None:
    rates = [(each["from"], Decimal(each["value"])) for each in example.get("rates", [])]
    lefts = [Left(on=each["on"], amount=Money.dollars(each["amount"])) for each in example["lefts"]]
    parts = accruals(lefts, pack(*rates), through=example["through"])
    assert interest(parts) == Money.dollars(example["interest"])


def test_names_of_examples_about_liens_are_told_apart() -> None:
    assert len({each["name"] for each in EXAMPLES}) == len(EXAMPLES)


@given(
    sums=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 100_000)), max_size=6),
    rates=st.lists(st.tuples(st.integers(-50, 450), st.integers(0, 12)), max_size=3),
    days=st.integers(0, 500),
)
def test_interest_is_what_a_count_day_by_day_finds(
    sums: list[tuple[int, int]], rates: list[tuple[int, int]], days: int
) -> None:
    by_day = {FILED + timedelta(days=day): Money(cents) for day, cents in [(0, 50_000), *sums]}
    dated = {date(2018, 1, 31): 12} | {FILED + timedelta(days=day): pct for day, pct in sorted(rates)}
    lefts = [Left(on=on, amount=by_day[on]) for on in sorted(by_day)]
    through = FILED + timedelta(days=days)
    exact, left = Fraction(0), by_day[FILED]
    for number in range(1, days + 1):
        day = FILED + timedelta(days=number)
        rate = dated[max(since for since in dated if since <= day)]
        exact += Fraction(left.cents * rate, 36_500)
        left = by_day.get(day, left)
    found = accruals(lefts, pack(*((on, Decimal(pct)) for on, pct in sorted(dated.items()))), through=through)
    assert interest(found) == Money(int(exact + Fraction(1, 2)))
    assert sum(part.days for part in found) <= days
