"""How arrears are paid in parts: terms, an exact schedule, and how the agreement stands against the bills."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.account import OpenBill
from domain.calendar import CityCalendar
from domain.money import ZERO, Money, split, total


class ArrangementStatus(StrEnum):
    AGREED = "agreed"  # by voice or signature; it stops the cut until the down payment is due
    IN_FORCE = "in_force"  # the down payment has posted
    BREACHED = "breached"
    COMPLETED = "completed"
    LAPSED = "lapsed"  # agreed by voice; the down payment never came
    DEFAULTED = "defaulted"
    CANCELLED = "cancelled"
    REPLACED = "replaced"  # by a later version, renegotiated


BINDING = frozenset({ArrangementStatus.AGREED, ArrangementStatus.IN_FORCE, ArrangementStatus.BREACHED})
"""While it stands so, what it covers leaves dunning and late fees, and a breach can still be cured."""

INSTALMENT, CURRENT_BILL = "instalment", "current_bill"
"""What money meets first, of an instalment and a current bill that fall due on one day."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One dated part. Number 0 is the down payment."""

    number: int
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangedBill:
    """A bill taken into the agreement, with what was open of it on that day."""

    ref: str
    open: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """An agreement. Immutable: a change of terms is a new arrangement with the next number.

    *payer*: who pays it, the customer or a kind of third party, whose name and authority are *third_party* and
    *authority*; *payer_share* is that party's part of each payment, all of it where none is named. *exceptions*: the
    rules that a second person let it depart from. *reopened_on*: the day on which a payment that had completed it was
    found returned.
    """

    number: int
    agreed_on: date
    bills: tuple[ArrangedBill, ...]
    schedule: tuple[Instalment, ...]
    status: ArrangementStatus = ArrangementStatus.AGREED
    payer: str = "customer"
    payer_share: Money | None = None
    third_party: str = ""
    authority: str = ""
    signed: bool = False
    sign_asked_on: date | None = None
    replaces: int | None = None
    exceptions: tuple[str, ...] = ()
    money_first: str = INSTALMENT
    current_bills_required: bool = False
    met: int = 0
    reinstated: int = 0
    breach_noticed_on: date | None = None
    cure_by: date | None = None
    completed_on: date | None = None
    reopened_on: date | None = None

    @property
    def amount(self) -> Money:
        """Return what the agreement pays off."""
        return total(bill.open for bill in self.bills)

    @property
    def refs(self) -> frozenset[str]:
        """Return the names of the bills it covers."""
        return frozenset(bill.ref for bill in self.bills)

    @property
    def active(self) -> bool:
        """Say whether it still binds: agreed, in force, or breached with its cure running."""
        return self.status in BINDING


def schedule(
    amount: Money,
    *,
    down: Money,
    months: int,
    start: date,
    calendar: CityCalendar,
    down_due: date,
    first_after: int = 1,
) -> tuple[Instalment, ...]:
    """Return the down payment and *months* equal instalments, exact to the cent, each due on an open day.

    Instalments fall on the day of month of *start*, the first one *first_after* months later, then month by month (the
    last day in shorter months), moved to the next open day; the cents left over go to the earliest instalments
    (largest remainder).

    Raises:
        ValueError: no months, or a down payment below zero or above *amount*.
    """
    if months < 1 or not ZERO <= down <= amount:
        raise ValueError("an arrangement needs at least one month and a down payment between zero and the whole")
    first = (Instalment(0, down_due, down),) if down else ()
    parts = split(amount - down, [1] * months)
    return first + tuple(
        Instalment(number, calendar.open_day(add_months(start, number - 1 + first_after)), part)
        for number, part in enumerate(parts, start=1)
        if part
    )


def add_months(day: date, months: int) -> date:
    """Return the same day *months* later; the last day of the month where that month is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def paid_towards(arrangement: Arrangement, bills: Iterable[OpenBill], *, unposted: Money = ZERO) -> Money:
    """Return how much of the arranged amount is paid: what was open then, less what is open now.

    A function of the bills alone, so that a returned payment undoes an instalment by itself.
    """
    refs = arrangement.refs
    still_open = total(bill.open for bill in bills if bill.ref in refs)
    return arrangement.amount - still_open + unposted


@dataclass(frozen=True, slots=True)
class Part:
    """Something that falls due while the agreement stands: an instalment or, where they are required, a later bill."""

    due_on: date
    amount: Money
    instalment: bool


def parts(arrangement: Arrangement, bills: Iterable[OpenBill]) -> tuple[Part, ...]:
    """Return everything that falls due under the agreement, earliest first; on one day as the agreement says.

    The down payment comes before all: it lets the agreement take force, and is often paid on signing, when a current
    bill is due a few days before it. Money meets the parts in this order, whichever bill it is poured over: it goes to
    the oldest bill first, so that a customer who pays both on time would otherwise seem ahead with the instalments and
    behind with the current bill.
    """
    found = [Part(instalment.due_on, instalment.amount, instalment=True) for instalment in arrangement.schedule]
    found += [Part(bill.due_on, bill.original, instalment=False) for bill in later_bills(arrangement, bills)]
    instalment_first = arrangement.money_first != CURRENT_BILL
    down = found[:1] if arrangement.schedule and arrangement.schedule[0].number == 0 else []
    rest = sorted(found[len(down) :], key=lambda part: (part.due_on, part.instalment is not instalment_first))
    return (*down, *rest)


def later_bills(arrangement: Arrangement, bills: Iterable[OpenBill]) -> tuple[OpenBill, ...]:
    """Return the bills that must be paid besides the instalments: those that fell due since, where the pack says so."""
    if not arrangement.current_bills_required:
        return ()
    refs = arrangement.refs
    return tuple(bill for bill in bills if bill.ref not in refs and bill.due_on >= arrangement.agreed_on)


def unmet_parts(arrangement: Arrangement, bills: Iterable[OpenBill], *, unposted: Money = ZERO) -> tuple[Part, ...]:
    """Return the parts that the money received does not cover in full; none once every instalment is paid.

    That every arranged bill is paid says little: the money of a current bill goes to the older one. The last instalment
    is what is then left to pay, under the name of the current bill.
    """
    bills = tuple(bills)
    left = _received(arrangement, bills, unposted)
    due = parts(arrangement, bills)
    for number, part in enumerate(due):
        if part.amount > left:
            rest = due[number:]
            return rest if any(each.instalment for each in rest) else ()
        left -= part.amount
    return ()


def instalments_left(arrangement: Arrangement, bills: Iterable[OpenBill], *, unposted: Money = ZERO) -> Money:
    """Return how much of the instalments the money received does not cover."""
    bills = tuple(bills)
    received, rest = _received(arrangement, bills, unposted), ZERO
    for part in parts(arrangement, bills):
        covered = max(ZERO, min(received, part.amount))
        received -= covered
        rest += part.amount - covered if part.instalment else ZERO
    return rest


def _received(arrangement: Arrangement, bills: tuple[OpenBill, ...], unposted: Money) -> Money:
    """Return the money that came in for what falls due under the agreement, whichever bill it was poured over."""
    paid = paid_towards(arrangement, bills, unposted=unposted)
    return paid + total(bill.original - bill.open for bill in later_bills(arrangement, bills))


def kept_in_full(arrangement: Arrangement, bills: Iterable[OpenBill], *, unposted: Money = ZERO) -> bool:
    """Say whether no instalment is left to pay."""
    return instalments_met(arrangement, bills, unposted=unposted) == len(arrangement.schedule)


def instalments_met(arrangement: Arrangement, bills: Iterable[OpenBill], *, unposted: Money = ZERO) -> int:
    """Return how many leading instalments the money received covers in full."""
    unmet = unmet_parts(arrangement, bills, unposted=unposted)
    return len(arrangement.schedule) - sum(part.instalment for part in unmet)


def missed(
    arrangement: Arrangement, bills: Iterable[OpenBill], *, on: date, grace_days: int, unposted: Money = ZERO
) -> date | None:
    """Return the due date of the earliest part unmet past its grace on *on*, none if all is kept.

    Missing an instalment and a current bill at once counts once.
    """
    first = min((part.due_on for part in unmet_parts(arrangement, bills, unposted=unposted)), default=None)
    return first if first is not None and (on - first).days > grace_days else None


def owing(arrangement: Arrangement, bills: Iterable[OpenBill], *, on: date, unposted: Money = ZERO) -> Money:
    """Return how far the customer is behind on *on*: what has fallen due less what was received."""
    bills = tuple(bills)
    received = _received(arrangement, bills, unposted)
    due = total(part.amount for part in parts(arrangement, bills) if part.due_on <= on)
    return max(ZERO, due - received)
