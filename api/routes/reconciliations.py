"""Do bank, ledger and billing agree on a day, what of it is explained, and what does the month come to?"""

from datetime import date
from typing import Annotated, Literal

from fastapi import Body, Path
from pydantic import BaseModel, Field

from api.guard import AtDesk, needs
from api.mirror import Day, Text
from api.routes.router import AnyId, router
from api.schemas.reconciliation import BreakShown, DayShown, MonthEndShown
from casework import month_end, reconciliation
from casework.permissions import Permission

EXAMPLE = {"type": "explain", "because": "The bank took its monthly fee."}
Month = Annotated[str, Path(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$", examples=["2026-09"])]


class ExplainBody(BaseModel, extra="forbid"):
    """Say why the two books differ."""

    type: Literal["explain"]
    because: Annotated[Text, Field(min_length=3)]


class AssignBody(BaseModel, extra="forbid"):
    """Give the break to someone."""

    type: Literal["assign"]
    to: Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,40}$")]


@router.get("/reconciliations/{on}", tags=["money"], response_model=DayShown)
@needs(Permission.SEE_REPORTS)
async def get_reconciliation(desk: AtDesk, on: Day) -> DayShown:
    """A day held against bank statement and billing's control accounts; a closed one as it was closed."""
    return DayShown.model_validate(await reconciliation.reconcile(desk, on))


@router.post("/reconciliations/{on}/breaks/{break_id}", tags=["money"], response_model=BreakShown)
@needs(Permission.RECONCILE)
def post_break(
    desk: AtDesk,
    on: Day,
    break_id: AnyId,
    body: Annotated[ExplainBody | AssignBody, Body(examples=[EXAMPLE]), Field(discriminator="type")],
) -> BreakShown:
    """Explain a break of the day, or give it to someone."""
    reconciliation.need_of_day(desk, on, break_id)
    match body:
        case ExplainBody():
            return BreakShown.model_validate(reconciliation.explain(desk, break_id, because=body.because))
        case AssignBody():
            return BreakShown.model_validate(reconciliation.assign(desk, break_id, to=body.to))


@router.post("/reconciliations/{on}/close", tags=["money"], response_model=DayShown)
@needs(Permission.RECONCILE)
async def post_close(desk: AtDesk, on: Day) -> DayShown:
    """Close the books through a day. No break may be left unexplained, and who explained one does not close."""
    return DayShown.model_validate(await reconciliation.close(desk, on))


@router.get("/month-ends/{month}", tags=["money"], response_model=MonthEndShown)
@needs(Permission.SEE_REPORTS)
async def get_month_end(desk: AtDesk, month: Month) -> MonthEndShown:
    """The month per service, with what stands behind each balance and who asked and approved what changed it."""
    first = date.fromisoformat(f"{month}-01")
    return MonthEndShown.model_validate(await month_end.month_end(desk, first.year, first.month))
