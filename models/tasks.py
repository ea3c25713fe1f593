"""What must a person look at, besides what a case's own events ask for?"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.cases import open_case_of
from models.tables import TaskRow
from models.upsert import insert_new


def raise_task(
    session: Session,
    *,
    task_id: str,
    kind: str,
    at: datetime,
    account_no: str = "",
    urgent: bool = False,
    for_role: str = "",
) -> bool:
    """Raise a task about an account, or about none; return false if *task_id* was raised before.

    It belongs to the account's open case if there is one. *task_id* comes from the fact, never from chance.
    """
    case = open_case_of(session, account_no) if account_no else None
    values = {
        "task_id": task_id,
        "case_id": case.case_id if case else "",
        "account_no": account_no,
        "kind": kind,
        "urgent": urgent,
        "raised_at": at,
        "for_role": for_role,
    }
    return insert_new(session, TaskRow, values)


def finish_task(session: Session, task_id: str, *, at: datetime) -> bool:
    """Mark a task as done; return false if it was, or never was raised."""
    row = session.get(TaskRow, task_id, with_for_update=True, populate_existing=True)
    if row is None or row.done_at is not None:
        return False
    row.done_at = at
    return True


def open_tasks(session: Session, *, kind: str | None = None, limit: int) -> Sequence[TaskRow]:
    """Return the tasks not done, urgent ones first, then the oldest."""
    query = select(TaskRow).where(col(TaskRow.done_at).is_(None))
    if kind is not None:
        query = query.where(TaskRow.kind == kind)
    return session.exec(
        query.order_by(col(TaskRow.urgent).desc(), col(TaskRow.raised_at), col(TaskRow.task_id)).limit(limit)
    ).all()
