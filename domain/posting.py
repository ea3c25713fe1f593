"""What becomes of each sum in a payment file: posted, held in suspense, taken back, clearing, or refused?

Nothing here knows a format, a database or billing. A reader gives `Item`s, a `Book` says what came before, and `plan`
says what is to be done. To the cent, what a file brings is what the plan accounts for.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol


class ItemKind(StrEnum):
    """What a line of a file says of its money."""

    RECEIPT = "receipt"  # money in for an account
    RETURN = "return"  # money taken back: a return, a reversal, a chargeback
    CLEARING = "clearing"  # a lump whose detail is in another file


class Disposition(StrEnum):
    """What became of an item. Every cent of every file is in exactly one of them."""

    POSTED = "posted"
    SUSPENSE = "suspense"
    RETURNED = "returned"
    CLEARING = "clearing"
    REFUSED = "refused"


# Why money is in suspense, besides the reasons for which an account number cannot be read (`formats.account_no`).
CLOSED_ACCOUNT = "closed_account"
DUPLICATE_TRACE = "duplicate_trace"
ORIGINAL_UNKNOWN = "original_unknown"  # it waits: should the original still come, both are settled
SECOND_RETURN = "second_return"
AMOUNT_MISMATCH = "amount_mismatch"  # the return is not of the sum that came in

FILE_REVERSED = "file_reversed"  # why money goes back that came by a file which was taken back whole
DUPLICATE_FILE = "duplicate_file"  # why a file is refused that a reader finds nothing wrong with


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One sum of a file.

    Attributes:
        source: who numbers *trace*, such as `draft`, `card`; both together name this money for ever.
        original: what a return would call it: the check of several stubs; of a return, what it takes back.
        written: the account number as the payer wrote it.
        cents: never below zero.
        code: of a return, why.
        tender: by what means money came in; of a line of the bank's statement, whose money it settles.
        payer: who paid, where the format says; private, and kept only of money that has no place.
        origin: the records by which the bank could be sent it back, where it can; private as the payer is.
        household: whom an assistance program pays it for, by the program's own number.
    """

    kind: ItemKind
    line: int
    source: str
    trace: str
    original: str
    written: str
    cents: int
    code: str = ""
    tender: str = ""
    payer: str = field(default="", repr=False, compare=False)
    origin: tuple[str, ...] = field(default=(), repr=False, compare=False)
    household: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The account that is meant, or the reason why none is. *closed*: it is known and takes no money."""

    account_no: str = ""
    reason: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Money that came in before, whether posted or in suspense, and whether it went back since."""

    cents: int
    returned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item and what is to become of it; *account_no* is blank where no account is meant."""

    item: Item
    disposition: Disposition
    reason: str = ""
    account_no: str = ""


Call = tuple[str, str]
"""A source and what a return calls the money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done with a whole file; *released* names the returns of earlier files that waited for it."""

    entries: tuple[Entry, ...]
    released: tuple[Call, ...] = ()

    def cents(self, disposition: Disposition) -> int:
        """Return the sum of what is to become *disposition*."""
        return sum(entry.item.cents for entry in self.entries if entry.disposition is disposition)

    @property
    def total_cents(self) -> int:
        return sum(entry.item.cents for entry in self.entries)


class Book(Protocol):
    """What is known from before the file."""

    def account(self, written: str) -> Resolved:
        """Return whose account was meant."""
        ...

    def seen(self, source: str, trace: str) -> bool:
        """Say whether money of this source came in under this trace."""
        ...

    def original(self, source: str, called: str) -> Original | None:
        """Return the money that a return of *source* calls so; none if it has not come in."""
        ...

    def waiting(self, source: str, called: str) -> int | None:
        """Return the cents of a return that waits for the money so called; none if none does."""
        ...


def plan(items: Sequence[Item], book: Book) -> Plan:
    """Return what is to become of each of *items*: money in first, whatever order the file has, then returns.

    Source: the hand-over notes of both cities, "Account numbers" and "How the days relate".
    """
    taking = _Taking(book)
    entries: list[Entry | None] = [None] * len(items)
    for returns in (False, True):
        for place, item in enumerate(items):
            if (item.kind is ItemKind.RETURN) is returns:
                entries[place] = taking.take(item)
        if not returns:
            taking.release()
    made = Plan(entries=tuple(entry for entry in entries if entry is not None), released=tuple(taking.released))
    assert made.total_cents == sum(item.cents for item in items), "no cent is lost between file and plan"
    return made


def moved(totals: "Totals", cents: int, *, away: Disposition, to: Disposition) -> "Totals":
    """Return *totals* with *cents* no longer in *away* but in *to*."""
    was, becomes = totals.of(away) - cents, totals.of(to) + cents
    return replace(totals, **{str(away): was, str(to): becomes})


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a file came to, in cents."""

    total: int
    posted: int = 0
    suspense: int = 0
    returned: int = 0
    clearing: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        accounted = self.posted + self.suspense + self.returned + self.clearing + self.refused
        if accounted != self.total:
            raise ValueError(f"a file of {self.total} cents accounts for {accounted}")

    @classmethod
    def of_plan(cls, made: Plan) -> "Totals":
        return cls(total=made.total_cents, **{str(kind): made.cents(kind) for kind in Disposition})

    def of(self, disposition: Disposition) -> int:
        cents: int = getattr(self, str(disposition))
        return cents


class _Taking:
    """What the book says, and what the file has added to it so far."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.released: list[Call] = []
        self._seen: set[Call] = set()
        self._came: Counter[Call] = Counter()
        self._returned: set[Call] = set()
        self._waiting: set[Call] = set()

    def take(self, item: Item) -> Entry:
        match item.kind:
            case ItemKind.CLEARING:
                return Entry(item=item, disposition=Disposition.CLEARING)
            case ItemKind.RECEIPT:
                return self._receipt(item)
            case ItemKind.RETURN:
                return self._return(item)

    def release(self) -> None:
        """Find the returns that waited for what has come in now."""
        for call, cents in self._came.items():
            if self.book.waiting(*call) == cents:
                self.released.append(call)
                self._returned.add(call)

    def _receipt(self, item: Item) -> Entry:
        trace = (item.source, item.trace)
        if trace in self._seen or self.book.seen(*trace):
            return Entry(item=item, disposition=Disposition.SUSPENSE, reason=DUPLICATE_TRACE)
        self._seen.add(trace)
        self._came[item.source, item.original] += item.cents
        meant = self.book.account(item.written)
        reason = CLOSED_ACCOUNT if meant.closed else meant.reason
        disposition = Disposition.SUSPENSE if reason else Disposition.POSTED
        return Entry(item=item, disposition=disposition, reason=reason, account_no=meant.account_no)

    def _return(self, item: Item) -> Entry:
        reason = self._why_not_returned(item)
        if reason:
            return Entry(item=item, disposition=Disposition.SUSPENSE, reason=reason)
        self._returned.add((item.source, item.original))
        return Entry(item=item, disposition=Disposition.RETURNED, reason=item.code)

    def _why_not_returned(self, item: Item) -> str:
        call = (item.source, item.original)
        before = self.book.original(*call)
        came_cents = self._came[call] + (before.cents if before else 0)
        if call in self._returned or (before is not None and before.returned):
            return SECOND_RETURN
        if call not in self._came and before is None:
            if call in self._waiting or self.book.waiting(*call) is not None:
                return SECOND_RETURN
            self._waiting.add(call)
            return ORIGINAL_UNKNOWN
        return "" if came_cents == item.cents else AMOUNT_MISMATCH
