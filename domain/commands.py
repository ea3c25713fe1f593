"""What a person or a file may ask of a case, in the imperative; each may be refused."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.account import Service
from domain.facts import FactKind
from domain.money import Money
from domain.states import ClosedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact:
    channel: Literal["phone", "letter", "email", "sms", "in_person", "door"]
    direction: Literal["in", "out"]
    outcome: Literal["reached", "left_message", "no_answer", "wrong_number", "refused", "undeliverable"]
    right_party: bool = False
    summary: str = ""
    rights_offered: tuple[str, ...] = ()
    language: str = "en"
    type: Literal["record_contact"] = "record_contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPromise:
    amount: Money
    by: date
    type: Literal["record_promise"] = "record_promise"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantExtension:
    until: date
    type: Literal["grant_extension"] = "grant_extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeArrangement:
    """Agree to pay what is past due in *months* instalments after *down* (the pack's share if none is given)."""

    months: int
    down: Money | None = None
    first_due_on: date | None = None
    payer: str = "customer"
    signed: bool = False
    type: Literal["agree_arrangement"] = "agree_arrangement"


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelArrangement:
    because: str
    type: Literal["cancel_arrangement"] = "cancel_arrangement"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBreach:
    because: str
    type: Literal["record_breach"] = "record_breach"


@dataclass(frozen=True, slots=True, kw_only=True)
class CureBreach:
    because: str
    mistake: bool = False
    type: Literal["cure_breach"] = "cure_breach"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    because: str
    until: date | None = None
    type: Literal["place_hold"] = "place_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    fact_id: str
    because: str
    type: Literal["release_hold"] = "release_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispute:
    about: str
    amount: Money | None = None
    type: Literal["open_dispute"] = "open_dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveDispute:
    fact_id: str
    outcome: Literal["upheld", "rejected", "withdrawn"]
    because: str
    type: Literal["resolve_dispute"] = "resolve_dispute"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """Record a fact of any kind. *starts* defaults to the instant of the decision."""

    kind: FactKind
    starts: datetime | None = None
    until: datetime | None = None
    amount: Money | None = None
    source: str = ""
    evidence: str = ""
    details: tuple[tuple[str, str], ...] = ()
    type: Literal["record_fact"] = "record_fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectFact:
    """Replace a fact by a corrected one; with no *kind* the fact is withdrawn."""

    fact_id: str
    because: str
    kind: FactKind | None = None
    starts: datetime | None = None
    until: datetime | None = None
    amount: Money | None = None
    source: str = ""
    evidence: str = ""
    details: tuple[tuple[str, str], ...] = ()
    type: Literal["correct_fact"] = "correct_fact"


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
class FileBankruptcy:
    chapter: Literal["7", "11", "13"]
    petition_on: date
    docket: str = ""
    type: Literal["file_bankruptcy"] = "file_bankruptcy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveBankruptcy:
    outcome: Literal["dismissed", "discharged", "closed"]
    because: str
    type: Literal["resolve_bankruptcy"] = "resolve_bankruptcy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeWriteOff:
    because: str
    type: Literal["propose_write_off"] = "propose_write_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferToSupervisor:
    question: str
    type: Literal["refer_to_supervisor"] = "refer_to_supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReferral:
    answer: str
    type: Literal["answer_referral"] = "answer_referral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    to: str
    type: Literal["assign"] = "assign"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    note: str
    type: Literal["add_note"] = "add_note"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachDocument:
    sha256: str
    media_type: str
    title: str
    scanned: bool = False
    type: Literal["attach_document"] = "attach_document"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFollowUp:
    on: date
    about: str
    type: Literal["set_follow_up"] = "set_follow_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase:
    reason: ClosedReason
    because: str
    type: Literal["close"] = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    approval_id: str
    type: Literal["approve"] = "approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    approval_id: str
    because: str
    type: Literal["reject"] = "reject"


Command = (
    RecordContact
    | RecordPromise
    | GrantExtension
    | AgreeArrangement
    | CancelArrangement
    | RecordBreach
    | CureBreach
    | PlaceHold
    | ReleaseHold
    | OpenDispute
    | ResolveDispute
    | RecordFact
    | CorrectFact
    | RecommendDisconnection
    | CancelDisconnection
    | RequestReactivation
    | RecordFinalBill
    | ReferToAgency
    | RecallFromAgency
    | ReferToCourt
    | RecordJudgment
    | RecordSatisfaction
    | FileBankruptcy
    | ResolveBankruptcy
    | ProposeWriteOff
    | ReferToSupervisor
    | AnswerReferral
    | Assign
    | AddNote
    | AttachDocument
    | SetFollowUp
    | CloseCase
    | Approve
    | Reject
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A command as the desk sends it. *key* is the caller's idempotency key, *at* the business instant at the edge."""

    key: str
    at: datetime
    by: str
    command: Command
    senior: bool = False
