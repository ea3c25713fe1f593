"""May this be done at this moment?"""

from datetime import date, datetime

from domain import parameters as par
from domain.account import Service, past_due_bills
from domain.case import Case, OrderPurpose
from domain.policy import Policy, PolicyGap, Source, Standing
from domain.rules.question import Question, Rule, blocks
from domain.rules.registry import RULES
from domain.states import ServiceStatus
from domain.verdict import DISCONNECTION_ACTIONS, Action, Outcome, Verdict

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


def service_to_cut(case: Case, policy: Policy, on: date) -> Service | None:
    """Return the service that an open order is to cut, else the one that the policy nominates."""
    order = case.open_order(OrderPurpose.DISCONNECT)
    return order.service if order else nominated_service(case, policy, on)


def nominated_service(case: Case, policy: Policy, on: date) -> Service | None:
    """Return the first service, in the policy's order, that is on and has past-due debt of its own, if any.

    Under a notice the debt is what the notice names: a service whose bill fell due later is not cut for another's.

    Raises:
        PolicyGap: the pack states no order for that day.
    """
    late = past_due_bills(case.known.bills, on)
    indebted = {bill.service for bill in (case.notice.named(late) if case.notice else late)}
    for name in policy.at(par.DNP_SERVICE_ORDER, on):
        service = Service(name)
        if service in indebted and case.service(service).status is ServiceStatus.ON:
            return service
    return None


def _ask(rule: Rule, question: Question) -> Outcome:
    try:
        return rule.find(question)
    except PolicyGap as gap:
        return _not_stated(rule.rule_id, gap)


def _not_stated(rule_id: str, gap: PolicyGap) -> Outcome:
    return blocks(rule_id, f"It cannot be judged: {gap}.", NOT_STATED, way_out="State the value in the policy pack.")
