"""How is a value of a pack written so that people read it: sums as money, days as days, names in words?"""

from datetime import UTC, date, datetime, time
from typing import Any, Final

from babel.dates import format_date, format_skeleton, format_time

from console.labels import BOOKS, label
from console.words import LOCALES, N_, Speech
from domain.calendar import Window
from domain.money import Money

_MONDAY: Final = date(2024, 1, 1)
_LEAP_YEAR: Final = 2024  # has every day of a year
_NARROW: Final = "\u202f"
_DASH: Final = "\u2013"
_NAMED: Final = ("service", "act", "fact", "remedy")
"""The books in which a pack's own names stand."""


def stated(speech: Speech, value: Any, unit: str) -> str:  # noqa: ANN401  # whatever a pack may state
    """Return *value*, counted in *unit*, as people write it."""
    match value:
        case bool():
            return speech.say(N_("yes") if value else N_("no"))
        case int() if unit.startswith("cents"):
            return speech.money(Money(value))
        case int() if unit.startswith("weekday numbers"):
            return str(format_date(date.fromordinal(_MONDAY.toordinal() + value), "EEE", LOCALES[speech.language]))
        case (int() as month, int() as day) if "(month, day)" in unit:
            return str(
                format_skeleton("MMMd", datetime(_LEAP_YEAR, month, day, tzinfo=UTC), locale=LOCALES[speech.language])
            )
        case Window(opens=opens, closes=closes):
            return f"{_clock(speech, opens)} {_DASH} {_clock(speech, closes)}"
        case tuple() | list():
            return ", ".join(_within(speech, each, unit) for each in value) or _DASH
        case str():
            return _word(speech, value) or _DASH
        case _:
            return str(value)


def counted(said: str, unit: str) -> str:
    """Return how a unit is *said* beside its value: money needs no word for cents."""
    return said.partition(" ")[2] if unit.startswith("cents") else said


def _within(speech: Speech, value: Any, unit: str) -> str:  # noqa: ANN401
    """Return one of several: a row of a table in brackets' place, with blanks between."""
    row = isinstance(value, tuple | list) and "(month, day)" not in unit
    return " ".join(stated(speech, each, "") for each in value) if row else stated(speech, value, unit)


def _word(speech: Speech, name: str) -> str:
    book = next((book for book in _NAMED if name in BOOKS[book]), None)
    return speech.say(label(book, name)) if book else name.replace("_", " ")


def _clock(speech: Speech, at: time) -> str:
    return str(format_time(at, "short", locale=LOCALES[speech.language])).replace(_NARROW, " ").replace(".m.", "m")
