"""What the city's policy says on a given day: dated values, each with its unit, source and standing in law."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Generic, TypeVar, cast

from domain.calendar import CityCalendar

T = TypeVar("T")


class Standing(StrEnum):
    """Where a value comes from; ``counsel`` marks law whose reading a lawyer has yet to confirm."""

    LAW = "law"
    POLICY = "policy"
    ASSUMED = "assumed"
    COUNSEL = "counsel"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value is written, and with what standing."""

    citation: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value in force from a day on."""

    since: date
    value: T
    source: Source


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T]):
    """The name of a policy value, with the type of what it holds and the unit it is counted in."""

    key: str
    kind: type[T]
    unit: str


class PolicyGap(LookupError):
    """A pack was asked for a value that it does not state for that day."""


@dataclass(frozen=True)
class Policy:
    """A loaded pack. Values are looked up by parameter and day; the digest names this very content.

    *state* is the one whose law the pack may not undercut; none is known of packs stored without it.
    """

    pack: str
    version: str
    title: str
    calendar: CityCalendar
    services: tuple[str, ...]
    labels: dict[str, str]
    values: dict[str, tuple[Dated[object], ...]]
    state: str = ""

    def at(self, parameter: Parameter[T], on: date) -> T:
        """Return the value in force on *on*.

        Raises:
            PolicyGap: the pack states none for that day.
        """
        return cast("T", self._dated(parameter.key, on).value)

    def source(self, parameter: Parameter[T], on: date) -> Source:
        """Return where the value in force on *on* is written.

        Raises:
            PolicyGap: the pack states none for that day.
        """
        return self._dated(parameter.key, on).source

    def _dated(self, key: str, on: date) -> Dated[object]:
        for dated in reversed(self.values.get(key, ())):
            if dated.since <= on:
                return dated
        raise PolicyGap(f"pack {self.pack} states no {key} for {on}")

    @cached_property
    def digest(self) -> str:
        """Return the first 16 hex digits of SHA-256 over the pack's whole content, calendars included."""
        calendar = self.calendar
        content = {
            "pack": self.pack,
            "version": self.version,
            **({"state": self.state} if self.state else {}),
            "zone": calendar.zone,
            "closed": [_iso(calendar.bank_closed), _iso(calendar.city_closed), _iso(calendar.legal_holidays)],
            "services": self.services,
            "labels": self.labels,
            "values": {
                key: [[d.since.isoformat(), d.value, d.source.citation, d.source.standing] for d in dated]
                for key, dated in self.values.items()
            },
        }
        return sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _iso(days: Iterable[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)
