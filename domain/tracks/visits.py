"""Which looks, readings and hangers were asked for, and which are under way?"""

from collections.abc import Iterator
from datetime import datetime

from domain import parameters as p
from domain.calendar import DAY
from domain.case import SWITCHING, OrderPurpose
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.track import Look

_CALLED = {
    OrderPurpose.OCCUPANCY_CHECK: "occupancy check",
    OrderPurpose.POST_HANGER: "notice at the door",
    OrderPurpose.READ_FINAL: "final reading",
    OrderPurpose.TAMPER_CHECK: "tamper check",
}


def visits(look: Look) -> Iterator[Next]:
    """Send someone for what was asked for, in office hours; name who is on the way."""
    case = look.case
    out = [order for order in case.orders if order.open and order.purpose not in SWITCHING]
    under_way = {(order.purpose, order.service) for order in out}
    for wanted in case.wanted:
        if (wanted.purpose, wanted.service) in under_way:
            continue
        what = _CALLED[wanted.purpose]
        yield Step(
            kind=StepKind.REQUEST_VISIT,
            at=_office_opens(look),
            ref=wanted.purpose,
            service=wanted.service,
            rule="field.visit",
            says=f"A {what} goes out for {wanted.service}: {wanted.because}.",
        )
    for order in out:
        yield Wait(says=f"A crew has the {_CALLED[order.purpose]} of {order.service}.", who=Who.FIELD)


def _office_opens(look: Look) -> datetime:
    """Return now within office hours of an open day, else the next opening."""
    calendar, hours = look.policy.calendar, look.policy.at(p.OFFICE_HOURS, look.on)
    clock = calendar.clock(look.now)
    if calendar.is_open(look.on) and hours.opens <= clock < hours.closes:
        return look.now
    early = calendar.is_open(look.on) and clock < hours.opens
    return calendar.at(look.on if early else calendar.open_day(look.on + DAY), hours.opens)
