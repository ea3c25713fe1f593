"""Corrections and refunds that were asked for in a case. They are decided as the account's own, not as the case's."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.account import Service
from domain.adjustments import AdjustmentReason
from domain.money import Money
from domain.refunds import Payee


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentProposed:
    """*alone*: within the pack's limit, and asked by who may let it; nobody else is asked.

    *waivers_alone*: of a fee that is waived, how many of the account's in twelve months need nobody else, by the pack
    and the role of who asked; none where the pack has no such limit. The register counts them: waivers are also
    asked for outside the case.
    """

    adjustment_id: str
    service: Service
    amount: Money
    reason: AdjustmentReason
    about_on: date
    fund: str
    alone: bool
    because: str
    waivers_alone: int | None = None
    type: Literal["adjustment_proposed"] = "adjustment_proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundProposed:
    refund_id: str
    amount: Money
    payee: Payee
    because: str
    type: Literal["refund_proposed"] = "refund_proposed"
