"""A case taken over stands where its evidence bears it out, and says the same as before."""

from dataclasses import replace

import pytest

from domain.account import Service, Snapshot
from domain.agenda import next_step
from domain.case import Case, Order, OrderPurpose, OrderState, ServiceState
from domain.events import Event
from domain.facts import FactKind
from domain.perform import effect_of
from domain.rules.switches import EVERYTHING
from domain.states import ServiceStatus, Stage
from domain.step import Step, Wait, Who
from domain.take import take
from domain.taking_over import carried_over, evidenced, taken_over
from domain.tracks.held import GOING_OUT
from simulator.chance import random_life
from simulator.life import Life
from simulator.run import live
from tests.builders import POLICY, a_case, a_fact, at, noticed

MOMENT = "2026-06-30 10:00"
NOW = at(MOMENT)
ORDER = Order(
    order_id="o1",
    purpose=OrderPurpose.DISCONNECT,
    service=Service.ELECTRIC,
    state=OrderState.DISPATCHED,
    requested_at=NOW,
)


def over(case: Case) -> Case:
    """Return *case* as it stands in another installation that knows the same of its account."""
    empty = Case(case_id=case.case_id, account_no=case.account_no, opened_on=case.opened_on, known=case.known)
    return take(empty, Event(seq=1, key="opening/1", at=NOW, on=NOW.date(), by="ines", body=taken_over(case)))


@pytest.mark.parametrize(
    ("stage", "stands"),
    [
        (Stage.REMINDED, Stage.PAST_DUE),
        (Stage.NOTICED, Stage.PAST_DUE),
        (Stage.DISCONNECTION_PENDING, Stage.PAST_DUE),
        (Stage.ON_ARRANGEMENT, Stage.PAST_DUE),
        (Stage.IN_BREACH, Stage.PAST_DUE),
        (Stage.WITH_AGENCY, Stage.FINAL_BILLED),
        (Stage.IN_COURT, Stage.FINAL_BILLED),
        (Stage.JUDGMENT, Stage.FINAL_BILLED),
        (Stage.WRITTEN_OFF, Stage.FINAL_BILLED),
    ],
)
def test_a_stage_without_evidence_goes_back(stage: Stage, stands: Stage) -> None:
    case, missing = evidenced(a_case(stage=stage))
    assert case.stage is stands
    assert missing


def test_a_cut_that_is_pending_without_an_order_goes_back_to_its_notice() -> None:
    pending = replace(noticed(now=MOMENT), stage=Stage.DISCONNECTION_PENDING)
    assert evidenced(pending)[0].stage is Stage.NOTICED
    services = (ServiceState(service=Service.ELECTRIC, status=ServiceStatus.ORDER_PENDING),)
    out = replace(pending, orders=(ORDER,), services=services)
    assert evidenced(out) == (out, ())
    assert evidenced(replace(pending, services=services))[0].services[0].status is ServiceStatus.ON


@pytest.mark.parametrize("seed", range(15))
def test_wherever_a_life_has_come_to_the_case_taken_over_asks_the_same_of_the_calendar(seed: int) -> None:
    life = random_life(seed)
    case = _begun(life)
    for event in live(life, POLICY):
        case = take(case, event)
        if case.stage is Stage.CLOSED or case.approvals or evidenced(case)[1]:
            continue  # leave is given anew, so that these wait for a person
        there = over(case)
        assert carried_over(there) == carried_over(case)
        assert next_step(there, POLICY, event.at) == next_step(replace(case, wanted=there.wanted), POLICY, event.at)


def _begun(life: Life) -> Case:
    known = Snapshot.unread(life.account.account_no)
    return Case(case_id=life.case_id, account_no=life.account.account_no, opened_on=known.at.date(), known=known)


@pytest.mark.parametrize("seed", range(15))
def test_what_asks_something_of_another_system_is_what_is_kept_back(seed: int) -> None:
    life = random_life(seed)
    case = _begun(life)
    for event in live(life, POLICY):
        case = take(case, event)
        step = next_step(case, POLICY, event.at) if case.closed is None else None
        if isinstance(step, Step) and step.at <= event.at:
            asks = effect_of(case, step, POLICY, event.at) is not None
            assert asks == (step.kind in GOING_OUT), step.kind


def test_nothing_goes_out_while_everything_is_held() -> None:
    held = a_fact(FactKind.STOP_SWITCH, "2026-06-01 00:00", scope=EVERYTHING)
    letter = next_step(a_case(now=MOMENT, facts=(held,)), POLICY, NOW)
    assert isinstance(letter, Wait)
    assert "stopped all letters" in letter.says
    pending = noticed(now=MOMENT, facts=(held,), stage=Stage.DISCONNECTION_PENDING, orders=(ORDER,))
    order = next_step(pending, POLICY, NOW)
    assert isinstance(order, Wait)
    assert (order.who, order.task) == (Who.SUPERVISOR, "kept_back")
