"""What brings a service back, and when?"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from domain import parameters as p
from domain.account import AccountStatus, Service
from domain.calendar import DAY
from domain.case import DISCONNECTION, ApprovalState, Case, Order, OrderPurpose, OrderState, ServiceState
from domain.field_orders import Reason, failures
from domain.money import ZERO, Money
from domain.rules.question import Question
from domain.rules.restoring import Price, duty_to_restore, plan_reopens, price
from domain.states import ServiceStatus
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.ending import off_too_long
from domain.tracks.track import INACTIVE_STAGES, Look
from domain.verdict import Action, Outcome
from domain.wrongful import found_wrong

AT_ONCE = "D12"  # illness waits for no opening hours


def wrong_cuts(look: Look) -> Iterator[Next]:
    """Say at once that a cut is known by now to have been wrong, whenever that is learned."""
    found = found_wrong(look.case, look.policy)
    if found is None:
        return
    first = found.outcomes[0]
    on = look.policy.calendar.day(found.cut_at)
    yield Step(
        kind=StepKind.NOTE_WRONG_CUT,
        at=look.now,
        ref=found.order.order_id,
        service=found.order.service,
        rule=first.rule,
        citation=first.citation,
        arithmetic=first.arithmetic,
        says=f"The cut of {found.order.service} on {on} was wrong: {first.says}",
    )


def services_off(look: Look) -> Iterator[Next]:
    """Bring service back when it is paid for, an agreement reopens it or the law restores it; else say what would.

    An account that has ended, or is about to, gets none back, whatever it agreed to pay.
    """
    ended = look.case.known.account.status is not AccountStatus.ACTIVE or look.case.ending
    if look.case.stage in INACTIVE_STAGES or ended:
        return
    for state in look.case.services:
        if _is_or_may_be_off(look.case, state) and not _with_a_crew(look.case, state.service):
            yield _restoring(look, state)


def reconnect_order(look: Look) -> Iterator[Next]:
    """Name a reconnection that a crew still has, and see to it that a contractor has acknowledged it."""
    order = look.case.open_order(OrderPurpose.RECONNECT)
    if order is None:
        return
    if order.contractor and order.accepted_at is None and not order.escalated:
        yield _unacknowledged(look, order)
    else:
        who = "The contractor" if order.contractor else "A crew"
        yield Wait(says=f"{who} has the order to reconnect {order.service}.", who=Who.FIELD)


def fees(look: Look) -> Iterator[Next]:
    """Charge what a disconnection costs its customer, once per order; a cut that should not have been costs nothing.

    What was charged before it was found wrong is taken back.
    """
    case = look.case
    for order in case.orders:
        if order.found_wrong:
            yield from _taken_back(look, order)
            continue
        cut = order.purpose is OrderPurpose.DISCONNECT and order.state is OrderState.COMPLETED and not order.reason
        if cut and case.service(order.service).status is ServiceStatus.OFF:
            yield from _fees_of(look, order)


def _taken_back(look: Look, order: Order) -> Iterator[Step]:
    for fee in look.case.fees:
        if fee.order_id == order.order_id:
            yield Step(
                kind=StepKind.REMOVE_FEE,
                at=look.now,
                ref=f"{order.order_id}/{fee.kind}",
                service=order.service,
                amount=fee.amount,
                rule="reconnect.wrong",
                says=f"The {fee.kind.replace('_', ' ')} of {fee.amount} for {order.service} is taken back: "
                "the cut was wrong.",
            )


def _fees_of(look: Look, order: Order) -> Iterator[Step]:
    charged = {fee.kind for fee in look.case.fees if fee.order_id == order.order_id}
    for kind, parameter in (("reconnect_fee", p.RECONNECT_FEE), ("deposit", p.RECONNECT_DEPOSIT)):
        amount = Money(look.days(parameter))
        if amount > ZERO and kind not in charged:
            yield Step(
                kind=StepKind.CHARGE_FEE,
                at=look.now,
                ref=f"{order.order_id}/{kind}",
                service=order.service,
                amount=amount,
                rule=parameter.key,
                citation=look.cite(parameter),
                says=f"The {kind.replace('_', ' ')} of {amount} for {order.service} is charged.",
            )


def _is_or_may_be_off(case: Case, state: ServiceState) -> bool:
    """Say whether service is off, or may be because its meter never said, and nobody is about to try again."""
    if state.status in {ServiceStatus.OFF, ServiceStatus.REACTIVATION_PENDING}:
        return True
    trying = case.open_order(OrderPurpose.DISCONNECT) or case.approval(DISCONNECTION, ApprovalState.GRANTED)
    return state.uncertain and not trying


def _with_a_crew(case: Case, service: Service) -> bool:
    return any(o.open and o.purpose is OrderPurpose.RECONNECT and o.service is service for o in case.orders)


def _restoring(look: Look, state: ServiceState) -> Next:
    """Return the order that brings *state*'s service back, or what would."""
    service = state.service
    due = price(look.case, look.here)
    done = [o for o in look.case.orders if o.service is service and o.state is OrderState.COMPLETED]
    wrong = bool(done) and done[-1].purpose is OrderPurpose.DISCONNECT and bool(done[-1].reason or done[-1].found_wrong)
    duty = None
    if wrong:
        rule, why, at = "reconnect.wrong", "it should not have been cut, and coming back costs nothing", look.now
    elif state.uncertain:
        rule, why, at = "reconnect.unconfirmed", "its meter never confirmed whether it is off", look.now
    elif due.total <= ZERO:
        rule, why, at = "reconnect.paid", "what was past due is paid", _reactivation_at(look, state)
    elif plan_reopens(look.case, look.policy, look.now):
        rule, why = p.RECONNECT_PLAN_ALLOWED.key, "the agreement is signed and its down payment is posted"
        at = _reactivation_at(look, state)
    elif duty := _duty(look, service):
        rule, why = duty.rule, f"the law asks for it. {duty.says}"
        at = look.now if duty.rule == AT_ONCE else _reactivation_at(look, state)
    else:
        return _still_off(look, state, due)
    return _next_try(look, state, at=at, rule=rule, why=why, duty=duty)


def _next_try(look: Look, state: ServiceState, *, at: datetime, rule: str, why: str, duty: Outcome | None) -> Next:
    """Return the order, later after a visit that failed; after too many, or with nobody home, a person's turn."""
    failed = failures(look.case, state.service, OrderPurpose.RECONNECT)
    visits = [order for order in failed if order.reason != Reason.NOT_CONFIRMED]
    if visits and visits[-1].reason == Reason.NOBODY_HOME:
        says = f"{state.service} waits for someone to be home: make an appointment, then ask for it again."
        return Wait(says=says, who=Who.REPRESENTATIVE, task="make_appointment")
    if len(visits) >= look.days(p.FIELD_VISITS_MAX):
        says = f"{len(visits)} visits to reconnect {state.service} failed: see to it, then ask for it again."
        return Wait(says=says, who=Who.REPRESENTATIVE, task="reconnection_failed")
    if visits and failed[-1] is visits[-1]:
        assert visits[-1].ended_on is not None, "an order that failed has its day"
        at = max(at, _opening(look, visits[-1].ended_on))
    return Step(
        kind=StepKind.REQUEST_REACTIVATION,
        at=at,
        service=state.service,
        rule=rule,
        citation=duty.citation if duty else look.cite(p.RECONNECT_CUTOFF),
        arithmetic=duty.arithmetic if duty else (),
        says=f"{state.service} is reconnected: {why}.{_home(look, state.service)}",
    )


def _still_off(look: Look, state: ServiceState, due: Price) -> Next:
    """Wait for the customer, until the place has been off so long that someone looks whether it is vacant."""
    late = off_too_long(look, state)
    if late is None or (isinstance(late, Step) and late.at > look.now):
        return _owing(state, due, until=late.at if isinstance(late, Step) else None)
    return late


def _owing(state: ServiceState, due: Price, *, until: datetime | None) -> Wait:
    parts = [f"{due.past_due} past due"] if due.past_due > ZERO else []
    parts += [f"{due.fees} of fees"] if due.fees > ZERO else []
    says = f"{state.service} has been off since {state.since}; {' and '.join(parts)} restores it."
    return Wait(says=says, who=Who.CUSTOMER, until=until)


def _home(look: Look, service: Service) -> str:
    return " Someone must be home." if service in look.policy.at(p.RECONNECT_PRESENCE, look.on) else ""


def _duty(look: Look, service: Service) -> Outcome | None:
    """Return the rule under which the utility must restore *service*, paid for or not."""
    return duty_to_restore(
        Question(
            action=Action.RECOMMEND_DISCONNECTION,
            case=look.case,
            policy=look.policy,
            now=look.now,
            on=look.on,
            service=service,
        )
    )


def _unacknowledged(look: Look, order: Order) -> Step:
    """Tell the contractor again each time the pack's minutes have passed; after the pack's times tell a person."""
    minutes = look.days(p.FIELD_ACCEPT_MINUTES) * (order.reminded + 1)
    again = order.reminded < look.days(p.FIELD_REMINDERS)
    return Step(
        kind=StepKind.REMIND_CONTRACTOR if again else StepKind.ESCALATE_ORDER,
        at=order.requested_at + timedelta(minutes=minutes),
        ref=order.order_id,
        service=order.service,
        rule=p.FIELD_ACCEPT_MINUTES.key,
        citation=look.cite(p.FIELD_ACCEPT_MINUTES),
        says=f"The contractor has yet to acknowledge the order to unlock {order.service}.",
    )


def _reactivation_at(look: Look, state: ServiceState) -> datetime:
    """Return now on an open day before the same-day cutoff, or after hours where that was asked; else next opening."""
    calendar = look.policy.calendar
    if state.after_hours and look.policy.at(p.RECONNECT_AFTER_HOURS, look.on):
        return look.now
    cutoff = time.fromisoformat(look.policy.at(p.RECONNECT_CUTOFF, look.on))
    if calendar.is_open(look.on) and calendar.clock(look.now) <= cutoff:
        return look.now
    return max(look.now, _opening(look, look.on))


def _opening(look: Look, day: date) -> datetime:
    """Return when the offices next open after *day*."""
    calendar = look.policy.calendar
    return calendar.at(calendar.open_day(day + DAY), look.policy.at(p.OFFICE_HOURS, look.on).opens)
