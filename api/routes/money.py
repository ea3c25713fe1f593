"""What happens when money comes in, or goes back?"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, needs
from api.mirror import CENTS_MAX, Day, Text
from api.routes.router import AnyId, router
from api.schemas.work import PaymentShown
from casework import corrections, payments
from casework.payments import Received
from casework.permissions import Permission
from domain.money import Money


class PaymentBody(BaseModel):
    """Money received. *source* and *trace* name it for ever: the same pair is the same money."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"account_no": "9900000010", "amount_cents": 8420, "source": "counter", "trace": "20261201-0007"}
            ]
        },
    )

    account_no: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    amount_cents: Annotated[int, Field(ge=1, le=CENTS_MAX)]
    # No dash in a source: source and trace are joined by one, and two pairs must never read the same.
    source: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    trace: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,70}$")]
    tender: Annotated[str, Field(pattern=r"^[a-z_]{0,20}$")] = ""
    effective_on: Day | None = None


class ReturnBody(BaseModel):
    """A payment that the bank returned. *reason*: its code, such as R01."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "R01"}]})

    reason: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$")]
    on: Day | None = None


class MoveBody(BaseModel):
    """The account that a payment was meant for, and how it is known."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"to": "9900000010", "because": "The stub names the other account."}]},
    )

    to: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    because: Annotated[Text, Field(min_length=3)]


class UndoBody(BaseModel):
    """How it is known that the bank's return was a mistake."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"because": "The bank wrote that it returned the wrong item."}]}
    )

    because: Annotated[Text, Field(min_length=3)]


@router.post("/payments", tags=["money"], response_model=PaymentShown, status_code=201)
@needs(Permission.POST_PAYMENT)
async def post_payment(desk: AtDesk, body: PaymentBody) -> PaymentShown:
    """Take a payment. It counts from now on; billing and the case hear of it by themselves. Twice is once."""
    received = Received(
        account_no=body.account_no,
        amount=Money(body.amount_cents),
        source=body.source,
        trace=body.trace,
        tender=body.tender,
        effective_on=body.effective_on,
    )
    return PaymentShown.of(await payments.receive(desk, received))


@router.get("/payments/{payment_id}", tags=["money"], response_model=PaymentShown)
@needs(Permission.SEE_CASES)
def get_payment(desk: AtDesk, payment_id: AnyId) -> PaymentShown:
    """One payment as it stands."""
    return PaymentShown.of(payments.payment(desk, payment_id))


@router.post("/payments/{payment_id}/return", tags=["money"], response_model=PaymentShown)
@needs(Permission.POST_PAYMENT)
def post_return(desk: AtDesk, payment_id: AnyId, body: ReturnBody) -> PaymentShown:
    """Take back a payment that the bank returned. From now on it does not count. Twice is once."""
    return PaymentShown.of(payments.take_back(desk, payment_id, reason=body.reason, on=body.on))


@router.post("/payments/{payment_id}/move", tags=["money"], response_model=PaymentShown, status_code=201)
@needs(Permission.POST_PAYMENT)
async def post_move(desk: AtDesk, payment_id: AnyId, body: MoveBody) -> PaymentShown:
    """Put a payment on the account that it was meant for, as of its own day, as if it had been posted there at once."""
    return PaymentShown.of(await corrections.move_payment(desk, payment_id, to=body.to, because=body.because))


@router.post("/payments/{payment_id}/return/undo", tags=["money"], response_model=PaymentShown, status_code=201)
@needs(Permission.POST_PAYMENT)
def post_undo_return(desk: AtDesk, payment_id: AnyId, body: UndoBody) -> PaymentShown:
    """Take back a return that the bank made by mistake: money, fee, strike and holds are as if it had not come."""
    return PaymentShown.of(corrections.undo_return(desk, payment_id, because=body.because))
