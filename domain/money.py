"""How much is owed: integer cents, exact splits, no way in for a float."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

CENTS_PER_DOLLAR = 100
_AMOUNT = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)  # no exponent, no infinity: nobody writes money so


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in US cents. Owed is positive, credit negative."""

    cents: int = 0

    @classmethod
    def dollars(cls, text: str) -> Self:
        """Read ``"1,234.50"``.

        Raises:
            ValueError: the text is no number, or holds a fraction of a cent.
        """
        plain = text.replace(",", "").replace("$", "").strip()
        if not _AMOUNT.fullmatch(plain):
            raise ValueError(f"{text!r} is not an amount of money")
        cents = Decimal(plain) * CENTS_PER_DOLLAR
        if cents != cents.to_integral_value():
            raise ValueError(f"{text!r} holds a fraction of a cent")
        return cls(int(cents))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.cents + other.cents)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.cents - other.cents)

    def __neg__(self) -> "Money":
        return Money(-self.cents)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        whole, rest = divmod(abs(self.cents), CENTS_PER_DOLLAR)
        return f"{sign}${whole:,}.{rest:02d}"


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """Return the sum of *amounts*."""
    return Money(sum(amount.cents for amount in amounts))


def percent(amount: Money, pct: Decimal) -> Money:
    """Return *pct* per cent of *amount*, rounded up to the cent (a down payment is never short of its rule)."""
    exact = Decimal(amount.cents) * pct / 100
    whole = int(exact)
    return Money(whole if exact == whole else whole + 1)


def split(amount: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """Split *amount* by *weights* with the largest-remainder rule; the parts sum to the whole.

    Raises:
        ValueError: no weights, a negative weight, or all weights zero.
    """
    whole = sum(weights)
    if not weights or whole <= 0 or min(weights) < 0:
        raise ValueError("a split needs weights that are not negative and not all zero")
    floors = [amount.cents * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount.cents * weights[i] % whole), i))
    for i in by_remainder[: amount.cents - sum(floors)]:
        floors[i] += 1
    return tuple(Money(cents) for cents in floors)
