"""What a second person was asked, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.account import Service
from domain.commands import Proposal
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsked:
    approval_id: str
    act: str
    amount: Money
    decision: str
    service: Service | None = None
    proposal: Proposal | None = None
    third_party: str = ""
    authority: str = ""
    type: Literal["approval_asked"] = "approval_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGranted:
    approval_id: str
    act: str
    lapses_at: datetime
    type: Literal["approval_granted"] = "approval_granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRejected:
    approval_id: str
    act: str
    because: str
    type: Literal["approval_rejected"] = "approval_rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLapsed:
    approval_id: str
    act: str
    because: str
    type: Literal["approval_lapsed"] = "approval_lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisconnectionRecommended:
    service: Service
    amount: Money
    type: Literal["disconnection_recommended"] = "disconnection_recommended"
