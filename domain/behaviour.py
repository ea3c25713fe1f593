"""How does a customer pay: points for each event, and what they lead to?

Source: the pack's chapter `behaviour`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain import parameters as p
from domain.arrangement import add_months
from domain.policy import Policy


class Behaviour(StrEnum):
    """What is counted."""

    LATE = "late"
    NOTICE = "notice"
    BROKEN_PLAN = "broken_plan"
    RETURNED_ITEM = "returned_item"
    CUT = "cut"
    KEPT_PLAN = "kept_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What an account's points come to within the pack's months."""

    points: int
    cash_only: bool
    deposit: bool
    says: str


def points_of(event: Behaviour, policy: Policy, *, on: date) -> int:
    """Return the points that the pack gives *event*; what it does not name has none."""
    stated = {str(name): int(points) for name, points in policy.at(p.BEHAVIOUR_POINTS, on)}
    return stated.get(event, 0)


def since(policy: Policy, *, on: date) -> date:
    """Return the day after which events count on *on*."""
    return add_months(on, -policy.at(p.BEHAVIOUR_MONTHS, on))


def score(points: Iterable[int], policy: Policy, *, on: date) -> Score:
    """Return what *points*, those after `since`, lead to; kept agreements take away, but never below nothing."""
    whole = max(0, sum(points))
    months = policy.at(p.BEHAVIOUR_MONTHS, on)
    cash, deposit = policy.at(p.BEHAVIOUR_CASH_ONLY, on), policy.at(p.BEHAVIOUR_DEPOSIT, on)
    says = f"{whole} points in {months} months; {deposit} ask for a deposit, {cash} for cash."
    return Score(points=whole, cash_only=whole >= cash, deposit=whole >= deposit, says=says)
