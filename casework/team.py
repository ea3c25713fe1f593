"""Who of the team has how much to do, and what has each done today?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from sqlalchemy import select as columns
from sqlmodel import Session, case, col, func, select

from casework.context import Desk
from casework.permissions import Permission
from domain.calendar import DAY
from domain.money import Money
from models.tables import CaseRow, TimelineRow, UserRow
from models.users import Role

WORKING = (Role.REPRESENTATIVE, Role.SENIOR, Role.SUPERVISOR)
DECIDED = ("contact_recorded", "promise_recorded", "arrangement_agreed", "note_added", "fact_recorded")
CASES_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person's work: open cases, urgent ones, due by the end of today, held; decisions noted and closed today.

    The row of no *username* is what is nobody's.
    """

    username: str
    name: str
    role: str
    covers: str
    cases: int = 0
    urgent: int = 0
    due: int = 0
    held: int = 0
    past_due: Money = Money(0)
    acts_today: int = 0
    closed_today: int = 0


def team(desk: Desk) -> Sequence[Member]:
    """Return everyone who takes work, by name, and last what is nobody's."""
    desk.need(Permission.SEE_REPORTS)
    calendar = desk.policy().calendar
    today = calendar.day(desk.now)
    due_before = calendar.at(today + DAY, time(0))

    def ask(session: Session) -> list[Member]:
        query = select(UserRow).where(col(UserRow.role).in_([str(role) for role in WORKING]), col(UserRow.active))
        people = session.exec(query.order_by(col(UserRow.display_name))).all()
        counts = columns(
            col(CaseRow.assigned_to),
            func.count(),
            func.sum(case((col(CaseRow.priority) > 1, 1), else_=0)),
            func.sum(case((col(CaseRow.next_at) < due_before, 1), else_=0)),
            func.sum(case((col(CaseRow.holds) != "", 1), else_=0)),
            func.sum(col(CaseRow.past_due_cents)),
        ).where(col(CaseRow.closed).is_(None))
        found = session.connection().execute(counts.group_by(col(CaseRow.assigned_to)))
        work = {row[0]: tuple(row[1:]) for row in found}
        acts = select(TimelineRow.by, func.count()).where(TimelineRow.on == today, col(TimelineRow.type).in_(DECIDED))
        done = dict(session.exec(acts.group_by(TimelineRow.by)).all())
        ended = select(CaseRow.assigned_to, func.count()).where(CaseRow.closed_on == today)
        closed = dict(session.exec(ended.group_by(CaseRow.assigned_to)).all())

        def member(username: str, name: str, role: str, covers: str) -> Member:
            cases, urgent, due, held, cents = work.get(username, (0, 0, 0, 0, 0))
            return Member(
                username=username,
                name=name,
                role=role,
                covers=covers,
                cases=cases,
                urgent=urgent,
                due=due,
                held=held,
                past_due=Money(int(cents or 0)),
                acts_today=done.get(username, 0) if username else 0,
                closed_today=closed.get(username, 0),
            )

        rows = [member(each.username, each.display_name, each.role, each.covers or "") for each in people]
        return [*rows, member("", "", "", "")]

    return desk.read_now(ask)


def cases_with(desk: Desk, username: str) -> Sequence[CaseRow]:
    """Return the open cases of one person, or those that are nobody's, the most pressing first."""
    desk.need(Permission.SEE_REPORTS)
    query = select(CaseRow).where(CaseRow.assigned_to == username, col(CaseRow.closed).is_(None))
    order = (col(CaseRow.priority).desc(), col(CaseRow.score).desc(), col(CaseRow.case_id).desc())
    query = query.order_by(*order).limit(CASES_MAX).execution_options(populate_existing=True)
    return desk.read_now(lambda session: session.exec(query).all())
