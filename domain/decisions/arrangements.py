"""Paying in parts: what is agreed and signed, how a breach is told and undone, and how an agreement ends."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from domain import commands as c
from domain import events as ev
from domain import parameters as p
from domain.arrangement import Arrangement, ArrangementStatus, missed, owing
from domain.case import ARRANGEMENT, Case
from domain.decisions.desk import Answer, Bodies, Desk, ask, drop_approvals, handles, no, unlawful
from domain.policy import Policy
from domain.states import Trigger
from domain.terms import judge
from domain.verdict import Refusal


@handles(c.AgreeArrangement)
def _agree_arrangement(desk: Desk, command: c.AgreeArrangement) -> Answer:
    refusal = unlawful(desk, Trigger.ARRANGE)
    if refusal:
        return refusal
    judged = judge(desk.case, command, desk.policy, desk.now)
    if isinstance(judged, Refusal):
        return judged
    if judged.approval and not (judged.approval == ARRANGEMENT and desk.decision.senior):
        return ask(desk, judged.approval, judged.arrangement.amount, proposal=command)
    return (*drop_approvals(desk, "an agreement was made"), *agreed(judged.arrangement, command))


def agreed(arrangement: Arrangement, command: c.AgreeArrangement) -> Bodies:
    """Return the agreement as it goes on record: who else pays, and by what right, apart from its terms."""
    event = ev.ArrangementAgreed(arrangement=arrangement, third_party=command.third_party, authority=command.authority)
    return (event,)


@handles(c.SignArrangement)
def _sign_arrangement(desk: Desk, command: c.SignArrangement) -> Answer:
    arrangement = desk.case.arrangement
    if arrangement is None or not arrangement.active:
        return no("no-agreement", "No agreement stands.", "There is nothing to sign.")
    if arrangement.signed:
        return no("already-signed", f"Agreement {arrangement.number} is signed.", "Nothing is left to do.")
    return (ev.ArrangementSigned(evidence=command.evidence),)


@handles(c.CancelArrangement)
def _cancel_arrangement(desk: Desk, command: c.CancelArrangement) -> Answer:
    if desk.case.arrangement is None or not desk.case.arrangement.active:
        return no("no-agreement", "No agreement stands.", "There is nothing to cancel.")
    return (ev.ArrangementCancelled(because=command.because),)


def breach(case: Case, policy: Policy, now: datetime, *, missed_on: date) -> ev.ArrangementBreached:
    """Return the breach of the case's agreement: what is owing under it and until when it can be cured."""
    arrangement = case.arrangement
    assert arrangement is not None, "a breach needs an agreement"
    on = policy.calendar.day(now)
    cure_by = on + timedelta(days=policy.at(p.ARRANGEMENT_CURE_DAYS, on))
    return ev.ArrangementBreached(
        missed_on=missed_on,
        owing=owing(arrangement, case.known.bills, on=on, unposted=case.known.unposted),
        cure_by=cure_by,
        letter="",
    )


@handles(c.RecordBreach)
def _record_breach(desk: Desk, command: c.RecordBreach) -> Answer:
    refusal = unlawful(desk, Trigger.BREACH)
    if refusal:
        return refusal
    late = _missed(desk)
    if late is None:
        return no(
            "nothing-missed",
            "Nothing under the agreement is unpaid past its grace.",
            "Wait until the grace is over, or cancel the agreement.",
            rule=p.ARRANGEMENT_GRACE_DAYS.key,
            citation=desk.policy.source(p.ARRANGEMENT_GRACE_DAYS, desk.on).citation,
        )
    return (breach(desk.case, desk.policy, desk.now, missed_on=late),)


@handles(c.CureBreach)
def _cure_breach(desk: Desk, command: c.CureBreach) -> Answer:
    arrangement = desk.case.arrangement
    past = arrangement is not None and (
        arrangement.status is ArrangementStatus.DEFAULTED
        or (arrangement.status is ArrangementStatus.IN_FORCE and arrangement.reinstated > 0)
    )
    if command.mistake and past:
        return _undo(desk, command)
    refusal = unlawful(desk, Trigger.CURE)
    if refusal:
        return refusal
    late = _missed(desk)
    if late is not None:
        # The calendar would note the same breach again at once: a cure, like a mistake, shows in the balance.
        return no("still-missed", f"What fell due on {late} is unpaid.", "Post the payment, or correct it in billing.")
    return (ev.BreachCured(undone=command.mistake),)


def _undo(desk: Desk, command: c.CureBreach) -> Answer:
    """Return a breach that is over to what would have been: the agreement in force, nothing counted."""
    refusal = unlawful(desk, Trigger.ARRANGE)
    if refusal:
        return refusal
    late = _missed(desk)
    if late is not None:
        return no("still-missed", f"What fell due on {late} is unpaid.", "Post the payment, or correct it in billing.")
    arrangement = desk.case.arrangement
    assert arrangement is not None, "a breach is one of an agreement"
    cured = arrangement.status is not ArrangementStatus.DEFAULTED
    undone = ev.BreachUndone(reinstated=arrangement.reinstated - (1 if cured else 0), because=command.because)
    return (*drop_approvals(desk, "the breach was a mistake"), undone)


def _missed(desk: Desk) -> date | None:
    arrangement = desk.case.arrangement
    assert arrangement is not None, "the stage says that an agreement stands"
    grace = desk.policy.at(p.ARRANGEMENT_GRACE_DAYS, desk.on)
    standing = replace(arrangement, status=ArrangementStatus.IN_FORCE)
    return missed(standing, desk.case.known.bills, on=desk.on, grace_days=grace, unposted=desk.here.unposted)
