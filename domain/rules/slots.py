"""At which moments may a crew cut service, whoever the customer is?"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import cast

from domain import parameters as par
from domain.calendar import DAY, SEARCH_DAYS_MAX, Window
from domain.policy import Policy, PolicyGap

FRIDAY = 4
EVE = "eve"  # of a day on which the offices are closed
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_faults(policy: Policy, day: date) -> Iterator[str]:
    """Yield why nobody may be cut on *day*, in words that follow "it is"; nothing if the day is lawful.

    Friday comes first when it is among them, because it alone has an exception.
    """
    calendar = policy.calendar
    if day.weekday() in policy.at(par.DNP_BLOCKED_WEEKDAYS, day):
        yield f"a {WEEKDAYS[day.weekday()]}"
    if day in calendar.legal_holidays:
        yield "a holiday"
    elif not calendar.is_open(day):
        yield "a day on which the offices are closed"
    if policy.at(par.DNP_BLOCK_EVE, day) and day + DAY in calendar.legal_holidays:
        yield "the day before a holiday"


def lawful_day(policy: Policy, day: date) -> bool:
    """Say whether a crew may cut service at some time of *day*."""
    return next(day_faults(policy, day), None) is None


def cutting_hours(policy: Policy, day: date) -> Window:
    """Return between which hours a crew may cut on *day*, if it is lawful: some days end early."""
    window = policy.at(par.DNP_WINDOW, day)
    return Window(window.opens, min((window.closes, *_early(policy, day))))


def _early(policy: Policy, day: date) -> Iterator[time]:
    try:
        stated = cast("tuple[tuple[int | str, str], ...]", policy.at(par.DNP_EARLY_CLOSE, day))
    except PolicyGap:  # a pack from before a day could end early, which cases may still go by
        return
    for on, clock in stated:
        if on == day.weekday() or (on == EVE and not policy.calendar.is_open(day + DAY)):
            yield time.fromisoformat(clock)


def next_slot(policy: Policy, at: datetime) -> datetime:
    """Return *at* if a crew may cut service then, else the first later instant at which one may.

    Raises:
        ValueError: no day within more than a year is lawful.
    """
    calendar = policy.calendar
    first = calendar.day(at)
    for offset in range(SEARCH_DAYS_MAX):
        day = first + timedelta(days=offset)
        window = cutting_hours(policy, day)
        if at < calendar.at(day, window.closes) and lawful_day(policy, day):
            return max(at, calendar.at(day, window.opens))
    raise ValueError(f"no lawful slot within {SEARCH_DAYS_MAX} days from {first}")
