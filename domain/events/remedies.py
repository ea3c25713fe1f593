"""What comes after service has ended: final bill, agency, court, write-off."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalBilled:
    due_on: date
    amount: Money
    type: Literal["final_billed"] = "final_billed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWithAgency:
    ref: str
    agency: str
    amount: Money
    type: Literal["placed_with_agency"] = "placed_with_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalledFromAgency:
    ref: str
    because: str
    type: Literal["recalled_from_agency"] = "recalled_from_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFiled:
    ref: str
    court: str
    amount: Money
    hearing_on: date | None = None
    type: Literal["claim_filed"] = "claim_filed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEnded:
    ref: str
    because: str
    type: Literal["claim_ended"] = "claim_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgmentEntered:
    ref: str
    amount: Money
    final_on: date
    type: Literal["judgment_entered"] = "judgment_entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOff:
    amount: Money
    because: str
    type: Literal["written_off"] = "written_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffReversed:
    because: str
    type: Literal["write_off_reversed"] = "write_off_reversed"
