"""The case history inspector: what happened, how the case stood on any day, why or why not, and is the record whole?"""

import asyncio

from starlette.responses import Response

from casework import timeline as story
from casework.cases import case as case_of
from casework.errors import Refused
from casework.history import history
from casework.inspection import checked
from casework.outlook import state_on
from casework.overview import timeline_back
from casework.permissions import Permission
from casework.reasons import reasons
from console.guard import page
from console.typed import day_of
from console.view import View
from domain.account import balance, past_due


@page("/cases/{case_id:str}", Permission.SEE_CASES)
async def inspect(view: View) -> Response:
    """Show the case's history."""
    case_id = view.path("case_id")
    row = await asyncio.to_thread(case_of, view.desk, case_id)
    chapter = await asyncio.to_thread(
        timeline_back, view.desk, row.account_no, before=(case_id, row.seq + 1), limit=100
    )
    refused = await asyncio.to_thread(story.refusals, view.desk, case_id)
    return view.draw("case.html", row=row, chapter=chapter, refused=refused)


@page("/cases/{case_id:str}/on", Permission.SEE_CASES)
async def on_a_day(view: View) -> Response:
    """Show how the case stood at the end of a day."""
    case_id = view.path("case_id")
    row = await asyncio.to_thread(case_of, view.desk, case_id)
    on = day_of(view.query("day"))
    if on is None:
        return view.draw("case_on.html", row=row, on=None, case=None, trouble=True)
    case = await asyncio.to_thread(state_on, view.desk, case_id, on)
    bills = case.known.bills
    return view.draw(
        "case_on.html",
        row=row,
        on=on,
        case=case,
        trouble=False,
        owed=balance(bills),
        past_due=past_due(bills, on),
        facts=[fact for fact in case.known.facts if fact.withdrawn_at is None],
    )


@page("/cases/{case_id:str}/why", Permission.SEE_CASES)
async def why(view: View) -> Response:
    """Say why the case stands where it does, and why what people ask about has not happened."""
    row = await asyncio.to_thread(case_of, view.desk, view.path("case_id"))
    return view.draw("case_why.html", row=row, why=await reasons(view.desk, row.account_no))


@page("/cases/{case_id:str}/temporal", Permission.SEE_HISTORY)
async def temporal(view: View) -> Response:
    """Tell what Temporal recorded of the case, in plain words."""
    case_id = view.path("case_id")
    row = await asyncio.to_thread(case_of, view.desk, case_id)
    try:
        lines, trouble = await history(view.desk, case_id), None
    except Refused as refused:
        lines, trouble = [], refused.refusal
    return view.draw("case_temporal.html", row=row, lines=lines, refusal=trouble)


@page("/cases/{case_id:str}/check", Permission.SEE_CASES)
async def check(view: View) -> Response:
    """Check the record of the case: its chain, its numbers, and the date sums of each certificate."""
    case_id = view.path("case_id")
    row = await asyncio.to_thread(case_of, view.desk, case_id)
    return view.draw("case_check.html", row=row, found=await asyncio.to_thread(checked, view.desk, case_id))
