"""What happens when money comes in at the desk, or a payment goes back?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from activities.outbox import POST_PAYMENT, RETURN_PAYMENT
from activities.returned import WentBack, note_return
from casework.context import Desk
from casework.errors import missing, unfit
from casework.permissions import Permission
from casework.strangers import introduce
from domain.hear import Tells, Told
from domain.money import Money
from models.accounts import AccountUnknown
from models.outbox import put, tell
from models.payments import Payment, PaymentUnknown, payment_by_trace, payment_of, receive_payment, return_payment
from models.tables import PaymentRow

LISTED_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Money as it is reported to us. *source* and *trace* name it for ever; *effective_on* none means today."""

    account_no: str
    amount: Money
    source: str
    trace: str
    tender: str = ""
    effective_on: date | None = None


async def receive(desk: Desk, received: Received) -> Payment:
    """Take a payment: it counts from this commit on, and goes to billing by itself. Twice is once.

    Raises:
        Refused: there is no such account, or other money came in under this source and trace.
    """
    desk.need(Permission.POST_PAYMENT)
    await introduce(desk, received.account_no)
    now, today = await desk.read(lambda _session: (desk.now, desk.today()))
    return await desk.write(lambda session: receive_in(session, received, by=desk.person.username, on=today, at=now))


def receive_in(session: Session, received: Received, *, by: str, on: date, at: datetime) -> Payment:
    """Take a payment in the caller's transaction; *by* took it, *on* is today.

    Raises:
        Refused: as `receive`.
    """
    payment = Payment(
        payment_id=f"{received.source}-{received.trace}",
        source=received.source,
        trace=received.trace,
        account_no=received.account_no,
        amount=received.amount,
        received_at=at,
        effective_on=received.effective_on or on,
        tender=received.tender,
        taken_by=by,
    )
    return _receive(session, payment, at)


def _receive(session: Session, payment: Payment, now: datetime) -> Payment:
    try:
        new = receive_payment(session, payment)
    except AccountUnknown:
        detail = f"There is no account {payment.account_no}."
        raise unfit("unknown-account", "No such account", detail, way_out="Check the number.") from None
    if new:
        key = f"payment/{payment.source}/{payment.trace}"
        _send_on(session, payment, kind=POST_PAYMENT, key=key, at=now)
        return payment
    before = payment_by_trace(session, payment.source, payment.trace)
    assert before is not None, "a payment that is not new is on record"
    if (before.account_no, before.amount) != (payment.account_no, payment.amount):
        detail = f"The trace {payment.trace} of {payment.source} came in before, for another account or amount."
        raise unfit("duplicate-trace", "Another payment has this trace", detail, way_out="Check it.", status=409)
    return before


def _send_on(session: Session, payment: Payment, *, kind: str, key: str, at: datetime) -> None:
    """Let billing have it, and after that the case look again, in this order."""
    put(session, key=key, kind=kind, target=payment.account_no, body={"payment_id": payment.payment_id}, at=at)
    told = Told(key=key, at=at, what=Tells.LOOK_AGAIN, opens=kind == RETURN_PAYMENT)
    tell(session, account_no=payment.account_no, told=told, at=at)


def take_back(desk: Desk, payment_id: str, *, reason: str, on: date | None = None) -> Payment:
    """Take a payment back that the bank returned: from this commit on it no longer counts. Twice is once."""
    desk.need(Permission.POST_PAYMENT)
    now, today = desk.now, desk.today()
    return desk.write_now(lambda session: _take_back(session, payment_id, reason=reason, on=on or today, now=now))


def _take_back(session: Session, payment_id: str, *, reason: str, on: date, now: datetime) -> Payment:
    try:
        new = return_payment(session, payment_id, reason=reason, on=on, at=now)
    except PaymentUnknown:
        raise missing("payment", payment_id) from None
    payment = payment_of(session, payment_id)
    if new:
        row = session.get_one(PaymentRow, payment_id)
        note_return(session, WentBack(payment=row, code=reason, called=payment.trace, on=on, at=now))
        key = f"payment-return/{payment.source}/{payment.trace}"
        _send_on(session, payment, kind=RETURN_PAYMENT, key=key, at=now)
    return payment


def payment(desk: Desk, payment_id: str) -> Payment:
    """Return one payment."""
    desk.need(Permission.SEE_CASES)
    try:
        return desk.read_now(lambda session: payment_of(session, payment_id))
    except PaymentUnknown:
        raise missing("payment", payment_id) from None


def payments_of(desk: Desk, account_no: str) -> Sequence[Payment]:
    """Return an account's payments, latest first."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> tuple[Payment, ...]:
        query = select(PaymentRow.payment_id).where(PaymentRow.account_no == account_no)
        query = query.order_by(col(PaymentRow.received_at).desc(), col(PaymentRow.payment_id)).limit(LISTED_MAX)
        return tuple(payment_of(session, payment_id) for payment_id in session.exec(query))

    return desk.read_now(ask)
