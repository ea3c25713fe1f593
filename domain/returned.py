"""What follows when money that came in goes back: fee, instrument, autopay, another try, cash only, whose task?

Pure: the reason and what came before go in, the consequences come out. That the debt stands again as of its original
due dates is billing's doing, and needs no decision.

Source: domain rules P01 to P07; the pack's chapters `returns`, `nsf` and `card`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from domain import parameters as p
from domain.arrangement import add_months
from domain.money import ZERO, Money
from domain.policy import Policy, PolicyGap

INSTRUMENT_KINDS: Final = {"draft": "ach", "card": "card"}
"""By the source of money, the kind of instrument that it was drawn on."""


class Hold(StrEnum):
    """What becomes of an instrument, or of the authorization to draw on it."""

    KEEP = "keep"
    HOLD = "hold"  # until a person has asked the customer or found the fault
    END = "end"  # for good: another one is needed


class Retry(StrEnum):
    """Whether the same item may be presented again."""

    FUNDS = "funds"  # as often and as long as the pack says
    CHECK = "check"  # on paper or as RCK, as often as the pack says
    CORRECTED = "corrected"  # once its fault is put right, as a payment of its own
    RESENT = "resent"  # once its fault is put right, under the authorization that stands
    ATTEMPTS = "attempts"  # a card: within the networks' count of attempts
    NEVER = "never"


class Rate(StrEnum):
    """Which of the bank network's limits a returned draft counts towards, besides the overall one."""

    UNAUTHORIZED = "unauthorized"
    ADMINISTRATIVE = "administrative"
    OTHER = "other"
    NONE = "none"  # it was no draft of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What a code of a bank or card network means to a utility.

    Attributes:
        strike: it is the payer's doing and counts towards cash only; a fault in our own file does not.
        fee: the pack's fee for a dishonored item may follow.
        task: what a person must do, blank if nothing.
    """

    code: str
    meaning: str
    retry: Retry = Retry.NEVER
    instrument: Hold = Hold.KEEP
    autopay: Hold = Hold.KEEP
    rate: Rate = Rate.NONE
    strike: bool = False
    fee: bool = False
    deceased: bool = False
    task: str = ""
    urgent: bool = False
    known: bool = True


UNKNOWN_CODE = "unknown_return_code"


def unknown(code: str, *, rate: Rate = Rate.NONE) -> Reason:
    """Return what is done about a code that no table knows: the money is gone all the same, and a person looks."""
    return Reason(
        code=code, meaning="not in the tables", instrument=Hold.HOLD, rate=rate, task=UNKNOWN_CODE, known=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedItem:
    """Money that went back.

    Attributes:
        presented_on: when it was first presented, of an item presented again the day of the first.
        presentment: 1 for the first, 2 for the first presented again.
    """

    amount: Money
    reason: Reason
    presented_on: date
    returned_on: date
    presentment: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What came before on the account: the days on which other items came back by the payer's doing.

    *fee_charged*: this item, at any presentment, has had its fee.
    """

    strikes: Sequence[date] = ()
    fee_charged: bool = False
    cash_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What is to be done. *fee* is nothing when none is due; *fee_why* and *retry_why* say so in words."""

    fee: Money
    fee_why: str
    retry_on: date | None
    retry_why: str
    instrument: Hold
    autopay: Hold
    cash_only_until: date | None
    deceased: bool
    tasks: tuple[str, ...]


def consequences(item: ReturnedItem, past: Past, policy: Policy) -> Consequences:
    """Return what follows from *item* under the pack in force on the day it came back."""
    fee, fee_why = _fee(item, past, policy)
    retry_on, retry_why = retry(item, policy)
    until = _cash_only(item, past, policy)
    reason = item.reason
    tasks = (*((reason.task,) if reason.task else ()), *(("tell_cash_only",) if until else ()))
    return Consequences(
        fee=fee,
        fee_why=fee_why,
        retry_on=retry_on,
        retry_why=retry_why,
        instrument=reason.instrument,
        autopay=reason.autopay,
        cash_only_until=until,
        deceased=reason.deceased,
        tasks=tasks,
    )


def _fee(item: ReturnedItem, past: Past, policy: Policy) -> tuple[Money, str]:
    on, cents = item.returned_on, policy.at(p.NSF_FEE, item.returned_on)
    cited = policy.source(p.NSF_FEE, on).citation
    if not item.reason.fee:
        return ZERO, f"No fee is charged for {item.reason.code}, {item.reason.meaning}."
    if past.fee_charged:
        return ZERO, f"The fee for this item was charged when it first came back ({cited})."
    if not cents:
        return ZERO, f"The pack states no fee ({cited})."
    if not policy.at(p.NSF_POSTED, on):
        return ZERO, f"The fee is not conspicuously posted ({policy.source(p.NSF_POSTED, on).citation})."
    return Money(cents), f"Once for this item ({cited})."


def retry(item: ReturnedItem, policy: Policy) -> tuple[date | None, str]:
    """Return the bank day on which the item may be presented again for the same amount, none with the reason why not.

    Only what bounced for want of funds is: the same amount, so often and so long after the first as the pack allows.
    """
    on, reason = item.returned_on, item.reason
    if reason.retry in {Retry.CORRECTED, Retry.RESENT}:
        return None, f"{reason.code} may be sent again once its cause is put right."
    if reason.retry in {Retry.NEVER, Retry.ATTEMPTS}:
        return None, f"{reason.code}, {reason.meaning}, is not presented again."
    parameter = p.RETRY_MAX if reason.retry is Retry.FUNDS else p.CHECK_RETRY_MAX
    most, cited = policy.at(parameter, on), policy.source(parameter, on).citation
    if item.presentment > most:
        return None, f"It was presented {item.presentment} times; {most} after the first is the most ({cited})."
    calendar = policy.calendar
    again = calendar.bank_day(calendar.add_open_days(on, policy.at(p.RETRY_AFTER, on)))
    last = item.presented_on + timedelta(days=policy.at(p.RETRY_DAYS, on))
    if again > last:
        return None, f"The last day for it was {last} ({policy.source(p.RETRY_DAYS, on).citation})."
    return again, f"Presentment {item.presentment + 1} of at most {most + 1}, through {last} ({cited})."


def resend(item: ReturnedItem, policy: Policy, *, on: date) -> tuple[date | None, str]:
    """Return the bank day from *on* on which an item whose fault was put right goes out again, none with why not.

    Only what was not as authorized (R11): for the same amount, within the pack's days of its return, and no more often
    nor later after the first than what bounced.
    """
    reason, again = item.reason, policy.calendar.bank_day(on)
    if reason.retry is not Retry.RESENT:
        return None, f"{reason.code}, {reason.meaning}, is not sent again, put right or not."
    most, cited = policy.at(p.RETRY_MAX, item.returned_on), policy.source(p.RETRY_MAX, item.returned_on).citation
    if item.presentment > most:
        return None, f"It was presented {item.presentment} times; {most} after the first is the most ({cited})."
    ends = {
        p.RETURN_RESEND_DAYS: item.returned_on + timedelta(days=policy.at(p.RETURN_RESEND_DAYS, item.returned_on)),
        p.RETRY_DAYS: item.presented_on + timedelta(days=policy.at(p.RETRY_DAYS, item.returned_on)),
    }
    parameter = min(ends, key=lambda each: ends[each])
    last, cited = ends[parameter], policy.source(parameter, item.returned_on).citation
    if again > last:
        return None, f"The last day for it was {last} ({cited})."
    return again, f"Put right, presentment {item.presentment + 1} of at most {most + 1}, through {last} ({cited})."


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check that came back, as a person read it. *presented*: how often its bank has presented it on paper.

    *of_accounts*: how many accounts it pays. *readable*: its routing number, account and number are such as banks take.
    """

    dated_on: date
    consumer: bool
    readable: bool
    presented: int = 1
    of_accounts: int = 1


def present_check(item: ReturnedItem, check: Check, policy: Policy, *, on: date) -> tuple[date | None, str]:
    """Return the bank day from *on* on which a check is presented again as an entry (RCK), none with why not.

    Only a consumer's, that bounced for want of funds, for its whole amount; so large, so old and so often as the pack
    says, and only in a city that tells people so before it takes their check.

    Source: Nacha Operating Rules on RCK entries; domain rule P07.
    """
    reason, again = item.reason, policy.calendar.bank_day(on)
    try:
        given, most_cents, days = policy.at(p.RCK_NOTICE, on), policy.at(p.RCK_MAX, on), policy.at(p.RCK_DAYS, on)
    except PolicyGap:
        return None, "The pack does not say that this city presents checks again as entries (rck)."
    most, often = policy.at(p.CHECK_RETRY_MAX, on), policy.source(p.CHECK_RETRY_MAX, on).citation
    presented = item.presentment + check.presented - 1
    last = check.dated_on + timedelta(days=days)
    lets = (
        (reason.retry is Retry.CHECK, f"{reason.code}, {reason.meaning}, is not presented again."),
        (given, f"People are not told that it may be ({policy.source(p.RCK_NOTICE, on).citation})."),
        (check.consumer, "Only a check drawn on a consumer's account is."),
        (check.of_accounts == 1, "It pays several accounts: only its whole amount may be drawn, so its bank does it."),
        (check.readable, "Its routing number, account or check number cannot be read."),
        (
            item.amount.cents <= most_cents,
            f"{Money(most_cents)} is the most ({policy.source(p.RCK_MAX, on).citation}).",
        ),
        (
            presented <= most,
            f"It was presented {presented} times; {most} after the first is the most ({often}).",
        ),
        (check.dated_on <= item.presented_on, f"It was presented on {item.presented_on}, before its date."),
        (again <= last, f"The last day for it was {last} ({policy.source(p.RCK_DAYS, on).citation})."),
    )
    against = next((why for may, why in lets if not may), "")
    if against:
        return None, against
    return again, f"Presentment {presented + 1} of at most {most + 1}, through {last}."


def _cash_only(item: ReturnedItem, past: Past, policy: Policy) -> date | None:
    """Return through when the customer pays by cash, card or money order only, if this item brings that about."""
    if not item.reason.strike or past.cash_only or item.presentment > 1:
        return None  # presented again and returned again, it is one and the same strike
    months = policy.at(p.CASH_ONLY_MONTHS, item.returned_on)
    since = add_months(item.returned_on, -months)
    strikes = 1 + sum(since < strike <= item.returned_on for strike in past.strikes)
    return add_months(item.returned_on, months) if strikes >= policy.at(p.CASH_ONLY_COUNT, item.returned_on) else None


class CardTry(StrEnum):
    """Whether a declined card may be tried again."""

    NOW = "now"
    WAIT = "wait"
    NEVER = "never"


def card_again(
    attempts: Sequence[date], reason: Reason, policy: Policy, *, on: date
) -> tuple[CardTry, date | None, str]:
    """Return whether a declined card may be tried again, from which day on and why; *attempts*: all so far.

    Source: P05, P06; Visa counts 15 attempts in 30 days.
    """
    if reason.retry is not Retry.ATTEMPTS:
        return CardTry.NEVER, None, f"{reason.code}, {reason.meaning}: the same card is not tried again."
    most, days = policy.at(p.CARD_RETRY_MAX, on), policy.at(p.CARD_RETRY_DAYS, on)
    counted = sorted(day for day in attempts if (on - day).days < days)
    if len(counted) < most:
        return CardTry.NOW, on, f"Attempt {len(counted) + 1} of {most} in {days} days."
    again = counted[-most] + timedelta(days=days)
    return CardTry.WAIT, again, f"Attempts in {days} days: at most {most}; again from {again}."


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """One of the network's limits, and how near to it the drafts sent have come; shares are per cent of *sent*."""

    rate: str
    returned: int
    sent: int
    limit_pct: str
    warn: bool
    over: bool


def rates(returned: Sequence[Rate], sent: int, policy: Policy, *, on: date) -> tuple[RateLine, ...]:
    """Return how the drafts returned stand against the network's limits; near one, people are warned.

    *returned* and *sent* are counted over the pack's `returns.rate_days`.
    """
    limits = (
        (str(Rate.UNAUTHORIZED), p.RATE_UNAUTHORIZED, sum(rate is Rate.UNAUTHORIZED for rate in returned)),
        (str(Rate.ADMINISTRATIVE), p.RATE_ADMINISTRATIVE, sum(rate is Rate.ADMINISTRATIVE for rate in returned)),
        ("overall", p.RATE_OVERALL, sum(rate is not Rate.NONE for rate in returned)),
    )
    share = policy.at(p.RATE_WARN, on)
    lines = []
    for name, parameter, count in limits:
        limit = policy.at(parameter, on)
        # count / sent against limit / 100, without dividing
        over = sent > 0 and count * 100 >= limit * sent
        near = sent > 0 and count * 10_000 >= limit * share * sent
        lines.append(
            RateLine(rate=name, returned=count, sent=sent, limit_pct=str(limit), warn=near and count > 0, over=over)
        )
    return tuple(lines)
