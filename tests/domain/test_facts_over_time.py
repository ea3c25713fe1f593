"""Overlapping, late and corrected facts: what the gate sees does not depend on the order in which they came in."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain import events as ev
from domain.case import Case
from domain.decide import stamp
from domain.facts import Fact, FactKind, standing
from domain.gate import gate
from domain.take import take
from domain.verdict import Action, Refusal
from tests.builders import POLICY, asked, at, noticed

NOW = at("2026-06-29 09:00")
KINDS = (FactKind.MEDICAL_CERTIFICATE, FactKind.MILITARY_ORDERS, FactKind.DISPUTE, FactKind.DECEASED, FactKind.HOLD)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """Return a fact that began up to sixty days ago or begins soon, ends or not, and was known then or only later."""
    starts = NOW + timedelta(hours=draw(st.integers(-1440, 48)))
    lasts = draw(st.one_of(st.none(), st.integers(1, 1440)))
    return Fact(
        fact_id=f"f{draw(st.integers(0, 10**9))}",
        kind=draw(st.sampled_from(KINDS)),
        starts=starts,
        until=None if lasts is None else starts + timedelta(hours=lasts),
        known_at=starts + timedelta(hours=draw(st.integers(0, 240))),
        details={"form": "written"},
    )


FACTS = st.lists(facts(), max_size=6, unique_by=lambda fact: fact.fact_id)


def entered(order: list[Fact]) -> Case:
    """Return the noticed case after *order* was recorded, one by one."""
    case = noticed(now="2026-06-29 09:00")
    for fact in order:
        for event in stamp(case, (ev.FactRecorded(fact=fact),), key=fact.fact_id, at=NOW, by="rep", policy=POLICY):
            case = take(case, event)
    return case


def judged(case: Case, when: datetime = NOW) -> list[tuple[str, str, datetime | None]]:
    looked = case.looking(replace(case.known, at=when))
    verdict = gate(Action.RECOMMEND_DISCONNECTION, looked, POLICY, when)
    return [(outcome.rule, str(outcome.finding), outcome.until) for outcome in verdict.outcomes]


@given(FACTS, st.randoms())
def test_the_order_in_which_facts_come_in_changes_no_verdict(found: list[Fact], chance: Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert judged(entered(found)) == judged(entered(shuffled))


@given(FACTS, facts())
def test_a_fact_withdrawn_leaves_no_trace_in_any_verdict(found: list[Fact], mistaken: Fact) -> None:
    others = [fact for fact in found if fact.fact_id != mistaken.fact_id and fact.kind is not FactKind.DISPUTE]
    if mistaken.kind is FactKind.DISPUTE:
        return  # that is ended by its reviewer, never withdrawn
    case = entered([*others, mistaken])
    events = asked(case, "2026-06-29 09:00", c.CorrectFact(fact_id=mistaken.fact_id, because="another account"))
    assert not isinstance(events, Refusal)
    for event in events:
        case = take(case, event)
    assert judged(case) == judged(entered(others))


@given(FACTS, facts(), st.integers(-720, 720))
def test_a_corrected_fact_is_judged_as_if_it_had_been_right_from_the_start(
    found: list[Fact], wrong: Fact, moved: int
) -> None:
    others = [fact for fact in found if fact.fact_id != wrong.fact_id]
    right = replace(wrong, fact_id="right", starts=wrong.starts + timedelta(hours=moved), until=None)
    case = entered([*others, wrong])
    for event in stamp(
        case, (ev.FactRecorded(fact=right, replaces=wrong.fact_id),), key="fix", at=NOW, by="rep", policy=POLICY
    ):
        case = take(case, event)
    assert judged(case) == judged(entered([*others, right]))


@given(FACTS)
def test_of_overlapping_facts_the_last_end_counts(found: list[Fact]) -> None:
    case = entered(found)
    for kind in (FactKind.MILITARY_ORDERS, FactKind.HOLD):
        ends = [fact.until for fact in standing(case.known.facts, kind, NOW)]
        rule = {FactKind.MILITARY_ORDERS: "D13", FactKind.HOLD: "G03"}[kind]
        outcome = next(each for each in judged(case) if each[0] == rule)
        if not ends:
            assert outcome[1] == "silent"
        elif None in ends:
            assert outcome[2] is None
        else:
            assert outcome[2] == max(end for end in ends if end is not None)
