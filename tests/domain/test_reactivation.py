"""When is service back on: fees that must be paid too, the hour of the payment, visits that fail, somebody at home?"""

from dataclasses import replace

import pytest

from domain import commands as c
from domain.account import Service
from domain.agenda import agenda
from domain.case import (
    Case,
)
from domain.effects import Receipt
from domain.hear import Tells
from domain.money import Money
from domain.step import Step, StepKind, Wait, Who
from tests.builders import (
    a_bill,
    a_policy,
    at,
    decided,
    done,
    refused,
)
from tests.domain.visiting import NOW, dark, heard, paid, step_of, word

FEES = a_policy(reconnect_fee=2_600)


def test_the_fee_of_a_disconnection_is_charged_once_and_must_be_paid_too() -> None:
    case = dark()
    step = step_of(case, NOW, FEES)
    assert isinstance(step, Step)
    assert (step.kind, step.amount) == (StepKind.CHARGE_FEE, Money(2_600))
    case = done(case, step, NOW, receipt=Receipt(ref="FE1"), policy=FEES)
    fee = replace(a_bill("2026-06-30", 2_600, no="FE1"), bill_on=at(NOW).date())
    case = replace(case, known=replace(case.known, bills=(*case.known.bills, fee)))
    (wait,) = [item for item in agenda(case, FEES, at(NOW)) if isinstance(item, Wait) and item.who is Who.CUSTOMER]
    assert "$100.00 past due and $26.00 of fees" in wait.says
    owing_fee = paid(case)
    kinds_now = {item.kind for item in agenda(owing_fee, FEES, at(NOW)) if isinstance(item, Step)}
    assert StepKind.REQUEST_REACTIVATION not in kinds_now, "the fee alone keeps it off"
    nothing = replace(owing_fee, known=replace(owing_fee.known, bills=()))
    step = step_of(nothing, NOW, FEES)
    assert isinstance(step, Step)
    assert step.kind is StepKind.REQUEST_REACTIVATION


def test_a_cut_after_its_recall_costs_its_customer_nothing() -> None:
    wrong = replace(dark(), orders=(replace(dark().orders[0], reason="recalled too late"),))
    step = step_of(wrong, NOW, FEES)
    assert isinstance(step, Step)
    assert (step.kind, step.rule) == (StepKind.REQUEST_REACTIVATION, "reconnect.wrong")


@pytest.mark.parametrize(
    ("paid_at", "goes_at"),
    [
        ("2026-07-01 13:55", "2026-07-01 13:55"),
        ("2026-07-01 14:00", "2026-07-01 14:00"),
        ("2026-07-01 14:05", "2026-07-02 08:00"),
        ("2026-07-02 14:05", "2026-07-06 08:00"),  # the third is a holiday
    ],
)
def test_paid_by_two_is_back_the_same_day_and_after_it_on_the_next_open_one(paid_at: str, goes_at: str) -> None:
    step = step_of(paid(dark()), paid_at, a_policy(reconnect_cutoff="14:00"))
    assert isinstance(step, Step)
    assert (step.kind, step.at) == (StepKind.REQUEST_REACTIVATION, at(goes_at))


def test_after_hours_goes_out_at_once_where_the_pack_has_crews_and_is_refused_elsewhere() -> None:
    case, now = paid(dark()), "2026-07-01 21:00"
    wish = c.RequestReactivation(because="a child is ill", after_hours=True)
    assert refused(case, now, wish).slug == "no-crew-after-hours"
    night = a_policy(reconnect_after_hours=True)
    step = step_of(decided(case, now, wish, policy=night), now, night)
    assert isinstance(step, Step)
    assert step.at == at(now)


def failed(case: Case, reason: str, now: str, times: int = 1) -> Case:
    for _ in range(times):
        step = step_of(case, now)
        assert isinstance(step, Step), step
        assert step.kind is StepKind.REQUEST_REACTIVATION
        case = done(case, step, now)
        case = heard(case, word(Tells.ORDER_NOT_COMPLETED, reason, now=now, order_id=case.orders[-1].order_id), now)
    return case


def test_a_failed_visit_is_made_again_the_next_open_day() -> None:
    case = failed(paid(dark()), "locked", "2026-07-01 10:00")
    step = step_of(case, "2026-07-01 12:00")
    assert isinstance(step, Step)
    assert step.at == at("2026-07-02 08:00")


def test_with_nobody_home_it_waits_for_an_appointment_and_goes_out_when_asked_again() -> None:
    case = failed(paid(dark()), "nobody_home", "2026-07-01 10:00")
    wait = step_of(case, "2026-07-01 12:00")
    assert isinstance(wait, Wait)
    assert (wait.who, wait.task) == (Who.REPRESENTATIVE, "make_appointment")
    again = decided(case, "2026-07-01 12:30", c.RequestReactivation(because="home this afternoon"))
    step = step_of(again, "2026-07-01 12:30")
    assert isinstance(step, Step)
    assert step.at == at("2026-07-01 12:30")


def test_after_too_many_failed_visits_a_person_decides() -> None:
    case, now = paid(dark()), "2026-07-01 10:00"
    for morning in (now, "2026-07-02 08:00", "2026-07-06 08:00"):
        case = failed(case, "locked", morning)
    wait = step_of(case, "2026-07-07 08:00")
    assert isinstance(wait, Wait)
    assert wait.task == "reconnection_failed"


def test_gas_says_that_someone_must_be_home() -> None:
    state = replace(dark().service(Service.ELECTRIC), service=Service.GAS)
    case = replace(paid(dark()), services=(state,))
    assert "Someone must be home" in step_of(case, "2026-07-01 10:00").says
