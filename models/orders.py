"""May this order go to a crew, may the crew cut now: asked and written in one transaction that no fact can slip into.

Every fact and payment locks the account's row, and so do these two. What was committed before is seen; what is
committed after finds the order's new state. The caller commits, and acts only after that.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from domain.case import Case, OrderPurpose, OrderState
from domain.crews import Stop, no_room
from domain.gate import gate
from domain.policy import Policy
from domain.verdict import Action, Finding, Outcome, Verdict
from models.accounts import lock_account
from models.codec import read_verdict, write_verdict
from models.crews import book
from models.facts import facts_of
from models.payments import unposted
from models.tables import AccountRow, WorkOrderRow

BILLING_MOVED = "S01"
ORDER_NOT_OPEN = "S02"
_RECORD = "the order of the record (an order is judged on what is committed, and on nothing older)"


class OrderUnknown(LookupError):
    """No work order has this id."""


def dispatch(
    session: Session, *, order_id: str, case: Case, policy: Policy, read_at_version: int, now: datetime
) -> Verdict:
    """Return whether the disconnection may go to a crew, and write that it does if it may.

    *case* holds the bills as billing gave them; *read_at_version* is the account's money version read before them.
    Facts, traits and unposted money are read here. An order dispatched before keeps its verdict. One that needs a crew
    takes its place on the day's lists in this same transaction; where no crew has time, the verdict says until when.

    Raises:
        OrderUnknown: no such order is on record.
    """
    account = lock_account(session, case.account_no)
    order = _order(session, order_id)
    if order.state == OrderState.DISPATCHED and order.verdict:
        return read_verdict(order.verdict)
    action = Action.DISPATCH_DISCONNECTION
    verdict = _judge(
        session,
        action,
        account=account,
        order=order,
        case=case,
        policy=policy,
        read_at_version=read_at_version,
        now=now,
    )
    if verdict.allows and not order.remote:
        verdict = _with_room(session, account, order, verdict, policy)
    if verdict.allows:
        order.state, order.dispatched_at = OrderState.DISPATCHED, now
    return _keep(session, order, verdict)


def _with_room(session: Session, account: AccountRow, order: WorkOrderRow, verdict: Verdict, policy: Policy) -> Verdict:
    stop = Stop(order_id=order.order_id, area=account.zip_code[:5], cuts=True)
    if book(session, stop=stop, policy=policy, now=verdict.at):
        return verdict
    return replace(verdict, outcomes=(*verdict.outcomes, no_room(policy, verdict.at)))


def acknowledge(
    session: Session, *, order_id: str, case: Case, policy: Policy, read_at_version: int, now: datetime
) -> Verdict:
    """Return whether the crew at the door, or the command to the meter, may cut now: proceed or stop.

    Asked again, it is judged again. A stop ends the order: it counts as recalled.

    Raises:
        OrderUnknown: no such order is on record.
    """
    account = lock_account(session, case.account_no)
    order = _order(session, order_id)
    action = Action.ACKNOWLEDGE_DISCONNECTION
    verdict = _judge(
        session,
        action,
        account=account,
        order=order,
        case=case,
        policy=policy,
        read_at_version=read_at_version,
        now=now,
    )
    if verdict.allows:
        order.state, order.acknowledged_at = OrderState.ACKNOWLEDGED, now
    elif order.state in _LAWFUL[action]:
        order.state, order.done_at = OrderState.RECALLED, now
        order.reason = "stopped at the door"
    return _keep(session, order, verdict)


_LAWFUL = {
    Action.DISPATCH_DISCONNECTION: frozenset({OrderState.REQUESTED}),
    Action.ACKNOWLEDGE_DISCONNECTION: frozenset({OrderState.DISPATCHED, OrderState.ACKNOWLEDGED}),
}


def _judge(
    session: Session,
    action: Action,
    *,
    account: AccountRow,
    order: WorkOrderRow,
    case: Case,
    policy: Policy,
    read_at_version: int,
    now: datetime,
) -> Verdict:
    traits = account.to_domain()
    known = replace(
        case.known,
        account=replace(traits, status=case.known.account.status),
        facts=facts_of(session, traits),
        unposted=unposted(session, account.account_no),
    )
    verdict = gate(action, replace(case, known=known), policy, now)
    stale = tuple(_stale(order, action, moved=account.money_version != read_at_version))
    return replace(verdict, outcomes=(*stale, *verdict.outcomes))


def _stale(order: WorkOrderRow, action: Action, *, moved: bool) -> list[Outcome]:
    found = []
    if moved:
        says = "A payment or a return came in after billing was read."
        found.append(_block(BILLING_MOVED, says, "Read billing again and ask again."))
    if order.state not in _LAWFUL[action]:
        says = f"Order {order.order_id} is {order.state.replace('_', ' ')}."
        found.append(_block(ORDER_NOT_OPEN, says, "Ask for a new order if the cut is still due."))
    return found


def _block(rule: str, says: str, way_out: str) -> Outcome:
    return Outcome(rule=rule, finding=Finding.BLOCKS, says=says, citation=_RECORD, standing="policy", way_out=way_out)


def _order(session: Session, order_id: str) -> WorkOrderRow:
    row = session.get(WorkOrderRow, order_id, populate_existing=True)
    if row is None:
        raise OrderUnknown(f"work order {order_id} is not on record")
    assert row.purpose == OrderPurpose.DISCONNECT, "a reconnection is never gated"
    return row


def _keep(session: Session, order: WorkOrderRow, verdict: Verdict) -> Verdict:
    order.verdict = write_verdict(verdict)
    session.flush()
    return verdict
