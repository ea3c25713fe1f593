"""Random lives: told twice they are the same, nothing wrong is done in any, and each corner is entered."""

import itertools
import time

import pytest

from domain import events as ev
from domain.account import Service, Snapshot
from domain.agenda import agenda
from domain.case import Case, OrderState
from domain.facts import FactKind
from domain.money import Money
from domain.states import ServiceStatus, Stage
from domain.take import take
from simulator.chance import random_life
from simulator.life import Billed, Input, Learned, Life, Paid, Returned
from simulator.run import Living, live, run_city
from simulator.trace import trace
from tests.builders import POLICY, a_fact, an_account, at, day
from tests.domain.oracle import wrongs


def before_its_first_event(life: Life) -> Case:
    known = Snapshot.unread(life.account.account_no)
    return Case(case_id=life.case_id, account_no=life.account.account_no, opened_on=known.at.date(), known=known)


@pytest.mark.parametrize("seed", range(25))
def test_a_life_lived_twice_is_the_same_to_the_second(seed: int) -> None:
    assert live(random_life(seed), POLICY) == live(random_life(seed), POLICY)


def test_two_seeds_are_two_lives() -> None:
    assert len({trace(live(random_life(seed), POLICY)) for seed in range(20)}) == 20


@pytest.mark.timeout(0)
@pytest.mark.parametrize("lives", [600, pytest.param(20_000, marks=pytest.mark.prove)])
def test_in_no_life_is_anything_wrong_done_and_in_some_every_corner_is_entered(lives: int) -> None:
    stages: set[Stage] = set()
    statuses: set[ServiceStatus] = set()
    orders: set[OrderState] = set()
    cuts = 0
    for seed in range(lives):
        life = random_life(seed)
        case = before_its_first_event(life)
        for event in live(life, POLICY):
            assert not wrongs(case, event), (seed, event, wrongs(case, event))
            case = take(case, event)
            stages.add(case.stage)
            statuses |= {state.status for state in case.services}
            orders |= {order.state for order in case.orders}
        cuts += case.counters.disconnections
    assert stages == set(Stage)
    assert statuses == set(ServiceStatus)
    assert {OrderState.RECALLED, OrderState.COULD_NOT_COMPLETE, OrderState.COMPLETED} <= orders
    assert cuts > lives // 10


def test_no_letter_and_no_order_leaves_twice() -> None:
    for seed in range(100):
        events = live(random_life(seed), POLICY)
        letters = [e.body.notice.letter for e in events if isinstance(e.body, ev.ReminderSent | ev.NoticeServed)]
        orders = [e.body.order.order_id for e in events if isinstance(e.body, ev.OrderPlaced)]
        assert len(set(letters)) == len(letters)
        assert len(set(orders)) == len(orders)


def test_a_city_lives_each_of_its_lives_as_if_alone() -> None:
    lives = [random_life(seed) for seed in range(40)]
    started = time.process_time()  # what it costs, whatever else runs
    city = run_city(lives, POLICY)
    seconds = time.process_time() - started
    alone = [live(life, POLICY) for life in lives]
    assert city.events == sum(len(events) for events in alone)
    assert [case.seq for case in city.cases] == [len(events) for events in alone]
    assert city.case_days / 365 / seconds > 2, "a year of a case takes half a second on a slow machine, no more"


SAME_DAY: tuple[Input, ...] = (
    Paid(at=at("2026-06-05 07:00"), ref="p1", amount=Money(4_000)),
    Returned(at=at("2026-06-05 07:01"), ref="p0"),
    Billed(
        at=at("2026-06-05 07:02"),
        bill_no="B3",
        service=Service.WATER,
        due_on=day("2026-06-26"),
        amount=Money(3_000),
    ),
    Learned(at=at("2026-06-05 07:03"), fact=a_fact(FactKind.HOLD, "2026-06-05 06:00", "2026-06-10")),
    Learned(at=at("2026-06-05 07:04"), fact=a_fact(FactKind.PLEDGE, "2026-06-05 06:00", "2026-06-20")),
)


def test_the_order_of_what_came_in_on_one_day_changes_no_step() -> None:
    bills = tuple(
        Billed(
            at=at(f"2026-04-{n + 10} 09:00"),
            bill_no=f"B{n}",
            service=Service.ELECTRIC,
            due_on=day(f"2026-05-{n + 20}"),
            amount=Money(9_000),
        )
        for n in range(3)
    )
    early = Paid(at=at("2026-06-03 07:00"), ref="p0", amount=Money(9_000))
    schedules = set()
    for order in itertools.permutations(SAME_DAY):
        life = Life(
            account=an_account(),
            opened_at=at("2026-06-02 06:00"),
            ends_at=at("2026-06-05 23:00"),
            inputs=(*bills, early),
        )
        living = Living(life, POLICY)
        while living.next_at is not None:
            living.advance()
        living.world.now = at("2026-06-05 07:30")
        for each in order:
            living.take_in(each)
        schedules.add(agenda(living.body.case, POLICY, living.world.now))
    assert len(schedules) == 1
