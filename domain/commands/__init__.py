"""What a person or a file may ask of a case, in the imperative; each may be refused."""

from dataclasses import dataclass
from datetime import datetime

from domain.commands.agreements import (
    AgreeArrangement,
    AssessAbilityToPay,
    CancelArrangement,
    CureBreach,
    GrantExtension,
    OfferArrangement,
    RecordBreach,
    RecordPromise,
    ReferForAssistance,
    SignArrangement,
    TellPrograms,
)
from domain.commands.desk import (
    AddNote,
    AnswerReferral,
    Approve,
    Assign,
    AttachDocument,
    CloseCase,
    RecordContact,
    ReferToSupervisor,
    Reject,
    SetFollowUp,
)
from domain.commands.facts import (
    CorrectFact,
    FileBankruptcy,
    OpenDispute,
    PlaceHold,
    RecordFact,
    RecordPlanPayment,
    ReleaseHold,
    ResolveBankruptcy,
    ResolveDispute,
)
from domain.commands.field import (
    CancelDisconnection,
    EndService,
    RecommendDisconnection,
    RequestReactivation,
    RequestVisit,
)
from domain.commands.money import (
    ProposeAdjustment,
    ProposeRefund,
)
from domain.commands.remedies import (
    BillLienInterest,
    CertifyToTax,
    FileLien,
    FileSetoff,
    FollowDebt,
    GiveUpLienInterest,
    ProposeSettlement,
    ProposeWriteOff,
    RecallFromAgency,
    RecordFiling,
    RecordFinalBill,
    RecordHearing,
    RecordJudgment,
    RecordSatisfaction,
    ReferToAgency,
    ReferToCourt,
    ReverseWriteOff,
    WithdrawRemedy,
)

# What a second person can be asked to agree to, with its terms.
Proposal = (
    AgreeArrangement
    | ReferToAgency
    | ReferToCourt
    | FileSetoff
    | CertifyToTax
    | FileLien
    | ProposeSettlement
    | ProposeWriteOff
    | FollowDebt
    | GiveUpLienInterest
)

Command = (
    RecordContact
    | RecordPromise
    | GrantExtension
    | AssessAbilityToPay
    | OfferArrangement
    | TellPrograms
    | ReferForAssistance
    | AgreeArrangement
    | SignArrangement
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
    | RequestVisit
    | EndService
    | RecordFinalBill
    | ReferToAgency
    | RecallFromAgency
    | ReferToCourt
    | RecordJudgment
    | RecordSatisfaction
    | FileBankruptcy
    | ResolveBankruptcy
    | RecordPlanPayment
    | ProposeAdjustment
    | ProposeRefund
    | ProposeWriteOff
    | RecordFiling
    | RecordHearing
    | FileSetoff
    | CertifyToTax
    | FileLien
    | WithdrawRemedy
    | BillLienInterest
    | GiveUpLienInterest
    | FollowDebt
    | ProposeSettlement
    | ReverseWriteOff
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
    """A command as the desk sends it. *key* is the caller's idempotency key, *at* the business instant at the edge.

    *senior*, *supervisor*: what the role of whoever decides counts for; a supervisor is both.
    """

    key: str
    at: datetime
    by: str
    command: Command
    senior: bool = False
    supervisor: bool = False


__all__ = [
    "AddNote",
    "AgreeArrangement",
    "AnswerReferral",
    "Approve",
    "AssessAbilityToPay",
    "Assign",
    "AttachDocument",
    "BillLienInterest",
    "CancelArrangement",
    "CancelDisconnection",
    "CertifyToTax",
    "CloseCase",
    "Command",
    "CorrectFact",
    "CureBreach",
    "Decision",
    "EndService",
    "FileBankruptcy",
    "FileLien",
    "FileSetoff",
    "FollowDebt",
    "GiveUpLienInterest",
    "GrantExtension",
    "OfferArrangement",
    "OpenDispute",
    "PlaceHold",
    "Proposal",
    "ProposeAdjustment",
    "ProposeRefund",
    "ProposeSettlement",
    "ProposeWriteOff",
    "RecallFromAgency",
    "RecommendDisconnection",
    "RecordBreach",
    "RecordContact",
    "RecordFact",
    "RecordFiling",
    "RecordFinalBill",
    "RecordHearing",
    "RecordJudgment",
    "RecordPlanPayment",
    "RecordPromise",
    "RecordSatisfaction",
    "ReferForAssistance",
    "ReferToAgency",
    "ReferToCourt",
    "ReferToSupervisor",
    "Reject",
    "ReleaseHold",
    "RequestReactivation",
    "RequestVisit",
    "ResolveBankruptcy",
    "ResolveDispute",
    "ReverseWriteOff",
    "SetFollowUp",
    "SignArrangement",
    "TellPrograms",
    "WithdrawRemedy",
]
