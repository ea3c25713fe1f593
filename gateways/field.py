"""What may be asked of field service, what do its crews ask and tell us, and what are its order types called?"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from domain.account import Service
from domain.case import OrderPurpose
from gateways.receipt import Receipt

# The city's own codes: DNP is "disconnect for non-payment", RNP its undoing. Remote meters exist for electricity only.
_TYPES: dict[tuple[Service, OrderPurpose, bool], str] = {
    (Service.ELECTRIC, OrderPurpose.DISCONNECT, True): "DNP-ELEC-REMOTE",
    (Service.ELECTRIC, OrderPurpose.DISCONNECT, False): "DNP-ELEC-FIELD",
    (Service.WATER, OrderPurpose.DISCONNECT, False): "DNP-WATER-CURB",
    (Service.GAS, OrderPurpose.DISCONNECT, False): "DNP-GAS-LOCK",
    (Service.ELECTRIC, OrderPurpose.RECONNECT, True): "RNP-ELEC-REMOTE",
    (Service.ELECTRIC, OrderPurpose.RECONNECT, False): "RNP-ELEC-FIELD",
    (Service.WATER, OrderPurpose.RECONNECT, False): "RNP-WATER-CURB",
    (Service.GAS, OrderPurpose.RECONNECT, False): "RNP-GAS-UNLOCK",
}


def order_type(service: Service, purpose: OrderPurpose, *, remote: bool) -> str:
    """Return the city's code for an order; *remote* counts for electricity alone.

    Raises:
        ValueError: the service cannot be cut or restored by a crew (sewer, refuse).
    """
    try:
        return _TYPES[service, purpose, remote and service is Service.ELECTRIC]
    except KeyError:
        raise ValueError(f"no crew can {purpose} {service}") from None


def order_meaning(code: str) -> tuple[Service, OrderPurpose] | None:
    """Return the service and purpose of an order type, none for one that switches nothing."""
    return next(((service, purpose) for (service, purpose, _), name in _TYPES.items() if name == code), None)


class CallbackKind(StrEnum):
    """*acknowledge*: the crew stands at the door, or the command is about to go to the meter."""

    ACKNOWLEDGE = "acknowledge"
    COMPLETE = "complete"
    COULD_NOT_COMPLETE = "could_not_complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCallback:
    """What a crew says about an order. To *acknowledge* we answer, and without *proceed* nothing is cut."""

    order_id: str
    kind: CallbackKind
    at: datetime
    reason: str = ""
    meter_read: int | None = None


class FieldAnswer(StrEnum):
    PROCEED = "proceed"
    STOP = "stop"


class CancelOutcome(StrEnum):
    """Under `outcome` in the receipt of a cancellation; *too_late*: the crew is at it or has done it."""

    CANCELLED = "cancelled"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrder:
    order_id: str
    account_no: str
    premise_id: str
    service: Service
    purpose: OrderPurpose
    remote: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchOrder:
    order_id: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    order_id: str
    reason: str


FieldEffect = CreateOrder | DispatchOrder | CancelOrder


class FieldService(Protocol):
    """The work-order system. Idempotent by *key*; every call may raise `Outage` or `Rejected`.

    A disconnection is worked only when dispatched, on the day named, and asks at the door (`acknowledge`). A
    reconnection goes to the crews when it is created and asks nobody; dispatching it is lawful and changes nothing.
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
            ),
        )

    async def dispatch(self, key: str, *, order_id: str, on: date) -> Receipt:
        """Put an order on the crews' list of *on*. Rejected: `unknown-order`, `order-ended`."""
        return await self.do(key, DispatchOrder(order_id=order_id, on=on))

    async def cancel(self, key: str, *, order_id: str, reason: str) -> Receipt:
        """Recall an order. Details: outcome (`CancelOutcome`). Rejected: `unknown-order`."""
        return await self.do(key, CancelOrder(order_id=order_id, reason=reason))
