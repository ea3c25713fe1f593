"""As the season ends, is everyone whom it held let go in turn, and nobody before the notice on file has run out?"""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from domain import events as ev
from domain.account import Snapshot
from domain.case import ServiceState
from domain.facts import FactKind
from domain.parameters import RELEASE_BATCH
from domain.policy import Policy
from domain.rules.slots import lawful_day
from domain.states import Stage
from models.obligations import NOTICE
from models.record import record
from models.session import transaction
from models.tables import FactRow, LetterRow
from models.turns import release_season
from tests.models.lives import account, known_account, view
from tests.rules.worked import policy

ROCHESTER = policy("rochester-mn")
OVER = date(2027, 5, 1)
LAST_WEEK = date(2027, 4, 26)
BATCH = 2
HOMES = tuple(f"41000000{n:02}" for n in range(1, 8))


def small() -> Policy:
    dated = tuple(replace(each, value=BATCH) for each in ROCHESTER.values[RELEASE_BATCH.key])
    return replace(ROCHESTER, values={**ROCHESTER.values, RELEASE_BATCH.key: dated})


POLICY = small()


def morning(day: date) -> datetime:
    return POLICY.calendar.at(day, time(6))


def noticed(engine: Engine, account_no: str, *, mailed_on: date, opened_on: date = date(2027, 3, 1)) -> None:
    """Put a home on record whose notice was mailed on *mailed_on*."""
    known_account(engine, account_no)
    case_id = f"{account_no}-1"
    at = morning(opened_on)
    opened = ev.CaseOpened(
        known=Snapshot(at=at, version="1", account=account(account_no), policy=POLICY.digest), stage=Stage.NOTICED
    )
    services = tuple(ServiceState(service=service, since=opened_on) for service in account().services)
    shown = view(1, case_id=case_id, account_no=account_no, stage=Stage.NOTICED, as_of=at, services=services)
    first = ev.Event(seq=1, key="opened/1", at=at, on=opened_on, by="sweep", body=opened)
    with transaction(engine) as session:
        record(session, case=shown, events=(first,))
    mailed(engine, account_no, mailed_on)


def mailed(engine: Engine, account_no: str, on: date) -> None:
    with transaction(engine) as session:
        session.add(
            LetterRow(
                letter_id=f"{account_no}-{on}",
                case_id=f"{account_no}-1",
                account_no=account_no,
                kind=NOTICE,
                prepared_at=morning(on),
                mailed_on=on,
            )
        )


def released(engine: Engine, on: date) -> tuple[str, ...]:
    with transaction(engine) as session:
        return tuple(release_season(session, POLICY, morning(on)))


def turns(engine: Engine) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    with transaction(engine) as session:
        rows = session.exec(select(FactRow).where(FactRow.kind == FactKind.STOP_SWITCH.value)).all()
        for row in sorted(rows, key=lambda row: row.fact_id):
            assert row.account_no is not None
            assert row.until is not None
            found.setdefault(row.account_no, []).append(POLICY.calendar.day(row.until))
    return found


@pytest.fixture
def homes(engine: Engine) -> Engine:
    """Seven homes with notices that have run out by the end of the season."""
    for account_no in HOMES:
        noticed(engine, account_no, mailed_on=date(2027, 3, 15))
    return engine


def test_everyone_whom_the_season_held_gets_a_turn_and_no_day_has_more_than_the_batch(homes: Engine) -> None:
    assert set(released(homes, LAST_WEEK)) == set(HOMES)
    days = [day for (day,) in turns(homes).values()]
    assert max(Counter(days).values()) == BATCH
    assert min(days) == date(2027, 5, 3)  # the first is a Saturday
    assert all(lawful_day(POLICY, day) for day in days)


def test_asked_every_day_a_turn_is_given_once(homes: Engine) -> None:
    released(homes, LAST_WEEK)
    before = turns(homes)
    for ahead in range(1, 40):
        assert released(homes, LAST_WEEK + timedelta(days=ahead)) == ()
    assert turns(homes) == before


def test_nobody_is_stopped_while_the_season_lasts_and_nobody_is_given_a_turn_in_its_midst(homes: Engine) -> None:
    assert released(homes, date(2027, 4, 23)) == ()
    released(homes, LAST_WEEK)
    with transaction(homes) as session:
        starts = {row.starts for row in session.exec(select(FactRow))}
    assert starts == {POLICY.calendar.at(OVER, time(0))}


def test_a_night_without_a_sweep_lets_nobody_go_at_once(homes: Engine) -> None:
    assert set(released(homes, date(2027, 5, 4))) == set(HOMES)
    days = [day for (day,) in turns(homes).values()]
    assert min(days) == date(2027, 5, 4)
    assert max(Counter(days).values()) == BATCH


def test_a_fresh_notice_gets_a_later_turn_only_if_it_has_not_run_out_by_the_one_given(homes: Engine) -> None:
    released(homes, LAST_WEEK)
    in_turn = sorted(HOMES, key=lambda account_no: turns(homes)[account_no])
    first, last = in_turn[0], in_turn[-1]
    mailed(homes, last, date(2027, 4, 20))  # ten days of notice: runs out before the turn
    mailed(homes, first, date(2027, 4, 30))  # does not
    assert released(homes, date(2027, 5, 2)) == (first,)
    assert turns(homes)[first] == [date(2027, 5, 3), date(2027, 5, 10)]
    assert turns(homes)[last] == [date(2027, 5, 6)]


def test_a_home_whose_case_opened_after_the_season_is_not_in_the_queue(engine: Engine) -> None:
    noticed(engine, HOMES[0], mailed_on=date(2027, 5, 20), opened_on=date(2027, 5, 2))
    assert released(engine, date(2027, 5, 21)) == ()
