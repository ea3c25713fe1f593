"""When what a letter named is owed again after it was paid, which letter counts again, and as of when?

A mistake put right is as if it had never been: the letter stands as it stood. A payment that the bank returned is no
mistake: the path resumes at the step the pack names, and days on which the debt stood as paid do not run for a notice.
"""

from dataclasses import replace
from datetime import date

from domain import events as ev
from domain import parameters as p
from domain.case import Case, Lifted, Notice
from domain.facts import FactKind, on_file
from domain.misstated import overstated
from domain.money import ZERO
from domain.states import Stage
from domain.step import Step, StepKind
from domain.tracks.track import Look

REMINDER, NOTICE, STANDING = "reminder", "notice", "standing"
"""The words of the pack: the path begins anew; a fresh notice is next; the letter stands again for what it named."""
RESTORED = "restored"
"""The letter stands as it stood: what had been paid rested on a mistake."""


def resumption(look: Look) -> Step | None:
    """Return the step that lets letters count again; none where nothing of what they name is owed again."""
    case, lifted = look.case, look.case.lifted
    if lifted is None or lifted.latest is None or case.notice is not None or not case.known.billing_read:
        return None
    if case.stage not in {Stage.PAST_DUE, Stage.REMINDED}:
        return None
    owed = lifted.latest.left(look.here.pursued) - look.here.unposted
    if owed <= ZERO:
        return None
    if lifted.notice and overstated(lifted.notice, case.known.facts, look.policy, look.on) > ZERO:
        at, rule = REMINDER if case.reminder is not None else NOTICE, p.NOTICE_OVERSTATED.key
        cited = look.cite(p.NOTICE_OVERSTATED)
    elif _returned(look, lifted):
        at, rule, cited = look.policy.at(p.RETURN_RESUMES, look.on), p.RETURN_RESUMES.key, look.cite(p.RETURN_RESUMES)
    else:
        at, rule, cited = RESTORED, "mistake.put_right", ""
    if at == REMINDER or (lifted.notice is None and not _counts_again(case.reminder, at)):
        return None
    return Step(
        kind=StepKind.RESUME_PATH,
        at=look.now,
        ref=at,
        amount=owed,
        rule=rule,
        citation=cited,
        says=f"{owed} of what the {lifted.latest.kind} of {lifted.latest.served_on} named is owed again: {_WORDS[at]}.",
    )


_WORDS = {
    NOTICE: "a fresh notice is next",
    STANDING: "it stands again, and the days on which it stood as paid do not run",
    RESTORED: "it stands as it stood, for what had paid it was a mistake",
}


def _counts_again(reminder: Notice | None, at: str) -> bool:
    """Say whether a lifted reminder counts again: where none came after it, or only while a mistake stood."""
    return reminder is None or at == RESTORED


def _returned(look: Look, lifted: Lifted) -> bool:
    day = look.policy.calendar.day
    facts = on_file(look.case.known.facts, FactKind.RETURNED_PAYMENT)
    return any(day(fact.starts) >= lifted.on for fact in facts)


def resumed(case: Case, step: Step, on: date) -> ev.PathResumed:
    """Return what *step* comes to on *on*."""
    lifted = case.lifted
    assert lifted is not None, "a path resumes from letters that were lifted"
    notice = lifted.notice
    if step.ref == NOTICE:
        notice = None
    elif step.ref == STANDING and notice is not None and notice.earliest_cut_on is not None:
        left = max(0, (notice.earliest_cut_on - lifted.on).days)
        notice = replace(notice, earliest_cut_on=date.fromordinal(on.toordinal() + left))
    return ev.PathResumed(reminder=lifted.reminder, notice=notice, because=step.says)
