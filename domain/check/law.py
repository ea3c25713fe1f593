"""What may no pack of this state undercut, and where does one?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.calendar import in_season
from domain.check.finding import Finding, Kind
from domain.parameters import PARAMETERS
from domain.policy import Policy, PolicyGap, Source, Standing


class Measure(StrEnum):
    """How a pack's value is held against the law's."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    IS = "is"
    INCLUDES = "includes"
    EXCLUDES = "excludes"
    COVERS = "covers"  # a season: every day of the law's is a day of the pack's


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What the law asks of one value from a day on; standing ``counsel``: a reading to be confirmed."""

    key: str
    measure: Measure
    value: object
    since: date
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The floors of one state, those of the United States among them."""

    floors: tuple[Floor, ...] = ()


def below_the_law(policy: Policy, law: Law) -> Iterator[Finding]:
    """Yield each value of *policy* that undercuts *law* on some day of its being in force."""
    for floor in law.floors:
        parameter = PARAMETERS[floor.key]
        days = {max(floor.since, dated.since) for dated in policy.values.get(floor.key, ())}
        for on in sorted(days):
            try:
                value, source = policy.at(parameter, on), policy.source(parameter, on)
            except PolicyGap:  # pragma: no cover  # a day taken from the values themselves
                continue
            if meets(floor, value):
                continue
            yield Finding(
                kind=Kind.SHORTER_THAN_LAW,
                keys=(floor.key,),
                since=on,
                says=f"{floor.key} is {shown(value)} from {on}; {floor.source.citation} asks for {asked(floor)}.",
                way_out=f"State {asked(floor)}, or more.",
                citation=floor.source.citation,
                doubt=floor.source.standing is Standing.COUNSEL and source.standing is Standing.COUNSEL,
                mend={floor.key: mended(floor, value)},
            )
            break


def meets(floor: Floor, value: object) -> bool:
    """Say whether *value* gives what *floor* asks for."""
    match floor.measure:
        case Measure.AT_LEAST | Measure.AT_MOST:
            assert isinstance(value, int | Decimal), f"{floor.key} is no number"
            assert isinstance(floor.value, int | Decimal), f"the floor of {floor.key} is no number"
            return value >= floor.value if floor.measure is Measure.AT_LEAST else value <= floor.value
        case Measure.IS:
            return value == floor.value
        case Measure.INCLUDES:
            return _words(floor.value) <= _words(value)
        case Measure.EXCLUDES:
            return not _words(floor.value) & _words(value)
        case Measure.COVERS:
            return _covers(value, floor.value)


def mended(floor: Floor, value: object) -> object:
    """Return *value* as *floor* would have it."""
    match floor.measure:
        case Measure.INCLUDES:
            assert isinstance(value, tuple), f"{floor.key} is no list"
            return (*value, *(word for word in _tuple(floor.value) if word not in value))
        case Measure.EXCLUDES:
            return tuple(word for word in _tuple(value) if word not in _tuple(floor.value))
        case _:
            return floor.value


def asked(floor: Floor) -> str:
    """Return in words what *floor* asks for."""
    words = {
        Measure.AT_LEAST: "at least {}",
        Measure.AT_MOST: "at most {}",
        Measure.IS: "{}",
        Measure.INCLUDES: "{} among them",
        Measure.EXCLUDES: "none of {}",
        Measure.COVERS: "every day of {}",
    }
    unit = PARAMETERS[floor.key].unit if isinstance(floor.value, int) and not isinstance(floor.value, bool) else ""
    return f"{words[floor.measure].format(shown(floor.value))} {unit}".strip()


def shown(value: object) -> str:
    """Return *value* as a person writes it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case ((int(), int()), (int(), int())):
            return " through ".join(f"{month:02}-{day:02}" for month, day in value)
        case tuple():
            return ", ".join(shown(each) for each in value) or "nothing"
        case _:
            return str(value)


def _covers(value: object, asked_for: object) -> bool:
    """Say whether each edge of the season *asked_for* and the days beside it lie in the season *value*."""
    (start, end), (first, last) = _season(value), _season(asked_for)
    if (start > end) != (first > last):
        return False
    return all(in_season(date(2023, *edge), start=start, end=end) for edge in (first, last))


def _season(value: object) -> tuple[tuple[int, int], tuple[int, int]]:
    match value:
        case ((int(a), int(b)), (int(c), int(d))):
            return (a, b), (c, d)
        case _:
            raise ValueError(f"{value} is no season")


def _tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _words(value: object) -> frozenset[object]:
    return frozenset(_tuple(value))
