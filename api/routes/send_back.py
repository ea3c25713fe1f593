"""Which money that is nobody's goes back to the bank it came from?"""

from typing import Annotated, Literal

from fastapi import Body, Path
from pydantic import BaseModel

from api.guard import AtDesk, needs
from api.routes.payment_files import SUSPENSE_MAX
from api.routes.router import router
from api.schemas.money import SuspenseList, SuspenseShown
from api.schemas.money_out import PresentedShown
from casework import send_back
from casework.permissions import Permission

SuspenseId = Annotated[int, Path(ge=1, le=SUSPENSE_MAX)]


class SendBackBody(BaseModel, extra="forbid"):
    """Why it goes back: R22, the number names nobody; R23, we will not have it. Left out, what is wrong decides."""

    code: Literal["R22", "R23"] | None = None


@router.get("/suspense/going-back", tags=["money"], response_model=SuspenseList)
@needs(Permission.SEE_IMPORTS)
def get_going_back(desk: AtDesk) -> SuspenseList:
    """The money that someone wants sent back and that is in no file yet."""
    return SuspenseList(suspense=[SuspenseShown.model_validate(row) for row in send_back.going_back(desk)])


@router.post("/suspense/{suspense_id}/send-back", tags=["money"], response_model=SuspenseShown)
@needs(Permission.POST_PAYMENT)
def post_send_back(
    desk: AtDesk, suspense_id: SuspenseId, body: Annotated[SendBackBody, Body(examples=[{"code": "R23"}])]
) -> SuspenseShown:
    """Say that money is to go back to the bank it came from; another person writes the file."""
    return SuspenseShown.model_validate(send_back.send_back(desk, suspense_id, code=body.code or ""))


@router.post("/suspense/{suspense_id}/keep", tags=["money"], response_model=SuspenseShown)
@needs(Permission.POST_PAYMENT)
def post_keep(desk: AtDesk, suspense_id: SuspenseId) -> SuspenseShown:
    """Let money that was to go back stay, as long as it is in no file."""
    return SuspenseShown.model_validate(send_back.keep(desk, suspense_id))


@router.post("/suspense/write-back", tags=["money"], response_model=PresentedShown)
@needs(Permission.SEND_MONEY)
async def post_write_back(desk: AtDesk) -> PresentedShown:
    """Write the bank's file of what is to go back, and post it as sent. What you asked for yourself is left out."""
    return PresentedShown.of(await send_back.write_back(desk))
