"""Which figures sum up an installation: cases by stage and service, letters, agreements, orders, money?"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, func, select

from domain.case import OrderPurpose, OrderState
from domain.states import ServiceStatus, Stage
from models.payments import BEFORE_OPENING
from models.session import reading
from models.tables import (
    ArrangementRow,
    CaseRow,
    LetterRow,
    PaymentRow,
    RefusalRow,
    TaskRow,
    TimelineRow,
    WorkOrderRow,
)

Counts = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """*by_stage* and *by_status* count cases as they stand, *entered_* how many were ever there. Money in cents."""

    cases: int
    by_stage: Counts
    by_status: Counts
    entered_stage: Counts
    entered_status: Counts
    letters: Counts
    arrangements: Counts
    orders: Counts
    outside_acts: Counts
    refused: Counts
    urgent: Counts
    cents_in: int
    cents_out: int
    closed: Counts = field(default_factory=dict)


def figures(engine: Engine) -> Figures:
    """Return the figures of the installation as its record stands."""
    with reading(engine) as session:
        came, went = _money(session)
        return Figures(
            cases=session.exec(select(func.count()).select_from(CaseRow)).one(),
            by_stage=_by(session, CaseRow, "stage"),
            by_status=_by(session, CaseRow, "status"),
            entered_stage=_entered(session, "stage", tuple(Stage)),
            entered_status=_entered(session, "status", tuple(ServiceStatus)),
            letters=_by(session, LetterRow, "kind"),
            arrangements=_by(session, ArrangementRow, "status"),
            orders=_orders(session),
            outside_acts=_outside(session),
            refused=_refused(session),
            urgent=_by(session, TaskRow, "kind", col(TaskRow.urgent)),
            cents_in=came,
            cents_out=went,
            closed={k: n for k, n in _by(session, CaseRow, "closed").items() if k != "None"},
        )


def _by(session: Session, table: type[SQLModel], column: str, *conditions: Any) -> Counts:  # noqa: ANN401
    by = getattr(table, column)
    query = select(by, func.count()).where(*conditions).group_by(by).order_by(by)
    return {str(name): count for name, count in session.exec(query).all()}


def _entered(session: Session, column: str, names: tuple[str, ...]) -> Counts:
    by = getattr(TimelineRow, column)
    query = select(by, func.count(func.distinct(TimelineRow.case_id))).group_by(by)
    found = dict(session.exec(query).all())
    return {str(name): found.get(str(name), 0) for name in names}


def _orders(session: Session) -> Counts:
    query = select(WorkOrderRow.purpose, WorkOrderRow.state, func.count()).where(col(WorkOrderRow.ours))
    query = query.group_by(WorkOrderRow.purpose, WorkOrderRow.state)
    return {f"{purpose} {state}": count for purpose, state, count in sorted(session.exec(query).all())}


def _outside(session: Session) -> Counts:
    query = select(TimelineRow.public).where(TimelineRow.type == "outside_act_noted")
    return dict(sorted(Counter(str(public["what"]) for public in session.exec(query)).items()))


def _refused(session: Session) -> Counts:
    """Return acts refused by rule: at first sight (they left only a refusal) and on a second look (an event)."""
    rules: Counter[str] = Counter()
    for body in session.exec(select(RefusalRow.body)):
        rules.update(body.get("rules") or [body["slug"]])
    for public in session.exec(select(TimelineRow.public).where(TimelineRow.type == "decision_refused")):
        rules.update(public["refusal"].get("rules") or [public["refusal"]["slug"]])
    return dict(sorted(rules.items()))


def _money(session: Session) -> tuple[int, int]:
    total = func.coalesce(func.sum(PaymentRow.amount_cents), 0)
    came = session.exec(select(total).where(PaymentRow.tender != BEFORE_OPENING)).one()
    went = session.exec(select(total).where(col(PaymentRow.returned_at).is_not(None))).one()
    return int(came), int(went)


def cuts(counts: Counts) -> int:
    """Return how many disconnections our own orders led to."""
    return counts.get(f"{OrderPurpose.DISCONNECT} {OrderState.COMPLETED}", 0)
