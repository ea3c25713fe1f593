"""To which instant does the driver move business time, and what does it tell on the way?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from cli.driver import Driver
from domain.calendar import CityCalendar
from models.clock import ClockMode, SqlClock
from models.record import record
from models.session import reading, transaction
from models.tables import CaseRow, OutboxRow
from tests.models.lives import CASE, NO, known_account, opened, view
from tests.ready import open_ready

CHICAGO = CityCalendar(zone="America/Chicago")
NINE = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)  # 09:00 in the city
TEN = NINE + timedelta(hours=1)
SECOND = timedelta(seconds=1)
MIDNIGHT = datetime(2026, 9, 2, 5, 0, tzinfo=UTC)
END = datetime(2026, 9, 30, 5, 0, tzinfo=UTC)


@dataclass
class Stubs:
    billed: Sequence[str] = ()
    work_at: datetime | None = None
    moved_to: list[datetime] = field(default_factory=list)

    async def advance(self, now: datetime) -> list[str]:
        self.moved_to.append(now)
        return list(self.billed)

    async def next_work(self) -> datetime | None:
        return self.work_at


@dataclass
class Someone:
    wants: datetime | None
    acted: list[datetime] = field(default_factory=list)

    def next_at(self, now: datetime) -> datetime | None:
        return self.wants if self.wants and self.wants > now else None

    async def act(self, now: datetime) -> None:
        self.acted.append(now)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    found = open_ready(f"sqlite:///{tmp_path / 'arrears.db'}", master_key=bytes(32))
    SqlClock(found).start(ClockMode.STEPPED, at=NINE)
    known_account(found)
    with transaction(found) as session:
        record(session, case=view(1, next_at=None), events=(opened(),))
    return found


def driver(engine: Engine, stubs: Stubs, **given: object) -> Driver:
    async def settle(_: object = ()) -> int:
        return 0

    at = SimpleNamespace(
        engine=engine,
        clock=SqlClock(engine),
        control=stubs,
        policy=SimpleNamespace(calendar=CHICAGO),
        folder=None,
    )
    return Driver(at=at, settle=settle, **given)  # type: ignore[arg-type]  # stand-ins for what a stack holds


def due(engine: Engine, at: datetime) -> None:
    with transaction(engine) as session:
        session.get_one(CaseRow, CASE).next_at = at


@pytest.mark.parametrize(
    ("due_at", "moves_to"),
    [
        (NINE + timedelta(minutes=1), TEN - SECOND),
        (TEN - SECOND, TEN - SECOND),
        (TEN - timedelta(milliseconds=1), TEN - timedelta(milliseconds=1)),
        (TEN, TEN + timedelta(hours=1) - SECOND),
    ],
)
async def test_due_work_is_done_as_its_hour_ends_while_the_office_is_still_open(
    engine: Engine, due_at: datetime, moves_to: datetime
) -> None:
    due(engine, due_at)
    assert await driver(engine, Stubs())._next(NINE, END) == moves_to


async def test_with_nothing_due_time_moves_straight_to_midnight_in_the_city(engine: Engine) -> None:
    assert await driver(engine, Stubs())._next(NINE, END) == MIDNIGHT


async def test_the_end_is_reached_exactly(engine: Engine) -> None:
    end = NINE + timedelta(minutes=7)
    assert await driver(engine, Stubs())._next(NINE, end) == end


async def test_a_crews_next_act_counts_as_due_work(engine: Engine) -> None:
    stubs = Stubs(work_at=NINE + timedelta(minutes=5))
    assert await driver(engine, stubs)._next(NINE, END) == TEN - SECOND


async def test_someones_appointment_is_kept_to_the_minute(engine: Engine) -> None:
    someone = Someone(NINE + timedelta(minutes=17))
    running = driver(engine, Stubs(), actors=(someone,))
    await running.tick(await running._next(NINE, END))
    assert someone.acted == [NINE + timedelta(minutes=17)]


async def test_what_someone_sets_to_work_is_waited_for(engine: Engine) -> None:
    class Deciding(Someone):
        async def act(self, now: datetime) -> None:
            with transaction(engine) as session:
                session.get_one(CaseRow, CASE).as_of = now

    waited_for: list[list[str]] = []

    async def settle(accounts: Sequence[str] = ()) -> int:
        waited_for.append(list(accounts))
        return 0

    with transaction(engine) as session:
        session.get_one(CaseRow, CASE).as_of = NINE
    at = NINE + timedelta(minutes=17)
    running = driver(engine, Stubs(), actors=(Deciding(at),))
    running.settle = settle  # type: ignore[assignment]  # notes what it is asked
    await running.tick(at)
    assert waited_for == [[], [NO]]


async def test_own_sweeps_begin_on_the_day_named_and_only_on_open_days(engine: Engine) -> None:
    sweeping = driver(engine, Stubs(), sweeps_own_from=date(2026, 9, 3))
    found = [sweeping._sweep_instant(date(2026, 9, day)) for day in (2, 3, 5)]
    assert found == [None, datetime(2026, 9, 3, 10, 0, tzinfo=UTC), None]  # the 5th is a Saturday


async def test_clock_and_stubs_are_moved_to_the_same_instant(engine: Engine) -> None:
    stubs = Stubs()
    await driver(engine, stubs).tick(MIDNIGHT)
    assert (SqlClock(engine).now(), stubs.moved_to) == (MIDNIGHT, [MIDNIGHT])


async def test_a_case_whose_account_was_billed_is_told_to_look_again_once_a_day(engine: Engine) -> None:
    stubs = Stubs(billed=(NO, "4100000002"))
    running = driver(engine, stubs)
    await running.tick(MIDNIGHT)
    await running.tick(MIDNIGHT + timedelta(hours=1))
    with reading(engine) as session:
        told = session.exec(select(OutboxRow.key)).all()
    assert told == [f"tell/{NO}/billed/2026-09-02"]


async def test_a_run_ends_at_its_end_and_counts_its_days(engine: Engine) -> None:
    totals = await driver(engine, Stubs()).run(datetime(2026, 9, 4, 5, 0, tzinfo=UTC))
    assert totals.days == 3
    assert SqlClock(engine).now() == datetime(2026, 9, 4, 5, 0, tzinfo=UTC)
