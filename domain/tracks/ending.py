"""When does an account come to its end, and what is put in order before it does?"""

from collections.abc import Iterator
from datetime import date

from domain import parameters as p
from domain.account import AccountStatus
from domain.calendar import DAY
from domain.case import SWITCHING, Order, OrderPurpose, OrderState, ServiceState
from domain.facts import Fact, FactKind, on_file
from domain.field_orders import failures
from domain.step import Next, Step, StepKind, Wait, Who
from domain.tracks.track import INACTIVE_STAGES, Look, adding
from domain.verdict import Arithmetic
from domain.visits import VACANT

_RECALLABLE = frozenset({OrderState.REQUESTED, OrderState.DISPATCHED})


def ending(look: Look) -> Iterator[Next]:
    """Withdraw what a crew has for an account that ends, then end it."""
    case = look.case
    over = case.stage in INACTIVE_STAGES or case.known.account.status is not AccountStatus.ACTIVE
    if over or case.ending:
        switching = [order for order in case.orders if order.open and order.purpose in SWITCHING]
        for order in switching:
            if order.state in _RECALLABLE:
                yield _withdraw(look, order)
        if switching or over:
            return
        yield _end(look, case.ending.replace("_", " "))


def off_too_long(look: Look, state: ServiceState) -> Next | None:
    """Return the look at a place that has been off too long, then the end of its account; none if it is under way.

    A place that is lived in, or that nobody could look at, is a matter for a person.
    """
    if state.since is None or (look.case.arrangement is not None and look.case.arrangement.active):
        return None
    check = adding(p.OFF_FINAL_DAYS.unit, state.since, look.days(p.OFF_FINAL_DAYS))
    seen = _seen(look, state.since)
    if seen is not None and seen.details.get("result") != VACANT:
        says = f"{state.service} has been off since {state.since} and someone lives there: find out how, and who."
        return Wait(says=says, who=Who.REPRESENTATIVE, task="occupied_without_service")
    if seen is not None:
        ripe = look.on >= check.result
        return _end(look, f"{state.service} has been off since {state.since} and the place is vacant") if ripe else None
    return _look_whether_vacant(look, state, check)


def _look_whether_vacant(look: Look, state: ServiceState, check: Arithmetic) -> Next | None:
    if any(o.open and o.purpose is OrderPurpose.OCCUPANCY_CHECK for o in look.case.orders):
        return None
    failed = failures(look.case, state.service, OrderPurpose.OCCUPANCY_CHECK)
    if len(failed) >= look.days(p.FIELD_VISITS_MAX):
        says = f"{len(failed)} visits to see whether anyone lives there failed."
        return Wait(says=says, who=Who.REPRESENTATIVE, task="occupancy_unknown")
    day = check.result if not failed or failed[-1].ended_on is None else failed[-1].ended_on + DAY
    return Step(
        kind=StepKind.REQUEST_VISIT,
        at=look.office_slot(day, about="occupancy"),
        ref=OrderPurpose.OCCUPANCY_CHECK,
        service=state.service,
        rule=p.OFF_FINAL_DAYS.key,
        citation=look.cite(p.OFF_FINAL_DAYS),
        arithmetic=(check,),
        says=f"{state.service} has been off since {state.since}: someone looks whether the place is vacant.",
    )


def _seen(look: Look, since: date) -> Fact | None:
    """Return the latest look at the place since service went off."""
    day = look.policy.calendar.day
    checks = [f for f in on_file(look.case.known.facts, FactKind.OCCUPANCY_CHECK) if day(f.starts) >= since]
    return checks[-1] if checks else None


def _end(look: Look, why: str) -> Step:
    return Step(
        kind=StepKind.END_ACCOUNT,
        at=look.now,
        rule=p.FINAL_DUE_DAYS.key,
        citation=look.cite(p.FINAL_DUE_DAYS),
        says=f"Billing makes the final bill, for {why}.",
    )


def _withdraw(look: Look, order: Order) -> Step:
    return Step(
        kind=StepKind.WITHDRAW_ORDER,
        at=look.now,
        ref=order.order_id,
        service=order.service,
        rule="account.ends",
        says=f"The order to {order.purpose} {order.service} is withdrawn: the account ends.",
    )
