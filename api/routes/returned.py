"""What went back, how near are the network's limits, and what is presented again?"""

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, needs
from api.mirror import Day, Text
from api.routes.router import AnyId, Limit, router
from api.schemas.money_out import (
    ExportList,
    ExportShown,
    PresentedShown,
    RateList,
    RateShown,
    ReturnedItemList,
    ReturnedItemShown,
)
from casework import checks, exports, returned
from casework.permissions import Permission


class PutRightBody(BaseModel):
    """What was wrong with the draft, and how it was put right."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"because": "It was drawn a day before the day agreed."}]}
    )

    because: Annotated[Text, Field(min_length=3)]


class LetCheckBody(BaseModel):
    """What stands on the check, as its image shows it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"dated_on": "2026-09-28", "consumer": True}]}
    )

    dated_on: Day
    consumer: bool


Account = Annotated[str | None, Query(pattern=r"^[0-9]{1,20}$")]
Kind = Annotated[str | None, Query(pattern=r"^[a-z_]{1,20}$")]


@router.get("/returned-items", tags=["money"], response_model=ReturnedItemList)
@needs(Permission.SEE_CASES)
def get_returned_items(
    desk: AtDesk, account_no: Account = None, since: Day | None = None, limit: Limit = 200
) -> ReturnedItemList:
    """What went back, latest first, with the fee, the instrument, and whether it is presented again."""
    rows = returned.returned(desk, account_no=account_no, since=since, limit=limit)
    return ReturnedItemList(returned_items=[ReturnedItemShown.model_validate(row) for row in rows])


@router.get("/returned-items/due", tags=["money"], response_model=ReturnedItemList)
@needs(Permission.SEE_CASES)
def get_retries_due(desk: AtDesk, on: Day | None = None) -> ReturnedItemList:
    """The drafts to be presented again by that day, else today."""
    rows = returned.due_again(desk, on=on)
    return ReturnedItemList(returned_items=[ReturnedItemShown.model_validate(row) for row in rows])


@router.post("/returned-items/present", tags=["money"], response_model=PresentedShown)
@needs(Permission.SEND_MONEY)
async def post_present_again(desk: AtDesk) -> PresentedShown:
    """Write the file of what is due (`RETRY PYMT`, `REDEPCHECK`), post it as sent, say where it is; none if none is."""
    return PresentedShown.of(await returned.present_again(desk))


@router.post("/returned-items/{payment_id}/put-right", tags=["money"], response_model=ReturnedItemShown)
@needs(Permission.SEND_MONEY)
def post_put_right(desk: AtDesk, payment_id: AnyId, body: PutRightBody) -> ReturnedItemShown:
    """Let an item that was not as authorized (R11) go out again, its fault put right, for the same amount."""
    return ReturnedItemShown.model_validate(returned.put_right(desk, payment_id, because=body.because))


@router.post("/returned-items/{payment_id}/check", tags=["money"], response_model=ReturnedItemShown)
@needs(Permission.SEND_MONEY)
def post_let_check(desk: AtDesk, payment_id: AnyId, body: LetCheckBody) -> ReturnedItemShown:
    """Let a consumer's check that bounced be presented again as an entry (RCK), where the pack and the rules let it."""
    row = checks.let_check(desk, payment_id, dated_on=body.dated_on, consumer=body.consumer)
    return ReturnedItemShown.model_validate(row)


@router.get("/returned-items/rates", tags=["money"], response_model=RateList)
@needs(Permission.SEE_REPORTS)
def get_return_rates(desk: AtDesk, on: Day | None = None) -> RateList:
    """How the drafts returned stand against the bank network's limits."""
    return RateList(rates=[RateShown.model_validate(line) for line in returned.return_rates(desk, on=on)])


@router.get("/exports", tags=["money"], response_model=ExportList)
@needs(Permission.SEE_REPORTS)
def get_exports(desk: AtDesk, kind: Kind = None) -> ExportList:
    """The files handed out, latest first: `retries`, `refunds`, `sent_back`."""
    return ExportList(exports=[ExportShown.model_validate(row) for row in exports.exports(desk, kind)])


@router.get("/exports/{export_id}/file", tags=["money"], response_class=Response)
@needs(Permission.SEND_MONEY)
def get_export_file(desk: AtDesk, export_id: AnyId) -> Response:
    """A file as it was handed out. It names people and their bank accounts."""
    row, data = exports.export_file(desk, export_id)
    headers = {"Content-Disposition": f'attachment; filename="{row.file_name}"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/octet-stream", headers=headers)
