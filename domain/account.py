"""What is known of an account: services, open bills, facts. Values only; names and addresses stay in SQL."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from domain.facts import Fact
from domain.money import Money, total


class Service(StrEnum):
    ELECTRIC = "electric"
    GAS = "gas"
    WATER = "water"
    SEWER = "sewer"
    REFUSE = "refuse"


class AccountStatus(StrEnum):
    ACTIVE = "active"
    FINAL = "final"
    CLOSED = "closed"


class CustomerClass(StrEnum):
    RESIDENTIAL = "residential"
    COMMERCIAL = "commercial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The lasting traits of an account that rules ask for. No personal data.

    *consents*: the channels (sms, email) by which the customer has agreed to be written to and can be reached.
    """

    account_no: str
    customer_class: CustomerClass
    status: AccountStatus
    services: tuple[Service, ...]
    county: str = ""
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
    consents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBill:
    """What is still unpaid of one bill for one service."""

    bill_no: str
    service: Service
    bill_on: date
    due_on: date
    original: Money
    open: Money

    @property
    def ref(self) -> str:
        """Return the name by which notices and agreements hold on to this bill and service."""
        return f"{self.bill_no}/{self.service}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBill:
    """A bill as a notice, promise or remedy names it, with the amount it stood at."""

    ref: str
    amount: Money
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that is known of an account at one instant; *version* changes whenever anything in it does.

    *unposted* is money received and committed in SQL that billing does not show yet.
    *policy* is the digest of the pack that was active; *billing_read* is false when billing could not be read and
    *bills* are the last ones known.
    """

    at: datetime
    version: str
    account: Account
    bills: tuple[OpenBill, ...] = ()
    credit: Money = Money(0)
    unposted: Money = Money(0)
    facts: tuple[Fact, ...] = ()
    policy: str = ""
    billing_read: bool = True

    @classmethod
    def unread(cls, account_no: str) -> "Snapshot":
        """Return what is known of an account before anyone has looked: nothing."""
        nothing = Account(
            account_no=account_no,
            customer_class=CustomerClass.RESIDENTIAL,
            status=AccountStatus.ACTIVE,
            services=(),
        )
        return cls(at=datetime.min.replace(tzinfo=UTC), version="", account=nothing, billing_read=False)

    def same_as(self, other: "Snapshot") -> bool:
        """Say whether both know the same, whenever and under whatever version they were read."""
        return replace(self, at=other.at, version=other.version) == other


def past_due_bills(bills: Iterable[OpenBill], on: date) -> tuple[OpenBill, ...]:
    """Return the bills whose due date lies before *on*, oldest first."""
    late = [bill for bill in bills if bill.due_on < on and bill.open.cents > 0]
    return tuple(sorted(late, key=lambda bill: (bill.due_on, bill.service, bill.bill_no)))


def past_due(bills: Iterable[OpenBill], on: date) -> Money:
    """Return the sum that is past due on *on*."""
    return total(bill.open for bill in past_due_bills(bills, on))


def balance(bills: Iterable[OpenBill]) -> Money:
    """Return everything unpaid, due or not."""
    return total(bill.open for bill in bills)


AGING_BOUNDS = (30, 60, 90, 120)
AGING_NAMES = ("current", "d1_30", "d31_60", "d61_90", "d91_120", "d121_up")


def aging_name(days: int) -> str:
    """Return in which span of the aging a bill stands that is *days* past due."""
    return AGING_NAMES[0 if days <= 0 else 1 + sum(days > bound for bound in AGING_BOUNDS)]


def aging(bills: Iterable[OpenBill], on: date) -> dict[str, Money]:
    """Return the unpaid sums by days past due: current, d1_30, d31_60, d61_90, d91_120, d121_up."""
    buckets = dict.fromkeys(AGING_NAMES, Money(0))
    for bill in bills:
        buckets[aging_name((on - bill.due_on).days)] += bill.open
    return buckets
