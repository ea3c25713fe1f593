"""Which bills of one account are open on a day, when all its credits are poured over all its debits?

Rule: the hand-over notes of the shared cities, "Allocation".
"""

from bisect import insort
from dataclasses import dataclass, field
from datetime import date

from domain.account import OpenBill, Service
from domain.money import Money

_ORDER = {service: place for place, service in enumerate(Service)}


@dataclass(slots=True, kw_only=True)
class Debit:
    """One service of one bill, with what it is owed from which day on; a returned draft adds a part later."""

    bill_no: str
    service: Service
    bill_on: date
    due_on: date
    original_cents: int
    parts: list[tuple[date, int]] = field(default_factory=list)

    @property
    def place(self) -> tuple[date, int, str]:
        """Return its place in the order of payment: due date, service, bill number."""
        return self.due_on, _ORDER[self.service], self.bill_no

    def owed_cents(self, as_of: date) -> int:
        return sum(cents for since, cents in self.parts if since <= as_of)


@dataclass(slots=True, kw_only=True)
class Credit:
    """Money that counts from a day on and, once taken back, counts as never made from *void_from* on."""

    cents: int
    since: date
    void_from: date | None = None

    def counts(self, as_of: date) -> bool:
        return self.since <= as_of and (self.void_from is None or as_of < self.void_from)


@dataclass(frozen=True, slots=True)
class Open:
    """The open bills in the order of payment, and the credit left over."""

    bills: tuple[OpenBill, ...]
    credit: Money


class AccountLedger:
    """The debits and credits of one account. An answer is kept until something changes or the day asked for does."""

    __slots__ = ("_answer", "_credits", "_debits", "_in_order")

    def __init__(self) -> None:
        self._debits: dict[tuple[date, int, str], Debit] = {}
        self._in_order: list[tuple[date, int, str]] = []
        self._credits: list[Credit] = []
        self._answer: tuple[date, Open] | None = None

    def owe(self, debit: Debit) -> None:
        """Add what *debit* is owed; one of the same bill, service and due date grows by it."""
        self._answer = None
        known = self._debits.get(debit.place)
        if known is not None:
            known.parts.extend(debit.parts)
            known.original_cents = max(known.original_cents, sum(cents for _, cents in known.parts))
            return
        self._debits[debit.place] = debit
        insort(self._in_order, debit.place)

    def credit(self, credit: Credit) -> None:
        self._answer = None
        self._credits.append(credit)

    def void(self, credit: Credit, *, since: date) -> None:
        """Let *credit* count as never made from *since* on."""
        self._answer = None
        credit.void_from = since

    def open(self, as_of: date) -> Open:
        """Return what is open at the close of *as_of*."""
        if self._answer is None or self._answer[0] != as_of:
            self._answer = as_of, self._poured(as_of)
        return self._answer[1]

    def latest_bill(self) -> tuple[Debit, ...]:
        """Return the services of the bill issued last, none when there was no bill."""
        latest = max(self._debits.values(), key=lambda debit: (debit.bill_on, debit.bill_no), default=None)
        if latest is None:
            return ()
        return tuple(self._debits[place] for place in self._in_order if place[2] == latest.bill_no)

    def _poured(self, as_of: date) -> Open:
        left_cents = sum(credit.cents for credit in self._credits if credit.counts(as_of))
        bills = []
        for place in self._in_order:
            debit = self._debits[place]
            owed_cents = debit.owed_cents(as_of)
            paid_cents = min(left_cents, owed_cents)
            left_cents -= paid_cents
            if owed_cents > paid_cents:
                bills.append(
                    OpenBill(
                        bill_no=debit.bill_no,
                        service=debit.service,
                        bill_on=debit.bill_on,
                        due_on=debit.due_on,
                        original=Money(debit.original_cents),
                        open=Money(owed_cents - paid_cents),
                    )
                )
        return Open(tuple(bills), Money(left_cents))
