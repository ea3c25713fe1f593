"""How does an event become the record: numbered, chained, projected, once?"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Integer, Row, bindparam, exists, literal, true
from sqlalchemy import case as when
from sqlalchemy import select as choose
from sqlmodel import Session, select

from domain.events import CaseClosed, CaseOpened, CaseTakenOver, Event
from domain.figures import event_cents, event_service
from domain.pressing import points
from domain.view import CaseView
from models.accounts import hold_account
from models.cases import decode, open_case_of
from models.chain import link
from models.codec import write_body, write_certificate
from models.projections import project
from models.recorded import Recorded
from models.refusals import last_after
from models.tables import CaseRow, TaskRow, TimelineRow
from models.tasks import ASKED, CALENDAR, URGENT
from models.upsert import dialect_of, insert_into, over, rows_of, table_of
from models.vault import seal

_APPEND = table_of(TimelineRow).insert()
_TIMELINE = table_of(TimelineRow).c
_STANDING = choose(table_of(TimelineRow), last_after(_TIMELINE.case_id, _TIMELINE.seq).label("refused_hash")).where(
    _TIMELINE.case_id == bindparam("of_case"), _TIMELINE.seq.between(bindparam("first"), bindparam("last"))
)


class SequenceTaken(RuntimeError):
    """Another event stands under this number: two writers of one case, which must never be."""


class SequenceGap(RuntimeError):
    """The event before this one is not on record: it was never written, or belongs to another database."""


class CaseAlreadyOpen(RuntimeError):
    """The account has an open case; a second one cannot be opened beside it."""


def record(session: Session, *, case: CaseView, events: Sequence[Event]) -> tuple[Event, ...]:
    """Write *events* and all that follows from them in the caller's transaction; return them as they stand on record.

    *case* is the view after the last of them; with no events only the view is written. An event whose number is taken
    under the same key is returned as it was stored and changes nothing.

    Raises:
        SequenceTaken: a number is taken under another key.
        SequenceGap: the number before the first is not on record.
        CaseAlreadyOpen: a first event, while the account has another open case.
        AccountUnknown: billing's master has not told us of the account.
    """
    hold_account(session, case.account_no)
    stored = _stored(session, case.case_id, events)
    new = tuple(event for event in events if event.seq not in stored)
    if new:
        _append(session, case, new, after=stored)
    if new or not events:
        _write_view(session, case, new)
    return tuple(decode(session, stored[event.seq]) if event.seq in stored else event for event in events)


def _stored(session: Session, case_id: str, events: Sequence[Event]) -> dict[int, Row[Any]]:
    """Return the rows already standing under the numbers of *events*, and the one before them."""
    if not events:
        return {}
    first, last = events[0].seq, events[-1].seq
    assert [event.seq for event in events] == list(range(first, last + 1)), "events are numbered without a gap"
    found = rows_of(session, _STANDING, {"of_case": case_id, "first": first - 1, "last": last})
    stored = {row.seq: row for row in found}
    for event in events:
        row = stored.get(event.seq)
        if row is not None and row.key != event.key:
            raise SequenceTaken(f"{case_id}: event {event.seq} is {row.key}, not {event.key}")
    return stored


def _append(session: Session, case: CaseView, new: tuple[Event, ...], *, after: dict[int, Row[Any]]) -> None:
    first = new[0].seq
    if first == 1:
        other = open_case_of(session, case.account_no)
        if other is not None:
            raise CaseAlreadyOpen(f"account {case.account_no} has the open case {other.case_id}")
    elif first - 1 not in after:
        raise SequenceGap(f"{case.case_id}: event {first - 1} is not on record, so {first} cannot follow")
    prev_hash = (after[first - 1].refused_hash or after[first - 1].hash) if first > 1 else case.case_id
    for event in new:
        public, words = write_body(event.body)
        private = seal(session, case.account_no, words) if words else None
        row = _row(case, event) | {"public": public, "private": private}
        this_hash = link(prev_hash, row)
        session.connection().execute(_APPEND, row | {"prev_hash": prev_hash, "hash": this_hash})
        project(session, Recorded(case.case_id, case.account_no, event, private))
        prev_hash = this_hash


def _row(case: CaseView, event: Event) -> dict[str, object]:
    service = event_service(event.body)
    return {
        "case_id": case.case_id,
        "seq": event.seq,
        "account_no": case.account_no,
        "type": event.body.type,
        "key": event.key,
        "at": event.at,
        "on": event.on,
        "by": event.by,
        "stage": case.stage.value,
        "status": case.status.value,
        "cents": event_cents(event.body),
        "service": service.value if service else None,
        "certificate": write_certificate(event.certificate),
    }


def _write_view(session: Session, case: CaseView, new: tuple[Event, ...]) -> None:
    values = _view_columns(case)
    for event in new:
        match event.body:
            case CaseOpened(linked_to=linked_to):
                values |= {"opened_on": event.on, "linked_to": linked_to}
            case CaseClosed():
                values |= {"closed_on": event.on}
            case CaseTakenOver(case=told):
                values |= {"opened_on": told.opened_on, "closed_on": told.closed_on}
    statement = _view_statement(dialect_of(session), tuple(values))
    pressing = {"tasks_of": case.case_id, "else_priority": ASKED if case.task else CALENDAR}
    session.connection().execute(statement, values | pressing)


@cache
def _view_statement(dialect: str, names: tuple[str, ...]) -> Executable:
    """Return the statement that writes a view; an older look at the case does not overwrite a newer one."""
    cases, tasks = table_of(CaseRow), table_of(TaskRow)
    of_case = tasks.c.case_id == bindparam("tasks_of")
    urgent = exists().where(of_case, tasks.c.urgent.is_(true()), tasks.c.done_at.is_(None))
    priority = select(when((urgent, literal(URGENT)), else_=bindparam("else_priority", type_=Integer())))
    insert = insert_into(dialect, cases).values(priority=priority.scalar_subquery())
    shown = insert.excluded
    newer = (cases.c.seq < shown.seq) | ((cases.c.seq == shown.seq) & (cases.c.as_of <= shown.as_of))
    return over(insert, cases, (*names, "priority"), where=newer)


def _view_columns(case: CaseView) -> dict[str, object]:
    return {
        "case_id": case.case_id,
        "account_no": case.account_no,
        "seq": case.seq,
        "as_of": case.as_of,
        "stage": case.stage.value,
        "status": case.status.value,
        "services": [
            {"service": s.service.value, "status": s.status.value, "since": s.since.isoformat() if s.since else None}
            for s in case.services
        ],
        "service_names": _piped(tuple(state.service for state in case.services)),
        "balance_cents": case.balance.cents,
        "past_due_cents": case.past_due.cents,
        "oldest_due_on": case.oldest_due_on,
        "next_step": str(case.next_step),
        "next_at": case.next_at,
        "next_says": case.next_says,
        "waiting_for": str(case.waiting_for),
        "task": case.task,
        "assigned_to": case.assigned_to,
        "follow_up_on": case.follow_up_on,
        "holds": _piped(case.holds),
        "policy": case.policy,
        "closed": case.closed.value if case.closed else None,
        "score": points(case),
    }


def _piped(names: Sequence[str]) -> str:
    return f"|{'|'.join(names)}|" if names else ""
