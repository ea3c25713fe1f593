"""What lies with a person: questions, disputes, follow-ups; and is it all over?"""

from collections.abc import Iterator
from datetime import time

from domain import parameters as p
from domain.account import AccountStatus, balance
from domain.calendar import DAY
from domain.case import DISCONNECTION, ApprovalState
from domain.claimed import open_claims, over, shows_by
from domain.facts import FactKind, standing
from domain.money import ZERO
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.track import INACTIVE_STAGES, Look


def cured(look: Look) -> Iterator[Next]:
    """Close a case in which nothing is left to collect or to put right."""
    case = look.case
    # A service that has ended is off for good, also while what it cost is paid in parts.
    ended = case.stage in INACTIVE_STAGES or case.known.account.status is not AccountStatus.ACTIVE
    owed = balance(case.known.bills) if ended else look.here.past_due
    in_hand = (
        (case.off and not ended)
        or any(order.open for order in case.orders)
        or (any(state.uncertain for state in case.services) and not ended)
        or case.wanted
        or (case.arrangement is not None and case.arrangement.active)
        or standing(case.known.facts, FactKind.DISPUTE, look.now)
        or case.referral
        or any(remedy.open for remedy in case.remedies)
        or (case.bankruptcy is not None and not case.bankruptcy.ended)
    )
    if owed <= ZERO and not in_hand and case.known.billing_read:
        yield Step(
            kind=StepKind.CLOSE_CASE, at=look.now, rule="close.paid", says="Nothing is past due: the case closes."
        )


_ASKED_FOR = {
    "arrangement_exception": "exception in an agreement",
    "refer_to_agency": "placement with an agency",
    "refer_to_court": "claim in court",
    "file_setoff": "claim against tax refunds",
    "certify_to_tax": "certification to the property tax",
    "file_lien": "lien on the property",
    "propose_settlement": "settlement of the debt",
    "give_up_lien_interest": "giving up of a lien's interest",
    "follow_debt": "move of the debt to another account",
}


def questions(look: Look) -> Iterator[Next]:
    """Name what lies with a reviewer or a supervisor."""
    case = look.case
    if standing(case.known.facts, FactKind.DISPUTE, look.now):
        yield Wait(says="A reviewer decides the dispute.", who=Who.REVIEWER, task="review_dispute")
    if case.referral:
        yield Wait(says="A supervisor answers what was referred.", who=Who.SUPERVISOR, task="answer_referral")
    for approval in case.approvals:
        if approval.state is ApprovalState.ASKED and approval.act != DISCONNECTION:
            act = _ASKED_FOR.get(approval.act, approval.act.replace("_", " "))
            says = f"A supervisor decides on the {act} that {approval.asked_by} asked for."
            yield Wait(says=says, who=Who.SUPERVISOR, task=f"approve_{approval.act}")


def follow_up(look: Look) -> Iterator[Next]:
    day = look.case.follow_up_on
    if day is None:
        return
    yield Step(
        kind=StepKind.RAISE_FOLLOW_UP,
        at=look.office_slot(day, about="follow-up"),
        rule="desk.follow_up",
        says=f"The case comes back to its representative on {day}.",
    )


def claimed(look: Look) -> Iterator[Next]:
    """Give up a claimed payment that its channel's file has not shown; a person asks what became of it."""
    for claim in open_claims(look.case.known.facts):
        shows = shows_by(claim, look.policy, look.on)
        yield Step(
            kind=StepKind.LAPSE_CLAIM,
            at=look.now if over(claim, look.policy, look.now) else look.policy.calendar.at(shows.result + DAY, time(0)),
            ref=claim.fact_id,
            rule=p.CLAIMED_PAYMENT_DAYS.key,
            citation=look.cite(p.CLAIMED_PAYMENT_DAYS),
            arithmetic=(shows,),
            amount=claim.amount or ZERO,
            says=f"The payment said to be made on {shows.start} counts as not made unless it shows by {shows.result}.",
        )
