"""What has happened in a case, in the past tense; never refused, stored for ever, numbered from 1 within the case."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.events.agreements import (
    AbilityAssessed,
    ArrangementAgreed,
    ArrangementBreached,
    ArrangementCancelled,
    ArrangementCompleted,
    ArrangementDefaulted,
    ArrangementLapsed,
    ArrangementOffered,
    ArrangementReopened,
    ArrangementSigned,
    BreachCured,
    BreachUndone,
    InstalmentsMet,
    OfferedTerms,
    SignatureMissed,
)
from domain.events.approvals import (
    ApprovalAsked,
    ApprovalGranted,
    ApprovalLapsed,
    ApprovalRejected,
    DisconnectionRecommended,
)
from domain.events.bankruptcy import (
    DebtDischarged,
    DebtRevived,
    PetitionSplit,
    PlanPaymentApplied,
    PlanPaymentNoted,
)
from domain.events.field import (
    CutFoundWrong,
    FeeCharged,
    FeeRemoved,
    OrderAccepted,
    OrderAcknowledged,
    OrderDeferred,
    OrderDispatched,
    OrderEscalated,
    OrderNotCompleted,
    OrderPlaced,
    OrderReminded,
    OrderWithdrawn,
    OutsideActNoted,
    ReactivationRequested,
    RecallFailed,
    RecallSent,
    ReconnectionOffered,
    ServiceDisconnected,
    ServiceEnding,
    ServiceRestored,
    StrikeRemoved,
    VisitCompleted,
    VisitWanted,
)
from domain.events.mail import LetterReturned, MailingConfirmed, PaymentReminded
from domain.events.money import AdjustmentProposed, RefundProposed
from domain.events.opening import CaseTakenOver
from domain.events.path import (
    ExtensionEnded,
    ExtensionGranted,
    NoticeServed,
    NoticeWithdrawn,
    PathResumed,
    PromiseBroken,
    PromiseKept,
    PromiseRecorded,
    ReminderSent,
)
from domain.events.record import (
    AccountRead,
    Assigned,
    CaseClosed,
    CaseOpened,
    ContactRecorded,
    DecisionRefused,
    DocumentAttached,
    FactEnded,
    FactRecorded,
    FollowUpSet,
    NoteAdded,
    ReferralAnswered,
    Referred,
    TaskRaised,
)
from domain.events.remedies import (
    ClaimEnded,
    ClaimFiled,
    DebtFollows,
    DebtMoved,
    FinalBilled,
    HearingHeld,
    JudgmentEntered,
    LienInterestAsked,
    LienInterestBilled,
    LienInterestGivenUp,
    PlacedWithAgency,
    PlacementNoticeSent,
    RecallAsked,
    RecalledFromAgency,
    RecoveryReceived,
    RemedyDecided,
    RemedyDropped,
    RemedyEnded,
    RemedyMarked,
    RemedyStands,
    RemedyTold,
    SettlementAgreed,
    SettlementBroken,
    SettlementPaid,
    WriteOffReversed,
    WrittenOff,
)
from domain.verdict import Certificate

# Fields that may hold words about a person. The timeline keeps them encrypted under the customer's key.
PRIVATE_FIELDS = frozenset(
    {
        "note",
        "summary",
        "question",
        "answer",
        "about",
        "title",
        "because",
        "household",
        "third_party",
        "authority",
    }
)

Body = (
    CaseOpened
    | CaseTakenOver
    | AccountRead
    | ReminderSent
    | NoticeServed
    | NoticeWithdrawn
    | PathResumed
    | MailingConfirmed
    | LetterReturned
    | PaymentReminded
    | ContactRecorded
    | PromiseRecorded
    | PromiseKept
    | PromiseBroken
    | ExtensionGranted
    | ExtensionEnded
    | AbilityAssessed
    | ArrangementOffered
    | ArrangementAgreed
    | ArrangementSigned
    | SignatureMissed
    | InstalmentsMet
    | ArrangementLapsed
    | ArrangementBreached
    | BreachCured
    | BreachUndone
    | ArrangementDefaulted
    | ArrangementCompleted
    | ArrangementReopened
    | ArrangementCancelled
    | FactRecorded
    | FactEnded
    | ApprovalAsked
    | ApprovalGranted
    | ApprovalRejected
    | ApprovalLapsed
    | DisconnectionRecommended
    | OrderPlaced
    | OrderDeferred
    | OrderAccepted
    | OrderReminded
    | OrderEscalated
    | OrderDispatched
    | OrderAcknowledged
    | OrderWithdrawn
    | RecallSent
    | RecallFailed
    | ReconnectionOffered
    | OrderNotCompleted
    | ServiceDisconnected
    | CutFoundWrong
    | StrikeRemoved
    | ServiceRestored
    | FeeCharged
    | FeeRemoved
    | ServiceEnding
    | ReactivationRequested
    | VisitWanted
    | VisitCompleted
    | OutsideActNoted
    | FinalBilled
    | PlacedWithAgency
    | RecallAsked
    | RecalledFromAgency
    | ClaimFiled
    | ClaimEnded
    | JudgmentEntered
    | WrittenOff
    | WriteOffReversed
    | PlacementNoticeSent
    | RemedyDecided
    | RemedyDropped
    | HearingHeld
    | RemedyStands
    | RemedyTold
    | DebtFollows
    | DebtMoved
    | PetitionSplit
    | PlanPaymentNoted
    | PlanPaymentApplied
    | DebtRevived
    | DebtDischarged
    | RemedyMarked
    | LienInterestAsked
    | LienInterestBilled
    | LienInterestGivenUp
    | RemedyEnded
    | SettlementAgreed
    | SettlementBroken
    | SettlementPaid
    | RecoveryReceived
    | AdjustmentProposed
    | RefundProposed
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


__all__ = [
    "PRIVATE_FIELDS",
    "AbilityAssessed",
    "AccountRead",
    "AdjustmentProposed",
    "ApprovalAsked",
    "ApprovalGranted",
    "ApprovalLapsed",
    "ApprovalRejected",
    "ArrangementAgreed",
    "ArrangementBreached",
    "ArrangementCancelled",
    "ArrangementCompleted",
    "ArrangementDefaulted",
    "ArrangementLapsed",
    "ArrangementOffered",
    "ArrangementReopened",
    "ArrangementSigned",
    "Assigned",
    "Body",
    "BreachCured",
    "BreachUndone",
    "CaseClosed",
    "CaseOpened",
    "CaseTakenOver",
    "ClaimEnded",
    "ClaimFiled",
    "ContactRecorded",
    "CutFoundWrong",
    "DebtDischarged",
    "DebtFollows",
    "DebtMoved",
    "DebtRevived",
    "DecisionRefused",
    "DisconnectionRecommended",
    "DocumentAttached",
    "Event",
    "ExtensionEnded",
    "ExtensionGranted",
    "FactEnded",
    "FactRecorded",
    "FeeCharged",
    "FeeRemoved",
    "FinalBilled",
    "FollowUpSet",
    "HearingHeld",
    "InstalmentsMet",
    "JudgmentEntered",
    "LetterReturned",
    "LienInterestAsked",
    "LienInterestBilled",
    "LienInterestGivenUp",
    "MailingConfirmed",
    "NoteAdded",
    "NoticeServed",
    "NoticeWithdrawn",
    "OfferedTerms",
    "OrderAccepted",
    "OrderAcknowledged",
    "OrderDeferred",
    "OrderDispatched",
    "OrderEscalated",
    "OrderNotCompleted",
    "OrderPlaced",
    "OrderReminded",
    "OrderWithdrawn",
    "OutsideActNoted",
    "PathResumed",
    "PaymentReminded",
    "PetitionSplit",
    "PlacedWithAgency",
    "PlacementNoticeSent",
    "PlanPaymentApplied",
    "PlanPaymentNoted",
    "PromiseBroken",
    "PromiseKept",
    "PromiseRecorded",
    "ReactivationRequested",
    "RecallAsked",
    "RecallFailed",
    "RecallSent",
    "RecalledFromAgency",
    "ReconnectionOffered",
    "RecoveryReceived",
    "ReferralAnswered",
    "Referred",
    "RefundProposed",
    "RemedyDecided",
    "RemedyDropped",
    "RemedyEnded",
    "RemedyMarked",
    "RemedyStands",
    "RemedyTold",
    "ReminderSent",
    "ServiceDisconnected",
    "ServiceEnding",
    "ServiceRestored",
    "SettlementAgreed",
    "SettlementBroken",
    "SettlementPaid",
    "SignatureMissed",
    "StrikeRemoved",
    "TaskRaised",
    "VisitCompleted",
    "VisitWanted",
    "WriteOffReversed",
    "WrittenOff",
]
