"""What the outside tells a case, and that a repetition changes nothing."""

from dataclasses import replace

import pytest

from domain import events as ev
from domain.account import Service
from domain.case import Case, Order, OrderPurpose, OrderState
from domain.hear import Tells, Told, hear
from domain.money import Money
from domain.states import ClosedReason, ServiceStatus, Stage
from tests.builders import a_bill, a_case, an_agreement, at, day, happened, noticed, off

NOW = "2026-06-29 10:00"
ORDER = Order(
    order_id="o1",
    purpose=OrderPurpose.DISCONNECT,
    service=Service.ELECTRIC,
    state=OrderState.DISPATCHED,
    requested_at=at(NOW),
)
OUT = happened(noticed(now=NOW, stage=Stage.DISCONNECTION_PENDING), NOW, ev.OrderPlaced(order=ORDER))


def told(what: Tells, **more: object) -> Told:
    return replace(Told(key="k", at=at(NOW), what=what), **more)  # type: ignore[arg-type]  # Told's own names


def types(case: Case, word: Told) -> list[str]:
    return [body.type for body in hear(case, word)]


def test_look_again_says_nothing_of_its_own() -> None:
    assert hear(a_case(), told(Tells.LOOK_AGAIN)) == ()


def test_a_closed_case_hears_nothing() -> None:
    closed = happened(a_case(), NOW, ev.CaseClosed(reason=ClosedReason.PAID))
    assert hear(closed, told(Tells.OUTSIDE_PLACEMENT, ref="p")) == ()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (told(Tells.ORDER_ACKNOWLEDGED, order_id="o1", proceed=True), ["order_acknowledged"]),
        (told(Tells.ORDER_ACKNOWLEDGED, order_id="o1"), ["order_acknowledged"]),
        (told(Tells.ORDER_COMPLETED, order_id="o1"), ["service_disconnected"]),
        (told(Tells.ORDER_NOT_COMPLETED, order_id="o1", because="locked"), ["order_not_completed", "task_raised"]),
        (told(Tells.ORDER_COMPLETED, order_id="other"), []),
    ],
)
def test_a_crew_is_heard_about_its_own_order(word: Told, expected: list[str]) -> None:
    assert types(OUT, word) == expected


def test_a_cut_for_which_nobody_asked_and_a_day_that_cannot_be_are_each_a_persons_to_look_into() -> None:
    word = told(Tells.ORDER_COMPLETED, order_id="o1", urgent=True, on=day("1999-01-01"))
    disconnected, *tasks = hear(OUT, word)
    assert disconnected.type == "service_disconnected", "what a crew did is done"
    assert [(task.kind, task.urgent) for task in tasks if isinstance(task, ev.TaskRaised)] == [
        ("cut_unasked", True),
        ("crew_clock", False),
    ]
    once = happened(OUT, NOW, disconnected, *tasks)
    assert hear(once, word) == ()
    nothing = told(Tells.ORDER_NOT_COMPLETED, order_id="o1", because="locked", on=day("2027-01-01"))
    assert types(OUT, nothing) == ["order_not_completed", "task_raised", "task_raised"]


def test_a_crew_that_is_told_to_stop_leaves_service_on() -> None:
    case = happened(OUT, NOW, *hear(OUT, told(Tells.ORDER_ACKNOWLEDGED, order_id="o1")))
    assert (case.orders[0].state, case.service(Service.ELECTRIC).status) == (OrderState.RECALLED, ServiceStatus.ON)


def test_a_result_told_twice_is_heard_once() -> None:
    word = told(Tells.ORDER_COMPLETED, order_id="o1")
    once = happened(OUT, NOW, *hear(OUT, word))
    assert hear(once, word) == ()


@pytest.mark.parametrize("state", [OrderState.RECALLED, OrderState.CANCELLED, OrderState.COULD_NOT_COMPLETE])
def test_a_cut_on_an_order_that_had_ended_is_never_lost_and_is_urgent(state: OrderState) -> None:
    ended = replace(OUT, orders=(replace(OUT.orders[0], state=state),))
    heard = hear(ended, told(Tells.ORDER_COMPLETED, order_id="o1"))
    assert [body.type for body in heard] == ["service_disconnected", "task_raised"]
    case = happened(ended, NOW, *heard)
    assert (len(case.off), case.orders[0].reason) == (1, "recalled too late")


def test_a_reconnection_heard_late_is_a_reconnection() -> None:
    back = replace(ORDER, purpose=OrderPurpose.RECONNECT, state=OrderState.COULD_NOT_COMPLETE)
    case = replace(off(OUT), orders=(back,))
    assert types(case, told(Tells.ORDER_COMPLETED, order_id="o1")) == ["service_restored"]


def test_what_others_switched_is_noted_once() -> None:
    word = told(Tells.OUTSIDE_SERVICE, service=Service.ELECTRIC, status=ServiceStatus.OFF)
    once = happened(a_case(), NOW, *hear(a_case(), word))
    assert [state.service for state in once.off] == [Service.ELECTRIC]
    assert once.counters.disconnections == 0
    assert hear(once, word) == ()


def test_a_forbidden_cut_by_others_becomes_an_urgent_task() -> None:
    word = told(Tells.OUTSIDE_SERVICE, service=Service.ELECTRIC, status=ServiceStatus.OFF, urgent=True)
    bodies = hear(a_case(), word)
    assert [body.type for body in bodies] == ["outside_act_noted", "task_raised"]
    assert isinstance(bodies[1], ev.TaskRaised)
    assert bodies[1].urgent


@pytest.mark.parametrize(
    ("what", "stage", "reached"),
    [
        (Tells.OUTSIDE_PLACEMENT, Stage.REMINDED, Stage.WITH_AGENCY),
        (Tells.OUTSIDE_PLACEMENT, Stage.WITH_AGENCY, Stage.WITH_AGENCY),
        (Tells.OUTSIDE_RECALL, Stage.REMINDED, Stage.REMINDED),
        (Tells.OUTSIDE_CLAIM, Stage.PAST_DUE, Stage.IN_COURT),
        (Tells.OUTSIDE_CLAIM, Stage.WITH_AGENCY, Stage.IN_COURT),
        (Tells.OUTSIDE_JUDGMENT, Stage.NOTICED, Stage.JUDGMENT),
        (Tells.OUTSIDE_JUDGMENT, Stage.IN_COURT, Stage.JUDGMENT),
        (Tells.OUTSIDE_JUDGMENT, Stage.WRITTEN_OFF, Stage.WRITTEN_OFF),
    ],
)
def test_the_outsides_record_moves_a_case_as_far_as_is_lawful(what: Tells, stage: Stage, reached: Stage) -> None:
    case = a_case(stage=stage)
    after = happened(case, NOW, *hear(case, told(what, ref="r", amount=Money(100), on=day("2026-06-25"))))
    assert after.stage is reached


def test_an_account_that_others_ended_keeps_no_agreement() -> None:
    bill = a_bill()
    case = a_case(bill, stage=Stage.ON_ARRANGEMENT, arrangement=an_agreement(bill, ("2026-07-08", 10_000)))
    after = happened(case, NOW, *hear(case, told(Tells.OUTSIDE_PLACEMENT, ref="r")))
    assert after.arrangement is not None
    assert (after.stage, after.arrangement.active) == (Stage.WITH_AGENCY, False)
