"""Do gate and law forbid the same at every stage, service, leave and day, whatever at most two facts are known?"""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC
from random import Random

import pytest

from domain.facts import Fact, FactKind
from domain.gate import gate
from domain.policy import Source
from domain.policy import Standing as Worth
from domain.rules.question import Question, Rule, silent
from domain.rules.registry import RULES
from domain.verdict import Action, Outcome
from tests.prove.conftest import Tell, Tried
from tests.prove.facts import EDGES, FACTS, facts_at, knowing
from tests.prove.law import TABLE
from tests.prove.pairs import Answers, Ask, Compared, compare, of_gate, of_law
from tests.prove.places import CITIES, Place, plain
from tests.prove.space import Standing, Standings, cases_of_households, cases_of_stages
from tests.rules.worked import policy

SHOWN_MAX = 10
SPACES: dict[str, tuple[Callable[[], Standings], tuple[str, ...], int]] = {
    "stage x service x leave x calendar class": (cases_of_stages, tuple(FACTS), 53),
    "household x moment, edges included": (cases_of_households, (*FACTS, *EDGES), 179),
}
"""Each space of cases, the facts that are known of them by twos, and of how many cases one is tried in `make test`."""


def gate_at(here: Standing, rules: tuple[Rule, ...] = RULES) -> dict[str, Ask]:
    return of_gate(here.place, here.case, here.action, policy(here.place.city), rules)


def table(here: Standing, names: tuple[str, ...]) -> dict[str, Fact]:
    every = facts_at(here.place)
    return {name: every[name] for name in names}


def answer(here: Standing, names: tuple[str, ...], rules: tuple[Rule, ...] = RULES) -> Compared:
    return compare(gate_at(here, rules), of_law(here.place, here.case, here.action), table(here, names))


def try_all(space: str, *, every: int = 1, first: int = 0) -> Iterator[tuple[Standing, Compared]]:
    cases, names, _ = SPACES[space]
    for make in itertools.islice(cases(), first, None, every):
        here = make()
        yield here, answer(here, names)


def told(space: str, found: list[Compared], started: float) -> str:
    sets, put = sum(each.sets for each in found), sum(each.put for each in found)
    seconds = time.perf_counter() - started
    return f"{space}: {len(found):,} cases, {sets:,} states by {put:,} answers in {seconds:.0f} s"


def parted(space: str, tell: Tell, tried: Tried, *, every: int, first: int = 0) -> list[str]:
    """Return where gate and law part in *space*, and tell how much was tried."""
    started, found, faults = time.perf_counter(), list[Compared](), list[str]()
    for here, compared in try_all(space, every=every, first=first):
        found.append(compared)
        faults += [f"{here.name}, {fault}" for fault in compared.parted]
    tell(told(space, found, started))
    tried(sum(each.sets for each in found))
    return faults[:SHOWN_MAX]


@pytest.mark.parametrize("space", SPACES)
def test_in_a_share_of_all_cases_gate_and_law_forbid_the_same_under_any_two_facts(
    space: str, tell: Tell, tried: Tried
) -> None:
    assert parted(space, tell, tried, every=SPACES[space][2]) == []


@pytest.mark.prove
@pytest.mark.timeout(0)
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("space", SPACES)
def test_in_every_case_gate_and_law_forbid_the_same_under_any_two_facts(
    space: str, half: int, tell: Tell, tried: Tried
) -> None:
    assert parted(space, tell, tried, every=2, first=half) == []


# --- may what follows be trusted? -------------------------------------------------------------------------------------


@pytest.mark.parametrize("space", SPACES)
def test_what_follows_is_what_the_whole_gate_says(space: str) -> None:
    chance = Random(11)
    cases, names, _ = SPACES[space]
    for make in itertools.islice(cases(), 0, None, 313):
        here = make()
        facts = table(here, names)
        rules = {rule: Answers(ask, facts) for rule, ask in gate_at(here).items() if rule in TABLE}
        for _ in range(20):
            two = tuple(chance.sample(names, 2))
            case, now = knowing(here.case, here.place, two), here.place.now.astimezone(UTC)
            verdict = gate(here.action, case, policy(here.place.city), now)
            follows = {rule for rule, answers in rules.items() if answers.to(two)}
            assert {each.rule for each in verdict.blocking} == follows, (here.name, two)


NOWHERE = Source("nowhere", Worth.ASSUMED)


def the_plain_case(city: str) -> Standing:
    place = Place(city, "open day")
    return Standing("plain", place, plain(place), Action.ACKNOWLEDGE_DISCONNECTION)


def with_rule(rule_id: str, find: Callable[[Question], Outcome]) -> tuple[Rule, ...]:
    return tuple(replace(rule, find=find) if rule.rule_id == rule_id else rule for rule in RULES)


@pytest.mark.parametrize("city", CITIES)
def test_a_rule_that_a_second_fact_silences_is_found(city: str) -> None:
    d12 = next(rule for rule in RULES if rule.rule_id == "D12")

    def forgetful(ask: Question) -> Outcome:
        found = d12.find(ask)
        return silent("D12", "", NOWHERE) if found.facts and ask.facts(FactKind.CONSENT) else found

    compared = answer(the_plain_case(city), tuple(FACTS), with_rule("D12", forgetful))
    assert any("life_support active + consent active" in fault for fault in compared.parted)


def test_a_rule_that_reads_facts_around_the_door_is_found() -> None:
    def peeking(ask: Question) -> Outcome:
        return silent("D20", f"{len(ask.case.known.facts)} facts", NOWHERE)

    with pytest.raises(AssertionError, match="around the question's doors"):
        answer(the_plain_case(CITIES[0]), tuple(FACTS), with_rule("D20", peeking))
