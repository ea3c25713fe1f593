"""A pledge that its agency or the desk states anew: is the one that stands held to, and counted, and met once?"""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import select

from domain.decisions.facts import extensions
from domain.facts import Fact, FactKind
from domain.money import Money
from models.accounts import account_of
from models.facts import end_fact, facts_of, record_fact
from models.pledges import CANCELLED, ENOUGH, FILE, NEW, PAID, Pledged, follow, fulfil, take_row
from models.policies import activate
from models.session import transaction
from models.tables import PledgeRow, TaskRow
from tests.models.lives import known_account
from tests.rules.worked import policy

POLICY = policy("rochester-mn")  # a pledge may be put off once
HOME = "4100000001"
FIRST = Pledged(
    pledge_id="p1",
    account_no=HOME,
    agency="Three Rivers",
    amount=Money(10_000),
    pledged_on=date(2026, 6, 20),
    expires_on=date(2026, 7, 10),
    holds_until=date(2026, 7, 10),
    source=FILE,
)


def at(day: int) -> datetime:
    return POLICY.calendar.at(date(2026, 7, day), POLICY.calendar.clock(datetime.fromisoformat("2026-07-01T12:00Z")))


def told(engine: Engine, on: int, status: str = NEW, **changed: object) -> None:
    with transaction(engine) as session:
        assert take_row(session, replace(FIRST, **changed), status, policy=POLICY, at=at(on))  # type: ignore[arg-type]


def standing(engine: Engine) -> list[tuple[date, int, int]]:
    """Return of each pledge that stands the last day, what it covers, and how often it was extended."""
    with transaction(engine) as session:
        found = [fact for fact in facts_of(session, account_of(session, HOME)) if fact.kind is FactKind.PLEDGE]
        return [
            (POLICY.calendar.day(fact.until), fact.amount.cents if fact.amount else 0, extensions(fact))
            for fact in found
            if fact.until is not None
        ]


def tasks(engine: Engine) -> list[str]:
    with transaction(engine) as session:
        return list(session.exec(select(TaskRow.kind)).all())


def test_a_later_row_of_its_agency_extends_a_pledge_once_and_then_asks_a_supervisor(engine: Engine) -> None:
    known_account(engine, HOME)
    told(engine, 1)
    for _ in range(2):  # the same row comes with every day's file
        told(engine, 2, expires_on=date(2026, 7, 20))
    assert (standing(engine), tasks(engine)) == ([(date(2026, 7, 21), 10_000, 1)], [])
    for _ in range(2):
        told(engine, 3, expires_on=date(2026, 7, 30))
    assert (standing(engine), tasks(engine)) == ([(date(2026, 7, 21), 10_000, 1)], [ENOUGH])


def test_another_sum_or_an_earlier_end_holds_as_stated_and_is_no_extension(engine: Engine) -> None:
    known_account(engine, HOME)
    told(engine, 1)
    told(engine, 2, amount=Money(4_000))
    told(engine, 3, amount=Money(4_000), expires_on=date(2026, 7, 5))
    assert standing(engine) == [(date(2026, 7, 6), 4_000, 0)]


def corrected_at_the_desk(engine: Engine, day: int) -> None:
    """Let a person put the pledge's end off to that day of July."""
    with transaction(engine) as session:
        row = session.exec(select(PledgeRow)).one()
        fact = Fact(
            fact_id="by-hand",
            kind=FactKind.PLEDGE,
            starts=at(1),
            until=POLICY.calendar.at(date(2026, 7, day + 1), at(1).time().replace(hour=0, minute=0)),
            known_at=at(2),
            amount=Money(10_000),
            source="agency",
            entered_by="rosa",
            details={"extended": "1"},
        )
        old = row.fact_id
        record_fact(session, fact=fact, known_at=at(2), account_no=HOME, replaces=old)
        activate(session, POLICY, at(1))
        follow(session, fact, old)


def test_money_meets_the_pledge_as_the_desk_corrected_it(engine: Engine) -> None:
    known_account(engine, HOME)
    told(engine, 1)
    corrected_at_the_desk(engine, 20)
    with transaction(engine) as session:
        fulfil(session, HOME, Money(3_000), policy=POLICY, at=at(3))
    assert standing(engine) == [(date(2026, 7, 21), 7_000, 1)]
    with transaction(engine) as session:
        fulfil(session, HOME, Money(7_000), policy=POLICY, at=at(4))
        assert session.exec(select(PledgeRow.status)).one() == PAID
    with transaction(engine) as session:
        facts = facts_of(session, account_of(session, HOME))
        assert [fact.until for fact in facts if fact.kind is FactKind.PLEDGE] == [at(4)]


def test_a_row_that_its_agency_repeats_does_not_undo_what_the_desk_corrected(engine: Engine) -> None:
    known_account(engine, HOME)
    told(engine, 1)
    corrected_at_the_desk(engine, 20)
    told(engine, 3)
    assert standing(engine) == [(date(2026, 7, 21), 10_000, 1)]


def test_a_pledge_that_the_desk_takes_back_is_met_by_no_money(engine: Engine) -> None:
    known_account(engine, HOME)
    told(engine, 1)
    with transaction(engine) as session:
        row = session.exec(select(PledgeRow)).one()
        end_fact(session, fact_id=row.fact_id, known_at=at(2), until=at(2), withdrawn=True)
        follow(session, None, row.fact_id)
        assert row.status == CANCELLED
    with transaction(engine) as session:
        assert fulfil(session, HOME, Money(3_000), policy=POLICY, at=at(3)) == []
    assert standing(engine) == []
