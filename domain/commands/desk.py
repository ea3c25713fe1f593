"""The desk's own: contacts, questions, notes, documents, follow-ups, and what a second person says."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.states import ClosedReason

IdentityCheck = Literal[
    "name", "service_address", "phone", "email", "meter", "last_payment", "photo_id", "called_back", "authority"
]
"""By what somebody is found to be who they say: by what they could name or show, or by a call to the number on record.

`authority`: that they may be spoken to stands on record, as of a designee, a lawyer or an agency with a pledge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContact:
    """Note a contact, or an attempt. It cannot be edited: a further entry *corrects* the earlier one, by its id.

    *who* it was with: a tenant and an owner as such where the account is another's. *identity*: by what was checked
    that they are who they say, never what was answered. *purpose* of a contact of ours: `optional`, or what no cap and
    no quiet week stops: one that law or pack requires before a cut, a call-back the customer asked for, a reminder
    agreed to, the crew on its way. *rights_offered*: each with the instant of the entry. *interpreter*: the service or
    number, never a name.
    """

    channel: Literal["phone", "letter", "email", "sms", "in_person", "door"]
    direction: Literal["in", "out"]
    outcome: Literal[
        "reached",
        "left_message",
        "no_answer",
        "wrong_number",
        "refused",
        "undeliverable",
        "stop_requested",
        "call_back_requested",
    ]
    right_party: bool = False
    summary: str = ""
    rights_offered: tuple[str, ...] = ()
    language: str = "en"
    who: Literal["customer", "household", "designee", "lawyer", "tenant", "owner", "agency", "other", "nobody"] = (
        "customer"
    )
    identity: tuple[IdentityCheck, ...] = ()
    purpose: Literal["optional", "required_before_cut", "call_back", "agreed_reminder", "on_the_way"] = "optional"
    interpreter: str = ""
    corrects: str = ""
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
