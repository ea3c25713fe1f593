"""What has an agency pledged, and how does a customer pay?"""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, Key, needs
from api.mirror import CENTS_MAX, Day, Text
from api.routes.returned import Account, Kind
from api.routes.router import AccountNo, AnyId, router
from api.schemas.base import Shown
from casework import pledges, standing
from casework.permissions import Permission
from casework.pledges import PhonePledge
from domain.money import Money


class PledgeBody(BaseModel):
    """What an agency's worker says on the telephone."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "account_no": "9900000010",
                    "agency": "Three Rivers Community Action",
                    "worker": "R. Example",
                    "amount_cents": 35000,
                    "expires_on": "2026-12-15",
                }
            ]
        },
    )

    account_no: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    agency: Annotated[str, Field(pattern=r"^[A-Za-z0-9 .,&'-]{1,80}$")]
    worker: Annotated[Text, Field(min_length=1)]
    amount_cents: Annotated[int, Field(ge=1, le=CENTS_MAX)]
    expires_on: Day


class ConfirmBody(BaseModel):
    """By which writing the agency has confirmed: a number or document of theirs."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"confirmation": "PL340716"}]})

    confirmation: Annotated[str, Field(pattern=r"^[A-Za-z0-9 ._/-]{1,80}$")]


class PledgeShown(Shown):
    """A pledge; it holds the cut through *holds_until* and the pack's days after. *paid_cents*: what came of it."""

    pledge_id: str
    account_no: str
    agency: str
    amount_cents: int
    pledged_on: date
    expires_on: date
    holds_until: date
    status: str
    source: str
    taken_by: str
    taken_at: datetime
    confirmed_at: datetime | None
    confirmation: str
    paid_cents: int


class PledgeList(Shown):
    pledges: list[PledgeShown]


class BehaviourShown(Shown):
    on: date
    event: str
    points: int


class StandingShown(Shown):
    """How a customer pays. *cash_only*: why no paper is taken, blank if it is."""

    account_no: str
    points: int
    deposit: bool
    cash_only: str
    says: str
    events: list[BehaviourShown]


@router.post("/pledges", tags=["assistance"], response_model=PledgeShown, status_code=201)
@needs(Permission.DECIDE)
async def post_pledge(desk: AtDesk, key: Key, body: PledgeBody) -> PledgeShown:
    """Take a pledge by telephone. It holds at once; the agency confirms it in writing."""
    said = PhonePledge(
        account_no=body.account_no,
        agency=body.agency,
        worker=body.worker,
        amount=Money(body.amount_cents),
        expires_on=body.expires_on,
    )
    return PledgeShown.model_validate(await pledges.pledge_by_phone(desk, said, key=key))


@router.get("/pledges", tags=["assistance"], response_model=PledgeList)
@needs(Permission.SEE_CASES)
def get_pledges(desk: AtDesk, account_no: Account = None, status: Annotated[Kind, Query()] = None) -> PledgeList:
    """Pledges, the latest first."""
    rows = pledges.pledges(desk, account_no=account_no, status=status)
    return PledgeList(pledges=[PledgeShown.model_validate(row) for row in rows])


@router.post("/pledges/{pledge_id}/confirm", tags=["assistance"], response_model=PledgeShown)
@needs(Permission.DECIDE)
def post_confirm(desk: AtDesk, pledge_id: AnyId, body: ConfirmBody) -> PledgeShown:
    """Say that the agency has confirmed in writing: the pledge holds to its own end."""
    return PledgeShown.model_validate(pledges.confirm(desk, pledge_id, confirmation=body.confirmation))


@router.post("/pledges/{pledge_id}/withdraw", tags=["assistance"], response_model=PledgeShown)
@needs(Permission.DECIDE)
def post_withdraw(desk: AtDesk, pledge_id: AnyId) -> PledgeShown:
    """Say that the agency took its word back: the pledge counts as never given."""
    return PledgeShown.model_validate(pledges.withdraw(desk, pledge_id))


@router.get("/accounts/{account_no}/standing", tags=["money"], response_model=StandingShown)
@needs(Permission.SEE_CASES)
def get_standing(desk: AtDesk, account_no: AccountNo) -> StandingShown:
    """How a customer pays: the points, what gave them, and what they lead to."""
    found = standing.standing_of(desk, account_no)
    return StandingShown(
        account_no=account_no,
        points=found.score.points,
        deposit=found.score.deposit,
        cash_only=found.cash_only,
        says=found.score.says,
        events=[BehaviourShown.model_validate(row) for row in found.events],
    )
