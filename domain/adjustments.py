"""May a balance be corrected so, and does a second person have to agree?

Source: the pack's chapter `adjustment`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain import parameters as p
from domain.account import Service
from domain.arrangement import add_months
from domain.money import Money
from domain.policy import Policy
from domain.verdict import Refusal


class AdjustmentReason(StrEnum):
    """Why a balance is corrected, as the register of adjustments lists it."""

    MISREAD = "misread"
    BILLING_ERROR = "billing_error"
    LEAK = "leak"
    FEE_WAIVER = "fee_waiver"
    SERVICE_CHARGE = "service_charge"
    DAMAGE = "damage"
    TAMPERING = "tampering"
    GOODWILL = "goodwill"
    TRANSFER = "transfer"
    COURT = "court"
    OTHER = "other"


class AdjustmentState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusting:
    """What is to be corrected. *amount* above zero is owed in addition, below zero credited.

    *about_on*: the day of the bill or event that it corrects. *fund*: which fund of the city's books bears it.
    """

    service: Service
    amount: Money
    reason: AdjustmentReason
    about_on: date
    fund: str = ""


def may_adjust(
    asked: Adjusting, *, services: tuple[Service, ...], taken_by_me: bool, policy: Policy, on: date
) -> Refusal | None:
    """Return why the balance may not be corrected so, none if it may. *taken_by_me*: who asks took money for it."""
    if not asked.amount:
        return _no("nothing-to-adjust", "The amount is nothing.", "State what is to be added or credited.")
    if asked.service not in services:
        return _no("service-not-billed", f"The account has no {asked.service}.", f"It has: {', '.join(services)}.")
    if asked.about_on > on:
        return _no("adjusts-the-future", f"{asked.about_on} is still to come.", "Name the day of what is corrected.")
    months = policy.at(p.ADJUSTMENT_MONTHS_BACK, on)
    if asked.about_on < add_months(on, -months):
        return Refusal(
            slug="too-far-back",
            title="Too far back",
            detail=f"{asked.about_on} is more than {months} months ago.",
            rules=(p.ADJUSTMENT_MONTHS_BACK.key,),
            citations=(policy.source(p.ADJUSTMENT_MONTHS_BACK, on).citation,),
            way_out=f"A bill is corrected back to {add_months(on, -months)}.",
        )
    if taken_by_me:
        return _no("took-the-money", "Who took the account's money does not adjust it.", "Someone else does it.")
    return None


def alone(asked: Adjusting, *, senior: bool, policy: Policy, on: date) -> bool:
    """Say whether one senior person is enough: up to the pack's limit either way."""
    return senior and abs(asked.amount.cents) <= policy.at(p.ADJUSTMENT_LIMIT, on)


def _no(slug: str, says: str, way_out: str) -> Refusal:
    return Refusal(slug=slug, title=slug.replace("-", " ").capitalize(), detail=says, rules=(slug,), way_out=way_out)
