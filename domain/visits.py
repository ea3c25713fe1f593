"""What does a crew's word about its order mean for the case: done, not done and why, and what follows from either?"""

from datetime import datetime

from domain import events as ev
from domain.case import Case, Order, OrderPurpose
from domain.facts import Fact, FactKind
from domain.field_orders import Reason
from domain.money import Money
from domain.states import ServiceStatus

Bodies = tuple[ev.Body, ...]
VACANT, TAMPERED = "vacant", "tampered"
FINDINGS: dict[OrderPurpose, frozenset[str]] = {
    OrderPurpose.OCCUPANCY_CHECK: frozenset({"occupied", "occupied_informed", VACANT}),
    OrderPurpose.TAMPER_CHECK: frozenset({TAMPERED, "intact"}),
}
"""What a visit of each purpose has to find out; the others find nothing in particular."""

_TASKS: dict[Reason, tuple[str, str, bool]] = {
    Reason.DOG: ("visit_with_care", "A dog kept the crew from the meter. Every order now says so.", False),
    Reason.THREAT: ("visit_with_care", "The crew was threatened. Every order now says so.", True),
    Reason.LOCKED: ("arrange_access", "The meter is behind a locked gate or door. Arrange access.", False),
    Reason.MEDICAL: ("ask_for_certificate", "Illness was named at the door. Ask for a written certificate.", True),
    Reason.PAID_AT_DOOR: ("check_payment", "The customer says that it is paid. Look for the payment.", False),
    Reason.OCCUPIED_UNEXPECTED: ("find_occupant", "Someone lives there whom we did not expect. Find out who.", False),
    Reason.NOBODY_HOME: ("make_appointment", "Nobody was home to relight. Make an appointment.", False),
    Reason.METER_NOT_FOUND: ("find_meter", "The crew did not find the meter. Ask for its place.", False),
    Reason.LOCK_BROKEN: ("tampering", "The lock was found broken.", True),
}


def completed(case: Case, order: Order, *, at: datetime, finding: str, meter_read: int | None) -> Bodies:
    """Return what a completed *order* means, with the exceptions that its meter reading shows."""
    bodies: Bodies
    match order.purpose:
        case OrderPurpose.DISCONNECT:
            bodies = (
                ev.ServiceDisconnected(order_id=order.order_id, service=order.service, meter_read=meter_read),
                *_cut_after_all(order),
            )
        case OrderPurpose.RECONNECT:
            bodies = (_restored(case, order, at, meter_read),)
        case _:
            done = ev.VisitCompleted(
                order_id=order.order_id,
                service=order.service,
                purpose=order.purpose,
                finding=finding,
                meter_read=meter_read,
            )
            bodies = (done, *_found(case, order, finding, at))
    return (*bodies, *_read_exceptions(case, order, meter_read))


def not_completed(case: Case, order: Order, *, at: datetime, reason: str) -> Bodies:
    """Return what follows from an *order* that came to nothing: what was learnt, and what a person is asked to do.

    A meter that does not confirm asks for nobody: the case commands it again, or sends a truck.
    """
    failed = ev.OrderNotCompleted(order_id=order.order_id, service=order.service, reason=reason)
    if reason == Reason.NOT_CONFIRMED:
        return (failed,)
    known = Reason(reason) if reason in set(Reason) else None
    facts = _learnt(case, order, known, at) if known else ()
    kind, about, urgent = _TASKS.get(known, ("order_not_completed", reason, False)) if known else ("", reason, False)
    about = f"{order.purpose.replace('_', ' ')} of {order.service}: {about}"
    bodies: Bodies = (failed, *facts, ev.TaskRaised(kind=kind or "order_not_completed", about=about, urgent=urgent))
    if known is Reason.LOCK_BROKEN and order.purpose is not OrderPurpose.TAMPER_CHECK:
        bodies = (*bodies, *wanted(case, order, "the lock was found broken"))
    return bodies


def wanted(case: Case, order: Order, because: str) -> Bodies:
    """Return the wish for a tamper check at the place of *order*, unless one is wanted or out already."""
    check = (OrderPurpose.TAMPER_CHECK, order.service)
    if any((visit.purpose, visit.service) == check for visit in case.wanted):
        return ()
    if any(o.open and (o.purpose, o.service) == check for o in case.orders):
        return ()
    return (ev.VisitWanted(purpose=OrderPurpose.TAMPER_CHECK, service=order.service, because=because),)


def _cut_after_all(order: Order) -> Bodies:
    if order.open or order.reason == Reason.NOT_CONFIRMED:
        return ()
    about = f"{order.service} was cut on an order that was {order.state.replace('_', ' ')}"
    return (ev.TaskRaised(kind="cut_without_order", about=about, urgent=True),)


def _restored(case: Case, order: Order, at: datetime, meter_read: int | None) -> ev.ServiceRestored:
    off_at = case.service(order.service).off_at
    minutes = None if off_at is None else max(0, int((at - off_at).total_seconds() // 60))
    return ev.ServiceRestored(
        order_id=order.order_id, service=order.service, meter_read=meter_read, minutes_off=minutes
    )


def _read_exceptions(case: Case, order: Order, meter_read: int | None) -> Bodies:
    """Return what is wrong with a reading: below the last one, or above it where service had been off."""
    state = case.service(order.service)
    if meter_read is None or state.read is None:
        return ()
    if meter_read < state.read:
        about = f"{order.service} read {meter_read} on {order.order_id}; the reading before was {state.read}."
        return (ev.TaskRaised(kind="read_below_last", about=about),)
    was_off = state.status in {ServiceStatus.OFF, ServiceStatus.REACTIVATION_PENDING} and state.off_at is not None
    if meter_read > state.read and was_off and order.purpose is not OrderPurpose.TAMPER_CHECK:
        used = f"{meter_read - state.read} units were used while {order.service} was off"
        return (ev.TaskRaised(kind="use_while_off", about=used, urgent=True), *wanted(case, order, used))
    return ()


def _found(case: Case, order: Order, finding: str, at: datetime) -> Bodies:
    match order.purpose:
        case OrderPurpose.OCCUPANCY_CHECK:
            details = {
                "result": VACANT if finding == VACANT else "occupied",
                "informed": "yes" if finding == "occupied_informed" else "no",
            }
            return (_fact(case, order, FactKind.OCCUPANCY_CHECK, at, details),)
        case OrderPurpose.TAMPER_CHECK if finding == TAMPERED:
            return (
                ev.TaskRaised(kind="tampering", about=f"{order.service}: the meter was tampered with", urgent=True),
            )
        case OrderPurpose.POST_HANGER:
            return (ev.ContactRecorded(channel="door", direction="out", outcome="left_message", right_party=False),)
        case _:
            return ()


def _learnt(case: Case, order: Order, reason: Reason, at: datetime) -> Bodies:
    match reason:
        case Reason.DOG | Reason.THREAT:
            if any(f.kind is FactKind.SAFETY_NOTE and f.details.get("note") == reason for f in case.known.facts):
                return ()
            return (_fact(case, order, FactKind.SAFETY_NOTE, at, {"note": reason.value}),)
        case Reason.MEDICAL:
            # Nobody is cut on a word about illness; what is not confirmed in writing lapses by itself.
            return (_fact(case, order, FactKind.MEDICAL_CERTIFICATE, at, {"form": "phone"}),)
        case Reason.PAID_AT_DOOR:
            claimed = case.notice.left(case.known.bills) if case.notice else None
            return (_fact(case, order, FactKind.CLAIMED_PAYMENT, at, {"said_by": "customer"}, amount=claimed),)
        case Reason.OCCUPIED_UNEXPECTED:
            return (_fact(case, order, FactKind.OCCUPANCY_CHECK, at, {"result": "occupied", "informed": "no"}),)
        case _:
            return ()


def _fact(
    case: Case, order: Order, kind: FactKind, at: datetime, details: dict[str, str], *, amount: Money | None = None
) -> ev.FactRecorded:
    """Return a fact as the crew saw it; its number is that of the event after the order's own."""
    fact = Fact(
        fact_id=f"{case.case_id}-f{case.seq + 2}",
        kind=kind,
        starts=at,
        known_at=at,
        amount=amount,
        source="crew",
        evidence=order.order_id,
        entered_by="field",
        details=details,
    )
    return ev.FactRecorded(fact=fact)
