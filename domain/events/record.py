"""What is written down of a case: its opening and end, looks, contacts, facts, notes, tasks and refusals."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from domain.account import Service, Snapshot
from domain.case import Carried
from domain.facts import Fact
from domain.money import Money
from domain.states import ClosedReason, Stage
from domain.verdict import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """*carried*: what goes on from the case before; what is private in it stands beside it, sealed.

    *spread_by*: the name by which its work is spread over a day.
    """

    known: Snapshot
    stage: Stage
    services_off: tuple[Service, ...] = ()
    linked_to: str = ""
    carried: Carried | None = None
    household: str = ""
    third_party: str = ""
    authority: str = ""
    remedy_ref: str = ""
    because: str = ""
    spread_by: str = ""
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
class ContactRecorded:
    """A contact or an attempt. *exceptions*: each rule against one of ours, and why it went out all the same.

    *corrects*: the earlier entry that this one puts right. *identity*: by what was checked that they are who they say.
    """

    channel: str
    direction: str
    outcome: str
    right_party: bool
    summary: str = ""
    rights_offered: tuple[str, ...] = ()
    language: str = "en"
    who: str = "customer"
    identity: tuple[str, ...] = ()
    purpose: str = "optional"
    interpreter: str = ""
    corrects: str = ""
    exceptions: tuple[str, ...] = ()
    type: Literal["contact_recorded"] = "contact_recorded"


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
