"""Days under a hold do not count where the rule says so: overlaps, early release, leap day and clock change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import DAY
from domain.facts import Fact, FactKind
from domain.gate import gate
from domain.rules.pauses import counted_days, paused_days
from domain.verdict import Action, Finding, Outcome
from tests.builders import CALENDAR, a_bill, a_fact, a_policy, at, day, noticed

KINDS = (FactKind.DISPUTE, FactKind.APPEAL)
PAUSES = a_policy(notice_paused_by=("dispute", "appeal"))
LEAP, SPRING, AUTUMN = day("2028-02-29"), day("2027-03-14"), day("2027-11-07")
HOUR = timedelta(hours=1)


def between(starts: str, until: str | None, kind: FactKind = FactKind.DISPUTE) -> Fact:
    return a_fact(kind, starts, until)


def paused(*facts: Fact, after: str = "2026-06-16", through: str = "2026-07-31") -> list[str]:
    return [str(d) for d in sorted(paused_days(facts, KINDS, CALENDAR, after=day(after), through=day(through)))]


def test_a_day_of_which_a_moment_was_held_does_not_count() -> None:
    assert paused(between("2026-06-18 23:59", "2026-06-20 00:01")) == ["2026-06-18", "2026-06-19", "2026-06-20"]


def test_the_midnight_at_which_it_ends_is_no_moment_of_the_next_day() -> None:
    assert paused(between("2026-06-18", "2026-06-19")) == ["2026-06-18"]


def test_overlapping_facts_pause_a_day_once() -> None:
    both = (between("2026-06-18", "2026-06-21"), between("2026-06-19", "2026-06-22", FactKind.APPEAL))
    assert paused(*both) == ["2026-06-18", "2026-06-19", "2026-06-20", "2026-06-21"]


def test_released_early_it_pauses_no_later_day_and_withdrawn_none_at_all() -> None:
    long = between("2026-06-18", "2026-07-10")
    assert paused(replace(long, until=at("2026-06-19 12:00"))) == ["2026-06-18", "2026-06-19"]
    assert paused(replace(long, withdrawn_at=at("2026-06-19"))) == []
    assert paused(replace(long, until=long.starts)) == []


def test_without_an_end_it_pauses_to_this_day_and_never_before_the_notice() -> None:
    assert paused(between("2026-06-01", None), through="2026-06-18") == ["2026-06-17", "2026-06-18"]


def test_another_kind_pauses_nothing() -> None:
    assert paused(between("2026-06-18", None, FactKind.PLEDGE)) == []


@pytest.mark.parametrize("on", [LEAP, SPRING, AUTUMN])
def test_a_leap_day_and_a_day_of_23_or_25_hours_are_one_day_each(on: date) -> None:
    start = on - 3 * DAY
    held = replace(between("2026-06-18", None), starts=CALENDAR.at(on, time(0)), until=CALENDAR.at(on + DAY, time(0)))
    assert paused_days((held,), KINDS, CALENDAR, after=start, through=on + 9 * DAY) == {on}
    assert counted_days(start, on + 2 * DAY, frozenset({on})) == 4
    assert counted_days(start, on + 2 * DAY, frozenset()) == 5


EDGES = (datetime(2028, 2, 25, tzinfo=UTC), datetime(2027, 3, 10, tzinfo=UTC), datetime(2027, 11, 3, tzinfo=UTC))


@st.composite
def some_facts(draw: st.DrawFn) -> tuple[date, list[Fact]]:
    """Return the day of a notice near a leap day or a change of clocks, and facts about it."""
    edge = draw(st.sampled_from(EDGES))
    facts = []
    for number in range(draw(st.integers(0, 4))):
        starts = edge + draw(st.integers(-100, 200)) * HOUR
        lasts = draw(st.none() | st.integers(0, 150))
        fact = replace(
            a_fact(draw(st.sampled_from((*KINDS, FactKind.PLEDGE))), "2026-06-18"),
            fact_id=str(number),
            starts=starts,
            until=None if lasts is None else starts + lasts * HOUR,
            withdrawn_at=draw(st.sampled_from((None, None, None, starts))),
        )
        facts.append(fact)
    return CALENDAR.day(edge), facts


@settings(max_examples=200, deadline=None)
@given(some_facts(), st.integers(0, 12))
def test_the_count_is_that_of_a_clerk_who_looks_at_every_quarter_of_an_hour(
    given_facts: tuple[date, list[Fact]], length: int
) -> None:
    start, facts = given_facts
    through = start + length * DAY
    seen = set()
    moment, end = CALENDAR.at(start + DAY, time(0)), CALENDAR.at(through + DAY, time(0))
    while moment < end:
        if any(fact.kind in KINDS and fact.holds(moment) for fact in facts):
            seen.add(CALENDAR.day(moment))
        moment += timedelta(minutes=15)
    found = paused_days(facts, KINDS, CALENDAR, after=start, through=through)
    assert found == seen
    assert counted_days(start, through, found) == length - len(seen)


@settings(max_examples=100, deadline=None)
@given(some_facts(), st.integers(1, 12))
def test_one_more_fact_never_makes_more_days_count(given_facts: tuple[date, list[Fact]], length: int) -> None:
    start, facts = given_facts
    through = start + length * DAY
    counts = [
        counted_days(start, through, paused_days(facts[:n], KINDS, CALENDAR, after=start, through=through))
        for n in range(len(facts) + 1)
    ]
    assert counts == sorted(counts, reverse=True)


def d02(now: str, *facts: Fact, policy: object = PAUSES) -> Outcome:
    verdict = gate(
        Action.RECOMMEND_DISCONNECTION,
        noticed(a_bill("2026-05-20"), now=now, facts=facts),
        policy,  # type: ignore[arg-type]
        at(now),
    )
    return next(outcome for outcome in verdict.outcomes if outcome.rule == "D02")


@pytest.mark.parametrize(
    ("now", "finding"),
    [("2026-06-28 09:00", Finding.BLOCKS), ("2026-06-29 09:00", Finding.PASSES), ("2026-06-30 09:00", Finding.PASSES)],
)
def test_a_notice_runs_its_full_days_beside_those_of_a_dispute(now: str, finding: Finding) -> None:
    """Served on the 16th, ten days; in dispute on the 18th, 19th and 20th: it has run on the 29th, not the 26th."""
    dispute = between("2026-06-18 10:00", "2026-06-20 15:00")
    found = d02(now, dispute)
    assert found.finding is finding
    (sums,) = found.arithmetic
    assert (sums.days, sums.result) == (13, day("2026-06-29"))
    assert sums.start + timedelta(days=sums.days) == sums.result
    assert d02("2026-06-26 09:00", dispute, policy=a_policy()).finding is Finding.PASSES
