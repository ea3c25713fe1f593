"""May a balance be corrected so, and does a second person have to agree?

Source: the pack's chapter `adjustment`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain import parameters as p
from domain.account import Service
from domain.arrangement import add_months
from domain.money import Money
from domain.policy import Parameter, Policy, PolicyGap
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
    if asked.reason is AdjustmentReason.FEE_WAIVER and asked.amount.cents > 0:
        return _no("waiver-adds", "A fee that is waived is credited.", "State the amount below zero.")
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


def may_waive(waived: int, *, policy: Policy, on: date) -> Refusal | None:
    """Return why no fee of the account is waived again, none if one may be.

    *waived*: how many of its fees were waived in the twelve months until *on*. A fee that was charged wrongly is no
    waiver: it is corrected as a billing error, as often as that happens.
    """
    most = waivers_most(policy, on)
    if most is None or waived < most:
        return None
    return Refusal(
        slug="waived-enough",
        title="No more waivers this year",
        detail=f"{waived} fees of the account were waived in twelve months; {most} may be.",
        rules=(p.WAIVERS_MAX.key,),
        citations=(policy.source(p.WAIVERS_MAX, on).citation,),
        way_out="A fee charged wrongly is corrected as a billing error. Offer an agreement or a program instead.",
    )


def waivers_most(policy: Policy, on: date) -> int | None:
    """Return how many fees of an account are waived in twelve months on anyone's leave; none if the pack is older."""
    return _times(p.WAIVERS_MAX, policy, on)


def counted_since(at: datetime, on: date) -> datetime:
    """Return from when on waivers count at an instant of the city's day *on*: twelve months before."""
    return at - (on - add_months(on, -12))


def waivers_alone(*, senior: bool, policy: Policy, on: date) -> int | None:
    """Return how many fees of an account may be waived in twelve months without a second person, by who asks.

    None, of a pack from before there was a limit by year: a senior was bound by the sum only.
    """
    most = _times(p.WAIVERS_SENIOR if senior else p.WAIVERS_REPRESENTATIVE, policy, on)
    return most if most is not None or senior else 0


def alone(asked: Adjusting, *, senior: bool, policy: Policy, on: date, waived: int = 0) -> bool:
    """Say whether who asks is enough: up to the pack's sum either way; of a waiver, as the *waived* before it let.

    A correction of another kind needs a senior person; a representative may waive a fee, as often as the pack says.
    """
    if abs(asked.amount.cents) > policy.at(p.ADJUSTMENT_LIMIT, on):
        return False
    if asked.reason is not AdjustmentReason.FEE_WAIVER:
        return senior
    most = waivers_alone(senior=senior, policy=policy, on=on)
    return most is None or waived < most


def _times(parameter: Parameter[int], policy: Policy, on: date) -> int | None:
    """Return what the pack says; none where it is from before there was such a limit."""
    try:
        return policy.at(parameter, on)
    except PolicyGap:
        return None


def _no(slug: str, says: str, way_out: str) -> Refusal:
    return Refusal(slug=slug, title=slug.replace("-", " ").capitalize(), detail=says, rules=(slug,), way_out=way_out)
