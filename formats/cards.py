"""What did the card processor settle, and which cards were declined?

Response codes are explained in `formats.codes`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from formats.city.cells import read_records
from formats.errors import CONTROL_COUNT, CONTROL_TOTAL, FIELD, HEADER, RECORD_TYPE, Malformed
from formats.rows import Row, closing, rows_of
from formats.source import Source, name_of

_COLUMNS: Final = (
    "ref",
    "account_no",
    "kind",
    "requested_cents",
    "approved_cents",
    "response",
    "auth_code",
    "card_last4",
    "recurring",
    "original_ref",
)
_TRAILER: Final = ("rows", "sales_cents", "chargebacks_cents", "net_cents")


class CardKind(StrEnum):
    """Money in, or a payment that the cardholder's bank took back."""

    SALE = "sale"
    CHARGEBACK = "chargeback"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One sale or chargeback.

    Attributes:
        approved_cents: what was paid; less than requested when the response is 10, a partial approval.
        original_ref: of a chargeback, the sale that it takes back; else empty.
    """

    ref: str
    account_no: str
    kind: CardKind
    requested_cents: int
    approved_cents: int
    response: str
    auth_code: str
    card_last4: str
    recurring: bool
    original_ref: str
    line_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSettlement:
    """A day's settlement, its totals right. The format gives it no identity of its own."""

    lines: tuple[CardLine, ...]
    sales_cents: int
    chargebacks_cents: int
    identity: None = None

    @property
    def net_cents(self) -> int:
        """Return what reaches the bank: sales less chargebacks."""
        return self.sales_cents - self.chargebacks_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDecline:
    """A recurring card that was refused; no money moved."""

    ref: str
    account_no: str
    instrument_id: str
    card_last4: str
    amount_cents: int
    response: str
    merchant_advice: str
    attempt: int
    line_no: int


def read_settlement(source: Source, *, name: str | None = None) -> CardSettlement:
    """Return the settlement that *source* holds.

    Raises:
        Malformed: `truncated` without the row T; `control_count`, `control_total`; `column_count`, a cell misshapen.
    """
    called = name_of(source, name)
    try:
        *rows, trailer = rows_of(source, trailer="T", name=name)
        return _settlement(rows, trailer)
    except Malformed as fault:
        raise fault.within(called) from None


def _settlement(rows: list[Row], last: Row) -> CardSettlement:
    if not rows or rows[0].cells != ("rec", *_COLUMNS):
        raise Malformed(HEADER, f"the header rec,{','.join(_COLUMNS)} was expected", line=1)
    lines = tuple(_line(row) for row in rows[1:])
    trailer = closing(last, _TRAILER)
    sales, chargebacks = (sum(line.approved_cents for line in lines if line.kind is kind) for kind in CardKind)
    trailer.tie("sales_cents", sales, rule=CONTROL_TOTAL)
    trailer.tie("chargebacks_cents", chargebacks, rule=CONTROL_TOTAL)
    trailer.tie("net_cents", sales - chargebacks, rule=CONTROL_TOTAL)
    trailer.tie("rows", len(lines), rule=CONTROL_COUNT)
    return CardSettlement(lines=lines, sales_cents=sales, chargebacks_cents=chargebacks)


def _line(row: Row) -> CardLine:
    if row.kind != "D":
        raise Malformed(RECORD_TYPE, "a row D was expected", line=row.line_no, record=row.kind[:1])
    row = row.named(_COLUMNS)
    if row.text("kind") not in set(CardKind):
        raise row.fault(FIELD, "sale or chargeback was expected", "kind")
    return CardLine(
        ref=row.text("ref"),
        account_no=row.text("account_no"),
        kind=CardKind(row.text("kind")),
        requested_cents=row.cents("requested"),
        approved_cents=row.cents("approved"),
        response=row.text("response"),
        auth_code=row.text("auth_code"),
        card_last4=row.text("card_last4"),
        recurring=row.text("recurring") == "1",
        original_ref=row.text("original_ref"),
        line_no=row.line_no,
    )


def read_declines(source: Source, *, name: str | None = None) -> tuple[CardDecline, ...]:
    """Return the refused recurring cards. Refused (`Malformed`): a missing column, a cell misshapen."""
    columns = "ref account_no instrument_id card_last4 amount_cents response merchant_advice attempt"
    return tuple(
        CardDecline(
            ref=row.text("ref"),
            account_no=row.cells["account_no"],
            instrument_id=row.cells["instrument_id"],
            card_last4=row.cells["card_last4"],
            amount_cents=row.cents("amount_cents"),
            response=row.text("response"),
            merchant_advice=row.cells["merchant_advice"],
            attempt=row.cents("attempt"),
            line_no=row.line,
        )
        for row in read_records(source, columns=columns, name=name)
    )
