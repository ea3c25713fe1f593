"""What must a person look at, besides what a case's own events ask for?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import Session, col, func, or_, select

from models.cases import open_case_of
from models.codec import write_words
from models.tables import CaseRow, TaskRow
from models.upsert import insert_new
from models.vault import seal

URGENT, ASKED, CALENDAR = 2, 1, 0
"""Priorities of a case in the worklist: of an urgent task, of what its calendar asks of a person, of the calendar."""


def raise_task(
    session: Session,
    *,
    task_id: str,
    kind: str,
    at: datetime,
    account_no: str = "",
    urgent: bool = False,
    for_role: str = "",
    case_id: str = "",
    about: str = "",
) -> bool:
    """Raise a task about an account, or about none; return false if *task_id* was raised before.

    It belongs to the account's open case if there is one, unless *case_id* names another. *task_id* comes from the
    fact, never from chance. *about*, more words on it, is sealed under the customer's key.
    """
    case = open_case_of(session, account_no) if account_no and not case_id else None
    values = {
        "task_id": task_id,
        "case_id": case.case_id if case else case_id,
        "account_no": account_no,
        "kind": kind,
        "urgent": urgent,
        "raised_at": at,
        "for_role": for_role,
        "about": seal(session, account_no, write_words({"about": about})) if about else None,
    }
    return insert_new(session, TaskRow, values)


def finish_task(session: Session, task_id: str, *, at: datetime) -> bool:
    """Mark a task as done; return false if it was, or never was raised. Its case is as pressing as what is left."""
    row = session.get(TaskRow, task_id, with_for_update=True, populate_existing=True)
    if row is None or row.done_at is not None:
        return False
    row.done_at = at
    session.flush()
    if row.urgent and row.case_id:
        _calm(session, row.case_id)
    return True


def _calm(session: Session, case_id: str) -> None:
    """Let a case without an urgent task wait its turn; the next event of the case would come to the same."""
    left = select(TaskRow.task_id).where(
        TaskRow.case_id == case_id, col(TaskRow.urgent), col(TaskRow.done_at).is_(None)
    )
    case = session.get(CaseRow, case_id, with_for_update=True, populate_existing=True)
    if case is not None and session.exec(left.limit(1)).first() is None:
        case.priority = ASKED if case.task else CALENDAR


def open_tasks(session: Session, *, kind: str | None = None, limit: int) -> Sequence[TaskRow]:
    """Return the tasks not done, urgent ones first, then the oldest."""
    query = select(TaskRow).where(col(TaskRow.done_at).is_(None))
    if kind is not None:
        query = query.where(TaskRow.kind == kind)
    return session.exec(
        query.order_by(col(TaskRow.urgent).desc(), col(TaskRow.raised_at), col(TaskRow.task_id)).limit(limit)
    ).all()


def tasks_without_open_case(session: Session, *, kind: str = "", after: str = "", limit: int) -> Sequence[TaskRow]:
    """Return the tasks not done that belong to no case, or to a closed one: urgent ones first, then the oldest.

    *after*: those behind the task of this number, which may be done by now.
    """
    query = select(TaskRow).where(*_beside_cases(), *([TaskRow.kind == kind] if kind else []))
    last = session.get(TaskRow, after) if after else None
    if last is not None:
        behind = tuple_(col(TaskRow.raised_at), col(TaskRow.task_id)) > tuple_(last.raised_at, last.task_id)
        same = col(TaskRow.urgent).is_(last.urgent) & behind
        query = query.where(or_(same, col(TaskRow.urgent).is_(False)) if last.urgent else same)
    return session.exec(
        query.order_by(col(TaskRow.urgent).desc(), col(TaskRow.raised_at), col(TaskRow.task_id)).limit(limit)
    ).all()


def kinds_without_open_case(session: Session) -> dict[str, int]:
    """Return how many tasks of each kind `tasks_without_open_case` knows."""
    query = select(TaskRow.kind, func.count()).where(*_beside_cases())
    return dict(session.exec(query.group_by(TaskRow.kind).order_by(TaskRow.kind)).all())


def _beside_cases() -> tuple[ColumnElement[bool], ...]:
    opened = select(CaseRow.case_id).where(col(CaseRow.closed).is_(None))
    return col(TaskRow.done_at).is_(None), col(TaskRow.case_id).not_in(opened)
