"""What the outside tells a case: field service, agency, court; and the events it turns into."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain import events as ev
from domain.account import Service
from domain.case import Case, Order, OrderPurpose, OrderState
from domain.decisions.desk import cleared
from domain.money import Money
from domain.states import ServiceStatus, Stage, Trigger, may_move


class Tells(StrEnum):
    """``look_again`` carries nothing: amounts come from billing and facts from SQL, never from a message."""

    LOOK_AGAIN = "look_again"
    ORDER_ACKNOWLEDGED = "order_acknowledged"
    ORDER_COMPLETED = "order_completed"
    ORDER_NOT_COMPLETED = "order_not_completed"
    OUTSIDE_SERVICE = "outside_service"
    OUTSIDE_PLACEMENT = "outside_placement"
    OUTSIDE_RECALL = "outside_recall"
    OUTSIDE_CLAIM = "outside_claim"
    OUTSIDE_JUDGMENT = "outside_judgment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message from outside. *key* makes telling it twice change nothing; *at* is the business instant at the edge."""

    key: str
    at: datetime
    what: Tells
    order_id: str = ""
    proceed: bool = False
    service: Service | None = None
    status: ServiceStatus | None = None
    ref: str = ""
    on: date | None = None
    amount: Money = Money(0)
    because: str = ""
    urgent: bool = False


def hear(case: Case, told: Told) -> tuple[ev.Body, ...]:
    """Return what *told* means for *case*; nothing when it repeats what the case knows, or only says to look again."""
    if told.what is Tells.LOOK_AGAIN or case.closed is not None:
        return ()
    if told.what in {Tells.ORDER_ACKNOWLEDGED, Tells.ORDER_COMPLETED, Tells.ORDER_NOT_COMPLETED}:
        order = next((order for order in case.orders if order.order_id == told.order_id), None)
        if order is None:
            return ()
        return _hear_order(order, told) if order.open else _hear_late(order, told)
    return _hear_outside(case, told)


def _hear_order(order: Order, told: Told) -> tuple[ev.Body, ...]:
    match told.what:
        case Tells.ORDER_ACKNOWLEDGED:
            return (ev.OrderAcknowledged(order_id=order.order_id, service=order.service, proceed=told.proceed),)
        case Tells.ORDER_COMPLETED if order.purpose is OrderPurpose.DISCONNECT:
            return (ev.ServiceDisconnected(order_id=order.order_id, service=order.service),)
        case Tells.ORDER_COMPLETED:
            return (ev.ServiceRestored(order_id=order.order_id, service=order.service),)
        case _:
            return (
                ev.OrderNotCompleted(order_id=order.order_id, service=order.service, reason=told.because),
                ev.TaskRaised(kind="order_not_completed", about=f"{order.purpose} {order.service}: {told.because}"),
            )


def _hear_late(order: Order, told: Told) -> tuple[ev.Body, ...]:
    """Take what a crew did on an order that had ended: it changed the service all the same."""
    if told.what is not Tells.ORDER_COMPLETED or order.state is OrderState.COMPLETED:
        return ()
    if order.purpose is OrderPurpose.RECONNECT:
        return (ev.ServiceRestored(order_id=order.order_id, service=order.service),)
    about = f"{order.service} was cut on an order that was {order.state.replace('_', ' ')}"
    return (
        ev.ServiceDisconnected(order_id=order.order_id, service=order.service),
        ev.TaskRaised(kind="cut_without_order", about=about, urgent=True),
    )


def _hear_outside(case: Case, told: Told) -> tuple[ev.Body, ...]:
    """Take the outside's record as a fact, "not ordered here"; never refused and not counted as our act."""
    if told.what is Tells.OUTSIDE_SERVICE and told.service and case.service(told.service).status is told.status:
        return ()
    noted = ev.OutsideActNoted(
        what=told.what,
        service=told.service,
        status=told.status,
        ref=told.ref,
        urgent=told.urgent,
        because=told.because or "not ordered here",
    )
    bodies: list[ev.Body] = [noted]
    if told.urgent:
        bodies.append(ev.TaskRaised(kind="forbidden_outside_cut", about=told.because, urgent=True))
    stage = case.stage
    for trigger, body in _moves(told):
        if may_move(stage, trigger):
            if trigger is Trigger.FINAL_BILL:
                bodies.extend(cleared(case, "the account is final"))
            bodies.append(body)
            stage = _AFTER[trigger]
    return tuple(bodies)


_AFTER = {
    Trigger.FINAL_BILL: Stage.FINAL_BILLED,
    Trigger.PLACE: Stage.WITH_AGENCY,
    Trigger.RECALL: Stage.FINAL_BILLED,
    Trigger.FILE_CLAIM: Stage.IN_COURT,
    Trigger.ENTER_JUDGMENT: Stage.JUDGMENT,
}


def _moves(told: Told) -> tuple[tuple[Trigger, ev.Body], ...]:
    """Return the moves that an outside act implies, in order; each is made only where it is lawful."""
    on = told.on or told.at.date()
    final = (Trigger.FINAL_BILL, ev.FinalBilled(due_on=on, amount=told.amount))
    claim = (Trigger.FILE_CLAIM, ev.ClaimFiled(ref=told.ref, court="", amount=told.amount))
    recall = (Trigger.RECALL, ev.RecalledFromAgency(ref=told.ref, because="the outside's record"))
    match told.what:
        case Tells.OUTSIDE_PLACEMENT:
            return final, (Trigger.PLACE, ev.PlacedWithAgency(ref=told.ref, agency="", amount=told.amount))
        case Tells.OUTSIDE_RECALL:
            return (recall,)
        case Tells.OUTSIDE_CLAIM:
            return final, recall, claim
        case Tells.OUTSIDE_JUDGMENT:
            judgment = ev.JudgmentEntered(ref=told.ref, amount=told.amount, final_on=on)
            return final, recall, claim, (Trigger.ENTER_JUDGMENT, judgment)
        case _:
            return ()
