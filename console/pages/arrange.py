"""The arrangement workbench: lawful plans best first, their terms changed under the eyes, and what each would mean."""

import asyncio

from starlette.responses import Response

from casework.cases import case as case_of
from casework.offers import offers, tried
from casework.permissions import Permission
from console.forms import fields_of, read
from console.guard import page
from console.pages.decide import around, typed
from console.view import View
from console.words import dollars
from domain.commands import AgreeArrangement
from domain.money import ZERO
from domain.verdict import Refusal

SHOWN = 8


@page("/cases/{case_id:str}/arrange", Permission.SEE_FINANCES)
async def workbench(view: View) -> Response:
    """Show what can be put to the customer, and a form of terms that is judged while it is filled in."""
    case_id = view.path("case_id")
    row = await asyncio.to_thread(case_of, view.desk, case_id)
    found = await offers(view.desk, case_id)
    asked = dict(view.request.query_params)
    if "months" not in asked and found.offers.plans:
        best = found.offers.plans[0].command
        asked = {"months": str(best.months), "down": dollars(best.down or ZERO)}
    return view.draw(
        "arrange.html",
        row=row,
        found=found,
        plans=found.offers.plans[:SHOWN],
        more=max(0, len(found.offers.plans) - SHOWN),
        dollars=dollars,
        fields=fields_of(AgreeArrangement, await around(view)),
        typed=asked,
        ticked={},
    )


@page("/cases/{case_id:str}/arrange/preview", Permission.SEE_FINANCES, method="POST")
async def preview(view: View) -> Response:
    """Say what the terms as typed would make: every payment, what it stops, what breaks it, and who must approve it."""
    filled = read(AgreeArrangement, *typed(view), await around(view))
    if not isinstance(filled.command, AgreeArrangement):
        return view.draw("arrange_preview.html", faults=filled.faults, plan=None, refusal=None)
    plan = await tried(view.desk, view.path("case_id"), filled.command)
    refused = isinstance(plan, Refusal)
    return view.draw(
        "arrange_preview.html", faults={}, plan=None if refused else plan, refusal=plan if refused else None
    )
