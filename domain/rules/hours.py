"""May a crew act at this very moment, on a leave that still stands?"""

from datetime import timedelta

from domain import parameters as par
from domain.account import Service
from domain.case import DISCONNECTION, Approval, ApprovalState, Order, OrderPurpose, OrderState
from domain.facts import Fact, FactKind
from domain.rules.question import Question, blocks, ids, passes
from domain.rules.slots import FRIDAY, WEEKDAYS, cutting_hours, day_faults, next_slot
from domain.verdict import Action, Outcome

DECLINED_BY = frozenset({"phone", "in_person"})  # by letter or not at all is no personal contact


def d08_moment(ask: Question) -> Outcome:
    """Forbid to execute on a blocked weekday, a holiday or its eve, while offices are closed or outside cutting hours.

    The pack may let the cutting hours end early on a weekday, or before a day on which the offices are closed.
    A Friday alone is lawful when the customer declined, that same day and in person or by telephone, an agreement
    that was offered.
    """
    basis, window = ask.source(par.DNP_WINDOW), cutting_hours(ask.policy, ask.on)
    faults = list(day_faults(ask.policy, ask.on))
    declined = declined_today(ask)
    if ask.on.weekday() == FRIDAY and declined and f"a {WEEKDAYS[FRIDAY]}" in faults:
        faults.remove(f"a {WEEKDAYS[FRIDAY]}")
    clock = ask.policy.calendar.clock(ask.now)
    if faults:
        basis = ask.source(par.DNP_BLOCKED_WEEKDAYS)
        says = f"{ask.on} is {' and '.join(faults)}."
    elif not window.opens <= clock < window.closes:
        if window.closes <= clock < ask.value(par.DNP_WINDOW).closes:
            basis = ask.source(par.DNP_EARLY_CLOSE)
        says = f"It is {clock:%H:%M}; service is cut from {window.opens:%H:%M} until {window.closes:%H:%M} only."
    else:
        return passes("D08", f"{ask.on} {clock:%H:%M} lies in the cutting hours.", basis, facts=ids(declined))
    until = next_slot(ask.policy, ask.now)
    local = f"{ask.policy.calendar.day(until)} {ask.policy.calendar.clock(until):%H:%M}"
    return blocks("D08", says, basis, way_out=f"The next lawful moment is {local}.", until=until)


def declined_today(ask: Question) -> tuple[Fact, ...]:
    """Return the refusals of an agreement offered today in person or by telephone."""
    return tuple(
        fact
        for fact in ask.begun(FactKind.AGREEMENT_DECLINED)
        if ask.day(fact) == ask.on and fact.details.get("by") in DECLINED_BY
    )


def d22_recheck(ask: Question) -> Outcome:
    """Forbid to execute without an approval that still stands and, at the door, an order sent out this same day.

    Every other rule of a cut is asked again at dispatch and at the door; this one asks for the leave itself.
    """
    basis = ask.source(par.APPROVAL_OPEN_DAYS)
    approval = leave(ask)
    if approval is None or approval.lapses_at is None or approval.lapses_at <= ask.now:
        lapsed = (
            f"lapsed at {approval.lapses_at:%Y-%m-%d %H:%M} UTC" if approval and approval.lapses_at else "is missing"
        )
        return blocks("D22", f"The approval of this cut {lapsed}.", basis, way_out="A second person approves it anew.")
    if ask.action is Action.DISPATCH_DISCONNECTION:
        says = f"{approval.approval_id} approves this cut until {approval.lapses_at:%Y-%m-%d %H:%M} UTC."
        return passes("D22", says, basis, facts=(approval.approval_id,))
    order = ask.case.open_order(OrderPurpose.DISCONNECT)
    if order is None or not _out_today(ask, order):
        says = "No order for this cut was sent out today."
        return blocks("D22", says, basis, way_out="Dispatch the order anew.", facts=(order.order_id,) if order else ())
    minutes = ask.value(par.ACK_VALID_MINUTES)
    ends = ask.policy.calendar.clock(ask.now + timedelta(minutes=minutes))
    says = f"Every rule was asked again; this answer holds until {ends:%H:%M}."
    return passes("D22", says, ask.source(par.ACK_VALID_MINUTES), facts=(approval.approval_id, order.order_id))


def leave(ask: Question) -> Approval | None:
    """Return the latest approval of this very cut: granted, or already used by its order."""
    for approval in reversed(ask.case.approvals):
        granted = approval.state in {ApprovalState.GRANTED, ApprovalState.USED}
        if granted and approval.act == DISCONNECTION and _same(approval.service, ask.service):
            return approval
    return None


def _same(approved: Service | None, cut: Service | None) -> bool:
    return approved is None or approved is cut


def _out_today(ask: Question, order: Order) -> bool:
    out = order.state in {OrderState.DISPATCHED, OrderState.ACKNOWLEDGED}
    return out and order.dispatched_at is not None and ask.policy.calendar.day(order.dispatched_at) == ask.on
