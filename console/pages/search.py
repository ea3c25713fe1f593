"""Whom does a phone number, a name, an address or an account number belong to? Never by the address of the page."""

from starlette.responses import Response

from casework.permissions import Permission
from casework.worklists import FOUND_MAX, find
from console.guard import page
from console.view import View

TEXT_MAX = 120


@page("/search", Permission.SEE_CASES)
def ask(view: View) -> Response:
    """Ask whom to look for."""
    return view.draw("search.html", text="", found=None, more=False)


@page("/search", Permission.SEE_CASES, method="POST")
def look_up(view: View) -> Response:
    """Show who answers to what was typed; to the call screen at once when it is one."""
    text = view.typed("text")[:TEXT_MAX]
    found = find(view.desk, text) if text else ()
    if len(found) == 1 and not view.asked_by_htmx and view.typed("go") == "call":
        return view.go(f"/call/{found[0].account.account_no}")
    return view.draw("search.html", text=text, found=found, more=len(found) == FOUND_MAX)
