"""Which agreements are on record, how does each stand today, and how many are kept?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session, col, func, select

from casework.context import Desk
from casework.permissions import Permission
from domain import parameters as p
from domain.arrangement import ArrangementStatus
from domain.calendar import DAY
from domain.money import Money
from models.tables import ArrangementRow, InstalmentRow

PAGE = 200
BINDING = (ArrangementStatus.AGREED, ArrangementStatus.IN_FORCE, ArrangementStatus.BREACHED)


class Standing(StrEnum):
    """How an agreement stands on a day, the most pressing first."""

    BREACHED = "breached"  # the days to cure run
    IN_GRACE = "in_grace"  # a payment's day is over, its grace is not
    DUE_TODAY = "due_today"
    AWAITS_DOWN_PAYMENT = "awaits_down_payment"
    KEPT = "kept"
    COMPLETED = "completed"
    BROKEN = "broken"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One agreement: *paid* of *payments* are covered; *next_due_on* and *next_amount* are of the first that is not."""

    case_id: str
    account_no: str
    number: int
    standing: Standing
    agreed_on: date
    amount: Money
    payer: str
    signed: bool
    paid: int
    payments: int
    next_due_on: date | None
    next_amount: Money | None
    reinstated: int
    cure_by: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRate:
    """How agreements made in a span ended: kept without a breach, kept after one was cured, broken, never begun."""

    made: int
    active: int
    kept: int
    kept_after_cure: int
    broken: int
    lapsed: int
    cancelled: int


def plans(desk: Desk, *, standing: Standing | None = None, after: str = "", limit: int = PAGE) -> Sequence[Plan]:
    """Return agreements by case, those above the case *after*; with *standing* those alone that stand so today."""
    desk.need(Permission.SEE_CASES)
    policy, today = desk.policy(), desk.today()
    grace = policy.at(p.ARRANGEMENT_GRACE_DAYS, today)

    def ask(session: Session) -> Sequence[Plan]:
        query = select(ArrangementRow).where(ArrangementRow.case_id > after)
        if standing in OVER:
            query = query.where(col(ArrangementRow.status).in_([str(status) for status in OVER[standing]]))
        elif standing is not None:
            query = query.where(col(ArrangementRow.status).in_([str(status) for status in BINDING]))
        rows = session.exec(query.order_by(col(ArrangementRow.case_id), col(ArrangementRow.number)))
        found: list[Plan] = []
        for row in rows:
            if len(found) >= limit and row.case_id != found[-1].case_id:
                break  # never in the middle of a case: the cursor names cases
            plan = _plan(row, _parts(session, row), today=today, grace=grace)
            if standing in {None, plan.standing}:
                found.append(plan)
        return found

    return desk.read_now(ask)


OVER: Mapping[Standing | None, tuple[ArrangementStatus, ...]] = {
    Standing.COMPLETED: (ArrangementStatus.COMPLETED,),
    Standing.BROKEN: (ArrangementStatus.DEFAULTED, ArrangementStatus.LAPSED),
    Standing.CANCELLED: (ArrangementStatus.CANCELLED, ArrangementStatus.REPLACED),
}


def _parts(session: Session, row: ArrangementRow) -> Sequence[InstalmentRow]:
    of_it = (InstalmentRow.case_id == row.case_id, InstalmentRow.arrangement == row.number)
    return session.exec(select(InstalmentRow).where(*of_it).order_by(col(InstalmentRow.position))).all()


def _plan(row: ArrangementRow, parts: Sequence[InstalmentRow], *, today: date, grace: int) -> Plan:
    first = next((part for part in parts if not part.met), None)
    return Plan(
        case_id=row.case_id,
        account_no=row.account_no,
        number=row.number,
        standing=_standing(ArrangementStatus(row.status), first.due_on if first else None, today=today, grace=grace),
        agreed_on=row.agreed_on,
        amount=Money(row.amount_cents),
        payer=row.payer,
        signed=row.signed,
        paid=sum(part.met for part in parts),
        payments=len(parts),
        next_due_on=first.due_on if first else None,
        next_amount=Money(first.amount_cents) if first else None,
        reinstated=row.reinstated,
        cure_by=row.cure_by,
    )


def _standing(status: ArrangementStatus, due_on: date | None, *, today: date, grace: int) -> Standing:
    for over, statuses in OVER.items():
        if status in statuses and over is not None:
            return over
    if status is ArrangementStatus.BREACHED:
        return Standing.BREACHED
    if due_on is not None and due_on < today <= due_on + grace * DAY:
        return Standing.IN_GRACE
    if due_on == today:
        return Standing.DUE_TODAY
    return Standing.AWAITS_DOWN_PAYMENT if status is ArrangementStatus.AGREED else Standing.KEPT


def kept_rate(desk: Desk, *, since: date, until: date) -> KeptRate:
    """Return how the agreements made from *since* through *until* ended; a version that was renegotiated is none."""
    desk.need(Permission.SEE_REPORTS)

    def ask(session: Session) -> KeptRate:
        made = col(ArrangementRow.agreed_on).between(since, until)
        again = col(ArrangementRow.reinstated) > 0
        query = select(ArrangementRow.status, again, func.count()).where(made).group_by(ArrangementRow.status, again)
        counts = {(status, bool(cured)): number for status, cured, number in session.exec(query)}

        def count(*statuses: ArrangementStatus, cured: bool | None = None) -> int:
            wanted = {str(status) for status in statuses}
            return sum(n for (status, was), n in counts.items() if status in wanted and cured in {None, was})

        replaced = count(ArrangementStatus.REPLACED)
        return KeptRate(
            made=sum(counts.values()) - replaced,
            active=count(*BINDING),
            kept=count(ArrangementStatus.COMPLETED, cured=False),
            kept_after_cure=count(ArrangementStatus.COMPLETED, cured=True),
            broken=count(ArrangementStatus.DEFAULTED),
            lapsed=count(ArrangementStatus.LAPSED),
            cancelled=count(ArrangementStatus.CANCELLED),
        )

    return desk.read_now(ask)
