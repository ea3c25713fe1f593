"""What waits for a second person, and what do they say?"""

from typing import Annotated, Literal

from fastapi import Body
from pydantic import BaseModel, Field

from api.guard import AtDesk, Key, needs
from api.mirror import Text
from api.routes.router import AnyId, router
from api.schemas.desk import Approvals, ApprovalShown, RulingShown
from casework.approvals import approve, open_approvals, reject
from casework.permissions import Permission


class ApproveBody(BaseModel, extra="forbid"):
    """Give leave."""

    type: Literal["approve"]


class RejectBody(BaseModel, extra="forbid"):
    """Refuse leave, and say why."""

    type: Literal["reject"]
    because: Text


EXAMPLE = {"type": "reject", "because": "The customer called this morning; wait for the promise."}


@router.get("/approvals", tags=["approvals"], response_model=Approvals)
@needs(Permission.SEE_APPROVALS)
def get_approvals(desk: AtDesk) -> Approvals:
    """What is asked for and not yet decided, oldest first, each with the evidence it was asked on."""
    return Approvals(approvals=[ApprovalShown.of(pending) for pending in open_approvals(desk)])


@router.post("/approvals/{approval_id}", tags=["approvals"], response_model=RulingShown)
@needs(Permission.APPROVE_SMALL)
async def post_approval(
    desk: AtDesk,
    key: Key,
    approval_id: AnyId,
    body: Annotated[ApproveBody | RejectBody, Body(examples=[EXAMPLE]), Field(discriminator="type")],
) -> RulingShown:
    """Decide as a second person. What cuts service or moves money out needs a supervisor."""
    match body:
        case ApproveBody():
            return RulingShown.of(await approve(desk, approval_id, key=key))
        case RejectBody():
            return RulingShown.of(await reject(desk, approval_id, because=body.because, key=key))
