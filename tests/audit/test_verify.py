"""Whatever is changed in the record by hand, the audit finds it and says where."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy import Connection, create_engine, text

from audit.checks import _open_days_after, sum_faults
from audit.entries import COVERED, REFUSED, Pack
from audit.verify import Fault, read_heads, verify, write_heads
from domain import commands as c
from domain.agenda import next_step
from domain.calendar import CityCalendar
from domain.case import Case
from domain.decide import decide, evidence
from domain.effects import Receipt
from domain.perform import performed
from domain.step import Step, StepKind
from domain.take import take
from domain.verdict import Refusal
from domain.view import view
from models.record import record
from models.refusals import keep_refusal
from models.session import transaction
from tests.builders import CALENDAR, day
from tests.casework.paper import SHOP_CASE, Paper, on_paper

SENT = Receipt(ref="m-1")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the folder of a record with a reminder, a note, and a refused decision before and after the note in it."""
    folder = tmp_path_factory.mktemp("record")
    with on_paper(folder) as paper:
        case = asyncio.run(paper.open())
        case = _stepped(paper, case, StepKind.SEND_REMINDER)
        _refused(paper, case, c.RecommendDisconnection(), key="r1")
        case = _decided(paper, case, c.AddNote(note="She called from work."))
        _refused(paper, case, c.RecommendDisconnection(), key="r2")
        yield folder


def _stepped(paper: Paper, case: Case, kind: StepKind) -> Case:
    """Perform the next step, which is of *kind*, at its own time."""
    step = next_step(case, paper.policy, paper.clock.now())
    assert isinstance(step, Step)
    assert step.kind is kind
    paper.clock.set(max(step.at, paper.clock.now()))
    now = paper.clock.now()
    return _kept(paper, case, performed(case, step, SENT, paper.policy, now))


def _decided(paper: Paper, case: Case, command: c.Command) -> Case:
    now = paper.clock.now()
    events = decide(case, c.Decision(key="k1", at=now, by="rosa", command=command, senior=False), paper.policy, now)
    assert not isinstance(events, Refusal)
    return _kept(paper, case, events)


def _refused(paper: Paper, case: Case, command: c.Command, *, key: str) -> None:
    """Have *command* refused at first sight, and chain it as the desk does."""
    now = paper.clock.now()
    decision = c.Decision(key=key, at=now, by="rosa", command=command, senior=False)
    refusal = decide(case, decision, paper.policy, now)
    assert isinstance(refusal, Refusal)
    with transaction(paper.engine) as session:
        keep_refusal(
            session,
            refusal_id=key,
            case_id=case.case_id,
            account_no=case.account_no,
            at=now,
            by=decision.by,
            decision=command.type,
            body=TypeAdapter(Refusal).dump_python(refusal, mode="json"),
            certificate=evidence(decision, refusal, paper.policy, now),
        )


def _kept(paper: Paper, case: Case, events: Any) -> Case:
    for event in events:
        case = take(case, event)
    with transaction(paper.engine) as session:
        record(session, case=view(case, paper.policy, paper.clock.now()), events=events)
    return case


@pytest.fixture
def record_of(written: Path, tmp_path: Path) -> Path:
    """Return a copy of the record, without the triggers that forbid to change it."""
    source, copy = create_engine(f"sqlite:///{written / 'arrears.db'}"), tmp_path / "copy.db"
    with source.connect() as connection:
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
    source.dispose()
    with changing(copy) as connection:
        for table in ("timeline", "refusals"):
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
    return copy


@contextmanager
def changing(path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def faults(path: Path, **kept: Any) -> list[Fault]:
    return verify(f"sqlite:///{path}", **kept).faults


def test_an_untouched_record_is_whole(record_of: Path) -> None:
    report = verify(f"sqlite:///{record_of}")
    assert report.faults == []
    assert (report.entries, report.refusals, report.certificates >= 3) == (3, 2, True)


CHANGES = {
    "type": "'note_lost'",
    "key": "'another/1'",
    "at": "'2026-01-01 00:00:00.000000'",
    "on": "'2026-01-01'",
    "by": "'mallory'",
    "stage": "'closed'",
    "status": "'off'",
    "cents": "1",
    "service": "'gas'",
    "account_no": "'1'",
    "public": "'{}'",
    "private": "X'00'",
    "certificate": "NULL",
    "prev_hash": "'0'",
    "hash": "'0'",
}


def test_every_column_is_tried() -> None:
    assert set(CHANGES) == {*COVERED, "prev_hash", "hash"} - {"case_id", "seq"}


@pytest.mark.parametrize("column", sorted(CHANGES))
def test_a_changed_column_is_found_and_its_entry_named(record_of: Path, column: str) -> None:
    with changing(record_of) as connection:
        connection.execute(text(f'UPDATE timeline SET "{column}" = {CHANGES[column]} WHERE seq = 2'))
    assert (SHOP_CASE, 2) in {(fault.case_id, fault.seq) for fault in faults(record_of)}


@pytest.mark.parametrize("column", ["public", "certificate", "at", "on"])
def test_what_cannot_be_read_is_found_and_named(record_of: Path, column: str) -> None:
    with changing(record_of) as connection:
        connection.execute(text(f"UPDATE timeline SET \"{column}\" = 'torn' WHERE seq = 2"))
    assert f"column {column} cannot be read" in faults(record_of)[0].says


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    yield path
    for key, child in children:
        yield from _leaves(child, (*path, key))


def test_every_field_of_a_certificate_is_under_the_chain(record_of: Path) -> None:
    with changing(record_of) as connection:
        stored = connection.execute(text("SELECT certificate FROM timeline WHERE seq = 2")).scalar_one()
    paths = list(_leaves(json.loads(stored)))
    assert len(paths) > 20
    for path in paths:
        with changing(record_of) as connection:
            _put(connection, _changed(json.loads(stored), path))
        assert (SHOP_CASE, 2) in {(fault.case_id, fault.seq) for fault in faults(record_of)}, path
    with changing(record_of) as connection:
        connection.execute(text("UPDATE timeline SET certificate = :as_was WHERE seq = 2"), {"as_was": stored})
    assert faults(record_of) == []


def _changed(value: Any, path: tuple[Any, ...]) -> Any:
    if not path:
        return {"another": 1}
    value[path[0]] = _changed(value[path[0]], path[1:]) if path[1:] else "tampered"
    return value


def _put(connection: Connection, certificate: Any) -> None:
    connection.execute(text("UPDATE timeline SET certificate = :c WHERE seq = 2"), {"c": json.dumps(certificate)})


REFUSED_CHANGES = {
    "refusal_id": "'another'",
    "at": "'2026-01-01 00:00:00.000000'",
    "by": "'mallory'",
    "decision": "'close'",
    "body": "'{}'",
    "certificate": "NULL",
    "after_seq": "1",
    "place": "2",
    "prev_hash": "'0'",
    "hash": "'0'",
}


def test_every_column_of_a_refusal_is_tried() -> None:
    assert set(REFUSED_CHANGES) == {*REFUSED, "prev_hash", "hash"} - {"case_id"}


@pytest.mark.parametrize("which", ["r1", "r2"])
@pytest.mark.parametrize("column", sorted(REFUSED_CHANGES))
def test_a_changed_column_of_a_refusal_is_found(record_of: Path, column: str, which: str) -> None:
    with changing(record_of) as connection:
        changed = f'UPDATE refusals SET "{column}" = {REFUSED_CHANGES[column]} WHERE refusal_id = :which'
        connection.execute(text(changed), {"which": which})
    assert faults(record_of)


def test_every_field_of_a_refusals_certificate_and_of_what_was_told_is_under_the_chain(record_of: Path) -> None:
    for column in ("certificate", "body"):
        read, write = f"SELECT {column} FROM refusals", f"UPDATE refusals SET {column} = :c"
        with changing(record_of) as connection:
            stored = connection.execute(text(f"{read} WHERE refusal_id = 'r1'")).scalar_one()
        paths = list(_leaves(json.loads(stored)))
        assert len(paths) >= 10
        for path in paths:
            with changing(record_of) as connection:
                changed = json.dumps(_changed(json.loads(stored), path))
                connection.execute(text(f"{write} WHERE refusal_id = 'r1'"), {"c": changed})
            assert (SHOP_CASE, 2) in {(fault.case_id, fault.seq) for fault in faults(record_of)}, path
        with changing(record_of) as connection:
            connection.execute(text(f"{write} WHERE refusal_id = 'r1'"), {"c": stored})
    assert faults(record_of) == []


def test_a_refusal_taken_out_is_found_in_the_middle_and_at_the_end(record_of: Path) -> None:
    with changing(record_of) as connection:
        connection.execute(text("DELETE FROM refusals WHERE refusal_id = 'r2'"))
    assert [fault.says for fault in faults(record_of)] == ["the list of cases knows 2 refusals, 1 are on record"]
    with changing(record_of) as connection:
        connection.execute(text("UPDATE cases SET refused = 1"))
        connection.execute(text("DELETE FROM refusals WHERE refusal_id = 'r1'"))
    assert "it does not follow the one before it" in {fault.says for fault in faults(record_of)}


def test_an_entry_taken_out_is_found_in_the_middle_and_at_the_end(record_of: Path) -> None:
    with changing(record_of) as connection:
        connection.execute(text("DELETE FROM timeline WHERE seq = 3"))
        connection.execute(text("DELETE FROM refusals WHERE refusal_id = 'r2'"))
        connection.execute(text("UPDATE cases SET refused = 1"))
    assert [fault.says for fault in faults(record_of)] == ["the list of cases knows another last entry"]
    with changing(record_of) as connection:
        connection.execute(text("DELETE FROM timeline WHERE seq = 1"))
    assert "the entries from 1 on are missing" in {fault.says for fault in faults(record_of)}


def test_a_case_without_entries_is_found(record_of: Path) -> None:
    with changing(record_of) as connection:
        connection.execute(text("DELETE FROM timeline"))
    assert "refusals stand in a case that has no entries" in {fault.says for fault in faults(record_of)}
    with changing(record_of) as connection:
        connection.execute(text("DELETE FROM refusals"))
    assert faults(record_of) == [Fault(case_id=SHOP_CASE, seq=0, says="the case has no entries")]


def test_a_chain_written_anew_is_found_by_a_head_kept_elsewhere(record_of: Path, tmp_path: Path) -> None:
    heads = verify(f"sqlite:///{record_of}").heads
    write_heads(tmp_path / "heads.json", heads)
    assert faults(record_of, kept=read_heads(tmp_path / "heads.json")) == []
    rewritten = {case_id: replace(head, hash="0" * 64) for case_id, head in heads.items()}
    assert "the chain was rewritten" in faults(record_of, kept=rewritten)[0].says


OUTCOME = {
    "rule": "D02",
    "arithmetic": [
        {"label": "notice", "start": "2026-06-16", "days": 10, "result": "2026-06-26", "calendar": "calendar"}
    ],
}
PACK = Pack(name="test", closed=CALENDAR.city_closed)


@pytest.mark.parametrize(("result", "right"), [("2026-06-25", False), ("2026-06-26", True), ("2026-06-27", False)])
def test_a_date_sum_that_does_not_come_out_is_found_even_if_the_chain_holds(result: str, *, right: bool) -> None:
    stated = {**OUTCOME, "arithmetic": [{**OUTCOME["arithmetic"][0], "result": result}]}  # type: ignore[dict-item]
    assert (list(sum_faults([stated], [PACK])) == []) is right


def test_open_days_are_counted_as_the_calendar_counts_them() -> None:
    calendar: CityCalendar = CALENDAR
    for offset in range(400):
        start = day("2026-01-01") + timedelta(days=offset)
        for days in (0, 1, 2, 5, 10):
            assert _open_days_after(start, days, calendar.city_closed) == calendar.add_open_days(start, days)
