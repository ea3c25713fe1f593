"""Which bills of one account are open on a day, when all its credits are poured over all its debits?

Rule: the hand-over notes of the shared cities, "Allocation".
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.account import OpenBill, Service
from domain.money import Money

BILLED, FEES, ADJUSTMENTS, WRITE_OFFS = "billed", "fees", "adjustments", "write_offs"
PAYMENTS, RETURNS, TRANSFERS = "payments", "returns", "transfers"
CREDIT = "credit"  # where money stands that no bill has taken up
_ORDER = {service: place for place, service in enumerate(Service)}
_PHASES = (BILLED, FEES, ADJUSTMENTS, WRITE_OFFS, PAYMENTS, RETURNS)  # of one day: bills, then money in, then back
Stood = dict[str, int]
"""Cents open per service; money left over stands under `credit`, below zero."""


@dataclass(slots=True, kw_only=True)
class Debit:
    """One service of one bill, with what it is owed from which day on.

    *repaid*: owed again, as its draft came back. *corrected*: what this very bill was adjusted by.
    """

    bill_no: str
    service: Service
    bill_on: date
    due_on: date
    original_cents: int
    parts: list[tuple[date, int]] = field(default_factory=list)
    repaid: list[tuple[date, int]] = field(default_factory=list)
    corrected: list[tuple[date, int]] = field(default_factory=list)
    kind: str = BILLED

    @property
    def place(self) -> tuple[date, int, str]:
        """Return its place in the order of payment: due date, service, bill number."""
        return self.due_on, _ORDER[self.service], self.bill_no

    def moves(self) -> Iterator[tuple[date, int, str]]:
        """Yield what it is owed from which day on, and as what billing's control accounts count it."""
        yield from ((on, cents, self.kind) for on, cents in self.parts)
        yield from ((on, cents, RETURNS) for on, cents in self.repaid)
        yield from ((on, cents, ADJUSTMENTS) for on, cents in self.corrected)

    def owed_cents(self, as_of: date) -> int:
        return sum(cents for since, cents in (*self.parts, *self.repaid, *self.corrected) if since <= as_of)


@dataclass(slots=True, kw_only=True)
class Credit:
    """Money that counts from a day on and, once taken back, counts as never made from *void_from* on.

    *only*: the services that it may pay, where a fund says so; what they do not need is left over.
    """

    cents: int
    since: date
    void_from: date | None = None
    kind: str = PAYMENTS
    service: str = ""
    only: frozenset[Service] = frozenset()

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
            known.repaid.extend(debit.repaid)
            known.original_cents = max(known.original_cents, sum(cents for _, cents in (*known.parts, *known.repaid)))
            return
        self._debits[debit.place] = debit
        insort(self._in_order, debit.place)

    def correct(self, bill_no: str, service: Service, *, cents: int, since: date) -> bool:
        """Adjust one bill's own amount from *since* on; return false if there is no such bill."""
        self._answer = None
        for place, debit in self._debits.items():
            if place[2] == bill_no and debit.service is service:
                debit.corrected.append((since, cents))
                return True
        return False

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

    def rolled(self, *, since: date, through: date) -> tuple[Stood, dict[tuple[str, str], int], Stood]:
        """Return what stood before *since*, what moved it by (service, kind), and what stands after *through*.

        A movement that names a service counts there; what the order of payment then shifts between services, and
        between them and the credit, are transfers.
        """
        opening = stood = self._stood(since, 0)
        moved: dict[tuple[str, str], int] = {}
        for day, phase in self._moments(since, through):
            named = self._named(day, phase)
            after = self._stood(day, phase + 1)
            kind = _PHASES[phase]
            for service in {*stood, *after, *named}:
                change = after.get(service, 0) - stood.get(service, 0)
                own = change if kind in {PAYMENTS, RETURNS} else named.get(service, 0)
                for what, cents in ((kind, own), (TRANSFERS, change - own)):
                    if cents:
                        moved[service, what] = moved.get((service, what), 0) + cents
            stood = after
        return opening, moved, stood

    def _moments(self, since: date, through: date) -> list[tuple[date, int]]:
        """Return when, in days and phases of a day, anything moves."""
        parts = ((on, kind) for debit in self._debits.values() for on, _, kind in debit.moves())
        came = ((each.since, each.kind) for each in self._credits)
        gone = ((each.void_from, RETURNS) for each in self._credits if each.void_from)
        moments = {(on, _PHASES.index(kind)) for on, kind in (*parts, *came, *gone) if since <= on <= through}
        return sorted(moments)

    def _named(self, day: date, phase: int) -> Stood:
        """Return the movements of a moment by the service that they name."""
        named: Stood = {}
        for debit in self._debits.values():
            for on, cents, kind in debit.moves():
                if (on, _PHASES.index(kind)) == (day, phase):
                    named[debit.service] = named.get(debit.service, 0) + cents
        for credit in self._credits:
            if credit.service and (credit.since, _PHASES.index(credit.kind)) == (day, phase):
                named[credit.service] = named.get(credit.service, 0) - credit.cents
        return named

    def _stood(self, day: date, phase: int) -> Stood:
        """Return what is open just before *phase* of *day*."""
        moment, came, stands = (day, phase), list[Credit](), Stood()
        for credit in self._credits:
            gone = credit.void_from is not None and (credit.void_from, _PHASES.index(RETURNS)) < moment
            if (credit.since, _PHASES.index(credit.kind)) < moment and not gone:
                came.append(credit)
        owed = {
            place: sum(cents for on, cents, kind in self._debits[place].moves() if (on, _PHASES.index(kind)) < moment)
            for place in self._in_order
        }
        left = self._pour(owed, came)
        for place, cents in owed.items():
            if cents > 0:
                service = self._debits[place].service
                stands[service] = stands.get(service, 0) + cents
        if left:
            stands[CREDIT] = -left
        return stands

    def _poured(self, as_of: date) -> Open:
        owed = {place: self._debits[place].owed_cents(as_of) for place in self._in_order}
        left = self._pour(owed, [credit for credit in self._credits if credit.counts(as_of)])
        bills = []
        for place, cents in owed.items():
            if cents > 0:
                debit = self._debits[place]
                bills.append(
                    OpenBill(
                        bill_no=debit.bill_no,
                        service=debit.service,
                        bill_on=debit.bill_on,
                        due_on=debit.due_on,
                        original=Money(debit.original_cents),
                        open=Money(cents),
                    )
                )
        return Open(tuple(bills), Money(left))

    def _pour(self, owed: dict[tuple[date, int, str], int], came: Sequence[Credit]) -> int:
        """Take *came* off what is *owed*, in its order; return what is left over.

        Money that may pay some services only goes first: the rest can go wherever it did not.
        """
        pools: dict[frozenset[Service], int] = {frozenset(): 0}
        for credit in came:
            pools[credit.only] = pools.get(credit.only, 0) + credit.cents
        for place, cents in owed.items():
            if cents < 0:  # corrected below nothing: the rest is credit like any
                pools[frozenset()] -= cents
                owed[place] = 0
        left = 0
        for only, pool in sorted(pools.items(), key=lambda each: (not each[0], sorted(each[0]))):
            rest = pool
            for place, cents in owed.items():
                if not only or self._debits[place].service in only:
                    paid = min(rest, cents)
                    owed[place] -= paid
                    rest -= paid
            left += rest
        return left
