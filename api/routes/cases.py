"""Which cases are there, what happened in one, and what comes next?"""

import asyncio
from datetime import date
from typing import Annotated, Any

from fastapi import Header, Query, Response

from api.guard import AtDesk, Key, needs
from api.mirror import FIRST_DAY, LAST_DAY
from api.routes.router import AccountNo, CaseId, Limit, router
from api.schemas.case import (
    CasePage,
    CaseShown,
    EventShown,
    History,
    LineShown,
    NextCase,
    NextShown,
    RefusalShown,
    TimelinePage,
    WhyShown,
)
from api.wire import case_wire
from casework import cases, timeline
from casework.cases import Filter
from casework.history import history
from casework.outlook import KnownWhen, outlook, state_as_known_now, state_on
from casework.permissions import Permission
from casework.reasons import reasons
from domain.account import Service
from domain.facts import FactKind
from domain.states import ServiceStatus, Stage
from models.worklist import Sort

TIMELINE_PAGE = 100
SEQ_MAX = 2**31 - 1


@router.get("/cases", tags=["cases"], response_model=CasePage, summary="A page of cases")
@needs(Permission.SEE_CASES)
def list_cases(
    desk: AtDesk,
    *,
    state: Annotated[Stage | ServiceStatus | None, Query(description="A stage or a service status.")] = None,
    assigned_to: Annotated[str | None, Query(max_length=80, pattern=r"^[A-Za-z0-9_.@-]*$")] = None,
    hold: FactKind | None = None,
    service: Service | None = None,
    min_balance: Annotated[int | None, Query(ge=0, le=10**12, description="Cents.")] = None,
    q: Annotated[str | None, Query(pattern=r"^[0-9-]{1,30}$", description="How the case number begins.")] = None,
    sort: Sort = Sort.PRIORITY,
    cursor: Annotated[str | None, Query(max_length=300, pattern=r"^[A-Za-z0-9_-]+$")] = None,
    limit: Limit = 50,
) -> CasePage:
    """Open cases, unless the state asked for is closed. Names are never searched by URL."""
    wanted = Filter(
        state=state,
        assigned_to=assigned_to,
        hold=hold,
        service=service,
        min_balance_cents=min_balance,
        q=q,
        sort=sort,
        cursor=cursor,
        limit=limit,
    )
    page = cases.cases(desk, wanted)
    return CasePage(cases=[CaseShown.of(row) for row in page.rows], cursor=page.cursor)


@router.get("/cases/{case_id}", tags=["cases"], response_model=CaseShown, responses={304: {"description": "As before"}})
@needs(Permission.SEE_CASES)
def get_case(
    desk: AtDesk, response: Response, case_id: CaseId, if_none_match: Annotated[str | None, Header()] = None
) -> Any:  # noqa: ANN401  # a case, or the bare answer that nothing changed
    """One case, with its ETag: send it as If-None-Match to ask for changes, as If-Match to decide on what you saw."""
    row = cases.case(desk, case_id)
    tag = cases.etag(row)
    if if_none_match is not None and tag in {each.strip().removeprefix("W/") for each in if_none_match.split(",")}:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return CaseShown.of(row)


@router.get("/cases/{case_id}/timeline", tags=["cases"], response_model=TimelinePage)
@needs(Permission.SEE_CASES)
def get_timeline(
    desk: AtDesk, case_id: CaseId, cursor: Annotated[int, Query(ge=0, le=SEQ_MAX)] = 0, limit: Limit = TIMELINE_PAGE
) -> TimelinePage:
    """What happened, in order. Words about a person are redacted for roles that may not read them."""
    page = timeline.timeline(desk, case_id, after=cursor, limit=limit)
    return TimelinePage(
        events=[EventShown.of(entry) for entry in page.entries],
        cursor=page.after,
        refusals=[RefusalShown.of(row) for row in timeline.refusals(desk, case_id)],
    )


@router.get("/cases/{case_id}/state", tags=["cases"], response_model=dict[str, Any])
@needs(Permission.SEE_CASES)
async def get_state(
    desk: AtDesk,
    case_id: CaseId,
    on: Annotated[date, Query(ge=FIRST_DAY, le=LAST_DAY, examples=["2026-12-01"])],
    known: KnownWhen = KnownWhen.THEN,
) -> dict[str, Any]:
    """The whole case as it stood at the end of a day: as known then, or as known now of that day."""
    if known is KnownWhen.NOW:
        case = await state_as_known_now(desk, case_id, on)
    else:
        case = await asyncio.to_thread(state_on, desk, case_id, on)
    return case_wire(case, notes=desk.may(Permission.SEE_NOTES))


@router.get("/cases/{case_id}/next", tags=["cases"], response_model=NextShown)
@needs(Permission.SEE_CASES)
async def get_next(desk: AtDesk, case_id: CaseId) -> NextShown:
    """Every step and wait the calendar holds: what, when, under which rule, with the arithmetic behind it."""
    return NextShown.of(await outlook(desk, case_id))


@router.get("/accounts/{account_no}/why", tags=["accounts"], response_model=WhyShown)
@needs(Permission.SEE_CASES)
async def get_why(desk: AtDesk, account_no: AccountNo) -> WhyShown:
    """Why the account was, or was not, written to: what comes next, what holds it back, and what would avoid it."""
    return WhyShown.of(await reasons(desk, account_no))


@router.get("/cases/{case_id}/history", tags=["cases"], response_model=History)
@needs(Permission.SEE_HISTORY)
async def get_history(desk: AtDesk, case_id: CaseId) -> History:
    """What Temporal recorded of the case, in plain words."""
    lines = await history(desk, case_id)
    return History(case_id=case_id, lines=[LineShown.model_validate(line) for line in lines])


@router.get("/worklist", tags=["worklist"], response_model=CasePage)
@needs(Permission.TAKE_WORK)
def get_worklist(desk: AtDesk, limit: Limit = 50) -> CasePage:
    """The open cases that ask for someone of your role: yours and nobody's, most pressing first."""
    return CasePage(cases=[CaseShown.of(row) for row in cases.my_worklist(desk, limit=limit)])


@router.post("/worklist/next", tags=["worklist"], response_model=NextCase)
@needs(Permission.TAKE_WORK)
async def post_next(desk: AtDesk, key: Key) -> NextCase:
    """The case to work on next; it is assigned to you."""
    row = await cases.next_one(desk, key=key)
    return NextCase(case=CaseShown.of(row) if row else None)
