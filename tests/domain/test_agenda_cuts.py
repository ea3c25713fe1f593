"""From an approval to a crew and back: each threshold the moment before, on and after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pytest

from domain import commands as c
from domain import events as ev
from domain.account import OpenBill, Service
from domain.agenda import next_step
from domain.arrangement import ArrangementStatus
from domain.calendar import Window
from domain.case import DISCONNECTION, ApprovalState, Case, Order, OrderPurpose, OrderState
from domain.effects import Receipt
from domain.facts import FactKind
from domain.money import Money
from domain.policy import Policy
from domain.states import ServiceStatus, Stage
from domain.step import Step, StepKind, Wait, Who
from tests.builders import (
    CALENDAR,
    POLICY,
    a_fact,
    a_policy,
    an_agreement,
    at,
    day,
    decided,
    done,
    happened,
    knowing,
    noticed,
    off,
)
from tests.domain.asking import BILL, on, step_of, wait_of

# --- approval, order, crew -------------------------------------------------------------------------------------------


def approved(now: str = "2026-06-29 10:00", policy: Policy = POLICY) -> Case:
    """Return a case whose cut was recommended and approved at *now*."""
    case = noticed(BILL, now=now)
    case = decided(case, now, c.RecommendDisconnection(), by="ann", policy=policy)
    return decided(case, now, c.Approve(approval_id=case.approvals[-1].approval_id), by="bob", policy=policy)


def ordered(now: str = "2026-06-29 10:00", policy: Policy = POLICY) -> Case:
    case = approved(now, policy)
    return done(case, step_of(case, now, policy), now, policy=policy)


def sent(now: str = "2026-06-29 10:00") -> Case:
    case = ordered(now)
    return done(case, step_of(case, now), now)


def again(case: Case, now: str, *bills: OpenBill, **known: object) -> Case:
    """Return *case* after another look that found *bills*, by default the same."""
    return knowing(case, now, *(bills or (BILL,)), **known)


def test_an_approved_cut_becomes_an_order_at_once() -> None:
    step = step_of(approved(), "2026-06-29 10:00")
    assert (step.kind, step.service, step.at) == (StepKind.PLACE_ORDER, Service.ELECTRIC, at("2026-06-29 10:00"))
    assert step.certificate is not None
    assert step.certificate.allowed


@pytest.mark.parametrize(
    ("now", "lapsed"), [("2026-06-30 16:59", False), ("2026-06-30 17:00", True), ("2026-07-01 09:00", True)]
)
def test_an_approval_lapses_at_the_close_of_the_next_open_day(now: str, *, lapsed: bool) -> None:
    step = step_of(again(approved(), now), now)
    assert (step.kind is StepKind.LAPSE_APPROVAL) is lapsed


def test_an_approval_before_a_long_weekend_lapses_after_it() -> None:
    granted = approved("2026-07-02 10:00").approval(DISCONNECTION, ApprovalState.GRANTED)
    assert granted is not None
    assert granted.lapses_at == at("2026-07-06 17:00")


def test_a_lapsed_approval_goes_back_to_the_notice() -> None:
    now = "2026-07-01 09:00"
    case = again(approved(), now)
    case = done(case, step_of(case, now), now)
    assert case.stage is Stage.NOTICED
    assert case.approvals[-1].state is ApprovalState.LAPSED


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        ("2026-06-29 07:59", "08:00"),
        ("2026-06-29 08:00", ""),
        ("2026-06-29 13:59", ""),
    ],
)
def test_an_order_is_dispatched_inside_the_window(now: str, rule: str) -> None:
    case = again(ordered(), now)
    found = next_step(case, POLICY, at(now))
    if rule:
        assert isinstance(found, Wait)
        assert found.until == at("2026-06-29 08:00")
    else:
        assert isinstance(found, Step)
        assert found.kind is StepKind.DISPATCH_ORDER
        assert time(8) <= CALENDAR.clock(found.at) < time(14)


def test_a_crew_is_not_sent_in_the_last_hour_of_the_window() -> None:
    step = step_of(again(ordered(), "2026-06-29 14:30"), "2026-06-29 14:30")
    assert (step.kind, on(step)) == (StepKind.DISPATCH_ORDER, day("2026-06-30"))


def test_an_order_of_thursday_afternoon_is_not_promised_for_a_friday() -> None:
    # The next lawful day is Monday, and by then the approval has lapsed.
    case = again(ordered("2026-07-09 14:30"), "2026-07-09 14:30")
    assert wait_of(case, "2026-07-09 14:30").until == at("2026-07-10 17:00")
    assert step_of(again(case, "2026-07-10 17:00"), "2026-07-10 17:00").rule == "D08"
    longer = a_policy(approval_open_days=3)
    step = step_of(again(ordered("2026-07-09 14:30", longer), "2026-07-09 14:30"), "2026-07-09 14:30", longer)
    assert (step.kind, on(step)) == (StepKind.DISPATCH_ORDER, day("2026-07-13"))


@pytest.mark.parametrize("make", [ordered, sent])
def test_a_payment_recalls_the_order(make: Callable[[], Case]) -> None:
    case = again(make(), "2026-06-29 10:30", replace(BILL, open=Money(1_000)))
    step = step_of(case, "2026-06-29 10:30")
    assert step.kind is StepKind.WITHDRAW_ORDER
    assert step.certificate is not None
    assert {"D03", "D17"} <= {outcome.rule for outcome in step.certificate.outcomes}
    case = done(case, step, "2026-06-29 10:30")
    assert (case.stage, case.service(Service.ELECTRIC).status) == (Stage.NOTICED, ServiceStatus.ON)


@pytest.mark.parametrize(("left", "recalled"), [(4_999, True), (5_000, False)])
def test_a_part_payment_recalls_only_at_the_packs_threshold(left: int, *, recalled: bool) -> None:
    case = again(sent(), "2026-06-29 10:30", replace(BILL, open=Money(left)))
    found = next_step(case, POLICY, at("2026-06-29 10:30"))
    assert (isinstance(found, Step) and found.kind is StepKind.WITHDRAW_ORDER) is recalled


def test_a_fact_learned_later_recalls_the_crew() -> None:
    fact = a_fact(FactKind.LIFE_SUPPORT, "2026-06-29 10:20")
    step = step_of(again(sent(), "2026-06-29 10:30", facts=(fact,)), "2026-06-29 10:30")
    assert (step.kind, step.rule) == (StepKind.WITHDRAW_ORDER, "D12")


def test_a_crew_still_out_when_the_window_closes_is_called_back() -> None:
    case = again(sent(), "2026-06-29 15:00")
    assert step_of(case, "2026-06-29 15:00").kind is StepKind.WITHDRAW_ORDER
    assert wait_of(again(sent(), "2026-06-29 14:59"), "2026-06-29 14:59").who is Who.FIELD


def test_a_reading_that_is_not_fresh_sends_nobody() -> None:
    stale = knowing(ordered(), "2026-06-29 09:44", BILL)
    assert step_of(stale, "2026-06-29 10:00").rule == "G01"
    assert step_of(knowing(ordered(), "2026-06-29 09:45", BILL), "2026-06-29 10:00").kind is StepKind.DISPATCH_ORDER


def test_billing_that_cannot_be_read_stops_a_cut_and_is_tried_again() -> None:
    dark = again(noticed(BILL, now="2026-06-29 10:00"), "2026-06-29 10:00", billing_read=False)
    assert wait_of(dark, "2026-06-29 10:00").until == at("2026-06-29 10:10")
    assert step_of(again(sent(), "2026-06-29 10:05", billing_read=False), "2026-06-29 10:05").rule == "G01"


def test_a_recall_that_came_too_late_waits_for_the_crew_and_reconnects_at_once() -> None:
    case = again(sent(), "2026-06-29 10:30", replace(BILL, open=Money(1_000)))
    case = done(case, step_of(case, "2026-06-29 10:30"), "2026-06-29 10:30", receipt=Receipt(done=False))
    assert case.orders[-1].state is OrderState.BEYOND_RECALL
    assert wait_of(case, "2026-06-29 10:30").who is Who.FIELD
    case = happened(
        case, "2026-06-29 22:00", ev.ServiceDisconnected(order_id=case.orders[-1].order_id, service=Service.ELECTRIC)
    )
    step = step_of(case, "2026-06-29 22:00")
    assert (step.kind, step.at) == (StepKind.REQUEST_REACTIVATION, at("2026-06-29 22:00"))


def test_a_wrong_cut_put_right_does_not_reopen_the_next_lawful_one() -> None:
    def order(number: int, purpose: OrderPurpose, reason: str = "") -> Order:
        return Order(
            order_id=f"o{number}",
            purpose=purpose,
            service=Service.ELECTRIC,
            state=OrderState.COMPLETED,
            requested_at=at("2026-06-29"),
            reason=reason,
        )

    wrong, back, lawful = (
        order(1, OrderPurpose.DISCONNECT, "recalled too late"),
        order(2, OrderPurpose.RECONNECT),
        order(3, OrderPurpose.DISCONNECT),
    )
    case = off(noticed(BILL, now="2026-07-28 10:00", stage=Stage.DISCONNECTION_PENDING))
    assert step_of(replace(case, orders=(wrong,)), "2026-07-28 10:00").kind is StepKind.REQUEST_REACTIVATION
    assert wait_of(replace(case, orders=(wrong, back, lawful)), "2026-07-28 10:00").who is Who.CUSTOMER


def test_an_order_for_a_service_that_others_switched_is_withdrawn() -> None:
    act = ev.OutsideActNoted(
        what="outside_service",
        service=Service.ELECTRIC,
        status=ServiceStatus.OFF,
        ref="",
        urgent=False,
        because="not ordered here",
    )
    case = happened(again(ordered(), "2026-06-29 10:05"), "2026-06-29 10:05", act)
    assert step_of(case, "2026-06-29 10:05").rule == "order.overtaken"


# --- off and back on -------------------------------------------------------------------------------------------------


def cut(*bills: OpenBill, now: str) -> Case:
    case = off(noticed(BILL, now=now, stage=Stage.DISCONNECTION_PENDING))
    return knowing(case, now, *bills)


def test_a_service_that_is_off_says_what_restores_it() -> None:
    wait = wait_of(cut(BILL, now="2026-07-08 10:00"), "2026-07-08 10:00")
    assert wait.who is Who.CUSTOMER
    assert "$100.00" in wait.says


@pytest.mark.parametrize(
    ("paid_at", "asked_at"),
    [
        ("2026-07-08 14:59", "2026-07-08 14:59"),
        ("2026-07-08 15:00", "2026-07-08 15:00"),
        ("2026-07-08 15:01", "2026-07-09 08:00"),
        ("2026-07-02 16:00", "2026-07-06 08:00"),  # Friday the third is a holiday
        ("2026-07-04 12:00", "2026-07-06 08:00"),
    ],
)
def test_a_reconnection_is_asked_for_the_same_day_up_to_the_cutoff(paid_at: str, asked_at: str) -> None:
    step = step_of(cut(now=paid_at), paid_at)
    assert (step.kind, step.at) == (StepKind.REQUEST_REACTIVATION, at(asked_at))


def test_an_agreement_in_force_brings_service_back_where_the_pack_allows_it() -> None:
    agreed = an_agreement(BILL, ("2026-07-08", 1_000), ("2026-08-10", 9_000), status=ArrangementStatus.IN_FORCE, met=1)
    agreed = replace(agreed, signed=True)
    case = replace(cut(replace(BILL, open=Money(9_000)), now="2026-07-08 10:00"), arrangement=agreed)
    case = replace(case, stage=Stage.ON_ARRANGEMENT, notice=None)
    assert step_of(case, "2026-07-08 10:00").kind is StepKind.REQUEST_REACTIVATION
    without = a_policy(reconnect_plan_allowed=False)
    assert step_of(case, "2026-07-08 10:00", without).kind is StepKind.NOTE_BREACH
    unsigned = replace(case, arrangement=replace(agreed, signed=False))
    assert step_of(unsigned, "2026-07-08 10:00").kind is StepKind.ASK_SIGNATURE


def test_a_second_service_is_asked_for_while_a_crew_brings_back_the_first() -> None:
    case = off(cut(now="2026-07-08 10:00"), Service.WATER)
    case = done(case, step_of(case, "2026-07-08 10:00"), "2026-07-08 10:00")
    second = step_of(case, "2026-07-08 10:00")
    assert (second.kind, second.service) == (StepKind.REQUEST_REACTIVATION, Service.WATER)


def test_a_window_shorter_than_the_crews_margin_is_still_a_window() -> None:
    narrow = a_policy(dnp_window=Window(time(8), time(9)))
    case = again(ordered("2026-06-29 08:00"), "2026-06-29 08:00")
    assert isinstance(next_step(case, narrow, at("2026-06-29 08:00")), Step)
