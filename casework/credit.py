"""What is known of an account's credit: how much, behind which payments, of whose fund, and when the state's?"""

from collections.abc import Sequence
from datetime import date
from functools import partial

from sqlmodel import Session, select

from casework.context import Desk
from casework.errors import missing, not_now
from casework.permissions import Permission
from casework.summaries import Line
from domain.account import balance
from domain.money import ZERO, Money
from domain.policy import Policy
from domain.refunds import CreditOf, escheats_on, fund_share
from gateways.billing import BillingAnswer
from gateways.errors import Outage, Rejected
from models.accounts import AccountUnknown
from models.money_out import deposit_given_back, is_deceased, payments_behind, pending_refunds, same_customer
from models.tables import AccountRow

PART = 500


async def credit_of(desk: Desk, account_no: str, *, but: str = "") -> CreditOf:
    """Return what is known of an account's credit, from billing and from SQL.

    Raises:
        Refused: there is no such account, or billing does not answer.
    """
    try:
        known = await desk.read(lambda session: _known(desk, session, account_no, but))
        others = await desk.read(lambda session: same_customer(session, account_no))
        answers = await desk.at.systems.billing.open_bills_of([account_no, *others])
    except (AccountUnknown, LookupError):
        raise missing("account", account_no) from None
    except Rejected:
        raise missing("account", account_no) from None
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    mine, elsewhere = answers[0], answers[1:]
    return _with(known, credit=mine.credit, elsewhere=elsewhere)


def _known(desk: Desk, session: Session, account_no: str, but: str) -> CreditOf:
    return CreditOf(
        credit=ZERO,
        pending=pending_refunds(session, account_no, but=but),
        payments=payments_behind(session, account_no),
        deposit=deposit_given_back(session, account_no),
        deceased=is_deceased(session, account_no, desk.now),
    )


def _with(known: CreditOf, *, credit: Money, elsewhere: Sequence[BillingAnswer]) -> CreditOf:
    owed = tuple((answer.account_no, balance(answer.bills)) for answer in elsewhere)
    return CreditOf(
        credit=credit,
        pending=known.pending,
        payments=known.payments,
        deposit=min(known.deposit, credit),
        elsewhere=owed,
        deceased=known.deceased,
    )


def fresh(session: Session, account_no: str, known: CreditOf, *, but: str = "") -> CreditOf:
    """Return *known* with what this transaction sees: no two people propose the same credit."""
    return CreditOf(
        credit=known.credit,
        pending=pending_refunds(session, account_no, but=but),
        payments=payments_behind(session, account_no),
        deposit=known.deposit,
        elsewhere=known.elsewhere,
        deceased=known.deceased,
    )


async def credit_balances(desk: Desk) -> Sequence[Line]:
    """Return the accounts that have credit: how much, of a fund how much, since when untouched, when the state's.

    Raises:
        Refused: billing does not answer.
    """
    desk.need(Permission.SEE_REPORTS)
    policy, today = desk.policy(), desk.today()
    every = select(AccountRow.account_no).order_by(AccountRow.account_no)
    account_nos = await desk.read(lambda session: session.exec(every).all())
    lines: list[Line] = []
    for start in range(0, len(account_nos), PART):
        try:
            answers = await desk.at.systems.billing.open_bills_of(account_nos[start : start + PART])
        except Outage as outage:
            raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
        lines += await desk.read(partial(_credit_lines, answers=answers, policy=policy, today=today))
    return lines


def _credit_lines(session: Session, *, answers: Sequence[BillingAnswer], policy: Policy, today: date) -> Sequence[Line]:
    return [_credit_line(session, answer, policy, today) for answer in answers if answer.credit]


def _credit_line(session: Session, answer: BillingAnswer, policy: Policy, today: date) -> Line:
    payments = payments_behind(session, answer.account_no)
    known = CreditOf(credit=answer.credit, payments=payments)
    touched = payments[0].on if payments else today
    deposit = answer.credit <= deposit_given_back(session, answer.account_no)
    return {
        "account_no": answer.account_no,
        "credit": answer.credit.cents,
        "of_a_fund": fund_share(known, policy, on=today).cents,
        "in_refunds": pending_refunds(session, answer.account_no).cents,
        "untouched_since": str(touched),
        "escheats_on": str(escheats_on(touched, policy, deposit=deposit)),
    }
