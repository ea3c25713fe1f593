"""The life of a payment arrangement."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.arrangement import Arrangement
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementAgreed:
    arrangement: Arrangement
    type: Literal["arrangement_agreed"] = "arrangement_agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentsMet:
    """How many leading instalments the money now covers; fewer than before after a returned payment."""

    met: int
    of: int
    paid: Money
    type: Literal["instalments_met"] = "instalments_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementBreached:
    missed_on: date
    owing: Money
    cure_by: date
    letter: str
    type: Literal["arrangement_breached"] = "arrangement_breached"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachCured:
    """*undone*: the breach rested on a mistake and does not count as a reinstatement."""

    undone: bool = False
    type: Literal["breach_cured"] = "breach_cured"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementDefaulted:
    owing: Money
    type: Literal["arrangement_defaulted"] = "arrangement_defaulted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementCompleted:
    paid: Money
    type: Literal["arrangement_completed"] = "arrangement_completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementCancelled:
    because: str
    type: Literal["arrangement_cancelled"] = "arrangement_cancelled"
