"""Take the letters, promises and extensions on the way to a disconnection, and the end of the case."""

from dataclasses import replace
from datetime import date

from domain import events as ev
from domain.case import Case, Extension, Lifted, Notice, kept
from domain.states import Trigger
from domain.take.moves import moved, moved_if_lawful


def take_path(case: Case, event: ev.Event) -> Case | None:
    """Take the letters, promises and extensions on the way to a disconnection, and the end of the case."""
    match event.body:
        case ev.ReminderSent(notice=notice):
            return replace(moved(case, Trigger.REMIND), reminder=notice)
        case ev.NoticeServed(notice=notice):
            counters = replace(case.counters, notices=case.counters.notices + 1)
            return replace(moved(case, Trigger.SERVE_NOTICE), notice=notice, counters=counters, lifted=None)
        case ev.NoticeWithdrawn(kind="reminder", paid=paid):
            lifted = _lifted(case, event.on, reminder=case.reminder) if paid else case.lifted
            return replace(moved(case, Trigger.START_AGAIN), reminder=None, lifted=lifted)
        case ev.NoticeWithdrawn(paid=paid, overstated=overstated):
            lifted = _lifted(case, event.on, notice=case.notice) if paid or overstated else case.lifted
            return replace(moved(case, Trigger.START_AGAIN), notice=None, lifted=lifted)
        case ev.PathResumed() as resumed:
            return _resumed(case, resumed)
        case ev.PromiseRecorded(promise=promise):
            return replace(case, promise=promise)
        case ev.PromiseKept():
            return replace(case, promise=None)
        case ev.PromiseBroken():
            broken = replace(case.counters, promises_broken=case.counters.promises_broken + 1)
            return replace(case, promise=None, counters=broken)
        case ev.ExtensionGranted(until=until, refs=refs):
            counters = case.counters
            counted = replace(
                counters, extensions=counters.extensions + 1, extended_on=kept(counters.extended_on, event.on)
            )
            return replace(case, extension=Extension(granted_on=event.on, until=until, refs=refs), counters=counted)
        case ev.ExtensionEnded():
            return replace(case, extension=None)
        case ev.CaseClosed(reason=reason):
            lifted = _lifted(case, event.on, reminder=case.reminder, notice=case.notice)
            return replace(moved(case, Trigger.CLOSE), closed=reason, closed_on=event.on, lifted=lifted)
        case _:
            return None


def _lifted(case: Case, on: date, *, reminder: Notice | None = None, notice: Notice | None = None) -> Lifted | None:
    """Return the letters that ended with what they named, those that ended before on the same day with them."""
    if reminder is None and notice is None:
        return case.lifted
    before = case.lifted if case.lifted is not None and case.lifted.on == on else Lifted(on=on)
    return Lifted(on=on, reminder=reminder or before.reminder, notice=notice or before.notice)


def _resumed(case: Case, resumed: ev.PathResumed) -> Case:
    reminder = resumed.reminder or case.reminder
    if resumed.notice is not None:
        return replace(moved(case, Trigger.SERVE_NOTICE), reminder=reminder, notice=resumed.notice, lifted=None)
    return replace(moved_if_lawful(case, Trigger.REMIND), reminder=reminder, lifted=None)
