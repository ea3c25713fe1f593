"""What is taken at the counter, voided, counted and brought to the bank?"""

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from api.guard import AtDesk, Key, needs
from api.mirror import CENTS_MAX, Day, Text
from api.routes.router import AnyId, router
from api.schemas.counter import DrawerList, DrawerShown, ReceiptShown, SlipShown
from casework import counter, counter_papers
from casework.permissions import Permission
from domain.money import Money
from formats.counter import Tender

Cents = Annotated[int, Field(ge=0, le=CENTS_MAX)]


class DrawerBody(BaseModel):
    """Which till, and how much change lies in it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"till": "1", "float_cents": 20000}]})

    till: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,10}$")]
    float_cents: Cents = 0


class TakenBody(BaseModel):
    """What is paid at the counter, for which account."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"account_no": "9900000010", "amount_cents": 8420, "tender": "cash"}]},
    )

    account_no: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    amount_cents: Annotated[int, Field(ge=1, le=CENTS_MAX)]
    tender: Tender
    check_no: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,20}$")] = ""


class VoidBody(BaseModel):
    """Why a receipt is voided."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"because": "Wrong account."}]})

    because: Annotated[Text, Field(min_length=1)]


class CountBody(BaseModel):
    """What was counted by tender, the float left out; *because*: why it does not tie, if it does not."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"counted": {"cash": 54711, "check": 43068}}]}
    )

    counted: dict[Tender, Cents]
    because: Text = ""


@router.post("/counter/drawers", tags=["counter"], response_model=DrawerShown, status_code=201)
@needs(Permission.TAKE_MONEY)
def post_drawer(desk: AtDesk, body: DrawerBody) -> DrawerShown:
    """Open a drawer in your name. Asked again while it is open, it is the same."""
    return DrawerShown.of(counter.open_drawer(desk, till=body.till, float_=Money(body.float_cents)))


@router.get("/counter/drawers", tags=["counter"], response_model=DrawerList)
@needs(Permission.SEE_REPORTS)
def get_drawers(desk: AtDesk, on: Day | None = None) -> DrawerList:
    """The drawers of a day, with what was taken, counted, over and short."""
    return DrawerList(drawers=[DrawerShown.of(seen) for seen in counter.drawers(desk, on)])


@router.post("/counter/drawers/{drawer_id}/close", tags=["counter"], response_model=DrawerShown)
@needs(Permission.TAKE_MONEY)
def post_close(desk: AtDesk, drawer_id: AnyId, body: CountBody) -> DrawerShown:
    """Close a drawer on what was counted. What does not tie needs a reason."""
    counted = {tender: Money(cents) for tender, cents in body.counted.items()}
    return DrawerShown.of(counter.close_drawer(desk, drawer_id, counted=counted, because=body.because))


@router.post("/counter/receipts", tags=["counter"], response_model=ReceiptShown, status_code=201)
@needs(Permission.TAKE_MONEY)
async def post_receipt(desk: AtDesk, key: Key, body: TakenBody) -> ReceiptShown:
    """Take money into your drawer. It counts from now on; billing and the case hear of it by themselves."""
    row = await counter.take_money(
        desk,
        body.account_no,
        amount=Money(body.amount_cents),
        tender=body.tender,
        check_no=body.check_no,
        key=key,
    )
    return ReceiptShown.model_validate(row)


@router.get("/counter/receipts/{receipt_no}", tags=["counter"], response_model=ReceiptShown)
@needs(Permission.SEE_CASES)
def get_receipt(desk: AtDesk, receipt_no: AnyId) -> ReceiptShown:
    """One receipt as it stands."""
    return ReceiptShown.model_validate(counter.receipt(desk, receipt_no))


@router.get("/counter/receipts/{receipt_no}/print", tags=["counter"], response_class=Response)
@needs(Permission.SEE_CASES)
def get_receipt_text(desk: AtDesk, receipt_no: AnyId) -> Response:
    """A receipt to be printed: plain text, forty columns."""
    return Response(counter_papers.receipt_text(desk, receipt_no), media_type="text/plain; charset=utf-8")


@router.post("/counter/receipts/{receipt_no}/void", tags=["counter"], response_model=ReceiptShown)
@needs(Permission.VOID_RECEIPT)
def post_void(desk: AtDesk, receipt_no: AnyId, body: VoidBody) -> ReceiptShown:
    """Void a receipt as a second person, while its drawer is open."""
    return ReceiptShown.model_validate(counter.void_receipt(desk, receipt_no, because=body.because))


@router.post("/counter/slips", tags=["counter"], response_model=SlipShown | None)
@needs(Permission.SEND_MONEY)
def post_slip(desk: AtDesk) -> SlipShown | None:
    """Make the deposit slip of the closed drawers; none when there is nothing to bring to the bank."""
    slip = counter.make_slip(desk)
    return SlipShown.model_validate(slip) if slip else None


@router.get("/counter/slips/{slip_id}/print", tags=["counter"], response_class=Response)
@needs(Permission.SEE_REPORTS)
def get_slip_text(desk: AtDesk, slip_id: AnyId) -> Response:
    """A deposit slip to be printed."""
    return Response(counter_papers.slip_text(desk, slip_id), media_type="text/plain; charset=utf-8")
