"""What waits for a person beside the cases: returned items, agencies, banks, billing's refusals?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing
from casework.permissions import Permission
from casework.summaries import Line
from models.cases import words_of
from models.tables import TaskRow
from models.tasks import finish_task, kinds_without_open_case, open_tasks, tasks_without_open_case

LISTED_MAX = 500


def tasks(desk: Desk, *, kind: str | None = None) -> Sequence[TaskRow]:
    """Return the tasks not done, urgent ones first, then the oldest."""
    desk.need(Permission.SEE_CASES)
    return desk.read_now(lambda session: open_tasks(session, kind=kind, limit=LISTED_MAX))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSeen:
    """A task with the words that say more; none for who may not read notes, blank where it has none."""

    row: TaskRow
    about: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """A page of tasks. *kinds*: how many there are of each kind in all; *after*: behind which the next page begins."""

    tasks: Sequence[TaskSeen]
    kinds: Mapping[str, int]
    after: str


def tasks_beside_cases(desk: Desk, *, kind: str = "", after: str = "", limit: int = LISTED_MAX) -> TaskPage:
    """Return a page of the tasks not done that no open case shows: what belongs to one stands on its account's page."""
    desk.need(Permission.SEE_CASES)
    notes = desk.may(Permission.SEE_NOTES)

    def ask(session: Session) -> TaskPage:
        rows = tasks_without_open_case(session, kind=kind, after=after, limit=limit + 1)
        return TaskPage(
            tasks=[TaskSeen(row=row, about=_about(session, row) if notes else None) for row in rows[:limit]],
            kinds=kinds_without_open_case(session),
            after=rows[limit - 1].task_id if len(rows) > limit else "",
        )

    return desk.read_now(ask)


def _about(session: Session, row: TaskRow) -> str | None:
    words = words_of(session, row.account_no, row.about)
    return None if words is None else words.get("about", "")


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
