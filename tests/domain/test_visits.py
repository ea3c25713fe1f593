"""What crews find, and what follows: reasons that fit their order, readings, dogs, locks, meters that do not answer."""

from dataclasses import replace
from datetime import datetime

import pytest

from domain import commands as c
from domain import events as ev
from domain.account import Service
from domain.agenda import agenda, next_step
from domain.case import (
    DISCONNECTION,
    SWITCHING,
    Approval,
    ApprovalState,
    Case,
    Order,
    OrderPurpose,
    OrderState,
)
from domain.effects import CreateOrder, Receipt
from domain.facts import FactKind
from domain.field_orders import Reason, order_type, reasons_for
from domain.gate import gate
from domain.hear import Tells, Told, hear
from domain.money import Money
from domain.perform import effect_of
from domain.policy import Policy
from domain.states import ServiceStatus, Stage
from domain.step import Next, Step, StepKind, Wait, Who
from domain.verdict import Action
from tests.builders import (
    POLICY,
    a_bill,
    a_fact,
    a_policy,
    an_account,
    an_agreement,
    at,
    decided,
    done,
    happened,
    noticed,
    off,
    refused,
)

NOW = "2026-06-30 10:00"
REMOTE = an_account(meter_remote=True)


def out(purpose: OrderPurpose = OrderPurpose.DISCONNECT, **traits: object) -> Case:
    """Return a case with an order of *purpose* on electricity that a crew has."""
    order = Order(
        order_id="o1",
        purpose=purpose,
        service=Service.ELECTRIC,
        state=OrderState.DISPATCHED,
        requested_at=at("2026-06-30 09:00"),
        dispatched_at=at("2026-06-30 09:00"),
    )
    order = replace(order, **traits)  # type: ignore[arg-type]  # Order's own names
    leave = Approval(
        approval_id="a1",
        act=DISCONNECTION,
        state=ApprovalState.USED,
        asked_by="rosa",
        asked_at=at("2026-06-30 08:00"),
        decided_by="sven",
        lapses_at=at("2026-07-01 17:00"),
        service=Service.ELECTRIC,
    )
    case = noticed(now=NOW, stage=Stage.DISCONNECTION_PENDING, approvals=(leave,))
    case = case if purpose is not OrderPurpose.RECONNECT else off(case)
    case = replace(case, known=replace(case.known, account=REMOTE))
    return happened(case, "2026-06-30 09:00", ev.OrderPlaced(order=order))


def word(what: Tells, because: str = "", *, now: str = NOW, read: int | None = None, order_id: str = "o1") -> Told:
    return Told(key=f"k/{now}", at=at(now), what=what, order_id=order_id, because=because, meter_read=read)


def heard(case: Case, told: Told, now: str = NOW) -> Case:
    return happened(case, now, *hear(case, told))


def kinds(case: Case, told: Told) -> list[str]:
    """Return what is heard, tasks and facts by their kinds."""
    names = []
    for body in hear(case, told):
        match body:
            case ev.TaskRaised(kind=kind):
                names.append(kind)
            case ev.FactRecorded(fact=fact):
                names.append(fact.kind.value)
            case _:
                names.append(body.type)
    return names


def step_of(case: Case, now: str, policy: Policy = POLICY) -> Next:
    return next_step(case, policy, at(now))


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


def created(case: Case, step: Next, now: str, policy: Policy = POLICY) -> Order:
    assert isinstance(step, Step)
    effect = effect_of(case, step, policy, at(now))
    assert isinstance(effect, CreateOrder)
    return effect.order


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


def cut_at(read: int | None) -> Case:
    return heard(out(), word(Tells.ORDER_COMPLETED, read=read))


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


# --- reactivation ------------------------------------------------------------------------------------------------


def dark(*, now: str = NOW, **changes: object) -> Case:
    """Return a case whose electricity a crew of ours cut on the morning of June 30; $100.00 is past due."""
    return replace(cut_at(500), **changes)  # type: ignore[arg-type]  # Case's own names


def paid(case: Case) -> Case:
    return replace(case, known=replace(case.known, bills=tuple(b for b in case.known.bills if b.ref.startswith("FE"))))


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


# --- the contractor's unlock, on either key ----------------------------------------------------------------------

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


# --- the end of an account ---------------------------------------------------------------------------------------


def vacant(case: Case, now: str, result: str = "vacant") -> Case:
    seen = a_fact(FactKind.OCCUPANCY_CHECK, now, result=result)
    return replace(case, known=replace(case.known, facts=(*case.known.facts, seen)))


def test_after_the_packs_days_off_someone_looks_whether_the_place_is_vacant() -> None:
    waits = step_of(dark(), "2026-07-29 07:00")
    assert isinstance(waits, Wait)
    assert waits.until is not None
    assert POLICY.calendar.day(waits.until).isoformat() == "2026-07-30"
    look = next_step(dark(), POLICY, waits.until)
    assert isinstance(look, Step)
    assert (look.kind, look.ref) == (StepKind.REQUEST_VISIT, "occupancy_check")


def test_a_vacant_place_ends_the_account_with_a_due_date_of_its_own_and_readings() -> None:
    now = "2026-08-03 10:00"
    case = vacant(dark(), "2026-07-31 10:00")
    step = step_of(case, now)
    assert isinstance(step, Step)
    assert step.kind is StepKind.END_ACCOUNT
    receipt = Receipt(ref="FB1", on=at("2026-08-24").date(), amount=Money(1_500))
    ended = done(case, step, now, receipt=receipt)
    assert ended.stage is Stage.FINAL_BILLED
    assert ended.final is not None
    assert (ended.final.due_on, ended.final.amount) == (receipt.on, Money(11_500))
    assert {(visit.purpose, visit.service) for visit in ended.wanted} == {
        (OrderPurpose.READ_FINAL, Service.ELECTRIC),
        (OrderPurpose.READ_FINAL, Service.WATER),
    }


def test_a_place_that_is_lived_in_is_a_matter_for_a_person() -> None:
    case = vacant(dark(), "2026-07-31 10:00", "occupied")
    tasks = [item.task for item in agenda(case, POLICY, at("2026-08-03 10:00")) if isinstance(item, Wait)]
    assert "occupied_without_service" in tasks


def test_a_new_occupant_ends_the_account_once_the_crew_that_has_an_order_is_called_back() -> None:
    case = decided(out(), NOW, c.EndService(why="new_occupant"))
    step = step_of(case, NOW)
    assert isinstance(step, Step)
    assert (step.kind, step.rule) == (StepKind.WITHDRAW_ORDER, "account.ends")
    step = step_of(done(case, step, NOW), NOW)
    assert isinstance(step, Step)
    assert step.kind is StepKind.END_ACCOUNT
    assert refused(case, NOW, c.EndService(why="stop_service")).slug == "service-ends-already"
