"""What becomes of a payment file that is handed in, and of its money that has no place?"""

from typing import Annotated

from fastapi import Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, needs
from api.mirror import Day
from api.routes.files import FILE_MAX
from api.routes.router import AnyId, router
from api.schemas.money import PaymentFileShown, SuspenseList, SuspenseShown
from casework import payment_files
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


@router.get("/suspense", tags=["money"], response_model=SuspenseList)
@needs(Permission.SEE_IMPORTS)
def get_suspense(desk: AtDesk) -> SuspenseList:
    """The money that has no place yet, oldest first, at most 500."""
    rows = payment_files.in_suspense(desk)
    return SuspenseList(suspense=[SuspenseShown.model_validate(row) for row in rows])


@router.post("/suspense/{suspense_id}/match", tags=["money"], response_model=SuspenseShown)
@needs(Permission.POST_PAYMENT)
def post_match(
    desk: AtDesk, suspense_id: Annotated[int, Path(ge=1, le=SUSPENSE_MAX)], body: MatchBody
) -> SuspenseShown:
    """Post money to the account that you say it is for. Said twice, it is done once."""
    return SuspenseShown.model_validate(payment_files.match(desk, suspense_id, account_no=body.account_no))
