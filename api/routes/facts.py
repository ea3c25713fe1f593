"""What is known of an account, whether or not it has a case?"""

from typing import Annotated, Literal

from fastapi import Body, Query
from pydantic import BaseModel

from api.guard import AtDesk, Key, needs
from api.mirror import from_json, mirror
from api.routes.router import AccountNo, AnyId, router
from api.schemas.facts import EnteredShown, Facts, FactShown, Kinds, KindShown
from casework import facts
from casework.permissions import Permission
from domain import commands as c
from domain.evidence import Subject
from domain.facts import FactKind

_CERTIFICATE = {
    "summary": "A medical certificate by telephone",
    "value": {
        "type": "record_fact",
        "kind": "medical_certificate",
        "source": "clinic",
        "details": {"form": "phone"},
    },
}
_CLAIM = {
    "summary": "A payment that the customer says is made",
    "value": {
        "type": "record_fact",
        "kind": "claimed_payment",
        "amount_cents": 8420,
        "details": {"channel": "pay_station", "confirmation": "K-20931", "said_by": "customer"},
    },
}
_WITHDRAWN = {
    "summary": "Recorded by mistake",
    "value": {"type": "correct_fact", "fact_id": "9900000010-f-0a1b2c3d4e5f", "because": "Another account was meant."},
}
RecordBody: type[BaseModel] = mirror(c.RecordFact)
CorrectBody: type[BaseModel] = mirror(c.CorrectFact)


@router.get("/fact-kinds", tags=["facts"], response_model=Kinds)
@needs(Permission.SEE_POLICY)
def get_kinds(_desk: AtDesk) -> Kinds:
    """Every kind of fact: what it means, which rules read it, and what it must state."""
    return Kinds(kinds=[KindShown.of(kind) for kind in FactKind])


@router.get("/accounts/{account_no}/facts", tags=["facts"], response_model=Facts)
@needs(Permission.SEE_CASES)
def get_facts(
    desk: AtDesk,
    account_no: AccountNo,
    kind: FactKind | None = None,
    history: Annotated[bool, Query(description="Also what was withdrawn or corrected.")] = False,  # noqa: FBT002
) -> Facts:
    """What is on record of an account, its premises, county and area, in the order in which it came to be known."""
    found = facts.facts(desk, account_no, kind=kind, history=history)
    return Facts(account_no=account_no, facts=[FactShown.of(kept) for kept in found])


@router.post("/accounts/{account_no}/facts", tags=["facts"], response_model=EnteredShown, status_code=201)
@needs(Permission.DECIDE)
async def post_fact(
    desk: AtDesk,
    key: Key,
    account_no: AccountNo,
    body: Annotated[RecordBody, Body(openapi_examples={"medical": _CERTIFICATE, "claim": _CLAIM})],  # type: ignore[valid-type]
    about: Literal["account", "premises"] = "account",
) -> EnteredShown:
    """Record a fact. It is known from now on; an open case hears of it and recalls what it forbids."""
    command = from_json(body, c.RecordFact)
    return EnteredShown.of(await facts.record(desk, account_no, command, about=Subject(about), key=key))


@router.post("/accounts/{account_no}/facts/{fact_id}/correct", tags=["facts"], response_model=EnteredShown)
@needs(Permission.LIFT_PROTECTION)
async def post_correction(
    desk: AtDesk,
    key: Key,
    account_no: AccountNo,
    fact_id: AnyId,
    body: Annotated[CorrectBody, Body(openapi_examples={"withdrawn": _WITHDRAWN})],  # type: ignore[valid-type]
) -> EnteredShown:
    """Correct a fact, or withdraw it (no kind). What it said stays on record, as believed until now."""
    command = from_json(body, c.CorrectFact)
    if command.fact_id != fact_id:
        raise facts.another_fact(command.fact_id, fact_id)
    return EnteredShown.of(await facts.correct(desk, account_no, command, key=key))
