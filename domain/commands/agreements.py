"""Ability to pay, offers, payment arrangements, promises and extensions."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.ability import Income
from domain.money import Money

Payer = Literal["customer", "agency", "landlord", "family", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPromise:
    amount: Money
    by: date
    because: str = ""
    type: Literal["record_promise"] = "record_promise"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantExtension:
    until: date
    because: str = ""
    type: Literal["grant_extension"] = "grant_extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessAbilityToPay:
    """Write down what a household lives on. *evidence* names the document; *until* none means the pack's days."""

    household_size: int
    incomes: tuple[Income, ...] = ()
    aid: tuple[str, ...] = ()
    expenses: Money | None = None
    circumstances: tuple[str, ...] = ()
    evidence: str = ""
    until: date | None = None
    type: Literal["assess_ability_to_pay"] = "assess_ability_to_pay"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferArrangement:
    """Put the best lawful offers to the customer, at most *most*; *declined*: they were turned down, and how."""

    most: int = 3
    declined: bool = False
    by: Literal["phone", "in_person", "letter"] = "phone"
    type: Literal["offer_arrangement"] = "offer_arrangement"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPrograms:
    """Record that the customer was told of *programs*; *providers*: the list of assistance providers went with it."""

    programs: tuple[str, ...]
    providers: bool = False
    type: Literal["tell_programs"] = "tell_programs"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferForAssistance:
    """Give the referral form of *program*; letters and cuts wait for its voucher through the pack's days."""

    program: str
    form: str = ""
    type: Literal["refer_for_assistance"] = "refer_for_assistance"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeArrangement:
    """Agree to pay what is past due in *months* instalments after *down* (the pack's share if none is given).

    *current_bills* none: as the pack says. *payer*: who pays; a third party's name and the authority by which it may
    are written down, *payer_share* is its part of each payment (all where none is named). *renegotiates*: the standing
    agreement gives way to this one.
    """

    months: int
    down: Money | None = None
    first_due_on: date | None = None
    payer: Payer = "customer"
    payer_share: Money | None = None
    third_party: str = ""
    authority: str = ""
    signed: bool = False
    current_bills: bool | None = None
    renegotiates: bool = False
    type: Literal["agree_arrangement"] = "agree_arrangement"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignArrangement:
    """Record the signature under what was agreed by voice; *evidence* names the document."""

    evidence: str = ""
    type: Literal["sign_arrangement"] = "sign_arrangement"


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
    """Note that a breach is cured. *mistake*: it never was one; it is undone, also after it was cured or defaulted."""

    because: str
    mistake: bool = False
    type: Literal["cure_breach"] = "cure_breach"
