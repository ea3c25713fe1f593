"""The desk's own work: referrals, assignment, notes, documents, follow-ups, closing by hand."""

from domain import commands as c
from domain import events as ev
from domain.account import AccountStatus
from domain.decisions.desk import Answer, Desk, drop_approvals, handles, no
from domain.money import ZERO
from domain.tracks.track import INACTIVE_STAGES


@handles(c.ReferToSupervisor)
def _refer(desk: Desk, command: c.ReferToSupervisor) -> Answer:
    return (ev.Referred(question=command.question), ev.TaskRaised(kind="answer_referral", about=command.question))


@handles(c.AnswerReferral)
def _answer_referral(desk: Desk, command: c.AnswerReferral) -> Answer:
    if not desk.case.referral:
        return no("no-question", "No question is open.", "There is nothing to answer.")
    return (ev.ReferralAnswered(answer=command.answer),)


@handles(c.Assign)
def _assign(desk: Desk, command: c.Assign) -> Answer:
    return (ev.Assigned(to=command.to),)


@handles(c.AddNote)
def _add_note(desk: Desk, command: c.AddNote) -> Answer:
    if not command.note.strip():
        return no("empty-note", "The note is empty.", "Write the note.")
    return (ev.NoteAdded(note=command.note),)


@handles(c.AttachDocument)
def _attach(desk: Desk, command: c.AttachDocument) -> Answer:
    return (
        ev.DocumentAttached(
            sha256=command.sha256, media_type=command.media_type, title=command.title, scanned=command.scanned
        ),
    )


@handles(c.SetFollowUp)
def _set_follow_up(desk: Desk, command: c.SetFollowUp) -> Answer:
    if command.on <= desk.on:
        return no("follow-up-in-the-past", f"A follow-up lies after {desk.on}.", "Name a later day.")
    return (ev.FollowUpSet(on=command.on, about=command.about),)


def _ended(desk: Desk) -> bool:
    """Say whether the account is served no more, so that what is off stays off."""
    return desk.case.stage in INACTIVE_STAGES or desk.case.known.account.status is not AccountStatus.ACTIVE


@handles(c.CloseCase)
def _close(desk: Desk, command: c.CloseCase) -> Answer:
    if any(order.open for order in desk.case.orders):
        return no("order-is-out", "A work order is out.", "Cancel it or wait for its result.")
    if desk.case.off and not _ended(desk):
        # Nothing but its case brings a home's service back: a closed one is asked by neither the season nor the sweep.
        off = " and ".join(state.service for state in desk.case.off)
        says = f"The case would close while {off} is off, and nobody would bring it back."
        return no("service-is-off", says, "Request reactivation, or end the account if nobody lives there any more.")
    held = next((remedy for remedy in desk.case.remedies if remedy.open), None)
    if held is not None:
        # An agency, a court or a roll would go on with a debt that nobody here follows any more.
        says = f"The case would close while a {held.kind} of {held.since} stands, and nobody would follow it."
        return no("remedy-stands", says, "Recall or withdraw it first.", rule="T15")
    if command.reason == "paid" and desk.here.past_due > ZERO:
        return no("not-paid", f"{desk.here.past_due} is past due.", "Close with another reason, or post the payment.")
    return (
        *drop_approvals(desk, "the case closes"),
        ev.CaseClosed(reason=command.reason, because=command.because),
    )
