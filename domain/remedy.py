"""Who holds what of a debt now: agency, court, the State, the tax roll, a lien? Never two on one cent."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.account import NamedBill, OpenBill, Service
from domain.liens import InterestPart, InterestSettled, Left
from domain.money import Money, total


class RemedyKind(StrEnum):
    """Ways to collect a debt other than by its own service. A claim that is won goes on as a judgment."""

    PLACEMENT = "placement"
    CLAIM = "claim"
    JUDGMENT = "judgment"
    SETOFF = "setoff"
    CERTIFICATION = "certification"
    LIEN = "lien"


class RemedyState(StrEnum):
    """``decided`` is not yet with the other side; ``standing`` is; ``ended`` was paid, taken back or given back."""

    DECIDED = "decided"
    STANDING = "standing"
    ENDED = "ended"


class Mark(StrEnum):
    """What can be written down of a remedy on its way; each has a day."""

    ACKNOWLEDGED = "acknowledged"
    SERVED = "served"
    NON_MILITARY = "non_military"
    HEARD = "heard"
    DOCKETED = "docketed"
    DISCLOSURE = "disclosure"
    NOTICE_SENT = "notice_sent"
    RECALL_ASKED = "recall_asked"
    RENEWED = "renewed"
    HEARING_ASKED = "hearing_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    mark: Mark
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One way in which named bills are collected by another. *ref* is the other side's own number.

    *told*: what the other side was last told is left; *costs*: what a court granted on top; *due_on*: the next date of
    the other side (a hearing, the end of a stay); *expires_on*: a judgment binds nobody from that day on.

    Of a lien alone: *lefts*, what was left from which day on where that changed; *to_bill*, the interest that billing
    is yet to hear of; *settled*, what was billed of it, and then is among its bills, or was given up.
    """

    remedy_id: str
    kind: RemedyKind
    state: RemedyState
    bills: tuple[NamedBill, ...]
    amount: Money
    since: date
    with_whom: str = ""
    ref: str = ""
    told: Money = Money(0)
    costs: Money = Money(0)
    due_on: date | None = None
    marks: tuple[Marked, ...] = ()
    expires_on: date | None = None
    lefts: tuple[Left, ...] = ()
    to_bill: tuple[InterestPart, ...] = ()
    settled: tuple[InterestSettled, ...] = ()

    @property
    def open(self) -> bool:
        """Say whether it holds its bills: decided or standing."""
        return self.state is not RemedyState.ENDED

    @property
    def refs(self) -> frozenset[str]:
        """Return the bills it holds."""
        return frozenset(bill.ref for bill in self.bills)

    @property
    def services(self) -> tuple[Service, ...]:
        """Return the services whose bills it holds."""
        return tuple(sorted({Service(bill.ref.rpartition("/")[2]) for bill in self.bills}))

    def left(self, open_bills: Iterable[OpenBill]) -> Money:
        """Return what is still unpaid of the bills it holds."""
        refs = self.refs
        return total(bill.open for bill in open_bills if bill.ref in refs)

    @property
    def charges(self) -> tuple[NamedBill, ...]:
        """Return the bills that it was begun for: all but those of a lien's own interest."""
        interest = {each.ref for each in self.settled}
        return tuple(bill for bill in self.bills if bill.ref not in interest)

    @property
    def life(self) -> tuple[Left, ...]:
        """Return what was left of a lien from its filing on."""
        return self.lefts or (Left(on=self.since, amount=self.amount),)

    def seen(self, open_bills: Iterable[OpenBill], on: date) -> "Remedy":
        """Return a lien as a look at billing on that day leaves it; what was seen earlier on it no longer counts."""
        charges = {bill.ref for bill in self.charges}
        left = {bill.ref: bill.open for bill in open_bills if bill.ref in self.refs}
        now = Left(
            on=on,
            amount=total(cents for ref, cents in left.items() if ref in charges),
            interest=total(cents for ref, cents in left.items() if ref not in charges),
        )
        last = self.life[-1]
        if (last.amount, last.interest) == (now.amount, now.interest):
            return self
        return replace(self, lefts=(*(each for each in self.life if each.on < on), now))

    def marked(self, mark: Mark) -> date | None:
        """Return the latest day of *mark*; none if it never came."""
        return next((each.on for each in reversed(self.marks) if each.mark is mark), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalBill:
    """The last bill of an account whose service has ended; *noticed_on*: the notice of placement was mailed.

    *letter* is that notice; *awaited*: its mailing is yet to be confirmed.
    """

    billed_on: date
    due_on: date
    amount: Money
    noticed_on: date | None = None
    letter: str = ""
    awaited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Less than the whole, taken as the whole if it comes by *by*. *owed*: what stood open when it was agreed."""

    amount: Money
    by: date
    agreed_on: date
    bills: tuple[NamedBill, ...]
    paid_on: date | None = None

    def paid(self, open_bills: Iterable[OpenBill]) -> Money:
        """Return how much of what was owed then has been paid since."""
        refs = {bill.ref for bill in self.bills}
        return total(bill.amount for bill in self.bills) - total(b.open for b in open_bills if b.ref in refs)
