"""What does a letter say, before it is put into any language?"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain import account_letters as own
from domain.account import Service
from domain.arrangement import Instalment
from domain.calendar import Window
from domain.money import ZERO, Money


class LetterKind(StrEnum):
    """The letters that can be composed; the first three under the names by which a case sends them."""

    REMINDER = "reminder"
    DISCONNECTION_NOTICE = "disconnection notice"
    BREACH_NOTICE = "breach notice"
    AGREEMENT = "agreement"
    RECONNECTION = "reconnection"
    RECONNECTION_OFFER = "reconnection offer"
    DOOR_HANGER = "door hanger"
    RETURNED_PAYMENT = own.RETURNED_PAYMENT
    PLACEMENT_NOTICE = "placement notice"
    SETOFF_NOTICE = "set-off notice"
    WRONGFUL_DISCONNECTION = "wrongful disconnection"
    BREACH_CURED = "breach cured"
    COURT_DEMAND = "court demand"
    BANKRUPTCY_ACKNOWLEDGEMENT = own.BANKRUPTCY
    DEPOSIT_REQUEST = own.DEPOSIT_REQUEST
    DEPOSIT_RECEIPT = own.DEPOSIT_RECEIPT
    DEPOSIT_RETURNED = own.DEPOSIT_RETURNED
    REFUND = own.REFUND
    INQUIRY_REPLY = own.INQUIRY_REPLY

    @property
    def entry(self) -> str:
        """Return its name in the files of wording."""
        return self.value.replace(" ", "_").replace("-", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who a letter goes to, in lines as an envelope shows them, and the place that is served."""

    name: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    premises: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """A bill as the letter names it. *number* is billing's own."""

    number: str
    service: Service
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as a value: the same letter is the same bytes on paper, whenever and wherever it is set.

    *amount* is what the letter asks for or confirms. *cut_on* is the first day on which *service* may be cut, *pay_by*
    the last day to avoid what the letter warns of, *happened_on* the day of what it confirms. *elements* are the parts
    that the pack requires, in its order; *payer* is who else pays an agreement, and *payer_share* that party's part;
    *more* names the sentences of its kind that this letter needs. *copy_for*: who else is sent it, by the name of that
    line in the files of wording; none on the letter itself. *interest* at *pct* a year is what *amount* earned, *since*
    and *days* what a letter of the account's own counts from and with; *answer* is what somebody wrote for this letter.
    """

    kind: LetterKind
    languages: tuple[str, ...]
    pack: str
    addressee: Addressee
    account_no: str
    on: date
    hours: Window
    amount: Money = ZERO
    bills: tuple[BillLine, ...] = ()
    schedule: tuple[Instalment, ...] = ()
    elements: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    service: Service | None = None
    cut_on: date | None = None
    pay_by: date | None = None
    missed_on: date | None = None
    happened_on: date | None = None
    left: Money = ZERO
    fee: Money = ZERO
    payer: str = field(default="", repr=False)
    payer_share: Money = ZERO
    grace_days: int = 0
    cure_days: int = 0
    more: tuple[str, ...] = ()
    copy_for: str = ""
    interest: Money = ZERO
    since: date | None = None
    days: int = 0
    pct: Decimal | None = None
    answer: tuple[str, ...] = field(default=(), repr=False)
