"""What do people mean by what they typed: which day, which sum?"""

from datetime import date
from http import HTTPStatus
from typing import Final

from domain.money import Money
from domain.verdict import Refusal

# As the API takes them: beyond these days and sums no reckoning of a utility has a meaning.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
CENTS_MAX: Final = 10**12


def day_of(text: str) -> date | None:
    """Return the day that *text* names, as forms and addresses write it; none if it names none."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


def amount_of(text: str) -> Money:
    """Return the sum that *text* names, below zero too.

    Raises:
        ValueError: it names none, or one that no utility has.
    """
    amount = Money.dollars(text)
    if abs(amount.cents) > CENTS_MAX:
        raise ValueError(f"{amount} is more than is ever owed")
    return amount


def no_day() -> Refusal:
    """Return what is said of something that was typed as a day and is none."""
    return Refusal(
        slug="no-such-day",
        title="There is no such day",
        detail="A day is written as its year, month and day in digits, YYYY-MM-DD.",
        way_out="Choose it from the calendar.",
        status=int(HTTPStatus.UNPROCESSABLE_ENTITY),
    )
