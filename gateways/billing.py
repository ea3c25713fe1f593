"""What may be asked of the city's billing system: accounts, open bills, money in and back out, charges?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol

from domain.account import Account, AccountStatus, OpenBill, Service
from domain.money import Money
from gateways.errors import Rejected
from gateways.money_out import (
    ApplyDeposit,
    CorrectInstrument,
    EndAutopay,
    Instrument,
    InstrumentState,
    MoneyOut,
    Refund,
    RestoreRefund,
    SetInstrument,
)
from gateways.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """The channels over which the customer has agreed to be reached."""

    sms: bool = False
    email: bool = False
    call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdParty:
    """The person who, at the customer's wish, gets a copy of each notice."""

    name: str = field(repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMaster:
    """An account as billing keeps it: the traits that rules ask for, and what names or reaches a person.

    What names or reaches a person is left out of `repr`, hence out of logs, and belongs in no plain payload.
    *account.county* is blank: billing does not know counties, the pack does.
    """

    account: Account
    name: str = field(repr=False)
    premise_id: str
    premise_address: str = field(repr=False)
    zip: str
    mailing_address: str = field(default="", repr=False)
    """Blank: mail goes to the premises."""
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    consents: Consents = Consents()
    landlord: str = field(default="", repr=False)
    third_party_designee: ThirdParty | None = field(default=None, repr=False)
    military: bool = False
    medical_equipment: bool = False
    life_support: bool = False
    deposit: Money = Money(0)
    autopay: str = ""
    """`ach`, `card` or blank."""
    bill_cycle: int = 0
    status_on: date | None = None
    agency_placed_on: date | None = None
    bankruptcy_chapter: str = ""
    bankruptcy_petition_on: date | None = None
    meters: tuple[str, ...] = ()
    """Numbers of the meters at the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingAnswer:
    """What is open of an account at the close of *as_of*, oldest due date first, and the credit left over."""

    account_no: str
    bills: tuple[OpenBill, ...]
    credit: Money
    status: AccountStatus
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLine:
    """One of billing's control accounts over some days: owed is above zero, and the movements sum to the change.

    *service* is `credit` for money that no bill has taken up, which stands below zero. *transfers*: what the order of
    payment shifted between services, and between them and the credit.
    """

    service: str
    opening: Money
    billed: Money
    fees: Money
    adjustments: Money
    write_offs: Money
    payments: Money
    returns: Money
    transfers: Money
    closing: Money


MOVEMENTS: Final = ("billed", "fees", "adjustments", "write_offs", "payments", "returns", "transfers")
WRITE_OFF: Final = "write_off"
"""The reason under which an adjustment is a write-off in billing's control accounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPayment:
    """Money received. *services*: the only ones it may pay, where a fund says so; none named means any."""

    account_no: str
    amount: Money
    on: date
    source: str
    trace: str
    tender: str = ""
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPayment:
    payment_ref: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    account_no: str
    service: Service
    kind: str
    amount: Money
    on: date
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust:
    """A correction of a balance. *undoes*: the key of the charge whose own bill it corrects, blank for none.

    *due_on*: what is owed in addition falls due then, not 21 days after *on* like any bill.
    """

    account_no: str
    service: Service
    reason: str
    amount: Money
    on: date
    undoes: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFinalBill:
    account_no: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareLateFees:
    """From *on* on *amount* of what is past due brings no late fee: what an agreement leaves to be paid; zero ends it.

    A sum and no bills: money pays the oldest bill first, so that who pays the current bill seems to have paid another.
    """

    account_no: str
    amount: Money
    on: date


BillingEffect = PostPayment | ReturnPayment | Charge | Adjust | IssueFinalBill | SpareLateFees | MoneyOut


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedPayment:
    """A payment to post, and the key under which it is posted once."""

    key: str
    payment: PostPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAnswer:
    """What came of one payment of many: the number it got, or the word with which it was rejected."""

    key: str
    ref: str = ""
    rejected: str = ""


class Billing(Protocol):
    """The city's billing system. Every call may raise `Outage` (try again) or `Rejected` (never so).

    Effects are idempotent by *key*: the same key with the same content returns the first receipt, with other content
    it is `Rejected` (`key-used-otherwise`).
    """

    async def account(self, account_no: str) -> AccountMaster:
        """Return one account; `Rejected` (`unknown-account`) when there is none of that number."""
        ...

    async def accounts(self, account_nos: Sequence[str]) -> tuple[AccountMaster, ...]:
        """Return the accounts in the order asked for; one unknown number rejects the whole question."""
        ...

    async def account_nos(self) -> tuple[str, ...]:
        """Return the number of every account, whatever its status."""
        ...

    async def open_bills(self, account_no: str) -> BillingAnswer:
        """Return what is open of one account as of billing's business today."""
        ...

    async def open_bills_of(
        self, account_nos: Sequence[str], *, as_of: date | None = None
    ) -> tuple[BillingAnswer, ...]:
        """Return what is open of many accounts, in the order asked for; at the close of *as_of*, else today."""
        ...

    async def instruments(self, account_no: str) -> tuple[Instrument, ...]:
        """Return the bank accounts and cards that payments of one account are drawn on."""
        ...

    async def delinquencies(self, as_of: date) -> bytes:
        """Return the delinquency extract at the close of *as_of*, as CSV in the city's own layout."""
        ...

    async def control(self, *, since: date, through: date) -> tuple[ControlLine, ...]:
        """Return the control accounts from the opening of *since* to the close of *through*, a line per service."""
        ...

    async def do(self, key: str, effect: BillingEffect) -> Receipt:
        """Do *effect* once for *key*; the methods below say it in words."""
        ...

    async def lookup(self, key: str) -> Receipt | None:
        """Return the receipt of *key*, none when no effect stands under it."""
        ...

    async def post_payment(
        self,
        key: str,
        *,
        account_no: str,
        amount: Money,
        on: date,
        source: str,
        trace: str,
        tender: str = "",
        services: tuple[Service, ...] = (),
    ) -> Receipt:
        """Post money received; the receipt's *ref* is the payment's number.

        Rejected: `unknown-account`, `closed-account`, `bad-amount` (not above zero), `duplicate-trace` (a trace, when
        there is one, is posted once per source unless the earlier payment was returned).
        """
        return await self.do(
            key,
            PostPayment(
                account_no=account_no,
                amount=amount,
                on=on,
                source=source,
                trace=trace,
                tender=tender,
                services=services,
            ),
        )

    async def post_payments(self, payments: Sequence[KeyedPayment]) -> tuple[PaymentAnswer, ...]:
        """Post many payments, each as `post_payment` would; the answers come in their order.

        Outage: some may have been posted; asked again, each stands under its key once.
        """
        answers = []
        for each in payments:
            try:
                answers.append(PaymentAnswer(key=each.key, ref=(await self.do(each.key, each.payment)).ref))
            except Rejected as rejection:
                answers.append(PaymentAnswer(key=each.key, rejected=rejection.slug))
        return tuple(answers)

    async def return_payment(self, key: str, *, payment_ref: str, reason: str, on: date) -> Receipt:
        """Take a payment back: from *on* it counts as never made. Details: account_no, amount_cents.

        *payment_ref* is the receipt's *ref*, or the trace of a draft posted before the opening. Rejected:
        `unknown-payment`, `already-returned`.
        """
        return await self.do(key, ReturnPayment(payment_ref=payment_ref, reason=reason, on=on))

    async def charge(
        self,
        key: str,
        *,
        account_no: str,
        service: Service,
        kind: str,
        amount: Money,
        on: date,
        due_on: date | None = None,
    ) -> Receipt:
        """Bill a fee. Details: bill_no, due_on (21 days after *on* like any bill, unless given)."""
        return await self.do(
            key, Charge(account_no=account_no, service=service, kind=kind, amount=amount, on=on, due_on=due_on)
        )

    async def adjust(
        self,
        key: str,
        *,
        account_no: str,
        service: Service,
        reason: str,
        amount: Money,
        on: date,
        due_on: date | None = None,
    ) -> Receipt:
        """Correct a balance: above zero is owed in addition, from *due_on* if given; below zero is credited.

        An `Adjust` that *undoes* a charge changes that charge's bill and no other. Rejected: `no-such-charge`.
        """
        change = Adjust(account_no=account_no, service=service, reason=reason, amount=amount, on=on, due_on=due_on)
        return await self.do(key, change)

    async def final_bill(self, key: str, *, account_no: str, on: date) -> Receipt:
        """End the account with its last bill. Details: bill_no, due_on, amount_cents. It gets no bill after *on*."""
        return await self.do(key, IssueFinalBill(account_no=account_no, on=on))

    async def spare_late_fees(self, key: str, *, account_no: str, amount: Money, on: date) -> Receipt:
        """Let what stands under an agreement bring no late fee while the agreement stands; see `SpareLateFees`."""
        return await self.do(key, SpareLateFees(account_no=account_no, amount=amount, on=on))

    async def set_instrument(
        self, key: str, *, account_no: str, kind: str, state: InstrumentState, because: str, on: date
    ) -> Receipt:
        """Hold, disable or release the account's instruments of *kind*; the disabled stay so. Details: changed."""
        return await self.do(key, SetInstrument(account_no=account_no, kind=kind, state=state, because=because, on=on))

    async def end_autopay(self, key: str, *, account_no: str, kind: str, because: str, on: date) -> Receipt:
        """Let no bill be drawn by itself any more. Details: ended, `yes` or `no` if it was not on."""
        return await self.do(key, EndAutopay(account_no=account_no, kind=kind, because=because, on=on))

    async def correct_instrument(self, key: str, correction: CorrectInstrument) -> Receipt:
        """Write what a notice of change says is right. Rejected: `no-instrument`."""
        return await self.do(key, correction)

    async def refund(self, key: str, *, account_no: str, amount: Money, on: date) -> Receipt:
        """Take credit out of the account: it is paid to someone. Rejected: `no-credit` when it has not so much."""
        return await self.do(key, Refund(account_no=account_no, amount=amount, on=on))

    async def restore_refund(self, key: str, *, account_no: str, amount: Money, on: date) -> Receipt:
        """Put a refund that was not cashed, or came back, into the account again."""
        return await self.do(key, RestoreRefund(account_no=account_no, amount=amount, on=on))

    async def apply_deposit(self, key: str, *, account_no: str, amount: Money, interest: Money, on: date) -> Receipt:
        """Credit the account with its deposit and the interest. Rejected: `no-deposit` when less is held."""
        return await self.do(key, ApplyDeposit(account_no=account_no, amount=amount, interest=interest, on=on))
