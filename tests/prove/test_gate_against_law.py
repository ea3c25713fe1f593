"""Does the gate forbid what the law forbids, and nothing else, in every state that we can name?"""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import cache, partial

import pytest

from domain.account import Service
from domain.calendar import DAY, Window
from domain.gate import gate
from domain.policy import Dated, Policy
from domain.rules.question import Question, Rule
from domain.rules.registry import RULES
from domain.verdict import DISCONNECTION_ACTIONS, Outcome, Verdict
from tests.prove.conftest import Tell, Tried
from tests.prove.law import TABLE, barred, closed, forbidden, holidays, law_of
from tests.prove.space import CITIES, State, States, by_chance, of_households, of_pairs, of_single_causes, of_stages
from tests.rules.worked import policy

D_RULES = tuple(rule for rule in RULES if rule.rule_id.startswith("D"))
SHOWN_MAX = 10

SPACES: dict[str, tuple[Callable[[], States], int, int]] = {
    "stages": (of_stages, 83, 5),
    "pairs": (of_pairs, 809, 61),
    "households": (of_households, 101, 7),
    "larger sets by chance": (lambda: by_chance(7, 300_000), 47, 1),
}
"""Each space, and of how many states one is put to the whole gate, in `make test` and in `make prove`: primes, so that
no axis is missed. Sets of at most two facts are all of them tried in `test_pairs_against_law`."""


def ask(state: State, pack: Policy | None = None, rules: tuple[Rule, ...] = RULES) -> Verdict:
    now = state.place.now.astimezone(UTC)
    return gate(state.action, state.case, pack or policy(state.place.city), now, rules=rules)


def law(state: State) -> frozenset[str]:
    return forbidden(state.place.city, state.case, state.action, state.place.now.astimezone(UTC))


def blocking(verdict: Verdict) -> frozenset[str]:
    return frozenset(outcome.rule for outcome in verdict.blocking)


def compare(states: States, *, every: int = 1) -> tuple[int, Counter[str], list[str]]:
    """Return how many states were tried, how often each rule forbade, and where gate and law part."""
    tried, forbade, parted = 0, Counter[str](), []
    for make in itertools.islice(states, 0, None, every):
        state = make()
        found, expected = blocking(ask(state)), law(state)
        tried += 1
        forbade.update(expected or ("lawful",))
        if found != expected:
            parted.append(f"{state.name}: gate alone {sorted(found - expected)}, law alone {sorted(expected - found)}")
    return tried, forbade, parted


def forbid_the_same(name: str, states: States, every: int, tell: Tell, tried: Tried) -> set[str]:
    """Tell how many of *states* were tried, see that gate and law part in none, and return which rules spoke."""
    started = time.perf_counter()
    count, forbade, parted = compare(states, every=every)
    counts = ", ".join(f"{rule} {often:,}" for rule, often in sorted(forbade.items()))
    tell(f"{name}: {count:,} states in {time.perf_counter() - started:.0f} s; {counts}")
    tried(count)
    assert not parted, parted[:SHOWN_MAX]
    return set(forbade)


@pytest.mark.parametrize("name", SPACES)
def test_in_a_slice_of_every_space_gate_and_law_forbid_the_same(name: str, tell: Tell, tried: Tried) -> None:
    states, every, _ = SPACES[name]
    spoke = forbid_the_same(name, states(), every, tell, tried)
    assert name != "households" or set(TABLE) | {"lawful"} == spoke, "a rule that never spoke was not tried"


@pytest.mark.prove
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", SPACES)
def test_in_a_larger_share_of_every_space_gate_and_law_forbid_the_same(name: str, tell: Tell, tried: Tried) -> None:
    states, _, every = SPACES[name]
    forbid_the_same(name, states(), every, tell, tried)


@pytest.mark.parametrize("city", CITIES)
def test_calendars_of_gate_and_law_close_on_the_same_days(city: str) -> None:
    calendar, of_city = policy(city).calendar, law_of(city)
    for year in range(2021, 2040):
        first = date(year, 1, 1)
        for offset in range(365):
            day = first + timedelta(days=offset)
            assert (day in calendar.legal_holidays) == (day in holidays(of_city.state, year)), day
            assert calendar.is_open(day) != closed(of_city, day), day


# --- what if a rule were wrong? ---------------------------------------------------------------------------------------


@cache
def single_causes() -> tuple[tuple[State, frozenset[str]], ...]:
    """Return the states in which one thing differs from the plain household, each with what the law says."""
    states = (make() for make in of_single_causes())
    return tuple((state, law(state)) for state in states)


def speaks(rule: str, state: State, verdict: Verdict) -> bool:
    """Say whether *rule* did its work in *verdict*: it forbade, or, for D11, named the debt that bars protection."""
    outcome = next((each for each in verdict.outcomes if each.rule == rule), None)
    return outcome is not None and bool(outcome.facts if rule == "D11" else outcome in verdict.blocking)


def must_speak(rule: str, state: State, expected: frozenset[str]) -> bool:
    if rule == "D11":
        return barred(state.place.city, state.case, state.action, state.place.now.astimezone(UTC))
    return rule in expected


def counterexample(rule: str, rules: tuple[Rule, ...], pack: Callable[[str], Policy] = policy) -> str:
    """Return a state in which *rule*, as *rules* and *pack* have it, does not do what the law says; empty if none."""
    for state, expected in single_causes():
        if speaks(rule, state, ask(state, pack(state.place.city), rules)) != must_speak(rule, state, expected):
            return state.name
    return ""


Find = Callable[[], str]
"""Looks for a counterexample to one mutant and returns the name of the state; empty if none is found."""


def left_out() -> Iterator[tuple[str, Find]]:
    """Yield each rule left out: a cut is let through that it alone forbids (D11: the debt it names is not seen)."""

    def find(rule: Rule) -> str:
        without = tuple(each for each in RULES if each is not rule)
        if rule.rule_id == "D11":
            return counterexample(rule.rule_id, without)
        alone = (state for state, expected in single_causes() if expected == {rule.rule_id})
        return next((state.name for state in alone if ask(state, rules=without).allows), "")

    for rule in D_RULES:
        yield f"{rule.rule_id} left out", partial(find, rule)


def off_by_a_day() -> Iterator[tuple[str, Find]]:
    """Yield each rule taking today for yesterday and for tomorrow."""

    def find(rule: Rule, days: int) -> str:
        def shifted(question: Question) -> Outcome:
            return rule.find(replace(question, on=question.on + days * DAY, now=question.now + days * DAY))

        return counterexample(rule.rule_id, (replace(rule, find=shifted),))

    for rule, days in itertools.product(D_RULES, (-1, 1)):
        yield f"{rule.rule_id} off by {days:+} day", partial(find, rule, days)


def restated(city: str, key: str, rule: str, value: object) -> tuple[str, Find]:
    """Return the mutant of *city*'s pack that states *value* under *key*, to be found by *rule*."""

    def find() -> str:
        pack, one = policy(city), tuple(each for each in RULES if each.rule_id == rule)
        dated = pack.values[key][-1]
        other = replace(pack, values=pack.values | {key: (Dated(dated.since, value, dated.source),)})
        return counterexample(rule, one, lambda name: other if name == city else policy(name))

    return f"{city} {key} = {value}", find


THRESHOLDS = {
    "notice.min_days_mailed": "D02", "notice.min_days_mailed_winter": "D02", "notice.min_days_hand": "D02",
    "notice.min_days_hand_winter": "D02", "notice.valid_days": "D01", "dnp.min_days_past_due": "D03",
    "dnp.min_days_past_due_water": "D03", "dnp.min_balance_cents": "D03", "dnp.cancel_threshold_cents": "D17",
    "dnp.reading_minutes": "G01", "medical.phone_grace_open_days": "D12", "medical.max_days": "D12",
    "tenant.notice_days": "D18", "pledge.hold_days": "D16", "payment.claimed_open_days": "D17",
    "bankruptcy.assurance_days": "D14", "bankruptcy.chapter_11_days": "D14", "winter.provider_notice_days": "D07",
}  # fmt: skip
UNUSED = {("las-cruces-nm", "winter.provider_notice_days")}  # New Mexico asks for no notice to a provider
MOMENTS_OFF = (
    ("dnp.window", Window.parse("07:59-15:00")),
    ("dnp.window", Window.parse("08:01-15:00")),
    ("dnp.window", Window.parse("08:00-14:59")),
    ("dnp.window", Window.parse("08:00-15:01")),
    ("dnp.blocked_weekdays", (5, 6)),
    ("dnp.blocked_weekdays", (3, 4, 5, 6)),
    ("dnp.block_day_before_holiday", False),
    ("dnp.early_close", tuple((weekday, "08:01") for weekday in range(5))),
    ("dnp.early_close", (("eve", "08:01"),)),
)


def packs_off_by_one() -> Iterator[tuple[str, Find]]:
    """Yield each threshold a day, cent or minute off, each season a day off at either edge, each moment one off."""
    for city in CITIES:
        for key, rule in THRESHOLDS.items():
            value = policy(city).values[key][-1].value
            assert isinstance(value, int)
            if (city, key) not in UNUSED:
                yield restated(city, key, rule, value - 1)
                yield restated(city, key, rule, value + 1)
        season = law_of(city).says("winter.season", date(2026, 1, 1))
        for edge, by in itertools.product((0, 1), (-1, 1)):
            moved = date(2027, *season[edge]) + by * DAY
            days = [tuple(day) for day in season]
            days[edge] = (moved.month, moved.day)
            yield restated(city, "winter.season", "D05" if city == "rochester-mn" else "D10", tuple(days))
        for key, off in MOMENTS_OFF:
            yield restated(city, key, "D08", off)


MUTANTS = dict((*left_out(), *off_by_a_day(), *packs_off_by_one()))


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_gate_that_is_wrong_in_one_place_is_found(mutant: str) -> None:
    assert MUTANTS[mutant](), "no state tells this gate from the law"


@pytest.mark.prove
@pytest.mark.timeout(0)
def test_of_every_gate_that_is_wrong_in_one_place_a_counterexample_is_told(tell: Tell) -> None:
    for mutant, find in MUTANTS.items():
        found = find()
        tell(f"{mutant}: {found}")
        assert found, mutant


def test_one_service_is_cut_in_each_city_and_every_act_is_asked() -> None:
    states = [state for state, _ in single_causes()]
    assert {state.case.orders[0].service for state in states if state.case.orders} >= {Service.ELECTRIC, Service.GAS}
    assert {state.action for state in states} == set(DISCONNECTION_ACTIONS[2:])
