"""The city's day, clock and open days, on the days on which calendars go wrong."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import SEARCH_DAYS_MAX, CityCalendar, Window, in_season, spread
from tests.builders import CALENDAR, at, day
from tests.strategies import DAYS


def test_an_instant_belongs_to_the_citys_day_not_to_greenwichs() -> None:
    assert CALENDAR.day(datetime(2026, 6, 2, 4, 59, tzinfo=UTC)) == day("2026-06-01")
    assert CALENDAR.day(datetime(2026, 6, 2, 5, 0, tzinfo=UTC)) == day("2026-06-02")


def test_the_night_that_loses_an_hour_has_23_hours() -> None:
    assert at("2026-03-09") - at("2026-03-08") == timedelta(hours=23)


def test_the_night_that_gains_an_hour_has_25_hours() -> None:
    assert at("2026-11-02") - at("2026-11-01") == timedelta(hours=25)


def test_a_time_that_the_clock_skips_is_taken_an_hour_later() -> None:
    assert CALENDAR.clock(at("2026-03-08 02:30")) == time(3, 30)


def test_a_time_that_comes_twice_is_taken_the_first_time() -> None:
    assert at("2026-11-01 01:30") == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@given(DAYS, st.times())
def test_a_local_time_on_a_day_lies_on_that_day(on: date, clock: time) -> None:
    assert CALENDAR.day(CALENDAR.at(on, clock.replace(tzinfo=None))) == on


@pytest.mark.parametrize(
    ("on", "opens"),
    [
        ("2026-06-05", "2026-06-05"),
        ("2026-06-06", "2026-06-08"),
        ("2026-06-07", "2026-06-08"),
        ("2026-07-03", "2026-07-06"),  # the holiday, observed on a Friday
        ("2026-12-25", "2026-12-28"),
        ("2027-01-01", "2027-01-04"),  # over the end of the year
        ("2028-02-29", "2028-02-29"),
    ],
)
def test_a_closed_day_moves_to_the_next_open_one(on: str, opens: str) -> None:
    assert CALENDAR.open_day(day(on)) == day(opens)


def test_open_days_are_counted_after_the_first_day() -> None:
    assert CALENDAR.add_open_days(day("2026-07-02"), 1) == day("2026-07-06")
    assert CALENDAR.add_open_days(day("2026-07-04"), 1) == day("2026-07-06")
    assert CALENDAR.add_open_days(day("2026-07-04"), 0) == day("2026-07-06")
    assert CALENDAR.add_open_days(day("2026-12-31"), 1) == day("2027-01-04")


@given(DAYS, st.integers(0, 30))
def test_n_open_days_later_is_open_and_n_open_days_lie_up_to_it(on: date, count: int) -> None:
    later = CALENDAR.add_open_days(on, count)
    assert CALENDAR.is_open(later)
    between = [on + timedelta(days=n) for n in range(1, (later - on).days + 1)]
    assert count == 0 or sum(CALENDAR.is_open(each) for each in between) == count


def test_bank_days_follow_the_banks_calendar() -> None:
    calendar = CityCalendar(zone="America/Chicago", bank_closed=frozenset({day("2026-10-12")}))
    assert calendar.bank_day(day("2026-10-10")) == day("2026-10-13")
    assert calendar.open_day(day("2026-10-10")) == day("2026-10-12")


def test_a_calendar_that_never_opens_is_a_fault() -> None:
    shut = CityCalendar(
        zone="America/Chicago", city_closed=frozenset(day("2026-01-01") + timedelta(n) for n in range(SEARCH_DAYS_MAX))
    )
    with pytest.raises(ValueError, match="no open day"):
        shut.open_day(day("2026-01-01"))


@given(st.text(), st.integers(1, 100_000))
def test_work_is_spread_within_its_span_by_its_name_alone(key: str, seconds: int) -> None:
    start = at("2026-06-08 08:00")
    instant = spread(key, start=start, end=start + timedelta(seconds=seconds))
    assert start <= instant < start + timedelta(seconds=seconds)
    assert instant == spread(key, start=start, end=start + timedelta(seconds=seconds))


def test_work_of_many_cases_is_not_due_at_one_instant() -> None:
    start, end = at("2026-06-08 08:00"), at("2026-06-08 17:00")
    minutes = {spread(f"case-{n}", start=start, end=end).replace(second=0) for n in range(1_000)}
    assert len(minutes) > 400


def test_an_empty_span_is_its_start() -> None:
    assert spread("x", start=at("2026-06-08"), end=at("2026-06-08")) == at("2026-06-08")


WINTER = {"start": (10, 1), "end": (4, 30)}


@pytest.mark.parametrize(
    ("on", "winter"),
    [
        ("2026-09-30", False),
        ("2026-10-01", True),
        ("2026-12-31", True),
        ("2027-01-01", True),
        ("2028-02-29", True),
        ("2027-04-30", True),
        ("2027-05-01", False),
    ],
)
def test_a_season_may_run_over_the_new_year(on: str, *, winter: bool) -> None:
    assert in_season(day(on), **WINTER) is winter


@pytest.mark.parametrize(("on", "summer"), [("2026-04-30", False), ("2026-05-01", True), ("2026-09-30", True)])
def test_a_season_may_lie_within_a_year(on: str, *, summer: bool) -> None:
    assert in_season(day(on), start=(5, 1), end=(9, 30)) is summer


def test_a_window_is_read_and_closes_after_it_opens() -> None:
    assert Window.parse("08:00-15:00") == Window(time(8), time(15))
    with pytest.raises(ValueError, match="opens before it closes"):
        Window.parse("15:00-08:00")
