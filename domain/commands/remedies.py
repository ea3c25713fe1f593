"""What comes after service has ended: final bill, agency, court, set-off, property, write-off, settlement."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.account import Service
from domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFinalBill:
    due_on: date | None = None
    type: Literal["record_final_bill"] = "record_final_bill"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferToAgency:
    """Place what no other remedy holds; *agency* empty: the pack's rule chooses. *services* empty: all of them.

    *because*: why this agency, where a person names one.
    """

    agency: str = ""
    services: tuple[Service, ...] = ()
    because: str = ""
    type: Literal["refer_to_agency"] = "refer_to_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallFromAgency:
    because: str
    type: Literal["recall_from_agency"] = "recall_from_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferToCourt:
    """File a claim for what no other remedy holds. *waive_excess*: claim the court's limit and waive the rest."""

    court: str = ""
    services: tuple[Service, ...] = ()
    hearing_on: date | None = None
    waive_excess: bool = False
    type: Literal["refer_to_court"] = "refer_to_court"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFiling:
    """Write down a paper of a claim or judgment: proof of service, affidavit, transcript, disclosure, new suit."""

    what: Literal["served", "non_military", "docketed", "disclosure", "renewed"]
    on: date
    ref: str = ""
    type: Literal["record_filing"] = "record_filing"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHearing:
    on: date
    result: Literal["continued", "heard", "default", "dismissed", "vacated"]
    next_on: date | None = None
    type: Literal["record_hearing"] = "record_hearing"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordJudgment:
    """*amount* without costs; *costs* are added to the debt only as far as they were granted."""

    amount: Money
    entered_on: date
    costs: Money = Money(0)
    type: Literal["record_judgment"] = "record_judgment"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSatisfaction:
    because: str = ""
    type: Literal["record_satisfaction"] = "record_satisfaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSetoff:
    """Claim the debt against the customer's state tax refunds."""

    services: tuple[Service, ...] = ()
    type: Literal["file_setoff"] = "file_setoff"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifyToTax:
    """Certify the debt of *services* (all that may be, if none is named) to the county's property tax."""

    services: tuple[Service, ...] = ()
    type: Literal["certify_to_tax"] = "certify_to_tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLien:
    services: tuple[Service, ...] = ()
    type: Literal["file_lien"] = "file_lien"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRemedy:
    """Take back a set-off claim, certification or lien, or vacate a judgment."""

    remedy_id: str
    because: str
    type: Literal["withdraw_remedy"] = "withdraw_remedy"


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLienInterest:
    """Charge what a lien bore in interest, once its charges are paid; it is released when that is paid too."""

    remedy_id: str
    type: Literal["bill_lien_interest"] = "bill_lien_interest"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpLienInterest:
    """Ask no more for a lien's interest, or for *amount* of it; with nothing left to ask for it is released."""

    remedy_id: str
    because: str
    amount: Money | None = None
    type: Literal["give_up_lien_interest"] = "give_up_lien_interest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSettlement:
    amount: Money
    by: date
    because: str
    type: Literal["propose_settlement"] = "propose_settlement"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeWriteOff:
    """Take the debt off the books: it is still owed, unless it is *given_up*; then nobody collects it any more."""

    because: str
    given_up: bool = False
    type: Literal["propose_write_off"] = "propose_write_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseWriteOff:
    because: str
    type: Literal["reverse_write_off"] = "reverse_write_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowDebt:
    """Put the debt on the customer's new account. *authority*: their application or consent, or the rule for it."""

    to_account: str
    authority: str
    type: Literal["follow_debt"] = "follow_debt"
