"""In which order facts and money were committed before a day's step changes nothing of the schedule."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.agenda import agenda
from domain.facts import Fact, FactKind
from domain.gate import gate
from domain.money import Money
from domain.verdict import Action
from simulator.chance import random_life
from simulator.life import Learned
from simulator.run import Living
from tests.builders import POLICY, a_bill, at, noticed

KINDS = tuple(FactKind)
NOW = at("2026-06-29 09:00")


@st.composite
def a_known_fact(draw: st.DrawFn) -> Fact:
    starts = NOW - timedelta(hours=draw(st.integers(0, 24 * 60)))
    lasts = draw(st.none() | st.integers(1, 24 * 90))
    return Fact(
        fact_id=f"f{draw(st.integers(0, 10_000))}",
        kind=draw(st.sampled_from(KINDS)),
        starts=starts,
        until=None if lasts is None else starts + timedelta(hours=lasts),
        known_at=starts,
        amount=draw(st.none() | st.integers(1, 20_000).map(Money)),
        details=draw(
            st.sampled_from(({}, {"bills": "B260601/electric"}, {"by": "phone"}, {"form": "phone"}, {"scope": "cuts"}))
        ),
    )


@settings(max_examples=150, deadline=None)
@given(
    facts=st.lists(a_known_fact(), max_size=6, unique_by=lambda fact: fact.fact_id),
    order=st.randoms(use_true_random=False),
)
def test_the_agenda_and_every_verdict_are_the_same_in_whichever_order_facts_were_committed(
    facts: list[Fact], order: object
) -> None:
    case = noticed(a_bill(cents=12_000), now="2026-06-29 09:00")
    shuffled = list(facts)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (case.looking(replace(case.known, facts=tuple(each))) for each in (facts, shuffled))
    assert agenda(one, POLICY, NOW) == agenda(other, POLICY, NOW)
    for action in Action:
        assert gate(action, one, POLICY, NOW) == gate(action, other, POLICY, NOW)


def _schedule(living: Living, until: datetime) -> list[tuple[str, str]]:
    while living.next_at is not None and living.next_at <= until:
        living.advance()
    events = living.body.events
    return [(e.body.type, str(e.on)) for e in events if e.body.type not in {"account_read", "case_opened"}]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 100_000), order=st.randoms(use_true_random=False))
def test_a_life_whose_facts_came_in_another_order_on_the_same_night_goes_the_same_way(seed: int, order: object) -> None:
    """Facts that came in between two steps are moved to one instant of a night, in two orders."""
    life = random_life(seed)
    night = life.opened_at + timedelta(days=9)
    learned = [replace(each, at=night) for each in life.inputs if isinstance(each, Learned)]
    rest = [each for each in life.inputs if not isinstance(each, Learned)]
    shuffled = list(learned)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    found = []
    for facts in (learned, shuffled):
        inputs = sorted((*rest, *facts), key=lambda each: each.at)
        found.append(_schedule(Living(replace(life, inputs=tuple(inputs)), POLICY), life.ends_at))
    assert found[0] == found[1]
