"""How do agreements, promises and extensions stand against the money, and when is that looked at?"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from domain import parameters as p
from domain.arrangement import (
    Arrangement,
    ArrangementStatus,
    instalments_left,
    instalments_met,
    kept_in_full,
    missed,
    unmet_parts,
)
from domain.calendar import DAY
from domain.case import Case
from domain.facts import Fact, FactKind, on_file, standing
from domain.money import Money, total
from domain.states import Trigger, may_move
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.track import Look, adding, earliest, next_change
from domain.verdict import Arithmetic

FOREVER = datetime.max.replace(tzinfo=UTC)


def agreement(look: Look) -> Iterator[Next]:
    """Count money against the schedule; note lapse, breach, cure, default, completion, and its undoing by a return."""
    arrangement = look.case.arrangement
    if arrangement is None:
        return
    if not arrangement.active:
        yield from _reopening(look, arrangement)
        return
    bills = look.case.known.bills
    paid = arrangement.amount - instalments_left(arrangement, bills, unposted=look.here.unposted)
    met = instalments_met(arrangement, bills, unposted=look.here.unposted)
    if met != arrangement.met:
        yield Step(
            kind=StepKind.COUNT_INSTALMENTS,
            at=look.now,
            amount=paid,
            rule="arrangement.schedule",
            says=f"{met} of {len(arrangement.schedule)} instalments are covered by {paid} paid.",
        )
        return
    if kept_in_full(arrangement, bills, unposted=look.here.unposted):
        yield Step(
            kind=StepKind.COMPLETE_ARRANGEMENT,
            at=look.now,
            amount=paid,
            rule="arrangement.schedule",
            says="The agreement is paid in full.",
        )
        return
    if not arrangement.signed and arrangement.sign_asked_on is None:
        yield _signature(look, arrangement)
    if arrangement.status is ArrangementStatus.BREACHED:
        yield from _breach(look, arrangement)
    elif arrangement.status is ArrangementStatus.AGREED:
        yield _lapse(look, arrangement)
    else:
        yield from _breach_step(look, arrangement)


def _reopening(look: Look, arrangement: Arrangement) -> Iterator[Next]:
    """Open a completed agreement again when a payment that completed it was returned within the pack's days."""
    if arrangement.status is not ArrangementStatus.COMPLETED or arrangement.completed_on is None:
        return
    bills = look.case.known.bills
    kept = kept_in_full(arrangement, bills, unposted=look.here.unposted)
    last = adding("reopens through", arrangement.completed_on, look.days(p.ARRANGEMENT_REOPEN_DAYS))
    may = may_move(look.case.stage, Trigger.ARRANGE)
    if kept or look.on > last.result or not may or not look.case.known.billing_read:
        return
    open_again = instalments_left(arrangement, bills, unposted=look.here.unposted)
    yield Step(
        kind=StepKind.REOPEN_ARRANGEMENT,
        at=look.now,
        amount=open_again,
        rule="A12",
        citation=look.cite(p.ARRANGEMENT_REOPEN_DAYS),
        arithmetic=(last,),
        says=f"A payment that completed agreement {arrangement.number} came back: {open_again} is open "
        "again, and what it had paid counts as missed from its own day.",
    )


def _signature(look: Look, arrangement: Arrangement) -> Next:
    days = look.days(p.ARRANGEMENT_SIGN_DAYS)
    last = look.policy.calendar.add_open_days(arrangement.agreed_on, days)
    sums = Arithmetic(label="signed by", start=arrangement.agreed_on, days=days, result=last, calendar="open")
    return Step(
        kind=StepKind.ASK_SIGNATURE,
        at=look.office_slot(last + DAY, about="signature"),
        rule=p.ARRANGEMENT_SIGN_DAYS.key,
        citation=look.cite(p.ARRANGEMENT_SIGN_DAYS),
        arithmetic=(sums,),
        says=f"Agreement {arrangement.number} of {arrangement.agreed_on} is not signed: a representative asks for it.",
    )


def _lapse(look: Look, arrangement: Arrangement) -> Next:
    """Say when what was agreed by voice falls: it stops the cut until its down payment is due, no longer."""
    down = arrangement.schedule[0]
    pledged = _pledged(look)
    if pledged >= down.amount:
        return _pledge_awaited(look, down.due_on)
    check = adding("down payment", down.due_on, 1)
    return Step(
        kind=StepKind.LAPSE_ARRANGEMENT,
        at=look.office_slot(check.result, about="down payment"),
        amount=down.amount,
        rule=p.ARRANGEMENT_DOWN_OPEN_DAYS.key,
        citation=look.cite(p.ARRANGEMENT_DOWN_OPEN_DAYS),
        arithmetic=(check,),
        says=f"Unless {down.amount} down is paid by {down.due_on}, the agreement never takes force.",
    )


def _breach_step(look: Look, arrangement: Arrangement) -> Iterator[Next]:
    bills = look.case.known.bills
    if _pledges(look):
        yield _pledge_awaited(look, unmet_parts(arrangement, bills, unposted=look.here.unposted)[0].due_on)
    unmet = unmet_parts(arrangement, bills, unposted=look.here.unposted + _pledged(look))
    if not unmet:
        return
    due = unmet[0].due_on
    counted_from = due
    if arrangement.reopened_on and look.policy.at(p.ARRANGEMENT_REOPEN_GRACE, look.on):
        counted_from = max(due, arrangement.reopened_on)
    check = adding("grace", counted_from, look.days(p.ARRANGEMENT_GRACE_DAYS) + 1)
    yield Step(
        kind=StepKind.NOTE_BREACH,
        at=look.office_slot(check.result, about="breach"),
        rule=p.ARRANGEMENT_GRACE_DAYS.key,
        citation=look.cite(p.ARRANGEMENT_GRACE_DAYS),
        arithmetic=(check,),
        ref=due.isoformat(),
        says=f"Unless what fell due on {due} is paid through {check.result - DAY}, the agreement is in breach.",
    )


def _pledges(look: Look) -> tuple[Fact, ...]:
    """Return what agencies have pledged and not yet paid, through its end and the pack's days after."""
    return tuple(
        fact
        for fact in on_file(look.case.known.facts, FactKind.PLEDGE)
        if fact.amount is not None and fact.starts <= look.now and look.now < (_lapses(look, fact) or FOREVER)
    )


def _lapses(look: Look, pledge: Fact) -> datetime | None:
    """Return when *pledge* stands for nothing any more; none if it has no end."""
    if pledge.until is None:
        return None
    last = look.policy.calendar.day(pledge.until) + timedelta(days=look.days(p.PLEDGE_HOLD_DAYS))
    return look.policy.calendar.at(last + DAY, time(0))


def _pledged(look: Look) -> Money:
    """Return how much of what falls due pledges stand for."""
    return total(fact.amount for fact in _pledges(look) if fact.amount is not None)


def _pledge_awaited(look: Look, due: date) -> Next:
    ends = earliest(next_change(look), *(_lapses(look, pledge) for pledge in _pledges(look)))
    return Wait(says=f"A pledge covers what falls due on {due}.", who=Who.OUTSIDE, until=ends)


def _breach(look: Look, arrangement: Arrangement) -> Iterator[Next]:
    assert arrangement.cure_by is not None, "a breach states its cure date"
    spent = arrangement.reinstated >= look.days(p.ARRANGEMENT_MAX_REINSTATE)
    if _missed(look, arrangement) is None and not spent:
        yield Step(
            kind=StepKind.NOTE_CURE,
            at=look.now,
            rule="arrangement.cure",
            says="The breach is cured: what was missed is paid.",
        )
        return
    if reviewed(look.case, look.now):
        yield Wait(
            says="A reviewer looks at whether the terms are reasonable, or were broken at all.",
            who=Who.REVIEWER,
            task="review_terms",
        )
        return
    check = adding("cure", arrangement.cure_by, 1)
    yield Step(
        kind=StepKind.DEFAULT_ARRANGEMENT,
        at=look.office_slot(check.result, about="default"),
        rule=p.ARRANGEMENT_CURE_DAYS.key,
        citation=look.cite(p.ARRANGEMENT_CURE_DAYS),
        arithmetic=(check,),
        says=f"Unless the breach is cured through {arrangement.cure_by}, the agreement falls; a new notice follows.",
    )


def _missed(look: Look, arrangement: Arrangement) -> date | None:
    return missed(
        arrangement,
        look.case.known.bills,
        on=look.on,
        grace_days=look.days(p.ARRANGEMENT_GRACE_DAYS),
        unposted=look.here.unposted + _pledged(look),
    )


def reviewed(case: Case, now: datetime) -> bool:
    """Say whether a reviewer has been asked if the terms are reasonable, or were broken at all."""
    disputes = standing(case.known.facts, FactKind.DISPUTE, now)
    return any(dispute.details.get("subject") in {"terms", "breach"} for dispute in disputes)


def promised(look: Look) -> Iterator[Next]:
    promise = look.case.promise
    if promise is None:
        return
    kept = promise.paid(look.case.known.bills) + look.here.unposted >= promise.amount
    check = look.policy.calendar.add_open_days(promise.by, 1)
    yield Step(
        kind=StepKind.CHECK_PROMISE,
        at=look.now if kept else look.office_slot(check, about="promise"),
        amount=promise.amount,
        rule="promise.follow_up",
        says=f"The promise of {promise.amount} by {promise.by} is {'kept' if kept else f'checked on {check}'}.",
    )


def extended(look: Look) -> Iterator[Next]:
    extension = look.case.extension
    if extension is None:
        return
    yield Step(
        kind=StepKind.END_EXTENSION,
        at=look.office_slot(extension.until + DAY, about="extension"),
        rule=p.EXTENSION_DAYS.key,
        citation=look.cite(p.EXTENSION_DAYS),
        says=f"The extension runs through {extension.until}; after it the path goes on.",
    )
