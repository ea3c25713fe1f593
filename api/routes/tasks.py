"""What waits for a person, and what has been done?"""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel

from api.guard import AtDesk, needs
from api.routes.returned import Kind
from api.routes.router import router
from api.schemas.base import Shown
from casework import tasks
from casework.permissions import Permission

# A task's id names what raised it: it may hold the slashes of a key.
TaskId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_./-]{1,200}$")]


class TaskShown(Shown):
    """Something a person must look at; *case_id* blank: it belongs to no case."""

    task_id: str
    kind: str
    account_no: str
    case_id: str
    urgent: bool
    for_role: str
    raised_at: datetime
    done_at: datetime | None


class TaskList(BaseModel):
    tasks: list[TaskShown]


@router.get("/tasks", tags=["desk"], response_model=TaskList)
@needs(Permission.SEE_CASES)
def get_tasks(desk: AtDesk, kind: Kind = None) -> TaskList:
    """The tasks not done, urgent ones first, then the oldest."""
    return TaskList(tasks=[TaskShown.model_validate(row) for row in tasks.tasks(desk, kind=kind)])


@router.post("/tasks/{task_id:path}/done", tags=["desk"], response_model=TaskShown)
@needs(Permission.DO_TASKS)
def post_task_done(desk: AtDesk, task_id: TaskId) -> TaskShown:
    """Mark a task as done."""
    return TaskShown.model_validate(tasks.done(desk, task_id))
