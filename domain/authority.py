"""Up to which sums may whom forgive a debt, or let it follow its customer, as the pack says for each role?"""

from collections.abc import Iterable
from datetime import date, datetime

from domain import commands as c
from domain import parameters as p
from domain.facts import Fact, FactKind, standing
from domain.money import ZERO, Money
from domain.policy import Parameter, Policy, PolicyGap
from domain.refusals import no
from domain.verdict import Refusal


def forgives_alone(decision: c.Decision, policy: Policy, on: date) -> Money:
    """Return how much the person who decides may forgive without a second one."""
    return _sum(p.SETTLEMENT_SENIOR_MAX if decision.senior else p.SETTLEMENT_REPRESENTATIVE_MAX, policy, on)


def may_give_leave(
    decision: c.Decision, amount: Money, parameter: Parameter[int], policy: Policy, on: date
) -> Refusal | None:
    """Return why the second person may not give leave for *amount*: a senior only up to what *parameter* says.

    What a supervisor may not is asked by the rules of the act itself.
    """
    most = _sum(parameter, policy, on)
    if decision.supervisor or amount <= most:
        return None
    return no(
        "beyond-authority",
        f"{amount} is asked for; a senior gives leave for {most} at most.",
        "Ask a supervisor.",
        rule=parameter.key,
    )


def may_be_forgiven(
    amount: Money, facts: Iterable[Fact], policy: Policy, now: datetime, *, way_out: str
) -> Refusal | None:
    """Return why *amount* is nobody's at the utility to forgive: above the pack's sum, the governing body resolves."""
    on = policy.calendar.day(now)
    most = Money(policy.at(p.SETTLEMENT_FORGIVEN_MAX, on))
    if amount <= most or standing(facts, FactKind.WRITE_OFF_RESOLUTION, now):
        return None
    return no(
        "beyond-authority",
        f"{amount} would be forgiven; no more than {most} is a supervisor's to forgive.",
        way_out,
        rule=p.SETTLEMENT_FORGIVEN_MAX.key,
        citation=policy.source(p.SETTLEMENT_FORGIVEN_MAX, on).citation,
    )


def _sum(parameter: Parameter[int], policy: Policy, on: date) -> Money:
    """Return the pack's sum; nothing where it states none, as packs from before there were sums for each role."""
    try:
        return Money(policy.at(parameter, on))
    except PolicyGap:
        return ZERO
