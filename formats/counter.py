"""What was paid at the counter, and what did the tills hold at the close of the day?"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from formats.city.cells import Record, read_records
from formats.errors import CONTROL_COUNT, CONTROL_TOTAL, Malformed
from formats.source import Source


class Tender(StrEnum):
    """What money was given."""

    CASH = "cash"
    CHECK = "check"
    MONEY_ORDER = "money_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One receipt. A void one is no money, but its number is taken."""

    receipt_no: str
    time: str  # HH:MM, local
    till: str
    clerk: str
    account_no: str
    tender: Tender
    amount_cents: int
    check_no: str
    void: bool
    line_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTotal:
    """One tender of one till: what the receipts say and what was counted; the deposit is what was counted."""

    till: str
    tender: Tender
    count: int
    amount_cents: int
    counted_cents: int
    over_short_cents: int
    line_no: int


def read_receipts(source: Source, *, name: str | None = None) -> tuple[Receipt, ...]:
    """Return the day's receipts. Refused (`Malformed`): a missing column, a cell misshapen."""
    columns = "receipt_no time till clerk account_no tender amount_cents check_no void"
    return tuple(_receipt(row) for row in read_records(source, columns=columns, name=name))


def _receipt(row: Record) -> Receipt:
    if re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", row.cells["time"]) is None:
        row.refuse("time", rule="bad_instant", message="not a time HH:MM")
    if row.cells["void"] not in {"", "VOID"}:
        row.refuse("void", rule="not_a_choice", message="neither blank nor VOID")
    return Receipt(
        receipt_no=row.text("receipt_no"),
        time=row.cells["time"],
        till=row.text("till"),
        clerk=row.text("clerk"),
        account_no=row.cells["account_no"],
        tender=row.choice("tender", Tender),
        amount_cents=row.cents("amount_cents"),
        check_no=row.cells["check_no"],
        void=row.cells["void"] == "VOID",
        line_no=row.line,
    )


def read_register_totals(source: Source, *, name: str | None = None) -> tuple[RegisterTotal, ...]:
    """Return the tills' totals.

    Raises:
        Malformed: a missing column, a cell misshapen; `control_total` where counted less amount is not over/short;
            `duplicate` where a till states a tender twice.
    """
    columns = "till tender count amount_cents counted_cents over_short_cents"
    totals: dict[tuple[str, Tender], RegisterTotal] = {}
    for row in read_records(source, columns=columns, name=name):
        total = _total(row)
        if (total.till, total.tender) in totals:
            row.refuse("tender", rule="duplicate", message=f"till {total.till} states {total.tender} twice")
        totals[total.till, total.tender] = total
    return tuple(totals.values())


def _total(row: Record) -> RegisterTotal:
    total = RegisterTotal(
        till=row.text("till"),
        tender=row.choice("tender", Tender),
        count=row.cents("count"),
        amount_cents=row.cents("amount_cents"),
        counted_cents=row.cents("counted_cents"),
        over_short_cents=row.cents("over_short_cents"),
        line_no=row.line,
    )
    if total.counted_cents - total.amount_cents != total.over_short_cents:
        row.refuse("over_short_cents", rule=CONTROL_TOTAL, message="it is not counted less amount")
    return total


def tie_to_registers(receipts: Iterable[Receipt], totals: Iterable[RegisterTotal]) -> None:
    """Refuse receipts that do not add up, per till and tender and without voids, to the tills' totals.

    Raises:
        Malformed: `control_total` or `control_count`; a till or tender that only one side knows counts as nothing on
            the other.
    """
    taken: defaultdict[tuple[str, Tender], list[int]] = defaultdict(list)
    for receipt in receipts:
        if not receipt.void:
            taken[receipt.till, receipt.tender].append(receipt.amount_cents)
    stated = {(total.till, total.tender): total for total in totals}
    for key in sorted({*taken, *stated}):
        amounts, total = taken[key], stated.get(key)
        till, tender = key
        cents, count = (total.amount_cents, total.count) if total else (0, 0)
        rule = CONTROL_TOTAL if cents != sum(amounts) else CONTROL_COUNT if count != len(amounts) else ""
        if rule:
            message = (
                f"till {till}, {tender}: {count} for {cents} cents stated, {len(amounts)} for {sum(amounts)} found"
            )
            raise Malformed(rule, message, line=total.line_no if total else 0)
