"""Do agreements turn out as their worked examples say, in both cities and under other cities' published terms?"""

from collections import defaultdict
from datetime import datetime
from typing import Any

import pytest

from domain import commands as c
from domain.case import ARRANGEMENT, ARRANGEMENT_EXCEPTION
from domain.decide import decide
from domain.events import ApprovalAsked, ArrangementAgreed, ExtensionGranted
from domain.money import ZERO
from domain.terms import Judged, judge
from domain.verdict import Refusal
from tests.rules.agreed import Agreed, ask_of, examples, household_of, told
from tests.rules.worked import PLAIN_NOW, instant, policy

EXAMPLES = examples()
ASKED = [example for example in EXAMPLES if "ask" in example.says]
LIVED = [example for example in EXAMPLES if "happens" in example.says]
CITIES = {"rochester-mn", "las-cruces-nm"}
ACTS = {ARRANGEMENT: "senior", ARRANGEMENT_EXCEPTION: "supervisor"}


@pytest.mark.parametrize("example", ASKED, ids=str)
def test_terms_are_agreed_or_asked_about_or_refused_as_the_example_says(example: Agreed) -> None:
    says: dict[str, Any] = example.says
    now: datetime = says.get("now", PLAIN_NOW)
    case, command, at = household_of(example), ask_of(says["ask"]), instant(now, example.city)
    pack = policy(example.city)
    answer = decide(case, c.Decision(key="q", at=at, by="rosa", command=command), pack, at)
    if isinstance(answer, Refusal):
        assert ("refused", list(answer.rules)) == (says["expect"], says["rules"]), answer.detail
        assert answer.way_out
        return
    body = answer[-1].body
    if isinstance(body, ApprovalAsked):
        assert ACTS[body.act] == says["expect"]
        assert isinstance(command, c.AgreeArrangement)
        judged = judge(case, command, pack, at)
        assert isinstance(judged, Judged)
        assert [outcome.rule for outcome in judged.exceptions] == says["rules"]
        assert all(outcome.citation and outcome.way_out for outcome in judged.exceptions)
        return
    assert says["expect"] == "agreed", body
    assert isinstance(body, ArrangementAgreed | ExtensionGranted)
    if isinstance(body, ArrangementAgreed):
        check_terms(body, says)


def check_terms(body: ArrangementAgreed, says: dict[str, Any]) -> None:
    schedule = body.arrangement.schedule
    down = next((part.amount for part in schedule if part.number == 0), ZERO)
    assert str(down) == "$" + says.get("down", str(down)[1:])
    assert sum(1 for part in schedule if part.number) == says.get("instalments", sum(1 for p in schedule if p.number))
    assert schedule[-1].due_on == says.get("last_due_on", schedule[-1].due_on)


@pytest.mark.parametrize("example", LIVED, ids=str)
def test_a_life_goes_as_the_example_tells(example: Agreed) -> None:
    assert told(example) == example.says["told"]


@pytest.mark.parametrize("rule", [f"A{number:02}" for number in range(1, 13)])
def test_every_rule_of_agreements_has_examples_in_both_cities(rule: str) -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for example in EXAMPLES:
        seen[example.rule].add(example.city)
    assert seen[rule] >= CITIES


def test_names_of_examples_are_told_apart() -> None:
    names = [str(example) for example in EXAMPLES]
    assert len(names) == len(set(names))
