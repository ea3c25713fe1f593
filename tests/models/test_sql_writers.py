"""Do many writers at once neither fail nor lose anything?"""

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Flag

from sqlalchemy import Engine
from sqlmodel import select

from domain import events as ev
from models.cases import next_case_id, timeline_of
from models.record import record
from models.session import reading, transaction
from models.tables import AccountRow
from tests.models.lives import CASE, NO, event, known_account, opened, view

WRITERS, EACH = 4, 40


def test_four_threads_that_read_before_they_write_never_find_the_database_locked(engine: Engine) -> None:
    known_account(engine)

    def write(_: int) -> None:
        for _ in range(EACH):
            with transaction(engine) as session:
                row = session.exec(select(AccountRow).where(AccountRow.account_no == NO).with_for_update()).one()
                row.facts_version += 1

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with transaction(engine) as session:
        assert session.exec(select(AccountRow.facts_version)).one() == WRITERS * EACH


def test_case_numbers_taken_at_once_are_all_different(engine: Engine) -> None:
    def take(_: int) -> str:
        with transaction(engine) as session:
            return next_case_id(session, NO)

    with ThreadPoolExecutor(WRITERS) as pool:
        taken = list(pool.map(take, range(20)))
    assert sorted(taken, key=lambda case_id: int(case_id.rpartition("-")[2])) == [f"{NO}-{n}" for n in range(1, 21)]


def test_the_same_recording_by_four_threads_at_once_stands_once(engine: Engine) -> None:
    known_account(engine)
    with transaction(engine) as session:
        record(session, case=view(1), events=(opened(),))
    note = event(2, ev.NoteAdded(note="Once."))

    def write(_: int) -> tuple[ev.Event, ...]:
        with transaction(engine) as session:
            return record(session, case=view(2), events=(note,))

    with ThreadPoolExecutor(WRITERS) as pool:
        assert list(pool.map(write, range(WRITERS))) == [(note,)] * WRITERS
    with transaction(engine) as session:
        assert [row.seq for row in timeline_of(session, CASE)] == [1, 2]


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    known_account(engine)
    read = Flag()

    def look() -> int:
        with reading(engine) as session:
            version = session.exec(select(AccountRow.facts_version)).one()
        read.set()
        return version

    with ThreadPoolExecutor(1) as pool, transaction(engine) as session:
        row = session.exec(select(AccountRow).with_for_update()).one()
        row.facts_version = 7
        session.flush()
        looked = pool.submit(look)
        assert read.wait(5), "the reader waited for the writer"
        assert looked.result() == 0
