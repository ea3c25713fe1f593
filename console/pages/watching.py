"""What must be looked after: duties and their days, agreements as they stand, the crews' day."""

from collections import Counter

from starlette.responses import Response

from casework.crews import candidates, doors, lists
from casework.errors import Refused
from casework.mailing import left_over
from casework.obligations import PENDING, meet, owed
from casework.permissions import Permission
from casework.plans import Standing, kept_rate, plans
from casework.worklists import names_of
from console.guard import page
from console.view import View
from domain.arrangement import add_months
from domain.obligations import FROM_FACTS, Duty, State
from domain.verdict import Refusal

SHOWN = 200
MONTHS_BACK = 12


@page("/radar", Permission.SEE_REPORTS)
def radar(view: View) -> Response:
    """Show what the utility owes, the earliest day first."""
    return _radar(view)


@page("/radar/met", Permission.DECIDE, method="POST")
def met(view: View) -> Response:
    """Take someone's word, with what shows it, that something owed was done."""
    try:
        meet(view.desk, view.typed("key"), evidence=view.typed("evidence"))
    except Refused as refused:
        return _radar(view, refusal=refused.refusal, key=view.typed("key"), status=refused.refusal.status)
    return view.go("/radar?done=1")


def _radar(view: View, *, refusal: Refusal | None = None, key: str = "", status: int = 200) -> Response:
    chosen, state = view.query("duty"), view.query("state")
    duty = Duty(chosen) if chosen in set(Duty) else None
    states = (State(state),) if state in set(State) else PENDING
    found, today = owed(view.desk, duty=duty, states=states), view.speech.local_day(view.now)
    return view.draw(
        "radar.html",
        status=status,
        owed=found[:SHOWN],
        more=max(0, len(found) - SHOWN),
        counts=Counter(str(each.state) for each in found),
        today=today,
        duties=tuple(Duty),
        states=tuple(State),
        duty=duty or "",
        state=state if state in set(State) else "",
        by_word=frozenset(Duty) - FROM_FACTS,
        refusal=refusal,
        key=key,
        typed=view.typed("evidence"),
        done=view.query("done"),
        unprinted=left_over(view.desk, today) if view.desk.may(Permission.SEND_MAIL) else None,
    )


@page("/plans", Permission.SEE_CASES)
def monitor(view: View) -> Response:
    """Show how the agreements stand, and how many of a year's were kept."""
    chosen = view.query("standing")
    standing = Standing(chosen) if chosen in set(Standing) else None
    found = plans(view.desk, standing=standing, after=view.query("after"), limit=SHOWN)
    today = view.speech.local_day(view.now)
    rate = kept_rate(view.desk, since=add_months(today, -MONTHS_BACK), until=today)
    return view.draw(
        "plans.html",
        plans=found,
        names=names_of(view.desk, [plan.account_no for plan in found]),
        standings=tuple(Standing),
        standing=standing or "",
        rate=rate if view.desk.may(Permission.SEE_REPORTS) else None,
        after=found[-1].case_id if len(found) == SHOWN else "",
    )


@page("/crews", Permission.SEE_CASES)
def crews(view: View) -> Response:
    """Show the crews' lists of a day, what would still fit, and whom the gate lets be cut."""
    on = view.day("on") or view.speech.local_day(view.now)
    try:
        seen, refusal = lists(view.desk, on), None
    except Refused as refused:
        seen, refusal = None, refused.refusal
    found = candidates(view.desk, limit=SHOWN)
    return view.draw(
        "crews.html",
        on=on,
        lists=seen,
        doors=doors(view.desk, [visit.order_id for visit in seen.plan.visits]) if seen else {},
        refusal=refusal,
        candidates=found,
        may_cut=sum(each.verdict.allows for each in found),
        names=names_of(view.desk, [each.account_no for each in found]),
    )
