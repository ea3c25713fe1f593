"""What brings a service back, and when?"""

from collections.abc import Iterator
from datetime import datetime, time

from domain import parameters as p
from domain.account import Service
from domain.arrangement import ArrangementStatus
from domain.calendar import DAY
from domain.case import OrderPurpose, OrderState
from domain.money import ZERO
from domain.rules.question import Question
from domain.rules.restoring import duty_to_restore
from domain.step import Next, Step, StepKind, Wait, Who
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
    """Bring service back when it is paid for, an agreement reopens it or the law restores it; else say what would."""
    case = look.case
    if case.stage in INACTIVE_STAGES:
        return
    for state in case.off:
        crew_has_it = (
            o.open and o.purpose is OrderPurpose.RECONNECT and o.service is state.service for o in case.orders
        )
        if any(crew_has_it):
            continue
        arrangement = case.arrangement
        plan = (
            arrangement is not None
            and arrangement.status is ArrangementStatus.IN_FORCE
            and look.policy.at(p.RECONNECT_PLAN_ALLOWED, look.on)
        )
        done = [o for o in case.orders if o.service is state.service and o.state is OrderState.COMPLETED]
        wrong = (
            bool(done) and done[-1].purpose is OrderPurpose.DISCONNECT and bool(done[-1].reason or done[-1].found_wrong)
        )
        why = _restores(look, plan=plan, wrong=wrong)
        if why:
            yield Step(
                kind=StepKind.REQUEST_REACTIVATION,
                at=look.now if wrong else _reactivation_at(look),
                service=state.service,
                rule="reconnect.wrong" if wrong else p.RECONNECT_PLAN_ALLOWED.key if plan else "reconnect.paid",
                citation=look.cite(p.RECONNECT_CUTOFF),
                says=f"{state.service} is reconnected: {why}.",
            )
        elif duty := _duty(look, state.service):
            yield Step(
                kind=StepKind.REQUEST_REACTIVATION,
                at=look.now if duty.rule == AT_ONCE else _reactivation_at(look),
                service=state.service,
                rule=duty.rule,
                citation=duty.citation,
                arithmetic=duty.arithmetic,
                says=f"{state.service} is reconnected by a field visit, as the law asks. {duty.says}",
            )
        else:
            yield Wait(
                says=f"{state.service} has been off since {state.since}; {look.here.owed} past due restores it.",
                who=Who.CUSTOMER,
            )


def reconnect_order(look: Look) -> Iterator[Next]:
    """Name a reconnection that a crew still has, whatever became of the service meanwhile."""
    order = look.case.open_order(OrderPurpose.RECONNECT)
    if order:
        yield Wait(says=f"A crew has the order to reconnect {order.service}.", who=Who.FIELD)


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


def _restores(look: Look, *, plan: bool, wrong: bool) -> str:
    """Return what brings service back, empty if nothing does."""
    if wrong:
        return "it should not have been cut, and coming back costs nothing"
    if look.here.owed <= ZERO:
        return "what was past due is paid"
    return "the agreement is in force" if plan else ""


def _reactivation_at(look: Look) -> datetime:
    """Return now on an open day before the same-day cutoff, else the next open day's opening."""
    calendar = look.policy.calendar
    cutoff = time.fromisoformat(look.policy.at(p.RECONNECT_CUTOFF, look.on))
    if calendar.is_open(look.on) and calendar.clock(look.now) <= cutoff:
        return look.now
    day = calendar.open_day(look.on + DAY)
    return max(look.now, calendar.at(day, look.policy.at(p.OFFICE_HOURS, look.on).opens))
