"""Which files does an opening folder hold, and which columns has each?"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import Any, Final

from domain.ability import Assessment
from domain.arrangement import Arrangement
from domain.bankruptcy import Bankruptcy
from domain.case import (
    Approval,
    Contact,
    Counters,
    Extension,
    Fee,
    Notice,
    Order,
    Promise,
    ServiceState,
    WantedVisit,
)
from domain.money import Money
from domain.remedy import FinalBill, Remedy, Settlement
from domain.states import ClosedReason, Stage
from formats.opening.cells import columns_of

ACCOUNT: Final = "account_no"
MANIFEST: Final = "opening.toml"
REMINDER, NOTICE = "reminder", "notice"
LIFTED_REMINDER, LIFTED_NOTICE = "lifted_reminder", "lifted_notice"
PLACES: Final = (REMINDER, NOTICE, LIFTED_REMINDER, LIFTED_NOTICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One account's latest case. *balance*: all that is unpaid by billing, to the cent: what differs is refused.

    *number*: how many cases the account has had in the record before, this one with it; 0 where nobody counted.
    *closed* and *closed_on*: over, and kept for what goes on from it.
    """

    stage: Stage
    opened_on: date
    balance: Money
    number: int = 0
    closed: ClosedReason | None = None
    closed_on: date | None = None
    linked_to: str = ""
    assigned_to: str = ""
    follow_up_on: date | None = None
    follow_up_about: str = ""
    referral: str = ""
    ending: str = ""
    moves_to: str = ""
    written_off: Money | None = None
    given_up: bool = False
    orders_made: int = 0
    arrangements_made: int = 0
    assessments_made: int = 0
    last_contact_on: date | None = None
    offered_for: date | None = None
    reminded_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine(Notice):
    """A reminder or notice that stands; or one that stood until what it names was paid, on *lifted_on*."""

    place: str
    lifted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One file of cases. *many*: an account may have several lines. *skips*: fields that no column holds."""

    name: str
    kind: type
    says: str
    many: bool = False
    skips: frozenset[str] = frozenset()

    @property
    def columns(self) -> Mapping[str, Any]:
        """Return the columns after that of the account, with their types."""
        return {name: hint for name, hint in columns_of(self.kind).items() if name not in self.skips}

    @property
    def must(self) -> tuple[str, ...]:
        """Return the columns without which the file cannot be read: those whose empty cell would mean nothing."""
        needed = {f.name for f in fields(self.kind) if f.default is MISSING and f.default_factory is MISSING}
        return tuple(name for name in self.columns if name.removesuffix("_cents") in needed or name in needed)


CASES: Final = Layout("cases", CaseLine, "One line for each account with a case: where it stands")
LAYOUTS: Final = (
    CASES,
    Layout("counters", Counters, "What happened how often before"),
    Layout(
        "services", ServiceState, "Each service at the place: on, off, since when, what the meter showed", many=True
    ),
    Layout(
        "letters", LetterLine, "Reminders and notices served, with the bills and the amount that each names", many=True
    ),
    Layout("agreements", Arrangement, "The latest agreement, with its bills, its schedule and how many parts are paid"),
    Layout("extensions", Extension, "One later date that was granted"),
    Layout("promises", Promise, "A spoken promise that is not yet due"),
    Layout("orders", Order, "Work orders, those that are out among them", many=True),
    Layout(
        "leave",
        Approval,
        "A second person's leave behind an order that is out",
        many=True,
        skips=frozenset({"proposal"}),
    ),
    Layout("visits", WantedVisit, "Looks, readings and hangers asked for that have no order yet", many=True),
    Layout("fees", Fee, "Fees billed for an order", many=True),
    Layout("final_bills", FinalBill, "The last bill of a service that has ended, and the notice before placement"),
    Layout(
        "remedies",
        Remedy,
        "Placements, claims, judgments, set-offs, certifications, liens: past and standing",
        many=True,
    ),
    Layout("settlements", Settlement, "Less than the whole, agreed to be taken as the whole"),
    Layout("petitions", Bankruptcy, "A bankruptcy petition, and what of the debt is older than it"),
    Layout("assessments", Assessment, "What the household can pay, as it was assessed"),
    Layout("contacts_lately", Contact, "Latest calls and letters, which the caps on calls count", many=True),
)
