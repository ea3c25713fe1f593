"""How do the readers of payment files say what they found: one sum of money each, in, back, or clearing?"""

from collections.abc import Iterator
from typing import NamedTuple

from domain.posting import Item, ItemKind
from domain.settlement import Settlement


class Read(NamedTuple):
    """What a reader gives: the sender's name for the file, its sums, and what only the file itself says of the bank."""

    identity: str
    items: Iterator[Item]
    settlements: tuple[Settlement, ...] = ()


def receipt(
    source: str, trace: str, written: str, cents: int, *, origin: tuple[str, ...] = (), **more: str | int
) -> Item:
    """Return money that came in; *more*: *line*, *original*, *tender*, *payer*, *household*."""
    line, original, tender = int(more["line"]), str(more.get("original", trace)), str(more.get("tender", source))
    return Item(
        kind=ItemKind.RECEIPT,
        line=line,
        source=source,
        trace=trace,
        original=original,
        written=written,
        cents=cents,
        tender=tender,
        payer=str(more.get("payer", "")),
        origin=origin,
        household=str(more.get("household", "")),
    )


def went_back(source: str, trace: str, cents: int, *, line: int, original: str, code: str, written: str = "") -> Item:
    """Return money that was taken back; *original* is what it calls the money."""
    return Item(
        kind=ItemKind.RETURN,
        line=line,
        source=source,
        trace=trace,
        original=original,
        written=written,
        cents=cents,
        code=code,
    )


def clearing(source: str, trace: str, cents: int, *, line: int, called: str, settles: str = "") -> Item:
    """Return a sum whose detail is in another file, *called* by that file's name."""
    return Item(
        kind=ItemKind.CLEARING,
        line=line,
        source=source,
        trace=trace,
        original=called,
        written="",
        cents=cents,
        tender=settles,
    )
