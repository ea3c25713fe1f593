"""How an event changes a case: the only way it ever changes."""

from dataclasses import replace

from domain import events as ev
from domain.case import Case
from domain.take.agreements import take_arrangement
from domain.take.approvals import take_approval
from domain.take.bankruptcy import take_bankruptcy
from domain.take.mail import take_mail
from domain.take.money import take_money
from domain.take.opening import take_opening
from domain.take.orders import take_order
from domain.take.path import take_path
from domain.take.record import take_record
from domain.take.remedies import take_ending, take_remedy

CHAPTERS = (
    take_record,
    take_path,
    take_mail,
    take_arrangement,
    take_approval,
    take_order,
    take_remedy,
    take_ending,
    take_money,
    take_bankruptcy,
    take_opening,
)


def take(case: Case, event: ev.Event) -> Case:
    """Return *case* after *event*.

    Raises:
        UnlawfulMove: the event asks for a move that the table does not hold (a bug).
        AssertionError: the event's number is not the next one (a bug).
    """
    assert event.seq == case.seq + 1, f"{case.case_id}: event {event.seq} cannot follow {case.seq}"
    return replace(_changed(case, event), seq=event.seq)


def _changed(case: Case, event: ev.Event) -> Case:
    body = event.body
    for part in CHAPTERS:
        changed = part(case, event)
        if changed is not None:
            return changed
    raise AssertionError(f"no one takes {body.type}")
