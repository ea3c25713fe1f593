"""Promises, extensions and payment arrangements."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPromise:
    amount: Money
    by: date
    type: Literal["record_promise"] = "record_promise"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantExtension:
    until: date
    type: Literal["grant_extension"] = "grant_extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeArrangement:
    """Agree to pay what is past due in *months* instalments after *down* (the pack's share if none is given)."""

    months: int
    down: Money | None = None
    first_due_on: date | None = None
    payer: str = "customer"
    signed: bool = False
    type: Literal["agree_arrangement"] = "agree_arrangement"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelArrangement:
    because: str
    type: Literal["cancel_arrangement"] = "cancel_arrangement"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBreach:
    because: str
    type: Literal["record_breach"] = "record_breach"


@dataclass(frozen=True, slots=True, kw_only=True)
class CureBreach:
    because: str
    mistake: bool = False
    type: Literal["cure_breach"] = "cure_breach"
