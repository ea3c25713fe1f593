"""The playbooks of unusual cases, beside the case that they are followed in; and the account told on one page."""

import asyncio

from starlette.responses import Response

from casework.cases import case as case_of
from casework.errors import missing
from casework.moves import moves_of
from casework.overview import overview, timeline_back
from casework.permissions import Permission
from console.guard import page
from console.playbooks import BY_NAME, PLAYBOOKS
from console.view import View

STORY_MAX = 400
LEFT_OUT = frozenset({"account_read", "order_reminded", "order_accepted", "instalments_met", "assigned"})
"""What happens behind the scenes, and tells a reader from outside nothing."""


@page("/cases/{case_id:str}/playbooks", Permission.SEE_CASES)
def every(view: View) -> Response:
    """Show which playbooks there are."""
    row = case_of(view.desk, view.path("case_id"))
    return view.draw("playbooks.html", row=row, playbooks=PLAYBOOKS)


@page("/cases/{case_id:str}/playbooks/{name:str}", Permission.SEE_CASES)
def one(view: View) -> Response:
    """Show a playbook, with what of it the case's record shows as done."""
    playbook = BY_NAME.get(view.path("name"))
    if playbook is None:
        raise missing("playbook", view.path("name"))
    row = case_of(view.desk, view.path("case_id"))
    return view.draw("playbook.html", row=row, playbook=playbook, done=moves_of(view.desk, row.case_id))


@page("/accounts/{account_no:str}/story", Permission.SEE_CASES)
async def story(view: View) -> Response:
    """Tell the account on one page, to be read by someone who has never seen it."""
    account_no = view.path("account_no")
    seen = await overview(view.desk, account_no)
    chapter = await asyncio.to_thread(timeline_back, view.desk, account_no, limit=STORY_MAX)
    told = [entry for _, entry in chapter.entries if entry.event.body.type not in LEFT_OUT]
    return view.draw("story.html", seen=seen, told=told, earlier=chapter.earlier)
