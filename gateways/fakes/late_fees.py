"""What does billing charge on what is late when it issues the next bill, and what has it been asked to spare?

The bills of the shared cities come with their late charges in them: such a city is loaded without terms of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from domain.account import OpenBill, past_due
from domain.money import ZERO, Money
from gateways.billing import SpareLateFees

PREFIX = "LF"  # of a fee's own bill: a late fee brings no late fee


@dataclass(frozen=True, slots=True)
class LateFees:
    """*pct* of what is past due, at least *min_cents*; nothing up to and on *free_cents*."""

    pct: Decimal
    min_cents: int
    free_cents: int

    @classmethod
    def parse(cls, text: str) -> "LateFees":
        """Read ``"0.65:500:2000"``.

        Raises:
            ValueError: the text is not a percentage and two sums in cents.
        """
        pct, least, free = text.split(":")
        return cls(Decimal(pct), int(least), int(free))

    def on(self, cents: int) -> int:
        """Return the fee on *cents* past due."""
        if cents <= self.free_cents:
            return 0
        share = (self.pct * cents / 100).quantize(Decimal(1), ROUND_HALF_UP)
        return max(int(share), self.min_cents)


@dataclass
class LateFeeDesk:
    """One billing system's late fees; without *terms* it charges none."""

    terms: LateFees | None
    _spared: dict[str, list[SpareLateFees]] = field(default_factory=dict)

    def spare(self, asked: SpareLateFees) -> None:
        """Take note of what is spared from a day on."""
        self._spared.setdefault(asked.account_no, []).append(asked)

    def spared(self, account_no: str, on: date) -> Money:
        """Return how much brings no late fee on *on*; what was asked last for a day counts."""
        said = [each for each in self._spared.get(account_no, ()) if each.on <= on]
        return said[-1].amount if said else ZERO

    def fee(self, account_no: str, bills: Iterable[OpenBill], on: date) -> int:
        """Return the cents that what is late of *bills* brings on *on*."""
        if self.terms is None:
            return 0
        counting = [bill for bill in bills if not bill.bill_no.startswith(PREFIX)]
        return self.terms.on((past_due(counting, on) - self.spared(account_no, on)).cents)
