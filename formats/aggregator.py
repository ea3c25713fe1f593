"""Which bills did people pay through a bill-payment aggregator, and which payments were taken back?

Every aggregator has its own columns; a `Mapping` says where things stand. The file closes with a row of totals.
"""

from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from formats.errors import CONTROL_COUNT, CONTROL_TOTAL, FIELD, RECORD_ORDER, RECORD_TYPE, Malformed
from formats.rows import Row, closing, rows_of
from formats.source import Source, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How one aggregator writes its rows: the first cell of each kind, and the names of the cells after it.

    Names that are read: header `file_id made_on biller`; payment `trace account amount_cents paid_on channel payer`;
    reversal `trace account amount_cents paid_on payer original_trace`, where paid_on is the day of the original;
    trailer `rows paid_cents reversed_cents net_cents`. `amount_dollars` and the like stand for amounts written with a
    decimal point. Other names are passed over.
    """

    header: tuple[str, ...]
    payment: tuple[str, ...]
    reversal: tuple[str, ...]
    trailer: tuple[str, ...]
    kinds: tuple[str, str, str, str] = ("H", "P", "R", "T")
    delimiter: str = ","

    @classmethod
    def of_table(cls, table: Table[str, object]) -> "Mapping":
        """Return the mapping that a mapping file (TOML, already parsed) describes.

        Raises:
            Malformed: a list of names is missing, or one of the names that must be there.
        """
        rows = {name: _names(table, name) for name in ("header", "payment", "reversal", "trailer")}
        for row, needed in _NEEDED:
            if needed not in rows[row] and needed.replace("_cents", "_dollars") not in rows[row]:
                raise Malformed(FIELD, f"the mapping's {row} does not name {needed}", field=row)
        kinds = _names(table, "kinds") if "kinds" in table else ("H", "P", "R", "T")
        if len(kinds) != len(rows):
            raise Malformed(FIELD, "a mapping names four kinds of row", field="kinds")
        header, payment, reversal, trailer = kinds
        return cls(**rows, kinds=(header, payment, reversal, trailer), delimiter=str(table.get("delimiter", ",")))


_NEEDED: Final = (
    ("header", "file_id"),
    ("header", "made_on"),
    ("payment", "trace"),
    ("payment", "account"),
    ("payment", "amount_cents"),
    ("payment", "paid_on"),
    ("reversal", "trace"),
    ("reversal", "amount_cents"),
    ("reversal", "paid_on"),
    ("reversal", "original_trace"),
    ("trailer", "rows"),
)


def _names(table: Table[str, object], name: str) -> tuple[str, ...]:
    names = table.get(name)
    if not isinstance(names, Iterable) or isinstance(names, str):
        raise Malformed(FIELD, f"the mapping has no list {name}", field=name)
    return tuple(str(each) for each in names)


MAPPING: Final = Mapping(
    header=("file_id", "made_on", "created_at", "biller"),
    payment=("trace", "account", "amount_cents", "paid_on", "channel", "payer", ""),
    reversal=("trace", "account", "amount_cents", "paid_on", "channel", "payer", "original_trace"),
    trailer=("rows", "paid_cents", "reversed_cents", "net_cents"),
)


class ItemKind(StrEnum):
    """Money in, or money taken back."""

    PAYMENT = "payment"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One payment or reversal. The account number is as the payer wrote it; `payer` is private.

    Attributes:
        amount_cents: positive in both kinds.
        paid_on: the day of the payment; of a reversal, the day of the payment it takes back.
        original_trace: of a reversal, the trace of that payment; else empty.
    """

    kind: ItemKind
    trace: str
    account_no: str
    amount_cents: int
    paid_on: date
    channel: str
    payer: str
    original_trace: str
    line_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregatorFile:
    """A whole file, its totals right. Its own id makes it the same file, whatever its bytes."""

    file_id: str
    made_on: date
    biller: str
    items: tuple[Item, ...]
    paid_cents: int
    reversed_cents: int

    @property
    def identity(self) -> str:
        """Return the aggregator's file id."""
        return self.file_id

    @property
    def net_cents(self) -> int:
        """Return what the aggregator settles: payments less reversals."""
        return self.paid_cents - self.reversed_cents


def read_aggregator(source: Source, *, mapping: Mapping = MAPPING, name: str | None = None) -> AggregatorFile:
    """Return the file that *source* holds under *mapping*.

    Raises:
        Malformed: `truncated` without a trailer; `control_count`, `control_total`; `column_count`, a cell misshapen.
    """
    called = name_of(source, name)
    try:
        *_, last = mapping.kinds
        rows = list(rows_of(source, trailer=last, delimiter=mapping.delimiter, name=name))
        return _file(rows, mapping)
    except Malformed as fault:
        raise fault.within(called) from None


def _file(rows: list[Row], mapping: Mapping) -> AggregatorFile:
    header_kind = mapping.kinds[0]
    first, last = rows[0], rows[-1]
    if first.kind != header_kind:
        raise Malformed(RECORD_ORDER, "a header row was expected", line=first.line_no, record=first.kind[:1])
    header, trailer = first.named(mapping.header), closing(last, mapping.trailer)
    items = tuple(_item(row, mapping) for row in rows[1:-1])
    paid, taken_back = (sum(i.amount_cents for i in items if i.kind is kind) for kind in ItemKind)
    totals = {"paid_cents": paid, "reversed_cents": taken_back, "net_cents": paid - taken_back}
    for name, found in totals.items():
        if name in mapping.trailer or name.replace("_cents", "_dollars") in mapping.trailer:
            trailer.tie(name, found, rule=CONTROL_TOTAL)
    trailer.tie("rows", len(items), rule=CONTROL_COUNT)
    return AggregatorFile(
        file_id=header.text("file_id"),
        made_on=header.day("made_on"),
        biller=header.text("biller"),
        items=items,
        paid_cents=paid,
        reversed_cents=taken_back,
    )


def _item(row: Row, mapping: Mapping) -> Item:
    _, payment_kind, reversal_kind, _ = mapping.kinds
    if row.kind not in {payment_kind, reversal_kind}:
        raise Malformed(RECORD_TYPE, "a payment or a reversal was expected", line=row.line_no, record=row.kind[:1])
    reversal = row.kind == reversal_kind
    row = row.named(mapping.reversal if reversal else mapping.payment)
    cents = row.cents("amount")
    if cents <= 0:
        raise row.fault(FIELD, "an amount above nothing was expected", "amount_cents")
    return Item(
        kind=ItemKind.REVERSAL if reversal else ItemKind.PAYMENT,
        trace=row.text("trace"),
        account_no=row.text("account"),
        amount_cents=cents,
        paid_on=row.day("paid_on"),
        channel=row.text("channel"),
        payer=row.text("payer"),
        original_trace=row.text("original_trace"),
        line_no=row.line_no,
    )
