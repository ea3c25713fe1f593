"""What does a payment file state that is refused, as far as its lines can be made out: an estimate for a report?"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from formats.aggregator import Mapping
from formats.errors import Malformed
from formats.layouts import NO_SENDERS, Sender, Senders
from formats.lockbox import Layout
from formats.payment_file import FileKind, first_line, kind_of
from formats.text import cents_of_dollars, decode, lines_of

UNKNOWN_SUM: Final = "what it states cannot be made out"


def stated_cents(data: bytes, *, name: str, senders: Senders = NO_SENDERS) -> int | None:
    """Return what the lines that can be made out add up to; none for a file that begins like none that is known."""
    try:
        sender = senders.of(first_line(data, name=name))
        kind = None if sender is not None else kind_of(data, name=name)
    except Malformed:
        return None if data.strip() else 0
    text = decode(data)[0]
    if sender is not None:
        return _of_sender(lines_of(text), sender)
    if kind is FileKind.REMITTANCE_820:
        return sum(_cents_or_nothing(found, dollars=True) for found in re.findall(_PAID_820, text))
    if kind not in _AMOUNTS:
        return 0
    return sum(int(found) for found in re.findall(_AMOUNTS[kind], text, re.MULTILINE))


def _of_sender(lines: Iterable[str], sender: Sender) -> int:
    """Add up what stands where the sender's own table says that an amount does."""
    if isinstance(sender.layout, Layout):
        column = sender.layout.records["6"]["amount_cents"].slice
        return sum(_cents_or_nothing(line[column], dollars=False) for line in lines if line[:1] == "6")
    return sum(_of_row(line.split(sender.layout.delimiter), sender.layout) for line in lines)


def _of_row(cells: list[str], mapping: Mapping) -> int:
    _, paid, back, _ = mapping.kinds
    names = {paid: mapping.payment, back: mapping.reversal}.get(cells[0].strip(), ())
    for place, name in enumerate(names, start=1):
        if name in {"amount_cents", "amount_dollars"} and place < len(cells):
            return _cents_or_nothing(cells[place], dollars=name == "amount_dollars")
    return 0


def _cents_or_nothing(text: str, *, dollars: bool) -> int:
    read: Callable[[str], int] = cents_of_dollars if dollars else int
    with suppress(Malformed, ValueError):
        return max(0, read(text.strip()))
    return 0


_AMOUNTS: Final = {
    FileKind.ACH: r"^6.{28}([0-9]{10})",
    FileKind.LOCKBOX: r"^6.{6}([0-9]{10})",
    FileKind.STATEMENT: r"^16,[0-9]{3},([0-9]+)",
    FileKind.AGGREGATOR: r"^[PR],[^,]*,[^,]*,([0-9]+)",
    FileKind.CARD_SETTLEMENT: r"^D,(?:[^,]*,){4}([0-9]+)",
    FileKind.CHECK_RETURNS: r"^[^,]+,[^,]*,([0-9]+),",
    FileKind.COUNTER: r"^(?:[^,]+,){6}([0-9]+),[^,]*,\r?$",  # a void one is no money
    FileKind.ASSISTANCE: r"^(?:[^,]*,){6}([0-9]+),",
    FileKind.AGENCY: r"^D,(?:[^,]*,){3}agency,([0-9]+)",
}
_PAID_820: Final = r"RMR\*[^*~]*\*[^*~]*\*[^*~]*\*([0-9.]+)"  # in dollars, by the separators that all senders use
