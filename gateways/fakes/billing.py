"""How does the city's billing engine behave: a city folder's accounts and bills, money in and back out, charges?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from domain.account import AccountStatus, Service
from domain.money import Money
from formats.city import Bill, CityFolder, PostedDraft, read_accounts, read_bills, read_open_items, read_posted_drafts
from gateways.billing import (
    MOVEMENTS,
    WRITE_OFF,
    AccountMaster,
    Adjust,
    BillingAnswer,
    BillingEffect,
    Charge,
    ControlLine,
    IssueFinalBill,
    PostPayment,
    ReturnPayment,
    SpareLateFees,
)
from gateways.errors import Rejected
from gateways.fakes.extract import write_extract
from gateways.fakes.instruments import Instruments, deposit_left
from gateways.fakes.keyed import Keyed
from gateways.fakes.late_fees import PREFIX as LATE
from gateways.fakes.late_fees import LateFeeDesk, LateFees
from gateways.fakes.ledger import (
    ADJUSTMENTS,
    BILLED,
    CREDIT,
    FEES,
    WRITE_OFFS,
    AccountLedger,
    Credit,
    Debit,
)
from gateways.fakes.masters import master_of
from gateways.money_out import (
    ApplyDeposit,
    CorrectInstrument,
    EndAutopay,
    Instrument,
    Refund,
    RestoreRefund,
    SetInstrument,
)
from gateways.receipt import Receipt

DUE_DAYS = 21  # hand-over notes, accounts.csv: "Bills are due 21 days after the bill date."
_BILLING_PERIOD_DAYS = 30  # a final bill is the last one, taken for the days since, out of so many
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedBill:
    account_no: str
    bill_no: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Payment:
    account_no: str
    credit: Credit
    trace: tuple[str, str]


class BillingLedger(Keyed[BillingEffect]):
    """The billing engine over a city folder; the opening is the close of the day before the folder's first bills.

    Accounts are loaded whole; the bills of a day are read when `advance` reaches it.
    """

    def __init__(self, folder: CityFolder, *, zone: ZoneInfo, late_fees: LateFees | None = None) -> None:
        self._bill_files = folder.bills()
        self.opening = folder.opening
        super().__init__(now=datetime.combine(self.opening, datetime.min.time(), zone).astimezone(UTC))
        self._zone = zone
        self._masters: dict[str, AccountMaster] = {}
        self._ledgers: dict[str, AccountLedger] = {}
        self._payments: dict[str, _Payment] = {}
        self._drafts: dict[str, PostedDraft] = {}
        self._traces: set[tuple[str, str]] = set()
        self._returned: set[str] = set()
        self._ended: dict[str, date] = {}
        self._late_fees = LateFeeDesk(late_fees)
        self._load(folder)
        self._instruments = Instruments(folder, self._masters)
        owned = {service for master in self._masters.values() for service in master.account.services}
        self.services = tuple(service for service in Service if service in owned)

    @property
    def today(self) -> date:
        """Return the city's date at the business instant."""
        return self.now.astimezone(self._zone).date()

    def advance(self, now: datetime) -> tuple[IssuedBill, ...]:
        """Move business time to *now* and issue the bills of each day reached; return them.

        Raises:
            ValueError: *now* lies before the present business instant.
        """
        if now < self.now:
            raise ValueError(f"business time does not go back from {self.now} to {now}")
        day, self.now = self.today, now
        issued: list[IssuedBill] = []
        while day < self.today:
            day += _DAY
            if day in self._bill_files:
                issued.extend(self._issue(day))
        return tuple(issued)

    def account_nos(self) -> tuple[str, ...]:
        """Return every account number in the order of the city's file."""
        return tuple(self._masters)

    def account(self, account_no: str) -> AccountMaster:
        return self._master(account_no)

    def accounts(self, account_nos: Sequence[str]) -> tuple[AccountMaster, ...]:
        return tuple(self._master(account_no) for account_no in account_nos)

    def open_bills(self, account_no: str, *, as_of: date | None = None) -> BillingAnswer:
        day = as_of or self.today
        master, found = self._master(account_no), self._ledgers[account_no].open(day)
        return BillingAnswer(
            account_no=account_no,
            bills=found.bills,
            credit=found.credit,
            status=master.account.status,
            as_of=day,
        )

    def open_bills_of(self, account_nos: Sequence[str], *, as_of: date | None = None) -> tuple[BillingAnswer, ...]:
        """Return what is open of many accounts at the close of *as_of*, which is not before the opening."""
        if as_of is not None and as_of < self.opening:
            raise Rejected("no-such-day", f"Billing knows the days from {self.opening} on, not {as_of}.")
        return tuple(self.open_bills(account_no, as_of=as_of) for account_no in account_nos)

    def instruments(self, account_no: str) -> tuple[Instrument, ...]:
        self._master(account_no)
        return self._instruments.of(account_no)

    def delinquencies(self, as_of: date) -> bytes:
        """Return the extract at the close of *as_of*, which lies from the opening to today."""
        if not self.opening <= as_of <= self.today:
            raise Rejected("no-such-day", f"Billing knows the days {self.opening} to {self.today}, not {as_of}.")
        open_of = ((account_no, ledger.open(as_of).bills) for account_no, ledger in self._ledgers.items())
        return write_extract(open_of, services=self.services, as_of=as_of)

    def control(self, *, since: date, through: date) -> tuple[ControlLine, ...]:
        """Return the control accounts, a line per service and one for unapplied credit."""
        names = (*(str(service) for service in self.services), CREDIT)
        opening, closing, moved = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
        for ledger in self._ledgers.values():
            before, between, after = ledger.rolled(since=since, through=through)
            opening.update(before)
            moved.update(between)
            closing.update(after)
        return tuple(
            ControlLine(
                service=name,
                opening=Money(opening[name]),
                closing=Money(closing[name]),
                **{kind: Money(moved[name, kind]) for kind in MOVEMENTS},
            )
            for name in names
        )

    def _perform(self, key: str, effect: BillingEffect) -> Receipt:
        match effect:
            case PostPayment():
                return self._post(key, effect)
            case ReturnPayment():
                return self._return(key, effect)
            case Charge():
                return self._charge(key, effect)
            case Adjust():
                return self._adjust(key, effect)
            case IssueFinalBill():
                return self._final(key, effect)
            case SpareLateFees():
                self._master(effect.account_no)
                self._late_fees.spare(effect)
                return self._receipt(key, ref=self._number("SL"))
            case SetInstrument() | EndAutopay() | CorrectInstrument():
                return self._instrument(key, effect)
            case Refund() | RestoreRefund() | ApplyDeposit():
                return self._money_out(key, effect)
            case _:
                assert_never(effect)

    def _post(self, key: str, payment: PostPayment) -> Receipt:
        if self._master(payment.account_no).account.status is AccountStatus.CLOSED:
            raise Rejected("closed-account", "The account is closed and takes no money.")
        _above_zero(payment.amount)
        trace = (payment.source, payment.trace)
        if payment.trace and trace in self._traces:
            raise Rejected("duplicate-trace", f"A payment of {payment.source} with this trace is posted already.")
        ref = self._number("PM")
        credit = Credit(cents=payment.amount.cents, since=payment.on, only=frozenset(payment.services))
        self._ledgers[payment.account_no].credit(credit)
        self._payments[ref] = _Payment(account_no=payment.account_no, credit=credit, trace=trace)
        self._traces.add(trace)
        return self._receipt(key, ref=ref)

    def _return(self, key: str, item: ReturnPayment) -> Receipt:
        payment, draft = self._payments.get(item.payment_ref), self._drafts.get(item.payment_ref)
        if payment is None and draft is None:
            raise Rejected("unknown-payment", f"No payment {item.payment_ref} was posted.")
        if item.payment_ref in self._returned:
            raise Rejected("already-returned", f"The payment {item.payment_ref} was returned before.")
        self._returned.add(item.payment_ref)
        if payment is not None:
            self._ledgers[payment.account_no].void(payment.credit, since=item.on)
            self._traces.discard(payment.trace)
            account_no, cents = payment.account_no, payment.credit.cents
        else:
            assert draft is not None, "one of the two was found"
            self._owe_again(draft, since=item.on)
            account_no, cents = draft.account_no, draft.amount_cents
        return self._receipt(key, ref=self._number("RT"), account_no=account_no, amount_cents=str(cents))

    def _charge(self, key: str, fee: Charge) -> Receipt:
        self._master(fee.account_no)
        _above_zero(fee.amount)
        bill_no, due_on = self._number("FE"), fee.due_on or fee.on + DUE_DAYS * _DAY
        self._owe(
            fee.account_no,
            bill_no=bill_no,
            service=fee.service,
            on=fee.on,
            due_on=due_on,
            cents=fee.amount.cents,
            kind=FEES,
        )
        return self._receipt(key, ref=bill_no, bill_no=bill_no, due_on=due_on.isoformat())

    def _adjust(self, key: str, change: Adjust) -> Receipt:
        self._master(change.account_no)
        ref = self._number("AJ")
        kind = WRITE_OFFS if change.reason == WRITE_OFF else ADJUSTMENTS
        if change.undoes:
            charged = self.lookup(change.undoes)
            corrected = charged and self._ledgers[change.account_no].correct(
                charged.ref, change.service, cents=change.amount.cents, since=change.on
            )
            if not corrected:
                raise Rejected("no-such-charge", f"The account has no bill charged under {change.undoes}.")
        elif change.amount.cents < 0:
            credit = Credit(cents=-change.amount.cents, since=change.on, kind=kind, service=change.service)
            self._ledgers[change.account_no].credit(credit)
        else:
            _above_zero(change.amount)
            due_on = change.due_on or change.on + DUE_DAYS * _DAY
            self._owe(
                change.account_no,
                bill_no=ref,
                service=change.service,
                on=change.on,
                due_on=due_on,
                cents=change.amount.cents,
                kind=kind,
            )
        return self._receipt(key, ref=ref)

    def _instrument(self, key: str, effect: SetInstrument | EndAutopay | CorrectInstrument) -> Receipt:
        self._master(effect.account_no)
        match effect:
            case SetInstrument():
                return self._receipt(key, ref=self._number("IN"), changed=str(self._instruments.set(effect)))
            case EndAutopay():
                ended = "yes" if self._instruments.end_autopay(effect) else "no"
                return self._receipt(key, ref=self._number("IN"), ended=ended)
            case CorrectInstrument():
                return self._receipt(key, ref=self._instruments.correct(effect))

    def _money_out(self, key: str, effect: Refund | RestoreRefund | ApplyDeposit) -> Receipt:
        account_no, master = effect.account_no, self._master(effect.account_no)
        _above_zero(effect.amount)
        match effect:
            case Refund():
                credit = self._ledgers[account_no].open(effect.on).credit
                if effect.amount > credit:
                    raise Rejected("no-credit", f"The account has a credit of {credit}, not of {effect.amount}.")
                ref = self._number("RF")
                # Owed from the day it goes out: should a payment behind the credit come back, the customer owes it.
                service, cents = master.account.services[0], effect.amount.cents
                on = effect.on
                self._owe(account_no, bill_no=ref, service=service, on=on, due_on=on, cents=cents, kind=ADJUSTMENTS)
            case RestoreRefund():
                ref = self._number("RR")
                given_back = Credit(cents=effect.amount.cents, since=effect.on, kind=ADJUSTMENTS)
                self._ledgers[account_no].credit(given_back)
            case ApplyDeposit():
                ref = self._number("DP")
                self._masters[account_no] = deposit_left(master, effect.amount)
                cents = (effect.amount + effect.interest).cents
                self._ledgers[account_no].credit(Credit(cents=cents, since=effect.on, kind=ADJUSTMENTS))
        return self._receipt(key, ref=ref)

    def _final(self, key: str, effect: IssueFinalBill) -> Receipt:
        master = self._master(effect.account_no)
        if master.account.status is not AccountStatus.ACTIVE:
            raise Rejected("not-active", f"The account is {master.account.status} and got its last bill before.")
        bill_no, due_on, total_cents = self._number("FB"), effect.on + DUE_DAYS * _DAY, 0
        for line in self._ledgers[effect.account_no].latest_bill():
            days = min(max((effect.on - line.bill_on).days, 0), _BILLING_PERIOD_DAYS)
            cents = line.original_cents * days // _BILLING_PERIOD_DAYS
            total_cents += cents
            self._owe(
                effect.account_no, bill_no=bill_no, service=line.service, on=effect.on, due_on=due_on, cents=cents
            )
        self._ended[effect.account_no] = effect.on
        traits = replace(master.account, status=AccountStatus.FINAL)
        self._masters[effect.account_no] = replace(master, account=traits, status_on=effect.on)
        return self._receipt(
            key, ref=bill_no, bill_no=bill_no, due_on=due_on.isoformat(), amount_cents=str(total_cents)
        )

    def _master(self, account_no: str) -> AccountMaster:
        if account_no not in self._masters:
            raise Rejected("unknown-account", "Billing has no account of this number.")
        return self._masters[account_no]

    def _load(self, folder: CityFolder) -> None:
        for row in read_accounts(folder.accounts):
            self._masters[row.account_no] = master_of(row)
            self._ledgers[row.account_no] = AccountLedger()
            if row.opening_credit_cents:
                self._ledgers[row.account_no].credit(Credit(cents=row.opening_credit_cents, since=date.min))
        for item in read_open_items(folder.open_items):
            debit = Debit(
                bill_no=item.bill_no,
                service=Service(item.service),
                bill_on=item.bill_date,
                due_on=item.due_date,
                original_cents=item.original_cents,
                parts=[(date.min, item.remaining_cents)],
            )
            self._ledgers[item.account_no].owe(debit)
        if folder.posted_drafts.is_file():
            self._drafts = {draft.trace: draft for draft in read_posted_drafts(folder.posted_drafts)}

    def _issue(self, day: date) -> list[IssuedBill]:
        issued = []
        for bill in read_bills(self._bill_files[day]):
            if self._ended.get(bill.account_no, date.max) < bill.bill_date:
                continue
            self._enter(bill)
            self._charge_late(bill)
            issued.append(IssuedBill(account_no=bill.account_no, bill_no=bill.bill_no, on=day))
        return issued

    def _enter(self, bill: Bill) -> None:
        for line in bill.lines:
            self._owe(
                bill.account_no,
                bill_no=bill.bill_no,
                service=Service(line.service),
                on=bill.bill_date,
                due_on=bill.due_date,
                cents=line.cents,
            )

    def _charge_late(self, bill: Bill) -> None:
        """Charge what is late when *bill* is issued; it is due with that bill."""
        late = self._ledgers[bill.account_no].open(bill.bill_date).bills
        cents = self._late_fees.fee(bill.account_no, late, bill.bill_date)
        if cents:
            self._owe(
                bill.account_no,
                bill_no=self._number(LATE),
                service=late[0].service,
                on=bill.bill_date,
                due_on=bill.due_date,
                cents=cents,
                kind=FEES,
            )

    def _owe_again(self, draft: PostedDraft, *, since: date) -> None:
        for part in draft.applied:
            debit = Debit(
                bill_no=part.bill_no,
                service=Service(part.service),
                bill_on=part.due_date - DUE_DAYS * _DAY,
                due_on=part.due_date,
                original_cents=part.cents,
                repaid=[(since, part.cents)],
            )
            self._ledgers[draft.account_no].owe(debit)

    def _owe(
        self, account_no: str, *, bill_no: str, service: Service, on: date, due_on: date, cents: int, kind: str = BILLED
    ) -> None:
        debit = Debit(
            bill_no=bill_no,
            service=service,
            bill_on=on,
            due_on=due_on,
            original_cents=cents,
            parts=[(on, cents)],
            kind=kind,
        )
        self._ledgers[account_no].owe(debit)


def _above_zero(amount: Money) -> None:
    if amount.cents <= 0:
        raise Rejected("bad-amount", f"{amount} is not an amount above zero.")
