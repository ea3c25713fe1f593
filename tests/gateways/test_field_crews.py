"""What do the crews do with an order, when, and what does it take that nothing is cut?"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.account import Service
from domain.case import SWITCHING, OrderPurpose
from domain.field_orders import order_meaning, order_type
from gateways.fakes.city import FakeCity
from gateways.fakes.field import CrewState, Reply
from gateways.field import (
    CallbackKind,
    CancelOrder,
    CreateOrder,
    DispatchOrder,
    FieldAnswer,
    FieldCallback,
)
from tests.gateways.outer import local
from tests.gateways.small_city import BEN

CUT = "99-1/cut"
PROCEED, STOP = Reply(delivered=True, answer=FieldAnswer.PROCEED), Reply(delivered=True, answer=FieldAnswer.STOP)
LOST = Reply(delivered=False)
ACKNOWLEDGE, COMPLETE = CallbackKind.ACKNOWLEDGE, CallbackKind.COMPLETE
COULD_NOT = CallbackKind.COULD_NOT_COMPLETE


def order(city: FakeCity, *, purpose: OrderPurpose = OrderPurpose.DISCONNECT, remote: bool = False) -> None:
    wanted = CreateOrder(
        order_id=CUT,
        account_no=BEN,
        premise_id="P000002",
        service=Service.ELECTRIC,
        purpose=purpose,
        remote=remote,
    )
    city.field.apply("create", wanted)


def dispatched(city: FakeCity, on: date = date(2026, 9, 2)) -> None:
    city.advance(local("2026-09-01T14:00"))
    order(city)
    city.field.apply("dispatch", DispatchOrder(order_id=CUT, on=on))


def work(city: FakeCity, until: str, answer: Callable[[FieldCallback], Reply]) -> list[FieldCallback]:
    city.advance(local(until))
    told: list[FieldCallback] = []
    doing = city.work()
    try:
        callback = next(doing)
        while True:
            told.append(callback)
            callback = doing.send(answer(callback))
    except StopIteration:
        return told


def kinds(told: list[FieldCallback]) -> list[CallbackKind]:
    return [callback.kind for callback in told]


def test_a_cut_is_asked_for_at_the_door_on_its_day_and_then_done(city: FakeCity) -> None:
    dispatched(city)
    assert work(city, "2026-09-02T08:59", lambda _: PROCEED) == []
    told = work(city, "2026-09-02T17:00", lambda _: PROCEED)
    assert kinds(told) == [ACKNOWLEDGE, COMPLETE]
    assert local("2026-09-02T09:00") <= told[0].at < local("2026-09-02T11:00")
    assert told[1].at - told[0].at == timedelta(minutes=5)
    assert told[1].meter_read is not None


def test_an_order_that_was_not_dispatched_is_not_worked(city: FakeCity) -> None:
    order(city)
    assert work(city, "2026-12-01T17:00", lambda _: PROCEED) == []


def test_a_stop_at_the_door_ends_the_order_without_a_cut(city: FakeCity) -> None:
    dispatched(city)
    assert kinds(work(city, "2026-09-02T17:00", lambda _: STOP)) == [ACKNOWLEDGE]
    assert city.field.orders[CUT].state is CrewState.STOPPED


@pytest.mark.parametrize("silence", [LOST, Reply(delivered=True, answer=None)])
def test_no_answer_means_no_cut(city: FakeCity, silence: Reply) -> None:
    dispatched(city)
    told = work(city, "2026-09-02T17:00", lambda each: silence if each.kind is ACKNOWLEDGE else PROCEED)
    assert kinds(told) == [ACKNOWLEDGE, ACKNOWLEDGE, ACKNOWLEDGE, COULD_NOT]
    assert [each.at - told[0].at for each in told[:3]] == [timedelta(minutes=minutes) for minutes in (0, 10, 20)]
    assert told[-1].reason == "no_answer"


def test_an_order_recalled_while_the_answer_is_under_way_is_not_done(city: FakeCity) -> None:
    dispatched(city)

    def recall_then_proceed(_: FieldCallback) -> Reply:
        city.field.apply("cancel", CancelOrder(order_id=CUT, reason="paid"))
        return PROCEED

    assert kinds(work(city, "2026-09-02T17:00", recall_then_proceed)) == [ACKNOWLEDGE, CallbackKind.CANCELLED]
    assert city.field.orders[CUT].state is CrewState.CANCELLED


def test_a_recall_comes_too_late_once_the_crew_is_at_it(city: FakeCity) -> None:
    dispatched(city)
    slot = city.field.orders[CUT].due_at
    assert slot is not None
    city.advance(slot)
    doing = city.work()
    next(doing)
    with pytest.raises(StopIteration):
        doing.send(PROCEED)
    receipt = city.field.apply("cancel", CancelOrder(order_id=CUT, reason="paid"))
    assert receipt.details["outcome"] == "too_late"


def test_a_report_that_did_not_arrive_is_sent_again_by_the_next_move(city: FakeCity) -> None:
    dispatched(city)
    first = work(city, "2026-09-02T17:00", lambda each: PROCEED if each.kind is ACKNOWLEDGE else LOST)
    second = work(city, "2026-09-02T17:00", lambda _: PROCEED)
    third = work(city, "2026-09-02T17:00", lambda _: PROCEED)
    assert (kinds(first), kinds(second), third) == ([ACKNOWLEDGE, COMPLETE], [COMPLETE], [])
    assert first[1] == second[0]


def test_a_scripted_order_fails_for_its_reason(city: FakeCity) -> None:
    city.field.script("99-*", "dog")
    dispatched(city)
    told = work(city, "2026-09-02T17:00", lambda _: PROCEED)
    assert (told[-1].kind, told[-1].reason) == (COULD_NOT, "dog")


@pytest.mark.parametrize(("remote", "minutes"), [(True, 5), (False, 90)])
def test_a_reconnection_asks_nobody_and_is_fast(city: FakeCity, *, remote: bool, minutes: int) -> None:
    city.advance(local("2026-09-02T10:00"))
    order(city, purpose=OrderPurpose.RECONNECT, remote=remote)
    city.field.apply("dispatch", DispatchOrder(order_id=CUT, on=date(2026, 9, 3)))
    done_at = local("2026-09-02T10:00") + timedelta(minutes=minutes)
    told = work(city, "2026-09-02T18:00", lambda _: PROCEED)
    assert [(each.kind, each.at) for each in told] == [(COMPLETE, done_at)]


def test_an_order_dispatched_during_its_own_day_is_not_worked_in_the_past(city: FakeCity) -> None:
    dispatched(city, on=date(2026, 9, 1))
    (asked, *_) = work(city, "2026-09-01T18:00", lambda _: STOP)
    assert asked.at == local("2026-09-01T14:05")


def test_business_time_does_not_go_back(city: FakeCity) -> None:
    city.advance(local("2026-09-02T10:00"))
    with pytest.raises(ValueError, match="does not go back"):
        city.advance(local("2026-09-02T09:59"))


@pytest.mark.parametrize("purpose", sorted(SWITCHING))
@pytest.mark.parametrize(
    ("service", "remote"),
    [(Service.ELECTRIC, True), (Service.ELECTRIC, False), (Service.WATER, True), (Service.GAS, False)],
)
def test_an_order_type_says_what_it_means(purpose: OrderPurpose, service: Service, *, remote: bool) -> None:
    assert order_meaning(order_type(service, purpose, remote=remote)) == (service, purpose)


def test_water_is_never_cut_from_the_office() -> None:
    assert order_type(Service.WATER, OrderPurpose.DISCONNECT, remote=True) == "DNP-WATER-CURB"
