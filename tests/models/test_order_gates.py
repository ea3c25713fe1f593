"""Does a cut go ahead only on what was committed before it, whoever comes first?"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from domain.case import Case, OrderPurpose, OrderState
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.verdict import Action, Finding, Verdict
from models.accounts import Personal, write_account
from models.facts import record_fact
from models.orders import BILLING_MOVED, ORDER_NOT_OPEN, acknowledge, dispatch
from models.payments import Payment, mark_posted, receive_payment
from models.session import transaction
from models.snapshot import versions_of
from models.tables import WorkOrderRow
from tests.rules.worked import PLAIN_NOW, Example, case_of, instant, policy

T = TypeVar("T")
CITY = "rochester-mn"
PACK = policy(CITY)
NOW = instant(PLAIN_NOW, CITY)
SOON = NOW + timedelta(minutes=5)
ORDER = "8000000002-1-o1"
WAITS = 0.3  # seconds in which a transaction that need not wait would long be done


def plain(action: Action) -> Case:
    """Return the plain household of the worked examples, which may be cut."""
    example = Example(
        file="",
        name="",
        rule="",
        city=CITY,
        now=PLAIN_NOW,
        action=action,
        expect=Finding.PASSES,
        until=None,
        also=frozenset(),
        says={},
    )
    return case_of(example)


@pytest.fixture
def case(engine: Engine) -> Case:
    """The plain household on record, with an order requested."""
    found = plain(Action.DISPATCH_DISCONNECTION)
    with transaction(engine) as session:
        write_account(session, replace(found.known.account, county="Olmsted"), Personal())
        session.add(
            WorkOrderRow(
                order_id=ORDER,
                case_id=found.case_id,
                account_no=found.account_no,
                purpose=OrderPurpose.DISCONNECT,
                service=found.known.bills[0].service,
                state=OrderState.REQUESTED,
                requested_at=NOW,
            )
        )
    return found


def ask_dispatch(engine: Engine, case: Case, *, version: int | None = None, now: datetime = NOW) -> Verdict:
    with transaction(engine) as session:
        read_at = versions_of(session, case.account_no).money if version is None else version
        return dispatch(session, order_id=ORDER, case=case, policy=PACK, read_at_version=read_at, now=now)


def ask_at_the_door(engine: Engine, case: Case, *, now: datetime = SOON) -> Verdict:
    asked = replace(plain(Action.ACKNOWLEDGE_DISCONNECTION), known=case.known)
    with transaction(engine) as session:
        read_at = versions_of(session, case.account_no).money
        return acknowledge(session, order_id=ORDER, case=asked, policy=PACK, read_at_version=read_at, now=now)


def dispute(session: Session, case: Case) -> None:
    fact = Fact(fact_id="f1", kind=FactKind.DISPUTE, starts=NOW - timedelta(days=1), known_at=NOW)
    record_fact(session, fact=fact, known_at=NOW, account_no=case.account_no)


def payment(case: Case) -> Payment:
    return Payment(
        payment_id="p1",
        source="counter",
        trace="77",
        account_no=case.account_no,
        amount=Money(100),
        received_at=NOW,
        effective_on=PLAIN_NOW.date(),
        tender="cash",
    )


def state_of(engine: Engine) -> str:
    with transaction(engine) as session:
        return session.get_one(WorkOrderRow, ORDER).state


def rules(verdict: Verdict) -> set[str]:
    return {outcome.rule for outcome in verdict.blocking}


def meanwhile(engine: Engine, first: Callable[[Session], T], second: Callable[[], T]) -> tuple[T, T]:
    """Do *first* in a transaction; before it commits, let *second* start elsewhere and be seen to wait for it."""
    with ThreadPoolExecutor(1) as elsewhere:
        with transaction(engine) as session:
            result = first(session)
            waiting: Future[T] = elsewhere.submit(second)
            with pytest.raises(StillWaiting):
                waiting.result(WAITS)
        return result, waiting.result(20)


def test_nothing_forbids_the_cut_and_it_goes_from_requested_to_acknowledged(engine: Engine, case: Case) -> None:
    assert rules(ask_dispatch(engine, case)) == set()
    assert state_of(engine) == OrderState.DISPATCHED
    assert rules(ask_at_the_door(engine, case)) == set()
    assert state_of(engine) == OrderState.ACKNOWLEDGED


def test_a_fact_committed_first_stops_the_dispatch_that_waited_for_it(engine: Engine, case: Case) -> None:
    _, verdict = meanwhile(engine, lambda session: dispute(session, case), lambda: ask_dispatch(engine, case))
    assert not verdict.allows
    assert state_of(engine) == OrderState.REQUESTED


def test_a_dispatch_committed_first_stands_when_the_fact_comes_after_and_the_door_says_stop(
    engine: Engine, case: Case
) -> None:
    def write() -> Verdict | None:
        with transaction(engine) as session:
            dispute(session, case)
        return None

    def first(session: Session) -> Verdict | None:
        return dispatch(session, order_id=ORDER, case=case, policy=PACK, read_at_version=0, now=NOW)

    verdict, _ = meanwhile(engine, first, write)
    assert verdict is not None
    assert verdict.allows
    assert state_of(engine) == OrderState.DISPATCHED
    assert not ask_at_the_door(engine, case).allows
    assert state_of(engine) == OrderState.RECALLED


def test_a_fact_about_the_county_makes_the_door_wait_and_stop(engine: Engine, case: Case) -> None:
    ask_dispatch(engine, case)

    def heat(session: Session) -> None:
        fact = Fact(
            fact_id="heat",
            kind=FactKind.HEAT_PRODUCT,
            starts=NOW - timedelta(hours=1),
            until=NOW + timedelta(hours=9),
            known_at=NOW,
            details={"product": "Excessive Heat Warning", "county": "Olmsted"},
        )
        assert record_fact(session, fact=fact, known_at=NOW, county="Olmsted") == (case.account_no,)
        fact_of_area = replace(fact, fact_id="area", kind=FactKind.STOP_SWITCH, details={})
        assert record_fact(session, fact=fact_of_area, known_at=NOW) == (case.account_no,)

    _, verdict = meanwhile(engine, heat, lambda: ask_at_the_door(engine, case))
    assert verdict is not None
    assert not verdict.allows


def test_a_payment_after_billing_was_read_stops_the_dispatch(engine: Engine, case: Case) -> None:
    with transaction(engine) as session:
        assert receive_payment(session, payment(case))
    assert BILLING_MOVED in rules(ask_dispatch(engine, case, version=0))
    assert BILLING_MOVED not in rules(ask_dispatch(engine, case, version=1))
    assert state_of(engine) == OrderState.DISPATCHED


def test_a_payment_that_billing_posted_since_it_was_read_stops_the_dispatch_too(engine: Engine, case: Case) -> None:
    with transaction(engine) as session:
        receive_payment(session, payment(case))
        mark_posted(session, "p1", "B77", NOW)
    assert rules(ask_dispatch(engine, case, version=1)) == {BILLING_MOVED}


def test_unposted_money_counts_though_billing_does_not_show_it(engine: Engine, case: Case) -> None:
    with transaction(engine) as session:
        receive_payment(session, replace(payment(case), amount=Money(10_000_000)))
    verdict = ask_dispatch(engine, case)
    assert not verdict.allows
    assert BILLING_MOVED not in rules(verdict)


def test_a_dispatch_asked_again_gives_the_verdict_it_gave(engine: Engine, case: Case) -> None:
    verdict = ask_dispatch(engine, case)
    with transaction(engine) as session:
        dispute(session, case)
    assert ask_dispatch(engine, case, now=SOON) == verdict


def test_a_door_asked_again_is_judged_again(engine: Engine, case: Case) -> None:
    ask_dispatch(engine, case)
    assert ask_at_the_door(engine, case).allows
    with transaction(engine) as session:
        dispute(session, case)
    assert not ask_at_the_door(engine, case).allows


@pytest.mark.parametrize("state", [s for s in OrderState if s not in {OrderState.DISPATCHED, OrderState.ACKNOWLEDGED}])
def test_an_order_that_no_crew_holds_is_stopped_at_the_door(engine: Engine, case: Case, state: OrderState) -> None:
    with transaction(engine) as session:
        session.get_one(WorkOrderRow, ORDER).state = state
    assert ORDER_NOT_OPEN in rules(ask_at_the_door(engine, case))
    assert state_of(engine) == state
