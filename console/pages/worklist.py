"""My worklist: which cases are mine, why is each here, and which comes next?"""

from collections.abc import Iterable
from functools import lru_cache, partial
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from casework.cases import next_one
from casework.permissions import Permission
from casework.worklists import Asked, work_of
from console.guard import page
from console.labels_case import FACTS, STAGES, STATUSES, TASKS
from console.typed import amount_of
from console.view import View, environment, named
from console.words import Speech
from domain.account import Service
from domain.pressing import PRIORITY_POINTS, parts
from models.desk_list import Listed, Order, Tab

ROWS_KEPT = 4_096  # of a few screens of everyone at the desk
LISTS = (
    ("states", (*STAGES, *STATUSES)),
    ("services", tuple(Service)),
    ("holds", tuple(FACTS)),
    ("tasks", tuple(TASKS)),
    ("orders", tuple(Order)),
)
"""What the filters choose from."""

TABS, ORDERS = {str(tab): tab for tab in Tab}, {str(order): order for order in Order}
CHOSEN = {
    "state": frozenset({*STAGES, *STATUSES}),
    "service": frozenset(map(str, Service)),
    "hold": frozenset(FACTS),
    "task": frozenset(TASKS),
}
"""What each filter knows."""

BADGES = {
    "medical_certificate": "medical",
    "life_support": "medical",
    "medical_equipment": "medical",
    "bankruptcy": "stay",
    "military_orders": "stay",
    "pledge": "pledge",
    "dispute": "dispute",
    "hold": "hold",
    "heat_product": "heat",
    "stop_switch": "stop",
}
"""Facts that a list shows at a glance, and how each badge looks."""


@page("/worklist", Permission.SEE_CASES)
def worklist(view: View) -> Response:
    """Show a page of this person's work."""
    asked, speech = asked_for(view), view.speech
    found = work_of(view.desk, asked)
    query = {name: value for name, value in view.request.query_params.items() if name != "cursor" and value}
    return view.draw(
        "worklist.html",
        rows=tuple(drawn(speech.language, speech.zone, view.user.username, row) for row in found.rows),
        cursor=found.cursor,
        wanted=asked,
        query=urlencode(query),
        filtered=any(query.get(name) for name in ("state", "service", "hold", "task", "min")),
        lists=LISTS,
        tabs=tuple(Tab) if view.desk.may(Permission.TAKE_WORK) else (Tab.ALL,),
    )


def asked_for(view: View) -> Asked:
    """Return what the address asks for; what it asks for in vain reads as not asked."""
    return Asked(
        tab=TABS.get(view.query("tab")) or (Tab.MINE if view.desk.may(Permission.TAKE_WORK) else Tab.ALL),
        order=ORDERS.get(view.query("sort")) or Order.SCORE,
        state=_known(view, "state"),
        service=_known(view, "service"),
        hold=_known(view, "hold"),
        task=_known(view, "task"),
        min_past_due_cents=_cents(view.query("min")),
        cursor=view.query("cursor") or None,
    )


def _known(view: View, name: str) -> str | None:
    value = view.query(name)
    return value if value in CHOSEN[name] else None


def _cents(text: str) -> int | None:
    try:
        return amount_of(text).cents if text else None
    except ValueError:
        return None


@lru_cache(maxsize=ROWS_KEPT)
def drawn(language: str, zone: str, viewer: str, listed: Listed) -> Markup:
    """Return a row of the list in HTML.

    A list is looked at again and again and few of its cases change meanwhile. All that a row shows is in its name here,
    so that one that is kept is the one that would be drawn.
    """
    speech = Speech(language, zone)
    text = (
        environment(language)
        .get_template("worklist_row.html")
        .render(
            row=shown(listed),
            t=speech,
            count=speech.count,
            named=partial(named, language),
            lang=language,
            viewer=viewer,
        )
    )
    return Markup(text)  # noqa: S704  # drawn by a template of ours, which escapes what it is given


def shown(listed: Listed) -> dict[str, object]:
    """Return what a row of a list shows of a case."""
    return {
        "case": listed,
        "days": (listed.as_of.date() - listed.oldest_due_on).days if listed.oldest_due_on else None,
        "score": listed.priority * PRIORITY_POINTS + listed.score,
        "parts": parts(listed, listed.priority),
        "badges": badges(listed.holds),
    }


def badges(holds: Iterable[str]) -> list[tuple[str, str]]:
    """Return the facts to see at a glance, each with how it looks."""
    return [(name, BADGES[name]) for name in holds if name in BADGES]


@page("/worklist/next", Permission.TAKE_WORK, method="POST")
async def take_next(view: View) -> Response:
    """Take the most pressing case that is mine or nobody's, and go to its account."""
    row = await next_one(view.desk, key=view.typed("key"))
    if row is None:
        return view.go("/worklist?none=1")
    return view.go(f"/accounts/{row.account_no}")
