"""A payment that someone says is made: by when must it show, has it come, and was it said in vain before?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain import parameters as p
from domain.facts import Fact, FactKind, on_file
from domain.money import Money
from domain.policy import Policy
from domain.verdict import Arithmetic

MATCHED, LAPSED = "matched", "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Money that came in. *trace* is the channel's own number of it."""

    payment_id: str
    trace: str
    amount: Money
    at: datetime


def shows_by(claim: Fact, policy: Policy, on: date) -> Arithmetic:
    """Return through which open day the file of the claim's channel may still show it, as the pack says on *on*."""
    made_on = policy.calendar.day(claim.starts)
    days = days_of(claim.details.get("channel", ""), policy, on)
    last = policy.calendar.add_open_days(made_on, days)
    return Arithmetic(label="claimed payment shows by", start=made_on, days=days, result=last, calendar="open")


def days_of(channel: str, policy: Policy, on: date) -> int:
    """Return the open days after which *channel* shows a payment; the pack's general days where it does not list it."""
    return channels(policy, on).get(channel, policy.at(p.CLAIMED_PAYMENT_DAYS, on))


def channels(policy: Policy, on: date) -> dict[str, int]:
    """Return the pack's channels with their open days; none where the pack lists none."""
    if p.CLAIMED_CHANNELS.key not in policy.values:
        return {}
    return {str(channel): int(days) for channel, days in policy.at(p.CLAIMED_CHANNELS, on)}


def open_claims(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the claims of which nobody knows yet how they ended, earliest first."""
    return tuple(claim for claim in on_file(facts, FactKind.CLAIMED_PAYMENT) if not claim.details.get("outcome"))


def over(claim: Fact, policy: Policy, now: datetime) -> bool:
    """Say whether the day by which *claim* must show is past, or it was ended before that."""
    on = policy.calendar.day(now)
    return on > shows_by(claim, policy, on).result or (claim.until is not None and claim.until <= now)


def matching(facts: Iterable[Fact], arrival: Arrival) -> Fact | None:
    """Return the claim that *arrival* is the payment of: by its confirmation number, else by its very amount.

    A claim that had lapsed is matched too: it was late, not false.
    """
    found = [claim for claim in on_file(facts, FactKind.CLAIMED_PAYMENT) if claim.details.get("outcome") != MATCHED]
    by_number = (claim for claim in found if arrival.trace and claim.details.get("confirmation") == arrival.trace)
    # Money that was in before anything was said is not what was meant.
    by_amount = (claim for claim in found if claim.amount == arrival.amount and claim.starts <= arrival.at)
    return next(by_number, None) or next(by_amount, None)


def ended(claim: Fact, outcome: str, *, fact_id: str, at: datetime, by: str, payment: str = "") -> Fact:
    """Return what takes the place of *claim* once it is known how it ended: it stops nothing any more."""
    until = max(claim.starts, at) if claim.until is None else min(claim.until, max(claim.starts, at))
    details = claim.details | {"outcome": outcome} | ({"payment": payment} if payment else {})
    return replace(claim, fact_id=fact_id, until=until, known_at=at, entered_by=by, details=details)


def false_claims(facts: Iterable[Fact], policy: Policy, now: datetime) -> tuple[Fact, ...]:
    """Return the claims of the pack's last days that came to nothing, earliest first."""
    on = policy.calendar.day(now)
    since = on - timedelta(days=policy.at(p.CLAIMED_FALSE_DAYS, on))
    return tuple(
        claim
        for claim in on_file(facts, FactKind.CLAIMED_PAYMENT)
        if policy.calendar.day(claim.starts) >= since
        and (claim.details.get("outcome") == LAPSED or (not claim.details.get("outcome") and over(claim, policy, now)))
    )
