"""What was asked of supervisors before, and answered: to be found again by its words."""

from starlette.responses import Response

from casework.permissions import Permission
from casework.precedents import precedents
from console.guard import page
from console.view import View

TEXT_MAX = 120


@page("/precedents", Permission.SEE_NOTES)
def latest(view: View) -> Response:
    """Show the latest questions and answers."""
    return view.draw("precedents.html", text="", found=precedents(view.desk))


@page("/precedents", Permission.SEE_NOTES, method="POST")
def look_up(view: View) -> Response:
    """Show those in which the words stand; what was typed stays out of addresses and logs."""
    text = view.typed("text")[:TEXT_MAX]
    return view.draw("precedents.html", text=text, found=precedents(view.desk, text))
