"""What looking again means for a case, and what another system's rejection does to it."""

from dataclasses import replace
from datetime import datetime

from domain import events as ev
from domain.account import Snapshot, balance, past_due
from domain.case import Case
from domain.decide import stamp
from domain.facts import Fact, FactKind
from domain.misstated import found_misstated
from domain.policy import Policy
from domain.step import Step


def read(case: Case, known: Snapshot, policy: Policy, now: datetime) -> tuple[ev.Event, ...]:
    """Return the event of having found something changed; none when *known* says what the case knows already.

    Where a mistake has been put right, a person is told of each letter that had stated a wrong sum by it.
    """
    if known.same_as(case.known):
        return ()
    owed = balance(known.bills)
    body = ev.AccountRead(
        known=known,
        balance=owed,
        past_due=past_due(known.bills, policy.calendar.day(now)),
        change=owed - balance(case.known.bills),
    )
    seen = {fact.fact_id for fact in case.known.facts}
    new = [fact for fact in known.facts if fact.fact_id not in seen]
    tasks = (ev.TaskRaised(kind="misstated_letter", about=about) for about in found_misstated(case, new))
    return stamp(case, (body, *tasks), key=f"read/{case.seq}", at=now, by="system", policy=policy)


def rejected(case: Case, step: Step, because: str, policy: Policy, now: datetime) -> tuple[ev.Event, ...]:
    """Return the task and the hold that follow when another system says *step* can never be done so.

    The hold keeps the calendar from asking again until a person, having put the cause right, releases it.
    """
    says = f"{step.kind.replace('_', ' ')} was rejected: {because}"
    hold = Fact(
        fact_id=f"{case.case_id}-f{case.seq + 2}",
        kind=FactKind.HOLD,
        starts=now,
        known_at=now,
        entered_by="system",
        details={"because": says, "step": step.kind},
    )
    bodies = (ev.TaskRaised(kind="rejected", about=says, urgent=True), ev.FactRecorded(fact=hold))
    return stamp(case, bodies, key=f"rejected/{step.kind}/{case.seq}", at=now, by="system", policy=policy)


def kept_bills(known: Snapshot, before: Snapshot) -> Snapshot:
    """Return *known* with the bills last read, when billing could not be read this time."""
    return known if known.billing_read else replace(known, bills=before.bills, credit=before.credit)
