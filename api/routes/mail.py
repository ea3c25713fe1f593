"""Which letters are printed as a batch, when was it mailed, and which came back?"""

from datetime import date
from typing import Annotated

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, needs
from api.mirror import FIRST_DAY, LAST_DAY
from api.routes.router import router
from api.schemas.mail import BatchesShown, BatchShown, ReturnShown
from casework.mailed import came_back, confirm
from casework.mailing import batch_file, batches, certificate, make_batch
from casework.permissions import Permission

BatchId = Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{1,6}$")]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


class BatchBody(BaseModel):
    """The day whose letters are printed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"on": "2026-09-01"}]})

    on: Day


class ConfirmationBody(BaseModel):
    """The day on which a batch was mailed."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"mailed_on": "2026-09-01"}]})

    mailed_on: Day


class ReturnBody(BaseModel):
    """A letter that came back undelivered."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"letter_id": "9900000010-1-l3", "on": "2026-09-08", "because": "no_such_address"}]
        },
    )

    letter_id: Annotated[str, Field(pattern=r"^[0-9]{1,20}(-[0-9]{1,6})?-l[0-9]{1,9}$")]
    on: Day
    because: Annotated[str, Field(max_length=40, pattern=r"^[a-z_]+$")]


@router.get("/mail/batches", tags=["mail"], response_model=BatchesShown)
@needs(Permission.SEND_MAIL)
def get_batches(desk: AtDesk) -> BatchesShown:
    """Return the latest batches, latest first."""
    return BatchesShown(batches=[BatchShown.of(batch) for batch in batches(desk)])


@router.post("/mail/batches", tags=["mail"], response_model=BatchShown, status_code=201)
@needs(Permission.SEND_MAIL)
def post_batch(desk: AtDesk, body: BatchBody) -> BatchShown:
    """Print the letters of a day that are in no batch yet, with the copies that are due."""
    made = make_batch(desk, body.on)
    return BatchShown.of(made.batch, left_out=[each.letter_id for each in made.left])


@router.get(
    "/mail/batches/{batch_id}/print.zip",
    tags=["mail"],
    response_class=Response,
    responses={200: {"description": "The print file.", "content": {"application/zip": {"schema": {"type": "string"}}}}},
)
@needs(Permission.SEND_MAIL)
def get_print_file(desk: AtDesk, batch_id: BatchId) -> Response:
    """Return the print file: the pieces as PDF, the manifest with their hashes and addressees, the totals."""
    return Response(batch_file(desk, batch_id), media_type="application/zip")


@router.get(
    "/mail/batches/{batch_id}/certificate.pdf",
    tags=["mail"],
    response_class=Response,
    responses={200: {"description": "A tagged PDF.", "content": {"application/pdf": {"schema": {"type": "string"}}}}},
)
@needs(Permission.SEND_MAIL)
def get_certificate(desk: AtDesk, batch_id: BatchId) -> Response:
    """Return the certificate of mailing, to be signed or as it was signed."""
    return Response(certificate(desk, batch_id), media_type="application/pdf")


@router.post("/mail/batches/{batch_id}/confirmation", tags=["mail"], response_model=BatchShown)
@needs(Permission.SEND_MAIL)
def post_confirmation(desk: AtDesk, batch_id: BatchId, body: ConfirmationBody) -> BatchShown:
    """Confirm the day of mailing: the days of the batch's notices are counted from it."""
    return BatchShown.of(confirm(desk, batch_id, body.mailed_on))


@router.post("/mail/returns", tags=["mail"], response_model=ReturnShown)
@needs(Permission.SEND_MAIL)
def post_return(desk: AtDesk, body: ReturnBody) -> ReturnShown:
    """Note a letter that came back: as a notice it is void until it is served again."""
    return ReturnShown.of(came_back(desk, body.letter_id, on=body.on, because=body.because))
