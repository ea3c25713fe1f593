"""The disconnect and reconnect board: who may be cut, who is being cut or restored, and whom to let be."""

from starlette.responses import Response

from casework.board import board
from casework.permissions import Permission
from console.guard import page
from console.view import View
from domain.account import Service


@page("/board", Permission.SEE_CASES)
def show(view: View) -> Response:
    """Show the day."""
    chosen = view.query("service")
    service = Service(chosen) if chosen in set(Service) else None
    return view.draw("board.html", board=board(view.desk, service=service), service=service, services=tuple(Service))
