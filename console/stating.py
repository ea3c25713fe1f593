"""How is a value of a pack written so that people read it: sums as money, days as days, names in words?"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from babel.dates import format_date, format_skeleton, format_time

from console.labels import BOOKS, label
from console.labels_values import PACK_VALUES
from console.sentences import in_spanish
from console.words import LOCALES, N_, Speech
from domain.calendar import Window
from domain.money import Money

_MONDAY: Final = date(2024, 1, 1)
_LEAP_YEAR: Final = 2024  # has every day of a year
_NARROW: Final = "\u202f"
_DASH: Final = "\u2013"
_NAMED: Final = ("service", "act", "fact", "remedy")
"""The books in which a pack's own names stand."""
_ROLE: Final = "role outside collections"
_LANGUAGE: Final = "language codes on every notice"
_OWN_BOOKS: Final[Mapping[str, str]] = {_ROLE: "role", _LANGUAGE: "language"}
"""The book of a value that its unit tells: a short name may stand in several."""
_PROPER: Final = frozenset({"agencies under contract", "programs to which a household is referred", "county"})
_CLOCK: Final = "local clock"
_TITLED: Final = "(program, title"
"""The beginning of a unit whose rows have a title, which says more than the name under which they are stored."""
_CHOICE: Final = re.compile(r"[a-z_]+(, [a-z_]+)* or [a-z_]+")
"""A unit that only lists what the value may be, as a pack spells it."""


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
        case str() if unit == _CLOCK and value:
            return _clock(speech, time.fromisoformat(value))
        case tuple() | list():
            rows = any(_a_row(each, unit) for each in value)
            return ("; " if rows else ", ").join(_within(speech, each, unit) for each in value) or _DASH
        case str():
            return _word(speech, value, unit) or _DASH
        case _:
            return str(value)


def counted(said: str, unit: str) -> str:
    """Return how a unit is *said* beside its value: money needs no word for cents, a name not what else it might be."""
    if _CHOICE.fullmatch(unit):
        return ""
    return said.partition(" ")[2] if unit.startswith("cents") else said


def _a_row(value: Any, unit: str) -> bool:  # noqa: ANN401
    return isinstance(value, tuple | list) and "(month, day)" not in unit


def _within(speech: Speech, value: Any, unit: str) -> str:  # noqa: ANN401
    """Return one of several: of a row of a table its columns, those left out that hold nothing."""
    if not _a_row(value, unit):
        return stated(speech, value, unit)
    columns = value[1:] if unit.startswith(_TITLED) else value
    return " · ".join(stated(speech, each, "") for each in columns if each != "")


def _word(speech: Speech, name: str, unit: str) -> str:
    """Return what a pack's own *name* says; a person's, a place's and an agency's as it stands."""
    if unit in _PROPER:
        return name
    books = (_OWN_BOOKS[unit],) if unit in _OWN_BOOKS else _NAMED
    book = next((book for book in books if name in BOOKS[book]), None)
    if book:
        return speech.say(label(book, name))
    if name in PACK_VALUES:
        return speech.say(PACK_VALUES[name])
    return (speech.language == "es" and _sentence(name)) or name.replace("_", " ")


def _sentence(text: str) -> str | None:
    """Return the Spanish of what a pack says of a program of help, as an offer says it too."""
    told = in_spanish(text) or in_spanish(f"{text[:1].upper()}{text[1:]}.")
    return told and told.removesuffix(".")


def _clock(speech: Speech, at: time) -> str:
    return str(format_time(at, "short", locale=LOCALES[speech.language])).replace(_NARROW, " ").replace(".m.", "m")
