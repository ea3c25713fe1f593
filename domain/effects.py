"""What a step asks of other systems, and what comes back."""

from dataclasses import dataclass
from datetime import date

from domain.case import Order
from domain.money import Money
from domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLetter:
    """Mail a letter; the receipt says on which day the mail house confirms it."""

    key: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrder:
    key: str
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchOrder:
    """Ask the gate in one transaction with the order's new state; only then tell field service."""

    key: str
    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    key: str
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDebt:
    """Place *amount* with *agency*; the receipt's ref is the placement's number."""

    key: str
    agency: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallDebt:
    key: str
    ref: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellAgency:
    """Tell of money that the city took on a placed debt; below zero when it was returned."""

    key: str
    ref: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAtCourt:
    """File a claim; the receipt's ref is its number, its day that of the hearing."""

    key: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCourt:
    """File what happened to a claim: *what* is a payment credited, a dismissal or a satisfaction."""

    key: str
    ref: str
    what: str
    amount: Money = Money(0)


ToAgency = PlaceDebt | RecallDebt | TellAgency
ToCourt = FileAtCourt | TellCourt
Effect = SendLetter | CreateOrder | DispatchOrder | CancelOrder | ToAgency | ToCourt


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came back. *done* is false when the world (a gate, a crew already at work) said no; *verdict* says why."""

    ref: str = ""
    on: date | None = None
    done: bool = True
    verdict: Verdict | None = None


NOTHING = Receipt()
