"""Is each event written once, with all that follows from it, and never changed?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from domain import events as ev
from domain.money import Money
from domain.states import ClosedReason, Stage
from models import vault
from models.cases import case_row, decode, due_cases, next_case_id, open_case_of, timeline_of
from models.chain import broken_at
from models.record import CaseAlreadyOpen, SequenceGap, SequenceTaken, record
from models.session import transaction
from models.tables import TaskRow
from tests.models.lives import CASE, NO, NOON, event, known_account, noted, opened, view


@pytest.fixture
def case(engine: Engine) -> str:
    """An open case with two entries, the second of them a note about the customer."""
    known_account(engine)
    with transaction(engine) as session:
        record(session, case=view(2), events=(opened(), noted(2)))
    return CASE


def counts(engine: Engine) -> tuple[int, ...]:
    with transaction(engine) as session:
        return tuple(
            session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in ("timeline", "cases", "tasks", "customer_keys", "facts", "letters", "work_orders", "approvals")
        )


def test_what_was_recorded_reads_back_as_it_was(engine: Engine, case: str) -> None:
    with transaction(engine) as session:
        assert tuple(decode(session, row) for row in timeline_of(session, case)) == (opened(), noted(2))
        row = case_row(session, case)
        assert row is not None
        assert row.to_domain() == view(2)
        assert row.opened_on == opened().on


@pytest.mark.parametrize("statement", ["UPDATE timeline SET \"by\" = 'x'", "DELETE FROM timeline"])
def test_the_database_refuses_to_change_or_remove_an_entry(engine: Engine, case: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    with transaction(engine) as session:
        assert len(timeline_of(session, case)) == 2


def test_recording_twice_returns_the_stored_events_and_changes_nothing(engine: Engine, case: str) -> None:
    task = event(3, ev.TaskRaised(kind="call", about="Call Ada"))
    with transaction(engine) as session:
        assert record(session, case=view(3, task="call"), events=(task,)) == (task,)
    before = counts(engine)
    with transaction(engine) as session:
        again = replace(task, by="someone else")
        assert record(session, case=view(3, stage=Stage.CLOSED), events=(again,)) == (task,)
    assert counts(engine) == before
    with transaction(engine) as session:
        row = case_row(session, case)
        assert row is not None
        assert row.stage == Stage.PAST_DUE


def test_a_taken_number_with_another_key_is_refused(engine: Engine, case: str) -> None:
    with pytest.raises(SequenceTaken, match=f"{CASE}: event 2"), transaction(engine) as session:
        record(session, case=view(2), events=(event(2, ev.Assigned(to="maria"), key="other"),))


def test_an_event_without_the_one_before_it_is_refused(engine: Engine, case: str) -> None:
    with pytest.raises(SequenceGap), transaction(engine) as session:
        record(session, case=view(4), events=(event(4, ev.Assigned(to="maria")),))


def test_an_account_has_at_most_one_open_case(engine: Engine, case: str) -> None:
    second = view(1, case_id=f"{NO}-2")
    with pytest.raises(CaseAlreadyOpen, match=CASE), transaction(engine) as session:
        record(session, case=second, events=(opened(),))
    insert = (
        "INSERT INTO cases SELECT '4100000001-2', account_no, seq, as_of, stage, status, services, service_names, "
        "balance_cents, past_due_cents, oldest_due_on, next_step, next_at, next_says, waiting_for, task, assigned_to, "
        "follow_up_on, holds, policy, closed, opened_on, closed_on, linked_to, priority, score, refused FROM cases"
    )
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(insert))


def test_a_closed_case_makes_room_for_the_next_one(engine: Engine, case: str) -> None:
    closing = event(3, ev.CaseClosed(reason=ClosedReason.PAID))
    with transaction(engine) as session:
        record(session, case=view(3, stage=Stage.CLOSED, closed=ClosedReason.PAID), events=(closing,))
        row = case_row(session, case)
        assert row is not None
        assert row.closed_on == closing.on
        assert open_case_of(session, NO) is None
        record(session, case=view(1, case_id=f"{NO}-2"), events=(opened(),))
        second = open_case_of(session, NO)
        assert second is not None
        assert second.case_id == f"{NO}-2"


def test_case_numbers_count_up_and_are_given_back_by_a_rollback(engine: Engine) -> None:
    with transaction(engine) as session:
        assert next_case_id(session, NO) == f"{NO}-1"

    def give_up() -> None:
        with transaction(engine) as session:
            next_case_id(session, NO)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    with transaction(engine) as session:
        assert next_case_id(session, NO) == f"{NO}-2"


def test_words_about_a_person_stand_in_no_column_in_the_clear(engine: Engine, case: str) -> None:
    with transaction(engine) as session:
        record(session, case=view(3), events=(event(3, ev.TaskRaised(kind="call", about="Call Ada at once")),))
        rows = [row.model_dump_json(exclude={"private"}) for row in timeline_of(session, case)]
        sealed = [row.private for row in timeline_of(session, case)] + [
            row.about for row in session.exec(select(TaskRow))
        ]
    assert all("Ada" not in row for row in rows)
    assert all(b"Ada" not in ciphertext for ciphertext in sealed if ciphertext)
    assert sum(ciphertext is not None for ciphertext in sealed) == 3


def test_destroying_the_customers_key_redacts_and_leaves_the_chain_whole(engine: Engine, case: str) -> None:
    with transaction(engine) as session:
        vault.destroy(session, NO)
    with transaction(engine) as session:
        rows = timeline_of(session, case)
        assert broken_at(case, rows) is None
        assert decode(session, rows[1]).body == ev.NoteAdded(note="[redacted]")
        record(session, case=view(3), events=(noted(3, "A new note."),))
    with transaction(engine) as session:
        bodies = [decode(session, row).body for row in timeline_of(session, case, 1)]
    assert bodies == [ev.NoteAdded(note="[redacted]"), ev.NoteAdded(note="A new note.")]


def test_a_changed_or_missing_entry_shows_in_the_chain(engine: Engine, case: str) -> None:
    with transaction(engine) as session:
        first, second = timeline_of(session, case)
        assert broken_at(case, (first, second)) is None
        assert broken_at(case, (second,)) == 1
        assert broken_at("4100000001-9", (first, second)) == 1
        second.on += timedelta(days=1)
        assert broken_at(case, (first, second)) == 2
        session.expunge_all()


def test_a_look_without_events_moves_the_worklist_and_an_older_look_does_not(engine: Engine, case: str) -> None:
    later = NOON + timedelta(days=3)
    with transaction(engine) as session:
        record(session, case=view(2, as_of=later, next_at=later, balance=Money(1)), events=())
        record(session, case=view(2), events=())
        row = case_row(session, case)
        assert row is not None
        assert (row.next_at, row.balance_cents) == (later, 1)
        assert due_cases(session, later - timedelta(seconds=1)) == ()
        assert [due.case_id for due in due_cases(session, later)] == [case]
