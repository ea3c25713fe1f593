"""What does a case ask of the world, and what comes back? Each effect has its *type*, by which it is read back."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from domain.account import Service
from domain.case import Order
from domain.money import Money
from domain.verdict import Verdict

LIEN_INTEREST: Final = "lien_interest"
"""The kind of a charge that is what a lien bore in interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLetter:
    """Mail a letter; the receipt says on which day the mail house confirms it, or that it has yet to."""

    key: str
    kind: str
    type: Literal["send_letter"] = "send_letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindPayment:
    """Tell by *channel* of a payment that falls due; not done where nobody can be reached by it any more."""

    key: str
    channel: str
    about: str
    due_on: date
    amount: Money
    type: Literal["remind_payment"] = "remind_payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrder:
    key: str
    order: Order
    type: Literal["create_order"] = "create_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchOrder:
    """Ask the gate in one transaction with the order's new state; only then tell field service."""

    key: str
    order_id: str
    type: Literal["dispatch_order"] = "dispatch_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    key: str
    order_id: str
    reason: str
    type: Literal["cancel_order"] = "cancel_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOrder:
    """Tell again who has not acknowledged an order."""

    key: str
    order_id: str
    type: Literal["remind_order"] = "remind_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeFee:
    """Bill a fee, due on its own day: the receipt's ref names the bill."""

    key: str
    kind: str
    service: Service
    amount: Money
    on: date
    type: Literal["charge_fee"] = "charge_fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFee:
    """Take a fee back by an adjustment of as much: the receipt's ref names it."""

    key: str
    kind: str
    service: Service
    amount: Money
    on: date
    type: Literal["remove_fee"] = "remove_fee"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAccount:
    """Have billing make the last bill; the receipt says when it falls due. The deposit follows as the pack says."""

    key: str
    on: date
    type: Literal["end_account"] = "end_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedSum:
    """A sum of one service; below zero it leaves what the customer is asked for."""

    ref: str
    service: Service
    amount: Money
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBalance:
    """Have billing take sums out of what is asked for, or put them back in, each due on its own day.

    *to_account*: they leave this account and are owed on that one.
    """

    key: str
    on: date
    reason: str
    sums: tuple[MovedSum, ...]
    stops_autopay: bool = False
    to_account: str = ""
    type: Literal["move_balance"] = "move_balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDebt:
    """Place *amount* with *agency*; the receipt's ref is the placement's number."""

    key: str
    agency: str
    amount: Money
    type: Literal["place_debt"] = "place_debt"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallDebt:
    key: str
    ref: str
    reason: str
    type: Literal["recall_debt"] = "recall_debt"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellAgency:
    """Tell of money that the city took on a placed debt; below zero when it was returned."""

    key: str
    ref: str
    amount: Money
    type: Literal["tell_agency"] = "tell_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAtCourt:
    """File a claim; the receipt's ref is its number, its day that of the hearing."""

    key: str
    amount: Money
    type: Literal["file_at_court"] = "file_at_court"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCourt:
    """File what happened to a claim: *what* is a payment credited, a dismissal or a satisfaction."""

    key: str
    ref: str
    what: str
    amount: Money = Money(0)
    type: Literal["tell_court"] = "tell_court"


ToAgency = PlaceDebt | RecallDebt | TellAgency
ToCourt = FileAtCourt | TellCourt
ToBilling = ChargeFee | RemoveFee
Effect = (
    SendLetter
    | RemindPayment
    | CreateOrder
    | DispatchOrder
    | CancelOrder
    | RemindOrder
    | ToBilling
    | EndAccount
    | MoveBalance
    | ToAgency
    | ToCourt
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came back. *done* is false when the world (a gate, a crew already at work) said no; *verdict* says why.

    *amount*: what a final bill adds. *pending*: a recall reached the crew's office, and the crew on
    its way has yet to confirm it; or a letter was handed over, and its day of mailing is yet to be confirmed.
    """

    ref: str = ""
    on: date | None = None
    done: bool = True
    pending: bool = False
    amount: Money = Money(0)
    verdict: Verdict | None = None


NOTHING = Receipt()
