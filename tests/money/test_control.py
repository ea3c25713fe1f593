"""How far back billing is asked when a day is held against it, and what is found all the same."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from activities.mirror import mirror
from casework.control import BEGINNING
from casework.reconciliation import Day, close, reconcile
from domain.calendar import DAY
from domain.money import Money
from gateways.billing import Billing, ControlLine, PostPayment, ReturnPayment
from models.users import Role
from tests.money.teller import Teller, a_teller
from tests.money.test_workflow import aggregator, paid
from tests.workflows.world import CITY, SHOP

TUESDAY = date(2026, 9, 1)
WEDNESDAY, THURSDAY, FRIDAY = TUESDAY + DAY, TUESDAY + 2 * DAY, TUESDAY + 3 * DAY


class AskedBilling:
    """Billing, with a note of the days from which its control accounts were asked."""

    def __init__(self, billing: Billing) -> None:
        self._billing = billing
        self.since: list[date] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._billing, name)

    async def control(self, *, since: date, through: date) -> tuple[ControlLine, ...]:
        self.since.append(since)
        return await self._billing.control(since=since, through=through)


@pytest.fixture
async def teller(tmp_path: Path) -> AsyncIterator[Teller]:
    with a_teller(f"sqlite:///{tmp_path / 'arrears.db'}", CITY) as opened:
        opened.on(TUESDAY)
        await mirror(opened.engine, opened.systems.billing, opened.policy, [SHOP], at=opened.clock.now())
        opened.systems = replace(opened.systems, billing=AskedBilling(opened.systems.billing))  # type: ignore[arg-type]
        yield opened


async def held(teller: Teller, on: date) -> tuple[Day, list[date]]:
    """Return the day held against billing, and from which days on billing was asked for that."""
    if teller.policy.calendar.day(teller.clock.now()) < on:
        teller.on(on)
    billing = teller.systems.billing
    assert isinstance(billing, AskedBilling)
    billing.since.clear()
    day = await reconcile(teller.desk(), on)
    return day, list(billing.since)


def enter(teller: Teller, key: str, cents: int, *, on: date) -> str:
    """Let billing post money of its own, of which we hear nothing."""
    payment = PostPayment(account_no=SHOP, amount=Money(cents), on=on, source="web", trace=key)
    return teller.city.billing.apply(key, payment).ref


def broken(day: Day) -> list[tuple[str, int, int]]:
    return [(row.source, row.ours_cents, row.theirs_cents) for row in day.breaks]


async def test_billing_is_asked_no_further_back_than_the_day_that_was_held_last(teller: Teller) -> None:
    _, first = await held(teller, TUESDAY)
    await teller.take(aggregator(paid("A1", cents=7_00)), name="agg.csv", on=WEDNESDAY)
    await held(teller, WEDNESDAY)
    day, asked = await held(teller, THURSDAY)

    assert first == [BEGINNING, TUESDAY]
    assert asked == [THURSDAY]
    assert [row.source for row in day.breaks if row.kind == "billing"] == []
    assert day.figures["control"]["moved"]["payments"] == -7_00


async def test_what_billing_enters_late_for_a_day_long_held_is_found_on_the_next(teller: Teller) -> None:
    for on in (TUESDAY, WEDNESDAY):
        await held(teller, on)
    enter(teller, "late", 3_00, on=TUESDAY)
    day, asked = await held(teller, THURSDAY)

    assert asked == [THURSDAY, BEGINNING, THURSDAY]
    assert broken(day) == [("payments", 0, -3_00)]


async def test_what_we_post_late_for_a_day_long_held_ties(teller: Teller) -> None:
    for on in (TUESDAY, WEDNESDAY):
        await held(teller, on)
    await teller.take(aggregator(paid("A1", cents=7_00)), name="agg.csv", on=TUESDAY)
    day, _ = await held(teller, THURSDAY)

    assert [row.source for row in day.breaks if row.kind == "billing"] == []


async def test_a_difference_that_stands_is_named_each_day_without_asking_for_everything(teller: Teller) -> None:
    enter(teller, "stray", 3_00, on=TUESDAY)
    await held(teller, TUESDAY)
    day, asked = await held(teller, WEDNESDAY)

    assert asked == [WEDNESDAY]
    assert broken(day) == [("payments", 0, -3_00)]


async def test_a_day_is_closed_over_all_that_billing_says(teller: Teller) -> None:
    for on in (TUESDAY, WEDNESDAY):
        await held(teller, on)
    # Entered and taken back for a day long held: what is owed is the same, and so no opening shows it.
    ref = enter(teller, "in and out", 3_00, on=TUESDAY)
    teller.city.billing.apply("back", ReturnPayment(payment_ref=ref, reason="R01", on=TUESDAY))
    unseen, _ = await held(teller, THURSDAY)
    teller.on(FRIDAY)
    with pytest.raises(Exception, match="unexplained-breaks"):
        await close(teller.desk("sven", Role.SUPERVISOR), THURSDAY)
    day, _ = await held(teller, THURSDAY)

    assert broken(unseen) == []
    assert {row.source for row in day.earlier} | {row.source for row in day.breaks} == {"payments", "returns"}
