"""How is a balance corrected, credit paid out, and a deposit given back?"""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, Key, needs
from api.mirror import CENTS_MAX, Day, Text
from api.routes.returned import Account
from api.routes.router import AccountNo, AnyId, router
from api.schemas.money_out import (
    AdjustmentList,
    AdjustmentShown,
    DepositList,
    DepositShown,
    ExportShown,
    HeldShown,
    ReceiptSent,
    RefundList,
    RefundShown,
)
from casework import adjustments, credit, deposits, refunds
from casework.permissions import Permission
from domain.account import Service
from domain.adjustments import Adjusting, AdjustmentReason, AdjustmentState
from domain.money import Money
from domain.refunds import Payee, RefundState


class AdjustmentBody(BaseModel):
    """What to correct: above zero is owed in addition (an ad hoc charge), below zero credited."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "service": "water",
                    "amount_cents": -1800,
                    "reason": "leak",
                    "about_on": "2026-08-15",
                    "because": "The leak at the meter was ours.",
                }
            ]
        },
    )

    service: Service
    amount_cents: Annotated[int, Field(ge=-CENTS_MAX, le=CENTS_MAX)]
    reason: AdjustmentReason
    because: Text
    about_on: Day | None = None
    fund: Annotated[str, Field(pattern=r"^[A-Za-z0-9 _.-]{0,40}$")] = ""


class RefundBody(BaseModel):
    """How much of the account's credit goes out, and to whom: who paid it, or the fund it came from."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"amount_cents": 4250, "payee": "payer", "because": "Moved out, paid twice."}]},
    )

    amount_cents: Annotated[int, Field(ge=1, le=CENTS_MAX)]
    because: Text
    payee: Payee = Payee.PAYER


class DecidedBody(BaseModel):
    """*because*: why not; needed when it is rejected, and told to who asked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"type": "approve"}]})

    type: Literal["approve", "reject"]
    because: Text = ""


class EndedBody(BaseModel):
    """What became of a refund that was handed out. *restored*: it came back or went stale, and is credit again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"what": "paid"}]})

    what: Literal["paid", "restored", "escheated"]
    because: Text = ""


class FinalBody(BaseModel):
    """The day on which service ended; today if not given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"final_on": "2026-11-02"}]})

    final_on: Day | None = None


@router.get("/adjustments", tags=["money out"], response_model=AdjustmentList)
@needs(Permission.SEE_REPORTS)
def get_adjustments(
    desk: AtDesk, state: Annotated[AdjustmentState | None, Query()] = None, account_no: Account = None
) -> AdjustmentList:
    """Corrections of balances, those asked for first at the top."""
    found = adjustments.adjustments(desk, state=state, account_no=account_no)
    return AdjustmentList(adjustments=[AdjustmentShown.of(seen) for seen in found])


@router.post("/accounts/{account_no}/adjustments", tags=["money out"], response_model=AdjustmentShown, status_code=201)
@needs(Permission.PROPOSE_ADJUSTMENT)
def post_adjustment(desk: AtDesk, account_no: AccountNo, key: Key, body: AdjustmentBody) -> AdjustmentShown:
    """Correct a balance, or add an ad hoc charge. Above the pack's limits it waits for a second person."""
    asked = Adjusting(
        service=body.service,
        amount=Money(body.amount_cents),
        reason=body.reason,
        about_on=body.about_on or desk.today(),
        fund=body.fund,
    )
    return AdjustmentShown.of(adjustments.propose_adjustment(desk, account_no, asked, because=body.because, key=key))


@router.post("/adjustments/{adjustment_id}/approve", tags=["money out"], response_model=AdjustmentShown)
@needs(Permission.APPROVE_MONEY)
def post_adjustment_decision(desk: AtDesk, adjustment_id: AnyId, body: DecidedBody) -> AdjustmentShown:
    """Let a correction stand, or not, as a second person."""
    let = body.type == "approve"
    return AdjustmentShown.of(adjustments.decide_adjustment(desk, adjustment_id, approve=let, because=body.because))


@router.get("/credit-balances", tags=["money out"])
@needs(Permission.SEE_REPORTS)
async def get_credit_balances(desk: AtDesk) -> dict[str, list[dict[str, str | int]]]:
    """The accounts that have credit: how much, of a fund how much, since when untouched, when it is the state's."""
    lines = await credit.credit_balances(desk)
    return {"credit_balances": [dict(line) for line in lines]}


@router.get("/refunds", tags=["money out"], response_model=RefundList)
@needs(Permission.SEE_REPORTS)
def get_refunds(
    desk: AtDesk, state: Annotated[RefundState | None, Query()] = None, account_no: Account = None
) -> RefundList:
    """Refunds, those asked for first at the top; *stale* marks what nobody cashed."""
    found = refunds.refunds(desk, state=state, account_no=account_no)
    return RefundList(refunds=[RefundShown.of(seen) for seen in found])


@router.get("/refunds/{refund_id}", tags=["money out"], response_model=RefundShown)
@needs(Permission.SEE_REPORTS)
def get_refund(desk: AtDesk, refund_id: AnyId) -> RefundShown:
    """One refund as it stands."""
    return RefundShown.of(refunds.refund(desk, refund_id))


@router.post("/accounts/{account_no}/refunds", tags=["money out"], response_model=RefundShown, status_code=201)
@needs(Permission.PROPOSE_MONEY)
async def post_refund(desk: AtDesk, account_no: AccountNo, key: Key, body: RefundBody) -> RefundShown:
    """Ask that credit of the account be paid out; a second person decides."""
    amount = Money(body.amount_cents)
    seen = await refunds.propose_refund(
        desk, account_no, amount=amount, payee=body.payee, because=body.because, key=key
    )
    return RefundShown.of(seen)


@router.post("/refunds/{refund_id}/approve", tags=["money out"], response_model=RefundShown)
@needs(Permission.APPROVE_MONEY)
async def post_refund_decision(desk: AtDesk, refund_id: AnyId, body: DecidedBody) -> RefundShown:
    """Let a refund go out, or not, as a second person. The rules are asked once more."""
    if body.type == "reject":
        return RefundShown.of(refunds.reject_refund(desk, refund_id, because=body.because))
    return RefundShown.of(await refunds.approve_refund(desk, refund_id))


@router.post("/refunds/export", tags=["money out"], response_model=ExportShown | None)
@needs(Permission.SEND_MONEY)
def post_refund_export(desk: AtDesk) -> ExportShown | None:
    """Write the file by which the approved refunds are paid; none when there is nothing to pay."""
    export = refunds.export_refunds(desk)
    return ExportShown.model_validate(export) if export else None


@router.post("/refunds/{refund_id}/end", tags=["money out"], response_model=RefundShown)
@needs(Permission.SEND_MONEY)
def post_refund_end(desk: AtDesk, refund_id: AnyId, body: EndedBody) -> RefundShown:
    """Say what became of a refund that was handed out."""
    return RefundShown.of(refunds.end_refund(desk, refund_id, what=RefundState(body.what), because=body.because))


@router.get("/accounts/{account_no}/deposit", tags=["money out"], response_model=HeldShown)
@needs(Permission.SEE_CASES)
async def get_deposit(desk: AtDesk, account_no: AccountNo) -> HeldShown:
    """The deposit that billing holds, with the interest it has earned by today."""
    found = await deposits.held(desk, account_no)
    return HeldShown(
        account_no=account_no,
        deposit_cents=found.deposit.cents,
        since=found.since,
        interest_cents=found.earned.amount.cents,
        interest_says=found.earned.says,
    )


@router.post("/accounts/{account_no}/deposit/apply", tags=["money out"], response_model=DepositShown)
@needs(Permission.APPLY_DEPOSIT)
async def post_deposit(desk: AtDesk, account_no: AccountNo, body: FinalBody) -> DepositShown:
    """Apply the deposit and its interest to what is owed at the end of service. Twice is once."""
    return DepositShown.model_validate(await deposits.apply_deposit(desk, account_no, final_on=body.final_on))


@router.post("/accounts/{account_no}/deposit/receipt", tags=["money out"], response_model=ReceiptSent)
@needs(Permission.SEND_MAIL)
async def post_receipt(desk: AtDesk, account_no: AccountNo) -> ReceiptSent:
    """Have a receipt for the deposit that is held go out with the day's batch. Once a day."""
    return ReceiptSent(letter_id=await deposits.send_receipt(desk, account_no))


@router.get("/deposits", tags=["money out"], response_model=DepositList)
@needs(Permission.SEE_REPORTS)
def get_deposits(desk: AtDesk, account_no: Account = None) -> DepositList:
    """The deposits applied, with the day by which what is left must be given back."""
    found = deposits.deposits(desk, account_no=account_no)
    return DepositList(deposits=[DepositShown.model_validate(row) for row in found])
