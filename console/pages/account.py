"""The account: everything about it at a glance, and one timeline in plain words."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.responses import Response

from casework.errors import missing
from casework.letters import letter_pdf
from casework.outlook import avoidance
from casework.overview import overview, since, timeline_back
from casework.permissions import Permission
from casework.timeline import Entry
from console.guard import page
from console.labels_case import AGING
from console.view import View
from domain.arrangement import Arrangement, instalments_met
from domain.case import Case
from domain.liens import Payoff, payoff
from domain.money import ZERO, total
from domain.remedy import RemedyKind, RemedyState

SEQ_DIGITS_MAX = 9


@page("/accounts/{account_no:str}", Permission.SEE_CASES)
async def account(view: View) -> Response:
    """Show the account."""
    seen, through = await overview(view.desk, view.path("account_no")), view.day("through")
    chapter = await asyncio.to_thread(timeline_back, view.desk, seen.kept.account.account_no, through=through)
    lines = seen.services
    return view.draw(
        "account.html",
        seen=seen,
        plan=plan_of(seen.case),
        chapter=chapter,
        payoffs=await asyncio.to_thread(payoffs_of, view, seen.case),
        through=through,
        done=await asyncio.to_thread(done, view),
        owed=total(line.owed for line in lines),
        aged={name: total(line.aged[name] for line in lines) for name in AGING},
    )


def done(view: View) -> Sequence[Entry]:
    """Return what the decision just taken left, where the address says that one was."""
    case_id, after = view.query("case"), view.query("after")
    if not (view.query("done") and case_id and after.isascii() and after.isdigit() and len(after) <= SEQ_DIGITS_MAX):
        return ()
    return since(view.desk, case_id, int(after))


def payoffs_of(view: View, case: Case) -> Mapping[str, Payoff]:
    """Return by lien what frees it today, or on the day to come that the address asks for."""
    liens = [each for each in case.remedies if each.kind is RemedyKind.LIEN and each.state is RemedyState.STANDING]
    if not liens:
        return {}
    today = view.desk.today()
    on = max(view.day("payoff_on") or today, today)
    return {each.remedy_id: payoff(each.life, each.settled, view.desk.policy(), on=on) for each in liens}


def plan_of(case: Case) -> dict[str, object] | None:
    """Return how far the arrangement has come: parts covered, the next one, and what is left; none without one."""
    plan: Arrangement | None = case.arrangement
    if plan is None:
        return None
    met = instalments_met(plan, case.known.bills, unposted=case.known.unposted) if plan.active else plan.met
    coming = plan.schedule[met] if plan.active and met < len(plan.schedule) else None
    return {
        "plan": plan,
        "met": met,
        "of": len(plan.schedule),
        "next": coming,
        "left": total(part.amount for part in plan.schedule[met:]) if plan.active else ZERO,
    }


@page("/accounts/{account_no:str}/avoidance", Permission.SEE_CASES)
async def smallest(view: View) -> Response:
    """Say what payment by when avoids the next adverse step: reckoned apart, so that the page need not wait."""
    seen = await overview(view.desk, view.path("account_no"))
    return view.draw("account_avoidance.html", avoids=await avoidance(seen.looked))


@page("/accounts/{account_no:str}/timeline", Permission.SEE_CASES)
def earlier(view: View) -> Response:
    """Show what came before in the timeline."""
    case_id, seq = view.query("case"), view.query("before")
    if not (seq.isascii() and seq.isdigit() and len(seq) <= SEQ_DIGITS_MAX):
        raise missing("entry", "of that number")
    account_no = view.path("account_no")
    chapter = timeline_back(view.desk, account_no, before=(case_id, int(seq)))
    return view.draw("timeline_part.html", chapter=chapter, account_no=account_no)


@page("/letters/{letter_id:str}.pdf", Permission.SEE_PERSONAL)
def letter(view: View) -> Response:
    """Show a letter as it read when it was sent."""
    letter_id = view.path("letter_id")
    headers = {"Content-Disposition": f'inline; filename="{letter_id}.pdf"'}
    return Response(letter_pdf(view.desk, letter_id), headers=headers, media_type="application/pdf")
