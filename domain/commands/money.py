"""Money that a person asks to correct, or to pay out, in the course of a case."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.account import Service
from domain.adjustments import AdjustmentReason
from domain.money import Money
from domain.refunds import Payee


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeAdjustment:
    """Correct a balance, or add an ad hoc charge: *amount* above zero is owed in addition, below zero credited.

    *about_on*: the day of what it corrects, today if not given. *fund*: which of the city's funds bears it.
    """

    service: Service
    amount: Money
    reason: AdjustmentReason
    because: str
    about_on: date | None = None
    fund: str = ""
    type: Literal["propose_adjustment"] = "propose_adjustment"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRefund:
    """Pay credit of the account out: to who paid it, or to the fund it came from."""

    amount: Money
    because: str
    payee: Payee = Payee.PAYER
    type: Literal["propose_refund"] = "propose_refund"
