"""Which JSON stands for a dataclass of the domain when it comes in, and how is it read back?"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, create_model

from domain.money import Money

TEXT_MAX = 4_000
CENTS_MAX = 10**12
COUNT_MAX = 600  # months, addresses, anything counted by a person
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)  # beyond them day arithmetic has no meaning for a utility

PAIRS = tuple[tuple[str, str], ...]


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a zero byte cannot be stored")
    return text


def _lived_through(instant: datetime) -> datetime:
    if not FIRST_DAY < instant.date() < LAST_DAY:
        raise ValueError(f"an instant lies between {FIRST_DAY} and {LAST_DAY}")
    return instant


Text = Annotated[str, StringConstraints(max_length=TEXT_MAX), AfterValidator(_storable)]
Cents = Annotated[int, Field(ge=-CENTS_MAX, le=CENTS_MAX)]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Instant = Annotated[AwareDatetime, AfterValidator(_lived_through)]
_SIMPLE: Mapping[object, object] = {
    str: Text,
    int: Annotated[int, Field(ge=0, le=COUNT_MAX)],
    date: Day,
    datetime: Instant,
    Money: Cents,
    PAIRS: dict[Text, Text],
}

D = TypeVar("D")


@lru_cache(maxsize=256)
def mirror(kind: type) -> type[BaseModel]:
    """Return the schema of *kind*: its fields, nothing more, an amount *x* as *x_cents*; unknown fields are refused."""
    assert is_dataclass(kind), "only dataclasses are mirrored"
    hints = get_type_hints(kind)
    columns: dict[str, Any] = {}
    for field in fields(kind):
        hint = hints[field.name]
        columns[_name(field.name, hint)] = (_json_type(hint), _default(field, hint))
    says = kind.__doc__ if kind.__doc__ and not kind.__doc__.startswith(f"{kind.__name__}(") else None
    return create_model(kind.__name__, __doc__=says, __config__=ConfigDict(extra="forbid", frozen=True), **columns)


def from_json(model: BaseModel, kind: type[D]) -> D:
    """Return the *kind* that *model*, an instance of its mirror, stands for."""
    hints = get_type_hints(kind)
    assert is_dataclass(kind), "only dataclasses are mirrored"
    return kind(**{f.name: _value(getattr(model, _name(f.name, hints[f.name])), hints[f.name]) for f in fields(kind)})


def _name(name: str, hint: object) -> str:
    return f"{name}_cents" if _without_none(hint) is Money else name


def _without_none(hint: object) -> object:
    """Return what an optional hint is about, and any other hint as it is."""
    if get_origin(hint) in {Union, types.UnionType}:
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint


def _json_type(hint: object) -> object:
    inner = _without_none(hint)
    if inner is not hint:
        return Union[_json_type(inner), None]  # noqa: UP007  # built at run time
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return mirror(hint)
    if get_origin(hint) is tuple:
        return tuple[_json_type(get_args(hint)[0]), ...]  # type: ignore[misc]  # a type made at run time
    if get_origin(hint) is dict:
        return dict[Text, Text]
    return hint


def _default(field: Any, hint: object) -> object:  # noqa: ANN401  # a dataclasses.Field of any type
    if field.default_factory is not MISSING:
        return Field(default_factory=field.default_factory)
    if field.default is MISSING:
        # The one literal of a command's type tells commands apart, so it may not be left out.
        return ...
    if get_origin(hint) is Literal and field.name == "type":
        return ...
    if hint == PAIRS:
        return {}
    return field.default.cents if isinstance(field.default, Money) else field.default


def _value(value: Any, hint: object) -> object:  # noqa: ANN401  # whatever the mirror's field holds
    if value is None:
        return None
    inner = _without_none(hint)
    if inner is Money:
        return Money(value)
    if inner == PAIRS:
        return tuple(value.items())
    if is_dataclass(inner) and isinstance(inner, type):
        return from_json(value, inner)
    if get_origin(inner) is tuple:
        return tuple(_value(item, get_args(inner)[0]) for item in value)
    return value
