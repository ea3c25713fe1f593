"""Which points has an account, and which events gave them?"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from domain import events as ev
from domain.behaviour import Behaviour, Score, points_of, score, since
from domain.policy import Policy
from models.policies import in_force
from models.recorded import Recorded
from models.tables import BehaviourRow
from models.tasks import raise_task
from models.upsert import insert_new

CASH_ONLY_TASK, DEPOSIT_TASK = "tell_cash_only", "ask_for_deposit"


def project_behaviour(session: Session, recorded: Recorded) -> None:
    """Count what an event of a case tells of how the customer pays."""
    counted = _told_by(recorded.event.body)
    if counted is not None:
        policy = in_force(session)
        if policy is not None:
            note(session, recorded.account_no, counted, ref=recorded.id, policy=policy, at=recorded.event.at)


def _told_by(body: ev.Body) -> Behaviour | None:
    match body:
        case ev.CaseOpened():
            return Behaviour.LATE
        case ev.NoticeServed():
            return Behaviour.NOTICE
        case ev.ArrangementDefaulted():
            return Behaviour.BROKEN_PLAN
        case ev.ArrangementCompleted():
            return Behaviour.KEPT_PLAN
        case ev.ServiceDisconnected():
            return Behaviour.CUT
        case _:
            return None


def note(session: Session, account_no: str, event: Behaviour, *, ref: str, policy: Policy, at: datetime) -> bool:
    """Write that *event* happened; return false if it was written before. *ref* names what exactly told of it.

    Where the points reach one of the pack's marks, a person is told, once a month.
    """
    on = policy.calendar.day(at)
    points = points_of(event, policy, on=on)
    values = {"ref": ref, "account_no": account_no, "event": str(event), "on": on, "points": points}
    if not insert_new(session, BehaviourRow, values):
        return False
    if points > 0:
        _tell_marks(session, account_no, points, policy=policy, on=on, at=at)
    return True


def _tell_marks(session: Session, account_no: str, points: int, *, policy: Policy, on: date, at: datetime) -> None:
    after = score_of(session, account_no, policy=policy, on=on)
    before = score([after.points - points], policy, on=on)
    for kind, was, now in (
        (CASH_ONLY_TASK, before.cash_only, after.cash_only),
        (DEPOSIT_TASK, before.deposit, after.deposit),
    ):
        if now and not was:
            raise_task(session, task_id=f"{kind}-{account_no}-{on:%Y-%m}", kind=kind, at=at, account_no=account_no)


def score_of(session: Session, account_no: str, *, policy: Policy, on: date) -> Score:
    """Return what the account's points come to on *on*."""
    return score((row.points for row in behaviour_of(session, account_no, policy=policy, on=on)), policy, on=on)


def behaviour_of(session: Session, account_no: str, *, policy: Policy, on: date) -> Sequence[BehaviourRow]:
    """Return what counts on *on*, latest first."""
    row = BehaviourRow
    query = select(row).where(row.account_no == account_no, row.on > since(policy, on=on), row.on <= on)
    return session.exec(query.order_by(col(row.on).desc(), col(row.ref))).all()
