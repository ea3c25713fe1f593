"""A decision: the form, what would follow, what has changed meanwhile, and what came of it."""

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from starlette.responses import Response

from casework.adjustments import waivers
from casework.cases import case as case_of
from casework.choices import choices
from casework.decisions import Ruling, decide
from casework.errors import Refused, missing
from casework.outlook import Looked, look
from casework.overview import since
from casework.permissions import FOR_COMMAND, Permission
from casework.timeline import Entry
from casework.worklists import colleagues
from console.correcting import typed_as
from console.fact_forms import DETAIL
from console.fact_forms import GROUPS as FACT_GROUPS
from console.forms import COMMANDS, Around, Filled, fields_of, read
from console.guard import page
from console.labels_values import PACK_VALUES
from console.sentences import in_spanish
from console.view import View, said_by
from domain.account import Service
from domain.case import Case
from domain.claimed import channels
from domain.commands import CorrectFact, ProposeAdjustment, RecordFact
from domain.facts import Fact
from domain.parameters import AGENCY_NAMES, INCOME_DEEMING, PROGRAMS
from domain.policy import Policy
from domain.remedy import Remedy
from domain.verdict import Refusal

CONFLICT, MOVED_ON, UNFIT = 409, 412, 422
SEQ_DIGITS_MAX = 9
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("talk", ("record_contact", "record_promise", "add_note", "set_follow_up", "refer_to_supervisor")),
    ("help", ("agree_arrangement", "grant_extension", "open_dispute", "record_fact", "place_hold")),
)


@page("/cases/{case_id:str}/decide", Permission.SEE_CASES)
async def every(view: View) -> Response:
    """Show every type of decision: open to this person now, or closed and why."""
    case_id = view.path("case_id")
    row = await asyncio.to_thread(case_of, view.desk, case_id)
    found = await choices(view.desk, case_id)
    return view.draw("decisions.html", row=row, choices=found, forms=COMMANDS)


@page("/cases/{case_id:str}/decide/{type:str}", Permission.SEE_CASES)
async def ask(view: View) -> Response:
    """Show the form of one decision."""
    kind = _kind(view)
    row = await asyncio.to_thread(case_of, view.desk, view.path("case_id"))
    said = dict(view.request.query_params)
    if kind is CorrectFact and said.get("kind"):
        around_it = await around(view)
        old = next((fact for fact in around_it.facts if fact.fact_id == said.get("fact_id")), None)
        said = (typed_as(old, around_it.calendar) if old else {}) | said
    return await _form(view, kind, seq=row.seq, typed=said)


@page("/cases/{case_id:str}/decide/{type:str}/preview", Permission.SEE_CASES, method="POST")
async def preview(view: View) -> Response:
    """Say what would follow; nothing is sent and nothing stored."""
    kind = _kind(view)
    said, known = typed(view), await around(view)
    filled = read(kind, *said, known)
    if filled.command is None:
        fields = [field for field in fields_of(kind, known, said[0]) if field.name in filled.faults]
        return view.draw("preview.html", fields=fields, faults=filled.faults, ruling=None)
    ruling = await decide(view.desk, view.path("case_id"), filled.command, key="preview", preview=True)
    return view.draw("preview.html", faults={}, ruling=ruling)


@page("/cases/{case_id:str}/decide/{type:str}", Permission.SEE_CASES, method="POST")
async def take(view: View) -> Response:
    """Take the decision; what cannot be taken comes back as it was typed, with the reason."""
    kind, case_id = _kind(view), view.path("case_id")
    filled = read(kind, *typed(view), await around(view))
    row = await asyncio.to_thread(case_of, view.desk, case_id)
    seen = _seq(view.typed("seq"))
    if filled.command is None:
        return await _form(view, kind, seq=seen, filled=filled, status=UNFIT)
    news = await asyncio.to_thread(since, view.desk, case_id, seen) if row.seq != seen else []
    news = [entry for entry in news if entry.event.key.partition("/")[0] != view.user.username]
    if news:
        return await _form(view, kind, seq=row.seq, news=news, status=MOVED_ON)
    try:
        ruling = await decide(view.desk, case_id, filled.command, key=view.typed("key"))
    except Refused as refused:
        status = refused.refusal.status
        return await _form(view, kind, seq=row.seq, refusal=refused.refusal, status=status)
    return view.go(_onward(view, ruling, row.account_no, row.seq))


def _onward(view: View, ruling: Ruling, account_no: str, before: int) -> str:
    back = "call" if view.typed("back") == "call" else "accounts"
    first = ruling.events[0].seq - 1 if ruling.events else before
    return f"/{back}/{account_no}?done={view.path('type')}&case={ruling.case_id}&after={first}"


def _kind(view: View) -> type[Any]:
    kind = COMMANDS.get(view.path("type"))
    if kind is None:
        raise missing("decision", view.path("type"))
    view.desk.need(FOR_COMMAND[kind])
    return kind


def typed(view: View) -> tuple[dict[str, str], dict[str, Sequence[str]]]:
    """Return what was typed, and what was ticked, by field."""
    names = list(view.form.keys())
    return {name: view.typed(name) for name in names}, {name: view.ticked(name) for name in names}


async def around(view: View) -> Around:
    """Return what a form of the case may ask about."""
    looked = await look(view.desk, view.path("case_id"))
    return await around_of(view, looked)


async def around_of(view: View, looked: Looked) -> Around:
    """Return what a form may ask about the case that was looked at."""
    policy, on = looked.policy, looked.policy.calendar.day(looked.now)
    return Around(
        facts=[fact for fact in looked.case.known.facts if fact.withdrawn_at is None],
        remedies=looked.case.remedies,
        colleagues=await asyncio.to_thread(colleagues, view.desk),
        calendar=looked.policy.calendar,
        now=looked.now,
        services=_services(looked.case),
        of_pack=_of_pack(view, policy, on),
        told=partial(_told, view),
    )


def _services(case: Case) -> tuple[Service, ...]:
    """Return the services that the account has, or of which it owes something."""
    owed = {bill.service for bill in case.known.bills}
    found = tuple(each for each in Service if each in owed or each in case.known.account.services)
    return found or tuple(Service)


def _of_pack(view: View, policy: Policy, on: date) -> dict[str, list[tuple[str, str]]]:
    """Return what the pack lets be chosen, by the question: programs, agencies, aid, ways to pay."""
    programs = [(str(row[0]), str(row[1])) for row in policy.at(PROGRAMS, on)]
    if view.speech.language != "en":
        programs = [(name, in_spanish(title) or title) for name, title in programs]
    ways = {f"{DETAIL}channel": channels(policy, on), "aid": policy.at(INCOME_DEEMING, on)}
    said = {name: [(each, PACK_VALUES.get(each, each)) for each in values] for name, values in ways.items()}
    agencies = [(str(name), str(name)) for name in policy.at(AGENCY_NAMES, on)]
    return {"programs": programs, "program": programs, "agency": agencies} | said


def _told(view: View, called: str, each: Fact | Remedy) -> str:
    """Return what *each* is called with what tells it from another of its kind: since when, of whom, how much."""
    speech = view.speech
    since = speech.day(each.since) if isinstance(each, Remedy) else speech.since(each.starts)
    whom = each.with_whom if isinstance(each, Remedy) else said_by(speech.language, each.source)
    amount = speech.money(each.amount) if each.amount else ""
    return " · ".join(filter(None, (speech.say(called), since, whom, amount)))


def _seq(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= SEQ_DIGITS_MAX else 0


async def _form(
    view: View,
    kind: type[Any],
    *,
    seq: int,
    typed: dict[str, str] | None = None,
    filled: Filled | None = None,
    news: Sequence[Entry] = (),
    refusal: Refusal | None = None,
    status: int = 200,
) -> Response:
    """Return the form with what was typed in it, and above it why it was not taken."""
    case_id = view.path("case_id")
    row = await asyncio.to_thread(case_of, view.desk, case_id)
    posted = view.request.method == "POST"
    said = {name: view.typed(name) for name in view.form} if posted else (typed or {})
    if kind is RecordFact and not said.get("kind"):
        return view.draw("facts.html", row=row, groups=FACT_GROUPS, back=view.query("back"))
    known = await around(view)
    if kind is CorrectFact and said.get("fact_id") not in {fact.fact_id for fact in known.facts}:
        return view.draw("facts_standing.html", row=row, facts=known.facts)
    return view.draw(
        "decide.html",
        status=status,
        row=row,
        waivers=await asyncio.to_thread(waivers, view.desk, row.account_no) if kind is ProposeAdjustment else None,
        type=view.path("type"),
        fields=fields_of(kind, known, said),
        typed=said,
        ticked={name: view.ticked(name) for name in view.form},
        faults=filled.faults if filled else {},
        news=news,
        refusal=refusal,
        seq=seq,
        key=view.typed("key") if posted and not refusal else "",
        back=view.typed("back") or view.query("back"),
        posted=posted,
    )
