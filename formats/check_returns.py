"""Which deposited checks did the bank return, and why?

Reasons are those of X9.100-188, explained in `formats.codes`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from formats import nacha
from formats.city.cells import Record, read_records
from formats.source import Source

ROUTING_DIGITS = 9


class DepositSource(StrEnum):
    """Where the check was taken, and so which of `batch`/`item` or `receipt_no` names it."""

    LOCKBOX = "lockbox"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedCheck:
    """One returned check. Holds bank numbers: private.

    Attributes:
        batch: of a lockbox check; None at the counter. So too `item`.
        receipt_no: of a counter check; empty from the lockbox.
        represented: whether the bank has already presented it a second time.
    """

    return_id: str
    reason: str
    amount_cents: int
    deposited_on: date
    source: DepositSource
    batch: int | None
    item: int | None
    receipt_no: str
    payer_routing: str
    payer_account: str
    check_no: str
    represented: bool
    line_no: int

    @property
    def called(self) -> str:
        """Return what its source calls the check: deposit day, batch and item of a lockbox, or the receipt."""
        lockbox = self.source is DepositSource.LOCKBOX
        return f"{self.deposited_on}.{self.batch}.{self.item}" if lockbox else self.receipt_no


def can_be_drawn(routing: str, account: str, check_no: str) -> bool:
    """Say whether what a check is drawn on can stand in an entry: a routing number that is one, account, number."""
    columns = nacha.Entry.account.width, nacha.Entry.individual_id.width
    if not (routing.isascii() and routing.isdigit() and len(routing) == ROUTING_DIGITS):
        return False
    fits = all(
        0 < len(text.strip()) <= width and text.isascii()
        for text, width in zip((account, check_no), columns, strict=True)
    )
    return fits and nacha.check_digit(routing[:-1]) == routing[-1]


def read_check_returns(source: Source, *, name: str | None = None) -> tuple[ReturnedCheck, ...]:
    """Return the returned checks in *source*.

    Raises:
        Malformed: a missing column, a cell misshapen, or a check that its source's own reference does not name.
    """
    columns = (
        "return_id reason amount_cents deposited_on source batch item receipt_no payer_routing payer_account check_no"
        " represented"
    )
    return tuple(_returned(row) for row in read_records(source, columns=columns, name=name))


def _returned(row: Record) -> ReturnedCheck:
    source = row.choice("source", DepositSource)
    lockbox = source is DepositSource.LOCKBOX
    if row.cells["represented"] not in {"Y", "N"}:
        row.refuse("represented", rule="not_a_choice", message="neither Y nor N")
    return ReturnedCheck(
        return_id=row.text("return_id"),
        reason=row.text("reason"),
        amount_cents=row.cents("amount_cents"),
        deposited_on=row.day("deposited_on"),
        source=source,
        batch=row.cents("batch") if lockbox else row.optional_cents("batch"),
        item=row.cents("item") if lockbox else row.optional_cents("item"),
        receipt_no=row.cells["receipt_no"] if lockbox else row.text("receipt_no"),
        payer_routing=row.cells["payer_routing"],
        payer_account=row.cells["payer_account"],
        check_no=row.cells["check_no"],
        represented=row.cells["represented"] == "Y",
        line_no=row.line,
    )
