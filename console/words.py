"""In whose words does the console speak: one catalogue, English and Spanish, with dates and money by locale?

English stands in the code and the templates; `locale/es.po` holds the Spanish, and is compiled when it is first read.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from domain.facts import ALWAYS
from domain.money import CENTS_PER_DOLLAR, Money

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "es": "Español"}
LOCALES: Final[Mapping[str, str]] = {"en": "en_US", "es": "es_US"}
CATALOGUE: Final = Path(__file__).parent / "locale" / "es.po"
_WEEKDAYS: Final[Mapping[str, str]] = {"en": "EEE, MMM d, y", "es": "EEE d MMM y"}
WRITTEN_MAX = 4_096
_ISO_DAY: Final = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")
_NARROW, _SPACE = "\u202f", " "  # babel parts the clock from AM by a narrow space that screen fonts lack


def N_(msgid: str) -> str:  # noqa: N802  # gettext's own name for words marked here and translated later
    """Return *msgid* as it is: it is looked up when it is shown."""
    return msgid


def dollars(amount: Money) -> str:
    """Return an amount as one types it into a form."""
    return str(amount).replace("$", "").replace(",", "")


@lru_cache(maxsize=1)
def catalogue() -> Catalog:
    """Return the Spanish catalogue as it is kept."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="es")


@lru_cache(maxsize=len(LANGUAGES))
def translations(language: str) -> NullTranslations:
    """Return the catalogue of *language*; English is what the code says."""
    if language != "es":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    compiled.seek(0)
    return GNUTranslations(compiled)


def chosen_language(cookie: str | None, accepted: str) -> str:
    """Return the language a person chose, else the first that their browser asks for and we have, else English."""
    if cookie is not None and cookie in LANGUAGES:
        return cookie
    for part in accepted.split(","):
        tag = part.split(";")[0].strip().lower().partition("-")[0]
        if tag in LANGUAGES:
            return tag
    return "en"


class Speech:
    """One language at one city: how words, sums, days and instants are written."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = language
        self.zone = zone
        self._locale = LOCALES[language]
        self._zone = ZoneInfo(zone)
        self._words = translations(language)

    def say(self, msgid: str, **values: object) -> str:
        """Return *msgid* in this language, with *values* put in."""
        words = self._words.gettext(msgid) if msgid else ""
        return words % values if values else words

    def count(self, one: str, many: str, number: int) -> str:
        """Return the singular or the plural, in this language's own rule, with *n* put in."""
        return self._words.ngettext(one, many, number) % {"n": self.number(number)}

    def money(self, amount: Money | int) -> str:
        """Write an amount, or cents, as money of the United States."""
        return _money(amount.cents if isinstance(amount, Money) else amount, self._locale)

    def number(self, value: int) -> str:
        return _number(value, self._locale)

    def day(self, on: date | None) -> str:
        return _day(on, "medium", self._locale) if on else ""

    def month(self, on: date) -> str:
        """Write the month of a day, with its year."""
        return _month(on, self._locale)

    def weekday(self, on: date | None) -> str:
        """Write a day with its name, short enough for a table."""
        return _day(on, _WEEKDAYS[self.language], self._locale) if on else ""

    def instant(self, at: datetime | None) -> str:
        """Write an instant as the city's clock shows it."""
        return _instant(at, self._zone, self._locale) if at else ""

    def clock(self, at: datetime | None) -> str:
        return _clock(at, self._zone, self._locale) if at else ""

    def when(self, at: datetime | None) -> str:
        """Write an instant as a day where it is the day's beginning, else as day and clock."""
        if at is None:
            return ""
        local = at.astimezone(self._zone)
        day = self.weekday(local.date())
        return day if local.time() == time(0) else f"{day}, {self.clock(at)}"

    def since(self, at: datetime) -> str:
        """Write when a fact began."""
        return self.say(N_("as long as is known")) if at == ALWAYS else self.when(at)

    def local_day(self, at: datetime) -> date:
        """Return the city's day of an instant."""
        return at.astimezone(self._zone).date()


def plain_days(text: str, locale: str = LOCALES["en"]) -> str:
    """Return a sentence of a rule with its ISO days written as the desk writes them."""
    return _ISO_DAY.sub(lambda found: _plain_day(found[0], locale), text)


def _plain_day(written: str, locale: str) -> str:
    try:
        return _day(date.fromisoformat(written), "medium", locale)
    except ValueError:
        return written


# A page writes the same few days and sums over and over, and the library reads its patterns anew each time.


@lru_cache(maxsize=WRITTEN_MAX)
def _money(cents: int, locale: str) -> str:
    return str(format_currency(Decimal(cents) / CENTS_PER_DOLLAR, "USD", locale=locale))


@lru_cache(maxsize=WRITTEN_MAX)
def _number(value: int, locale: str) -> str:
    return str(format_decimal(value, locale=locale))


@lru_cache(maxsize=WRITTEN_MAX)
def _month(on: date, locale: str) -> str:
    return format_skeleton("yMMMM", on, locale=locale)


@lru_cache(maxsize=WRITTEN_MAX)
def _day(on: date, form: str, locale: str) -> str:
    return format_date(on, form, locale=locale)


@lru_cache(maxsize=WRITTEN_MAX)
def _instant(at: datetime, zone: ZoneInfo, locale: str) -> str:
    return f"{format_date(at.astimezone(zone), 'medium', locale=locale)}, {_clock(at, zone, locale)}"


@lru_cache(maxsize=WRITTEN_MAX)
def _clock(at: datetime, zone: ZoneInfo, locale: str) -> str:
    # A clock that ends in a full stop would end every sentence it stands last in with two.
    return format_time(at, "short", tzinfo=zone, locale=locale).replace(_NARROW, _SPACE).replace(".m.", "m")
