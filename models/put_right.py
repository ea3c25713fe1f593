"""What does the record keep of money that stood on the wrong account, or was missing, until a mistake was put right?

A fact of the account: letters that were written meanwhile stated a wrong sum, of which the core asks. Points for a
notice that would not have gone out are taken back at once.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from domain import events as ev
from domain.facts import Fact, FactKind
from domain.misstated import CAME, LEFT, misstated_by, to_be_told
from domain.money import Money
from domain.posting import FILE_REVERSED
from models.accounts import account_of
from models.behaviour import forget_notices
from models.cases import last_case_of, words_of
from models.codec import read_body
from models.facts import end_fact, facts_of, record_fact
from models.payments import AGAIN, Payment
from models.tables import CaseRow, CorrectionRow, FactRow, PaymentRow, TaskRow, TimelineRow
from models.tasks import raise_task

__all__ = ["CAME", "LEFT", "forget_move", "missing_since", "note_come_again", "note_put_right"]

LETTERS = ("reminder_sent", "notice_served")
MISSTATED = "misstated_letter"


def note_put_right(
    session: Session, *, account_no: str, payment_id: str, cents: int, change: str, since: datetime, at: datetime
) -> None:
    """Write that money came to the account which it lacked from *since* until *at*, or left that it never had.

    An account that never had a case was written no letter: nothing is written.
    """
    if last_case_of(session, account_no) is None:
        return
    fact = Fact(
        fact_id=_name(payment_id, change),
        kind=FactKind.PUT_RIGHT,
        starts=since,
        known_at=at,
        amount=Money(cents),
        source="correction",
        evidence=payment_id,
        entered_by="system",
        details={"change": change},
    )
    record_fact(session, fact=fact, known_at=at, account_no=account_no)
    _tell_of_closed_cases(session, account_no, fact, at=at)
    if change == CAME:
        forget_notices(session, account_no, since=since, until=at, cents=cents)


def _tell_of_closed_cases(session: Session, account_no: str, fact: Fact, *, at: datetime) -> None:
    """Have a person told of the letters of cases that have closed: an open case finds its own when it looks again.

    Once for each letter, with the sum as it stands by now: what was told of an earlier mistake in the same letter is
    said anew, and falls away where two cancel out.
    """
    row, case = TimelineRow, CaseRow
    query = select(row).where(row.account_no == account_no, col(row.type).in_(LETTERS), row.at >= fact.starts)
    query = query.join(case, col(case.case_id) == col(row.case_id)).where(col(case.closed).is_not(None))
    told = session.exec(query.order_by(row.case_id, col(row.seq))).all()
    facts = facts_of(session, account_of(session, account_no)) if told else ()
    for each in told:
        body = read_body(each.public, words_of(session, account_no, each.private))
        assert isinstance(body, ev.ReminderSent | ev.NoticeServed), "LETTERS names these"
        letter = body.notice
        if letter.stated_at is None or not fact.starts <= letter.stated_at < fact.known_at:
            continue
        task_id = f"{MISSTATED}-{each.case_id}-{each.seq}-{fact.fact_id}"
        _say_no_more(session, account_no, f"{MISSTATED}-{each.case_id}-{each.seq}-", but=task_id, at=at)
        by = misstated_by(letter, facts)
        if by:
            raise_task(
                session,
                task_id=task_id,
                kind=MISSTATED,
                at=at,
                account_no=account_no,
                case_id=each.case_id,
                about=to_be_told(letter, by),
            )


def _say_no_more(session: Session, account_no: str, begins: str, *, but: str, at: datetime) -> None:
    row = TaskRow
    asked = select(row).where(row.account_no == account_no, col(row.done_at).is_(None), row.task_id != but)
    for task in session.exec(asked.where(col(row.task_id).startswith(begins, autoescape=True))).all():
        task.done_at = at


def note_come_again(session: Session, payment: Payment) -> None:
    """Write that *payment* had been missing since its file was taken back, if it was: that was the mistake."""
    row, fact = PaymentRow, FactRow
    trace, _, again = payment.trace.rpartition(AGAIN)
    if not again:
        return
    same = (row.source == payment.source, row.trace == trace, row.account_no == payment.account_no)
    before = session.exec(select(row).where(*same, row.return_reason == FILE_REVERSED)).first()
    if before is None or before.returned_at is None:
        return
    taken_back = select(fact.fact_id).where(
        fact.kind == FactKind.PUT_RIGHT,
        col(fact.fact_id).startswith(f"{before.payment_id}{AGAIN}", autoescape=True),
        col(fact.fact_id).endswith(_name("", LEFT)),
    )
    for fact_id in session.exec(taken_back).all():
        _withdraw(session, fact_id, at=payment.received_at)
    note_put_right(
        session,
        account_no=payment.account_no,
        payment_id=payment.payment_id,
        cents=payment.amount.cents,
        change=CAME,
        since=before.returned_at,
        at=payment.received_at,
    )


def missing_since(session: Session, payment_id: str, account_no: str) -> datetime:
    """Return since when the money of *payment_id* was missing on *account_no*, through whatever moves it went.

    From when it was moved away, if it had been there; else from when it first came in.
    """
    while (step := _move_to(session, payment_id)) is not None:
        before = session.get_one(PaymentRow, step.payment_id)
        if before.account_no == account_no:
            return session.get_one(PaymentRow, payment_id).received_at
        payment_id = before.payment_id
    return session.get_one(PaymentRow, payment_id).received_at


def forget_move(session: Session, payment_id: str, *, to: str, at: datetime) -> None:
    """Take back what an earlier move had said, now that its money moves on: it never belonged where it is.

    Where it goes back to, it had belonged all the time.
    """
    step = _move_to(session, payment_id)
    if step is None:
        return
    _withdraw(session, _name(payment_id, CAME), at=at)
    if session.get_one(PaymentRow, step.payment_id).account_no == to:
        _withdraw(session, _name(step.payment_id, LEFT), at=at)


def _move_to(session: Session, payment_id: str) -> CorrectionRow | None:
    row = CorrectionRow
    return session.exec(select(row).where(row.anew_id == payment_id)).first()


def _withdraw(session: Session, fact_id: str, *, at: datetime) -> None:
    """Take back what was said of a mistake that was none; what a person was to tell because of it falls away."""
    fact = session.get(FactRow, fact_id)
    if fact is None or fact.withdrawn_at is not None:
        return
    end_fact(session, fact_id=fact_id, known_at=at, until=fact.until or fact.starts, withdrawn=True)
    row = TaskRow
    asked = select(row).where(row.account_no == fact.account_no, row.kind == MISSTATED, col(row.done_at).is_(None))
    for task in session.exec(asked.where(col(row.task_id).endswith(f"-{fact_id}", autoescape=True))).all():
        task.done_at = at


def _name(payment_id: str, change: str) -> str:
    return f"{payment_id}-{FactKind.PUT_RIGHT}-{change}"
