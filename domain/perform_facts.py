"""What performing a step about a fact means: a claim that lapses, a cut that is found wrong."""

from datetime import datetime

from domain import events as ev
from domain.case import Case
from domain.claimed import LAPSED, ended
from domain.effects import Receipt, SendLetter
from domain.facts import FactKind, standing
from domain.policy import Policy
from domain.step import Step, StepKind
from domain.wrongful import found_wrong

FACT_STEPS = frozenset({StepKind.LAPSE_CLAIM, StepKind.NOTE_WRONG_CUT})
WRONG_CUT_LETTER = "wrongful disconnection"


def fact_bodies(case: Case, step: Step, receipt: Receipt, policy: Policy, now: datetime) -> tuple[ev.Body, ...]:
    """Return what *step*, done at *now* with *receipt*, leaves in the case."""
    if step.kind is StepKind.LAPSE_CLAIM:
        return _lapsed_claim(case, step, now)
    return _wrong_cut(case, step, receipt, policy)


def wrong_cut_letter(case: Case, step: Step, now: datetime) -> SendLetter | None:
    """Return the letter about a wrong cut; none where a person writes: the customer died or has a lawyer."""
    if any(standing(case.known.facts, kind, now) for kind in (FactKind.DECEASED, FactKind.REPRESENTED)):
        return None
    return SendLetter(key=f"{step.ref}/wrong", kind=WRONG_CUT_LETTER)


def _wrong_cut(case: Case, step: Step, receipt: Receipt, policy: Policy) -> tuple[ev.Body, ...]:
    """Return the record of a cut found wrong, and who is told: a supervisor, and counsel by way of one."""
    found = found_wrong(case, policy)
    assert found is not None, "the step was asked for because one was found"
    service = found.order.service
    return (
        ev.CutFoundWrong(
            order_id=found.order.order_id,
            service=service,
            rules=tuple(outcome.rule for outcome in found.outcomes),
            facts=found.facts,
            cut_at=found.cut_at,
            because=step.says,
            letter=receipt.ref,
            awaited=receipt.pending,
        ),
        ev.TaskRaised(kind="wrong_cut", about=step.says, urgent=True),
        ev.TaskRaised(kind="tell_counsel", about=step.says, urgent=True),
    )


def _lapsed_claim(case: Case, step: Step, now: datetime) -> tuple[ev.Body, ...]:
    claim = next(fact for fact in case.known.facts if fact.fact_id == step.ref)
    fact = ended(claim, LAPSED, fact_id=f"{case.case_id}-f{case.seq + 1}", at=now, by="system")
    return (
        ev.FactRecorded(fact=fact, replaces=claim.fact_id),
        ev.TaskRaised(kind="claimed_payment_lapsed", about=step.says),
    )
