"""How many cases stand where, and what waits for whom?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from casework.context import Desk
from casework.errors import missing
from casework.permissions import Permission
from domain.states import ServiceStatus
from models.tables import ApprovalRow, CaseRow

Line = dict[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A small table: *lines* have the same columns, sums are whole cents."""

    name: str
    lines: Sequence[Line]


def summary(desk: Desk, name: str) -> Summary:
    """Return the summary of that name; refused (404) when there is none."""
    desk.need(Permission.SEE_REPORTS)
    ask = SUMMARIES.get(name)
    if ask is None:
        raise missing("report", name)
    return Summary(name=name, lines=desk.read_now(ask))


def _stages(session: Session) -> list[Line]:
    """Cases and balances by stage and service status."""
    query = (
        select(CaseRow.stage, CaseRow.status, func.count(), func.sum(CaseRow.balance_cents))
        .group_by(CaseRow.stage, CaseRow.status)
        .order_by(CaseRow.stage, CaseRow.status)
    )
    return [
        {"stage": stage, "status": status, "cases": count, "balance_cents": int(cents or 0)}
        for stage, status, count, cents in session.exec(query)
    ]


def _desk(session: Session) -> list[Line]:
    """Open cases by whom they wait for and what is asked, and the approvals asked for."""
    query = (
        select(CaseRow.waiting_for, CaseRow.task, func.count())
        .where(col(CaseRow.closed).is_(None))
        .group_by(CaseRow.waiting_for, CaseRow.task)
        .order_by(CaseRow.waiting_for, CaseRow.task)
    )
    lines: list[Line] = [{"waiting_for": who, "task": task, "cases": count} for who, task, count in session.exec(query)]
    asked = session.exec(select(func.count()).select_from(ApprovalRow).where(ApprovalRow.state == "asked")).one()
    return [*lines, {"waiting_for": "second person", "task": "approval", "cases": int(asked)}]


def _homes_off(session: Session) -> list[Line]:
    """Homes whose service is off, longest past due first: whom the sweep before the protected season seeks out."""
    query = (
        select(CaseRow)
        .where(col(CaseRow.closed).is_(None), CaseRow.status == ServiceStatus.OFF)
        .order_by(col(CaseRow.oldest_due_on), CaseRow.case_id)
    )
    return [
        {
            "case_id": row.case_id,
            "account_no": row.account_no,
            "stage": row.stage,
            "past_due_cents": row.past_due_cents,
            "task": row.task,
        }
        for row in session.exec(query)
    ]


SUMMARIES = {"stages": _stages, "desk": _desk, "homes-off": _homes_off}
