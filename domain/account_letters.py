"""Which letter does an account give occasion for, whether or not it has a case, and what does it tell?"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from domain import parameters as p
from domain.money import ZERO, Money
from domain.policy import Policy, PolicyGap
from domain.refunds import stale_on
from domain.returned import Consequences

RETURNED_PAYMENT: Final = "returned payment"
DEPOSIT_REQUEST: Final = "deposit request"
DEPOSIT_RECEIPT: Final = "deposit receipt"
DEPOSIT_RETURNED: Final = "deposit returned"
REFUND: Final = "refund"
BANKRUPTCY: Final = "bankruptcy acknowledgement"
INQUIRY_REPLY: Final = "inquiry reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLetter:
    """What one letter tells, as it was known when the letter was called for: it reads the same whenever it is printed.

    *happened_on*: the day of what it tells of; *by*: the day until which, or on which, something is to follow.
    *amount*: the sum that it is about, *interest* what that earned, *left* what else is owed. *more* names the
    sentences that it needs.
    *inquiry_id*: the inquiry that it answers, whose words are sealed elsewhere.
    """

    kind: str
    language: str
    policy: str
    on: date
    amount: Money = ZERO
    interest: Money = ZERO
    left: Money = ZERO
    fee: Money = ZERO
    happened_on: date | None = None
    since: date | None = None
    by: date | None = None
    days: int = 0
    pct: Decimal | None = None
    more: tuple[str, ...] = ()
    inquiry_id: str = ""


def returned_payment(
    found: Consequences, *, amount: Money, returned_on: date, on: date, policy: Policy, language: str
) -> AccountLetter:
    """Return the letter on a payment that the bank sent back: what follows from it, and what is to be done."""
    more = ["with_fee"] if found.fee else []
    more.append("again" if found.retry_on else "otherwise")
    if found.cash_only_until is not None:
        more.append("cash_only")
    return AccountLetter(
        kind=RETURNED_PAYMENT,
        language=language,
        policy=policy.digest,
        on=on,
        amount=amount,
        fee=found.fee,
        happened_on=returned_on,
        by=found.retry_on,
        since=found.cash_only_until,
        more=tuple(more),
    )


def deposit_request(amount: Money, *, on: date, policy: Policy, language: str) -> AccountLetter:
    """Return the letter that asks for a deposit: how much, what it earns, and when it is given back."""
    pct = _rate(policy, on, amount)
    return AccountLetter(
        kind=DEPOSIT_REQUEST,
        language=language,
        policy=policy.digest,
        on=on,
        amount=amount,
        days=policy.at(p.DEPOSIT_REFUND_DAYS, on),
        pct=pct,
        more=("with_interest",) if pct else (),
    )


def deposit_receipt(
    amount: Money, *, interest: Money, since: date, on: date, policy: Policy, language: str
) -> AccountLetter:
    """Return the letter that says which deposit is held, what it has earned, and on which conditions."""
    return AccountLetter(
        kind=DEPOSIT_RECEIPT,
        language=language,
        policy=policy.digest,
        on=on,
        amount=amount,
        interest=interest,
        since=since,
        days=policy.at(p.DEPOSIT_REFUND_DAYS, on),
        pct=_rate(policy, on, amount),
        more=("with_interest",) if interest else ("without_interest",),
    )


def deposit_returned(
    amount: Money, *, interest: Money, ended_on: date, refund_by: date, on: date, policy: Policy, language: str
) -> AccountLetter:
    """Return the letter that says that the deposit was set against the final bill, and by when the rest comes."""
    return AccountLetter(
        kind=DEPOSIT_RETURNED,
        language=language,
        policy=policy.digest,
        on=on,
        amount=amount,
        interest=interest,
        happened_on=ended_on,
        by=refund_by,
        more=("with_interest",) if interest else ("without_interest",),
    )


def refund(amount: Money, *, escheats_on: date | None, on: date, policy: Policy, language: str) -> AccountLetter:
    """Return the letter that goes out beside a refund: what it is, and how long it can be cashed."""
    return AccountLetter(
        kind=REFUND,
        language=language,
        policy=policy.digest,
        on=on,
        amount=amount,
        by=stale_on(on, policy) - timedelta(days=1),
        since=escheats_on,
        more=("unclaimed",) if escheats_on else (),
    )


def bankruptcy(petition_on: date, *, on: date, policy: Policy, language: str) -> AccountLetter:
    """Return the letter that says that collection has stopped, where no case was open to say it."""
    return AccountLetter(kind=BANKRUPTCY, language=language, policy=policy.digest, on=on, happened_on=petition_on)


def _rate(policy: Policy, on: date, amount: Money) -> Decimal | None:
    """Return the interest a year on a deposit of *amount*; none where the pack states none or it is too small."""
    try:
        pct = policy.at(p.DEPOSIT_INTEREST_PCT, on)
    except PolicyGap:
        return None
    return pct if pct and amount.cents > policy.at(p.DEPOSIT_INTEREST_OVER, on) else None
