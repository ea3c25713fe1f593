"""What comes after service has ended: final bill, agency, court, write-off."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFinalBill:
    due_on: date | None = None
    type: Literal["record_final_bill"] = "record_final_bill"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferToAgency:
    agency: str
    type: Literal["refer_to_agency"] = "refer_to_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallFromAgency:
    because: str
    type: Literal["recall_from_agency"] = "recall_from_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferToCourt:
    court: str
    hearing_on: date | None = None
    type: Literal["refer_to_court"] = "refer_to_court"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordJudgment:
    amount: Money
    entered_on: date
    type: Literal["record_judgment"] = "record_judgment"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSatisfaction:
    because: str = ""
    type: Literal["record_satisfaction"] = "record_satisfaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeWriteOff:
    because: str
    type: Literal["propose_write_off"] = "propose_write_off"
