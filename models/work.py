"""How do events change the work orders and approvals on record?

Orders move on, never back: the gate's own transaction may have written a later state before the event arrives.
"""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from domain import events as ev
from domain.case import DISCONNECTION, OPEN_ORDER_STATES, ApprovalState, Order, OrderPurpose, OrderState
from domain.field_orders import Reason, order_type
from domain.states import ServiceStatus
from models.recorded import Recorded
from models.tables import ApprovalRow, WorkOrderRow
from models.upsert import insert_new

_OPEN = frozenset(OPEN_ORDER_STATES)
_BEFORE_ACKNOWLEDGED = frozenset({OrderState.REQUESTED, OrderState.DISPATCHED})
_TOO_LATE = frozenset(
    {OrderState.BEYOND_RECALL, OrderState.RECALLED, OrderState.CANCELLED, OrderState.COULD_NOT_COMPLETE}
)
_ANY = frozenset(OrderState)


def project_order(session: Session, recorded: Recorded) -> None:
    """Write what an event says of a work order."""
    at = recorded.event.at
    match recorded.event.body:
        case ev.OrderPlaced(order=order):
            write_order(session, recorded, order)
        case ev.OrderDispatched(order_id=order_id):
            _use_approval(session, recorded, ApprovalState.USED)
            _advance(session, order_id, to=OrderState.DISPATCHED, whence={OrderState.REQUESTED}, dispatched_at=at)
        case ev.OrderAcknowledged(order_id=order_id, proceed=True):
            _advance(session, order_id, to=OrderState.ACKNOWLEDGED, whence=_BEFORE_ACKNOWLEDGED, acknowledged_at=at)
        case ev.OrderAcknowledged(order_id=order_id):
            _undo(session, recorded, order_id, to=OrderState.RECALLED, reason="stopped at the door")
        case ev.RecallFailed(order_id=order_id, because=because):
            _advance(session, order_id, to=OrderState.BEYOND_RECALL, whence=_OPEN, reason=because)
        case ev.OrderWithdrawn(order_id=order_id, recalled=recalled, because=because):
            state = OrderState.RECALLED if recalled else OrderState.CANCELLED
            _undo(session, recorded, order_id, to=state, reason=because)
        case ev.OrderNotCompleted(order_id=order_id, reason=Reason.NOT_CONFIRMED as reason):
            _advance(session, order_id, to=OrderState.COULD_NOT_COMPLETE, whence=_OPEN, reason=reason, done_at=at)
            _give_leave_back(session, recorded, order_id)
        case ev.OrderNotCompleted(order_id=order_id, reason=reason):
            _undo(session, recorded, order_id, to=OrderState.COULD_NOT_COMPLETE, reason=reason)
        case ev.ServiceDisconnected(order_id=order_id):
            _cut(session, order_id, at)
        case ev.ServiceRestored(order_id=order_id, minutes_off=minutes):
            _advance(session, order_id, to=OrderState.COMPLETED, whence=_ANY, done_at=at)
            if minutes is not None:
                _note(session, order_id, minutes_off=minutes)
        case ev.OutsideActNoted() as noted:
            _note_outside(session, recorded, noted)
        case _:
            _project_word(session, recorded)


def _project_word(session: Session, recorded: Recorded) -> None:
    """Write what an event says of an order that neither sends a crew nor switches a service."""
    at = recorded.event.at
    match recorded.event.body:
        case ev.RecallSent(order_id=order_id, because=because):
            whence = {OrderState.REQUESTED, OrderState.DISPATCHED}
            _advance(session, order_id, to=OrderState.RECALLING, whence=whence, reason=because)
        case ev.OrderAccepted(order_id=order_id):
            _note(session, order_id, accepted_at=at)
        case ev.VisitCompleted(order_id=order_id, finding=finding, meter_read=read):
            _advance(session, order_id, to=OrderState.COMPLETED, whence=_ANY, done_at=at)
            _note(session, order_id, reason=finding, meter_read=read)


def project_approval(session: Session, recorded: Recorded) -> None:
    """Write what an event says of a second person's leave."""
    match recorded.event.body:
        case ev.ApprovalAsked() as asked:
            values = {
                "approval_id": asked.approval_id,
                "case_id": recorded.case_id,
                "act": asked.act,
                "state": ApprovalState.ASKED.value,
                "service": asked.service.value if asked.service else None,
                "asked_by": recorded.event.by,
                "asked_at": recorded.event.at,
                "amount_cents": asked.amount.cents,
                "decision": asked.decision,
            }
            insert_new(session, ApprovalRow, values)
        case ev.ApprovalGranted(approval_id=approval_id, lapses_at=lapses_at):
            by = recorded.event.by
            _decide(session, approval_id, ApprovalState.GRANTED, decided_by=by, lapses_at=lapses_at)
        case ev.ApprovalRejected(approval_id=approval_id):
            _decide(session, approval_id, ApprovalState.REJECTED, decided_by=recorded.event.by)
        case ev.ApprovalLapsed(approval_id=approval_id):
            _decide(session, approval_id, ApprovalState.LAPSED)


def write_order(session: Session, recorded: Recorded, order: Order) -> None:
    """Write a work order as it was placed, or as it stands where it was taken over."""
    values = {
        "order_id": order.order_id,
        "case_id": recorded.case_id,
        "account_no": recorded.account_no,
        "purpose": order.purpose.value,
        "service": order.service.value,
        "kind": order_type(order.service, order.purpose, remote=order.remote, contractor=order.contractor),
        "remote": order.remote,
        "contractor": order.contractor,
        "state": order.state.value,
        "requested_at": order.requested_at,
        "dispatched_at": order.dispatched_at,
        "field_ref": order.field_ref,
        "reason": order.reason,
        "accepted_at": order.accepted_at,
        "done_at": order.done_at,
        "ours": True,
    }
    insert_new(session, WorkOrderRow, values)


def _note_outside(session: Session, recorded: Recorded, noted: ev.OutsideActNoted) -> None:
    if noted.service is None or noted.status not in {ServiceStatus.OFF, ServiceStatus.ON} or not noted.ref:
        return
    purpose = OrderPurpose.DISCONNECT if noted.status is ServiceStatus.OFF else OrderPurpose.RECONNECT
    values = {
        "order_id": noted.ref,
        "case_id": recorded.case_id,
        "account_no": recorded.account_no,
        "purpose": purpose.value,
        "service": noted.service.value,
        "kind": noted.what,
        "state": OrderState.COMPLETED.value,
        "requested_at": recorded.event.at,
        "done_at": recorded.event.at,
        "field_ref": noted.ref,
        "reason": noted.because,
        "ours": False,
    }
    insert_new(session, WorkOrderRow, values)


def _advance(
    session: Session, order_id: str, *, to: OrderState, whence: set[OrderState] | frozenset[OrderState], **also: object
) -> None:
    query = update(WorkOrderRow).where(col(WorkOrderRow.order_id) == order_id)
    query = query.where(col(WorkOrderRow.state).in_([state.value for state in sorted(whence)]))
    session.exec(query.values(state=to.value, **also))


def _cut(session: Session, order_id: str, at: datetime) -> None:
    """Write that a crew or a meter did it, whatever the record held of its order."""
    row = session.get(WorkOrderRow, order_id, populate_existing=True)
    if row is None:
        return
    if row.state in {state.value for state in _TOO_LATE} and row.reason != Reason.NOT_CONFIRMED:
        row.reason = "recalled too late"
    row.state, row.done_at = OrderState.COMPLETED.value, at
    session.flush()


def _note(session: Session, order_id: str, **also: object) -> None:
    session.exec(update(WorkOrderRow).where(col(WorkOrderRow.order_id) == order_id).values(**also))


def _give_leave_back(session: Session, recorded: Recorded, order_id: str) -> None:
    """Let the approval of a cut that no meter confirmed carry the next try."""
    purpose = session.exec(select(WorkOrderRow.purpose).where(WorkOrderRow.order_id == order_id)).one_or_none()
    if purpose == OrderPurpose.DISCONNECT:
        _use_approval(session, recorded, ApprovalState.GRANTED, was=ApprovalState.USED)


def _undo(session: Session, recorded: Recorded, order_id: str, *, to: OrderState, reason: str) -> None:
    """End an order that came to nothing; the leave to cut ends with it."""
    _advance(session, order_id, to=to, whence=_OPEN, reason=reason, done_at=recorded.event.at)
    purpose = session.exec(select(WorkOrderRow.purpose).where(WorkOrderRow.order_id == order_id)).one_or_none()
    if purpose == OrderPurpose.DISCONNECT:
        _use_approval(session, recorded, ApprovalState.LAPSED)


def _use_approval(
    session: Session, recorded: Recorded, state: ApprovalState, *, was: ApprovalState = ApprovalState.GRANTED
) -> None:
    granted = select(ApprovalRow.approval_id).where(
        ApprovalRow.case_id == recorded.case_id,
        ApprovalRow.act == DISCONNECTION,
        ApprovalRow.state == was.value,
    )
    latest = session.exec(granted.order_by(col(ApprovalRow.asked_at).desc()).limit(1)).one_or_none()
    if latest is not None:
        _decide(session, latest, state)


def _decide(session: Session, approval_id: str, state: ApprovalState, **also: object) -> None:
    query = update(ApprovalRow).where(col(ApprovalRow.approval_id) == approval_id)
    session.exec(query.values(state=state.value, **also))
