"""Which days of a period do not count, because a fact that pauses it was in effect?"""

from collections.abc import Iterable
from datetime import date, time, timedelta

from domain import parameters as par
from domain.calendar import DAY, CityCalendar
from domain.facts import Fact
from domain.policy import Policy, PolicyGap


def pausing_kinds(policy: Policy, on: date) -> tuple[str, ...]:
    """Return the kinds of fact whose days do not count in a notice's period; none in packs kept from before."""
    try:
        kinds: tuple[str, ...] = policy.at(par.NOTICE_PAUSED_BY, on)
    except PolicyGap:
        return ()
    return kinds


def paused_days(
    facts: Iterable[Fact], kinds: Iterable[str], calendar: CityCalendar, *, after: date, through: date
) -> frozenset[date]:
    """Return the city's days after *after* and through *through* on which a fact of *kinds* was in effect.

    A day counts as paused if such a fact was in effect at any moment of it, by the city's own clock, whether that day
    has 23, 24 or 25 hours. Overlapping facts pause a day once. One that was ended early pauses no later day; one that
    was withdrawn was never true and pauses none; one without an end pauses through *through*.
    """
    wanted, days = frozenset(kinds), set[date]()
    for fact in facts:
        if fact.kind not in wanted or fact.withdrawn_at is not None:
            continue
        first = max(after + DAY, calendar.day(fact.starts))
        last = through if fact.until is None else min(through, _last_day(calendar, fact))
        days.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return frozenset(days)


def _last_day(calendar: CityCalendar, fact: Fact) -> date:
    """Return the last day of which *fact* held some moment; the day before it began if it never held at all."""
    assert fact.until is not None, "only a fact that ends has a last day"
    if fact.until <= fact.starts:
        return calendar.day(fact.starts) - DAY
    on = calendar.day(fact.until)
    return on - DAY if calendar.at(on, time(0)) == fact.until else on


def counted_days(start: date, day: date, paused: frozenset[date]) -> int:
    """Return how many days of a period that began on *start* have run by *day*; the day of its start is day 0."""
    return (day - start).days - sum(start < each <= day for each in paused)
