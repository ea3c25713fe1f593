"""Work orders and what they did to a service."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.account import Service
from domain.case import Order
from domain.states import ServiceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    order: Order
    type: Literal["order_placed"] = "order_placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDispatched:
    order_id: str
    service: Service
    type: Literal["order_dispatched"] = "order_dispatched"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAcknowledged:
    """The crew was about to cut; *proceed* is what the gate answered at the door."""

    order_id: str
    service: Service
    proceed: bool
    type: Literal["order_acknowledged"] = "order_acknowledged"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWithdrawn:
    """The order was recalled from a crew, or cancelled before it had one."""

    order_id: str
    service: Service
    recalled: bool
    because: str
    type: Literal["order_withdrawn"] = "order_withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallFailed:
    """The crew was already at it when the recall came; if it cuts, the service is reconnected at once."""

    order_id: str
    service: Service
    because: str
    type: Literal["recall_failed"] = "recall_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNotCompleted:
    order_id: str
    service: Service
    reason: str
    type: Literal["order_not_completed"] = "order_not_completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDisconnected:
    order_id: str
    service: Service
    type: Literal["service_disconnected"] = "service_disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconnectionOffered:
    """A home that is off was written to before the protected season that begins on *season_on*."""

    service: Service
    season_on: date
    mailed_on: date
    letter: str = ""
    type: Literal["reconnection_offered"] = "reconnection_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRestored:
    order_id: str
    service: Service
    type: Literal["service_restored"] = "service_restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideActNoted:
    """The outside's record shows an act that we did not order."""

    what: str
    service: Service | None
    status: ServiceStatus | None
    ref: str
    urgent: bool
    because: str
    type: Literal["outside_act_noted"] = "outside_act_noted"
