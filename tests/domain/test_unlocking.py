"""When does a contractor unlock: all is paid, or an agreement is kept and the pack lets it; what if it is silent?"""

from dataclasses import replace
from datetime import datetime

from domain import commands as c
from domain.case import (
    Case,
)
from domain.facts import FactKind
from domain.hear import Tells, hear
from domain.money import Money
from domain.policy import Policy
from domain.states import Stage
from domain.step import Step, StepKind, Wait, Who
from tests.builders import (
    a_bill,
    a_fact,
    a_policy,
    an_agreement,
    at,
    decided,
    done,
    refused,
)
from tests.domain.visiting import NOW, created, dark, heard, step_of, word

CONTRACTOR = a_policy(field_contractor=("electric",), reconnect_plan_allowed=False, reconnect_cutoff="14:00")
REOPENS = a_policy(field_contractor=("electric",), reconnect_plan_allowed=True)
IN_FORCE = replace(an_agreement(a_bill(), ("2026-07-01", 1_000), ("2026-08-10", 9_000), met=1), signed=True)
PLAIN = replace(dark().known.account, meter_remote=False)


def locked(**known: object) -> Case:
    case = dark()
    return replace(case, known=replace(case.known, account=PLAIN, **known))  # type: ignore[arg-type]


def on_plan(*facts: object, **terms: object) -> Case:
    agreed = replace(IN_FORCE, status=type(IN_FORCE.status)("in_force"), **terms)  # type: ignore[arg-type]
    case = locked(bills=(replace(a_bill(), open=Money(9_000)),), facts=facts)
    return replace(case, stage=Stage.ON_ARRANGEMENT, arrangement=agreed, notice=None)


def unlocks(case: Case, policy: Policy) -> bool:
    step = step_of(case, "2026-07-01 10:00", policy)
    if not (isinstance(step, Step) and step.kind is StepKind.REQUEST_REACTIVATION):
        return False
    return created(case, step, "2026-07-01 10:00", policy).contractor


def test_the_contractor_unlocks_when_all_is_paid() -> None:
    assert unlocks(locked(bills=()), CONTRACTOR)
    assert not unlocks(locked(), CONTRACTOR)


def test_the_contractor_unlocks_on_a_completed_agreement_where_the_pack_lets_it() -> None:
    assert unlocks(on_plan(), REOPENS)
    assert not unlocks(on_plan(), CONTRACTOR)


def test_the_contractor_unlocks_on_a_completed_agreement_by_a_supervisors_exception() -> None:
    exception = a_fact(FactKind.RECONNECT_EXCEPTION, "2026-07-01")
    assert unlocks(on_plan(exception), CONTRACTOR)


def test_an_agreement_that_is_not_signed_or_not_begun_unlocks_nothing() -> None:
    assert not unlocks(on_plan(signed=False), REOPENS)
    unpaid = replace(on_plan().arrangement, status=type(IN_FORCE.status)("agreed"), met=0)  # type: ignore[type-var]
    assert not unlocks(replace(on_plan(), arrangement=unpaid), REOPENS)


def test_only_a_senior_records_the_exception() -> None:
    wish = c.RecordFact(kind=FactKind.RECONNECT_EXCEPTION)
    assert refused(locked(), NOW, wish).slug == "needs-a-senior"
    decided(locked(), NOW, wish, senior=True)


def _asked_at(case: Case, now: str) -> tuple[StepKind, datetime]:
    step = step_of(case, now, CONTRACTOR)
    assert isinstance(step, Step), step
    return step.kind, step.at


def test_a_contractor_that_does_not_acknowledge_is_told_twice_more_and_then_a_person_is() -> None:
    now = "2026-07-01 10:00"
    case = locked(bills=())
    case = done(case, step_of(case, now, CONTRACTOR), now, policy=CONTRACTOR)  # type: ignore[arg-type]
    for at_clock, kind in (("11:00", "remind_contractor"), ("12:00", "remind_contractor"), ("13:00", "escalate_order")):
        due = f"2026-07-01 {at_clock}"
        assert _asked_at(case, now) == (StepKind(kind), at(due))
        case = done(case, step_of(case, due, CONTRACTOR), due, policy=CONTRACTOR)  # type: ignore[arg-type]
    assert isinstance(step_of(case, "2026-07-01 13:00", CONTRACTOR), Wait)


def test_an_acknowledged_unlock_waits_for_its_completion_alone() -> None:
    now = "2026-07-01 10:00"
    case = locked(bills=())
    case = done(case, step_of(case, now, CONTRACTOR), now, policy=CONTRACTOR)  # type: ignore[arg-type]
    order_id = case.orders[-1].order_id
    case = heard(case, word(Tells.ORDER_ACCEPTED, order_id=order_id, now=now), now)
    wait = step_of(case, now, CONTRACTOR)
    assert isinstance(wait, Wait)
    assert wait.who is Who.FIELD
    assert hear(case, word(Tells.ORDER_ACCEPTED, order_id=order_id, now=now)) == (), "heard twice is heard once"
