"""Disconnection and reactivation."""

from dataclasses import dataclass
from typing import Literal

from domain.account import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendDisconnection:
    service: Service | None = None
    type: Literal["recommend_disconnection"] = "recommend_disconnection"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelDisconnection:
    because: str
    type: Literal["cancel_disconnection"] = "cancel_disconnection"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReactivation:
    """Ask for service back, all that is off or one; *after_hours* where the pack has crews then."""

    because: str
    service: Service | None = None
    after_hours: bool = False
    type: Literal["request_reactivation"] = "request_reactivation"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestVisit:
    """Send someone to look, read or hang a notice; *service* names the meter (the first of the account if none)."""

    purpose: Literal["occupancy_check", "post_hanger", "read_final", "tamper_check"]
    because: str
    service: Service | None = None
    type: Literal["request_visit"] = "request_visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndService:
    """End the account's service: its customer stops it, or a new occupant applied at the place."""

    why: Literal["stop_service", "new_occupant"]
    type: Literal["end_service"] = "end_service"
