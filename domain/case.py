"""A case: one account's collection from past due to closed, as one frozen value."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.ability import Assessment
from domain.account import NamedBill, OpenBill, Service, Snapshot
from domain.arrangement import Arrangement, add_months
from domain.bankruptcy import Bankruptcy
from domain.commands import Proposal
from domain.money import Money, total
from domain.remedy import FinalBill, Remedy, RemedyKind, Settlement
from domain.states import ClosedReason, ServiceStatus, Stage
from domain.verdict import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A letter that names bills: a reminder or a disconnection notice.

    It stands for the bills and amount it names, for what is left of that amount, never for a bill that fell due later.
    *awaited*: whoever mails it has yet to confirm the day, so that no day of it counts. *returned_on*: it came back.
    *stated_at*: when its sum was read from the account.
    """

    kind: str
    served_on: date
    method: str
    bills: tuple[NamedBill, ...]
    amount: Money
    elements: tuple[str, ...] = ()
    earliest_cut_on: date | None = None
    stale_on: date | None = None
    policy: str = ""
    letter: str = ""
    awaited: bool = False
    returned_on: date | None = None
    stated_at: datetime | None = None

    def named(self, open_bills: tuple[OpenBill, ...]) -> tuple[OpenBill, ...]:
        """Return those of *open_bills* that it names."""
        refs = {bill.ref for bill in self.bills}
        return tuple(bill for bill in open_bills if bill.ref in refs)

    def left(self, open_bills: tuple[OpenBill, ...]) -> Money:
        """Return what is still open of the amount it names."""
        named = {bill.ref: bill.amount for bill in self.bills}
        return total(min(bill.open, named[bill.ref]) for bill in open_bills if bill.ref in named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """Letters that stood until *on*, when what they named was paid or proved to be less: they may stand again."""

    on: date
    reminder: Notice | None = None
    notice: Notice | None = None

    @property
    def latest(self) -> Notice | None:
        """Return the gravest of them."""
        return self.notice or self.reminder


class OrderState(StrEnum):
    REQUESTED = "requested"  # with field service, in no day's plan yet
    DISPATCHED = "dispatched"
    RECALLING = "recalling"  # recalled while the crew was on its way: the crew has yet to confirm
    ACKNOWLEDGED = "acknowledged"
    BEYOND_RECALL = "beyond_recall"  # a recall came too late: the crew is at it, and its result is awaited
    COMPLETED = "completed"
    COULD_NOT_COMPLETE = "could_not_complete"
    RECALLED = "recalled"
    CANCELLED = "cancelled"


OPEN_ORDER_STATES = frozenset(
    {
        OrderState.REQUESTED,
        OrderState.DISPATCHED,
        OrderState.RECALLING,
        OrderState.ACKNOWLEDGED,
        OrderState.BEYOND_RECALL,
    }
)


class OrderPurpose(StrEnum):
    DISCONNECT = "disconnect"
    RECONNECT = "reconnect"
    OCCUPANCY_CHECK = "occupancy_check"
    POST_HANGER = "post_hanger"
    READ_FINAL = "read_final"
    TAMPER_CHECK = "tamper_check"


SWITCHING = frozenset({OrderPurpose.DISCONNECT, OrderPurpose.RECONNECT})
"""The orders that change a service; the others look, read or hang a notice on a door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A work order we asked field service for. *order_id* is ours and is the idempotency key of its creation.

    *remote*: a command to the meter, no crew. *contractor*: a contractor unlocks, and acknowledges that it will.
    *not_before*: the day's list was full, and when the next one is made. *reason*: why it came to nothing, or the
    exception that it ended with. *reminded*: how often the contractor was told again; *escalated*: a person was told.
    *done_at*: when a cut was reported as done. *found_wrong*: the rules that are known by now to have forbidden it.
    """

    order_id: str
    purpose: OrderPurpose
    service: Service
    state: OrderState
    requested_at: datetime
    field_ref: str = ""
    dispatched_at: datetime | None = None
    reason: str = ""
    remote: bool = False
    contractor: bool = False
    not_before: datetime | None = None
    accepted_at: datetime | None = None
    recalled_at: datetime | None = None
    ended_on: date | None = None
    reminded: int = 0
    escalated: bool = False
    done_at: datetime | None = None
    found_wrong: str = ""

    @property
    def open(self) -> bool:
        """Say whether a crew may still act on it."""
        return self.state in OPEN_ORDER_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """One service at the premises, as far as this case knows.

    *read*: what the meter showed when it was last cut or restored. *uncertain*: a meter did not confirm whether it
    obeyed. *asked_at*: when a person last asked for service back; failed visits before that count no more.
    """

    service: Service
    status: ServiceStatus = ServiceStatus.ON
    since: date | None = None
    off_at: datetime | None = None
    read: int | None = None
    uncertain: bool = False
    asked_at: datetime | None = None
    after_hours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What a disconnection cost its customer: billed under *ref*, once for its order and kind."""

    order_id: str
    kind: str
    ref: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedVisit:
    """A look, a reading or a hanger that was asked for and has no order yet."""

    purpose: OrderPurpose
    service: Service
    because: str


DISCONNECTION, ARRANGEMENT, WRITE_OFF = "disconnection", "arrangement", "write_off"
ARRANGEMENT_EXCEPTION = "arrangement_exception"  # terms that depart from a rule, not only from a representative's limit
"""The acts for which a second person's approval is asked."""


class ApprovalState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    USED = "used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A second person's leave for an act. *decision* is the key of what asked for it, *proposal* the terms to agree."""

    approval_id: str
    act: str
    state: ApprovalState
    asked_by: str
    asked_at: datetime
    decided_by: str = ""
    lapses_at: datetime | None = None
    amount: Money = Money(0)
    decision: str = ""
    service: Service | None = None
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A spoken promise to pay: it moves nothing but is followed up. *bills*: what was past due when it was made."""

    amount: Money
    by: date
    made_on: date
    bills: tuple[NamedBill, ...]

    def paid(self, open_bills: tuple[OpenBill, ...]) -> Money:
        """Return how much of what was past due then has been paid since."""
        refs = {bill.ref for bill in self.bills}
        return total(bill.amount for bill in self.bills) - total(b.open for b in open_bills if b.ref in refs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One later date for the bills that were past due when it was granted."""

    granted_on: date
    until: date
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What happened how often; carried to the account's next case."""

    arrangements: int = 0
    arrangements_broken: int = 0
    promises_broken: int = 0
    extensions: int = 0
    disconnections: int = 0
    notices: int = 0
    arranged_on: tuple[date, ...] = ()
    broken_on: tuple[date, ...] = ()
    extended_on: tuple[date, ...] = ()


DATES_KEPT = 24  # of each kind; more than any rule about twelve months counts


def kept(dates: tuple[date, ...], on: date) -> tuple[date, ...]:
    """Return *dates* with *on*, as many of the latest as are kept."""
    return (*dates, on)[-DATES_KEPT:]


def within_a_year(dates: tuple[date, ...], on: date) -> int:
    """Return how many of *dates* lie in the twelve months up to and on *on*."""
    year_before = add_months(on, -12)
    return sum(year_before < day <= on for day in dates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What goes on from an account's case to its next one: its counters, its last agreement, what it can pay.

    *paid_on*: it closed on that day because nothing was past due any more. *lifted*: the letters that ended so.
    """

    counters: Counters = Counters()
    arrangement: Arrangement | None = None
    arrangements_made: int = 0
    assessment: Assessment | None = None
    lifted: Lifted | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One attempt to speak or write, whichever way it went; *spoke*: it came to a conversation."""

    on: date
    channel: str
    outbound: bool
    spoke: bool

    @property
    def call(self) -> bool:
        """Say whether it was a call that we made."""
        return self.outbound and self.channel == "phone"


CONTACTS_KEPT = 50  # more than any cap on calls counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A decision already taken or refused, by the caller's key: the sequence numbers it left, or why not."""

    key: str
    first: int
    last: int
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The whole of a case. Changed by ``take`` alone; continue-as-new carries it as one value.

    *reminded_of*: the latest payments of which the customer was told beforehand, each by kind and day. *spread_by*:
    the name by which its work is spread over a day: its account's, which stays whatever cases there were before; blank
    in cases that began when each case's own number was.
    """

    case_id: str
    account_no: str
    opened_on: date
    known: Snapshot
    seq: int = 0
    stage: Stage = Stage.PAST_DUE
    services: tuple[ServiceState, ...] = ()
    reminder: Notice | None = None
    notice: Notice | None = None
    lifted: Lifted | None = None
    arrangement: Arrangement | None = None
    arrangements_made: int = 0
    extension: Extension | None = None
    promise: Promise | None = None
    approvals: tuple[Approval, ...] = ()
    orders: tuple[Order, ...] = ()
    orders_made: int = 0
    wanted: tuple[WantedVisit, ...] = ()
    fees: tuple[Fee, ...] = ()
    ending: str = ""
    final: FinalBill | None = None
    remedies: tuple[Remedy, ...] = ()
    settlement: Settlement | None = None
    bankruptcy: Bankruptcy | None = None
    moves_to: str = ""
    written_off: Money | None = None
    given_up: bool = False
    assessment: Assessment | None = None
    assessments_made: int = 0
    counters: Counters = Counters()
    assigned_to: str = ""
    follow_up_on: date | None = None
    follow_up_about: str = ""
    referral: str = ""
    last_contact_on: date | None = None
    recent_contacts: tuple[Contact, ...] = ()
    offered_for: date | None = None
    reminded_of: tuple[str, ...] = ()
    linked_to: str = ""
    spread_by: str = ""
    closed: ClosedReason | None = None
    closed_on: date | None = None
    seen: tuple[Seen, ...] = ()

    def service(self, service: Service) -> ServiceState:
        """Return what is known of *service*; on, if nothing was ever heard."""
        return next((state for state in self.services if state.service is service), ServiceState(service=service))

    @property
    def off(self) -> tuple[ServiceState, ...]:
        """Return the services that are off or waiting to come back on."""
        return tuple(
            state for state in self.services if state.status in {ServiceStatus.OFF, ServiceStatus.REACTIVATION_PENDING}
        )

    def looking(self, known: Snapshot) -> "Case":
        """Return the case as it would be if it knew *known*: for asking the gate, never for keeping."""
        return replace(self, known=known)

    def open_order(self, purpose: OrderPurpose) -> Order | None:
        """Return the order of *purpose* that a crew may still act on."""
        return next((order for order in self.orders if order.open and order.purpose is purpose), None)

    @property
    def held(self) -> frozenset[str]:
        """Return the bills that a remedy holds: no other way of collecting touches them."""
        return frozenset(ref for remedy in self.remedies if remedy.open for ref in remedy.refs)

    def without(self, remedy: Remedy) -> "Case":
        """Return the case as if *remedy* had not been decided on: for asking the gate, never for keeping."""
        return replace(self, remedies=tuple(each for each in self.remedies if each.remedy_id != remedy.remedy_id))

    def remedy(self, *kinds: RemedyKind) -> Remedy | None:
        """Return the latest open remedy of one of *kinds*; none if there is none."""
        return next((each for each in reversed(self.remedies) if each.open and each.kind in kinds), None)

    def approval(self, act: str, state: ApprovalState) -> Approval | None:
        """Return the latest approval of *act* in *state*."""
        return next((a for a in reversed(self.approvals) if a.act == act and a.state is state), None)
