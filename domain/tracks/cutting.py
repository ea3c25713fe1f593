"""How does a notice that has run out become a crew at the door, and what calls it back?"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from domain import parameters as p
from domain.calendar import Window
from domain.case import DISCONNECTION, ApprovalState, Order, OrderPurpose, OrderState
from domain.gate import gate
from domain.rules.notices import stale_day
from domain.rules.slots import cutting_hours, next_slot
from domain.states import ServiceStatus, Stage
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.track import Look, blocked, earliest
from domain.verdict import Action, Finding, Outcome, Verdict, certify

DISPATCH_MARGIN = timedelta(hours=1)  # a crew sent out this long before the window ends still has time to come


def recommendation(look: Look) -> Iterator[Next]:
    """Say when a disconnection could be recommended; a person does it."""
    case = look.case
    if case.stage is not Stage.NOTICED or case.notice is None or case.off:
        return
    notice = case.notice
    stale_at = None if notice.awaited else look.policy.calendar.at(stale_day(look.policy, notice), time(0))
    verdict = gate(Action.RECOMMEND_DISCONNECTION, case, look.policy, look.now)
    if verdict.allows:
        yield Wait(
            says="The notice has run out and nothing forbids a disconnection: a representative may recommend it.",
            who=Who.REPRESENTATIVE,
            until=stale_at,
            task="recommend_disconnection",
        )
        return
    ends = [end for end in (verdict.until, stale_at) if end and end > look.now]
    who = Who.CALENDAR if verdict.until else Who.REPRESENTATIVE
    task = "bad_contact" if notice.returned_on else ""
    if notice.awaited and not notice.returned_on:
        who = Who.OUTSIDE
    yield blocked(verdict, who=who, until=min(ends, default=None), task=task)


def approval(look: Look) -> Iterator[Next]:
    """Follow an asked or granted disconnection until an order stands for it."""
    case = look.case
    if case.open_order(OrderPurpose.DISCONNECT):
        return
    granted = case.approval(DISCONNECTION, ApprovalState.GRANTED)
    pending = granted or case.approval(DISCONNECTION, ApprovalState.ASKED)
    if pending is None:
        return
    verdict = gate(Action.APPROVE_DISCONNECTION, case, look.policy, look.now)
    lapsed = granted is not None and granted.lapses_at is not None and granted.lapses_at <= look.now
    elsewhere = case.stage is not Stage.DISCONNECTION_PENDING
    if elsewhere or lapsed or (not verdict.allows and verdict.until is None):
        if lapsed or verdict.allows:
            why = "its time is over" if lapsed else "the case has left the path"
        else:
            why = f"{verdict.blocking[0].rule}: {verdict.blocking[0].says}"
        yield Step(
            kind=StepKind.LAPSE_APPROVAL,
            at=look.now,
            ref=pending.approval_id,
            rule=p.APPROVAL_OPEN_DAYS.key,
            says=f"The disconnection asked for by {pending.asked_by} falls: {why}",
            certificate=certify(verdict, look.policy.pack),
        )
    elif case.off:
        return
    elif granted is None:
        yield Wait(
            says="A supervisor decides on the recommended disconnection.",
            who=Who.SUPERVISOR,
            until=verdict.until,
            task="approve_disconnection",
        )
    elif verdict.allows:
        yield Step(
            kind=StepKind.PLACE_ORDER,
            at=look.now,
            ref=OrderPurpose.DISCONNECT,
            service=granted.service,
            rule="dnp.order",
            says="The approved disconnection goes to field service as a work order.",
            certificate=certify(verdict, look.policy.pack),
        )
    else:
        yield blocked(verdict, who=Who.CALENDAR, until=earliest(verdict.until, granted.lapses_at))


def disconnect_order(look: Look) -> Iterator[Next]:
    """Dispatch an order in the lawful window; withdraw it the moment a fact forbids it."""
    case = look.case
    order = case.open_order(OrderPurpose.DISCONNECT)
    if order is None:
        return
    if order.state is OrderState.BEYOND_RECALL:
        yield Wait(says="The recall came too late: the crew's result is awaited.", who=Who.FIELD)
        return
    if order.state is OrderState.RECALLING:
        yield recall_unconfirmed(look, order)
        return
    waiting = order.state is OrderState.REQUESTED
    action = Action.DISPATCH_DISCONNECTION if waiting else Action.ACKNOWLEDGE_DISCONNECTION
    verdict = gate(action, case, look.policy, look.now)
    granted = case.approval(DISCONNECTION, ApprovalState.GRANTED)
    lapses = granted.lapses_at if granted else None
    window = cutting_hours(look.policy, look.on)
    if case.service(order.service).status is not ServiceStatus.ORDER_PENDING:
        says = f"{order.service} was switched by others meanwhile."
        overtaken = Outcome(rule="order.overtaken", finding=Finding.BLOCKS, says=says, citation="")
        yield _withdraw(look, order, because=overtaken, verdict=verdict)
    elif not verdict.allows:
        soon = waiting and verdict.until is not None and (lapses is None or verdict.until < lapses)
        yield (
            blocked(verdict, who=Who.CALENDAR)
            if soon
            else _withdraw(look, order, because=verdict.blocking[0], verdict=verdict)
        )
    elif waiting:
        latest = (datetime.combine(look.on, window.closes) - DISPATCH_MARGIN).time()
        at = look.slot(look.on, Window(window.opens, latest), about=order.order_id)
        at = max(at, order.not_before or at)
        if look.policy.calendar.day(at) != look.on:
            at = next_slot(look.policy, at)
        if lapses is not None and at >= lapses:
            says = "The approval lapses before a crew may next be sent."
            yield Wait(says=says, who=Who.SUPERVISOR, until=lapses)
            return
        yield Step(
            kind=StepKind.DISPATCH_ORDER,
            at=at,
            ref=order.order_id,
            service=order.service,
            rule=p.DNP_WINDOW.key,
            citation=look.cite(p.DNP_WINDOW),
            says=f"On {look.policy.calendar.day(at)} the crew is sent to disconnect {order.service}.",
            certificate=certify(verdict, look.policy.pack),
        )
    else:
        yield Wait(
            says=f"A crew has the order to disconnect {order.service}.",
            who=Who.FIELD,
            until=look.policy.calendar.at(look.on, window.closes),
        )


def recall_unconfirmed(look: Look, order: Order) -> Next:
    """Wait for the crew to confirm that it was recalled; past the pack's minutes a person is told."""
    assert order.recalled_at is not None, "a recall has its instant"
    if order.escalated:
        return Wait(says="The crew has not confirmed its recall; a person was told.", who=Who.FIELD)
    return Step(
        kind=StepKind.ESCALATE_ORDER,
        at=order.recalled_at + timedelta(minutes=look.days(p.FIELD_ACCEPT_MINUTES)),
        ref=order.order_id,
        service=order.service,
        rule=p.FIELD_ACCEPT_MINUTES.key,
        citation=look.cite(p.FIELD_ACCEPT_MINUTES),
        says=f"The crew on its way to {order.service} has yet to confirm that it was recalled.",
    )


def _withdraw(look: Look, order: Order, *, because: Outcome, verdict: Verdict) -> Step:
    return Step(
        kind=StepKind.WITHDRAW_ORDER,
        at=look.now,
        ref=order.order_id,
        service=order.service,
        rule=because.rule,
        citation=because.citation,
        says=f"The order to disconnect {order.service} is withdrawn. {because.rule}: {because.says}",
        certificate=certify(verdict, look.policy.pack),
    )
