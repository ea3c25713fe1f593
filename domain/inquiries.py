"""Who may ask what about an account, by when is it answered, and what may an answer tell them?"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from domain import parameters as p
from domain.money import Money
from domain.policy import Policy
from domain.verdict import Refusal


class Asker(StrEnum):
    """Who asks. The values are stored for ever."""

    CUSTOMER = "customer"
    AUTHORISED = "authorised"
    AGENCY = "agency"
    ATTORNEY = "attorney"
    COUNCIL = "council"
    REGULATOR = "regulator"
    OTHER = "other"


class Topic(StrEnum):
    BALANCE = "balance"
    AGREEMENT = "agreement"
    SHUTOFF = "shutoff"
    DISPUTE = "dispute"
    ASSISTANCE = "assistance"
    DEPOSIT = "deposit"
    SERVICE = "service"
    OTHER = "other"


class Channel(StrEnum):
    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"
    EMAIL = "email"
    WEB = "web"


class InquiryState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"


STANDARD: Final = (Topic.BALANCE, Topic.AGREEMENT, Topic.SHUTOFF, Topic.DISPUTE, Topic.ASSISTANCE, Topic.DEPOSIT)
"""The topics for which the files of wording hold a sentence, in the order in which a letter says them."""


def reply_by(asked_on: date, policy: Policy) -> date:
    """Return the last day for answering what was asked on *asked_on*, unless somebody promised another."""
    return policy.calendar.add_open_days(asked_on, policy.at(p.INQUIRY_REPLY_DAYS, asked_on))


def sentences(topics: Sequence[Topic], *, owed: Money, past_due: Money) -> tuple[str, ...]:
    """Return the names of the sentences that say something on *topics*; of a balance, those that fit it."""
    balance = "nothing_owed" if owed.cents <= 0 else "balance" if past_due.cents > 0 else "balance_current"
    return tuple(balance if topic is Topic.BALANCE else str(topic) for topic in STANDARD if topic in topics)


def unfit_answer(asker: Asker, topics: Sequence[Topic], *, words: str, authority: str) -> Refusal | None:
    """Return why this may not be answered so; none if it may."""
    if not words.strip() and not any(topic in STANDARD for topic in topics):
        return Refusal(
            slug="nothing-answered",
            title="There is no answer yet",
            detail="Neither a sentence was chosen nor anything written.",
            way_out="Choose what the letter says, or write it.",
            status=422,
        )
    if asker is not Asker.CUSTOMER and Topic.BALANCE in topics and not authority.strip():
        return Refusal(
            slug="not-theirs-to-know",
            title="They may not be told what is owed",
            detail="What a household owes is told to the customer alone, or to whom something shows that they may.",
            rules=("inquiry.authority",),
            way_out="Answer without the balance, or note what shows that they may be told.",
        )
    return None
