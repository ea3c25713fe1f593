"""What does the utility's own billing system hand over: accounts, open items, bills, posted drafts?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from formats.account_no import has_right_check_digit
from formats.city.cells import Record, iso_date, read_records
from formats.source import Source

_CENTS = "_cents"


class CustomerClass(StrEnum):
    RESIDENTIAL = "residential"
    COMMERCIAL = "commercial"


class Occupancy(StrEnum):
    OWNER = "owner"
    TENANT = "tenant"


class Autopay(StrEnum):
    NONE = ""
    ACH = "ach"
    CARD = "card"


class AccountStatus(StrEnum):
    """`final` accounts owe a final bill; `closed` ones owe nothing and take no money."""

    ACTIVE = "active"
    FINAL = "final"
    CLOSED = "closed"


class MeterType(StrEnum):
    """A remote meter is switched from the office, a manual one by a crew at the door."""

    REMOTE = "remote"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Designee:
    """The third party who, at the customer's wish, gets a copy of each notice."""

    name: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One row of accounts.csv. What names or reaches a person is left out of `repr`, hence out of logs."""

    account_no: str
    customer_name: str = field(repr=False)
    premise_id: str
    premise_address: str = field(repr=False)
    zip_code: str
    mailing_address: str | None = field(repr=False)
    """None: mail goes to the premises."""
    customer_class: CustomerClass
    services: tuple[str, ...]
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    sms_consent: bool
    email_consent: bool
    call_consent: bool
    language: str
    occupancy: Occupancy
    landlord: str | None = field(repr=False)
    owner_waiver_on: date | None
    """Date of the owner's written notice (New Mexico)."""
    military: bool
    medical_equipment: bool
    life_support: bool
    heat_source: str | None
    income_band: str | None
    """None: not known."""
    autopay: Autopay
    deposit_cents: int
    status: AccountStatus
    status_date: date
    customer_since: date
    meter_type: MeterType
    designee: Designee | None
    bankruptcy_chapter: str | None
    bankruptcy_petition_on: date | None
    late_12m: int
    returned_12m: int
    disconnected_12m: int
    broken_arrangements_12m: int
    bill_cycle: int
    opening_credit_cents: int
    agency_placed_on: date | None
    meters: tuple[str, ...]
    """Numbers of the meters at the place; empty where the file has no such column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """What is left of one service of one bill at the close of the day before the period; `remaining_cents` > 0."""

    bill_no: str
    account_no: str
    service: str
    bill_date: date
    due_date: date
    original_cents: int
    remaining_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """What one bill asks for one service, late charges included."""

    service: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """One bill with a line for each service billed, in the order of the file's columns."""

    bill_no: str
    account_no: str
    bill_date: date
    due_date: date
    lines: tuple[BillLine, ...]

    @property
    def total_cents(self) -> int:
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedPart:
    """The part of a posted draft that paid one service of one bill; it is owed again when the draft is returned."""

    bill_no: str
    service: str
    due_date: date
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedDraft:
    """A draft posted before the period that a bank may still return; parts and the unapplied rest make the amount."""

    trace: str
    posted_on: date
    account_no: str
    instrument_id: str
    amount_cents: int
    unapplied_cents: int
    applied: tuple[AppliedPart, ...]


def read_accounts(source: Source) -> Iterator[Account]:
    """Yield the accounts of accounts.csv in the file's order; refuses a wrong check digit."""
    for row in read_records(source, columns=_ACCOUNT_COLUMNS):
        yield Account(
            account_no=_account_no(row),
            customer_name=row.text("customer_name"),
            premise_id=row.text("premise_id"),
            premise_address=row.text("premise_address"),
            zip_code=row.text("zip"),
            mailing_address=row.optional("mailing_address"),
            customer_class=row.choice("class", CustomerClass),
            services=tuple(row.text("services").split("|")),
            phone=row.optional("phone"),
            email=row.optional("email"),
            sms_consent=row.flag("sms_consent"),
            email_consent=row.flag("email_consent"),
            call_consent=row.flag("call_consent"),
            language=row.text("language"),
            occupancy=row.choice("occupancy", Occupancy),
            landlord=row.optional("landlord"),
            owner_waiver_on=row.optional_day("owner_waiver_on"),
            military=row.flag("military"),
            medical_equipment=row.flag("medical_equipment"),
            life_support=row.flag("life_support"),
            heat_source=row.optional("heat_source"),
            income_band=row.optional("income_band"),
            autopay=row.choice("autopay", Autopay),
            deposit_cents=row.cents("deposit_cents"),
            status=row.choice("status", AccountStatus),
            status_date=row.day("status_date"),
            customer_since=row.day("customer_since"),
            meter_type=row.choice("meter_type", MeterType),
            designee=_designee(row),
            bankruptcy_chapter=row.optional("bankruptcy_chapter"),
            bankruptcy_petition_on=row.optional_day("bankruptcy_petition_on"),
            late_12m=row.cents("late_12m"),
            returned_12m=row.cents("returned_12m"),
            disconnected_12m=row.cents("disconnected_12m"),
            broken_arrangements_12m=row.cents("broken_arrangements_12m"),
            bill_cycle=row.cents("bill_cycle"),
            opening_credit_cents=row.cents("opening_credit_cents"),
            agency_placed_on=row.optional_day("agency_placed_on"),
            meters=tuple(filter(None, row.cells.get("meters", "").split("|"))),
        )


_ACCOUNT_COLUMNS = (
    "account_no customer_name premise_id premise_address zip mailing_address class services phone email sms_consent "
    "email_consent call_consent language occupancy landlord owner_waiver_on military medical_equipment life_support "
    "heat_source income_band autopay deposit_cents status status_date customer_since meter_type third_party_designee "
    "bankruptcy_chapter bankruptcy_petition_on late_12m returned_12m disconnected_12m broken_arrangements_12m "
    "bill_cycle opening_credit_cents agency_placed_on"
)


def read_open_items(source: Source) -> Iterator[OpenItem]:
    """Yield the rows of open_items.csv."""
    columns = "bill_no account_no service bill_date due_date original_cents remaining_cents"
    for row in read_records(source, columns=columns):
        yield OpenItem(
            bill_no=row.text("bill_no"),
            account_no=_account_no(row),
            service=row.text("service"),
            bill_date=row.day("bill_date"),
            due_date=row.day("due_date"),
            original_cents=row.cents("original_cents"),
            remaining_cents=row.cents("remaining_cents"),
        )


def read_bills(source: Source) -> Iterator[Bill]:
    """Yield the bills of one day; each `*_cents` column is a service, a blank cell a service not billed."""
    for row in read_records(source, columns="bill_no account_no bill_date due_date"):
        columns = [column for column in row.cells if column.endswith(_CENTS)]
        yield Bill(
            bill_no=row.text("bill_no"),
            account_no=_account_no(row),
            bill_date=row.day("bill_date"),
            due_date=row.day("due_date"),
            lines=tuple(
                BillLine(service=column.removesuffix(_CENTS), cents=row.cents(column))
                for column in columns
                if row.optional(column) is not None
            ),
        )


def read_posted_drafts(source: Source) -> Iterator[PostedDraft]:
    """Yield the rows of posted_drafts.csv; refuses a draft whose parts and rest are not its amount."""
    columns = "trace posted_on account_no instrument_id amount_cents unapplied_cents applied"
    for row in read_records(source, columns=columns):
        draft = PostedDraft(
            trace=row.text("trace"),
            posted_on=row.day("posted_on"),
            account_no=_account_no(row),
            instrument_id=row.text("instrument_id"),
            amount_cents=row.cents("amount_cents"),
            unapplied_cents=row.cents("unapplied_cents"),
            applied=_applied_parts(row),
        )
        if draft.unapplied_cents + sum(part.cents for part in draft.applied) != draft.amount_cents:
            row.refuse("applied", rule="sum_mismatch", message="the parts and the unapplied rest are not the amount")
        yield draft


def _applied_parts(row: Record) -> tuple[AppliedPart, ...]:
    """Return the parts of `bill/service/due/cents;…`, none for a blank cell."""
    parts = []
    for written in (row.optional("applied") or "").split(";"):
        if not written:
            continue
        match written.split("/"):
            case [bill_no, service, due, cents] if cents.isascii() and cents.isdigit() and (day := iso_date(due)):
                parts.append(AppliedPart(bill_no=bill_no, service=service, due_date=day, cents=int(cents)))
            case _:
                row.refuse("applied", rule="bad_part", message="a part is not bill/service/due/cents")
    return tuple(parts)


def _account_no(row: Record) -> str:
    written = row.text("account_no")
    if not has_right_check_digit(written):
        row.refuse("account_no", rule="bad_check_digit", message="not ten digits with a right check digit")
    return written


def _designee(row: Record) -> Designee | None:
    written = row.optional("third_party_designee")
    if written is None:
        return None
    name, _, phone = written.partition("|")
    return Designee(name=name, phone=phone)
