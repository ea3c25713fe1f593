"""Which policy does a pack's file amount to, calendars included?"""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import holidays

from domain.calendar import DAY, CityCalendar
from domain.policy import Policy
from formats.city.weather import read_holidays
from formats.errors import Malformed
from formats.pack import PackFile, dump_policy, parse_pack, read_policy
from formats.source import read_text

__all__ = ["dump_policy", "load_pack", "load_policy", "read_policy"]

YEARS: Final = range(2017, 2041)
_THURSDAY: Final = 3


def load_policy(path: Path, *, holidays_csv: Path | None = None) -> Policy:
    """Return the policy of the pack at *path*, for the years 2017 to 2040.

    *holidays_csv* (date, name, bank_closed, city_closed) rules over the bank's and the city's days from the day of its
    first row through that of its last: days it closes are closed, days it does not name are not holidays. It leaves
    the holidays of the law as they are, for they protect.

    Raises:
        Malformed: the pack, one that it extends, or the list of holidays cannot be read.
    """
    pack = load_pack(path)
    calendar = _calendar(pack)
    if holidays_csv is not None:
        calendar = _overruled(calendar, holidays_csv)
    return Policy(
        pack=pack.pack,
        version=pack.version,
        title=pack.title,
        calendar=calendar,
        services=pack.services,
        labels=pack.labels,
        values=pack.values,
    )


def load_pack(path: Path) -> PackFile:
    """Return the pack at *path*, over the pack beside it that it extends, if any.

    Raises:
        Malformed: it cannot be read, or extends a pack that extends another: one step is all a reader can follow.
    """
    pack = parse_pack(read_text(path), file=path.name)
    if not pack.extends:
        return pack
    base = parse_pack(read_text(path.with_name(f"{pack.extends}.toml")), file=f"{pack.extends}.toml")
    if base.extends:
        raise Malformed("extends", f"{base.pack} extends another pack itself", file=path.name, field="extends")
    return pack.over(base)


def _calendar(pack: PackFile) -> CityCalendar:
    national = frozenset(holidays.country_holidays("US", years=YEARS))
    try:
        state = frozenset(holidays.country_holidays("US", subdiv=pack.state, years=YEARS))
    except NotImplementedError:
        raise Malformed("wrong_type", f"{pack.state} is no state", field="closed.state") from None
    extra = frozenset(day for name in pack.extra_closed for day in _extra(name))
    return CityCalendar(
        zone=pack.zone,
        bank_closed=frozenset(holidays.financial_holidays("XFED", years=YEARS)),
        city_closed=national | state | extra,
        legal_holidays=national | state,
    )


def _extra(name: str) -> frozenset[date]:
    match name:
        case "day_after_thanksgiving":
            return frozenset(_thanksgiving(year) + DAY for year in YEARS)
        case "christmas_eve":
            return frozenset(date(year, 12, 24) for year in YEARS)
        case _:
            raise Malformed("unknown_key", "no such yearly day is known", field=f"closed.extra.{name}")


def _thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(_THURSDAY - first.weekday()) % 7 + 21)


def _overruled(calendar: CityCalendar, source: Path) -> CityCalendar:
    rows = tuple(read_holidays(source))
    if not rows:
        return calendar
    first, last = min(row.on for row in rows), max(row.on for row in rows)

    def outside(days: frozenset[date]) -> frozenset[date]:
        return frozenset(day for day in days if not first <= day <= last)

    return CityCalendar(
        zone=calendar.zone,
        bank_closed=outside(calendar.bank_closed) | {row.on for row in rows if row.bank_closed},
        city_closed=outside(calendar.city_closed) | {row.on for row in rows if row.city_closed},
        legal_holidays=calendar.legal_holidays,
    )
