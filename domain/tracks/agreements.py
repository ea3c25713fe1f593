"""How do agreements, promises and extensions stand against the money, and when is that looked at?"""

from collections.abc import Iterator
from datetime import date

from domain import parameters as p
from domain.arrangement import Arrangement, ArrangementStatus, instalments_met, missed, paid_towards, unmet_parts
from domain.calendar import DAY
from domain.step import Next, Step, StepKind
from domain.tracks.track import Look, adding


def agreement(look: Look) -> Iterator[Next]:
    """Count money against the schedule; note breach, cure, default and completion."""
    arrangement = look.case.arrangement
    if arrangement is None or not arrangement.active:
        return
    bills = look.case.known.bills
    paid = paid_towards(arrangement, bills, unposted=look.here.unposted)
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
    grace = look.days(p.ARRANGEMENT_GRACE_DAYS)
    late = missed(arrangement, bills, on=look.on, grace_days=grace, unposted=look.here.unposted)
    if paid >= arrangement.amount:
        yield Step(
            kind=StepKind.COMPLETE_ARRANGEMENT,
            at=look.now,
            amount=paid,
            rule="arrangement.schedule",
            says="The agreement is paid in full.",
        )
    elif arrangement.status is ArrangementStatus.BREACHED:
        yield from _breach(look, arrangement, late)
    else:
        yield _breach_step(look, arrangement, grace)


def _breach_step(look: Look, arrangement: Arrangement, grace: int) -> Next:
    due = unmet_parts(arrangement, look.case.known.bills, unposted=look.here.unposted)[0].due_on
    check = adding("grace", due, grace + 1)
    at = look.office_slot(check.result, about="breach")
    return Step(
        kind=StepKind.NOTE_BREACH,
        at=at,
        rule=p.ARRANGEMENT_GRACE_DAYS.key,
        citation=look.cite(p.ARRANGEMENT_GRACE_DAYS),
        arithmetic=(check,),
        says=f"Unless what fell due on {due} is paid through {check.result - DAY}, the agreement is in breach.",
    )


def _breach(look: Look, arrangement: Arrangement, late: date | None) -> Iterator[Next]:
    assert arrangement.cure_by is not None, "a breach states its cure date"
    spent = arrangement.reinstated >= look.days(p.ARRANGEMENT_MAX_REINSTATE)
    if late is None and not spent:
        yield Step(
            kind=StepKind.NOTE_CURE,
            at=look.now,
            rule="arrangement.cure",
            says="The breach is cured: what was missed is paid.",
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
