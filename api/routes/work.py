"""What is on record of accounts, work orders, letters, placements, claims and write-offs, and how much of each?"""

from typing import Annotated, Any, Literal

from fastapi import Query, Response

from api.guard import AtDesk, needs
from api.mirror import Day
from api.routes.router import AccountNo, After, AnyId, Limit, router
from api.schemas.base import Shown
from api.schemas.case import CasePage, CaseShown
from api.schemas.crews import Candidates, CandidateShown, DayLists
from api.schemas.work import (
    AccountShown,
    Letters,
    LetterShown,
    PaymentShown,
    Remedies,
    RemedyShown,
    WorkOrders,
    WorkOrderShown,
)
from casework import lists as listed
from casework.accounts import account
from casework.context import Desk
from casework.crews import candidates, lists
from casework.letters import letter_pdf
from casework.payments import payments_of
from casework.permissions import Permission
from casework.summaries import summary
from casework.tables import Written, written
from domain.case import OrderState
from domain.remedy import RemedyKind, RemedyState
from domain.states import Stage

PDF = "application/pdf"
Form = Literal["json", "csv", "xlsx"]


class Report(Shown):
    name: str
    lines: list[dict[str, Any]]


class Payments(Shown):
    payments: list[PaymentShown]


@router.get("/accounts/{account_no}", tags=["accounts"], response_model=AccountShown)
@needs(Permission.SEE_CASES)
async def get_account(desk: AtDesk, account_no: AccountNo) -> AccountShown:
    """An account as SQL and billing know it now. Who and where the customer is, is shown by role."""
    return AccountShown.of(await account(desk, account_no))


@router.get("/accounts/{account_no}/payments", tags=["accounts"], response_model=Payments)
@needs(Permission.SEE_CASES)
def get_payments(desk: AtDesk, account_no: AccountNo) -> Payments:
    """An account's payments, latest first."""
    return Payments(payments=[PaymentShown.of(payment) for payment in payments_of(desk, account_no)])


@router.get("/work-orders", tags=["work"], response_model=WorkOrders)
@needs(Permission.SEE_CASES)
def get_work_orders(
    desk: AtDesk,
    state: OrderState | None = None,
    case_id: Annotated[str | None, Query(max_length=120, pattern=r"^[A-Za-z0-9_.-]+$")] = None,
    cursor: After = "",
    limit: Limit = 100,
) -> WorkOrders:
    """Work orders by id, those of the outside too."""
    rows = listed.work_orders(desk, state=state, case_id=case_id, after=cursor, limit=limit)
    shown = [WorkOrderShown.model_validate(row) for row in rows]
    return WorkOrders(work_orders=shown, cursor=shown[-1].order_id if len(shown) == limit else None)


@router.get("/work-orders/candidates", tags=["work"], response_model=Candidates)
@needs(Permission.SEE_CASES)
def get_candidates(desk: AtDesk, cursor: After = "", limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Candidates:
    """Cases under a notice whose service is on, with every rule that passes or blocks their disconnection today."""
    shown = [CandidateShown.of(found) for found in candidates(desk, after=cursor, limit=limit)]
    return Candidates(candidates=shown, cursor=shown[-1].case_id if len(shown) == limit else None)


@router.get("/work-orders/lists", tags=["work"], response_model=DayLists)
@needs(Permission.SEE_CASES)
def get_lists(desk: AtDesk, on: Day | None = None) -> DayLists:
    """The crews' lists of a day, today if none is named, with what waits and would still fit."""
    return DayLists.of(lists(desk, on))


@router.get("/letters", tags=["work"], response_model=Letters)
@needs(Permission.SEE_CASES)
def get_letters(
    desk: AtDesk,
    case_id: Annotated[str | None, Query(max_length=120, pattern=r"^[A-Za-z0-9_.-]+$")] = None,
    cursor: After = "",
    limit: Limit = 100,
) -> Letters:
    """Letters that went out, by id."""
    rows = listed.letters(desk, case_id=case_id, after=cursor, limit=limit)
    shown = [LetterShown.model_validate(row) for row in rows]
    return Letters(letters=shown, cursor=shown[-1].letter_id if len(shown) == limit else None)


@router.get(
    "/letters/{letter_id}.pdf",
    tags=["work"],
    response_class=Response,
    responses={200: {"description": "A tagged PDF.", "content": {PDF: {"schema": {"type": "string"}}}}},
)
@needs(Permission.SEE_PERSONAL)
def get_letter(desk: AtDesk, letter_id: AnyId) -> Response:
    """A letter as it read when the case sent it; also the agreement, the door hanger and the reconnection of an event.

    `{case_id}-l{seq}`: the number of the event that it goes with. Each language stands on pages of its own.
    """
    headers = {"Content-Disposition": f'inline; filename="{letter_id}.pdf"', "Cache-Control": "private, no-store"}
    return Response(letter_pdf(desk, letter_id), media_type=PDF, headers=headers)


@router.get("/placements", tags=["work"], response_model=Remedies)
@needs(Permission.SEE_CASES)
def get_placements(desk: AtDesk, state: RemedyState | None = None, cursor: After = "", limit: Limit = 100) -> Remedies:
    """What agencies collect, collected, or are about to be given."""
    return _remedies(desk, listed.PLACED, state, cursor, limit)


@router.get("/claims", tags=["work"], response_model=Remedies)
@needs(Permission.SEE_CASES)
def get_claims(desk: AtDesk, state: RemedyState | None = None, cursor: After = "", limit: Limit = 100) -> Remedies:
    """Claims and judgments."""
    return _remedies(desk, listed.CLAIMED, state, cursor, limit)


@router.get("/property-remedies", tags=["work"], response_model=Remedies)
@needs(Permission.SEE_CASES)
def get_property_remedies(
    desk: AtDesk, state: RemedyState | None = None, cursor: After = "", limit: Limit = 100
) -> Remedies:
    """Set-off claims against tax refunds, certifications to property tax, and liens."""
    return _remedies(desk, listed.ON_PROPERTY, state, cursor, limit)


def _remedies(
    desk: Desk, kinds: tuple[RemedyKind, ...], state: RemedyState | None, cursor: str, limit: int
) -> Remedies:
    rows = listed.remedies(desk, kinds, state=state.value if state else None, after=cursor, limit=limit)
    shown = [RemedyShown.of(row) for row in rows]
    return Remedies(remedies=shown, cursor=shown[-1].remedy_id if len(shown) == limit else None)


@router.get("/write-offs", tags=["work"], response_model=CasePage)
@needs(Permission.SEE_CASES)
def get_write_offs(desk: AtDesk, cursor: After = "", limit: Limit = 100) -> CasePage:
    """Cases written off; the debt stays owed."""
    return _cases_at(desk, listed.WRITTEN_OFF, cursor, limit)


def _cases_at(desk: Desk, stages: tuple[Stage, ...], cursor: str, limit: int) -> CasePage:
    rows = listed.cases_at(desk, stages, after=cursor, limit=limit)
    shown = [CaseShown.of(row) for row in rows]
    return CasePage(cases=shown, cursor=shown[-1].case_id if len(shown) == limit else None)


@router.get(
    "/reports/{name}",
    tags=["reports"],
    response_model=Report,
    responses={200: {"content": {form.media_type: {} for form in Written}}},
)
@needs(Permission.SEE_REPORTS)
def get_report(
    desk: AtDesk,
    name: AnyId,
    since: Annotated[Day | None, Query(alias="from")] = None,
    through: Annotated[Day | None, Query(alias="to")] = None,
    form: Annotated[Form, Query(alias="format")] = "json",
) -> Report | Response:
    """A small table, of the last twelve weeks unless told otherwise; as JSON, or as a file for a spreadsheet."""
    found = summary(desk, name, since=since, through=through)
    if form == "json":
        return Report(name=found.name, lines=list(found.lines))
    kind = Written(form)
    headers = {"Content-Disposition": f'attachment; filename="{name}-{found.through}.{kind}"'}
    return Response(written(found.lines, name, kind), headers=headers, media_type=kind.media_type)
