"""What crews find, and what follows: reasons that fit their order, readings, dogs, meters that do not answer."""

from dataclasses import replace

import pytest

from domain import events as ev
from domain.account import Service
from domain.case import (
    DISCONNECTION,
    SWITCHING,
    Case,
    Order,
    OrderPurpose,
    OrderState,
)
from domain.effects import Receipt
from domain.facts import FactKind
from domain.field_orders import Reason, order_type, reasons_for
from domain.gate import gate
from domain.hear import Tells, hear
from domain.states import ServiceStatus, Stage
from domain.step import Step, StepKind, Wait
from domain.verdict import Action
from tests.builders import (
    POLICY,
    a_fact,
    at,
    done,
    happened,
)
from tests.domain.visiting import NOW, created, cut_at, heard, kinds, out, step_of, word


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("dog", ["order_not_completed", "safety_note", "visit_with_care"]),
        ("threat", ["order_not_completed", "safety_note", "visit_with_care"]),
        ("locked", ["order_not_completed", "arrange_access"]),
        ("medical", ["order_not_completed", "medical_certificate", "ask_for_certificate"]),
        ("paid_at_door", ["order_not_completed", "claimed_payment", "check_payment"]),
        ("occupied_unexpected", ["order_not_completed", "occupancy_check", "find_occupant"]),
        ("meter_not_found", ["order_not_completed", "find_meter"]),
        ("lock_broken", ["order_not_completed", "tampering", "visit_wanted"]),
        ("no_answer", ["order_not_completed", "order_not_completed"]),
        ("not_confirmed", ["order_not_completed"]),
    ],
)
def test_each_reason_leads_to_its_own_next_step(reason: str, expected: list[str]) -> None:
    assert kinds(out(), word(Tells.ORDER_NOT_COMPLETED, reason)) == expected


@pytest.mark.parametrize(("reason", "rule"), [("medical", "D12"), ("paid_at_door", "D17")])
def test_what_is_said_at_the_door_stops_the_next_cut(reason: str, rule: str) -> None:
    case = heard(out(), word(Tells.ORDER_NOT_COMPLETED, reason))
    verdict = gate(Action.RECOMMEND_DISCONNECTION, case, POLICY, at(NOW))
    assert rule in {outcome.rule for outcome in verdict.blocking}


def test_a_dog_is_noted_once() -> None:
    known = a_fact(FactKind.SAFETY_NOTE, "2026-06-01", note="dog")
    case = replace(out(), known=replace(out().known, facts=(known,)))
    assert kinds(case, word(Tells.ORDER_NOT_COMPLETED, "dog")) == ["order_not_completed", "visit_with_care"]


def test_reasons_fit_their_order() -> None:
    assert Reason.DOG not in reasons_for(OrderPurpose.DISCONNECT, remote=True)
    assert Reason.NOT_CONFIRMED not in reasons_for(OrderPurpose.DISCONNECT, remote=False)
    assert Reason.NOBODY_HOME not in reasons_for(OrderPurpose.DISCONNECT, remote=False)
    assert Reason.PAID_AT_DOOR not in reasons_for(OrderPurpose.READ_FINAL, remote=False)
    assert all(reasons_for(purpose, remote=False) for purpose in OrderPurpose)


def test_a_visit_has_a_type_whatever_the_service_and_sewers_are_not_cut() -> None:
    looks = set(OrderPurpose) - SWITCHING
    assert {order_type(Service.SEWER, purpose) for purpose in looks} == {
        "OCCUPANCY-CHECK",
        "POST-HANGER",
        "READ-FINAL",
        "TAMPER-CHECK",
    }
    assert order_type(Service.GAS, OrderPurpose.RECONNECT, contractor=True) == "UNLOCK-CONTRACTOR"
    with pytest.raises(ValueError, match="sewer"):
        order_type(Service.SEWER, OrderPurpose.DISCONNECT)


def test_a_meter_that_does_not_confirm_is_told_again_and_then_a_truck_goes() -> None:
    case = out(remote=True)
    for expected in (True, False):
        case = heard(case, word(Tells.ORDER_NOT_COMPLETED, "not_confirmed", order_id=case.orders[-1].order_id))
        step = step_of(case, NOW)
        assert isinstance(step, Step)
        assert step.kind is StepKind.PLACE_ORDER
        assert created(case, step, NOW).remote is expected
        case = done(case, step, NOW)
        assert case.service(Service.ELECTRIC).status is ServiceStatus.ORDER_PENDING
    assert case.stage is Stage.DISCONNECTION_PENDING


def test_where_a_meter_never_confirmed_and_the_cut_falls_service_is_restored_to_be_sure() -> None:
    case = heard(out(remote=True), word(Tells.ORDER_NOT_COMPLETED, "not_confirmed"))
    gone = happened(case, NOW, ev.ApprovalLapsed(approval_id="a1", act=DISCONNECTION, because="paid"))
    step = step_of(gone, NOW)
    assert isinstance(step, Step)
    assert (step.kind, step.rule) == (StepKind.REQUEST_REACTIVATION, "reconnect.unconfirmed")
    back = heard(done(gone, step, NOW), word(Tells.ORDER_COMPLETED, order_id=f"{case.case_id}-o2"))
    assert not back.service(Service.ELECTRIC).uncertain


def test_a_late_confirmation_of_a_lawful_command_is_a_cut_and_no_wrong() -> None:
    case = heard(out(remote=True), word(Tells.ORDER_NOT_COMPLETED, "not_confirmed"))
    assert kinds(case, word(Tells.ORDER_COMPLETED)) == ["service_disconnected"]
    late = heard(case, word(Tells.ORDER_COMPLETED))
    assert late.orders[0].reason == ""
    assert late.service(Service.ELECTRIC).status is ServiceStatus.OFF


def back_out(case: Case) -> Case:
    order = Order(
        order_id="o2",
        purpose=OrderPurpose.RECONNECT,
        service=Service.ELECTRIC,
        state=OrderState.REQUESTED,
        requested_at=at(NOW),
    )
    return happened(case, NOW, ev.OrderPlaced(order=order))


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (500, ["service_restored"]),
        (499, ["service_restored", "read_below_last"]),
        (501, ["service_restored", "use_while_off", "visit_wanted"]),
        (None, ["service_restored"]),
    ],
)
def test_a_reading_tells_of_use_while_off_and_one_below_the_last_is_an_exception(
    read: int | None, expected: list[str]
) -> None:
    case = back_out(cut_at(500))
    assert kinds(case, word(Tells.ORDER_COMPLETED, read=read, order_id="o2")) == expected


def test_a_tamper_check_that_is_wanted_goes_out_once_in_office_hours() -> None:
    case = heard(back_out(cut_at(500)), word(Tells.ORDER_COMPLETED, read=501, order_id="o2"))
    step = step_of(case, "2026-06-30 18:00")
    assert isinstance(step, Step)
    assert (step.kind, step.at) == (StepKind.REQUEST_VISIT, at("2026-07-01 08:00"))
    order = created(case, step, "2026-07-01 08:00")
    assert (order.purpose, order.service) == (OrderPurpose.TAMPER_CHECK, Service.ELECTRIC)
    case = done(case, step, "2026-07-01 08:00")
    assert case.wanted == ()
    assert case.service(Service.ELECTRIC).status is ServiceStatus.ON
    told = word(Tells.ORDER_COMPLETED, "tampered", order_id=order.order_id, now="2026-07-01 10:00")
    assert kinds(case, told) == ["visit_completed", "tampering"]
    assert not any(each.open for each in heard(case, told, "2026-07-01 10:00").orders)


@pytest.mark.parametrize(
    ("finding", "details"),
    [
        ("vacant", {"result": "vacant", "informed": "no"}),
        ("occupied", {"result": "occupied", "informed": "no"}),
        ("occupied_informed", {"result": "occupied", "informed": "yes"}),
    ],
)
def test_an_occupancy_check_becomes_the_fact_that_the_winter_rule_asks_for(
    finding: str, details: dict[str, str]
) -> None:
    case = heard(out(OrderPurpose.OCCUPANCY_CHECK), word(Tells.ORDER_COMPLETED, finding))
    facts = [fact for fact in case.known.facts if fact.kind is FactKind.OCCUPANCY_CHECK]
    assert [fact.details for fact in facts] == [details]


def test_a_hanger_on_the_door_is_a_contact() -> None:
    assert kinds(out(OrderPurpose.POST_HANGER), word(Tells.ORDER_COMPLETED)) == ["visit_completed", "contact_recorded"]


def test_time_off_is_measured_to_the_minute() -> None:
    case = back_out(cut_at(None))
    (restored,) = hear(case, word(Tells.ORDER_COMPLETED, now="2026-07-01 11:30", order_id="o2"))
    assert isinstance(restored, ev.ServiceRestored)
    assert restored.minutes_off == 25 * 60 + 30


def test_a_crew_on_its_way_has_to_confirm_its_recall_or_a_person_is_told() -> None:
    paid = replace(out(), known=replace(out().known, bills=()))
    step = step_of(paid, NOW)
    assert isinstance(step, Step)
    assert step.kind is StepKind.WITHDRAW_ORDER
    case = done(paid, step, NOW, receipt=Receipt(done=False, pending=True))
    assert case.orders[0].state is OrderState.RECALLING
    assert case.orders[0].open
    step = step_of(case, NOW)
    assert isinstance(step, Step)
    assert (step.kind, step.at) == (StepKind.ESCALATE_ORDER, at("2026-06-30 11:00"))
    confirmed = heard(case, word(Tells.RECALL_CONFIRMED))
    assert confirmed.orders[0].state is OrderState.RECALLED
    told = done(case, step, "2026-06-30 11:00")
    assert isinstance(step_of(told, "2026-06-30 11:00"), Wait)
