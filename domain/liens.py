"""What does a lien secure on a day: the charges that are left, and their interest from filing at the rates in force?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from domain import parameters as p
from domain.account import Service
from domain.money import ZERO, Money, total
from domain.policy import Policy, PolicyGap

YEAR_DAYS = 365  # in a leap year too: a day costs as much in each year


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What was left of the charges from the end of that day on, and of the *interest* that was billed until then."""

    on: date
    amount: Money
    interest: Money = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestPart:
    """What one service is charged of a lien's interest."""

    service: Service
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestSettled:
    """Interest that a lien no longer waits for: billed as the bill *ref*, or given up where there is none."""

    on: date
    amount: Money
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """Simple interest on one sum at one rate, for the days after *since* through *through*."""

    since: date
    through: date
    amount: Money
    pct: Decimal

    @property
    def days(self) -> int:
        return (self.through - self.since).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Payoff:
    """What frees a lien if it is paid *on* that day: its charges, and what it bore and nobody has settled."""

    on: date
    charges: Money
    interest: Money

    @property
    def amount(self) -> Money:
        return self.charges + self.interest


def payoff(lefts: Sequence[Left], settled: Sequence[InterestSettled], policy: Policy, *, on: date) -> Payoff:
    """Return what frees a standing lien on a day from its filing on, on a day to come if nothing is paid till then.

    Interest that was billed and is unpaid counts with what has accrued since.
    """
    left = next(each for each in reversed(lefts) if each.on <= on)
    return Payoff(on=on, charges=left.amount, interest=left.interest + unsettled(lefts, settled, policy, through=on))


def rate_on(policy: Policy, on: date) -> Decimal:
    """Return the per cent a year that a day bears; none where the pack of a State without such liens says nothing."""
    try:
        return Decimal(policy.at(p.LIEN_INTEREST_PCT, on))
    except PolicyGap:
        return Decimal(0)


def accruals(lefts: Sequence[Left], policy: Policy, *, through: date) -> tuple[Accrual, ...]:
    """Return the stretches of a lien's life in which neither its sum nor the rate changed, through a day.

    *lefts* begin with the day of filing, which bears no interest; a payment bears none from the day after it. Each day
    bears the rate in force on it. Interest bears none itself.

    Source: NMSA 3-36-1; the pack's `lien.interest_pct`.
    """
    found: list[Accrual] = []
    for number, left in enumerate(lefts):
        end = min(through, lefts[number + 1].on if number + 1 < len(lefts) else through)
        changes = [each.since for each in policy.values.get(p.LIEN_INTEREST_PCT.key, ())]
        # A rate that begins on a day is that day's: the stretch before it ends on the eve.
        eves = [date.fromordinal(day.toordinal() - 1) for day in changes]
        cuts = [left.on, *(eve for eve in eves if left.on < eve < end), end]
        for since, until in pairwise(cuts):
            if since < until and left.amount.cents > 0:
                rate = rate_on(policy, date.fromordinal(since.toordinal() + 1))
                found.append(Accrual(since=since, through=until, amount=left.amount, pct=rate))
    return tuple(found)


def interest(parts: Sequence[Accrual]) -> Money:
    """Return the interest of *parts*, rounded half up to the cent once, at the end."""
    exact = sum((Decimal(part.amount.cents) * part.pct * part.days for part in parts), Decimal(0))
    return Money(int((exact / (100 * YEAR_DAYS)).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def unsettled(lefts: Sequence[Left], settled: Sequence[InterestSettled], policy: Policy, *, through: date) -> Money:
    """Return the interest through a day that was neither billed nor given up by then."""
    gone = total(each.amount for each in settled if each.on <= through)
    return max(ZERO, interest(accruals(lefts, policy, through=through)) - gone)
