"""What can this household pay: who lives on what, in which band of the pack's table, and how much a month?"""

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from domain import parameters as p
from domain.money import CENTS_PER_DOLLAR, Money, total
from domain.policy import Policy, Source

MONTHS = 12
SMI = "smi"
CIRCUMSTANCES = ("illness", "job_loss", "death_in_family", "new_child", "elderly", "disabled", "crisis", "military")


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """Gross income of the household from one source, by the month."""

    source: str
    monthly: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """What a household said of itself. Private: it is sealed in the record and shown by role."""

    size: int
    incomes: tuple[Income, ...] = ()
    aid: tuple[str, ...] = ()
    expenses: Money | None = None
    circumstances: tuple[str, ...] = ()

    @property
    def monthly(self) -> Money:
        """Return the gross income of a month from every source."""
        return total(income.monthly for income in self.incomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An assessment of ability to pay. *household* is none where its words can no longer be read.

    *reasons* hold no figure of the household: they go into letters, refusals and reports.
    """

    number: int
    assessed_on: date
    expires_on: date
    band: str
    evidence: str = ""
    reasons: tuple[str, ...] = ()
    household: Household | None = None

    def holds(self, on: date) -> bool:
        """Say whether it may still be relied upon on *on*; its last day counts."""
        return self.assessed_on <= on <= self.expires_on


@dataclass(frozen=True, slots=True)
class Banded:
    """The band of an income, and why: by aid that shows it, or by the table of a day."""

    band: str
    because: str
    source: Source


def band_of(household: Household, policy: Policy, on: date) -> Banded:
    """Return the pack's income band of *household* by the table in force on *on*; aid that shows the lowest is enough.

    Raises:
        PolicyGap: the pack states no table or no bands for that day.
    """
    bands: tuple[tuple[str, int], ...] = policy.at(p.INCOME_BANDS, on)
    deeming: p.Texts = policy.at(p.INCOME_DEEMING, on)
    shown = sorted(set(household.aid) & set(deeming))
    if shown:
        because = f"{', '.join(shown).replace('_', ' ')} shows an income in the band {bands[0][0]}."
        return Banded(bands[0][0], because, policy.source(p.INCOME_DEEMING, on))
    table = yearly_table(policy, on, household.size)
    for band, percent in bands:
        limit = table * percent * CENTS_PER_DOLLAR // 100
        if percent == 0 or household.monthly.cents * MONTHS <= limit:
            upto = f"at most {percent} per cent" if percent else "above every other band"
            measure = "state median income" if policy.at(p.INCOME_MEASURE, on) == SMI else "federal poverty guideline"
            because = f"Income {upto} of the {measure} for the household's size, by the table in force on {on}."
            return Banded(band, because, policy.source(p.INCOME_TABLE, on))
    raise AssertionError("a pack's last band takes all that is above the others")


def yearly_table(policy: Policy, on: date, size: int) -> int:
    """Return the whole of the pack's table for a household of *size*, in dollars a year, rounded down."""
    table = policy.at(p.INCOME_TABLE, on)
    if policy.at(p.INCOME_MEASURE, on) == SMI:
        *sizes, step = policy.at(p.INCOME_SIZES, on)
        percent = sizes[size - 1] if size <= len(sizes) else sizes[-1] + step * (size - len(sizes))
        return int(table[0] * percent // 100)
    first, step = table
    return int(first + step * (size - 1))


def affordable(assessment: Assessment | None, policy: Policy, on: date) -> Money | None:
    """Return the most that an instalment may be for the household; none where its income is not known.

    Rounded down to the cent: a plan is never dearer than the share.
    """
    if assessment is None or not assessment.holds(on) or assessment.household is None:
        return None
    share: Decimal = policy.at(p.AFFORDABLE_PCT, on)
    return Money(int(Decimal(assessment.household.monthly.cents) * share / 100))


def household_text(household: Household | None) -> str:
    """Return *household* as text to be sealed; empty for none."""
    if household is None:
        return ""
    return json.dumps(
        {
            "size": household.size,
            "incomes": [[income.source, income.monthly.cents] for income in household.incomes],
            "aid": list(household.aid),
            "expenses": None if household.expenses is None else household.expenses.cents,
            "circumstances": list(household.circumstances),
        }
    )


def read_household(text: str) -> Household | None:
    """Return what `household_text` wrote; none where the words are gone or withheld."""
    if not text.startswith("{"):
        return None
    read = json.loads(text)
    return Household(
        size=read["size"],
        incomes=tuple(Income(source=source, monthly=Money(cents)) for source, cents in read["incomes"]),
        aid=tuple(read["aid"]),
        expenses=None if read["expenses"] is None else Money(read["expenses"]),
        circumstances=tuple(read["circumstances"]),
    )


def without_household(assessment: Assessment | None) -> Assessment | None:
    """Return *assessment* without what is private in it."""
    return None if assessment is None else replace(assessment, household=None)
