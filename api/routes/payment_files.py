"""What becomes of a payment file that is handed in, and of its money that has no place?"""

from asyncio import to_thread
from typing import Annotated, Literal

from fastapi import Body, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, needs
from api.mirror import Day, Text
from api.routes.files import FILE_MAX
from api.routes.router import AnyId, router
from api.schemas.money import (
    FileReversalList,
    FileReversalShown,
    PaymentFileShown,
    SuggestionList,
    SuggestionShown,
    SuspenseList,
    SuspenseShown,
)
from casework import payment_files, reversals, suspense
from casework.errors import unfit
from casework.permissions import Permission

SUSPENSE_MAX = 2**53  # beyond it a number of JSON is no longer itself everywhere
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class MatchBody(BaseModel):
    """Whose the money is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"account_no": "9900000010"}]})

    account_no: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]


@router.post("/payment-files", tags=["money"], response_model=PaymentFileShown, status_code=201, openapi_extra=_BODY)
@needs(Permission.IMPORT_FILES)
async def post_payment_file(
    desk: AtDesk,
    request: Request,
    file_name: Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]{0,120}$")] = "payments",
    on: Day | None = None,
    dry_run: bool = False,  # noqa: FBT001, FBT002 -- a query parameter: callers name it
) -> PaymentFileShown:
    """Take in a payment file whole or not at all: the body is the file. Its money goes to billing by itself."""
    data = await request.body()
    if len(data) > FILE_MAX:
        raise unfit("file-too-large", "The file is too large", f"At most {FILE_MAX} bytes are taken.", status=413)
    row = await payment_files.take_file(desk, data, file_name=file_name, on=on, dry_run=dry_run)
    return PaymentFileShown.model_validate(row)


@router.get("/payment-files/{file_id}", tags=["money"], response_model=PaymentFileShown)
@needs(Permission.SEE_IMPORTS)
def get_payment_file(desk: AtDesk, file_id: AnyId) -> PaymentFileShown:
    """A payment file, taken or refused, as it stands."""
    return PaymentFileShown.model_validate(payment_files.the_file(desk, file_id))


class AskReversalBody(BaseModel, extra="forbid"):
    """Ask for the whole file to be taken back."""

    type: Literal["ask"]
    because: Annotated[Text, Field(min_length=3)]


class DecideReversalBody(BaseModel, extra="forbid"):
    """Agree, or refuse, as a second person."""

    type: Literal["approve", "reject"]


REVERSAL = {"type": "ask", "because": "The bank sent yesterday's file under today's date."}


@router.post("/payment-files/{file_id}/reversal", tags=["money"], response_model=FileReversalShown)
@needs(Permission.IMPORT_FILES)
async def post_reversal(
    desk: AtDesk,
    file_id: AnyId,
    body: Annotated[AskReversalBody | DecideReversalBody, Body(examples=[REVERSAL]), Field(discriminator="type")],
) -> FileReversalShown:
    """Take a file back whole, by compensations. It takes two people: one asks, another agrees."""
    match body:
        case AskReversalBody():
            row = await to_thread(reversals.ask, desk, file_id, because=body.because)
        case DecideReversalBody(type="reject"):
            row = await to_thread(reversals.reject, desk, file_id)
        case DecideReversalBody():
            row = await reversals.approve(desk, file_id)
    return FileReversalShown.model_validate(row)


@router.get("/payment-file-reversals", tags=["money"], response_model=FileReversalList)
@needs(Permission.SEE_IMPORTS)
def get_reversals(desk: AtDesk) -> FileReversalList:
    """The files that someone wants taken back, and nobody has decided on."""
    return FileReversalList(reversals=[FileReversalShown.model_validate(row) for row in reversals.asked(desk)])


@router.get("/suspense", tags=["money"], response_model=SuspenseList)
@needs(Permission.SEE_IMPORTS)
def get_suspense(desk: AtDesk) -> SuspenseList:
    """The money that has no place yet, oldest first, at most 500."""
    rows = payment_files.in_suspense(desk)
    return SuspenseList(suspense=[SuspenseShown.model_validate(row) for row in rows])


@router.get("/suspense/{suspense_id}/suggestions", tags=["money"], response_model=SuggestionList)
@needs(Permission.SEE_IMPORTS)
async def get_suggestions(desk: AtDesk, suspense_id: Annotated[int, Path(ge=1, le=SUSPENSE_MAX)]) -> SuggestionList:
    """Whose the money may be: the account's number, the payer's name or the amount comes near. A person decides."""
    found = await suspense.suggestions_for(desk, suspense_id)
    return SuggestionList(suggestions=[SuggestionShown.model_validate(each) for each in found])


@router.post("/suspense/{suspense_id}/match", tags=["money"], response_model=SuspenseShown)
@needs(Permission.POST_PAYMENT)
async def post_match(
    desk: AtDesk, suspense_id: Annotated[int, Path(ge=1, le=SUSPENSE_MAX)], body: MatchBody
) -> SuspenseShown:
    """Post money to the account that you say it is for. Said twice, it is done once."""
    return SuspenseShown.model_validate(await suspense.place(desk, suspense_id, account_no=body.account_no))
