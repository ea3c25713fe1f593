"""Take the letters, promises and extensions on the way to a disconnection, and the end of the case."""

from dataclasses import replace

from domain import events as ev
from domain.case import (
    Case,
    Extension,
    kept,
)
from domain.states import Trigger
from domain.take.moves import moved


def take_path(case: Case, event: ev.Event) -> Case | None:
    """Take the letters, promises and extensions on the way to a disconnection, and the end of the case."""
    match event.body:
        case ev.ReminderSent(notice=notice):
            return replace(moved(case, Trigger.REMIND), reminder=notice)
        case ev.NoticeServed(notice=notice):
            counters = replace(case.counters, notices=case.counters.notices + 1)
            return replace(moved(case, Trigger.SERVE_NOTICE), notice=notice, counters=counters)
        case ev.NoticeWithdrawn(kind="reminder"):
            return replace(moved(case, Trigger.START_AGAIN), reminder=None)
        case ev.NoticeWithdrawn():
            return replace(moved(case, Trigger.START_AGAIN), notice=None)
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
            return replace(moved(case, Trigger.CLOSE), closed=reason)
        case _:
            return None
