"""What has happened in a case, in the past tense; never refused, stored for ever, numbered from 1 within the case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.account import Service, Snapshot
from domain.arrangement import Arrangement
from domain.case import Notice, Order, Promise
from domain.commands import AgreeArrangement
from domain.facts import Fact
from domain.money import Money
from domain.states import ClosedReason, ServiceStatus, Stage
from domain.verdict import Certificate, Refusal

# Fields that may hold words about a person. The timeline keeps them encrypted under the customer's key.
PRIVATE_FIELDS = frozenset({"note", "summary", "question", "answer", "about", "title", "because"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    known: Snapshot
    stage: Stage
    services_off: tuple[Service, ...] = ()
    linked_to: str = ""
    remedy_ref: str = ""
    because: str = ""
    type: Literal["case_opened"] = "case_opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRead:
    """The case looked again and found something changed."""

    known: Snapshot
    balance: Money
    past_due: Money
    change: Money
    type: Literal["account_read"] = "account_read"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSent:
    notice: Notice
    type: Literal["reminder_sent"] = "reminder_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeServed:
    notice: Notice
    type: Literal["notice_served"] = "notice_served"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWithdrawn:
    """A reminder or notice no longer stands: what it names was paid, or it went stale."""

    kind: str
    because: str
    type: Literal["notice_withdrawn"] = "notice_withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecorded:
    channel: str
    direction: str
    outcome: str
    right_party: bool
    summary: str = ""
    rights_offered: tuple[str, ...] = ()
    language: str = "en"
    type: Literal["contact_recorded"] = "contact_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRecorded:
    promise: Promise
    type: Literal["promise_recorded"] = "promise_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept:
    amount: Money
    type: Literal["promise_kept"] = "promise_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseBroken:
    amount: Money
    paid: Money
    type: Literal["promise_broken"] = "promise_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted:
    until: date
    refs: tuple[str, ...]
    type: Literal["extension_granted"] = "extension_granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionEnded:
    until: date
    type: Literal["extension_ended"] = "extension_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementAgreed:
    arrangement: Arrangement
    type: Literal["arrangement_agreed"] = "arrangement_agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentsMet:
    """How many leading instalments the money now covers; fewer than before after a returned payment."""

    met: int
    of: int
    paid: Money
    type: Literal["instalments_met"] = "instalments_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementBreached:
    missed_on: date
    owing: Money
    cure_by: date
    letter: str
    type: Literal["arrangement_breached"] = "arrangement_breached"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachCured:
    """*undone*: the breach rested on a mistake and does not count as a reinstatement."""

    undone: bool = False
    type: Literal["breach_cured"] = "breach_cured"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementDefaulted:
    owing: Money
    type: Literal["arrangement_defaulted"] = "arrangement_defaulted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementCompleted:
    paid: Money
    type: Literal["arrangement_completed"] = "arrangement_completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangementCancelled:
    because: str
    type: Literal["arrangement_cancelled"] = "arrangement_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecorded:
    fact: Fact
    replaces: str = ""
    type: Literal["fact_recorded"] = "fact_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactEnded:
    """A hold or dispute was released, or a fact withdrawn. *until* is its new end."""

    fact_id: str
    kind: str
    until: datetime
    withdrawn: bool
    because: str
    type: Literal["fact_ended"] = "fact_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsked:
    approval_id: str
    act: str
    amount: Money
    decision: str
    service: Service | None = None
    proposal: AgreeArrangement | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    to: str
    type: Literal["assigned"] = "assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded:
    note: str
    type: Literal["note_added"] = "note_added"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAttached:
    sha256: str
    media_type: str
    title: str
    scanned: bool
    type: Literal["document_attached"] = "document_attached"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpSet:
    on: date
    about: str
    type: Literal["follow_up_set"] = "follow_up_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRaised:
    """Something a person must look at. *kind* is stable; *about* is for people."""

    kind: str
    about: str
    urgent: bool = False
    type: Literal["task_raised"] = "task_raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    question: str
    type: Literal["referred"] = "referred"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAnswered:
    answer: str
    type: Literal["referral_answered"] = "referral_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRefused:
    """A decision that the case had accepted for handling was refused on a second look."""

    decision: str
    refusal: Refusal
    type: Literal["decision_refused"] = "decision_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    reason: ClosedReason
    because: str = ""
    type: Literal["case_closed"] = "case_closed"


Body = (
    CaseOpened
    | AccountRead
    | ReminderSent
    | NoticeServed
    | NoticeWithdrawn
    | ContactRecorded
    | PromiseRecorded
    | PromiseKept
    | PromiseBroken
    | ExtensionGranted
    | ExtensionEnded
    | ArrangementAgreed
    | InstalmentsMet
    | ArrangementBreached
    | BreachCured
    | ArrangementDefaulted
    | ArrangementCompleted
    | ArrangementCancelled
    | FactRecorded
    | FactEnded
    | ApprovalAsked
    | ApprovalGranted
    | ApprovalRejected
    | ApprovalLapsed
    | DisconnectionRecommended
    | OrderPlaced
    | OrderDispatched
    | OrderAcknowledged
    | OrderWithdrawn
    | RecallFailed
    | OrderNotCompleted
    | ServiceDisconnected
    | ServiceRestored
    | OutsideActNoted
    | FinalBilled
    | PlacedWithAgency
    | RecalledFromAgency
    | ClaimFiled
    | ClaimEnded
    | JudgmentEntered
    | WrittenOff
    | WriteOffReversed
    | Assigned
    | NoteAdded
    | DocumentAttached
    | FollowUpSet
    | TaskRaised
    | Referred
    | ReferralAnswered
    | DecisionRefused
    | CaseClosed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a case's life. *on* is the city's date of *at*; *key* makes recording it twice change nothing.

    *stage* and *status* are the case's after the event, for the reader of the record.
    """

    seq: int
    key: str
    at: datetime
    on: date
    by: str
    body: Body
    certificate: Certificate | None = None
