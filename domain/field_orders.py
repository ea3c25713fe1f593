"""What are work orders called, and for which reasons can each of them come to nothing?"""

from enum import StrEnum

from domain.account import Service
from domain.case import Case, Order, OrderPurpose, OrderState

# The city's own codes: DNP is "disconnect for non-payment", RNP its undoing. Remote meters exist for electricity only.
_SWITCHES: dict[tuple[Service, OrderPurpose, bool], str] = {
    (Service.ELECTRIC, OrderPurpose.DISCONNECT, True): "DNP-ELEC-REMOTE",
    (Service.ELECTRIC, OrderPurpose.DISCONNECT, False): "DNP-ELEC-FIELD",
    (Service.WATER, OrderPurpose.DISCONNECT, False): "DNP-WATER-CURB",
    (Service.GAS, OrderPurpose.DISCONNECT, False): "DNP-GAS-LOCK",
    (Service.ELECTRIC, OrderPurpose.RECONNECT, True): "RNP-ELEC-REMOTE",
    (Service.ELECTRIC, OrderPurpose.RECONNECT, False): "RNP-ELEC-FIELD",
    (Service.WATER, OrderPurpose.RECONNECT, False): "RNP-WATER-CURB",
    (Service.GAS, OrderPurpose.RECONNECT, False): "RNP-GAS-UNLOCK",
}
_VISITS: dict[OrderPurpose, str] = {
    OrderPurpose.OCCUPANCY_CHECK: "OCCUPANCY-CHECK",
    OrderPurpose.POST_HANGER: "POST-HANGER",
    OrderPurpose.READ_FINAL: "READ-FINAL",
    OrderPurpose.TAMPER_CHECK: "TAMPER-CHECK",
}
CONTRACTOR_UNLOCK = "UNLOCK-CONTRACTOR"


def order_type(service: Service, purpose: OrderPurpose, *, remote: bool = False, contractor: bool = False) -> str:
    """Return the city's code for an order; *remote* counts for electricity alone.

    Raises:
        ValueError: the service cannot be cut or restored by a crew (sewer, refuse).
    """
    if purpose in _VISITS:
        return _VISITS[purpose]
    try:
        code = _SWITCHES[service, purpose, remote and service is Service.ELECTRIC]
    except KeyError:
        raise ValueError(f"no crew can {purpose} {service}") from None
    return CONTRACTOR_UNLOCK if contractor and purpose is OrderPurpose.RECONNECT else code


def order_meaning(code: str) -> tuple[Service, OrderPurpose] | None:
    """Return the service and purpose of an order type, none for one that switches nothing."""
    return next(((service, purpose) for (service, purpose, _), name in _SWITCHES.items() if name == code), None)


class Reason(StrEnum):
    """Why an order could not be completed, in the crews' word."""

    DOG = "dog"
    THREAT = "threat"
    LOCKED = "locked"
    MEDICAL = "medical"
    PAID_AT_DOOR = "paid_at_door"
    OCCUPIED_UNEXPECTED = "occupied_unexpected"
    NOBODY_HOME = "nobody_home"
    METER_NOT_FOUND = "meter_not_found"
    LOCK_BROKEN = "lock_broken"
    NOT_CONFIRMED = "not_confirmed"
    NO_ANSWER = "no_answer"  # ours: the crew asked for leave and heard nothing


_AT_A_DOOR = frozenset({Reason.DOG, Reason.THREAT, Reason.LOCKED, Reason.METER_NOT_FOUND, Reason.LOCK_BROKEN})
_CUTTING = frozenset({Reason.MEDICAL, Reason.PAID_AT_DOOR, Reason.OCCUPIED_UNEXPECTED, Reason.NO_ANSWER})


def reasons_for(purpose: OrderPurpose, *, remote: bool) -> frozenset[Reason]:
    """Return the reasons for which an order can come to nothing: a meter has no dog, and nobody pays at a reading."""
    if remote:
        asks = {Reason.NO_ANSWER} if purpose is OrderPurpose.DISCONNECT else set()
        return frozenset({Reason.NOT_CONFIRMED, *asks})
    match purpose:
        case OrderPurpose.DISCONNECT:
            return _AT_A_DOOR | _CUTTING
        case OrderPurpose.RECONNECT:
            return _AT_A_DOOR | {Reason.NOBODY_HOME}
        case OrderPurpose.POST_HANGER:
            return frozenset({Reason.DOG, Reason.THREAT, Reason.LOCKED})
        case _:
            return _AT_A_DOOR


def failures(case: Case, service: Service, purpose: OrderPurpose) -> tuple[Order, ...]:
    """Return the orders of *purpose* on *service* that came to nothing since it was last switched or asked for."""
    asked_at = case.service(service).asked_at
    found: list[Order] = []
    for order in reversed(case.orders):
        if order.service is not service:
            continue
        if order.state is OrderState.COMPLETED or (asked_at is not None and order.requested_at < asked_at):
            break
        if order.purpose is purpose and order.state is OrderState.COULD_NOT_COMPLETE:
            found.append(order)
    return tuple(reversed(found))


def remote_order(case: Case, service: Service, purpose: OrderPurpose, *, tries: int) -> bool:
    """Say whether *service* is switched by a command: its meter obeys one, and *tries* have not failed already."""
    if service is not Service.ELECTRIC or not case.known.account.meter_remote:
        return False
    unheard = [o for o in failures(case, service, purpose) if o.remote and o.reason == Reason.NOT_CONFIRMED]
    return len(unheard) < tries
