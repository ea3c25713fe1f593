"""For supervisors: the stop switch, the team, and the city's rules in words."""

import asyncio

from starlette.datastructures import UploadFile
from starlette.responses import Response

from casework.context import Desk
from casework.decisions import decide
from casework.drafts import Draft, try_draft
from casework.errors import Refused
from casework.permissions import Permission
from casework.stopping import Stop, counties, lift, switches, throw
from casework.team import cases_with, team
from casework.worklists import colleagues, names_of
from console.guard import page
from console.labels_policy import PARAMETER_NAMES
from console.pages.approvals import Effect
from console.stating import counted, stated
from console.view import View
from domain.account import Service
from domain.commands import Assign
from domain.parameters import PARAMETERS
from domain.policy import Policy

SCOPES = ("all", "cuts", "letters", "calls")
UNFIT = 422
TICKED_MAX = 200
PACK_MAX = 1024 * 1024
NAME_MAX = 120
UNITS = {key: each.unit for key, each in PARAMETERS.items()}


@page("/stop", Permission.SEE_CASES)
def stop(view: View) -> Response:
    """Show what is stopped now, and to whom may do it, the switch."""
    return _stop(view)


def _stop(view: View, *, trouble: str = "", refusal: object = None, status: int = 200) -> Response:
    return view.draw(
        "stop.html",
        status=status,
        switches=switches(view.desk),
        counties=counties(view.desk),
        scopes=SCOPES,
        services=tuple(Service),
        trouble=trouble,
        refusal=refusal,
        cases=view.query("cases"),
        typed={name: view.typed(name) for name in ("scope", "service", "county", "because")},
    )


@page("/stop", Permission.APPROVE, method="POST")
async def throw_switch(view: View) -> Response:
    """Stop cuts, letters or calls at once."""
    scope, service, county = view.typed("scope"), view.typed("service"), view.typed("county")
    known = (
        scope in SCOPES and (not service or service in set(Service)) and (not county or county in counties(view.desk))
    )
    if not known or not view.typed("because"):
        return _stop(view, trouble="because", status=UNFIT)
    what = Stop(
        scope=scope, service=Service(service) if service else None, county=county, because=view.typed("because")
    )
    switched = await throw(view.desk, what, key=view.typed("key"))
    return view.go(f"/stop?cases={switched.cases}")


@page("/stop/{fact_id:str}/lift", Permission.APPROVE, method="POST")
async def lift_switch(view: View) -> Response:
    """Let go what was stopped, as a second supervisor."""
    try:
        switched = await lift(view.desk, view.path("fact_id"))
    except Refused as refused:
        return _stop(view, refusal=refused.refusal, status=refused.refusal.status)
    return view.go(f"/stop?cases={switched.cases}")


@page("/team", Permission.SEE_REPORTS)
def team_board(view: View) -> Response:
    """Show who has how much to do, and the cases of one person, to be given to another."""
    whose = view.query("of")
    shown = "of" in view.request.query_params
    cases = cases_with(view.desk, whose) if shown else ()
    staff = colleagues(view.desk)
    return view.draw(
        "team.html",
        members=team(view.desk),
        whose=whose,
        called=dict(staff),
        shown=shown,
        cases=cases,
        names=names_of(view.desk, [case.account_no for case in cases]),
        colleagues=staff,
    )


@page("/team/reassign", Permission.ANSWER_REFERRAL, method="POST")
async def reassign(view: View) -> Response:
    """Show what giving the ticked cases to someone would do; once that was seen, give them, one after the other."""
    ticked, to, seen = view.ticked("ticked")[:TICKED_MAX], view.typed("to"), view.typed("say") == "do"
    effects = [
        await _given(view.desk, each, to, key="" if not seen else f"{view.typed('key')}/{each}") for each in ticked
    ]
    possible = [effect.approval_id for effect in effects if effect.ruling]
    return view.draw("reassign.html", effects=effects, possible=possible, to=to, done=seen)


async def _given(desk: Desk, case_id: str, to: str, *, key: str) -> Effect:
    try:
        ruling = await decide(desk, case_id, Assign(to=to), key=key or "preview", preview=not key)
    except Refused as refused:
        return Effect(case_id, refusal=refused.refusal)
    return Effect(case_id, ruling=ruling)


@page("/policy", Permission.SEE_POLICY)
def policy(view: View) -> Response:
    """Show the pack in force: each value with its unit, since when it holds, where it is written and its standing."""
    return _policy(view)


def _policy(
    view: View, *, draft: Draft | None = None, name: str = "", trouble: str = "", status: int = 200
) -> Response:
    found = view.desk.policy()
    return view.draw(
        "policy.html",
        status=status,
        policy=found,
        chapters=_chapters(found),
        today=found.calendar.day(view.desk.now),
        rules=PARAMETER_NAMES,
        units=UNITS,
        stated=stated,
        counted=counted,
        draft=draft,
        name=name,
        trouble=trouble,
    )


@page("/policy", Permission.SEE_POLICY, method="POST")
async def draft_policy(view: View) -> Response:
    """Show what a draft of a pack is worth; nothing is stored."""
    given = view.form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        return await asyncio.to_thread(_policy, view, trouble="file", status=UNFIT)
    data = await given.read(PACK_MAX + 1)
    try:
        text = data[:PACK_MAX].decode()
    except UnicodeDecodeError:
        return await asyncio.to_thread(_policy, view, trouble="text", status=UNFIT)
    if len(data) > PACK_MAX:
        return await asyncio.to_thread(_policy, view, trouble="text", status=UNFIT)
    draft = await try_draft(view.desk, text)
    return await asyncio.to_thread(_policy, view, draft=draft, name=given.filename[-NAME_MAX:])


def _chapters(policy: Policy) -> dict[str, list[tuple[str, str, object]]]:
    """Return the values by the first word of their name, in order."""
    chapters: dict[str, list[tuple[str, str, object]]] = {}
    for key, dated in sorted(policy.values.items()):
        chapters.setdefault(key.partition(".")[0], []).append((key, UNITS.get(key, ""), dated))
    return chapters
