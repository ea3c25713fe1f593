"""Who lives in a simulated city: what is each household billed, and what moves it to pay?

The shares are assumed. With them seven or eight accounts in a hundred are past due as a month ends (2,000 accounts, a
year, after its first month). What a household does is drawn from the seed and its number: under another policy pack the
same households live.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import NamedTuple

from domain.account import Account, AccountStatus, CustomerClass, Service
from domain.money import Money
from domain.policy import Policy


class Habit(StrEnum):
    """What moves a household that did not pay by the due date."""

    ON_TIME = "pays on time, now and then some days late"
    LATE = "pays late by itself"
    REMINDED = "pays on the reminder"
    NOTICED = "pays on the disconnection notice"
    ARRANGES = "agrees to instalments and keeps them"
    BREAKS = "agrees to instalments and stops paying"
    HELPED = "is helped by a fund"
    WHEN_CUT = "pays when it is cut off"
    SILENT = "never pays again"


SHARES = {
    Habit.ON_TIME: 704,
    Habit.LATE: 110,
    Habit.REMINDED: 70,
    Habit.NOTICED: 50,
    Habit.ARRANGES: 22,
    Habit.BREAKS: 14,
    Habit.HELPED: 9,
    Habit.WHEN_CUT: 16,
    Habit.SILENT: 5,
}
"""Households of each habit in a thousand."""

LATE_MONTHS = {Habit.ON_TIME: 3, Habit.LATE: 50}
"""Months in a hundred in which a household does not pay by the due date."""
OTHERS_LATE = 40
COMMERCIAL, LOW_INCOME, REMOTE, CERTIFIED = 10, 25, 30, 4
"""In a hundred: businesses, households of low income, meters switched from afar, ill households among the late."""

WINTER_MONTHS, SUMMER_MONTHS = (12, 1, 2), (7, 8)
BASE = {Service.ELECTRIC: 9_500, Service.WATER: 4_200, Service.GAS: 5_000, Service.SEWER: 3_000, Service.REFUSE: 2_000}
"""Cents of a plain month, by service."""
DEAR = {Service.ELECTRIC: SUMMER_MONTHS, Service.GAS: WINTER_MONTHS}
BILL_DAYS = 28  # each household has its day of the month


class Paying(NamedTuple):
    """How a month's bill is paid: by its due date or *late*; how many days after the bill, or after its due date."""

    late: bool
    after_bill: timedelta
    after_due: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One account and its ways. *size*: what it uses, in hundredths of what is usual.

    *course* is the chance of its months, the same under every pack; *chance* that of its answers to letters and cuts.
    """

    account: Account
    habit: Habit
    bill_day: int
    size: int
    certified: bool
    course: Random
    chance: Random

    def month(self) -> "Paying":
        """Draw how a month's bill is paid."""
        return Paying(
            late=self.course.randrange(100) < LATE_MONTHS.get(self.habit, OTHERS_LATE),
            after_bill=timedelta(days=self.course.randrange(3, 21)),
            after_due=timedelta(days=self.course.randrange(1, 26)),
        )

    def odds(self, pct: int) -> bool:
        """Draw yes *pct* times in a hundred."""
        return self.chance.randrange(100) < pct

    def bill(self, service: Service, on: date) -> Money:
        """Draw what a month of *service* costs."""
        dear = 160 if on.month in DEAR.get(service, ()) else 100
        return Money(BASE[service] * self.size * dear * self.course.randrange(85, 116) // 1_000_000)


def household(number: int, *, seed: int, policy: Policy) -> Household:
    """Return the household of *number* in the city that *seed* stands for."""
    chance = Random(f"{seed}/{number}")  # noqa: S311  # chance of a rehearsal, nothing secret hangs on it
    business = chance.randrange(100) < COMMERCIAL
    poor = not business and chance.randrange(100) < LOW_INCOME
    (habit,) = chance.choices(tuple(SHARES), weights=tuple(SHARES.values()))
    account = Account(
        account_no=f"{number:07d}",
        customer_class=CustomerClass.COMMERCIAL if business else CustomerClass.RESIDENTIAL,
        status=AccountStatus.ACTIVE,
        services=tuple(service for service in Service if service in policy.services),
        income_band="le50smi" if poor else "",
        meter_remote=chance.randrange(100) < REMOTE,
    )
    return Household(
        account=account,
        habit=habit,
        bill_day=1 + chance.randrange(BILL_DAYS),
        size=chance.randrange(150, 500) if business else chance.randrange(50, 180),
        certified=chance.randrange(100) < CERTIFIED,
        course=chance,
        chance=Random(f"{seed}/{number}/answers"),  # noqa: S311  # as above
    )
