"""May this credit be paid out, to whom, and how much of it is a fund's?

Pure. Refused: while a payment behind the credit can still come back, while the same customer owes elsewhere, to anyone
but the payer or the fund, and when it is asked or approved by who took the money.

Source: domain rules P08, P09; the pack's chapters `refund`, `assistance`, `escheat`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from domain import parameters as p
from domain.arrangement import add_months
from domain.money import ZERO, Money, total
from domain.policy import Parameter, Policy
from domain.verdict import Refusal

T = TypeVar("T")

MONTHS = 12
ASSISTANCE = "assistance"
THROUGH_OTHERS = frozenset({"agency", "remit"})  # someone else's money for the customer: it goes back the way it came
RETURN_TO_FUND = "return_to_fund"


class Payee(StrEnum):
    """Whom money may go to, and no one else."""

    PAYER = "payer"  # the customer, who paid
    FUND = "fund"  # the assistance program that paid


class RefundState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"  # billing has been asked to take the credit out
    REJECTED = "rejected"
    REFUSED = "refused"  # billing would not: the credit is gone
    EXPORTED = "exported"  # handed over to be paid
    PAID = "paid"  # cashed
    RESTORED = "restored"  # it came back, or nobody cashed it: credit again
    ESCHEATED = "escheated"  # the state has it


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidIn:
    """A payment of the account that stands. *taken_by*: who took it at the desk, blank where a file brought it."""

    payment_id: str
    source: str
    tender: str
    amount: Money
    on: date
    taken_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditOf:
    """What is known of an account's credit.

    Attributes:
        credit: what billing has, less nothing.
        pending: refunds proposed or approved that billing has not taken out yet.
        payments: what stands, latest first.
        deposit: how much of the credit is a deposit given back: it cannot come back, and is the customer's.
        elsewhere: what the same customer owes on other accounts.
    """

    credit: Money
    pending: Money = ZERO
    payments: Sequence[PaidIn] = ()
    deposit: Money = ZERO
    elsewhere: Sequence[tuple[str, Money]] = ()
    deceased: bool = False

    @property
    def free(self) -> Money:
        """Return the credit that is in no refund yet."""
        return max(ZERO, self.credit - self.pending)


def behind(known: CreditOf) -> tuple[tuple[PaidIn, Money], ...]:
    """Return the payments the credit consists of, with how much of each: the last money in is what was too much."""
    left = max(ZERO, known.credit - known.deposit)
    parts: list[tuple[PaidIn, Money]] = []
    for payment in known.payments:
        if not left:
            break
        part = min(left, payment.amount)
        parts.append((payment, part))
        left -= part
    return tuple(parts)


def fund_share(known: CreditOf, policy: Policy, *, on: date) -> Money:
    """Return how much of the credit goes back to a fund and not to the customer, where the pack says so (P09)."""
    if policy.at(p.ASSISTANCE_LEFT_OVER, on) != RETURN_TO_FUND:
        return ZERO
    return total(part for payment, part in behind(known) if payment.source == ASSISTANCE)


def settled_on(payment: PaidIn, policy: Policy, *, on: date) -> date:
    """Return the first day on which *payment* can no longer come back."""
    parameter = _wait(payment)
    return payment.on if parameter is None else payment.on + timedelta(days=policy.at(parameter, on) + 1)


def _wait(payment: PaidIn) -> Parameter[int] | None:
    if payment.source == "draft":
        return p.REFUND_WAIT_DRAFT
    if payment.source == "card" or payment.tender == "card":
        return p.REFUND_WAIT_CARD
    if payment.source == "lockbox" or payment.tender == "check":
        return p.REFUND_WAIT_CHECK
    return None  # cash, money orders, credits that a bank or an agency has sent


def may_refund(known: CreditOf, *, amount: Money, payee: Payee, by: str, policy: Policy, on: date) -> Refusal | None:
    """Return why *amount* may not go to *payee* now, none if it may; *by* is who asks or approves."""
    least = policy.at(p.REFUND_MIN, on)
    if amount.cents < least:
        return _no("refund-too-small", f"{amount} is less than {Money(least)}.", p.REFUND_MIN, policy, on)
    if amount > known.free:
        says = f"The account has {known.credit} credit, {known.pending} of it in refunds under way."
        return _no("no-such-credit", says, p.REFUND_MIN, policy, on, way_out=f"At most {known.free} can go out.")
    return (
        _wrong_payee(known, amount, payee, policy, on)
        or _owes_elsewhere(known, payee)
        or _may_come_back(known, policy, on)
        or _took_it(known, by)
    )


def _wrong_payee(known: CreditOf, amount: Money, payee: Payee, policy: Policy, on: date) -> Refusal | None:
    funds = fund_share(known, policy, on=on)
    if payee is Payee.FUND and amount > funds:
        says = f"Of the credit {funds} came from a fund."
        return _no("not-the-funds", says, p.ASSISTANCE_LEFT_OVER, policy, on, way_out="The rest is the customer's.")
    if payee is Payee.PAYER and amount > known.free - funds:
        says = f"{funds} of the credit came from a fund and goes back to it."
        way_out = f"At most {max(ZERO, known.free - funds)} is the customer's; propose the rest to the fund."
        return _no("credit-of-a-fund", says, p.ASSISTANCE_LEFT_OVER, policy, on, way_out=way_out)
    if payee is Payee.PAYER and any(payment.source in THROUGH_OTHERS for payment, _ in behind(known)):
        says = "The money came through someone else, who paid for the customer."
        return _plain("not-the-payer", says, "Send it back to who sent it.")
    if payee is Payee.PAYER and known.deceased:
        return _plain("payee-deceased", "The customer has died.", "The estate's representative asks for it.")
    return None


def _owes_elsewhere(known: CreditOf, payee: Payee) -> Refusal | None:
    owed = [(account_no, sum_) for account_no, sum_ in known.elsewhere if sum_]
    if payee is Payee.FUND or not owed:
        return None
    listed = ", ".join(f"{sum_} on {account_no}" for account_no, sum_ in owed)
    return _plain("owes-elsewhere", f"The same customer owes {listed}.", "Transfer the credit there first.")


def _may_come_back(known: CreditOf, policy: Policy, on: date) -> Refusal | None:
    open_until = [
        (settled_on(payment, policy, on=on), payment)
        for payment, _ in behind(known)
        if settled_on(payment, policy, on=on) > on
    ]
    if not open_until:
        return None
    day, payment = max(open_until, key=lambda each: each[0])
    parameter = _wait(payment)
    assert parameter is not None, "only what can come back is waited for"
    says = f"The payment {payment.payment_id} of {payment.on} can still come back."
    return _no("payment-may-come-back", says, parameter, policy, on, way_out=f"Ask again on {day}.")


def _took_it(known: CreditOf, by: str) -> Refusal | None:
    if by and any(payment.taken_by == by for payment, _ in behind(known)):
        return _plain("took-the-money", f"{by} took the money that this credit consists of.", "Someone else does it.")
    return None


def _no(slug: str, says: str, parameter: Parameter[T], policy: Policy, on: date, *, way_out: str = "") -> Refusal:
    return Refusal(
        slug=slug,
        title=slug.replace("-", " ").capitalize(),
        detail=says,
        rules=(parameter.key,),
        citations=(policy.source(parameter, on).citation,),
        way_out=way_out,
    )


def _plain(slug: str, says: str, way_out: str) -> Refusal:
    return Refusal(slug=slug, title=slug.replace("-", " ").capitalize(), detail=says, rules=(slug,), way_out=way_out)


def escheats_on(since: date, policy: Policy, *, deposit: bool = False) -> date:
    """Return the day on which credit untouched since *since* is presumed abandoned and goes to the state."""
    parameter = p.DEPOSIT_ESCHEAT_YEARS if deposit else p.CREDIT_ESCHEAT_YEARS
    return add_months(since, MONTHS * policy.at(parameter, since))


def stale_on(exported_on: date, policy: Policy) -> date:
    """Return the first day on which a refund that nobody cashed is stale: a bank need not pay it any more."""
    return exported_on + timedelta(days=policy.at(p.REFUND_STALE_DAYS, exported_on) + 1)
