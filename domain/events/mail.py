"""What became of a letter on its way, and of which payment the customer was told beforehand."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingConfirmed:
    """Whoever mails confirmed the day: from it the letter's days are counted."""

    kind: str
    letter: str
    mailed_on: date
    type: Literal["mailing_confirmed"] = "mailing_confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReturned:
    """A letter came back undelivered; *because* is the carrier's reason."""

    kind: str
    letter: str
    returned_on: date
    because: str = ""
    type: Literal["letter_returned"] = "letter_returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReminded:
    """The customer was told of a payment before its day; *sent* is false where nobody could be reached any more."""

    reminds_of: str
    due_on: date
    amount: Money
    channel: str
    sent: bool = True
    type: Literal["payment_reminded"] = "payment_reminded"
