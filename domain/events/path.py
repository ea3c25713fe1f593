"""The letters on the way to a disconnection, and the promises and extensions beside them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.case import Notice, Promise
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSent:
    notice: Notice
    type: Literal["reminder_sent"] = "reminder_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeServed:
    notice: Notice
    type: Literal["notice_served"] = "notice_served"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWithdrawn:
    """A reminder or notice no longer stands: what it names was paid (*paid*), or it went stale.

    *overstated*: by a mistake put right since, a notice stated more than was owed; it is served anew.
    """

    kind: str
    because: str
    paid: bool = False
    overstated: bool = False
    type: Literal["notice_withdrawn"] = "notice_withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathResumed:
    """What had been paid is owed again: the letters that stood until then count again, as far as they are given."""

    because: str
    reminder: Notice | None = None
    notice: Notice | None = None
    type: Literal["path_resumed"] = "path_resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRecorded:
    promise: Promise
    because: str = ""
    type: Literal["promise_recorded"] = "promise_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept:
    amount: Money
    type: Literal["promise_kept"] = "promise_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseBroken:
    amount: Money
    paid: Money
    type: Literal["promise_broken"] = "promise_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted:
    until: date
    refs: tuple[str, ...]
    because: str = ""
    type: Literal["extension_granted"] = "extension_granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionEnded:
    until: date
    type: Literal["extension_ended"] = "extension_ended"
