"""Take the life of a payment arrangement."""

from dataclasses import replace

from domain import events as ev
from domain.arrangement import Arrangement, ArrangementStatus
from domain.case import (
    Case,
)
from domain.states import Trigger
from domain.take.moves import moved


def take_arrangement(case: Case, event: ev.Event) -> Case | None:
    body = event.body
    if isinstance(body, ev.ArrangementAgreed):
        made = replace(case.counters, arrangements=case.counters.arrangements + 1)
        return replace(
            moved(case, Trigger.ARRANGE),
            arrangement=body.arrangement,
            arrangements_made=body.arrangement.number,
            notice=None,
            extension=None,
            counters=made,
        )
    arrangement = case.arrangement
    if arrangement is None:
        return None
    match body:
        case ev.InstalmentsMet(met=met):
            in_force = arrangement.status is ArrangementStatus.AGREED and met > 0
            status = ArrangementStatus.IN_FORCE if in_force else arrangement.status
            return replace(case, arrangement=replace(arrangement, met=met, status=status))
        case ev.ArrangementBreached(cure_by=cure_by):
            breached = _status(arrangement, ArrangementStatus.BREACHED)
            breached = replace(breached, breach_noticed_on=event.on, cure_by=cure_by)
            return replace(moved(case, Trigger.BREACH), arrangement=breached)
        case ev.BreachCured(undone=undone):
            cured = replace(
                _status(arrangement, ArrangementStatus.IN_FORCE),
                reinstated=arrangement.reinstated + (0 if undone else 1),
                breach_noticed_on=None,
                cure_by=None,
            )
            return replace(moved(case, Trigger.CURE), arrangement=cured)
        case ev.ArrangementDefaulted():
            broken = replace(case.counters, arrangements_broken=case.counters.arrangements_broken + 1)
            defaulted = _status(arrangement, ArrangementStatus.DEFAULTED)
            return replace(moved(case, Trigger.DEFAULT), arrangement=defaulted, counters=broken)
        case ev.ArrangementCompleted():
            return replace(
                moved(case, Trigger.RESUME),
                arrangement=_status(arrangement, ArrangementStatus.COMPLETED),
                reminder=None,
            )
        case ev.ArrangementCancelled():
            return replace(
                moved(case, Trigger.RESUME),
                arrangement=_status(arrangement, ArrangementStatus.CANCELLED),
                reminder=None,
            )
        case _:
            return None


def _status(arrangement: Arrangement, status: ArrangementStatus) -> Arrangement:
    return replace(arrangement, status=status)
