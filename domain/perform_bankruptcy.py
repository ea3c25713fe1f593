"""What performing a bankruptcy's step means: what billing moves, and the events that follow."""

from dataclasses import replace
from datetime import date, datetime

from domain import events as ev
from domain.bankruptcy import PAID_SINCE, StayedPart, pending, petition_day, revived, to_set_aside
from domain.case import Case
from domain.effects import MoveBalance, MovedSum
from domain.facts import FactKind, on_file
from domain.money import ZERO, total
from domain.policy import Policy
from domain.step import Step, StepKind

BANKRUPTCY_STEPS = frozenset({StepKind.SET_ASIDE, StepKind.APPLY_PLAN_MONEY, StepKind.REVIVE_DEBT})


def bankruptcy_effect(case: Case, step: Step, policy: Policy, now: datetime) -> MoveBalance:
    """Return what billing moves for *step*: the earlier debt out of what is asked for, or some of it back in.

    What the trustee pays is put back as it is paid, at its old date: his money then goes to it and to nothing later.
    """
    on, known = policy.calendar.day(now), case.bankruptcy
    if step.kind is StepKind.SET_ASIDE:
        parts = _aside(case, policy, now)
        key = f"{case.case_id}/set-aside/{'+'.join(part.ref for part in parts)}"
        out = tuple(replace(moved, amount=ZERO - moved.amount) for moved in _sums(parts))
        return MoveBalance(key=key, on=on, reason="bankruptcy stay", sums=out, stops_autopay=True)
    assert known is not None, "what comes back was set aside"
    if step.kind is StepKind.APPLY_PLAN_MONEY:
        _, paid = known.less(step.amount)
        key = f"{case.case_id}/plan/{(known.paid + step.amount).cents}"
        return MoveBalance(key=key, on=on, reason="bankruptcy plan", sums=_sums(paid))
    key = f"{case.case_id}/revived/{known.petition_on}"
    return MoveBalance(
        key=key, on=on, reason="bankruptcy dismissed", sums=_sums(revived(known, _ended_on(case, policy, now)))
    )


def bankruptcy_bodies(case: Case, step: Step, policy: Policy, now: datetime) -> tuple[ev.Body, ...]:
    """Return the events of *step*, done at *now*."""
    if step.kind is StepKind.SET_ASIDE:
        petition = pending(case.known.facts, now)
        assert petition is not None, "the step was asked for because one stands"
        parts, petition_on = _aside(case, policy, now), petition_day(petition, policy.calendar)
        divided = ev.PetitionSplit(
            petition=petition.fact_id,
            petition_on=petition_on,
            chapter=petition.details.get("chapter", ""),
            amount=step.amount,
            parts=parts,
        )
        moved = total(part.amount for part in parts if part.ref.startswith(PAID_SINCE))
        about = (
            f"{moved} that the customer paid since the petition of {petition_on} had paid older debt: it is counted to "
            "later charges, and claimed in the bankruptcy. Counsel says whether that is right."
        )
        return (divided, ev.TaskRaised(kind="money_since_petition", about=about)) if moved > ZERO else (divided,)
    known = case.bankruptcy
    assert known is not None, "what comes back was set aside"
    if step.kind is StepKind.APPLY_PLAN_MONEY:
        return (ev.PlanPaymentApplied(amount=step.amount, left=known.claim - step.amount),)
    dismissed_on = _ended_on(case, policy, now)
    return (ev.DebtRevived(amount=known.claim, parts=revived(known, dismissed_on), dismissed_on=dismissed_on),)


def _aside(case: Case, policy: Policy, now: datetime) -> tuple[StayedPart, ...]:
    petition = pending(case.known.facts, now)
    assert petition is not None, "the step was asked for because one stands"
    on = petition_day(petition, policy.calendar)
    return to_set_aside(case.known, case.bankruptcy, petition, on)


def _ended_on(case: Case, policy: Policy, now: datetime) -> date:
    ends = [fact.until for fact in on_file(case.known.facts, FactKind.BANKRUPTCY) if fact.until and fact.until <= now]
    return policy.calendar.day(max(ends, default=now))


def _sums(parts: tuple[StayedPart, ...]) -> tuple[MovedSum, ...]:
    return tuple(
        MovedSum(ref=part.ref, service=part.service, amount=part.amount, due_on=part.due_on)
        for part in parts
        if part.amount > ZERO
    )
