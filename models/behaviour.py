"""Which points has an account, and which events gave them?"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, delete, func, select

from domain import events as ev
from domain.account import Snapshot, past_due_bills
from domain.behaviour import Behaviour, Score, points_of, score, since
from domain.calendar import DAY
from domain.facts import FactKind, on_file
from domain.misstated import CAME
from domain.opening import came_back
from domain.policy import Policy
from domain.taking_over import TAKEN_OVER
from models.payments import MOVED, REINSTATED
from models.policies import in_force
from models.recorded import Recorded
from models.tables import BehaviourRow, PaymentRow, TimelineRow
from models.tasks import raise_task
from models.upsert import insert_new

PUT_RIGHT_WITHIN = DAY  # the case looks again as soon as money is entered anew
NOTICE_SERVED = "notice_served"
CASH_ONLY_TASK, DEPOSIT_TASK = "tell_cash_only", "ask_for_deposit"


def project_behaviour(session: Session, recorded: Recorded) -> None:
    """Count what an event of a case tells of how the customer pays; a case that rested on a mistake counts for none."""
    match recorded.event.body:
        case ev.CaseClosed():
            _forget_mistaken(session, recorded)
        case ev.NoticeWithdrawn(overstated=True):
            _forget_last_notice(session, recorded)  # it is served anew, and counts then
        case ev.AccountRead(known=known):
            _count_late_again(session, recorded, known)
        case _:
            pass
    counted = _told_by(recorded.event)
    if counted is not None:
        policy = in_force(session)
        if policy is not None:
            note(session, recorded.account_no, counted, ref=recorded.id, policy=policy, at=recorded.event.at)


def _forget_mistaken(session: Session, recorded: Recorded) -> None:
    """Take back the points of a case that would never have opened: it ends with a mistake that is put right."""
    row, money = BehaviourRow, PaymentRow
    mine = col(row.ref).startswith(f"{recorded.case_id}/", autoescape=True)
    began = session.exec(select(func.min(row.on)).where(mine)).one()
    if began is None:
        return
    put_right = select(money.payment_id).where(
        money.account_no == recorded.account_no,
        col(money.tender).in_((MOVED, REINSTATED)),
        money.effective_on <= began,
        money.received_at >= recorded.event.at - PUT_RIGHT_WITHIN,
    )
    if session.exec(put_right).first() is not None:
        session.exec(delete(row).where(mine))


def forget_notices(session: Session, account_no: str, *, since: datetime, until: datetime, cents: int) -> None:
    """Take back the points of notices served from *since* to *until* for no more than *cents*, which had been paid."""
    row, event = BehaviourRow, TimelineRow
    served = select(event.case_id, event.seq).where(
        event.account_no == account_no, event.type == NOTICE_SERVED, event.at >= since, event.at < until
    )
    for case_id, seq in session.exec(served.where(col(event.cents) <= cents)).all():
        session.exec(delete(row).where(col(row.ref) == f"{case_id}/{seq}"))


def _forget_last_notice(session: Session, recorded: Recorded) -> None:
    event = TimelineRow
    mine = (event.case_id == recorded.case_id, event.type == NOTICE_SERVED, event.seq < recorded.event.seq)
    seq = session.exec(select(func.max(event.seq)).where(*mine)).one()
    session.exec(delete(BehaviourRow).where(col(BehaviourRow.ref) == f"{recorded.case_id}/{seq}"))


def _count_late_again(session: Session, recorded: Recorded, known: Snapshot) -> None:
    """Count as late by itself a bill whose case would have been its own, but for a mistake that was put right.

    All that had fallen due when the mistake was made was truly paid: what opened meanwhile for that counts for nothing.
    """
    at, event = recorded.event.at, TimelineRow
    here = [fact for fact in on_file(known.facts, FactKind.PUT_RIGHT) if fact.known_at >= at - PUT_RIGHT_WITHIN]
    late, policy = past_due_bills(known.bills, recorded.event.on), in_force(session) if here else None
    if policy is None or not late:
        return
    row, due_on = BehaviourRow, late[0].due_on
    mine = (col(row.account_no) == recorded.account_no, col(row.event) == Behaviour.LATE)
    for fact in here:
        if fact.details.get("change") != CAME or policy.calendar.day(fact.starts) > due_on:
            continue
        meanwhile = select(event.case_id).where(
            event.account_no == recorded.account_no, event.seq == 1, event.at >= fact.starts, event.on <= due_on
        )
        for case_id in session.exec(meanwhile).all():
            session.exec(delete(row).where(*mine, col(row.ref) == f"{case_id}/1"))
        if session.exec(select(row.ref).where(*mine, row.on > due_on)).first() is None:
            ref = f"{recorded.case_id}/{fact.fact_id}"
            note(session, recorded.account_no, Behaviour.LATE, ref=ref, policy=policy, at=at)


def _told_by(event: ev.Event) -> Behaviour | None:
    match body := event.body:
        case ev.CaseOpened() if event.key.startswith(f"{TAKEN_OVER}/"):
            return None  # the record before has counted it
        case ev.CaseOpened():
            # A debt that stands again was late before: it does not count a second time.
            return None if came_back(body, event.on) else Behaviour.LATE
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
