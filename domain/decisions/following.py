"""An old debt follows its customer to a new account: with authority, within limits, by two people."""

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.authority import may_give_leave
from domain.bankruptcy import pending
from domain.case import ApprovalState
from domain.decisions.desk import Answer, Desk, ask, handles, no
from domain.facts import FactKind, standing
from domain.following import movable
from domain.money import ZERO, Money, total
from domain.states import Stage
from domain.verdict import Refusal

FOLLOW_DEBT = "follow_debt"
_ENDED = (Stage.FINAL_BILLED, Stage.WRITTEN_OFF)
_HINDERS = (FactKind.DISPUTE, FactKind.APPEAL, FactKind.IDENTITY_THEFT, FactKind.DECEASED)


@handles(c.FollowDebt)
def _follow_debt(desk: Desk, command: c.FollowDebt) -> Answer:
    if desk.case.approval(FOLLOW_DEBT, ApprovalState.ASKED) is not None:
        return no("asked-before", "A second person has been asked for it already.", "Wait for the answer.")
    amount = what_follows(desk, command)
    return amount if isinstance(amount, Refusal) else ask(desk, command.type, amount, proposal=command)


def what_follows(desk: Desk, command: c.FollowDebt) -> Money | Refusal:
    """Return how much *command* would move, or why it may not.

    What a remedy holds stays where it is, and so does what is too old to be sued for. Who the customer of the other
    account is, the desk finds out before it asks.
    """
    case = desk.case
    if case.stage not in _ENDED:
        way_out = "Recall it from the agency, or wait for the court; a debt in service stays with its account."
        return no("not-at-this-stage", "Only a debt whose service has ended follows its customer.", way_out)
    if command.to_account == case.account_no:
        return no("same-account", "The debt is on that account already.", "Name the customer's new account.")
    if not command.authority.strip():
        return no(
            "no-authority",
            "By which authority the debt is put on another account is not said.",
            "Name it: the customer's application or written consent, or the rule that lets the city do so.",
            rule="T10",
        )
    facts = [fact for kind in _HINDERS for fact in standing(case.known.facts, kind, desk.now)]
    if pending(case.known.facts, desk.now) is not None or facts:
        says = "A petition, a dispute, a death or identity theft stands in the way."
        return no("debt-is-stayed", says, "Resolve it first.", rule="T11")
    amount = total(bill.open for bill in movable(case, desk.policy, desk.now))
    if amount <= ZERO:
        says = "Nothing of it is unpaid, free and in time."
        return no("nothing-to-move", says, "Look at what remedies hold, and at the bills' dates.", rule="T13")
    most = Money(desk.policy.at(p.FOLLOW_MAX, desk.on))
    if amount > most:
        return no(
            "beyond-authority",
            f"{amount} would follow; no more than {most} does on a supervisor's leave.",
            "Place it with an agency, file a claim, or ask counsel.",
            rule=p.FOLLOW_MAX.key,
            citation=desk.policy.source(p.FOLLOW_MAX, desk.on).citation,
        )
    return amount


def granted(desk: Desk, command: c.FollowDebt) -> tuple[ev.DebtFollows] | Refusal:
    """Return what a second person's leave leads to; the rules are asked again on what is known now."""
    amount = what_follows(desk, command)
    if isinstance(amount, Refusal):
        return amount
    beyond = may_give_leave(desk.decision, amount, p.FOLLOW_SENIOR_MAX, desk.policy, desk.on)
    return beyond or (ev.DebtFollows(to_account=command.to_account, amount=amount, authority=command.authority),)
