"""Take what a household can pay, what it was offered, and the life of its payment arrangement."""

from dataclasses import replace

from domain import events as ev
from domain.ability import read_household
from domain.arrangement import Arrangement, ArrangementStatus
from domain.case import Case, Counters, kept
from domain.states import Trigger
from domain.take.moves import moved, moved_if_lawful


def take_arrangement(case: Case, event: ev.Event) -> Case | None:
    match event.body:
        case ev.AbilityAssessed(assessment=assessment, household=words):
            known = replace(assessment, household=read_household(words))
            return replace(case, assessment=known, assessments_made=assessment.number)
        case ev.ArrangementOffered():
            return case
        case ev.ArrangementAgreed() as agreed:
            return _agreed(case, event, agreed)
        case _:
            return _lived(case, event) if case.arrangement is not None else None


def _agreed(case: Case, event: ev.Event, agreed: ev.ArrangementAgreed) -> Case:
    counters = case.counters
    made = replace(counters, arrangements=counters.arrangements + 1, arranged_on=kept(counters.arranged_on, event.on))
    return replace(
        moved(case, Trigger.ARRANGE),
        arrangement=replace(agreed.arrangement, third_party=agreed.third_party, authority=agreed.authority),
        arrangements_made=agreed.arrangement.number,
        notice=None,
        extension=None,
        counters=made,
    )


def _lived(case: Case, event: ev.Event) -> Case | None:
    """Take what happens under the case's agreement."""
    arrangement = case.arrangement
    assert arrangement is not None, "asked only where there is an agreement"
    match event.body:
        case ev.InstalmentsMet(met=met):
            in_force = arrangement.status is ArrangementStatus.AGREED and met > 0
            status = ArrangementStatus.IN_FORCE if in_force else arrangement.status
            return replace(case, arrangement=replace(arrangement, met=met, status=status))
        case ev.ArrangementSigned():
            return replace(case, arrangement=replace(arrangement, signed=True))
        case ev.SignatureMissed():
            return replace(case, arrangement=replace(arrangement, sign_asked_on=event.on))
        case ev.ArrangementBreached() | ev.BreachCured() | ev.BreachUndone():
            return _breach(case, event, arrangement)
        case _:
            return _ended(case, event, arrangement)


def _breach(case: Case, event: ev.Event, arrangement: Arrangement) -> Case | None:
    match event.body:
        case ev.ArrangementBreached(cure_by=cure_by):
            breached = _status(arrangement, ArrangementStatus.BREACHED)
            breached = replace(breached, breach_noticed_on=event.on, cure_by=cure_by)
            return replace(moved(case, Trigger.BREACH), arrangement=breached)
        case ev.BreachCured(undone=undone):
            cured = _in_force(arrangement, reinstated=arrangement.reinstated + (0 if undone else 1))
            return replace(moved(case, Trigger.CURE), arrangement=cured)
        case ev.BreachUndone(reinstated=reinstated):
            return _undone(case, arrangement, reinstated)
        case _:
            return None


def _undone(case: Case, arrangement: Arrangement, reinstated: int) -> Case:
    """Return *case* as if its agreement had not been broken: neither reinstated nor in default."""
    if arrangement.status is not ArrangementStatus.DEFAULTED:
        return replace(case, arrangement=_in_force(arrangement, reinstated=reinstated))
    counters = case.counters
    kept_whole = replace(
        counters, arrangements_broken=counters.arrangements_broken - 1, broken_on=counters.broken_on[:-1]
    )
    return replace(
        moved(case, Trigger.ARRANGE),
        arrangement=_in_force(arrangement, reinstated=reinstated),
        notice=None,
        counters=kept_whole,
    )


def _ended(case: Case, event: ev.Event, arrangement: Arrangement) -> Case | None:
    match event.body:
        case ev.ArrangementLapsed():
            return replace(moved(case, Trigger.DEFAULT), arrangement=_status(arrangement, ArrangementStatus.LAPSED))
        case ev.ArrangementDefaulted():
            defaulted = _status(arrangement, ArrangementStatus.DEFAULTED)
            return replace(moved(case, Trigger.DEFAULT), arrangement=defaulted, counters=_broken(case.counters, event))
        case ev.ArrangementCompleted():
            completed = replace(_status(arrangement, ArrangementStatus.COMPLETED), completed_on=event.on)
            return replace(moved(case, Trigger.RESUME), arrangement=completed, reminder=None)
        case ev.ArrangementReopened(arrangement=again):
            reopened = replace(again, third_party=arrangement.third_party, authority=arrangement.authority)
            return replace(moved_if_lawful(case, Trigger.ARRANGE), arrangement=reopened, notice=None)
        case ev.ArrangementCancelled():
            cancelled = _status(arrangement, ArrangementStatus.CANCELLED)
            return replace(moved(case, Trigger.RESUME), arrangement=cancelled, reminder=None)
        case _:
            return None


def _broken(counters: Counters, event: ev.Event) -> Counters:
    return replace(
        counters,
        arrangements_broken=counters.arrangements_broken + 1,
        broken_on=kept(counters.broken_on, event.on),
    )


def _in_force(arrangement: Arrangement, *, reinstated: int) -> Arrangement:
    return replace(
        arrangement,
        status=ArrangementStatus.IN_FORCE,
        reinstated=reinstated,
        breach_noticed_on=None,
        cure_by=None,
    )


def _status(arrangement: Arrangement, status: ArrangementStatus) -> Arrangement:
    return replace(arrangement, status=status)
