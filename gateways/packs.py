"""Which policy does a pack's file amount to, calendars included, and may it be loaded?"""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import holidays

from domain.calendar import DAY, CityCalendar
from domain.check import Finding, Kind, Law, check
from domain.policy import Policy
from formats.city.weather import read_holidays
from formats.errors import Malformed
from formats.law import parse_law
from formats.pack import PackFile, dump_policy, parse_pack, read_policy
from formats.source import read_text

__all__ = [
    "check_policy",
    "check_text",
    "checked_file",
    "dump_policy",
    "law_of",
    "load_pack",
    "load_policy",
    "policy_of_text",
    "read_policy",
    "unchecked_policy",
]

YEARS: Final = range(2017, 2041)
LAW: Final = Path(__file__).parents[1] / "policies" / "law"
FEDERAL: Final = "US"
_THURSDAY: Final = 3


def load_policy(path: Path, *, holidays_csv: Path | None = None) -> Policy:
    """Return the policy of the pack at *path*, which passes `check_policy`, for the years 2017 to 2040.

    Raises:
        Malformed: it cannot be read, or is at fault (rule ``policy_check``); `arrears policy check` tells every fault.
    """
    policy = unchecked_policy(path, holidays_csv=holidays_csv)
    faults = [finding for finding in check_policy(policy) if not finding.doubt]
    if faults:
        first = faults[0]
        more = f" And {len(faults) - 1} more." if len(faults) > 1 else ""
        says = f"{first.says}{more} `arrears policy check {path}` shows each with an example."
        raise Malformed("policy_check", says, file=path.name, field=", ".join(first.keys))
    return policy


def check_policy(policy: Policy) -> tuple[Finding, ...]:
    """Return what is wrong with *policy*, held against the law of its state and of the United States."""
    return check(policy, law_of(policy.state))


def checked_file(path: Path) -> tuple[Finding, ...]:
    """Return what is wrong with the pack at *path*; what cannot be read as a pack at all is one finding."""
    try:
        return check_policy(unchecked_policy(path))
    except Malformed as fault:
        return (_not_read(fault),)


def check_text(text: str) -> tuple[Finding, ...]:
    """Return what is wrong with the pack that *text* states; what it extends is one of the shipped packs."""
    try:
        return check_policy(policy_of_text(text))
    except Malformed as fault:
        return (_not_read(fault),)


def policy_of_text(text: str) -> Policy:
    """Return the policy that *text* states, whatever is wrong with it; what it extends is one of the shipped packs.

    Raises:
        Malformed: it cannot be read, or extends what is not shipped.
    """
    return _policy(_over(_over_a_shipped_one(parse_pack(text, file="pack")), LAW.parent))


def _over_a_shipped_one(pack: PackFile) -> PackFile:
    if pack.extends and pack.extends not in {path.stem for path in LAW.parent.glob("*.toml")}:
        raise Malformed("extends", f"there is no pack {pack.extends}", file="pack", field="extends")
    return pack


def _not_read(fault: Malformed) -> Finding:
    unknown = fault.rule == "unknown_key"
    return Finding(
        kind=Kind.UNKNOWN if unknown else Kind.UNREADABLE,
        keys=(fault.field,) if fault.field else (),
        since=None,
        says=f"{fault}",
        way_out="Take it out; docs list the keys that a pack may state." if unknown else "Put it right and try again.",
    )


@cache
def law_of(state: str) -> Law:
    """Return what no pack of *state* may undercut; a state whose law is not kept here has the federal floors alone."""
    files = [path for name in (FEDERAL, state) if name and (path := LAW / f"{name}.toml").is_file()]
    return Law(floors=tuple(floor for path in files for floor in parse_law(read_text(path), file=path.name).floors))


def unchecked_policy(path: Path, *, holidays_csv: Path | None = None) -> Policy:
    """Return the policy of the pack at *path*, whatever is wrong with it, for the years 2017 to 2040.

    *holidays_csv* (date, name, bank_closed, city_closed) rules over the bank's and the city's days from the day of its
    first row through that of its last: days it closes are closed, days it does not name are not holidays. It leaves
    the holidays of the law as they are, for they protect.

    Raises:
        Malformed: the pack, one that it extends, or the list of holidays cannot be read.
    """
    policy = _policy(load_pack(path))
    return policy if holidays_csv is None else replace(policy, calendar=_overruled(policy.calendar, holidays_csv))


def _policy(pack: PackFile) -> Policy:
    return Policy(
        pack=pack.pack,
        version=pack.version,
        title=pack.title,
        calendar=_calendar(pack),
        services=pack.services,
        labels=pack.labels,
        values=pack.values,
        state=pack.state,
    )


def load_pack(path: Path) -> PackFile:
    """Return the pack at *path*, over the pack beside it that it extends, if any.

    Raises:
        Malformed: it cannot be read, or extends a pack that extends another: one step is all a reader can follow.
    """
    return _over(parse_pack(read_text(path), file=path.name), path.parent)


def _over(pack: PackFile, folder: Path) -> PackFile:
    """Return *pack* over the one in *folder* that it extends, if any."""
    if not pack.extends:
        return pack
    name = f"{pack.extends}.toml"
    base = parse_pack(read_text(folder / name), file=name)
    if base.extends:
        raise Malformed(
            "extends", f"{base.pack} extends another pack itself", file=f"{pack.pack}.toml", field="extends"
        )
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
