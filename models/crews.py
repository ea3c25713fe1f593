"""What stands on the crews' lists of a day, and is there room for one more? Asked and written under the day's lock."""

from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from domain.crews import Crews, DayPlan, Stop, Visit, minute_of, plan_day
from domain.policy import Policy
from models.tables import FieldDayRow, FieldVisitRow
from models.upsert import insert_new


def book(session: Session, *, stop: Stop, policy: Policy, now: datetime) -> Visit | None:
    """Return the place of *stop* on today's lists, written there; none if no crew has time for it today.

    Two bookings of one day wait for each other, so that neither takes the other's minutes. Asked again, an order keeps
    its place. The caller commits.
    """
    on = policy.calendar.day(now)
    _lock(session, on)
    standing = visits_of(session, on)
    known = next((visit for visit in standing if visit.order_id == stop.order_id), None)
    if known is not None:
        return known
    here = Stop(
        order_id=stop.order_id, area=stop.area, cuts=stop.cuts, from_minute=minute_of(policy.calendar.clock(now))
    )
    visit = plan_day(Crews.on(policy, on), (here,), standing).visit(stop.order_id)
    if visit is not None:
        session.add(_row(on, visit))
        session.flush()
    return visit


def plan_of(session: Session, policy: Policy, on: date) -> DayPlan:
    """Return the lists of *on* as they stand."""
    return DayPlan(crews=Crews.on(policy, on), visits=visits_of(session, on))


def visits_of(session: Session, on: date) -> tuple[Visit, ...]:
    """Return what stands on the lists of *on*, crew by crew in the order of their doors."""
    query = select(FieldVisitRow).where(FieldVisitRow.on == on)
    rows = session.exec(query.order_by(col(FieldVisitRow.crew), col(FieldVisitRow.starts), col(FieldVisitRow.order_id)))
    return tuple(_visit(row) for row in rows)


def visit_of(session: Session, order_id: str, on: date) -> Visit | None:
    """Return the place of an order on the lists of *on*; none if it needs no crew or has none."""
    row = session.get(FieldVisitRow, (order_id, on))
    return _visit(row) if row else None


def _lock(session: Session, on: date) -> None:
    """Hold the day until this transaction ends: a write takes the lock on either database."""
    insert_new(session, FieldDayRow, {"on": on, "bookings": 0})
    days = update(FieldDayRow).where(col(FieldDayRow.on) == on)
    session.exec(days.values(bookings=FieldDayRow.bookings + 1))


def _row(on: date, visit: Visit) -> FieldVisitRow:
    return FieldVisitRow(
        order_id=visit.order_id,
        on=on,
        crew=visit.crew,
        area=visit.area,
        cuts=visit.cuts,
        starts=visit.starts,
        minutes=visit.minutes,
        overtime=visit.overtime,
    )


def _visit(row: FieldVisitRow) -> Visit:
    return Visit(
        order_id=row.order_id,
        crew=row.crew,
        area=row.area,
        cuts=row.cuts,
        starts=row.starts,
        minutes=row.minutes,
        overtime=row.overtime,
    )
