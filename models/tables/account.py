"""What is kept of an account whether or not it has a case: traits, personal data, keys, facts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from domain.account import Account, AccountStatus, CustomerClass, Service
from domain.facts import Fact, FactKind
from domain.money import Money
from models.columns import cents, instant, json_field, sealed


class AccountRow(SQLModel, table=True):
    """One account. Whoever writes a fact or money about it locks this row first: commit order is the world's order.

    *deposit_cents*, *ended_on*: the deposit still held when service ended, and that day; both empty while it is served.
    *credit_cents*, *credit_since*: what billing held for its customer when it was last asked, and since when untouched.
    *money_version* changes with each payment and return, *facts_version* with each fact and trait.
    """

    __tablename__ = "accounts"

    account_no: str = Field(primary_key=True)
    customer_class: str
    status: str = Field(index=True)
    services: str
    county: str = Field(default="", index=True)
    heat_source: str = ""
    income_band: str = ""
    meter_remote: bool = False
    occupancy: str = "owner"
    landlord: bool = False
    owner_waiver_on: date | None = None
    language: str = "en"
    customer_since: date | None = None
    cash_only: bool = False
    late_12m: int = 0
    returned_12m: int = 0
    disconnected_12m: int = 0
    broken_arrangements_12m: int = 0
    name: str = ""
    premise_id: str = Field(default="", index=True)
    premise_address: str = ""
    zip_code: str = ""
    mailing_address: str = ""
    phone: str = ""
    email: str = ""
    consent_sms: bool = False
    consent_email: bool = False
    consent_call: bool = False
    third_party_designee: str = ""
    meters: str = Field(default="", sa_column_kwargs={"server_default": ""})
    deposit_cents: int = cents(default=0)
    ended_on: date | None = None
    credit_cents: int = cents(default=0, sa_column_kwargs={"server_default": "0"})
    credit_since: date | None = None
    money_version: int = 0
    facts_version: int = 0

    def to_domain(self) -> Account:
        """Return the traits that rules ask for, without personal data."""
        return Account(
            account_no=self.account_no,
            customer_class=CustomerClass(self.customer_class),
            status=AccountStatus(self.status),
            services=tuple(Service(name) for name in self.services.split("|") if name),
            county=self.county,
            heat_source=self.heat_source,
            income_band=self.income_band,
            meter_remote=self.meter_remote,
            occupancy=self.occupancy,
            landlord=self.landlord,
            owner_waiver_on=self.owner_waiver_on,
            language=self.language,
            customer_since=self.customer_since,
            cash_only=self.cash_only,
            late_12m=self.late_12m,
            returned_12m=self.returned_12m,
            disconnected_12m=self.disconnected_12m,
            broken_arrangements_12m=self.broken_arrangements_12m,
            consents=tuple(
                channel
                for channel, agreed, reached in (
                    ("sms", self.consent_sms, self.phone),
                    ("email", self.consent_email, self.email),
                )
                if agreed and reached
            ),
        )


class CustomerKeyRow(SQLModel, table=True):
    """A customer's data key, wrapped by the master key. Destroying the row redacts all that was sealed under it."""

    __tablename__ = "customer_keys"

    account_no: str = Field(primary_key=True)
    key_id: bytes = sealed()
    wrapped: bytes = sealed()


class FactRow(SQLModel, table=True):
    """A fact about one account, one place, one county, or (none given) the whole area.

    *case_id*, *seq*: the event that recorded it, if a case did. *replaces*: the fact that it corrects.
    """

    __tablename__ = "facts"
    __table_args__ = (Index("facts_by_county", "county", "kind"),)

    fact_id: str = Field(primary_key=True)
    scope: str
    account_no: str | None = Field(default=None, index=True, foreign_key="accounts.account_no")
    premise_id: str | None = Field(default=None, index=True)
    county: str | None = None
    kind: str
    starts: datetime = instant()
    until: datetime | None = instant(default=None)
    known_at: datetime = instant()
    withdrawn_at: datetime | None = instant(default=None)
    amount_cents: int | None = cents(default=None)
    source: str = ""
    evidence: str = ""
    entered_by: str = ""
    details: dict[str, Any] = json_field(default_factory=dict)
    case_id: str = ""
    seq: int = 0
    replaces: str = ""

    def to_domain(self) -> Fact:
        return Fact(
            fact_id=self.fact_id,
            kind=FactKind(self.kind),
            starts=self.starts,
            until=self.until,
            known_at=self.known_at,
            withdrawn_at=self.withdrawn_at,
            amount=None if self.amount_cents is None else Money(self.amount_cents),
            source=self.source,
            evidence=self.evidence,
            entered_by=self.entered_by,
            details=dict(self.details),
        )
