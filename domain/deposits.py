"""What does a deposit earn, and by when must what is left of it be given back?

Source: domain rule P08; the pack's chapter `deposit` (Minn. Stat. 325E.02 in Minnesota).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from domain import parameters as p
from domain.money import ZERO, Money
from domain.policy import Policy

DAYS_OF_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestPart:
    """The days from *since* to before *until* at one rate."""

    since: date
    until: date
    pct: Decimal
    exact: Decimal

    @property
    def days(self) -> int:
        return (self.until - self.since).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What a deposit earned, to the cent, and how."""

    amount: Money
    parts: tuple[InterestPart, ...]
    says: str


def interest(deposit: Money, *, since: date, before: date, policy: Policy) -> Interest:
    """Return the simple interest on *deposit* for the days from *since* to before *before*, each at its day's rate.

    Days the pack states no rate for earn nothing, and neither does a deposit that the pack says is too small. Rounded
    once, at the end, half a cent up.
    """
    least = policy.at(p.DEPOSIT_INTEREST_OVER, max(since, _first(policy)))
    if deposit.cents <= least:
        return Interest(amount=ZERO, parts=(), says=f"A deposit up to {Money(least)} bears no interest.")
    parts = tuple(_parts(deposit, since, before, policy))
    exact = sum((part.exact for part in parts), Decimal(0))
    cents = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    says = "; ".join(f"{part.days} days from {part.since} at {part.pct}%" for part in parts) or "No day bears interest."
    return Interest(amount=Money(cents), parts=parts, says=says)


def _first(policy: Policy) -> date:
    return policy.values[p.DEPOSIT_INTEREST_PCT.key][0].since


def _parts(deposit: Money, since: date, before: date, policy: Policy) -> Iterator[InterestPart]:
    rates = policy.values[p.DEPOSIT_INTEREST_PCT.key]
    ends = [dated.since for dated in rates[1:]] + [date.max]
    for dated, end in zip(rates, ends, strict=True):
        start, stop = max(since, dated.since), min(before, end)
        if start < stop:
            pct = policy.at(p.DEPOSIT_INTEREST_PCT, start)
            exact = Decimal(deposit.cents) * pct * (stop - start).days / (100 * DAYS_OF_YEAR)
            yield InterestPart(since=start, until=stop, pct=pct, exact=exact)


def refund_by(final_on: date, policy: Policy) -> date:
    """Return the last day for giving back what is left of a deposit after service ended on *final_on*."""
    return final_on + timedelta(days=policy.at(p.DEPOSIT_REFUND_DAYS, final_on))
