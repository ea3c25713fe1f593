"""The same decision in many cases: tick them, see each effect and each refusal, then do it."""

import asyncio

from starlette.responses import Response

from casework.at_once import LISTED_MAX, MANY, Effect, at_once, candidates
from casework.errors import Refused
from casework.permissions import FOR_COMMAND, Permission
from casework.worklists import colleagues, names_of
from console.guard import page
from console.typed import day_of
from console.view import View
from domain.commands import AddNote, Assign, RecallFromAgency, ReferToSupervisor, SetFollowUp
from domain.states import Stage
from domain.verdict import Refusal

NOBODY = "nobody"
ACTS = ("assign", "set_follow_up", "add_note", "refer_to_supervisor", "recall_from_agency")
KINDS = {
    "assign": Assign,
    "set_follow_up": SetFollowUp,
    "add_note": AddNote,
    "refer_to_supervisor": ReferToSupervisor,
    "recall_from_agency": RecallFromAgency,
}
UNFIT = 422


@page("/many", Permission.DECIDE)
def show(view: View) -> Response:
    """Show the open cases to choose from, and what can be decided in many."""
    return _page(view)


@page("/many", Permission.DECIDE, method="POST")
async def decide_many(view: View) -> Response:
    """Show what the decision would do in each case that was ticked; once that was seen, take it in each."""
    ticked, seen = view.ticked("ticked"), view.typed("say") == "do"
    command = _command(view)
    if command is None:
        return await asyncio.to_thread(_page, view, trouble=True, status=UNFIT)
    try:
        effects = await at_once(view.desk, ticked, command, key=view.typed("key") or "preview", preview=not seen)
    except Refused as refused:
        return await asyncio.to_thread(_page, view, refusal=refused.refusal, status=refused.refusal.status)
    return view.draw(
        "many_done.html",
        effects=effects,
        possible=[each.case_id for each in effects if each.ruling],
        done=seen,
        counts=_counts(effects),
        typed={name: view.typed(name) for name in ("act", "to", "on", "text")},
    )


def _counts(effects: tuple[Effect, ...]) -> tuple[int, int]:
    done = sum(each.ruling is not None for each in effects)
    return done, len(effects) - done


def _command(view: View) -> MANY | None:
    """Return the decision that was typed; none where something is missing for it."""
    text, on = view.typed("text"), day_of(view.typed("on"))
    match view.typed("act"):
        case "assign":
            return Assign(to=view.typed("to"))
        case "set_follow_up" if on and text:
            return SetFollowUp(on=on, about=text)
        case "add_note" if text:
            return AddNote(note=text)
        case "refer_to_supervisor" if text:
            return ReferToSupervisor(question=text)
        case "recall_from_agency" if text:
            return RecallFromAgency(because=text)
        case _:
            return None


def _page(view: View, *, refusal: Refusal | None = None, trouble: bool = False, status: int = 200) -> Response:
    stage, whose = view.query("stage") or view.typed("stage"), view.query("whose") or view.typed("whose")
    found = candidates(
        view.desk,
        stage=Stage(stage) if stage in set(Stage) else None,
        whose={"": None, NOBODY: ""}.get(whose, whose),
    )
    return view.draw(
        "many.html",
        status=status,
        cases=found,
        full=len(found) == LISTED_MAX,
        names=names_of(view.desk, [case.account_no for case in found]),
        stages=tuple(Stage),
        stage=stage,
        whose=whose,
        colleagues=colleagues(view.desk),
        acts=tuple(act for act in ACTS if view.desk.may(FOR_COMMAND[KINDS[act]])),
        typed={name: view.typed(name) for name in ("act", "to", "on", "text")},
        ticked=frozenset(view.ticked("ticked")),
        trouble=trouble,
        refusal=refusal,
    )
