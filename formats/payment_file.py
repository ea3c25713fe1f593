"""Which sums does a payment file hold, whatever its format, and is it a file that was taken before?"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

from domain.posting import Item, ItemKind
from domain.settlement import BANK_SOURCE, REGISTER, Settlement, Side, settled_by
from domain.settlement import LUMP as LUMP_SOURCE
from formats.ach_items import lines_advised, read_ach
from formats.aggregator import AggregatorFile, read_aggregator
from formats.aggregator import ItemKind as AggregatorKind
from formats.bai2 import CLOSING_LEDGER, OPENING_LEDGER, Statement, read_bai2
from formats.bank_lines import settles
from formats.cards import CardKind, read_declines, read_settlement
from formats.check_returns import read_check_returns
from formats.city import PaidTo, read_remittance
from formats.counter import RegisterTotal, read_receipts, read_register_totals
from formats.eap import read_payments, read_pledges
from formats.errors import BLANK, FIELD, TRUNCATED, Malformed
from formats.items import Read, clearing, receipt, went_back
from formats.layouts import NO_SENDERS, Sender, Senders
from formats.lockbox import Layout, LockboxFile, read_lockbox
from formats.text import decode, lines_of
from formats.told import Told, told_by
from formats.x12_820 import read_820

UNKNOWN_FORMAT: Final = "unknown_format"
IDENTITY_CHARS: Final = 32  # of the sum over what a file states that has no name of its own


class FileKind(StrEnum):
    """What a payment file is."""

    ACH = "ach"
    LOCKBOX = "lockbox"
    STATEMENT = "statement"
    REMITTANCE_820 = "remittance_820"
    AGGREGATOR = "aggregator"
    CARD_SETTLEMENT = "card_settlement"
    CARD_DECLINES = "card_declines"
    CHECK_RETURNS = "check_returns"
    ASSISTANCE = "assistance"
    PLEDGES = "pledges"
    COUNTER = "counter"
    REGISTERS = "registers"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFile:
    """A file that holds together. *identity* is its sender's own, blank where the format gives it none.

    *settlements*: what moves at the bank because of it.
    """

    kind: FileKind
    identity: str
    items: tuple[Item, ...]
    settlements: tuple[Settlement, ...] = ()
    told: Told = Told()


def read_payment_file(data: bytes, *, name: str, received_on: date, senders: Senders = NO_SENDERS) -> PaymentFile:
    """Return what *data* holds; which format it is in shows at its beginning. *senders*: the city's own come first.

    Raises:
        Malformed: the file is refused as a whole; `unknown_format` if it begins like none that is known.
    """
    sender = senders.of(first_line(data, name=name))
    kind = kind_of(data, name=name) if sender is None else FileKind(sender.kind)
    read = _READERS[kind](data, name, received_on) if sender is None else _of_sender(data, name, sender)
    items = _believed(read.items, name=name)
    told = told_by(
        data,
        name=name,
        pledges=kind is FileKind.PLEDGES,
        declines=kind is FileKind.CARD_DECLINES,
        checks=kind is FileKind.CHECK_RETURNS,
        ach=kind is FileKind.ACH,
        remits=kind is FileKind.AGENCY,
    )
    whose = f"{kind}/{sender.name}" if sender is not None and kind is FileKind.AGGREGATOR else kind
    return PaymentFile(
        kind=kind,
        identity=f"{whose}/{read.identity}" if read.identity else "",
        items=items,
        settlements=(*settled_by(items, identity=read.identity), *read.settlements),
        told=told,
    )


def _believed(items: Iterable[Item], *, name: str) -> tuple[Item, ...]:
    """Return the sums of a file. Refused: one below nothing, and money that its sender does not number."""
    try:
        return tuple(_checked(item) for item in items)
    except Malformed as fault:
        raise fault.within(name) from None


def _checked(item: Item) -> Item:
    if item.cents < 0:
        raise Malformed(FIELD, "an amount of nothing or more was expected", line=item.line)
    if not item.trace and item.kind is not ItemKind.CLEARING:
        raise Malformed(BLANK, "a number that tells this money from other money was expected", line=item.line)
    return item


def kind_of(data: bytes, *, name: str) -> FileKind:
    """Return the format of a file by its first line.

    Raises:
        Malformed: it begins like none that is known.
    """
    first = first_line(data, name=name)
    for beginning, kind in _BEGINNINGS:
        if re.match(beginning, first):
            return kind
    raise Malformed(UNKNOWN_FORMAT, "the file begins like no payment file that is known", file=name, line=1)


def first_line(data: bytes, *, name: str) -> str:
    """Return the first line that is not blank, by which a format shows. Refused: a file without one."""
    lines = [line for line in lines_of(decode(data)[0]) if line.strip()]
    if not lines:
        raise Malformed(TRUNCATED, "the file is empty", file=name, line=1)
    return lines[0]


# The lockbox header, too, begins with a 1; a NACHA header says the size of its records in columns 35-37.
_BEGINNINGS: Final = (
    (r"101.{31}094", FileKind.ACH),
    (r"100", FileKind.LOCKBOX),
    (r"01,", FileKind.STATEMENT),
    (r"ISA", FileKind.REMITTANCE_820),
    (r"H,", FileKind.AGGREGATOR),
    (r"rec,ref,", FileKind.CARD_SETTLEMENT),
    (r"rec,line_id,", FileKind.AGENCY),
    (r"ref,account_no,instrument_id,", FileKind.CARD_DECLINES),
    (r"return_id,", FileKind.CHECK_RETURNS),
    (r"payment_id,", FileKind.ASSISTANCE),
    (r"pledge_id,", FileKind.PLEDGES),
    (r"receipt_no,", FileKind.COUNTER),
    (r"till,", FileKind.REGISTERS),
    (r"1", FileKind.ACH),  # a header that is damaged: the reader says how
)


def _820(data: bytes, name: str, _on: date) -> Read:
    interchange = read_820(data, name=name)

    def items() -> Iterator[Item]:
        for remittance in interchange.remittances:
            yield from lines_advised("remit", remittance.trace or interchange.control_no, (remittance,), line=0)

    return Read(interchange.identity, items())


def _of_sender(data: bytes, name: str, sender: Sender) -> Read:
    """Read by the sender's own layout; an aggregator's numbers are its own, and get its name before them."""
    if isinstance(sender.layout, Layout):
        return _checks_of(read_lockbox(data, layout=sender.layout, name=name))
    return _paid_through(read_aggregator(data, mapping=sender.layout, name=name), called=f"{sender.name}.")


def _lockbox(data: bytes, name: str, _on: date) -> Read:
    return _checks_of(read_lockbox(data, name=name))


def _checks_of(file: LockboxFile) -> Read:
    def items() -> Iterator[Item]:
        for check in file.checks:
            called = f"{file.deposited_on}.{check.batch}.{check.item}"
            for place, stub in enumerate(check.stubs, start=1):
                trace = f"{called}.{place}"
                yield receipt(
                    "lockbox",
                    trace,
                    stub.account_no,
                    stub.amount_cents,
                    line=stub.line_no,
                    original=called,
                    tender="check",
                    payer=check.payer,
                )

    return Read(file.identity, items())


def _statement(data: bytes, name: str, _on: date) -> Read:
    """The bank's word on money that other files detail: all of it is clearing."""
    statement = read_bai2(data, name=name)

    def items() -> Iterator[Item]:
        for _, account in statement.accounts():
            for each in account.transactions:
                yield clearing(
                    BANK_SOURCE,
                    each.bank_ref,
                    each.amount_cents,
                    line=each.line_no,
                    called=each.type_code,
                    settles=settles(each.type_code, each.text),
                )

    return Read(statement.identity, items(), tuple(_bank_says(statement)))


def _bank_says(statement: Statement) -> Iterator[Settlement]:
    """Yield what moved and what stood at the bank on the day of which the statement is, whenever it came."""
    for group, account in statement.accounts():
        moved = Counter[str]()
        for each in account.transactions:
            moved[settles(each.type_code, each.text)] += each.signed_cents
        for source, cents in moved.items():
            if cents:
                yield Settlement(side=Side.THEIRS, source=source, cents=cents, on=group.as_of)
        for code, side in ((OPENING_LEDGER, Side.OPENING), (CLOSING_LEDGER, Side.CLOSING)):
            stood = account.status_cents(code)
            if stood is not None:
                yield Settlement(side=side, source=BANK_SOURCE, ref=account.account_no, cents=stood, on=group.as_of)


def _aggregator(data: bytes, name: str, _on: date) -> Read:
    return _paid_through(read_aggregator(data, name=name))


def _paid_through(file: AggregatorFile, *, called: str = "") -> Read:
    def items() -> Iterator[Item]:
        for each in file.items:
            if each.kind is AggregatorKind.PAYMENT:
                yield receipt(
                    "aggregator",
                    f"{called}{each.trace}",
                    each.account_no,
                    each.amount_cents,
                    line=each.line_no,
                    payer=each.payer,
                )
            else:
                yield went_back(
                    "aggregator",
                    f"{called}{each.trace}",
                    each.amount_cents,
                    line=each.line_no,
                    original=f"{called}{each.original_trace}",
                    code="reversal",
                    written=each.account_no,
                )

    return Read(file.identity, items())


def _cards(data: bytes, name: str, _on: date) -> Read:
    settlement = read_settlement(data, name=name)

    def items() -> Iterator[Item]:
        for each in settlement.lines:
            if each.kind is CardKind.CHARGEBACK:
                yield went_back(
                    "card",
                    each.ref,
                    each.approved_cents,
                    line=each.line_no,
                    original=each.original_ref,
                    code="chargeback",
                    written=each.account_no,
                )
            elif each.approved_cents:
                yield receipt("card", each.ref, each.account_no, each.approved_cents, line=each.line_no)

    return Read("", items())


def _checks(data: bytes, name: str, _on: date) -> Read:
    def items() -> Iterator[Item]:
        for each in returned:
            yield went_back(
                str(each.source),
                each.return_id,
                each.amount_cents,
                line=each.line_no,
                original=each.called,
                code=each.reason,
            )

    returned = read_check_returns(data, name=name)
    return Read("", items())


def _counter(data: bytes, name: str, _on: date) -> Read:
    receipts = read_receipts(data, name=name)
    taken = Counter[str]()
    for each in receipts:
        taken[f"{each.till}.{each.tender}"] += 0 if each.void else each.amount_cents
    items = (
        receipt(
            "counter",
            each.receipt_no,
            each.account_no,
            each.amount_cents,
            line=each.line_no,
            tender=str(each.tender),
        )
        for each in receipts
        if not each.void
    )
    return Read("", items, tuple(_register(Side.OURS, ref, cents) for ref, cents in taken.items() if cents))


def _registers(data: bytes, name: str, _on: date) -> Read:
    """What was counted in the drawers reaches the bank: more or less than was taken is over or short.

    What the tills say they took is held against the receipts, which come as a file of their own. The layout gives the
    file neither number nor day, so what it states is its identity: sent again with other line ends or in another
    order it is the same file. One that states something else may be another day's, late or early, and is taken; if it
    was a correction, the tills differ from the receipts and a person sees by how much.
    """
    totals = read_register_totals(data, name=name)
    over_short = sum(total.over_short_cents for total in totals)
    counted = Settlement(side=Side.OURS, source="counter", cents=over_short, ref="", later=True)
    tills = (_register(Side.THEIRS, f"{each.till}.{each.tender}", each.amount_cents) for each in totals)
    settlements = (*((counted,) if over_short else ()), *(each for each in tills if each.cents))
    return Read(_stated(totals), iter(()), settlements)


def _stated(totals: Iterable[RegisterTotal]) -> str:
    """Return all that tills state as one short text; blank where none states anything."""
    rows = sorted(f"{each.till} {each.tender} {each.count} {each.amount_cents} {each.counted_cents}" for each in totals)
    return sha256("\n".join(rows).encode()).hexdigest()[:IDENTITY_CHARS] if rows else ""


def _register(side: Side, ref: str, cents: int) -> Settlement:
    return Settlement(side=side, source=REGISTER, ref=ref, cents=cents)


def _assistance(data: bytes, name: str, _on: date) -> Read:
    def items() -> Iterator[Item]:
        for each in listed.payments:
            if each.amount_cents >= 0:
                yield receipt(
                    "assistance",
                    each.payment_id,
                    each.account_no,
                    each.amount_cents,
                    line=each.line_no,
                    payer=each.name,
                    household=each.household_id,
                )
            else:  # the fund takes a benefit back without saying which payment: a person finds it
                yield went_back(
                    "assistance",
                    each.payment_id,
                    -each.amount_cents,
                    line=each.line_no,
                    original=f"fund.{each.payment_id}",
                    code="fund_refund",
                    written=each.account_no,
                )

    listed = read_payments(data, name=name)
    lumps = (
        Settlement(side=Side.OURS, source=LUMP_SOURCE, ref=list_id, cents=cents)
        for list_id, cents in listed.total_cents().items()
    )
    return Read("", items(), tuple(lump for lump in lumps if lump.cents))


def _agency(data: bytes, name: str, _on: date) -> Read:
    """Money paid to the agency is posted gross; what was paid to the city was posted when the city took it."""
    remittance = read_remittance(data, name=name)
    net = Settlement(side=Side.OURS, source=LUMP_SOURCE, ref=remittance.batch, cents=remittance.net_cents)
    items = (
        receipt("agency", each.line_id, each.account_no, each.gross_cents, line=place)
        for place, each in enumerate(remittance.lines, start=2)
        if each.paid_to is PaidTo.AGENCY
    )
    return Read(remittance.batch, items, (net,) if remittance.net_cents else ())


def _moneyless(read: Callable[[bytes, str], object]) -> Callable[[bytes, str, date], Read]:
    def reader(data: bytes, name: str, _on: date) -> Read:
        read(data, name)
        return Read("", iter(()))

    return reader


_READERS: Final[dict[FileKind, Callable[[bytes, str, date], Read]]] = {
    FileKind.ACH: read_ach,
    FileKind.LOCKBOX: _lockbox,
    FileKind.STATEMENT: _statement,
    FileKind.REMITTANCE_820: _820,
    FileKind.AGGREGATOR: _aggregator,
    FileKind.CARD_SETTLEMENT: _cards,
    FileKind.CARD_DECLINES: _moneyless(lambda data, name: read_declines(data, name=name)),
    FileKind.CHECK_RETURNS: _checks,
    FileKind.ASSISTANCE: _assistance,
    FileKind.PLEDGES: _moneyless(lambda data, name: read_pledges(data, name=name)),
    FileKind.COUNTER: _counter,
    FileKind.REGISTERS: _registers,
    FileKind.AGENCY: _agency,
}
