"""What comes after service has ended: final bill, agency, court, set-off, property, write-off, settlement."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.account import Service
from domain.liens import InterestPart
from domain.money import Money
from domain.remedy import Mark, Remedy, Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalBilled:
    due_on: date
    amount: Money
    type: Literal["final_billed"] = "final_billed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementNoticeSent:
    """The customer was told that the debt will be placed, and from which day; *awaited*: its mailing is unconfirmed."""

    amount: Money
    places_from: date
    letter: str
    mailed_on: date
    awaited: bool = False
    type: Literal["placement_notice_sent"] = "placement_notice_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyDecided:
    """A remedy was decided on; it holds its bills from now on, though the other side has not heard of it yet.

    *because*: by which rule this agency was chosen, where one chose.
    """

    remedy: Remedy
    because: str = ""
    type: Literal["remedy_decided"] = "remedy_decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyDropped:
    """A remedy came to nothing before the other side had it."""

    remedy_id: str
    because: str
    type: Literal["remedy_dropped"] = "remedy_dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWithAgency:
    """The agency has the debt. *remedy*: the one that stands now, decided here or found outside."""

    remedy: Remedy
    type: Literal["placed_with_agency"] = "placed_with_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallAsked:
    """A person takes the debt back; the agency hears of it next."""

    remedy_id: str
    because: str
    type: Literal["recall_asked"] = "recall_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalledFromAgency:
    remedy_id: str
    ref: str
    because: str
    left: Money = Money(0)
    type: Literal["recalled_from_agency"] = "recalled_from_agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFiled:
    """The court has the claim. *remedy*: the one that stands now, decided here or found outside."""

    remedy: Remedy
    type: Literal["claim_filed"] = "claim_filed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingHeld:
    """What the court did on the day of the hearing; *next_on* when it was continued."""

    remedy_id: str
    result: str
    next_on: date | None = None
    type: Literal["hearing_held"] = "hearing_held"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEnded:
    remedy_id: str
    ref: str
    because: str
    type: Literal["claim_ended"] = "claim_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgmentEntered:
    """*amount* with the *costs* that were granted; *final_on*: the day the stay is over."""

    remedy_id: str
    ref: str
    amount: Money
    final_on: date
    expires_on: date | None = None
    costs: Money = Money(0)
    type: Literal["judgment_entered"] = "judgment_entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyStands:
    """A set-off claim, a certification or a lien was handed in: it stands on property or on refunds."""

    remedy: Remedy
    type: Literal["remedy_stands"] = "remedy_stands"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyTold:
    """The other side was told what is left, after *change* of it came or went.

    *commission*: what an agency earns by a change that the city took. *collected*: the agency took it itself and told
    us, so that nobody was to be told.
    """

    remedy_id: str
    change: Money
    left: Money
    commission: Money = Money(0)
    collected: bool = False
    type: Literal["remedy_told"] = "remedy_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyMarked:
    """Something on the way of a remedy was done or came in: acknowledged, served, docketed.

    *awaited*, of a notice: the day on which it was mailed is yet to be confirmed.
    """

    remedy_id: str
    mark: Mark
    on: date
    ref: str = ""
    awaited: bool = False
    type: Literal["remedy_marked"] = "remedy_marked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyEnded:
    """A set-off claim, certification, lien or judgment is released."""

    remedy_id: str
    because: str
    type: Literal["remedy_ended"] = "remedy_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class LienInterestAsked:
    """A lien's interest is to be billed, each service its part of it; billing hears of it next."""

    remedy_id: str
    amount: Money
    parts: tuple[InterestPart, ...]
    type: Literal["lien_interest_asked"] = "lien_interest_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LienInterestBilled:
    """Billing asks for a part of a lien's interest, as the bill *ref*; the lien secures it too, until it is paid."""

    remedy_id: str
    service: Service
    amount: Money
    ref: str
    type: Literal["lien_interest_billed"] = "lien_interest_billed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LienInterestGivenUp:
    """So much of a lien's interest is asked for no more."""

    remedy_id: str
    amount: Money
    because: str
    type: Literal["lien_interest_given_up"] = "lien_interest_given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementAgreed:
    settlement: Settlement
    type: Literal["settlement_agreed"] = "settlement_agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementPaid:
    """The sum came in time; *left* is to be taken off the books with a second person's leave."""

    amount: Money
    left: Money
    type: Literal["settlement_paid"] = "settlement_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementBroken:
    """The day passed and the sum did not come: the whole is owed again."""

    amount: Money
    paid: Money
    type: Literal["settlement_broken"] = "settlement_broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOff:
    """The debt is off the books: it is still owed, unless it is *given_up*; then nobody collects it any more."""

    amount: Money
    because: str
    given_up: bool = False
    type: Literal["written_off"] = "written_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryReceived:
    """Money came in on a debt that had been written off."""

    amount: Money
    left: Money
    type: Literal["recovery_received"] = "recovery_received"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffReversed:
    because: str
    type: Literal["write_off_reversed"] = "write_off_reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtFollows:
    """The debt is to follow its customer to another account, by *authority*; billing hears of it next."""

    to_account: str
    amount: Money
    authority: str
    type: Literal["debt_follows"] = "debt_follows"


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtMoved:
    """Billing shows *amount* on the customer's other account."""

    to_account: str
    amount: Money
    type: Literal["debt_moved"] = "debt_moved"
