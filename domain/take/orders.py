"""Take work orders and what they do to a service."""

from dataclasses import replace

from domain import events as ev
from domain.account import Service
from domain.case import (
    DISCONNECTION,
    SWITCHING,
    ApprovalState,
    Case,
    Order,
    OrderPurpose,
    OrderState,
    WantedVisit,
)
from domain.field_orders import Reason
from domain.states import ServiceStatus, Stage, Trigger
from domain.take.moves import in_hand, moved, set_approval, stand_down


def take_order(case: Case, event: ev.Event) -> Case | None:
    return _take_life(case, event) or _take_wish(case, event) or _take_end(case, event)


def _take_life(case: Case, event: ev.Event) -> Case | None:
    """Take what befalls an order before it ends."""
    match event.body:
        case ev.OrderPlaced(order=order):
            return _placed(case, order, event)
        case ev.OrderDeferred(order_id=order_id, until=until):
            return _order(case, order_id, not_before=until)
        case ev.OrderAccepted(order_id=order_id):
            return _order(case, order_id, accepted_at=event.at)
        case ev.OrderReminded(order_id=order_id, times=times):
            return _order(case, order_id, reminded=times)
        case ev.OrderEscalated(order_id=order_id):
            return _order(case, order_id, escalated=True)
        case ev.OrderDispatched(order_id=order_id):
            used = case.approval(DISCONNECTION, ApprovalState.GRANTED)
            case = set_approval(case, used.approval_id, ApprovalState.USED) if used else case
            return _order(case, order_id, state=OrderState.DISPATCHED, dispatched_at=event.at)
        case ev.OrderAcknowledged(order_id=order_id, proceed=True):
            return _order(case, order_id, state=OrderState.ACKNOWLEDGED)
        case ev.RecallSent(order_id=order_id):
            return _order(case, order_id, state=OrderState.RECALLING, recalled_at=event.at)
        case ev.RecallFailed(order_id=order_id):
            return _order(case, order_id, state=OrderState.BEYOND_RECALL)
        case _:
            return None


def _take_wish(case: Case, event: ev.Event) -> Case | None:
    """Take what was asked for and has no order yet, and the fee of a disconnection, charged or taken back."""
    match event.body:
        case ev.VisitWanted(purpose=purpose, service=service, because=because):
            wanted = WantedVisit(purpose=purpose, service=service, because=because)
            return replace(case, wanted=(*case.wanted, wanted))
        case ev.ReactivationRequested(service=service, after_hours=after_hours):
            return _known(case, service, asked_at=event.at, after_hours=after_hours)
        case ev.ServiceEnding(why=why):
            return replace(case, ending=why)
        case ev.FeeCharged(fee=fee):
            return replace(case, fees=(*case.fees, fee))
        case ev.FeeRemoved(fee=fee):
            return replace(case, fees=tuple(each for each in case.fees if each != fee))
        case _:
            return None


def _take_end(case: Case, event: ev.Event) -> Case | None:
    """Take the end of an order, and what it or the outside did to a service."""
    match event.body:
        case ev.OrderAcknowledged(order_id=order_id, service=service):
            return _undone(case, order_id, service, OrderState.RECALLED, event)
        case ev.OrderWithdrawn(order_id=order_id, service=service, recalled=recalled):
            state = OrderState.RECALLED if recalled else OrderState.CANCELLED
            return _undone(case, order_id, service, state, event)
        case ev.OrderNotCompleted(order_id=order_id, service=service, reason=reason):
            return _failed(case, order_id, service, reason, event)
        case ev.VisitCompleted(order_id=order_id):
            return _order(case, order_id, state=OrderState.COMPLETED, ended_on=event.on)
        case ev.ServiceDisconnected() as cut:
            return _disconnected(case, cut, event)
        case ev.ServiceRestored(order_id=order_id, service=service, meter_read=read):
            case = _order(case, order_id, state=OrderState.COMPLETED, ended_on=event.on)
            return _restored(case, service, event, read=read)
        case ev.CutFoundWrong(order_id=order_id, rules=rules):
            return _order(_held_against_nobody(case), order_id, found_wrong=" ".join(rules))
        case ev.StrikeRemoved():
            return _held_against_nobody(case)
        case ev.ReconnectionOffered(season_on=season_on):
            return replace(case, offered_for=season_on)
        case ev.OutsideActNoted(service=Service() as service, status=ServiceStatus.ON) if case.off:
            return _restored(case, service, event)
        case ev.OutsideActNoted(service=service, status=status):
            return case if service is None or status is None else _service(case, service, status, event)
        case _:
            return None


def _placed(case: Case, order: Order, event: ev.Event) -> Case:
    met = (order.purpose, order.service)
    placed = replace(
        case,
        orders=(*case.orders, order),
        orders_made=case.orders_made + 1,
        wanted=tuple(visit for visit in case.wanted if (visit.purpose, visit.service) != met),
    )
    if order.purpose not in SWITCHING:
        return placed
    cuts = order.purpose is OrderPurpose.DISCONNECT
    pending = ServiceStatus.ORDER_PENDING if cuts else ServiceStatus.REACTIVATION_PENDING
    return _service(placed, order.service, pending, event)


def _disconnected(case: Case, cut: ev.ServiceDisconnected, event: ev.Event) -> Case:
    # A meter that confirms late what it was lawfully told is no wrongful cut.
    too_late = any(
        o.order_id == cut.order_id
        and (not o.open or o.state is OrderState.BEYOND_RECALL)
        and o.reason != Reason.NOT_CONFIRMED
        for o in case.orders
    )
    reason = "recalled too late" if too_late else ""
    case = _order(case, cut.order_id, state=OrderState.COMPLETED, reason=reason, ended_on=event.on, done_at=event.at)
    case = _service(case, cut.service, ServiceStatus.OFF, event)
    case = _known(case, cut.service, off_at=event.at, read=cut.meter_read, uncertain=False, asked_at=None)
    return replace(case, counters=replace(case.counters, disconnections=case.counters.disconnections + 1))


def _held_against_nobody(case: Case) -> Case:
    """Return *case* without one cut that should not have been, its own or one carried to it."""
    left = max(0, case.counters.disconnections - 1)
    return replace(case, counters=replace(case.counters, disconnections=left))


def _restored(case: Case, service: Service, event: ev.Event, *, read: int | None = None) -> Case:
    """Take *service* back on; the disconnection is over when nothing of it is left, and the path starts again."""
    case = _service(case, service, ServiceStatus.ON, event)
    last = case.service(service).read if read is None else read
    case = _known(case, service, off_at=None, read=last, uncertain=False, asked_at=None, after_hours=False)
    over = case.stage is Stage.DISCONNECTION_PENDING and not in_hand(case)
    return replace(moved(case, Trigger.START_AGAIN), reminder=None, notice=None) if over else case


def _order(case: Case, order_id: str, **changes: object) -> Case:
    return replace(
        case,
        orders=tuple(
            replace(o, **changes) if o.order_id == order_id else o  # type: ignore[arg-type]  # keyword names are fixed above
            for o in case.orders
        ),
    )


def _failed(case: Case, order_id: str, service: Service, reason: str, event: ev.Event) -> Case:
    """Take an order that could not be completed. Whether a meter that did not confirm has obeyed is not known."""
    order = next((o for o in case.orders if o.order_id == order_id), None)
    case = _order(case, order_id, reason=reason)
    if order is None or reason != Reason.NOT_CONFIRMED:
        return _undone(case, order_id, service, OrderState.COULD_NOT_COMPLETE, event)
    used = case.approval(DISCONNECTION, ApprovalState.USED)
    if used and order.purpose is OrderPurpose.DISCONNECT:
        # The leave to cut was not spent on it: it carries the next try, for as long as it stands.
        case = set_approval(case, used.approval_id, ApprovalState.GRANTED)
    case = _undone(case, order_id, service, OrderState.COULD_NOT_COMPLETE, event, lapses=False)
    return _known(case, service, uncertain=True)


def _undone(
    case: Case, order_id: str, service: Service, state: OrderState, event: ev.Event, *, lapses: bool = True
) -> Case:
    """Take an order that came to nothing: the service is as it was before the order."""
    order: Order | None = next((o for o in case.orders if o.order_id == order_id), None)
    case = _order(case, order_id, state=state, ended_on=event.on)
    if order is not None and order.purpose not in SWITCHING:
        return case
    before = ServiceStatus.OFF if order and order.purpose is OrderPurpose.RECONNECT else ServiceStatus.ON
    lapsed = case.approval(DISCONNECTION, ApprovalState.GRANTED)
    if lapsed and lapses and before is ServiceStatus.ON:
        case = set_approval(case, lapsed.approval_id, ApprovalState.LAPSED)
    # What the outside did to the service meanwhile stands.
    pending = case.service(service).status in {ServiceStatus.ORDER_PENDING, ServiceStatus.REACTIVATION_PENDING}
    return stand_down(_service(case, service, before, event) if pending else case)


def _service(case: Case, service: Service, status: ServiceStatus, event: ev.Event) -> Case:
    return _known(case, service, status=status, since=event.on)


def _known(case: Case, service: Service, **changes: object) -> Case:
    """Return *case* with *changes* to what is known of *service*."""
    others = tuple(state for state in case.services if state.service is not service)
    changed = replace(case.service(service), **changes)  # type: ignore[arg-type]  # ServiceState's own names
    return replace(case, services=(*others, changed))
