"""Facts: what someone knows about an account, customer or premises, from when until when, and since when we know it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from domain.money import Money

ALWAYS: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When a fact began of which nobody says since when: before anything here is asked about."""


class FactKind(StrEnum):
    """Holds and protections are facts, not states: they overlap each other and every stage."""

    HOLD = "hold"
    DISPUTE = "dispute"
    APPEAL = "appeal"
    MEDICAL_CERTIFICATE = "medical_certificate"
    LIFE_SUPPORT = "life_support"
    MEDICAL_EQUIPMENT = "medical_equipment"
    INCOME_QUALIFICATION = "income_qualification"
    PUBLIC_ASSISTANCE = "public_assistance"
    INABILITY_TO_PAY_FORM = "inability_to_pay_form"
    REFERRAL_GIVEN = "referral_given"
    OCCUPANCY_CHECK = "occupancy_check"
    PROVIDER_NOTICE = "provider_notice"
    AGREEMENT_DECLINED = "agreement_declined"
    PREFERRED_PAYMENT_DATE = "preferred_payment_date"
    MILITARY_ORDERS = "military_orders"
    BANKRUPTCY = "bankruptcy"
    HEAT_PRODUCT = "heat_product"
    TENANT_OCCUPIED = "tenant_occupied"
    TENANT_NOTICE = "tenant_notice"
    OWNER_WAIVER = "owner_waiver"
    THIRD_PARTY_DESIGNEE = "third_party_designee"
    THIRD_PARTY_COPY = "third_party_copy"
    DECEASED = "deceased"
    CRITICAL_FACILITY = "critical_facility"
    MASTER_METER = "master_meter"
    OUTAGE = "outage"
    BILLING_ERROR = "billing_error"
    PLEDGE = "pledge"
    CLAIMED_PAYMENT = "claimed_payment"
    CONSENT = "consent"
    REVOCATION = "revocation"
    LANGUAGE = "language"
    REPRESENTED = "represented"
    VIOLENCE_VICTIM = "violence_victim"
    LIABLE_PARTY = "liable_party"
    AGREEMENT_OFFERED = "agreement_offered"
    STOP_SWITCH = "stop_switch"
    OUTSIDE_ACT = "outside_act"
    RETURNED_PAYMENT = "returned_payment"
    CASH_ONLY = "cash_only"
    DEPOSIT_ASKED = "deposit_asked"
    IDENTITY_THEFT = "identity_theft"
    ADDRESS_FOUND = "address_found"
    LAST_KNOWN_ADDRESS = "last_known_address"
    TAX_HEARING = "tax_hearing"
    WRITE_OFF_RESOLUTION = "write_off_resolution"
    SAFETY_NOTE = "safety_note"
    RECONNECT_EXCEPTION = "reconnect_exception"
    PUT_RIGHT = "put_right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing known. *starts* and *until* are instants of effect (until not included; None: open-ended).

    *known_at* is the instant at which its SQL transaction committed; *withdrawn_at* is set when a later correction
    replaced it. *details* holds the few words a rule may need (certificate kind, product, reviewer), no names.
    """

    fact_id: str
    kind: FactKind
    starts: datetime
    until: datetime | None = None
    known_at: datetime
    withdrawn_at: datetime | None = None
    amount: Money | None = None
    source: str = ""
    evidence: str = ""
    entered_by: str = ""
    details: dict[str, str] = field(default_factory=dict)

    def holds(self, at: datetime) -> bool:
        """Say whether the fact stands and is in effect at *at*."""
        return self.withdrawn_at is None and self.starts <= at and (self.until is None or at < self.until)


def standing(facts: Iterable[Fact], kind: FactKind, at: datetime) -> tuple[Fact, ...]:
    """Return the facts of *kind* in effect at *at*, earliest first."""
    return tuple(
        sorted((fact for fact in facts if fact.kind is kind and fact.holds(at)), key=lambda f: (f.starts, f.fact_id))
    )


def on_file(facts: Iterable[Fact], kind: FactKind) -> tuple[Fact, ...]:
    """Return every fact of *kind* that was not withdrawn, in effect or not, earliest first."""
    return tuple(
        sorted(
            (fact for fact in facts if fact.kind is kind and fact.withdrawn_at is None),
            key=lambda f: (f.starts, f.fact_id),
        )
    )
