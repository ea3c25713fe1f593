"""What does a batch ask of its entries, and what must they add up to?"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from formats.columns import Record
from formats.errors import CONTROL_COUNT, CONTROL_TOTAL, ENTRY_HASH, FIELD, RECORD_ORDER, Malformed
from formats.nacha import rules
from formats.nacha.records import (
    Addenda,
    AddendaChange,
    AddendaPayment,
    AddendaReturn,
    BatchControl,
    BatchHeader,
    CieEntry,
    CtxEntry,
    Entry,
    FileControl,
    entry_type,
)

HASH_MODULUS: Final = 10**10  # a hash keeps its last ten digits


@dataclass(slots=True)
class Totals:
    """What entries add up to, to be compared with a control record."""

    count: int = 0
    hash: int = 0
    debit_cents: int = 0
    credit_cents: int = 0

    def compare(self, control: BatchControl | FileControl) -> None:
        """Refuse *control* if it states other totals, then another count, then another hash."""
        for rule, column, found in (
            (CONTROL_TOTAL, type(control).debit_cents, self.debit_cents),
            (CONTROL_TOTAL, type(control).credit_cents, self.credit_cents),
            (CONTROL_COUNT, type(control).entry_addenda_count, self.count),
            (ENTRY_HASH, type(control).entry_hash, self.hash % HASH_MODULUS),
        ):
            stated = column.read(control.line[column.slice])
            if stated != found:
                raise fault_in(control, column.name, f"{stated} is stated, the entries give {found}", rule)

    def add(self, other: "Totals") -> None:
        """Take in what another batch adds up to."""
        self.count += other.count
        self.hash += other.hash % HASH_MODULUS
        self.debit_cents += other.debit_cents
        self.credit_cents += other.credit_cents


def check_addenda(addenda: Addenda, *, number: int, sec: rules.Sec, trace: str) -> None:
    """Refuse addenda number *number* of an entry if its class does not know them or they are out of order."""
    kind = addenda.type_code
    if kind not in {"99", sec.addenda}:
        raise fault_in(addenda, "type_code", f"{sec.code} entries have no addenda {kind}")
    if number > (sec.addenda_max if kind == "05" else 1):
        raise fault_in(addenda, "type_code", f"one too many addenda for a {sec.code} entry")
    if isinstance(addenda, AddendaPayment):
        if addenda.sequence != number:
            raise fault_in(addenda, "sequence", f"addenda {number} was expected", RECORD_ORDER)
        if addenda.entry_sequence != trace[-7:]:
            raise fault_in(addenda, "entry_sequence", "it is not the end of the entry's trace number")
    if isinstance(addenda, AddendaReturn) and re.fullmatch("R[0-9]{2}", addenda.return_code) is None:
        raise fault_in(addenda, "return_code", "R and two digits were expected")
    if isinstance(addenda, AddendaChange) and re.fullmatch("C[0-9]{2}", addenda.change_code) is None:
        raise fault_in(addenda, "change_code", "C and two digits were expected")


@dataclass(frozen=True, slots=True)
class BatchRules:
    """What one batch asks of its entries, worked out once."""

    header: BatchHeader
    sec: rules.Sec
    layout: type[Entry]
    shape: "re.Pattern[str]"
    live: dict[str, bool]
    odfi: str
    per_entry: Callable[[Entry], None] | None


def batch_rules(header: BatchHeader) -> BatchRules:
    """Return the rules for the batch that *header* opens, refusing a class that is not read or is misused."""
    sec = rules.sec_of(header.sec)
    if sec.code == "RCK" and header.description != rules.RCK_DESCRIPTION:
        raise fault_in(header, "description", f"an RCK batch is described {rules.RCK_DESCRIPTION}")
    layout = entry_type(sec.code)
    return BatchRules(
        header=header,
        sec=sec,
        layout=layout,
        shape=_SHAPES[layout],
        live=rules.live_codes(sec, header.service_class),
        odfi=header.odfi,
        per_entry=rules.PER_ENTRY.get(sec.code),
    )


_CAPTURED: Final = ("transaction_code", "routing", "amount_cents", "addenda_indicator", "trace")
_SHAPES: Final = {layout: layout.shape(*_CAPTURED) for layout in (Entry, CieEntry, CtxEntry)}


def fault_in(record: Record, name: str, message: str, rule: str = FIELD) -> Malformed:
    """Return the error for the named field of *record*."""
    column = next(c for c in record.columns() if c.name == name)
    value = record.line[column.slice]
    return Malformed(rule, message, line=record.line_no, record=record.KIND, field=column.place, value=value)
