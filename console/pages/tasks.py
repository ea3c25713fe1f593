"""What waits for a person beside the open cases: returned items, banks, agencies, letters of cases that have closed."""

from urllib.parse import quote

from starlette.responses import Response

from casework.errors import Refused
from casework.permissions import Permission
from casework.tasks import done, tasks_beside_cases
from casework.worklists import names_of
from console.guard import page
from console.view import View
from domain.verdict import Refusal

SHOWN = 100


@page("/tasks", Permission.SEE_CASES)
def tasks(view: View) -> Response:
    """Show the tasks, urgent ones first, then the oldest."""
    return _tasks(view)


@page("/tasks/done", Permission.DO_TASKS, method="POST")
def post_done(view: View) -> Response:
    """Mark a task as done."""
    try:
        done(view.desk, view.typed("task_id"))
    except Refused as refused:
        return _tasks(view, refusal=refused.refusal, status=refused.refusal.status)
    back, kind = view.typed("back"), quote(view.typed("kind"))
    if back.isascii() and back.isdigit():
        return view.go(f"/accounts/{back}")
    return view.go(f"/tasks?done=1&kind={kind}" if kind else "/tasks?done=1")


def _tasks(view: View, *, refusal: Refusal | None = None, status: int = 200) -> Response:
    kind = view.typed("kind") or view.query("kind")
    found = tasks_beside_cases(view.desk, kind=kind, after=view.query("after"), limit=SHOWN)
    if kind and kind not in found.kinds:  # the last of its kind was done just now, or there never was one
        kind, found = "", tasks_beside_cases(view.desk, limit=SHOWN)
    return view.draw(
        "tasks.html",
        status=status,
        tasks=found.tasks,
        kinds=found.kinds,
        kind=kind,
        after=found.after,
        names=names_of(view.desk, [each.row.account_no for each in found.tasks if each.row.account_no]),
        refusal=refusal,
        done=view.query("done"),
    )
