"""Which decisions are open to me, and what becomes of one I take?"""

import asyncio
from typing import Annotated

from fastapi import Body, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.commands import EXAMPLES, DecisionBody, ManyDecisionBody, command_of
from api.guard import AtDesk, Key, needs
from api.problems import answer, plain
from api.routes.router import PREFIX, CaseId, router
from api.schemas.desk import Choices, ChoiceShown, EffectsShown, RulingShown
from api.schemas.offers import OffersShown
from casework import cases
from casework.at_once import AT_ONCE_MAX, at_once
from casework.choices import choices
from casework.context import Desk
from casework.decisions import decide
from casework.offers import offers
from casework.permissions import Permission
from casework.timeline import types_since


class ManyBody(BaseModel):
    """The cases, and what is decided in each of them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "case_ids": ["9900000010-1", "9900000028-1"],
                    "decision": {"type": "set_follow_up", "on": "2026-12-11", "about": "Ask whether the aid came."},
                }
            ]
        },
    )

    case_ids: Annotated[
        list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.~-]{1,120}$")]], Field(min_length=1, max_length=AT_ONCE_MAX)
    ]
    decision: ManyDecisionBody


@router.get("/cases/{case_id}/decisions", tags=["decisions"], response_model=Choices)
@needs(Permission.SEE_CASES)
async def get_decisions(desk: AtDesk, case_id: CaseId) -> Choices:
    """Every type of decision: open to you now, or closed and why."""
    found = await choices(desk, case_id)
    return Choices(case_id=case_id, decisions=[ChoiceShown.of(choice) for choice in found])


@router.post("/cases/{case_id}/decisions", tags=["decisions"], response_model=RulingShown)
@needs(Permission.SEE_CASES)
async def post_decision(  # noqa: PLR0917  # a route's arguments are its request, passed by name
    desk: AtDesk,
    key: Key,
    case_id: CaseId,
    body: Annotated[DecisionBody, Body(openapi_examples=EXAMPLES)],
    preview: Annotated[bool, Query(description="Say what would follow; send and store nothing.")] = False,  # noqa: FBT002
    if_match: Annotated[str | None, Header(description="Decide only if nothing happened since this ETag.")] = None,
) -> RulingShown | Response:
    """Take a decision. A refusal is 409 with rule, citation and way out; which role may decide what is in the table."""
    if if_match is not None and if_match.strip() != "*":
        moved = await asyncio.to_thread(_moved_since, desk, case_id, if_match)
        if moved is not None:
            return moved
    return RulingShown.of(await decide(desk, case_id, command_of(body), key=key, preview=preview))


@router.post("/decisions", tags=["decisions"], response_model=EffectsShown)
@needs(Permission.SEE_CASES)
async def post_decisions(
    desk: AtDesk,
    key: Key,
    body: ManyBody,
    preview: Annotated[bool, Query(description="Say what would follow in each; send and store nothing.")] = False,  # noqa: FBT002
) -> EffectsShown:
    """Decide the same in many cases, one after the other: each effect, and why it was refused where it was."""
    command = command_of(body.decision)
    effects = await at_once(desk, body.case_ids, command, key=key, preview=preview)  # type: ignore[arg-type]  # as the body says
    return EffectsShown.of(effects, preview=preview)


@router.get("/cases/{case_id}/offers", tags=["decisions"], response_model=OffersShown)
@needs(Permission.SEE_FINANCES)
async def get_offers(desk: AtDesk, case_id: CaseId) -> OffersShown:
    """Lawful plans, best first, each with its schedule to the cent; an extension, and programs that may help."""
    return OffersShown.of(await offers(desk, case_id))


def _moved_since(desk: Desk, case_id: str, tag: str) -> JSONResponse | None:
    """Return the answer that something happened since *tag*, and what; none if nothing did.

    A tag also changes when only the calendar's answer does; that is no reason against a decision.
    """
    seen, row = cases.seq_of(tag), cases.case(desk, case_id)
    if seen == row.seq:
        return None
    changed = list(types_since(desk, case_id, seen)) if seen is not None else []
    detail = "The case has moved on since you looked. Look again, then decide."
    problem = plain(412, "case-moved-on", detail, instance=f"{PREFIX}/cases/{case_id}/decisions", changed=changed)
    return answer(problem, {"ETag": cases.etag(row)})
