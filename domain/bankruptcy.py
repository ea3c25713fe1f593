"""Which part of a debt is older than a bankruptcy petition, and what has become of that part?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.account import OpenBill, Service, Snapshot
from domain.arrangement import add_months
from domain.calendar import CityCalendar
from domain.facts import Fact, FactKind, on_file
from domain.money import ZERO, Money, split, total

PAID_SINCE = "paid-since-"  # begins the name of a part that is no bill: money that belongs to later charges


@dataclass(frozen=True, slots=True, kw_only=True)
class StayedPart:
    """What of one bill was for service up to and on the petition's day. *whole*: all of the bill was."""

    ref: str
    service: Service
    due_on: date
    amount: Money
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bankruptcy:
    """The earlier debt, taken out of what the customer is asked for. *parts*: what is still claimed of it.

    *paid*: what came of a plan, by the trustee; *noted*: plan money that billing has not been told of yet; *vouchers*:
    the trustee's numbers of all of it. *ended*: how it went out, empty while it is pending.
    """

    petition: str
    petition_on: date
    chapter: str
    parts: tuple[StayedPart, ...] = ()
    refs: tuple[str, ...] = ()
    paid: Money = ZERO
    noted: Money = ZERO
    ended: str = ""
    vouchers: tuple[str, ...] = ()

    @property
    def claim(self) -> Money:
        """Return what is still claimed."""
        return total(part.amount for part in self.parts)

    def less(self, amount: Money) -> tuple["Bankruptcy", tuple[StayedPart, ...]]:
        """Return it with *amount* less claimed, the oldest part first, and the parts that were taken off."""
        left, kept, taken = amount, list[StayedPart](), list[StayedPart]()
        for part in self.parts:
            gone = min(left, part.amount)
            left -= gone
            if gone > ZERO:
                taken.append(replace(part, amount=gone))
            if part.amount > gone:
                kept.append(replace(part, amount=part.amount - gone))
        return replace(self, parts=tuple(kept)), tuple(taken)


def petition_day(petition: Fact, calendar: CityCalendar) -> date:
    """Return the day of *petition*: as written, else the day from which the fact holds."""
    written = petition.details.get("petition_on", "")
    return date.fromisoformat(written) if written else calendar.day(petition.starts)


def pending(facts: Iterable[Fact], now: datetime) -> Fact | None:
    """Return the latest petition that stands and is not resolved; none if there is none."""
    found = [f for f in on_file(facts, FactKind.BANKRUPTCY) if f.holds(now) and not f.details.get("outcome")]
    return found[-1] if found else None


def claim_runs_from(petition: Fact, calendar: CityCalendar) -> date:
    """Return the day from which the time for a proof of claim runs: a conversion begins it anew (Rule 1019)."""
    converted = petition.details.get("converted_on", "")
    return date.fromisoformat(converted) if converted else petition_day(petition, calendar)


def deposit_stayed(facts: Iterable[Fact], now: datetime) -> Fact | None:
    """Return the petition that keeps a deposit from being set off; none if none does.

    In chapter 11 a utility may set off without leave (11 U.S.C. 366(c)(4)); else counsel has the stay lifted first, and
    the petition's detail ``setoff_allowed_on`` says so.
    """
    petition = pending(facts, now)
    if petition is None or petition.details.get("chapter") == "11" or petition.details.get("setoff_allowed_on"):
        return None
    return petition


def began(bill: OpenBill, bills: Iterable[OpenBill]) -> date:
    """Return the day before the service that *bill* is for: that of the service's bill before it, else a month back."""
    before = [b.bill_on for b in bills if b.service is bill.service and b.bill_on < bill.bill_on]
    month = add_months(bill.bill_on, -1)
    return max((day for day in before if day >= month - timedelta(days=10)), default=month)


def stayed(bills: tuple[OpenBill, ...], petition: Fact, on: date) -> tuple[StayedPart, ...]:
    """Return what of *bills* is for service up to and on *on*, the petition's day, oldest first.

    A bill that straddles it is split by the days of its service before and after, or as the meter was read on that day:
    the petition's detail ``read`` then says ``service=cents`` of what had been used. What was paid on a bill since then
    went to its later part.
    """
    return tuple(
        StayedPart(ref=bill.ref, service=bill.service, due_on=bill.due_on, amount=amount, whole=bill.bill_on <= on)
        for bill, earlier in _earlier(bills, dict(_read(petition)), on)
        if (amount := min(bill.open, earlier)) > ZERO
    )


def _earlier(bills: tuple[OpenBill, ...], read: Mapping[Service, Money], on: date) -> Iterator[tuple[OpenBill, Money]]:
    """Yield each of *bills*, oldest first, with how much of it, as it was issued, is for service through *on*.

    *read*: of a bill that straddles the day, what had been used by the meter.
    """
    for bill in sorted(bills, key=lambda each: (each.due_on, each.bill_on, each.service)):
        start = began(bill, bills)
        if bill.bill_on <= on:
            yield bill, bill.original
        elif start >= on:
            yield bill, ZERO
        else:
            days, earlier = (bill.bill_on - start).days, (on - start).days
            by_days = split(bill.original, (earlier, days - earlier))[0]
            yield bill, read.get(bill.service, by_days)


def to_set_aside(known: Snapshot, before: Bankruptcy | None, petition: Fact, on: date) -> tuple[StayedPart, ...]:
    """Return what is to be set aside now at *petition* of *on*: older debt, and what was paid on it since.

    From the petition on the customer's money is for later charges. What billing set against older debt before anyone
    knew is claimed again, and as much less is asked for later.
    """
    return not_yet(before, (*stayed(known.bills, petition, on), *_paid_since(known, before, petition, on)), on)


def _paid_since(known: Snapshot, before: Bankruptcy | None, petition: Fact, on: date) -> Iterator[StayedPart]:
    """Yield what of the customer's money since *on* lies on older debt, once, by the services that it is wanted for.

    Money that later charges show as paid, and credit, is where it belongs already.
    """
    name = f"{PAID_SINCE}{on}"
    if before is not None and any(ref.startswith(name) for ref in before.refs):
        return
    read = dict(_read(petition))
    bills = [(bill, bill.original - earlier) for bill, earlier in _earlier(known.bills, read, on)]
    placed = total(min(bill.original - bill.open, later) for bill, later in bills)
    left = Money(int(petition.details.get("paid_since") or 0)) - placed - known.credit
    wanted: dict[Service, Money] = {}
    for bill, later in bills:
        amount = max(ZERO, min(left, bill.open, later))
        wanted[bill.service] = wanted.get(bill.service, ZERO) + amount
        left -= amount
    first = next(iter(known.account.services), Service.WATER)
    wanted[first] = wanted.get(first, ZERO) + max(ZERO, left)
    for service, amount in wanted.items():
        if amount > ZERO:
            yield StayedPart(ref=f"{name}/{service}", service=service, due_on=on, amount=amount)


def kept_from_later(
    paid: Money,
    *,
    then: tuple[OpenBill, ...],
    now: tuple[OpenBill, ...],
    settled: tuple[OpenBill, ...],
    credit: Money,
    on: date,
) -> Money:
    """Return *paid*, the customer's money since the petition of *on*, without what settled later charges for good.

    *then*: what was open at the close of that day. *settled*: bills issued since of which nothing is open by now, as
    they were issued: such a bill took money for its later part alone, and what it took for service through *on* is
    claimed again.
    """
    left = {bill.ref: bill.open for bill in now}
    older = total(max(ZERO, bill.open - left.get(bill.ref, ZERO)) for bill in then)
    newer = total(bill.original - bill.open for bill in now if bill.bill_on > on)
    gone = max(ZERO, paid - older - newer - credit)
    issued = {bill.ref: bill for bill in (*then, *now, *settled)}
    straddles = {bill.ref for bill in settled}
    earlier = total(part for bill, part in _earlier(tuple(issued.values()), {}, on) if bill.ref in straddles)
    return paid - max(ZERO, gone - earlier)


def not_yet(known: Bankruptcy | None, parts: Iterable[StayedPart], on: date) -> tuple[StayedPart, ...]:
    """Return those of *parts* that were not set aside at the petition of *on* before."""
    done = set(known.refs) if known and known.petition_on == on and not known.ended else set[str]()
    return tuple(part for part in parts if part.ref not in done)


def _read(petition: Fact) -> Iterator[tuple[Service, Money]]:
    for each in filter(None, petition.details.get("read", "").split(",")):
        service, _, cents = each.partition("=")
        yield Service(service.strip()), Money(int(cents))


def revived(bankruptcy: Bankruptcy, dismissed_on: date) -> tuple[StayedPart, ...]:
    """Return what is owed again once the petition is dismissed: every clock moved by the days of the stay."""
    held_up = timedelta(days=max(0, (dismissed_on - bankruptcy.petition_on).days))
    return tuple(replace(part, due_on=part.due_on + held_up) for part in bankruptcy.parts)
