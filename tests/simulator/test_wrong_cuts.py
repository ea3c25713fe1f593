"""A cut found wrong, whenever it is learned: back on the same day, after hours too, and held against nobody."""

from dataclasses import replace

import pytest

from domain import events as ev
from domain.account import balance
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.states import ServiceStatus
from domain.step import StepKind
from simulator.life import Learned, Life
from simulator.run import Living
from tests.builders import a_fact, a_policy, at
from tests.simulator.test_stories import a_cut, a_life, dated, lived, paid

SATURDAY_NIGHT = "2026-07-04 20:00"


def learned(when: str, fact: Fact) -> Learned:
    return Learned(at=at(when), fact=replace(fact, known_at=at(when)))


def cut_then(*inputs: Learned, **traits: object) -> Life:
    return a_life(*a_cut("2026-06-29"), *inputs, until="2026-07-20", **traits)


def after_the_cut(life: Life) -> list[tuple[str, str]]:
    found = dated(life)
    return found[found.index(("service_disconnected", "2026-06-29")) + 1 :]


def test_a_protection_that_held_before_the_cut_and_is_learned_on_a_saturday_night() -> None:
    equipment = a_fact(FactKind.LIFE_SUPPORT, "2026-06-20")
    life = cut_then(learned(SATURDAY_NIGHT, equipment))
    assert after_the_cut(life)[:5] == [
        ("cut_found_wrong", "2026-07-04"),
        ("task_raised", "2026-07-04"),
        ("task_raised", "2026-07-04"),
        ("order_placed", "2026-07-04"),
        ("service_restored", "2026-07-04"),
    ]
    living: Living = lived(life)
    wrong = next(e for e in living.body.events if isinstance(e.body, ev.CutFoundWrong))
    assert isinstance(wrong.body, ev.CutFoundWrong)
    assert (wrong.body.rules, wrong.body.facts) == (("D12",), (equipment.fact_id,))
    assert wrong.certificate is not None
    tasks = [e.body.kind for e in living.body.events if isinstance(e.body, ev.TaskRaised)]
    assert tasks == ["wrong_cut", "tell_counsel"]
    assert wrong.body.letter in living.world.mail.letters
    assert living.body.case.counters.disconnections == 0
    assert {state.status for state in living.body.case.services} == {ServiceStatus.ON}


@pytest.mark.parametrize(
    ("fact", "rule"),
    [
        (a_fact(FactKind.MEDICAL_CERTIFICATE, "2026-06-25", "2026-07-02", form="written"), "D12"),
        (a_fact(FactKind.BANKRUPTCY, "2026-06-26", chapter="7", petition_on="2026-06-26"), "D14"),
        (a_fact(FactKind.DISPUTE, "2026-06-25", "2026-07-01"), "D04"),
        (a_fact(FactKind.HEAT_PRODUCT, "2026-06-29", "2026-06-30", product="Heat Advisory"), "D09"),
        (a_fact(FactKind.MILITARY_ORDERS, "2026-06-01"), "D13"),
        (a_fact(FactKind.TENANT_OCCUPIED, "2025-01-01"), "D18"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.kind,
)
def test_each_protection_that_is_entered_late_is_found(fact: Fact, rule: str) -> None:
    events = lived(cut_then(learned("2026-07-08 15:00", fact))).body.events
    wrong = [e.body for e in events if isinstance(e.body, ev.CutFoundWrong)]
    assert [each.rules for each in wrong] == [(rule,)]


@pytest.mark.parametrize(
    "fact",
    [
        a_fact(FactKind.LIFE_SUPPORT, "2026-06-30"),  # began when the service was off already
        a_fact(FactKind.MEDICAL_CERTIFICATE, "2026-06-01", "2026-06-28", form="written"),  # was over before the cut
        a_fact(FactKind.HOLD, "2026-06-20"),
        a_fact(FactKind.CRITICAL_FACILITY, "2026-06-20"),
        a_fact(FactKind.LANGUAGE, "2026-06-20", code="es"),
    ],
    ids=lambda each: each.kind,
)
def test_what_did_not_forbid_the_cut_makes_none_wrong(fact: Fact) -> None:
    found = after_the_cut(cut_then(learned("2026-07-08 15:00", fact)))
    assert "cut_found_wrong" not in {kind for kind, _ in found}


def test_it_is_found_once_and_after_the_service_is_back_too() -> None:
    equipment = a_fact(FactKind.LIFE_SUPPORT, "2026-06-20")
    life = a_life(
        *a_cut("2026-06-29"),
        paid("2026-07-01 10:00", 11_900),
        learned("2026-07-08 15:00", equipment),
        learned("2026-07-09 15:00", a_fact(FactKind.MEDICAL_EQUIPMENT, "2026-06-20")),
        until="2026-07-20",
    )
    kinds = [kind for kind, _ in after_the_cut(life)]
    assert kinds.count("cut_found_wrong") == 1
    assert kinds.count("order_placed") == 1


def test_a_customer_who_died_is_not_written_to() -> None:
    living = lived(cut_then(learned("2026-07-08 15:00", a_fact(FactKind.DECEASED, "2026-06-20"))))
    wrong = [e.body for e in living.body.events if isinstance(e.body, ev.CutFoundWrong)]
    assert [(each.rules, each.letter) for each in wrong] == [(("D20",), "")]
    assert StepKind.NOTE_WRONG_CUT not in {e.body.type for e in living.body.events}


def test_what_a_wrong_cut_had_cost_is_taken_back_to_the_cent_once_and_not_charged_again() -> None:
    policy = a_policy(reconnect_fee=2_600, reconnect_deposit=5_000)
    living = lived(cut_then(learned("2026-07-08 15:00", a_fact(FactKind.LIFE_SUPPORT, "2026-06-20"))), policy)
    bodies = [event.body for event in living.body.events]
    charged = [(body.fee.kind, body.fee.amount) for body in bodies if isinstance(body, ev.FeeCharged)]
    removed = [(body.fee.kind, body.fee.amount) for body in bodies if isinstance(body, ev.FeeRemoved)]
    assert charged == removed == [("reconnect_fee", Money(2_600)), ("deposit", Money(5_000))]
    assert living.body.case.fees == ()
    assert balance(living.world.snapshot().bills) == Money(12_000)  # the bill alone is left
