"""What do we answer a crew, and what do we do with what it reports?"""

from datetime import date, datetime, timedelta
from typing import assert_never

from sqlmodel import Session

from activities.case import read_account
from casework.context import Desk
from casework.errors import missing, unfit
from casework.permissions import Permission
from casework.story import retold, the_row
from domain.case import OPEN_ORDER_STATES, Case, OrderPurpose, OrderState
from domain.field_orders import reasons_for
from domain.hear import Tells, Told
from domain.look import kept_bills
from domain.verdict import Verdict
from domain.visits import FINDINGS
from gateways.field import CallbackKind, FieldAnswer, FieldCallback
from models.accounts import lock_account, versions_of
from models.orders import acknowledge
from models.outbox import tell
from models.policies import active_digest, policy_with
from models.tables import WorkOrderRow

CLOCK_OFF = timedelta(minutes=15)  # no crew's clock is exact
_BEFORE_THE_DOOR = frozenset({OrderState.REQUESTED.value, OrderState.DISPATCHED.value})
LOOKS_MAX = 3  # money that comes in while billing is read makes the reading stale; a fourth time is no chance


async def hear_crew(desk: Desk, callback: FieldCallback) -> FieldAnswer | None:
    """Take a crew's word; to the question at the door, return *proceed* or *stop*.

    Duplicates and late reports change nothing that is so already.

    Raises:
        Refused: there is no such order (404), a reconnection asked for leave it does not need, or the reason is none
            for which an order of that type comes to nothing, or the finding none that such a visit has.
    """
    desk.need(Permission.REPORT_FIELD_WORK)
    match callback.kind:
        case CallbackKind.ACKNOWLEDGE:
            return await _acknowledge(desk, callback)
        case CallbackKind.COMPLETE | CallbackKind.COULD_NOT_COMPLETE:
            await desk.write(lambda session: _report(session, callback, desk.now))
            return None
        case CallbackKind.ACCEPT | CallbackKind.CANCELLED:
            await desk.write(lambda session: _word(session, callback, desk.now))
            return None
        case _:
            assert_never(callback.kind)


async def _acknowledge(desk: Desk, callback: FieldCallback) -> FieldAnswer:
    """Read billing, then ask the gate in the transaction that writes the order's state and tells the case."""
    order = await desk.read(lambda session: _order(session, callback.order_id))
    if order.purpose != OrderPurpose.DISCONNECT:
        raise unfit("not-a-disconnection", "No leave is needed", f"{order.order_id} cuts nothing.", status=409)
    for look in range(1, LOOKS_MAX + 1):
        case, version = await _fresh_case(desk, order)
        last = look == LOOKS_MAX

        def judge(session: Session, case: Case = case, version: int = version, *, last: bool = last) -> Verdict | None:
            return _judged(desk, session, callback, case=case, version=version, last=last)

        verdict = await desk.write(judge)
        if verdict is not None:
            return FieldAnswer.PROCEED if verdict.allows else FieldAnswer.STOP
    raise AssertionError("the last look is judged, stale or not")


async def _fresh_case(desk: Desk, order: WorkOrderRow) -> tuple[Case, int]:
    """Return the case with bills no older than the money version that goes with them."""
    version = (await desk.read(lambda session: versions_of(session, order.account_no))).money
    known = await read_account(desk.at.engine, desk.at.clock, desk.at.systems.billing, order.account_no)

    def ask(session: Session) -> Case:
        case = retold(session, the_row(session, order.case_id))
        assert case is not None, "an order belongs to a case that has opened"
        return case

    case = await desk.read(ask)
    return case.looking(kept_bills(known, case.known)), version


def _judged(
    desk: Desk, session: Session, callback: FieldCallback, *, case: Case, version: int, last: bool
) -> Verdict | None:
    """Return the gate's verdict, written with the order; none when money moved and there is time for another look."""
    lock_account(session, case.account_no)
    if not last and versions_of(session, case.account_no).money != version:
        return None
    now = desk.now
    verdict = acknowledge(
        session,
        order_id=callback.order_id,
        case=case,
        policy=policy_with(session, case.known.policy),
        read_at_version=version,
        now=now,
    )
    first = verdict.blocking[0] if verdict.blocking else None
    told = Told(
        # Asked again after a stop or a silence, the crew may get another answer; each answer is told once.
        key=f"field/{callback.order_id}/acknowledge/{'proceed' if verdict.allows else 'stop'}",
        at=now,
        what=Tells.ORDER_ACKNOWLEDGED,
        order_id=callback.order_id,
        proceed=verdict.allows,
        because=f"{first.rule}: {first.says}" if first else "",
    )
    tell(session, account_no=case.account_no, told=told, at=now)
    return verdict


def _report(session: Session, callback: FieldCallback, now: datetime) -> None:
    """Write what became of the order and tell the case; its events follow and find the row as it is."""
    order = _locked(session, callback)
    done = callback.kind is CallbackKind.COMPLETE
    _fitting(order, callback)
    unasked = done and order.purpose == OrderPurpose.DISCONNECT and order.state in _BEFORE_THE_DOOR
    open_states = {state.value for state in OPEN_ORDER_STATES}
    # A crew that did it did it, whatever was held of its order. What came to nothing ends only an order still open.
    if (done and order.state != OrderState.COMPLETED) or (not done and order.state in open_states):
        order.state = (OrderState.COMPLETED if done else OrderState.COULD_NOT_COMPLETE).value
        order.done_at, order.reason = now, order.reason if done else callback.reason
        order.meter_read = callback.meter_read
    told = Told(
        key=f"field/{callback.order_id}/{callback.kind}",
        at=now,
        what=Tells.ORDER_COMPLETED if done else Tells.ORDER_NOT_COMPLETED,
        order_id=callback.order_id,
        because=callback.reason,
        meter_read=callback.meter_read,
        urgent=unasked,
        on=_impossible(session, order, callback, now),
    )
    tell(session, account_no=order.account_no, told=told, at=now)


def _impossible(session: Session, order: WorkOrderRow, callback: FieldCallback, now: datetime) -> date | None:
    """Return the day of which a report says to be where it cannot be: before its order, or after it reached us.

    What was done counts from when we hear of it. A report is never refused for its clock, for the service may be off.
    """
    if order.requested_at - CLOCK_OFF <= callback.at <= now + CLOCK_OFF:
        return None
    return policy_with(session, active_digest(session)).calendar.day(callback.at)


def _word(session: Session, callback: FieldCallback, now: datetime) -> None:
    """Tell the case that whoever is to do the order has it, or that a recalled crew has turned round."""
    order = _locked(session, callback)
    accepts = callback.kind is CallbackKind.ACCEPT
    if accepts and order.accepted_at is None:
        order.accepted_at = now
    told = Told(
        key=f"field/{callback.order_id}/{callback.kind}",
        at=now,
        what=Tells.ORDER_ACCEPTED if accepts else Tells.RECALL_CONFIRMED,
        order_id=callback.order_id,
    )
    tell(session, account_no=order.account_no, told=told, at=now)


def _locked(session: Session, callback: FieldCallback) -> WorkOrderRow:
    order = _order(session, callback.order_id)
    lock_account(session, order.account_no)
    session.refresh(order)
    return order


def _fitting(order: WorkOrderRow, callback: FieldCallback) -> None:
    """Refuse a reason or a finding that no order of this type can have: it was meant for another."""
    purpose = OrderPurpose(order.purpose)
    done = callback.kind is CallbackKind.COMPLETE
    allowed = FINDINGS.get(purpose) if done else reasons_for(purpose, remote=order.remote)
    if allowed is not None and callback.reason not in allowed:
        what = "finding" if done else "reason"
        words = ", ".join(sorted(allowed))
        detail = f"{callback.reason or 'A blank'} is no {what} of {order.kind or purpose}. It is one of: {words}."
        raise unfit(f"no-such-{what}", f"No such {what}", detail)


def _order(session: Session, order_id: str) -> WorkOrderRow:
    row = session.get(WorkOrderRow, order_id, populate_existing=True)
    if row is None:
        raise missing("work-order", order_id)
    return row
