"""Was a cut of ours wrong, as is known by now? Asked again whenever something is learned that held before it."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.case import Case, Order, OrderPurpose, OrderState, ServiceState
from domain.facts import Fact, FactKind
from domain.gate import gate
from domain.policy import Policy
from domain.states import ServiceStatus
from domain.verdict import Action, Outcome

PROTECTING = frozenset({"D04", "D05", "D06", "D07", "D09", "D10", "D12", "D13", "D14", "D16", "D18", "D20"})
"""The rules that protect a household by what is so, whoever knew it. The others ask what someone did or knew then."""

OURS = frozenset({FactKind.HOLD, FactKind.STOP_SWITCH, FactKind.OUTSIDE_ACT, FactKind.CLAIMED_PAYMENT})
"""Facts that are acts or words of the day on which they are entered: none makes an earlier cut wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWrong:
    """A cut that what is known by now forbade at the time: which order, under which rules, by which facts."""

    order: Order
    cut_at: datetime
    outcomes: tuple[Outcome, ...]
    facts: tuple[str, ...]


def found_wrong(case: Case, policy: Policy) -> FoundWrong | None:
    """Return the earliest cut of the case that is known by now to have been wrong, and was not found so before.

    Only what was learned after the cut counts, and only a rule that names it: what was known then, the gate judged.
    """
    for order in case.orders:
        done = order.state is OrderState.COMPLETED and order.purpose is OrderPurpose.DISCONNECT
        if not done or order.done_at is None or order.found_wrong:
            continue
        late = frozenset(fact.fact_id for fact in case.known.facts if _learned_late(fact, order.done_at))
        if not late:
            continue
        outcomes = _forbade(case, order, policy, order.done_at, late)
        if outcomes:
            facts = tuple(dict.fromkeys(each for outcome in outcomes for each in outcome.facts if each in late))
            return FoundWrong(order=order, cut_at=order.done_at, outcomes=outcomes, facts=facts)
    return None


def of_ended(because: str) -> str:
    """Return what a supervisor reads of a wrong cut whose account has ended."""
    return (
        f"{because} The account has ended, so no order goes out by itself. "
        "See today who lives there and whether they are without service."
    )


def _learned_late(fact: Fact, cut_at: datetime) -> bool:
    return (
        fact.kind not in OURS
        and fact.withdrawn_at is None
        and fact.starts <= cut_at < fact.known_at
        and (fact.until is None or cut_at < fact.until)
    )


def _forbade(case: Case, order: Order, policy: Policy, cut_at: datetime, late: frozenset[str]) -> tuple[Outcome, ...]:
    """Return what the gate says of the cut at its own instant, knowing what is known now."""
    at_the_door = replace(order, state=OrderState.ACKNOWLEDGED)
    others = tuple(each for each in case.services if each.service is not order.service)
    then = replace(
        case,
        known=replace(case.known, at=cut_at, billing_read=True),
        orders=tuple(at_the_door if each.order_id == order.order_id else each for each in case.orders),
        services=(*others, ServiceState(service=order.service, status=ServiceStatus.ORDER_PENDING)),
    )
    verdict = gate(Action.ACKNOWLEDGE_DISCONNECTION, then, policy, cut_at)
    return tuple(each for each in verdict.blocking if each.rule in PROTECTING and late & set(each.facts))
