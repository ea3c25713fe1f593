"""What do the city's rules say: the values of the pack in force, and a gate's verdict on facts brought along?"""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Body
from pydantic import BaseModel, ConfigDict

from api.guard import AtDesk, needs
from api.mirror import from_json, mirror
from api.routes.router import AnyId, router
from api.schemas.base import Shown
from api.schemas.desk import VerdictShown
from casework.gates import Question, ask_gate, check_pack, the_policy
from casework.permissions import Permission
from domain.calendar import Window
from domain.check import Finding, Kind
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


class PackBody(BaseModel):
    """*text*: the pack as TOML; none checks the pack in force."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = None


class MomentShown(Shown):
    on: date
    says: str


class FindingShown(Shown):
    """A fault, or with *doubt* a choice against a reading of the law that counsel has yet to confirm."""

    kind: Kind
    keys: list[str]
    since: date | None
    says: str
    way_out: str
    citation: str
    doubt: bool
    example: list[MomentShown]


class CheckShown(Shown):
    """What is wrong with a pack. *loads*: nothing keeps it from being put in force."""

    loads: bool
    findings: list[FindingShown]


@router.post("/policies/{pack}/check", tags=["rules"], response_model=CheckShown)
@needs(Permission.SEE_POLICY, keyed=False)
def post_policy_check(
    desk: AtDesk, pack: AnyId, body: Annotated[PackBody, Body(examples=[{"text": None}])]
) -> CheckShown:
    """What is wrong with the pack in force, or with one brought along? Each fault has the shortest example of it."""
    found = check_pack(desk, pack, body.text)
    return CheckShown(loads=all(finding.doubt for finding in found), findings=[_finding(each) for each in found])


def _finding(finding: Finding) -> FindingShown:
    return FindingShown(
        kind=finding.kind,
        keys=list(finding.keys),
        since=finding.since,
        says=finding.says,
        way_out=finding.way_out,
        citation=finding.citation,
        doubt=finding.doubt,
        example=[MomentShown(on=moment.on, says=moment.says) for moment in finding.timeline],
    )


@router.post("/gates/{action}", tags=["rules"], response_model=VerdictShown)
@needs(Permission.ASK_GATE, keyed=False)
def post_gate(desk: AtDesk, action: Action, body: Annotated[QuestionBody, Body(examples=[EXAMPLE])]) -> VerdictShown:
    """May this be done, on these facts? Facts in, verdict out; nothing is stored."""
    return VerdictShown.of(ask_gate(desk, action, from_json(body, Question)))
