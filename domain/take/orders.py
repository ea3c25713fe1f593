"""Take work orders and what they do to a service."""

from dataclasses import replace

from domain import events as ev
from domain.account import Service
from domain.case import (
    DISCONNECTION,
    ApprovalState,
    Case,
    Order,
    OrderPurpose,
    OrderState,
    ServiceState,
)
from domain.states import ServiceStatus, Stage, Trigger
from domain.take.moves import in_hand, moved, set_approval, stand_down


def take_order(case: Case, event: ev.Event) -> Case | None:
    match event.body:
        case ev.OrderPlaced(order=order):
            pending = (
                ServiceStatus.ORDER_PENDING
                if order.purpose is OrderPurpose.DISCONNECT
                else ServiceStatus.REACTIVATION_PENDING
            )
            placed = replace(case, orders=(*case.orders, order), orders_made=case.orders_made + 1)
            return _service(placed, order.service, pending, event)
        case ev.OrderDispatched(order_id=order_id):
            used = case.approval(DISCONNECTION, ApprovalState.GRANTED)
            case = set_approval(case, used.approval_id, ApprovalState.USED) if used else case
            return _order(case, order_id, state=OrderState.DISPATCHED, dispatched_at=event.at)
        case ev.OrderAcknowledged(order_id=order_id, service=service, proceed=True):
            return _order(case, order_id, state=OrderState.ACKNOWLEDGED)
        case ev.OrderAcknowledged(order_id=order_id, service=service):
            return _undone(case, order_id, service, OrderState.RECALLED, event)
        case ev.OrderWithdrawn(order_id=order_id, service=service, recalled=recalled):
            state = OrderState.RECALLED if recalled else OrderState.CANCELLED
            return _undone(case, order_id, service, state, event)
        case ev.ReconnectionOffered(season_on=season_on):
            return replace(case, offered_for=season_on)
        case ev.RecallFailed(order_id=order_id):
            return _order(case, order_id, state=OrderState.BEYOND_RECALL)
        case ev.OrderNotCompleted(order_id=order_id, service=service):
            return _undone(case, order_id, service, OrderState.COULD_NOT_COMPLETE, event)
        case ev.ServiceDisconnected(order_id=order_id, service=service):
            too_late = any(
                o.order_id == order_id and (not o.open or o.state is OrderState.BEYOND_RECALL) for o in case.orders
            )
            case = _order(case, order_id, state=OrderState.COMPLETED, reason="recalled too late" if too_late else "")
            case = _service(case, service, ServiceStatus.OFF, event)
            return replace(case, counters=replace(case.counters, disconnections=case.counters.disconnections + 1))
        case ev.ServiceRestored(order_id=order_id, service=service):
            return _restored(_order(case, order_id, state=OrderState.COMPLETED), service, event)
        case ev.OutsideActNoted(service=Service() as service, status=ServiceStatus.ON) if case.off:
            return _restored(case, service, event)
        case ev.OutsideActNoted(service=service, status=status):
            return case if service is None or status is None else _service(case, service, status, event)
        case _:
            return None


def _restored(case: Case, service: Service, event: ev.Event) -> Case:
    """Take *service* back on; the disconnection is over when nothing of it is left, and the path starts again."""
    case = _service(case, service, ServiceStatus.ON, event)
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


def _undone(case: Case, order_id: str, service: Service, state: OrderState, event: ev.Event) -> Case:
    """Take an order that came to nothing: the service is as it was before the order."""
    order: Order | None = next((o for o in case.orders if o.order_id == order_id), None)
    before = ServiceStatus.OFF if order and order.purpose is OrderPurpose.RECONNECT else ServiceStatus.ON
    lapsed = case.approval(DISCONNECTION, ApprovalState.GRANTED)
    if lapsed and before is ServiceStatus.ON:
        case = set_approval(case, lapsed.approval_id, ApprovalState.LAPSED)
    case = _order(case, order_id, state=state)
    # What the outside did to the service meanwhile stands.
    pending = case.service(service).status in {ServiceStatus.ORDER_PENDING, ServiceStatus.REACTIVATION_PENDING}
    return stand_down(_service(case, service, before, event) if pending else case)


def _service(case: Case, service: Service, status: ServiceStatus, event: ev.Event) -> Case:
    others = tuple(state for state in case.services if state.service is not service)
    return replace(case, services=(*others, ServiceState(service=service, status=status, since=event.on)))
