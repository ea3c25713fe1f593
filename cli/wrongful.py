"""Was anyone cut while a fact known at the door forbade it? Computed anew, from the record alone."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine, or_
from sqlmodel import Session, col, func, select

from domain.account import Snapshot
from domain.case import Case, OrderPurpose, OrderState
from domain.gate import gate
from domain.money import Money
from domain.take import take
from domain.verdict import Action
from models.accounts import account_of
from models.cases import decode, timeline_of
from models.facts import concerning
from models.policies import policy_with
from models.session import reading
from models.tables import FactRow, PaymentRow, WorkOrderRow

EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrongful:
    """A cut of ours that the rules named had forbidden at the instant at which the crew asked."""

    order_id: str
    at: datetime
    rules: tuple[str, ...]


def wrongful_cuts(engine: Engine) -> tuple[Wrongful, ...]:
    """Return every completed disconnection of ours that should have been stopped at the door.

    Nothing that the acknowledgement itself wrote is believed, neither its verdict nor the case's later events: the
    case is retold up to that instant, facts are those on record then, and the gate is asked again.
    """
    with reading(engine) as session:
        query = select(WorkOrderRow).where(
            col(WorkOrderRow.ours),
            WorkOrderRow.purpose == OrderPurpose.DISCONNECT,
            WorkOrderRow.state == OrderState.COMPLETED,
        )
        found = (_asked_again(session, order) for order in session.exec(query.order_by(col(WorkOrderRow.order_id))))
        return tuple(each for each in found if each is not None)


def _asked_again(session: Session, order: WorkOrderRow) -> Wrongful | None:
    at = order.acknowledged_at
    if at is None:
        done = order.done_at or order.requested_at
        return Wrongful(order_id=order.order_id, at=done, rules=("never-acknowledged",))
    case = _as_it_stood(session, order, at)
    policy = policy_with(session, case.known.policy)
    verdict = gate(Action.ACKNOWLEDGE_DISCONNECTION, case, policy, at)
    if verdict.allows:
        return None
    return Wrongful(order_id=order.order_id, at=at, rules=tuple(outcome.rule for outcome in verdict.blocking))


def _as_it_stood(session: Session, order: WorkOrderRow, at: datetime) -> Case:
    """Return the case as its events through *at* leave it, before it heard of the acknowledgement."""
    case = Case(
        case_id=order.case_id,
        account_no=order.account_no,
        opened_on=at.date(),
        known=Snapshot.unread(order.account_no),
    )
    for row in timeline_of(session, order.case_id, limit=EVERYTHING):
        event = decode(session, row)
        if event.at > at or event.body.type == "order_acknowledged":
            break
        case = take(case, event)
    account = replace(account_of(session, order.account_no), status=case.known.account.status)
    known = replace(
        case.known,
        at=at,
        account=account,
        facts=tuple(row.to_domain() for row in _on_record(session, order.account_no, account.county, at)),
        unposted=_since_read(session, order.account_no, case.known.at, at),
    )
    return case.looking(known)


def _on_record(session: Session, account_no: str, county: str, at: datetime) -> list[FactRow]:
    """Return the facts about the account that had been committed by *at* and not been withdrawn by then."""
    query = select(FactRow).where(
        concerning(account_no, county),
        col(FactRow.known_at) <= at,
        or_(col(FactRow.withdrawn_at).is_(None), col(FactRow.withdrawn_at) > at),
    )
    return list(session.exec(query).all())


def _since_read(session: Session, account_no: str, read_at: datetime, at: datetime) -> Money:
    """Return the money that came in after the case last read billing; it counts whether or not billing had it."""
    total = func.coalesce(func.sum(PaymentRow.amount_cents), 0)
    query = select(total).where(
        PaymentRow.account_no == account_no,
        col(PaymentRow.received_at) > read_at,
        col(PaymentRow.received_at) <= at,
    )
    return Money(int(session.exec(query).one()))
