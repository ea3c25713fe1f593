"""Does each rule answer as its worked examples say, and does each have enough of them?"""

from collections import defaultdict

import pytest

from domain.gate import gate
from domain.rules.registry import RULES
from domain.verdict import Finding
from tests.rules.worked import Example, case_of, examples, instant, policy

EXAMPLES = examples()
NEVER_BLOCK = {"C05", "C06", "D11"}  # they state a fact on which a person or another rule acts
MINNESOTA_ONLY = {"D05", "D07", "D13"}
NEVER_ALLOW = {("T05", "las-cruces-nm"), ("T06", "rochester-mn"), ("T07", "las-cruces-nm")}  # unknown to that State
NEW_MEXICO_ONLY = {"D10", "D11"}
CITIES = {"rochester-mn", "las-cruces-nm"}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_rule_answers_as_the_example_says(example: Example) -> None:
    verdict = gate(example.action, case_of(example), policy(example.city), instant(example.now, example.city))
    found = {outcome.rule: outcome for outcome in verdict.outcomes}
    outcome = found[example.rule]
    assert outcome.finding is example.expect, outcome.says
    blocking = {each.rule: each.says for each in verdict.blocking}
    assert blocking.keys() == example.also | ({example.rule} if example.expect is Finding.BLOCKS else set()), blocking
    assert outcome.says.endswith(".")
    assert outcome.citation
    assert outcome.standing in {"law", "policy", "assumed", "counsel"}
    if example.expect is Finding.BLOCKS:
        assert outcome.way_out
    if example.until == "never":
        assert outcome.until is None
    elif example.until is not None:
        assert outcome.until is not None
        assert not isinstance(example.until, str)
        assert outcome.until == instant(example.until, example.city)


@pytest.mark.parametrize("rule", [rule.rule_id for rule in RULES])
def test_every_rule_has_examples_that_block_and_that_do_not_in_each_city_it_binds(rule: str) -> None:
    seen: dict[str, set[Finding]] = defaultdict(set)
    for example in EXAMPLES:
        if example.rule == rule:
            seen[example.city].add(example.expect)
    cities = CITIES
    cities = cities & {"rochester-mn"} if rule in MINNESOTA_ONLY else cities
    cities = cities & {"las-cruces-nm"} if rule in NEW_MEXICO_ONLY else cities
    for city in cities:
        assert rule in NEVER_BLOCK or Finding.BLOCKS in seen[city], f"{rule} never blocks in {city}"
        assert (rule, city) in NEVER_ALLOW or seen[city] - {Finding.BLOCKS}, f"{rule} never allows in {city}"


def test_names_of_examples_are_told_apart() -> None:
    names = [str(example) for example in EXAMPLES]
    assert len(names) == len(set(names))
