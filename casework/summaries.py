"""How many cases stand where, how old is what they owe, what waits for whom, and what happened week by week?"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select as choose
from sqlmodel import Session, col, func, select

from casework.context import Desk
from casework.errors import missing, unfit
from casework.permissions import Permission
from casework.property_register import lien_lines, waiver_lines
from domain.account import AGING_NAMES, aging_name
from domain.calendar import DAY, CityCalendar
from domain.case import OrderPurpose
from domain.states import ServiceStatus
from models.policies import active_digest, policy_with
from models.tables import ApprovalRow, CaseRow, LetterRow, PaymentRow, WorkOrderRow

Line = dict[str, str | int]
WEEK = timedelta(weeks=1)
WEEKS_BACK = 12
SPAN_MAX = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A small table: *lines* have the same columns, sums are whole cents.

    *since* and *through*: the days it tells of; what stands today leaves them out of account.
    """

    name: str
    lines: Sequence[Line]
    since: date
    through: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """The days of a summary by the city's calendar, and today."""

    since: date
    through: date
    today: date
    calendar: CityCalendar

    @property
    def begins(self) -> datetime:
        return self.calendar.at(self.since, time(0))

    @property
    def ends(self) -> datetime:
        return self.calendar.at(self.through + DAY, time(0))

    @property
    def weeks(self) -> list[date]:
        """Return the Mondays of its weeks."""
        first = monday(self.since)
        return [first + WEEK * number for number in range((self.through - first) // WEEK + 1)]


def summary(desk: Desk, name: str, *, since: date | None = None, through: date | None = None) -> Summary:
    """Return the summary of that name, of the last twelve weeks unless told otherwise; refused when there is none."""
    desk.need(Permission.SEE_REPORTS)
    ask = SUMMARIES.get(name)
    if ask is None:
        raise missing("report", name)
    span = _span(desk, since, through)
    lines = desk.read_now(lambda session: ask(session, span))
    return Summary(name=name, lines=lines, since=span.since, through=span.through)


def monday(on: date) -> date:
    """Return the first day of the week of *on*."""
    return on - timedelta(days=on.weekday())


def _span(desk: Desk, since: date | None, through: date | None) -> _Span:
    calendar = desk.policy().calendar
    today = calendar.day(desk.now)
    through = through or today
    since = since or monday(through) - WEEK * (WEEKS_BACK - 1)
    if since > through:
        raise unfit("span-backwards", "The days run backwards", f"{since} is after {through}.")
    if through - since > SPAN_MAX:
        raise unfit("span-too-long", "The days are too many", f"At most {SPAN_MAX.days} days are told of at once.")
    return _Span(since=since, through=through, today=today, calendar=calendar)


def _stages(session: Session, _: _Span) -> list[Line]:
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


def _desk(session: Session, _: _Span) -> list[Line]:
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


def _homes_off(session: Session, _: _Span) -> list[Line]:
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


def _aging(session: Session, span: _Span) -> list[Line]:
    """Open cases and what they have past due, by how long their oldest unpaid bill has been due."""
    query = (
        choose(col(CaseRow.oldest_due_on), func.count(), func.sum(CaseRow.past_due_cents))
        .where(col(CaseRow.closed).is_(None))
        .group_by(col(CaseRow.oldest_due_on))
    )
    cases, cents = Counter[str](), Counter[str]()
    for due_on, count, owed in session.connection().execute(query):
        name = aging_name((span.today - due_on).days if due_on else 0)
        cases[name] += count
        cents[name] += int(owed or 0)
    return [{"age": name, "cases": cases[name], "past_due_cents": cents[name]} for name in AGING_NAMES]


def _payments(session: Session, span: _Span) -> list[Line]:
    """Payments by week, and those that the bank returned, by the week in which it did."""
    came = choose(col(PaymentRow.effective_on), func.count(), func.sum(PaymentRow.amount_cents)).where(
        col(PaymentRow.effective_on).between(span.since, span.through)
    )
    back = choose(col(PaymentRow.returned_on), func.count(), func.sum(PaymentRow.amount_cents)).where(
        col(PaymentRow.returned_on).between(span.since, span.through)
    )
    ask = session.connection().execute
    paid = _by_week(ask(came.group_by(col(PaymentRow.effective_on))))
    returned = _by_week(ask(back.group_by(col(PaymentRow.returned_on))))
    return [
        {
            "week": week.isoformat(),
            "payments": paid[0][week],
            "paid_cents": paid[1][week],
            "returned": returned[0][week],
            "returned_cents": returned[1][week],
        }
        for week in span.weeks
    ]


def _by_week(rows: Iterable[Any]) -> tuple[Counter[date], Counter[date]]:
    counts, sums = Counter[date](), Counter[date]()
    for on, count, cents in rows:
        if on is not None:
            counts[monday(on)] += count
            sums[monday(on)] += int(cents or 0)
    return counts, sums


def _cuts(session: Session, span: _Span) -> list[Line]:
    """Services cut and restored, by the week in which the crew did it; by us alone."""
    query = select(WorkOrderRow.purpose, WorkOrderRow.done_at).where(
        col(WorkOrderRow.done_at) >= span.begins, col(WorkOrderRow.done_at) < span.ends, col(WorkOrderRow.ours)
    )
    done = Counter((purpose, monday(span.calendar.day(at))) for purpose, at in session.exec(query) if at is not None)
    return [
        {
            "week": week.isoformat(),
            "cut": done[OrderPurpose.DISCONNECT, week],
            "restored": done[OrderPurpose.RECONNECT, week],
        }
        for week in span.weeks
    ]


def _letters(session: Session, span: _Span) -> list[Line]:
    """Letters by kind, and how many of them came back."""
    query = (
        select(LetterRow.kind, LetterRow.state, func.count())
        .where(col(LetterRow.prepared_at) >= span.begins, col(LetterRow.prepared_at) < span.ends)
        .group_by(LetterRow.kind, LetterRow.state)
    )
    sent, back = Counter[str](), Counter[str]()
    for kind, state, count in session.exec(query):
        sent[kind] += count
        back[kind] += count if state == "returned" else 0
    return [{"letter": kind, "letters": count, "came_back": back[kind]} for kind, count in sorted(sent.items())]


def _liens(session: Session, span: _Span) -> list[Line]:
    """Liens with what each secures on the last day: charges left, interest since filing, what frees it."""
    return lien_lines(session, policy_with(session, active_digest(session)), span.through)


def _owner_waivers(session: Session, span: _Span) -> list[Line]:
    """Owners' written notices not to be liable, by place and day."""
    return waiver_lines(session, span.calendar, span.ends)


SUMMARIES: dict[str, Callable[[Session, _Span], list[Line]]] = {
    "stages": _stages,
    "aging": _aging,
    "desk": _desk,
    "payments": _payments,
    "cuts": _cuts,
    "letters": _letters,
    "homes-off": _homes_off,
    "liens": _liens,
    "owner-waivers": _owner_waivers,
}
