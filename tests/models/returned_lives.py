"""Payments that come in and go back, put on record without billing; every number is invented."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from activities.returned import WentBack, note_return
from domain import parameters as par
from domain.money import Money
from domain.policy import Dated, Policy
from gateways.packs import load_policy
from models.payments import Payment, receive_payment, return_payment
from models.policies import activate
from models.returned import RETRY_TENDER, link_retry
from models.session import transaction
from models.tables import PaymentRow, ReturnedItemRow
from tests.models.lives import NO, NOON, known_account

PACK = load_policy(Path(__file__).parents[2] / "policies" / "rochester-mn.toml")


def with_posted_fee(pack: Policy = PACK) -> Policy:
    """Return *pack* where the fee for a dishonored item is conspicuously posted."""
    first = pack.values[par.NSF_POSTED.key][0]
    return replace(pack, values={**pack.values, par.NSF_POSTED.key: (Dated(first.since, True, first.source),)})


def a_city(engine: Engine, *account_nos: str) -> Policy:
    """Put a pack in force in which the fee is posted, and let the accounts be known."""
    policy = with_posted_fee()
    with transaction(engine) as session:
        activate(session, policy, NOON)
    for account_no in account_nos or (NO,):
        known_account(engine, account_no)
    return policy


def came(
    session: Session, trace: str, *, on: date, source: str = "draft", tender: str = "draft", account_no: str = NO
) -> PaymentRow:
    payment = Payment(
        payment_id=f"{source}-{trace}",
        source=source,
        trace=trace,
        account_no=account_no,
        amount=Money(84_20),
        received_at=NOON,
        effective_on=on,
        tender=tender,
    )
    assert receive_payment(session, payment)
    row = session.get_one(PaymentRow, payment.payment_id)
    if tender == RETRY_TENDER:
        link_retry(session, row)
    return row


def went(
    session: Session, payment: PaymentRow, code: str, *, on: date, called: str = "", at: datetime = NOON
) -> ReturnedItemRow | None:
    """Let a payment go back for *code*; the same return again is noted a second time, as after a crash."""
    return_payment(session, payment.payment_id, reason=code, on=on, at=at)
    return note_return(session, WentBack(payment=payment, code=code, called=called or payment.trace, on=on, at=at))
