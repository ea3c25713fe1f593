"""A book in memory, and a city's bank days folded through the plan into the billing engine's own ledger."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.account import AccountStatus
from domain.money import Money
from domain.posting import (
    DUPLICATE_FILE,
    ORIGINAL_UNKNOWN,
    Call,
    Disposition,
    Entry,
    ItemKind,
    Original,
    Plan,
    Resolved,
    Totals,
    moved,
    plan,
)
from formats.account_no import read_account_no
from formats.city import CityFolder, read_posted_drafts
from formats.errors import Malformed
from formats.payment_file import PaymentFile, read_payment_file
from formats.stated import stated_cents
from gateways.billing import PostPayment, ReturnPayment
from gateways.fakes.billing import BillingLedger


@dataclass(kw_only=True)
class Came:
    """Money that came in under one name: what it was, and the payments that it became at billing."""

    cents: int = 0
    returned: bool = False
    refs: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Line:
    """A file as the report has it."""

    name: str
    totals: Totals
    reason: str = ""


class MemoryBook:
    """The book that `plan` asks, kept in memory; `take` reads a file, plans it and lets billing have it."""

    def __init__(self, folder: CityFolder, *, zone: str) -> None:
        self.billing = BillingLedger(folder, zone=ZoneInfo(zone))
        self._status = {no: self.billing.account(no).account.status for no in self.billing.account_nos()}
        self.came: dict[Call, Came] = {}
        self.traces: set[Call] = set()
        self.waits: dict[Call, tuple[int, Line]] = {}
        self.lines: list[Line] = []
        self.suspense: list[Entry] = []
        self._bytes: set[str] = set()
        self._identities: set[str] = set()
        if folder.posted_drafts.is_file():
            for draft in read_posted_drafts(folder.posted_drafts):
                call = ("draft", draft.trace)
                self.traces.add(call)
                self.came[call] = Came(cents=draft.amount_cents, refs=[draft.trace])

    def account(self, written: str) -> Resolved:
        reading = read_account_no(written, known=self._status.__contains__)
        if reading.account_no is None:
            return Resolved(reason=str(reading.reason))
        closed = self._status[reading.account_no] is AccountStatus.CLOSED
        return Resolved(account_no=reading.account_no, closed=closed)

    def seen(self, source: str, trace: str) -> bool:
        return (source, trace) in self.traces

    def original(self, source: str, called: str) -> Original | None:
        came = self.came.get((source, called))
        return Original(cents=came.cents, returned=came.returned) if came else None

    def waiting(self, source: str, called: str) -> int | None:
        waits = self.waits.get((source, called))
        return waits[0] if waits else None

    def take(self, data: bytes, *, name: str, on: date) -> Line:
        """Take a file whole or refuse it whole; return its line of the report."""
        digest = sha256(data).hexdigest()
        try:
            file = read_payment_file(data, name=name, received_on=on)
            self._refuse_second(file, digest)
        except Malformed as refused:
            cents = stated_cents(data, name=name) or 0
            return self._line(Line(name=name, totals=Totals(total=cents, refused=cents), reason=refused.rule))
        self._bytes.add(digest)
        self._identities.add(file.identity)
        return self._fold(file, name=name, on=on)

    def _refuse_second(self, file: PaymentFile, digest: str) -> None:
        if digest in self._bytes or (file.identity and file.identity in self._identities):
            raise Malformed(DUPLICATE_FILE, "this file was taken before")

    def _fold(self, file: PaymentFile, *, name: str, on: date) -> Line:
        made = plan(file.items, self)
        line = self._line(Line(name=name, totals=Totals.of_plan(made)))
        for entry in made.entries:
            self._come(entry, on)
        for call in made.released:
            cents, waiting = self.waits.pop(call)
            waiting.totals = moved(waiting.totals, cents, away=Disposition.SUSPENSE, to=Disposition.RETURNED)
            self._give_back(call, on)
        self._go_back(made, line, on)
        return line

    def _come(self, entry: Entry, on: date) -> None:
        item = entry.item
        if item.kind is not ItemKind.RECEIPT:
            return
        if entry.reason != "duplicate_trace":
            self.traces.add((item.source, item.trace))
            came = self.came.setdefault((item.source, item.original), Came())
            came.cents += item.cents
            if entry.disposition is Disposition.POSTED:
                money = PostPayment(
                    account_no=entry.account_no,
                    amount=Money(item.cents),
                    on=on,
                    source=item.source,
                    trace=item.trace,
                )
                came.refs.append(self.billing.apply(f"payment/{item.source}/{item.trace}", money).ref)
        if entry.disposition is Disposition.SUSPENSE:
            self.suspense.append(entry)

    def _go_back(self, made: Plan, line: Line, on: date) -> None:
        for entry in made.entries:
            item = entry.item
            if item.kind is not ItemKind.RETURN:
                continue
            if entry.disposition is Disposition.RETURNED:
                self._give_back((item.source, item.original), on)
            else:
                self.suspense.append(entry)
            if entry.reason == ORIGINAL_UNKNOWN:
                self.waits[item.source, item.original] = (item.cents, line)

    def _give_back(self, call: Call, on: date) -> None:
        came = self.came[call]
        came.returned = True
        for ref in came.refs:
            self.billing.apply(f"return/{ref}", ReturnPayment(payment_ref=ref, reason="returned", on=on))

    def _line(self, line: Line) -> Line:
        self.lines.append(line)
        return line


RETURNS = ("returns.ach", "check_returns.csv")  # the files in which nothing but returns can stand


def files_of(city: Path, day: date) -> list[Path]:
    """Return the day's payment files in the order of the day: money in, then returns."""
    bank = sorted((city / "bank" / day.isoformat()).iterdir())
    agency = [path for path in [city / "agency" / f"{day}_remittance.csv"] if path.is_file()]
    return sorted([*bank, *agency], key=lambda path: path.name in RETURNS)


def bank_days(city: Path) -> list[date]:
    return sorted(date.fromisoformat(path.name) for path in (city / "bank").iterdir())


def days_after(book: MemoryBook, last: date) -> Iterator[date]:
    day = book.billing.today
    while day < last:
        day += timedelta(days=1)
        yield day


def play(city: Path, *, zone: str, last: date, shuffle: random.Random | None = None) -> MemoryBook:
    """Return the book at the close of *last*; with *shuffle*, money in and returns each in an order of chance."""
    book = MemoryBook(CityFolder(city), zone=zone)
    days = set(bank_days(city))
    for day in days_after(book, last):
        book.billing.advance(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)))
        for path in _ordered(files_of(city, day), shuffle) if day in days else ():
            book.take(path.read_bytes(), name=path.name, on=day)
    return book


def _ordered(paths: Sequence[Path], shuffle: random.Random | None) -> list[Path]:
    mixed = list(paths)
    if shuffle:
        shuffle.shuffle(mixed)
    return sorted(mixed, key=lambda path: path.name in RETURNS)
