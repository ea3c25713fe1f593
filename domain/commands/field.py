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
    because: str
    service: Service | None = None
    type: Literal["request_reactivation"] = "request_reactivation"
