"""What does the utility owe by when, and what of it is done?"""

from collections import Counter
from typing import Annotated

from fastapi import Body, Path, Query, Response
from pydantic import BaseModel, Field

from api.guard import AtDesk, needs
from api.mirror import Day, Text
from api.routes.router import Limit, router
from api.schemas.obligations import Obligations, ObligationShown
from casework import obligations
from casework.permissions import Permission
from domain.obligations import Duty, State

CSV = "text/csv"
ObligationKey = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,120}$", examples=["city_list.city.2026-10-15"])]
EXAMPLE = {"evidence": "Mailed by fax 2026-10-15, confirmation 4471."}


class MetBody(BaseModel, extra="forbid"):
    """What shows that it was done. *on* none means today."""

    evidence: Annotated[Text, Field(min_length=1)]
    on: Day | None = None


@router.get("/obligations", tags=["obligations"], response_model=Obligations)
@needs(Permission.SEE_CASES)
def get_obligations(
    desk: AtDesk,
    *,
    account_no: Annotated[str, Query(pattern=r"^[0-9]{0,20}$")] = "",
    duty: Duty | None = None,
    owner: Annotated[str, Query(max_length=40, pattern=r"^[a-z_]*$", description="A role.")] = "",
    state: Annotated[list[State] | None, Query(description="By default what is not yet met.")] = None,
    cursor: Annotated[str, Query(max_length=160, pattern=r"^[A-Za-z0-9_.-]*$")] = "",
    limit: Limit = 100,
) -> Obligations:
    """What is owed, the earliest day first: to whom, by whom, under which rule, and how it stands today."""
    found = obligations.owed(desk, account_no=account_no, duty=duty, owner=owner, states=state or obligations.PENDING)
    after = [each for each in found if f"{each.obligation.due_on}.{each.obligation.key}" > cursor]
    page = [ObligationShown.of(each) for each in after[:limit]]
    more = f"{page[-1].due_on}.{page[-1].key}" if len(after) > limit else None
    return Obligations(obligations=page, counts=dict(Counter(str(each.state) for each in found)), cursor=more)


@router.post("/obligations/{key}/met", tags=["obligations"], response_model=ObligationShown)
@needs(Permission.DECIDE)
def post_met(desk: AtDesk, key: ObligationKey, body: Annotated[MetBody, Body(examples=[EXAMPLE])]) -> ObligationShown:
    """Say that it was done, and what shows it. The first word stands."""
    return ObligationShown.of(obligations.meet(desk, key, evidence=body.evidence, on=body.on))


@router.get(
    "/obligations/{key}/file",
    tags=["obligations"],
    response_class=Response,
    responses={200: {"description": "The list that is owed.", "content": {CSV: {"schema": {"type": "string"}}}}},
)
@needs(Permission.SEE_PERSONAL)
def get_file(desk: AtDesk, key: ObligationKey) -> Response:
    """The file that is owed: the homes that are off, or the notices of which copies go out. Private data."""
    headers = {"Content-Disposition": f'attachment; filename="{key}.csv"', "Cache-Control": "private, no-store"}
    return Response(obligations.file_of(desk, key), media_type=CSV, headers=headers)
