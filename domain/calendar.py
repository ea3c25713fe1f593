"""Which day is it in the city, and on which days may what be done: three dated calendars and one zone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

SATURDAY = 5
DAY = timedelta(days=1)
SEARCH_DAYS_MAX = 400  # a calendar on which no day in more than a year is open is a fault, not a long weekend


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Window:
    """A span of local clock time in one day; the end is not included."""

    opens: time
    closes: time

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read ``"08:00-15:00"``.

        Raises:
            ValueError: the text is not two times of day, the first before the second.
        """
        opens, _, closes = text.partition("-")
        window = cls(time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip()))
        if window.opens >= window.closes:
            raise ValueError(f"{text!r}: a window opens before it closes")
        return window


@dataclass(frozen=True, slots=True, kw_only=True)
class CityCalendar:
    """The city's zone and its three calendars.

    *bank_closed*: days on which no bank settles (Federal Reserve calendar).
    *city_closed*: days on which the city's offices are closed, weekends aside.
    *legal_holidays*: holidays in the sense of the law's "holiday" and "day before a holiday".
    """

    zone: str
    bank_closed: frozenset[date] = field(default_factory=frozenset)
    city_closed: frozenset[date] = field(default_factory=frozenset)
    legal_holidays: frozenset[date] = field(default_factory=frozenset)

    def day(self, instant: datetime) -> date:
        """Return the city's date at *instant*."""
        return instant.astimezone(_zone(self.zone)).date()

    def clock(self, instant: datetime) -> time:
        """Return the city's time of day at *instant*."""
        return instant.astimezone(_zone(self.zone)).time()

    def at(self, day: date, clock: time) -> datetime:
        """Return the UTC instant of local *clock* on *day*: the first of two in a fold, an hour later in a gap."""
        return datetime.combine(day, clock, tzinfo=_zone(self.zone)).astimezone(UTC)

    def is_open(self, day: date) -> bool:
        """Say whether the city's offices are open on *day*."""
        return day.weekday() < SATURDAY and day not in self.city_closed

    def is_bank_day(self, day: date) -> bool:
        """Say whether banks settle on *day*."""
        return day.weekday() < SATURDAY and day not in self.bank_closed

    def open_day(self, day: date) -> date:
        """Return *day* if the offices are open, else the next day on which they are."""
        return next(candidate for candidate in _days_from(day) if self.is_open(candidate))

    def bank_day(self, day: date) -> date:
        """Return *day* if banks settle on it, else the next day on which they do."""
        return next(candidate for candidate in _days_from(day) if self.is_bank_day(candidate))

    def add_open_days(self, day: date, count: int) -> date:
        """Return the *count*-th open day after *day*; with zero, *day* or the next open day."""
        result = self.open_day(day) if count == 0 else day
        for _ in range(count):
            result = self.open_day(result + DAY)
        return result


def _days_from(day: date) -> Iterator[date]:
    for offset in range(SEARCH_DAYS_MAX):
        yield day + timedelta(days=offset)
    raise ValueError(f"no open day within {SEARCH_DAYS_MAX} days from {day}")


def years_after(day: date, years: int) -> date:
    """Return the same day *years* later; of a leap day the day before March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def spread(key: str, *, start: datetime, end: datetime) -> datetime:
    """Return an instant in [start, end) that depends on *key* alone.

    The due work of many cases must not fall on one instant: a server fires some fifty timers a second.
    """
    seconds = int((end - start).total_seconds())
    if seconds <= 0:
        return start
    share = int.from_bytes(sha256(key.encode()).digest()[:8])
    return start + timedelta(seconds=share % seconds)


def in_season(day: date, *, start: tuple[int, int], end: tuple[int, int]) -> bool:
    """Say whether *day* lies in the yearly season from *start* through *end*, each (month, day)."""
    here = (day.month, day.day)
    return start <= here <= end if start <= end else here >= start or here <= end
