"""What a lien bore in interest: a person has it billed, or gives it up within the sums of the pack."""

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.account import Service
from domain.authority import forgives_alone, may_be_forgiven, may_give_leave
from domain.bankruptcy import pending
from domain.decisions.desk import Answer, Desk, ask, handles, no
from domain.liens import InterestPart, unsettled
from domain.money import ZERO, Money, split
from domain.remedy import Remedy, RemedyKind, RemedyState
from domain.verdict import Refusal


@handles(c.BillLienInterest)
def _bill(desk: Desk, command: c.BillLienInterest) -> Answer:
    lien = _settling(desk, command.remedy_id)
    if isinstance(lien, Refusal):
        return lien
    if pending(desk.case.known.facts, desk.now) is not None:
        says = "A petition is pending: nothing from before it is asked for."
        return no("debt-is-stayed", says, "Ask counsel; give the interest up, or wait for the petition's end.")
    amount = _open(desk, lien)
    return (ev.LienInterestAsked(remedy_id=lien.remedy_id, amount=amount, parts=by_service(lien, amount)),)


@handles(c.GiveUpLienInterest)
def _give_up(desk: Desk, command: c.GiveUpLienInterest) -> Answer:
    given_up = what_is_given_up(desk, command)
    if isinstance(given_up, Refusal):
        return given_up
    if given_up.amount > forgives_alone(desk.decision, desk.policy, desk.on):
        return ask(desk, command.type, given_up.amount, proposal=command)
    return (given_up,)


def what_is_given_up(desk: Desk, command: c.GiveUpLienInterest) -> ev.LienInterestGivenUp | Refusal:
    """Return what *command* would give up, or why it may not; the pack's sum for forgiving a debt is its limit too."""
    lien = _settling(desk, command.remedy_id)
    if isinstance(lien, Refusal):
        return lien
    bore = _open(desk, lien)
    amount = bore if command.amount is None else command.amount
    if not ZERO < amount <= bore:
        return no("not-that-much", f"The lien bore {bore} of interest that is open.", f"Name up to {bore}, or no sum.")
    facts = desk.case.known.facts
    way_out = "Bill the interest, or record the governing body's resolution first."
    beyond = may_be_forgiven(amount, facts, desk.policy, desk.now, way_out=way_out)
    return beyond or ev.LienInterestGivenUp(remedy_id=lien.remedy_id, amount=amount, because=command.because)


def granted_up(desk: Desk, command: c.GiveUpLienInterest) -> tuple[ev.LienInterestGivenUp] | Refusal:
    """Return what a second person's leave leads to; the rules are asked again on what is known now."""
    given_up = what_is_given_up(desk, command)
    if isinstance(given_up, Refusal):
        return given_up
    beyond = may_give_leave(desk.decision, given_up.amount, p.SETTLEMENT_SENIOR_MAX, desk.policy, desk.on)
    return beyond or (given_up,)


def by_service(lien: Remedy, amount: Money) -> tuple[InterestPart, ...]:
    """Return each service's part of a lien's interest: as its charges were of all when the lien was filed."""
    weights = dict.fromkeys(lien.services, 0)
    for bill in lien.charges:
        weights[Service(bill.ref.rpartition("/")[2])] += bill.amount.cents
    parts = zip(weights, split(amount, tuple(weights.values())), strict=True)
    return tuple(InterestPart(service=service, amount=part) for service, part in parts if part > ZERO)


def _settling(desk: Desk, remedy_id: str) -> Remedy | Refusal:
    """Return the lien whose interest can be settled now: its charges are paid, and it bore some that is open."""
    liens = [each for each in desk.case.remedies if each.kind is RemedyKind.LIEN]
    lien = next((each for each in liens if each.remedy_id == remedy_id), None)
    if lien is None or lien.state is not RemedyState.STANDING:
        return no("no-such-lien", f"No lien {remedy_id} stands.", "Look at the case's remedies.")
    left = lien.left(desk.case.known.bills)
    if left > ZERO:
        says = f"{left} under the lien is unpaid, and bears interest until it is paid."
        return no("lien-not-paid", says, "Settle the interest when the charges are paid.", rule=p.LIEN_INTEREST_PCT.key)
    if lien.to_bill or _open(desk, lien) <= ZERO:
        return no("no-lien-interest", "No interest on it is open.", "Nothing is left to decide: it is released.")
    return lien


def _open(desk: Desk, lien: Remedy) -> Money:
    return unsettled(lien.life, lien.settled, desk.policy, through=desk.on)
