"""The call screen: who calls, what may be said, the sums to read out, what to offer, and what came of it."""

import asyncio

from starlette.responses import Response

from casework.calling import call
from casework.permissions import Permission
from console.forms import COMMANDS, fields_of
from console.guard import page
from console.pages.account import done
from console.pages.decide import around_of
from console.view import View
from console.words import dollars

WRAP_UP = ("record_contact", "record_promise", "set_follow_up")


@page("/call/{account_no:str}", Permission.SEE_CASES)
async def show(view: View) -> Response:
    """Show everything a call about the account needs, with the forms that end it."""
    found = await call(view.desk, view.path("account_no"))
    seen = found.seen
    forms = {}
    if seen.row and view.desk.may(Permission.DECIDE):
        around = await around_of(view, seen.looked)
        forms = {name: fields_of(COMMANDS[name], around) for name in WRAP_UP}
    return view.draw(
        "call.html",
        call=found,
        seen=seen,
        forms=forms,
        done=await asyncio.to_thread(done, view),
        latest=seen.kept.letters[0] if seen.kept.letters else None,
        dollars=dollars,
    )
