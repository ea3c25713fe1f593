"""What does a policy pack's text state: dated values, each with its unit, source and standing?

A pack is TOML. At the top stand `pack`, `version`, `title` and either `extends` (the name of the pack whose content it
takes over where it says nothing itself) or `zone`, `services`, `labels` and `closed`. Every other table is a group of
parameters (`domain/parameters.py`), each with the parameter's own unit and its values in the order of their days:

    [notice.min_days_mailed]
    unit = "calendar days after mailing"
    values = [{from = 2021-07-01, value = 10, status = "assumed", source = "to be filled by the city"}]
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from domain.account import Service
from domain.calendar import CityCalendar, Window
from domain.parameters import PARAMETERS
from domain.policy import Dated, Parameter, Policy, Source, Standing
from formats.errors import Malformed

_TEXTS: Final = ("pack", "version", "title", "extends", "zone")
_TOP: Final = {*_TEXTS, "services", "labels", "closed"}
_GROUPS: Final = {key.partition(".")[0] for key in PARAMETERS}
_ROW: Final = {"from", "value", "status", "source"}

Values = dict[str, tuple[Dated[object], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """One pack as written, before its calendars are computed. What a pack that extends another leaves out is empty.

    *state* is the state whose holidays close the offices; *extra_closed* names further days of each year:
    `day_after_thanksgiving`, `christmas_eve`.
    """

    pack: str
    version: str
    title: str
    extends: str = ""
    zone: str = ""
    services: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    state: str = ""
    extra_closed: tuple[str, ...] = ()
    values: Values = field(default_factory=dict)

    def over(self, base: "PackFile") -> "PackFile":
        """Return this pack with what it does not say itself taken from *base*."""
        return PackFile(
            pack=self.pack,
            version=self.version,
            title=self.title,
            zone=self.zone or base.zone,
            services=self.services or base.services,
            labels=self.labels or base.labels,
            state=self.state or base.state,
            extra_closed=self.extra_closed or base.extra_closed,
            values=base.values | self.values,
        )


def parse_pack(text: str, *, file: str = "") -> PackFile:
    """Return the pack that *text* states.

    Raises:
        Malformed: it is no TOML, or holds an unknown key, a parameter without unit, status or source, a unit or a type
            that is not the parameter's, or values whose days do not ascend. Names file, key and rule.
    """
    try:
        return _pack(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as fault:
        raise Malformed("toml", str(fault), file=file) from None
    except Malformed as fault:
        raise fault.within(file) from None


def _pack(tables: dict[str, Any]) -> PackFile:
    for key in tables:
        if key not in _TOP and key not in _GROUPS:
            raise Malformed("unknown_key", "no pack has this key", field=key)
    texts = {key: _text(tables, key) for key in _TEXTS if key in tables}
    needed = ("pack", "version", "title") + (() if "extends" in tables else ("zone", "services", "labels", "closed"))
    for key in needed:
        if key not in tables:
            raise Malformed("missing_key", "a pack states this", field=key)
    services = _services(tables.get("services", []))
    closed = _table(tables.get("closed", {}), "closed")
    _only(closed, {"state", "extra"}, "closed")
    return PackFile(
        **texts,
        services=services,
        labels={key: _text(tables["labels"], key) for key in tables.get("labels", {})},
        state=_text(closed, "state") if closed else "",
        extra_closed=_texts(closed.get("extra", []), "closed.extra"),
        values=_values(tables),
    )


def _services(value: object) -> tuple[str, ...]:
    services = _texts(value, "services")
    for service in services:
        if service not in set(Service):
            raise Malformed("wrong_type", f"{service} is no service", field="services")
    return services


def _values(tables: dict[str, Any]) -> Values:
    found: Values = {}
    for group in (name for name in tables if name not in _TOP):
        for name, stated in _table(tables[group], group).items():
            key = f"{group}.{name}"
            if key not in PARAMETERS:
                raise Malformed("unknown_key", "no parameter has this name", field=key)
            found[key] = _parameter(PARAMETERS[key], _table(stated, key))
    return found


def _parameter(parameter: Parameter[object], stated: dict[str, Any]) -> tuple[Dated[object], ...]:
    key = parameter.key
    _only(stated, {"unit", "values"}, key)
    if stated.get("unit") != parameter.unit:
        raise Malformed("wrong_unit", f'the unit "{parameter.unit}" was expected', field=key)
    rows = stated.get("values")
    if not isinstance(rows, list) or not rows:
        raise Malformed("missing_key", "a list of values was expected", field=key)
    dated = tuple(_dated(parameter, _table(row, key)) for row in rows)
    if any(later.since <= earlier.since for earlier, later in pairwise(dated)):
        raise Malformed("order_of_dates", "each value takes force after the one before it", field=key)
    return dated


def _dated(parameter: Parameter[object], row: dict[str, Any]) -> Dated[object]:
    key = parameter.key
    _only(row, _ROW, key)
    for part in sorted(_ROW - row.keys()):
        raise Malformed("missing_key", f"a value has its {part}", field=key)
    if type(row["from"]) is not date:
        raise Malformed("wrong_type", "a date was expected in from", field=key)
    status, source = _text(row, "status", within=key), _text(row, "source", within=key)
    if status not in set(Standing) or not source.strip():
        raise Malformed("wrong_type", "a status (law, policy, assumed, counsel) and a source were expected", field=key)
    return Dated(row["from"], typed(parameter, row["value"]), Source(source, Standing(status)))


def typed(parameter: Parameter[object], value: object) -> object:
    """Return *value*, as TOML or JSON gave it, as the parameter's own type.

    Raises:
        Malformed: it is of another type. A whole number may stand for a Decimal, never a truth value for a number.
    """
    kind = parameter.kind
    wrong = Malformed("wrong_type", f"{kind.__name__} was expected", field=parameter.key)
    if kind is tuple:
        if not isinstance(value, list):
            raise wrong
        return _frozen(value)
    if kind is Window and isinstance(value, str):
        try:
            return Window.parse(value)
        except ValueError as fault:
            raise Malformed("wrong_type", str(fault), field=parameter.key) from None
    if kind is Decimal and type(value) in {int, Decimal}:
        return Decimal(str(value))
    if type(value) is not kind:
        raise wrong
    return value


def _frozen(value: object) -> object:
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value


def _only(table: Mapping[str, object], allowed: set[str], within: str) -> None:
    for key in table:
        if key not in allowed:
            raise Malformed("unknown_key", f"{within} has no such key", field=f"{within}.{key}")


def _table(value: object, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed("wrong_type", "a table was expected", field=key)
    return value


def _text(table: dict[str, Any], key: str, *, within: str = "") -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise Malformed("wrong_type", "text was expected", field=f"{within}.{key}".lstrip("."))
    return value


def _texts(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Malformed("wrong_type", "a list of texts was expected", field=key)
    return tuple(value)


def dump_policy(policy: Policy) -> str:
    """Return *policy* with its calendars as JSON, to be stored under its digest."""
    calendar = policy.calendar
    content = {
        "pack": policy.pack,
        "version": policy.version,
        "title": policy.title,
        "state": policy.state,
        "zone": calendar.zone,
        "bank_closed": _days(calendar.bank_closed),
        "city_closed": _days(calendar.city_closed),
        "legal_holidays": _days(calendar.legal_holidays),
        "services": policy.services,
        "labels": policy.labels,
        "values": {
            key: [[d.since.isoformat(), _plain(d.value), d.source.citation, d.source.standing] for d in dated]
            for key, dated in policy.values.items()
        },
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False)


def read_policy(text: str) -> Policy:
    """Return the policy that `dump_policy` wrote; its digest is the one it had.

    Raises:
        Malformed: it is not such a text.
    """
    try:
        content = json.loads(text, parse_float=Decimal)
        return Policy(
            pack=content["pack"],
            version=content["version"],
            title=content["title"],
            calendar=CityCalendar(
                zone=content["zone"],
                bank_closed=_read_days(content["bank_closed"]),
                city_closed=_read_days(content["city_closed"]),
                legal_holidays=_read_days(content["legal_holidays"]),
            ),
            services=tuple(content["services"]),
            labels=content["labels"],
            state=content.get("state", ""),
            values={key: _read_values(PARAMETERS[key], rows) for key, rows in content["values"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        if isinstance(fault, Malformed):
            raise
        raise Malformed("policy", "a stored policy was expected") from fault


def _read_values(parameter: Parameter[object], rows: list[list[Any]]) -> tuple[Dated[object], ...]:
    return tuple(
        Dated(
            date.fromisoformat(since),
            typed(parameter, Decimal(value) if parameter.kind is Decimal else value),
            Source(citation, Standing(standing)),
        )
        for since, value, citation, standing in rows
    )


def _days(days: frozenset[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)


def _read_days(days: list[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in days)


def _plain(value: object) -> object:
    if isinstance(value, Window):
        return f"{value.opens:%H:%M}-{value.closes:%H:%M}"
    return str(value) if isinstance(value, Decimal) else value
