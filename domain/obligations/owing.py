"""What is known that can make the utility owe something, and what an obligation states."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.facts import Fact
from domain.verdict import Arithmetic


class Duty(StrEnum):
    """What is owed. The values are stored for ever."""

    DISPUTE_ANSWER = "dispute_answer"
    AGREEMENT_OFFER = "agreement_offer"
    AGREEMENT_BROKEN = "agreement_broken"
    DESIGNEE_COPY = "designee_copy"
    NOTICE_COPIES = "notice_copies"
    ANNUAL_NOTICE = "annual_notice"
    CITY_LIST = "city_list"
    CITY_LIST_DAILY = "city_list_daily"
    PROOF_OF_CLAIM = "proof_of_claim"
    REVOCATION = "revocation"
    DEPOSIT_REFUND = "deposit_refund"
    UNCLAIMED_CREDIT = "unclaimed_credit"
    CHANGE_APPLIED = "change_applied"
    PROOF_OF_SERVICE = "proof_of_service"
    WRONG_CUT_RESTORED = "wrong_cut_restored"
    WRONG_CUT_LETTER = "wrong_cut_letter"
    WRONG_CUT_REPORT = "wrong_cut_report"
    WRONG_CUT_COUNSEL = "wrong_cut_counsel"
    WRONG_CUT_FEES = "wrong_cut_fees"
    INQUIRY_REPLY = "inquiry_reply"


FROM_FACTS = frozenset({Duty.DISPUTE_ANSWER, Duty.PROOF_OF_SERVICE, Duty.WRONG_CUT_RESTORED, Duty.INQUIRY_REPLY})
"""What is met by what happens, not by a word: a reviewer's decision, the mail house's receipt, a crew, an answer."""


class State(StrEnum):
    OPEN = "open"
    WARNED = "warned"
    BREACHED = "breached"
    MET = "met"
    MET_LATE = "met_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing owed. *owner*: the role whose work it is. *warn_on*: pressing from then on. *due_on* still counts.

    *met_on* none: not done yet. *account_no* empty: it is owed to everyone, or to an authority.
    """

    key: str
    duty: Duty
    owner: str
    owed_to: str
    arose_on: date
    warn_on: date
    due_on: date
    says: str
    rule: str
    citation: str
    account_no: str = ""
    case_id: str = ""
    facts: tuple[str, ...] = ()
    arithmetic: tuple[Arithmetic, ...] = ()
    met_on: date | None = None
    met_by: str = ""
    evidence: str = ""

    def state(self, on: date) -> State:
        """Return how it stands on *on*: what is done late was breached before."""
        if self.met_on is not None:
            return State.MET if self.met_on <= self.due_on else State.MET_LATE
        if on > self.due_on:
            return State.BREACHED
        return State.WARNED if on >= self.warn_on else State.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """A letter that was mailed; *receipt* is the mail house's own word for it."""

    letter_id: str
    on: date
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The account's latest agreement: when, and whether it broke."""

    on: date
    broken_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A cut that was found wrong: which service, when it was found, when it came back and when its fees were gone.

    *ended*: the account has ended, so that nobody reconnects the place on its customer's word.
    """

    order_id: str
    service: str
    found_on: date
    restored_on: date | None = None
    letter_on: date | None = None
    fees_on: date | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What somebody asked about the account: when, by which day they are answered, and when they were."""

    inquiry_id: str
    asked_on: date
    reply_by: date
    answered_on: date | None = None
    answered_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """What is known of one account that can make the utility owe something."""

    account_no: str
    case_id: str = ""
    facts: tuple[Fact, ...] = ()
    in_arrears: bool = False
    notice: Mailed | None = None
    agreed: Agreed | None = None
    ended_on: date | None = None
    deposit_cents: int = 0
    incidents: tuple[Incident, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Money that belongs to nobody known, since when."""

    name: str
    since: date
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unapplied:
    """A notice of change that billing has not applied to the stored bank account yet, since when."""

    name: str
    code: str
    since: date
