"""What happens next, on which day, under which rule: the steps the calendar asks for and the waits that hold them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from domain.case import Case
from domain.facts import FactKind, standing
from domain.policy import Policy
from domain.position import position
from domain.states import Stage
from domain.step import Next, Step, Wait, Who
from domain.tracks import (
    agreements,
    bankruptcy,
    cutting,
    ending,
    held,
    letters,
    people,
    remedies,
    reminding,
    restoring,
    sweep,
    visits,
)
from domain.tracks.track import Look, next_change

UNREAD_RETRY = timedelta(minutes=10)  # how long after an unread billing the case looks again
FAR = datetime.max.replace(tzinfo=UTC)


def next_step(case: Case, policy: Policy, now: datetime) -> Next:
    """Return the earliest step or wait; for a closed case a wait that nobody need end."""
    return outlook(case, policy, now)[0]


def outlook(case: Case, policy: Policy, now: datetime) -> tuple[Next, ...]:
    """Return the agenda, and where it holds nothing the wait that says so."""
    if case.closed is not None:
        return (_CLOSED,)
    return agenda(case, policy, now) or (_nothing(Look(case, policy, now, position(case, policy, now))),)


def agenda(case: Case, policy: Policy, now: datetime) -> tuple[Next, ...]:
    """Return everything the calendar holds for *case*, earliest first; waits without an end come last."""
    if case.stage is Stage.CLOSED:
        return ()
    look = Look(case, policy, now, position(case, policy, now))
    tracks = (
        _TRACKS
        if case.known.billing_read
        else (
            restoring.wrong_cuts,
            cutting.disconnect_order,
            restoring.services_off,
            restoring.reconnect_order,
            _unread,
        )
    )
    items = [_unless_rejected(look, item) for track in tracks for item in track(look)]
    if held.holding(look):
        items = [held.kept_back(item, look) for item in items]
    return tuple(sorted(items, key=instant_of))


def _unless_rejected(look: Look, item: Next) -> Next:
    """Hold back a step that another system has rejected, until a person releases the hold that says so."""
    if isinstance(item, Wait):
        return item
    for hold in standing(look.case.known.facts, FactKind.HOLD, look.now):
        if hold.details.get("step") == item.kind:
            because = hold.details.get("because", "")
            return Wait(says=f"{because} Release the hold to try again.", who=Who.REPRESENTATIVE, task="rejected")
    return item


def _unread(look: Look) -> Iterator[Next]:
    """Wait for billing: no letter and no cut rests on balances that could not be read."""
    yield Wait(says="Billing could not be read.", who=Who.OUTSIDE, until=look.now + UNREAD_RETRY)


def instant_of(item: Next) -> datetime:
    """Return when *item* next asks for attention; far in the future if only a change can end it."""
    return item.at if isinstance(item, Step) else item.until or FAR


def _nothing(look: Look) -> Wait:
    says = "Nothing is left to pursue now; the case waits for the next bill or a change."
    return Wait(says=says, who=Who.CALENDAR, until=next_change(look))


_CLOSED = Wait(says="The case is closed.", who=Who.CALENDAR)


_TRACKS: tuple[Callable[[Look], Iterator[Next]], ...] = (
    restoring.wrong_cuts,
    people.cured,
    ending.ending,
    cutting.disconnect_order,
    restoring.services_off,
    restoring.reconnect_order,
    restoring.fees,
    visits.visits,
    sweep.homes_off,
    cutting.approval,
    agreements.agreement,
    agreements.promised,
    reminding.reminders,
    agreements.extended,
    people.claimed,
    people.questions,
    letters.letters,
    cutting.recommendation,
    people.follow_up,
    remedies.remedies,
    remedies.settlement,
    remedies.final_bill,
    remedies.recovery,
    bankruptcy.bankruptcy,
)
