"""What is wrong with a pack, and the shortest example timeline that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What can be wrong with a pack."""

    GAP = "gap"  # a day on which a value that the core asks for is not stated
    UNKNOWN = "unknown"  # a key or a word that nothing reads
    UNREADABLE = "unreadable"  # a value that cannot be what it stands for
    SHORTER_THAN_LAW = "shorter_than_law"  # less than the law asks for
    CONTRADICTORY = "contradictory"  # two values that cannot both be meant
    UNREACHABLE = "unreachable"  # a step that no household ever comes to
    DEAD_END = "dead_end"  # a case that is stuck, or goes round for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of an example timeline."""

    on: date
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault of a pack. *doubt*: it is no fault but a choice against a reading of the law that counsel confirms.

    *mend* holds values under which the fault would be gone; the example timeline is found by comparing with them.
    """

    kind: Kind
    keys: tuple[str, ...]
    since: date | None
    says: str
    way_out: str
    citation: str = ""
    doubt: bool = False
    mend: Mapping[str, object] = field(default_factory=dict)
    timeline: tuple[Moment, ...] = ()
