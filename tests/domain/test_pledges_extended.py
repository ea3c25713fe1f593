"""An agency's pledge may be put off as often as the pack says; further a senior looks at it (D16)."""

from dataclasses import replace

from domain import commands as c
from domain.case import Case
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.parameters import PLEDGE_MAX_EXTENSIONS
from tests.builders import POLICY, a_fact, at, decided, noticed, refused

NOW = "2026-06-29 09:00"
PLEDGE = a_fact(FactKind.PLEDGE, "2026-06-20", until="2026-07-10", cents=10_000)


def until(day: str, fact: Fact = PLEDGE, *, cents: int = 10_000) -> c.CorrectFact:
    return c.CorrectFact(
        fact_id=fact.fact_id,
        kind=FactKind.PLEDGE,
        starts=fact.starts,
        until=at(f"{day} 00:00"),
        amount=Money(cents),
        source="agency",
        because="the agency asks for more time",
    )


def pledged(fact: Fact = PLEDGE) -> Case:
    return noticed(now=NOW, facts=(fact,))


def extended(case: Case) -> Fact:
    (fact,) = (each for each in case.known.facts if each.kind is FactKind.PLEDGE and each.withdrawn_at is None)
    return fact


def test_a_pledge_is_extended_once_and_the_second_time_by_a_senior() -> None:
    once = decided(pledged(), NOW, until("2026-07-20"))
    assert extended(once).details["extended"] == "1"
    refusal = refused(once, NOW, until("2026-07-30", extended(once)))
    assert (refusal.slug, refusal.rules) == ("pledge-extended-enough", ("D16",))
    twice = decided(once, NOW, until("2026-07-30", extended(once)), senior=True)
    assert extended(twice).details["extended"] == "2"


def test_an_earlier_end_or_another_sum_is_no_extension() -> None:
    once = decided(pledged(), NOW, until("2026-07-20"))
    for command in (until("2026-07-15", extended(once)), until("2026-07-20", extended(once), cents=5_000)):
        corrected = decided(once, NOW, command)
        assert extended(corrected).details["extended"] == "1"


def test_the_count_is_kept_whatever_is_said_of_it() -> None:
    once = decided(pledged(), NOW, until("2026-07-20"))
    lied = replace(until("2026-07-15", extended(once)), details=(("extended", "0"),))
    assert extended(decided(once, NOW, lied)).details["extended"] == "1"


def test_a_pack_from_before_there_was_a_cap_knows_none() -> None:
    before = replace(POLICY, values={k: v for k, v in POLICY.values.items() if k != PLEDGE_MAX_EXTENSIONS.key})
    case = decided(pledged(), NOW, until("2026-07-20"))
    again = decided(case, NOW, until("2026-07-30", extended(case)), policy=before)
    assert extended(again).details["extended"] == "2"
