"""What goes to collection agencies, what comes back from them, and how do they do?"""

from typing import Annotated, Literal

from fastapi import Query, Request

from api.guard import AtDesk, needs
from api.mirror import Day
from api.routes.files import FILE_MAX
from api.routes.router import AnyId, router
from api.schemas.agencies import AgencyFileShown, CommissionShown, ConductList, ScoreCard, VintageShown
from api.schemas.money_out import ExportShown
from casework import agencies, agency_files
from casework.errors import missing, unfit
from casework.permissions import Permission
from domain.calendar import DAY

MONTH = 31 * DAY
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/agency-files", tags=["agencies"], response_model=AgencyFileShown, status_code=201, openapi_extra=_BODY)
@needs(Permission.IMPORT_FILES)
async def post_agency_file(
    desk: AtDesk,
    request: Request,
    kind: Literal["acknowledgment", "recall", "contacts"],
    file_name: Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]{0,120}$")] = "agency",
) -> AgencyFileShown:
    """Take an agency's acknowledgment, recalls or report of contacts, whole or not at all; remittances are payments."""
    data = await request.body()
    if len(data) > FILE_MAX:
        raise unfit("file-too-large", "The file is too large", f"At most {FILE_MAX} bytes are taken.", status=413)
    return AgencyFileShown.of(agencies.take(desk, data, file_name=file_name, kind=kind))


@router.post("/agencies/{agency}/placement-file", tags=["agencies"], response_model=ExportShown, status_code=201)
@needs(Permission.SEND_MONEY)
def post_placement_file(desk: AtDesk, agency: AnyId, on: Day | None = None) -> ExportShown:
    """Write the file of the debts that an agency was given on a day; fetched as an export."""
    made = agency_files.export_placements(desk, agency, on=on)
    if made is None:
        raise missing("placement-of-that-day", agency)
    return ExportShown.model_validate(made)


@router.post("/agencies/{agency}/message-file", tags=["agencies"], response_model=ExportShown, status_code=201)
@needs(Permission.SEND_MONEY)
def post_message_file(desk: AtDesk, agency: AnyId, on: Day | None = None) -> ExportShown:
    """Write what an agency is told of a day: money that the city took on its debts, money returned, recalls."""
    made = agency_files.export_messages(desk, agency, on=on)
    if made is None:
        raise missing("message-of-that-day", agency)
    return ExportShown.model_validate(made)


@router.get("/agencies/score-card", tags=["agencies"], response_model=ScoreCard)
@needs(Permission.SEE_REPORTS)
def get_score_card(desk: AtDesk) -> ScoreCard:
    """For each agency and month of placement: what was given, what came of it, what it cost."""
    return ScoreCard(vintages=[VintageShown.of(line) for line in agencies.score_card(desk)])


@router.get("/agencies/commission", tags=["agencies"], response_model=CommissionShown)
@needs(Permission.SEE_REPORTS)
def get_commission(desk: AtDesk, since: Day | None = None, through: Day | None = None) -> CommissionShown:
    """Remittance lines against the pack's commission and against what we told: the last month if not said."""
    last = through or desk.today()
    return CommissionShown.of(agencies.reconcile(desk, since or last - MONTH, last))


@router.get("/agencies/conduct", tags=["agencies"], response_model=ConductList)
@needs(Permission.SEE_REPORTS)
def get_conduct(desk: AtDesk, file_id: str | None = None) -> ConductList:
    """Contacts of agencies that do not keep Regulation F, by their own reports."""
    return ConductList.of(agencies.conduct(desk, file_id))
