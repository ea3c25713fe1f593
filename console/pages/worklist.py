"""My worklist: which cases are mine, why is each here, and which comes next?"""

from urllib.parse import urlencode

from starlette.responses import Response

from casework.cases import next_one
from casework.permissions import Permission
from casework.worklists import Asked, work_of
from console.guard import page
from console.labels import FACTS, STAGES, STATUSES, TASKS
from console.view import View
from domain.account import Service
from domain.money import Money
from domain.pressing import PRIORITY_POINTS, parts
from models.desk_list import Listed, Order, Tab
from models.tables import CaseRow

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
    asked = asked_for(view)
    found = work_of(view.desk, asked)
    query = {name: value for name, value in view.request.query_params.items() if name != "cursor" and value}
    return view.draw(
        "worklist.html",
        rows=[shown(row) for row in found.rows],
        cursor=found.cursor,
        wanted=asked,
        query=urlencode(query),
        filtered=any(query.get(name) for name in ("state", "service", "hold", "task", "min")),
        tabs=list(Tab) if view.desk.may(Permission.TAKE_WORK) else [Tab.ALL],
        states=[*STAGES, *STATUSES],
        services=list(Service),
        holds=list(FACTS),
        tasks=list(TASKS),
        orders=list(Order),
    )


def asked_for(view: View) -> Asked:
    """Return what the address asks for; what it asks for in vain reads as not asked."""
    tab, order = view.query("tab"), view.query("sort")
    return Asked(
        tab=Tab(tab) if tab in set(Tab) else Tab.MINE if view.desk.may(Permission.TAKE_WORK) else Tab.ALL,
        order=Order(order) if order in set(Order) else Order.SCORE,
        state=view.query("state") if view.query("state") in {*STAGES, *STATUSES} else None,
        service=view.query("service") if view.query("service") in set(Service) else None,
        hold=view.query("hold") if view.query("hold") in FACTS else None,
        task=view.query("task") if view.query("task") in TASKS else None,
        min_past_due_cents=_cents(view.query("min")),
        cursor=view.query("cursor") or None,
    )


def _cents(text: str) -> int | None:
    try:
        return Money.dollars(text).cents if text else None
    except ValueError:
        return None


def shown(listed: Listed) -> dict[str, object]:
    """Return what a row of a list shows of a case."""
    case, seen = listed.case, listed.case.to_domain()
    return {
        "case": case,
        "name": listed.name,
        "address": listed.address,
        "days": (case.as_of.date() - case.oldest_due_on).days if case.oldest_due_on else None,
        "score": case.priority * PRIORITY_POINTS + case.score,
        "parts": parts(seen, case.priority),
        "badges": badges(case),
    }


def badges(case: CaseRow) -> list[tuple[str, str]]:
    """Return the facts to see at a glance, each with how it looks."""
    holds = case.holds.strip("|").split("|") if case.holds else []
    return [(name, BADGES[name]) for name in holds if name in BADGES]


@page("/worklist/next", Permission.TAKE_WORK, method="POST")
async def take_next(view: View) -> Response:
    """Take the most pressing case that is mine or nobody's, and go to its account."""
    row = await next_one(view.desk, key=view.typed("key"))
    if row is None:
        return view.go("/worklist?none=1")
    return view.go(f"/accounts/{row.account_no}")
