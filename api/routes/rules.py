"""What do the city's rules say: the values of the pack in force, and a gate's verdict on facts brought along?"""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Body
from pydantic import BaseModel

from api.guard import AtDesk, needs
from api.mirror import from_json, mirror
from api.routes.router import AnyId, router
from api.schemas.base import Shown
from api.schemas.desk import VerdictShown
from casework.gates import Question, ask_gate, the_policy
from casework.permissions import Permission
from domain.calendar import Window
from domain.parameters import PARAMETERS
from domain.verdict import Action

if TYPE_CHECKING:
    QuestionBody = BaseModel
else:
    QuestionBody = mirror(Question)

EXAMPLE = {
    "account": {
        "account_no": "9900000010",
        "customer_class": "residential",
        "status": "active",
        "services": ["electric", "water"],
        "county": "Olmsted",
    },
    "at": "2026-12-07T15:30:00Z",
    "stage": "noticed",
    "bills": [
        {
            "bill_no": "1001",
            "service": "electric",
            "bill_on": "2026-09-15",
            "due_on": "2026-10-06",
            "original_cents": 14200,
            "open_cents": 14200,
        }
    ],
}


class ValueShown(Shown):
    """A value in force from *since*; *standing*: law, policy, assumed, or counsel (a reading to be confirmed)."""

    since: date
    value: Any
    citation: str
    standing: str


class ParameterShown(Shown):
    key: str
    unit: str
    values: list[ValueShown]


class PolicyShown(Shown):
    pack: str
    version: str
    digest: str
    title: str
    zone: str
    services: list[str]
    labels: dict[str, str]
    parameters: list[ParameterShown]


@router.get("/policies/{pack}", tags=["rules"], response_model=PolicyShown)
@needs(Permission.SEE_POLICY)
def get_policy(desk: AtDesk, pack: AnyId) -> PolicyShown:
    """The pack in force: every value with its dates, unit, citation and standing."""
    policy = the_policy(desk, pack)
    return PolicyShown(
        pack=policy.pack,
        version=policy.version,
        digest=policy.digest,
        title=policy.title,
        zone=policy.calendar.zone,
        services=list(policy.services),
        labels=dict(policy.labels),
        parameters=[_shown(key, dated) for key, dated in sorted(policy.values.items())],
    )


def _shown(key: str, dated: Any) -> ParameterShown:  # noqa: ANN401  # values of a pack are of any type
    values = [
        ValueShown(
            since=each.since,
            value=_plain(each.value),
            citation=each.source.citation,
            standing=each.source.standing,
        )
        for each in dated
    ]
    return ParameterShown(key=key, unit=PARAMETERS[key].unit, values=values)


def _plain(value: object) -> object:
    match value:
        case Window(opens=opens, closes=closes):
            return f"{opens:%H:%M}-{closes:%H:%M}"
        case bool() | int() | str():
            return value
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return str(value)


@router.post("/gates/{action}", tags=["rules"], response_model=VerdictShown)
@needs(Permission.ASK_GATE, keyed=False)
def post_gate(desk: AtDesk, action: Action, body: Annotated[QuestionBody, Body(examples=[EXAMPLE])]) -> VerdictShown:
    """May this be done, on these facts? Facts in, verdict out; nothing is stored."""
    return VerdictShown.of(ask_gate(desk, action, from_json(body, Question)))
