"""The desk's own: contacts, questions, notes, documents, follow-ups, and what a second person says."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

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
