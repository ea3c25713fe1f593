"""How is one value written in one cell of a spreadsheet, and read back as the type that its column has?

An empty cell is the column's own default. Cents are whole numbers, days and instants are ISO 8601, yes and no are
words. A list stands in one cell, its items between semicolons; an item of several parts, such as a bill with its
amount and due date, has them between equal signs, in the order of its parts.
"""

import json
import types
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from domain.ability import Household, household_text, read_household
from domain.money import Money

ITEM, PART, ESCAPE = ";", "=", "\\"
_YES, _NO = "yes", "no"
_PLAIN = {int: "whole number", date: "day, YYYY-MM-DD", datetime: "instant, ISO 8601 with its zone", str: "words"}


class Unfit(ValueError):
    """A cell does not hold what its column holds; the message says what was expected."""


@cache
def columns_of(kind: type) -> dict[str, Any]:
    """Return the columns in which a value of the dataclass *kind* is written, each with its type."""
    hints = _hints(kind)
    return {_name(field.name, hints[field.name]): hints[field.name] for field in fields(kind)}


def cells_of(value: Any) -> dict[str, str]:  # noqa: ANN401  # any dataclass
    """Return *value*, a dataclass, as cells by column."""
    kind: type = type(value)
    hints = _hints(kind)
    return {
        _name(field.name, hints[field.name]): write_cell(getattr(value, field.name), hints[field.name])
        for field in fields(value)
    }


def value_of(kind: type, column: str, text: str) -> Any:  # noqa: ANN401  # the column says which
    """Return what *text* means in *column* of *kind*; its default where the cell is empty and it has one.

    Raises:
        Unfit: it means nothing there.
    """
    field = next(each for each in fields(kind) if _name(each.name, _hints(kind)[each.name]) == column)
    if not text.strip():
        if field.default is not MISSING:
            return field.default
        if field.default_factory is not MISSING:
            return field.default_factory()
    return read_cell(text.strip(), columns_of(kind)[column])


def field_of(column: str, kind: type) -> str:
    """Return the field of *kind* that *column* holds."""
    hints = _hints(kind)
    return next(field.name for field in fields(kind) if _name(field.name, hints[field.name]) == column)


def says_of(hint: Any) -> str:  # noqa: ANN401  # a type
    """Return in words what a cell of this type holds."""
    inner = _without_none(hint)
    if inner is Money:
        return "cents"
    if inner is bool:
        return f"`{_YES}` or `{_NO}`"
    if inner is Household:
        return "the household, as JSON"
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return "one of " + ", ".join(f"`{each}`" for each in inner)
    if get_origin(inner) is tuple:
        return f"list of: {says_of(get_args(inner)[0])}"
    if is_dataclass(inner):
        return PART.join(columns_of(inner))  # type: ignore[arg-type]  # a class, not a value of one
    return "JSON" if inner in {dict, list} or get_origin(inner) in {dict, list} else _PLAIN[inner]


def write_cell(value: Any, hint: Any) -> str:  # noqa: ANN401  # whatever a column holds
    """Return *value* as one cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, Money):
        return str(value.cents)
    if isinstance(value, Household):
        return household_text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        inner = get_args(hint)[0]
        return ITEM.join(_escaped(each, inner) for each in value)
    if is_dataclass(value):
        return _escaped(value, hint)
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else str(value)


def read_cell(text: str, hint: Any) -> Any:  # noqa: ANN401  # whatever a column holds
    """Return what *text* means as *hint*.

    Raises:
        Unfit: it means nothing of that type.
    """
    kind = _without_none(hint)
    if not text and kind is not hint:
        return None
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_read_item(item, inner) for item in _split(text, ITEM)) if text else ()
    if is_dataclass(kind) and kind not in {Money, Household}:
        return _read_item(text, kind)
    try:
        return _scalar(text, kind)
    except (ValueError, TypeError, KeyError) as wrong:
        raise Unfit(f"{says_of(kind)} was expected") from wrong


def _scalar(text: str, kind: Any) -> Any:  # noqa: ANN401  # as above
    if kind is bool:
        return {_YES: True, _NO: False}[text.lower()]
    if kind is Money:
        return Money(_whole(text))
    if kind is int:
        return _whole(text)
    if kind is datetime:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError("an instant without a zone")
        return instant
    if kind is date:
        return date.fromisoformat(text)
    if kind is Household:
        return read_household(text)
    if kind in {dict, list} or get_origin(kind) in {dict, list}:
        return json.loads(text)
    return kind(text)


def _whole(text: str) -> int:
    if not text.removeprefix("-").isdecimal() or not text.isascii():
        raise ValueError("not a whole number")
    return int(text)


def _read_item(text: str, kind: Any) -> Any:  # noqa: ANN401  # as above
    if not is_dataclass(kind) or kind is Money:
        return read_cell(_plain(text), kind)
    parts, names = [_plain(part) for part in _split(text, PART)], list(columns_of(kind).items())  # type: ignore[arg-type]
    if len(parts) != len(names):
        raise Unfit(f"{says_of(kind)} was expected, {len(names)} parts, not {len(parts)}")
    values = {field_of(name, kind): read_cell(part, hint) for part, (name, hint) in zip(parts, names, strict=True)}  # type: ignore[arg-type]
    return kind(**values)  # type: ignore[operator]


def _escaped(value: Any, hint: Any) -> str:  # noqa: ANN401  # as above
    if is_dataclass(value) and not isinstance(value, Money):
        cells = cells_of(value).values()
        return PART.join(_escape(cell) for cell in cells)
    return _escape(write_cell(value, hint))


def _escape(text: str) -> str:
    for mark in (ESCAPE, ITEM, PART):
        text = text.replace(mark, ESCAPE + mark)
    return text


def _split(text: str, mark: str) -> Sequence[str]:
    """Return what stands between *mark*s that no backslash makes plain; the backslashes stay."""
    return list(_between(text, mark))


def _between(text: str, mark: str) -> Iterator[str]:
    start = at = 0
    while at < len(text):
        if text[at] == ESCAPE:
            at += 2
            continue
        if text[at] == mark:
            yield text[start:at]
            start = at + 1
        at += 1
    yield text[start:]


def _plain(text: str) -> str:
    found, at = [], 0
    while at < len(text):
        at += text[at] == ESCAPE and at + 1 < len(text)
        found.append(text[at])
        at += 1
    return "".join(found)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _name(field: str, hint: Any) -> str:  # noqa: ANN401  # a type
    return f"{field}_cents" if _without_none(hint) is Money else field


def _without_none(hint: Any) -> Any:  # noqa: ANN401  # a type
    if get_origin(hint) in {Union, types.UnionType}:
        return next(each for each in get_args(hint) if each is not types.NoneType)
    return hint
