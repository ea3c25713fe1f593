"""Was a crew ever sent out beyond its hours, or the time kept for reconnections spent? Computed from the record."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from domain.case import OrderPurpose
from domain.crews import Crews, DayPlan, Visit, crowded
from domain.policy import Policy
from models.crews import visits_of
from models.session import reading
from models.tables import FieldDayRow, WorkOrderRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowded:
    """What was wrong with the crews' lists of a day, in words."""

    on: date
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewDays:
    """How the crews' days went: on how many they were out, the fullest, and every day on which a bound was broken."""

    days: int
    visits: int
    most_cuts_a_day: int
    least_minutes_kept: int | None
    overtime: int
    crowded: tuple[Crowded, ...]


def crew_days(engine: Engine, policy: Policy) -> CrewDays:
    """Return how the crews' days went.

    The lists alone are not believed: every disconnection that was sent to a crew must stand on the list of the day on
    which it was sent.
    """
    with reading(engine) as session:
        days = [row.on for row in session.exec(select(FieldDayRow).order_by(col(FieldDayRow.on)))]
        plans = {on: DayPlan(crews=Crews.on(policy, on), visits=visits_of(session, on)) for on in days}
        unlisted = _unlisted(session, policy, plans)
    wrong = {on: crowded(plan) + tuple(unlisted.pop(on, ())) for on, plan in plans.items()}
    wrong |= {on: tuple(says) for on, says in unlisted.items()}
    return CrewDays(
        days=len(plans),
        visits=sum(len(plan.visits) for plan in plans.values()),
        most_cuts_a_day=max((sum(v.cuts for v in plan.visits) for plan in plans.values()), default=0),
        least_minutes_kept=min((_kept(plan) for plan in plans.values()), default=None),
        overtime=sum(visit.overtime for plan in plans.values() for visit in plan.visits),
        crowded=tuple(Crowded(on=on, says=says) for on, says in sorted(wrong.items()) if says),
    )


def _kept(plan: DayPlan) -> int:
    """Return the fewest minutes that cuts left free in any crew's shift."""
    crews = range(1, plan.crews.count + 1)
    return min((plan.crews.shift - plan.minutes_cutting(crew) for crew in crews), default=0)


def _unlisted(session: Session, policy: Policy, plans: dict[date, DayPlan]) -> dict[date, list[str]]:
    listed: dict[date, set[str]] = {on: {_id(visit) for visit in plan.visits} for on, plan in plans.items()}
    query = select(WorkOrderRow).where(
        col(WorkOrderRow.ours),
        WorkOrderRow.purpose == OrderPurpose.DISCONNECT,
        col(WorkOrderRow.remote).is_(False),
        col(WorkOrderRow.dispatched_at).is_not(None),
    )
    found: dict[date, list[str]] = defaultdict(list)
    for order in session.exec(query.order_by(col(WorkOrderRow.order_id))):
        assert order.dispatched_at is not None, "asked for above"
        on = policy.calendar.day(order.dispatched_at)
        if order.order_id not in listed.get(on, set()):
            found[on].append(f"{order.order_id} was sent out and stands on no list")
    return found


def _id(visit: Visit) -> str:
    return visit.order_id
