"""Which calls go wrong on demand, in which way and how often?"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from hashlib import sha256


class FaultKind(StrEnum):
    """*error* comes before the effect, *timeout_after_success* after it; the last two concern callbacks."""

    DELAY = "delay"
    ERROR = "error"
    TIMEOUT_AFTER_SUCCESS = "timeout_after_success"
    DUPLICATE_CALLBACK = "duplicate_callback"
    LATE_CALLBACK = "late_callback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """*route* is a pattern over names such as `billing/post_payment`, `field/*`, `field/callbacks`.

    *times*: how often at most, none: without end. *probability* is of each call, drawn from *seed*. *seconds*: how
    long a delay or a hanging answer lasts. *status*: what an error answers.
    """

    route: str
    kind: FaultKind
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    seconds: float = 30.0
    status: int = 500


class Faults:
    """The faults that are set, each with how often it was asked and how often it struck."""

    def __init__(self) -> None:
        self._set: list[Fault] = []
        self._asked: dict[int, int] = {}
        self._struck: dict[int, int] = {}

    def add(self, fault: Fault) -> None:
        self._set.append(fault)

    def clear(self) -> None:
        self._set.clear()
        self._asked.clear()
        self._struck.clear()

    def take(self, route: str, kinds: Iterable[FaultKind]) -> Fault | None:
        """Return the fault that strikes this call, counted as struck; none when none does."""
        wanted = frozenset(kinds)
        for place, fault in enumerate(self._set):
            struck = self._struck.get(place, 0)
            if fault.kind not in wanted or not fnmatchcase(route, fault.route):
                continue
            if (fault.times is None or struck < fault.times) and self._draw(place) < fault.probability:
                self._struck[place] = struck + 1
                return fault
        return None

    def _draw(self, place: int) -> float:
        """Return the next number in [0, 1) of the fault at *place*."""
        count = self._asked[place] = self._asked.get(place, 0) + 1
        digest = sha256(f"{self._set[place].seed}/{count}".encode()).digest()
        return int.from_bytes(digest[:4], "big") / 2**32
