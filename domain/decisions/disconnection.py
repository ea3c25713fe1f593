"""Recommending, approving, rejecting and cancelling a disconnection."""

from datetime import time

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.account import balance
from domain.calendar import DAY
from domain.case import (
    ARRANGEMENT,
    ARRANGEMENT_EXCEPTION,
    DISCONNECTION,
    WRITE_OFF,
    Approval,
    ApprovalState,
    OrderPurpose,
)
from domain.decisions.arrangements import agreed
from domain.decisions.desk import Answer, Desk, ask, gated, handles, lapse, new_fact, no, open_approvals, unlawful
from domain.decisions.remedies import followed
from domain.facts import FactKind
from domain.gate import nominated_service
from domain.states import Trigger
from domain.terms import judge
from domain.verdict import Action, Refusal


@handles(c.RecommendDisconnection)
def _recommend(desk: Desk, command: c.RecommendDisconnection) -> Answer:
    refusal = unlawful(desk, Trigger.RECOMMEND, "A disconnection notice must be served and run out first.") or gated(
        desk, Action.RECOMMEND_DISCONNECTION, "A disconnection may not be recommended"
    )
    if refusal:
        return refusal
    service = nominated_service(desk.case, desk.policy, desk.on)
    assert service is not None, "a gate that allows a cut names a service"
    if command.service not in {None, service}:
        return no(
            "not-the-nominated-service",
            f"Only {service} may be cut for this debt.",
            f"Recommend {service}.",
            rule=p.DNP_SERVICE_ORDER.key,
            citation=desk.policy.source(p.DNP_SERVICE_ORDER, desk.on).citation,
        )
    assert desk.case.notice is not None, "a gate that allows a cut has seen a notice"
    owed = desk.case.notice.left(desk.case.known.bills)
    recommended = ev.DisconnectionRecommended(service=service, amount=owed)
    return (recommended, *ask(desk, DISCONNECTION, owed, service=service, after=1))


@handles(c.Approve)
def _approve(desk: Desk, command: c.Approve) -> Answer:
    asked = _asked(desk, command.approval_id)
    if isinstance(asked, Refusal):
        return asked
    if asked.asked_by == desk.decision.by:
        return no(
            "second-person",
            f"{asked.asked_by} asked for this; another person must approve it.",
            "Ask another supervisor.",
            rule="approval.second_person",
        )
    followed = _granted(desk, asked)
    if isinstance(followed, Refusal):
        return followed
    days = desk.policy.at(p.APPROVAL_OPEN_DAYS, desk.on)
    closes = desk.policy.at(p.OFFICE_HOURS, desk.on).closes
    lapses = desk.calendar.at(desk.calendar.add_open_days(desk.on, days), closes)
    return (ev.ApprovalGranted(approval_id=asked.approval_id, act=asked.act, lapses_at=lapses), *followed)


def _granted(desk: Desk, asked: Approval) -> Answer:
    """Return what follows at once from granting *asked*, or why it may not be granted any more.

    A disconnection follows by the calendar: its order is placed as the next step, and asked about again there.
    """
    if asked.act == DISCONNECTION:
        return gated(desk, Action.APPROVE_DISCONNECTION, "A disconnection may not be approved") or ()
    if asked.act == WRITE_OFF:
        refusal = unlawful(desk, Trigger.WRITE_OFF) or gated(desk, Action.WRITE_OFF, "The debt may not be written off")
        return refusal or (_written_off(desk, asked),)
    if asked.act not in {ARRANGEMENT, ARRANGEMENT_EXCEPTION}:
        assert asked.proposal is not None, "what was asked for has its terms"
        return followed(desk, asked.proposal)
    assert isinstance(asked.proposal, c.AgreeArrangement), "an agreement that was asked for has its terms"
    refusal = unlawful(desk, Trigger.ARRANGE)
    if refusal:
        return refusal
    judged = judge(desk.case, asked.proposal, desk.policy, desk.now)
    return judged if isinstance(judged, Refusal) else agreed(judged.arrangement, asked.proposal)


def _written_off(desk: Desk, asked: Approval) -> ev.WrittenOff:
    terms = asked.proposal if isinstance(asked.proposal, c.ProposeWriteOff) else c.ProposeWriteOff(because="approved")
    owed = balance(desk.case.known.bills)
    return ev.WrittenOff(amount=owed, because=terms.because, given_up=terms.given_up)


def _asked(desk: Desk, approval_id: str) -> Approval | Refusal:
    found = next((a for a in desk.case.approvals if a.approval_id == approval_id), None)
    if found is None:
        return no("no-such-approval", f"No approval {approval_id} was asked for.", "Look at the open approvals.")
    if found.state is not ApprovalState.ASKED:
        return no("approval-decided", f"Approval {approval_id} is already {found.state}.", "Nothing is left to decide.")
    return found


@handles(c.Reject)
def _reject(desk: Desk, command: c.Reject) -> Answer:
    asked = _asked(desk, command.approval_id)
    if isinstance(asked, Refusal):
        return asked
    return (ev.ApprovalRejected(approval_id=asked.approval_id, act=asked.act, because=command.because),)


@handles(c.CancelDisconnection)
def _cancel_disconnection(desk: Desk, command: c.CancelDisconnection) -> Answer:
    dropped = tuple(lapse(a, command.because) for a in open_approvals(desk.case) if a.act == DISCONNECTION)
    if not dropped and desk.case.open_order(OrderPurpose.DISCONNECT) is None:
        return no("no-disconnection", "No disconnection is asked for or under way.", "There is nothing to cancel.")
    hold = c.RecordFact(
        kind=FactKind.HOLD,
        until=desk.calendar.at(desk.calendar.add_open_days(desk.on, 1) + DAY, time(0)),
        details=(("because", command.because),),
    )
    # A hold through the next open day makes the calendar withdraw the order by the same rule as any other fact.
    return (*dropped, ev.FactRecorded(fact=new_fact(desk, hold, FactKind.HOLD)))
