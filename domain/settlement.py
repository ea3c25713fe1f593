"""What does the bank owe us a line for, what line did it give, and where do the two not agree?

A payment file says what money should reach or leave the bank, and on which bank day; the statement says what did. Both
are summed by source and day. Where they differ on one day and again, the other way round, on a later one, or where what
differs on some days running comes to nothing, it was a matter of time; whatever is left over is a break that a person
explains.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from domain.posting import Item, ItemKind

BANK_SOURCE: Final = "bank"  # of a line of the statement
LUMP: Final = "lump"  # money that reaches the bank as one sum for a file of its own
CHECK_RETURNS: Final = "check_returns"
REGISTER: Final = "register"  # what the tills say they took, beside the receipts: no line of the bank


class Side(StrEnum):
    OURS = "ours"  # what our files say should move
    THEIRS = "theirs"  # what the statement, or the lump, says has moved
    OPENING = "opening"  # the bank's own balances of the day
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A sum that moves at the bank, above zero to us: on the day that is stated, else on the file's own.

    *later*: on the next bank day after it.
    """

    side: Side
    source: str
    cents: int
    ref: str = ""
    later: bool = False
    on: date | None = None


_LATER: Final = frozenset({"draft", "card", "counter"})
_CHECKS: Final = frozenset({"lockbox", "counter"})
_LUMPED: Final = frozenset({"aggregator", "remit"})


def settled_by(items: Iterable[Item], *, identity: str) -> tuple[Settlement, ...]:
    """Return what moves at the bank because of *items*, summed; *identity* is what a lump calls their file."""
    sums: defaultdict[tuple[Side, str, str, bool], int] = defaultdict(int)
    for item in items:
        for side, source, ref, later, cents in _of(item, identity):
            sums[side, source, ref, later] += cents
    return tuple(
        Settlement(side=side, source=source, ref=ref, later=later, cents=cents)
        for (side, source, ref, later), cents in sums.items()
        if cents
    )


def _of(item: Item, identity: str) -> Iterable[tuple[Side, str, str, bool, int]]:
    source, back = item.source, item.kind is ItemKind.RETURN
    if source == BANK_SOURCE:
        return []  # the statement itself says on which day its lines moved
    if item.kind is ItemKind.CLEARING:
        return [(Side.OURS, source, "", False, item.cents), (Side.THEIRS, LUMP, item.original, False, item.cents)]
    if source in _LUMPED:
        ref = identity if source == "aggregator" else item.trace.rpartition(".")[0]
        return [(Side.OURS, LUMP, ref, False, -item.cents if back else item.cents)]
    if back and source in _CHECKS:
        return [(Side.OURS, CHECK_RETURNS, "", False, -item.cents)]
    if source in {"ach", "draft", "card", "lockbox", "counter"}:
        later = source in _LATER and not (back and source == "draft")
        return [(Side.OURS, source, "", later, -item.cents if back else item.cents)]
    return []  # assistance and agency state their own sums; the desk's money is not the bank's yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What one source lacks, or has over, on one day. *met_on*: the day on which the same came the other way round."""

    source: str
    ref: str
    on: date
    ours_cents: int
    theirs_cents: int
    met_on: date | None = None

    @property
    def cents(self) -> int:
        """Return what the other side has more than we."""
        return self.theirs_cents - self.ours_cents


Sums = Mapping[tuple[str, str, date], tuple[int, int]]
"""Ours and theirs by source, reference and day."""


def differences(sums: Sums) -> tuple[Difference, ...]:
    """Return where the two sides differ, oldest first, each with the day on which it was made good, if it was."""
    found: defaultdict[tuple[str, str], list[Difference]] = defaultdict(list)
    for (source, ref, on), (ours, theirs) in sorted(sums.items(), key=lambda each: each[0][2]):
        if ours != theirs:
            difference = Difference(source=source, ref=ref, on=on, ours_cents=ours, theirs_cents=theirs)
            found[source, ref].append(difference)
    paired = [each for of_one in found.values() for each in _paired(of_one)]
    return tuple(sorted(paired, key=lambda each: (each.on, each.source, each.ref)))


def _paired(of_one: Sequence[Difference]) -> Iterable[Difference]:
    """Yield the differences of one source; those that make each other good know by when they did."""
    met: dict[int, date] = {}
    for place, early in enumerate(of_one):
        if place in met:
            continue
        for other in range(place + 1, len(of_one)):
            if other not in met and of_one[other].cents == -early.cents:
                met[place] = met[other] = of_one[other].on
                break
    met |= _run_to_nothing(of_one, [place for place in range(len(of_one)) if place not in met])
    for place, each in enumerate(of_one):
        yield Difference(
            source=each.source,
            ref=each.ref,
            on=each.on,
            ours_cents=each.ours_cents,
            theirs_cents=each.theirs_cents,
            met_on=met.get(place),
        )


def _run_to_nothing(of_one: Sequence[Difference], left: Sequence[int]) -> dict[int, date]:
    """Return which of *left* stand in a run that sums to nothing, as delays on days running do, and when it ended."""
    met: dict[int, date] = {}
    total, since = 0, {0: 0}  # how many of them came before the sum was what it is
    for count, place in enumerate(left, start=1):
        total += of_one[place].cents
        if total in since:
            met |= dict.fromkeys(left[since[total] : count], of_one[place].on)
            since = {}
        since[total] = count
    return met


def gaps(balances: Mapping[date, tuple[int, int]]) -> tuple[tuple[date, int], ...]:
    """Return the days whose opening balance is not the closing one before, with what is missing or over."""
    ordered = sorted(balances.items())
    return tuple((day, opens - closes) for (_, (_, closes)), (day, (opens, _)) in pairwise(ordered) if opens != closes)
