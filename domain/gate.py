"""May this be done at this moment?"""

from datetime import datetime

from domain.account import Service
from domain.case import Case
from domain.policy import Policy, PolicyGap, Source, Standing
from domain.rules.nominated import nominated_service, service_to_cut
from domain.rules.question import Question, Rule, blocks
from domain.rules.registry import RULES
from domain.verdict import DISCONNECTION_ACTIONS, Action, Outcome, Verdict

__all__ = ["gate", "nominated_service", "service_to_cut"]

NOT_STATED = Source("the policy pack does not state this value", Standing.POLICY)


def gate(action: Action, case: Case, policy: Policy, now: datetime, *, rules: tuple[Rule, ...] = RULES) -> Verdict:
    """Return what every rule about *action* says of *case* at *now*, in id order; it allows if none forbids.

    Reads `case.known` alone: whoever executes looks again first. A value that the pack does not state forbids; it is
    never an exception. *rules* is the whole registry, unless a test asks what one rule less would let through.
    """
    on = policy.calendar.day(now)
    gaps: tuple[Outcome, ...] = ()
    service: Service | None = None
    if action in DISCONNECTION_ACTIONS:
        try:
            service = service_to_cut(case, policy, on)
        except PolicyGap as gap:
            gaps = (_not_stated("D03", gap),)
    question = Question(action=action, case=case, policy=policy, now=now, on=on, service=service)
    found = tuple(_ask(rule, question) for rule in rules if action in rule.actions)
    return Verdict(action=action, at=now, policy=policy.digest, outcomes=gaps + found)


def _ask(rule: Rule, question: Question) -> Outcome:
    try:
        return rule.find(question)
    except PolicyGap as gap:
        return _not_stated(rule.rule_id, gap)


def _not_stated(rule_id: str, gap: PolicyGap) -> Outcome:
    return blocks(rule_id, f"It cannot be judged: {gap}.", NOT_STATED, way_out="State the value in the policy pack.")
