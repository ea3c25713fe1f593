"""A simulated year adds up, is the same for the same seed, and shows what another pack changes for the same people."""

from dataclasses import replace
from datetime import date, time

import pytest

from domain.parameters import OFFICE_HOURS
from domain.policy import Policy
from simulator.desk import Team
from simulator.year import Scope, Year, live_year
from tests.builders import POLICY, a_policy

SCOPE = Scope(accounts=400, first=date(2026, 3, 1), days=240)


@pytest.fixture(scope="module")
def year() -> Year:
    return live_year(SCOPE, POLICY)


def test_nobody_is_cut_wrongly_and_no_crew_is_out_beyond_its_hours(year: Year) -> None:
    assert year.total("cut") > 0
    assert (year.wrong, year.crowded) == (0, 0)


def test_every_case_that_opened_is_closed_or_still_open(year: Year) -> None:
    closed = year.total("closed_paid") + year.total("closed_otherwise")
    assert year.total("opened") == year.cases == closed + year.months[-1].past_due_accounts


def test_a_home_that_went_off_is_on_again_or_still_off(year: Year) -> None:
    assert year.total("cut") == year.total("restored") + year.months[-1].off


def test_the_same_seed_is_the_same_year_and_another_seed_another(year: Year) -> None:
    assert live_year(SCOPE, POLICY) == year
    assert live_year(replace(SCOPE, seed=2), POLICY).months != year.months


def test_most_of_what_is_billed_is_paid_and_three_to_thirteen_in_a_hundred_are_past_due(year: Year) -> None:
    billed, paid = (sum(getattr(month, what) for month in year.months) for what in ("billed_cents", "paid_cents"))
    assert 0.85 < paid / billed < 1
    shares = [month.past_due_accounts / year.accounts for month in year.months[2:]]
    assert all(0.03 < share < 0.13 for share in shares), shares


@pytest.mark.parametrize(
    ("changed", "fewer"),
    [
        (a_policy(dnp_min_balance=10_000_000), "cut"),
        (a_policy(reminder_days=14), "reminders"),
    ],
    ids=["no sum is cut for", "reminders later"],
)
def test_under_another_pack_the_same_households_are_billed_the_same_and_less_is_done(
    changed: Policy, fewer: str, year: Year
) -> None:
    other = live_year(SCOPE, changed)
    assert [month.billed_cents for month in other.months] == [month.billed_cents for month in year.months]
    assert other.total(fewer) < year.total(fewer)


def test_what_does_not_fit_a_day_of_the_desk_waits_for_the_next_open_day() -> None:
    team, friday = Team(POLICY, 2), POLICY.calendar.at(date(2026, 3, 6), time(9))
    slots = [POLICY.calendar.day(team.slot(friday, "call")) for _ in range(100)]
    assert slots == sorted(slots)
    assert set(slots) == {date(2026, 3, 6), date(2026, 3, 9)}
    hours = POLICY.at(OFFICE_HOURS, date(2026, 3, 6))
    minutes = (hours.closes.hour - hours.opens.hour) * 60 * 2
    assert team.minutes[date(2026, 3, 6)] <= minutes
    assert slots.count(date(2026, 3, 6)) > minutes // 12 - 12
