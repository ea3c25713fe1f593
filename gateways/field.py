"""What may be asked of field service, and what do its crews and contractors ask and tell us?"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from domain.account import Service
from domain.case import OrderPurpose
from gateways.receipt import Receipt


class CallbackKind(StrEnum):
    """*acknowledge*: the crew stands at the door, or the command is about to go to the meter.

    *accept*: whoever is to do the order has it. *cancelled*: the crew on its way has turned round.
    """

    ACCEPT = "accept"
    ACKNOWLEDGE = "acknowledge"
    COMPLETE = "complete"
    COULD_NOT_COMPLETE = "could_not_complete"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCallback:
    """What a crew says about an order. To *acknowledge* we answer, and without *proceed* nothing is cut.

    *reason*: why it could not be completed; of a completed visit, what it found.
    """

    order_id: str
    kind: CallbackKind
    at: datetime
    reason: str = ""
    meter_read: int | None = None


class FieldAnswer(StrEnum):
    PROCEED = "proceed"
    STOP = "stop"


class CancelOutcome(StrEnum):
    """Under `outcome` in the receipt of a cancellation.

    *pending*: the crew is on its way and will confirm by a callback. *too_late*: it is at it or has done it.
    """

    CANCELLED = "cancelled"
    PENDING = "pending"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrder:
    order_id: str
    account_no: str
    premise_id: str
    service: Service
    purpose: OrderPurpose
    remote: bool
    contractor: bool = False
    safety_notes: tuple[str, ...] = ()
    presence: bool = False
    """Someone must be home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchOrder:
    """*crew* and *not_before*: whose list it is on, and when that crew can be at the door; zero for a remote meter."""

    order_id: str
    on: date
    crew: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    order_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOrder:
    order_id: str


FieldEffect = CreateOrder | DispatchOrder | CancelOrder | RemindOrder


class FieldService(Protocol):
    """The work-order system. Idempotent by *key*; every call may raise `Outage` or `Rejected`.

    A disconnection is worked only when dispatched, on the day named, and asks at the door (`acknowledge`). Every other
    order goes to the crews when it is created and asks nobody; dispatching it is lawful and changes nothing. A
    contractor acknowledges what it was given (`accept`).
    """

    async def do(self, key: str, effect: FieldEffect) -> Receipt:
        """Do *effect* once for *key*; the methods below say it in words."""
        ...

    async def lookup(self, key: str) -> Receipt | None:
        """Return the receipt of *key*, none when no effect stands under it."""
        ...

    async def create_order(
        self,
        key: str,
        *,
        order_id: str,
        account_no: str,
        premise_id: str,
        service: Service,
        purpose: OrderPurpose,
        remote: bool,
        contractor: bool = False,
        safety_notes: tuple[str, ...] = (),
        presence: bool = False,
    ) -> Receipt:
        """Create a work order; *ref* is field service's own number. Details: type.

        Rejected: `no-such-order-type`, `duplicate-order` (the id stands under another key).
        """
        return await self.do(
            key,
            CreateOrder(
                order_id=order_id,
                account_no=account_no,
                premise_id=premise_id,
                service=service,
                purpose=purpose,
                remote=remote,
                contractor=contractor,
                safety_notes=safety_notes,
                presence=presence,
            ),
        )

    async def dispatch(
        self, key: str, *, order_id: str, on: date, crew: int = 0, not_before: datetime | None = None
    ) -> Receipt:
        """Put an order on the list of *on* of *crew*. Rejected: `unknown-order`, `order-ended`."""
        return await self.do(key, DispatchOrder(order_id=order_id, on=on, crew=crew, not_before=not_before))

    async def remind(self, key: str, *, order_id: str) -> Receipt:
        """Tell again who has not acknowledged an order. Rejected: `unknown-order`."""
        return await self.do(key, RemindOrder(order_id=order_id))

    async def cancel(self, key: str, *, order_id: str, reason: str) -> Receipt:
        """Recall an order. Details: outcome (`CancelOutcome`). Rejected: `unknown-order`."""
        return await self.do(key, CancelOrder(order_id=order_id, reason=reason))
