"""Work orders and what they did to a service."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.account import Service
from domain.case import Fee, Order, OrderPurpose
from domain.states import ServiceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    order: Order
    type: Literal["order_placed"] = "order_placed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDeferred:
    """No crew has time left for the order on its day; it is asked about again at *until*."""

    order_id: str
    service: Service
    until: datetime
    because: str
    type: Literal["order_deferred"] = "order_deferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAccepted:
    """Who is to do the order has said that they have it."""

    order_id: str
    service: Service
    type: Literal["order_accepted"] = "order_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReminded:
    """The contractor had not acknowledged the order and was told of it again."""

    order_id: str
    service: Service
    times: int
    type: Literal["order_reminded"] = "order_reminded"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEscalated:
    """Nobody has answered for the order in time; a person takes it up."""

    order_id: str
    service: Service
    type: Literal["order_escalated"] = "order_escalated"


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
class RecallSent:
    """The crew was on its way when it was recalled; until it confirms, the order is not over."""

    order_id: str
    service: Service
    because: str
    type: Literal["recall_sent"] = "recall_sent"


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
    meter_read: int | None = None
    type: Literal["service_disconnected"] = "service_disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconnectionOffered:
    """A home that is off was written to before the protected season that begins on *season_on*.

    *awaited*: the day on which the letter was mailed is yet to be confirmed.
    """

    service: Service
    season_on: date
    mailed_on: date
    letter: str = ""
    awaited: bool = False
    type: Literal["reconnection_offered"] = "reconnection_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutFoundWrong:
    """It was learned that a rule had forbidden the cut.

    *letter*: the one that tells the customer so, if any; *awaited*: its day of mailing is yet to be confirmed.
    """

    order_id: str
    service: Service
    rules: tuple[str, ...]
    facts: tuple[str, ...]
    cut_at: datetime
    because: str
    letter: str = ""
    awaited: bool = False
    type: Literal["cut_found_wrong"] = "cut_found_wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeRemoved:
    """The cut *order_id* of an earlier case, closed by then, was found wrong: it is held against nobody any more."""

    order_id: str
    type: Literal["strike_removed"] = "strike_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRestored:
    """Service is back. *minutes_off*: how long it was off; none where that is not known."""

    order_id: str
    service: Service
    meter_read: int | None = None
    minutes_off: int | None = None
    type: Literal["service_restored"] = "service_restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivationRequested:
    """A person asked for service back; failed visits before that count no more."""

    service: Service
    after_hours: bool
    because: str
    type: Literal["reactivation_requested"] = "reactivation_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitWanted:
    """A look, a reading or a hanger was asked for, by a person or by what a crew found."""

    purpose: OrderPurpose
    service: Service
    because: str
    type: Literal["visit_wanted"] = "visit_wanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCompleted:
    """What a visit found that switched nothing: *finding* in the crew's word, *meter_read* where it read."""

    order_id: str
    service: Service
    purpose: OrderPurpose
    finding: str
    meter_read: int | None = None
    type: Literal["visit_completed"] = "visit_completed"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeCharged:
    """Billing has charged what a disconnection costs its customer."""

    fee: Fee
    service: Service
    type: Literal["fee_charged"] = "fee_charged"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRemoved:
    """Billing has taken back what a wrong disconnection cost its customer. *ref*: the adjustment."""

    fee: Fee
    service: Service
    ref: str
    type: Literal["fee_removed"] = "fee_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEnding:
    """Service ends at this place: its customer asked for it, or someone else applied there. The final bill follows."""

    why: str
    type: Literal["service_ending"] = "service_ending"
