"""What waits for a person beside the cases: returned items, agencies, banks, billing's refusals?"""

from collections.abc import Sequence

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing
from casework.permissions import Permission
from casework.summaries import Line
from models.tables import TaskRow
from models.tasks import finish_task, open_tasks

LISTED_MAX = 500


def tasks(desk: Desk, *, kind: str | None = None) -> Sequence[TaskRow]:
    """Return the tasks not done, urgent ones first, then the oldest."""
    desk.need(Permission.SEE_CASES)
    return desk.read_now(lambda session: open_tasks(session, kind=kind, limit=LISTED_MAX))


def done(desk: Desk, task_id: str) -> TaskRow:
    """Mark a task as done. Twice is once."""
    desk.need(Permission.DO_TASKS)
    now = desk.now

    def write(session: Session) -> TaskRow:
        finish_task(session, task_id, at=now)
        row = session.get(TaskRow, task_id, populate_existing=True)
        if row is None:
            raise missing("task", task_id)
        return row

    return desk.write_now(write)


def task_lines(desk: Desk) -> Sequence[Line]:
    """Return the tasks not done as lines of a report."""
    return [
        {
            "task": row.kind,
            "account_no": row.account_no,
            "case": row.case_id,
            "since": str(row.raised_at.date()),
            "urgent": "yes" if row.urgent else "",
            "for": row.for_role,
        }
        for row in tasks(desk)
    ]
