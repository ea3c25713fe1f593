"""What does a crew ask and tell us?"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, needs
from api.mirror import Instant
from api.routes.router import router
from casework.field import hear_crew
from casework.permissions import Permission
from gateways.field import CallbackKind, FieldCallback


class CallbackBody(BaseModel):
    """A crew's word about an order."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"order_id": "9900000010-1-o1", "kind": "acknowledge", "at": "2026-12-07T15:30:00Z"}]
        },
    )

    order_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_./-]{1,120}$")]
    kind: CallbackKind
    at: Instant
    reason: Annotated[str, Field(max_length=80, pattern=r"^[a-z_ ]*$")] = ""
    meter_read: Annotated[int, Field(ge=0, le=10**9)] | None = None


class CallbackAnswer(BaseModel, extra="forbid"):
    """*answer* to an acknowledgement: without *proceed* nothing is cut. To a report there is none."""

    answer: Literal["proceed", "stop"] | None = None


@router.post("/field/callbacks", tags=["field"], response_model=CallbackAnswer)
@needs(Permission.REPORT_FIELD_WORK, signed=True, keyed=False)
async def post_callback(desk: AtDesk, body: CallbackBody) -> dict[str, Any]:
    """Hear a crew, signed by Standard Webhooks. Duplicates and late words change nothing that is so already.

    Signed are the headers `webhook-id` and `webhook-timestamp` and the body, in `webhook-signature`; the time of
    sending is compared with the wall's clock. What was done counts from when it reaches us. An `at` before the order
    or after its report is taken all the same, as is a cut for which no leave was asked, and each becomes a task.
    """
    callback = FieldCallback(
        order_id=body.order_id, kind=body.kind, at=body.at, reason=body.reason, meter_read=body.meter_read
    )
    return {"answer": await hear_crew(desk, callback)}
