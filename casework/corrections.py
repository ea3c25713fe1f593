"""How is a mistake with one payment put right: it was for another account, or the bank says that its return was none?

Both leave the account as if the mistake had never come: the money counts from the day on which it should have, what
followed from the mistake is taken back, and the case looks again. Nothing is deleted: the money is entered anew under
its own name with a count, and the registers say who did it.
"""

from datetime import date, datetime

from sqlmodel import Session, col, select, update

from activities.outbox import POST_PAYMENT, RETURN_PAYMENT
from casework.context import Desk
from casework.errors import missing, unfit
from casework.permissions import Permission
from casework.strangers import introduce
from domain.account import AccountStatus
from domain.hear import Tells, Told
from domain.posting import ItemKind
from formats.returned import VOID
from models.accounts import AccountUnknown, account_of, lock_accounts
from models.outbox import put, tell
from models.payments import (
    MOVED,
    PUT_RIGHT,
    REINSTATED,
    RETURN_UNDONE,
    Payment,
    PaymentUnknown,
    next_trace,
    payment_of,
    receive_payment,
    return_payment,
)
from models.put_right import CAME, LEFT, forget_move, missing_since, note_put_right
from models.reversals import forget_return
from models.tables import CorrectionRow, FileEntryRow, PaymentRow


async def move_payment(desk: Desk, payment_id: str, *, to: str, because: str) -> Payment:
    """Take a payment off an account that it was never for and enter it on the right one, as of its own day.

    Raises:
        Refused: there is no such payment or account, it was taken by who asks, went back, or is on *to* already.
    """
    desk.need(Permission.POST_PAYMENT)
    await introduce(desk, to)
    moved: Payment = await desk.write(lambda session: _move(desk, session, payment_id, to, because))
    return moved


def _move(desk: Desk, session: Session, payment_id: str, to: str, because: str) -> Payment:
    payment = _the(session, payment_id)
    _takes_money(session, payment, to)
    if payment.taken_by == desk.person.username:
        raise unfit(
            "own-money",
            "You took this payment yourself",
            "Who took money does not move it to another account.",
            way_out="Ask someone else.",
            status=409,
        )
    row = session.get_one(PaymentRow, payment_id)
    if row.returned_at is not None:
        raise unfit("went-back", "The payment went back", "Only money that is here can be moved.", status=409)
    if row.rejected:
        raise unfit("in-suspense", "Billing would not have the payment", "Match it from suspense.", status=409)
    now, trace = desk.now, next_trace(session, row)
    _note_letters(session, payment, to=to, trace=trace, at=now)
    return_payment(session, payment_id, reason=MOVED, on=payment.effective_on, at=now, by=desk.person.username)
    _send(session, payment, kind=RETURN_PAYMENT, at=now)
    return _enter(
        desk, session, payment, account_no=to, trace=trace, tender=MOVED, on=payment.effective_on, because=because
    )


def _note_letters(session: Session, payment: Payment, *, to: str, trace: str, at: datetime) -> None:
    """Keep that letters to both accounts counted the money wrongly; an earlier move of it was a mistake as well."""
    forget_move(session, payment.payment_id, to=to, at=at)
    cents, since = payment.amount.cents, missing_since(session, payment.payment_id, to)
    anew = f"{payment.source}-{trace}"
    note_put_right(session, account_no=to, payment_id=anew, cents=cents, change=CAME, since=since, at=at)
    note_put_right(
        session,
        account_no=payment.account_no,
        payment_id=payment.payment_id,
        cents=cents,
        change=LEFT,
        since=payment.received_at,
        at=at,
    )


def undo_return(desk: Desk, payment_id: str, *, because: str) -> Payment:
    """Enter money again whose return was the bank's mistake; fee, strike, points and holds of the return go.

    Raises:
        Refused: there is no such payment, it did not go back, was put right before, or was voided here.
    """
    desk.need(Permission.POST_PAYMENT)
    return desk.write_now(lambda session: _undo(desk, session, payment_id, because))


def _undo(desk: Desk, session: Session, payment_id: str, because: str) -> Payment:
    payment = _the(session, payment_id)
    lock_accounts(session, {payment.account_no})
    row = session.get_one(PaymentRow, payment_id, populate_existing=True)
    if row.returned_on is None or row.return_reason in {*PUT_RIGHT, VOID}:
        detail = "It did not go back." if row.returned_on is None else f"Why it is not here: {row.return_reason}."
        raise unfit("no-return", "No return of the bank stands", detail, status=409)
    now, today, trace = desk.now, desk.today(), next_trace(session, row)
    note_put_right(
        session,
        account_no=row.account_no,
        payment_id=f"{row.source}-{trace}",
        cents=row.amount_cents,
        change=CAME,
        since=row.returned_at or now,
        at=now,
    )
    forget_return(session, payment_id, on=today, at=now, asked_by=desk.person.username)
    row.return_reason = RETURN_UNDONE
    _forget_entries(session, row)
    session.flush()
    return _enter(
        desk,
        session,
        payment,
        account_no=payment.account_no,
        trace=trace,
        tender=REINSTATED,
        on=row.returned_on,
        because=because,
    )


def _forget_entries(session: Session, row: PaymentRow) -> None:
    """Let a later return of the same money be the first: the one on file was none."""
    entry = FileEntryRow
    came = select(entry.original).where(entry.payment_id == row.payment_id, entry.kind == ItemKind.RECEIPT)
    names = {row.trace, *session.exec(came).all()}
    back = update(entry).where(col(entry.source) == row.source, col(entry.original).in_(names))
    session.exec(back.where(col(entry.kind) == ItemKind.RETURN).values(reason=RETURN_UNDONE))


def _the(session: Session, payment_id: str) -> Payment:
    try:
        return payment_of(session, payment_id)
    except PaymentUnknown:
        raise missing("payment", payment_id) from None


def _takes_money(session: Session, payment: Payment, to: str) -> None:
    if to == payment.account_no:
        raise unfit("same-account", "The payment is there already", f"It is on account {to}.", status=409)
    try:
        lock_accounts(session, {payment.account_no, to})
        account = account_of(session, to)
    except AccountUnknown:
        detail = f"There is no account {to}."
        raise unfit("unknown-account", "No such account", detail, way_out="Check the number.") from None
    if account.status is AccountStatus.CLOSED:
        raise unfit("closed-account", "The account is closed", "It takes no money.", status=409)


def _enter(
    desk: Desk, session: Session, payment: Payment, *, account_no: str, trace: str, tender: str, on: date, because: str
) -> Payment:
    anew = Payment(
        payment_id=f"{payment.source}-{trace}",
        source=payment.source,
        trace=trace,
        account_no=account_no,
        amount=payment.amount,
        received_at=desk.now,
        effective_on=on,
        tender=tender,
        taken_by=desk.person.username,
    )
    receive_payment(session, anew)
    session.add(
        CorrectionRow(
            anew_id=anew.payment_id,
            payment_id=payment.payment_id,
            what=tender,
            because=because,
            by=desk.person.username,
            at=desk.now,
        )
    )
    _send(session, anew, kind=POST_PAYMENT, at=desk.now)
    return anew


def _send(session: Session, payment: Payment, *, kind: str, at: datetime) -> None:
    """Let billing have it, and after that the account's case look again, or its next one begin."""
    back = kind == RETURN_PAYMENT
    key = f"payment-return/{payment.source}/{payment.trace}" if back else f"payment/{payment.source}/{payment.trace}"
    put(session, key=key, kind=kind, target=payment.account_no, body={"payment_id": payment.payment_id}, at=at)
    told = Told(key=key, at=at, what=Tells.LOOK_AGAIN, opens=back)
    tell(session, account_no=payment.account_no, told=told, at=at)
