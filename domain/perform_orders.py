"""What performing a step about a work order means: the order, the fee, and what became of either."""

from datetime import datetime, timedelta

from domain import events as ev
from domain import parameters as p
from domain.account import Service, balance
from domain.case import SWITCHING, Case, Fee, Order, OrderPurpose, OrderState
from domain.crews import NO_ROOM
from domain.decisions.desk import cleared
from domain.effects import (
    CancelOrder,
    ChargeFee,
    CreateOrder,
    DispatchOrder,
    Effect,
    EndAccount,
    Receipt,
    RemindOrder,
    RemoveFee,
)
from domain.facts import FactKind, standing
from domain.field_orders import remote_order
from domain.policy import Policy
from domain.step import Step, StepKind

METERED = frozenset({Service.ELECTRIC, Service.GAS, Service.WATER})
PLACING = frozenset({StepKind.PLACE_ORDER, StepKind.REQUEST_REACTIVATION, StepKind.REQUEST_VISIT})


def order_effect(case: Case, step: Step, policy: Policy, now: datetime) -> Effect | None:
    """Return what *step* asks of field service or, for a fee, of billing; none if it is not about a work order."""
    match step.kind:
        case kind if kind in PLACING:
            order = _new_order(case, step, policy, now)
            return CreateOrder(key=order.order_id, order=order)
        case StepKind.DISPATCH_ORDER:
            return DispatchOrder(key=f"{step.ref}/dispatch", order_id=step.ref)
        case StepKind.WITHDRAW_ORDER:
            return CancelOrder(key=f"{step.ref}/cancel", order_id=step.ref, reason=step.rule)
        case StepKind.REMIND_CONTRACTOR:
            times = _order_of(case, step).reminded + 1
            return RemindOrder(key=f"{step.ref}/remind/{times}", order_id=step.ref)
        case StepKind.CHARGE_FEE | StepKind.REMOVE_FEE:
            return _fee(step, policy, now)
        case StepKind.END_ACCOUNT:
            return EndAccount(key=f"{case.case_id}/final-bill", on=policy.calendar.day(now))
        case _:
            return None


def order_bodies(case: Case, step: Step, receipt: Receipt, policy: Policy, now: datetime) -> tuple[ev.Body, ...] | None:
    """Return the events of *step*, done with *receipt*; none if it is not about a work order."""
    match step.kind:
        case kind if kind in PLACING:
            return (ev.OrderPlaced(order=_new_order(case, step, policy, now)),)
        case StepKind.DISPATCH_ORDER:
            return _dispatched(step, receipt)
        case StepKind.WITHDRAW_ORDER:
            return _withdrawn(case, step, receipt)
        case StepKind.REMIND_CONTRACTOR | StepKind.ESCALATE_ORDER:
            return _unacknowledged(case, step)
        case StepKind.CHARGE_FEE:
            return (_charged(step, receipt),)
        case StepKind.REMOVE_FEE:
            return (_taken_back(case, step, receipt),)
        case StepKind.END_ACCOUNT:
            return _final_billed(case, receipt, policy, now)
        case _:
            return None


def _fee(step: Step, policy: Policy, now: datetime) -> ChargeFee | RemoveFee:
    assert step.service is not None, "a fee is of a service"
    _, _, kind = step.ref.rpartition("/")
    on, service, amount = policy.calendar.day(now), step.service, step.amount
    if step.kind is StepKind.REMOVE_FEE:
        return RemoveFee(key=f"{step.ref}/removed", kind=kind, service=service, amount=amount, on=on)
    return ChargeFee(key=step.ref, kind=kind, service=service, amount=amount, on=on)


def _new_order(case: Case, step: Step, policy: Policy, now: datetime) -> Order:
    assert step.service is not None, "an order names the service"
    purpose = _PURPOSES.get(step.kind) or OrderPurpose(step.ref)
    on = policy.calendar.day(now)
    remote = purpose in SWITCHING and remote_order(
        case, step.service, purpose, tries=policy.at(p.FIELD_REMOTE_TRIES, on)
    )
    unlocks = purpose is OrderPurpose.RECONNECT and step.service in policy.at(p.FIELD_CONTRACTOR, on)
    return Order(
        order_id=f"{case.case_id}-o{case.orders_made + 1}",
        purpose=purpose,
        service=step.service,
        state=OrderState.REQUESTED,
        requested_at=now,
        remote=remote,
        contractor=unlocks and not remote,
    )


_PURPOSES = {
    StepKind.PLACE_ORDER: OrderPurpose.DISCONNECT,
    StepKind.REQUEST_REACTIVATION: OrderPurpose.RECONNECT,
}


def needs_presence(policy: Policy, order: Order) -> bool:
    """Say whether someone must be home when *order* is done: gas is relit, and power may start what was left on."""
    on = policy.calendar.day(order.requested_at)
    if order.purpose is not OrderPurpose.RECONNECT:
        return False
    return order.service in policy.at(p.RECONNECT_PRESENCE, on) or (
        order.remote and policy.at(p.RECONNECT_REMOTE_ADULT, on)
    )


def safety_notes(case: Case, at: datetime) -> tuple[str, ...]:
    """Return what a crew must know before it goes to the place of *case*; noted of the place, not of its customer."""
    notes = standing(case.known.facts, FactKind.SAFETY_NOTE, at)
    return tuple(sorted({fact.details.get("note", "escort") for fact in notes}))


def goes_at_once(order: Order) -> bool:
    """Say whether a crew of ours takes *order* on its round of the day without further asking."""
    return order.purpose is not OrderPurpose.DISCONNECT and not order.remote and not order.contractor


def _order_of(case: Case, step: Step) -> Order:
    return next(order for order in case.orders if order.order_id == step.ref)


def _dispatched(step: Step, receipt: Receipt) -> tuple[ev.Body, ...]:
    """Return what became of sending a crew: sent, put off because the day's list is full, or forbidden by the gate."""
    assert step.service is not None, "an order names the service"
    if receipt.done:
        return (ev.OrderDispatched(order_id=step.ref, service=step.service),)
    blocking = receipt.verdict.blocking if receipt.verdict else ()
    because = " ".join(f"{o.rule}: {o.says}" for o in blocking) or receipt.ref
    until = receipt.verdict.until if receipt.verdict else None
    if until is not None and {outcome.rule for outcome in blocking} == {NO_ROOM}:
        return (ev.OrderDeferred(order_id=step.ref, service=step.service, until=until, because=because),)
    return (ev.OrderWithdrawn(order_id=step.ref, service=step.service, recalled=False, because=because),)


def _withdrawn(case: Case, step: Step, receipt: Receipt) -> tuple[ev.Body, ...]:
    assert step.service is not None, "an order names the service"
    if receipt.pending:
        return (ev.RecallSent(order_id=step.ref, service=step.service, because=step.says),)
    if not receipt.done:
        return (
            ev.RecallFailed(order_id=step.ref, service=step.service, because=step.says),
            ev.TaskRaised(kind="recall_failed", about=step.says, urgent=True),
        )
    recalled = _order_of(case, step).state is not OrderState.REQUESTED
    return (ev.OrderWithdrawn(order_id=step.ref, service=step.service, recalled=recalled, because=step.says),)


def _unacknowledged(case: Case, step: Step) -> tuple[ev.Body, ...]:
    order = _order_of(case, step)
    if step.kind is StepKind.REMIND_CONTRACTOR:
        return (ev.OrderReminded(order_id=order.order_id, service=order.service, times=order.reminded + 1),)
    kind = "recall_unconfirmed" if order.state is OrderState.RECALLING else "unlock_not_acknowledged"
    return (
        ev.OrderEscalated(order_id=order.order_id, service=order.service),
        ev.TaskRaised(kind=kind, about=step.says, urgent=True),
    )


def _charged(step: Step, receipt: Receipt) -> ev.FeeCharged:
    assert step.service is not None, "a fee is of a service"
    order_id, _, kind = step.ref.rpartition("/")
    ref = f"{receipt.ref}/{step.service}"
    return ev.FeeCharged(fee=Fee(order_id=order_id, kind=kind, ref=ref, amount=step.amount), service=step.service)


def _taken_back(case: Case, step: Step, receipt: Receipt) -> ev.FeeRemoved:
    assert step.service is not None, "a fee is of a service"
    order_id, _, kind = step.ref.rpartition("/")
    fee = next(each for each in case.fees if (each.order_id, each.kind) == (order_id, kind))
    return ev.FeeRemoved(fee=fee, service=step.service, ref=receipt.ref)


def _final_billed(case: Case, receipt: Receipt, policy: Policy, now: datetime) -> tuple[ev.Body, ...]:
    """Return the end of an account in service: its own due date, the last readings, and whom to look for."""
    on = policy.calendar.day(now)
    due_on = receipt.on or on + timedelta(days=policy.at(p.FINAL_DUE_DAYS, on))
    readings = tuple(
        ev.VisitWanted(purpose=OrderPurpose.READ_FINAL, service=service, because="the account has ended")
        for service in case.known.account.services
        if service in METERED
    )
    return (
        *cleared(case, "the account is final"),
        ev.FinalBilled(due_on=due_on, amount=balance(case.known.bills) + receipt.amount),
        ev.TaskRaised(kind="skip_trace", about="Find where the customer went before the debt is handed on."),
        *readings,
    )
