"""Going live: what is held since the opening, counted and told with its reason, and its release."""

from starlette.responses import Response

from casework.errors import Refused
from casework.going_live import kept_back, release
from casework.permissions import Permission
from console.guard import page
from console.view import View
from domain.verdict import Refusal

SHOWN_MAX = 200


@page("/opening", Permission.SEE_CASES)
async def opening(view: View) -> Response:
    """Show what would go out if it were released now."""
    return await _opening(view)


@page("/opening/release", Permission.APPROVE, method="POST")
async def let_go(view: View) -> Response:
    """Release it, as another supervisor than the one who took the folder in."""
    try:
        switched = await release(view.desk)
    except Refused as refused:
        return await _opening(view, refusal=refused.refusal)
    return view.go(f"/opening?cases={switched.cases}")


async def _opening(view: View, *, refusal: Refusal | None = None) -> Response:
    found = await kept_back(view.desk)
    return view.draw(
        "opening.html",
        status=refusal.status if refusal else 200,
        held=found,
        shown=found.items[:SHOWN_MAX] if found else (),
        refusal=refusal,
        cases=cases if (cases := view.query("cases")).isdecimal() else "",
    )
