"""How do the demo's customers live: what moves each of them, and what do they then do?"""

import csv
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import and_
from sqlmodel import Session, col, select

from cli.desk import DeskStaff
from cli.embedded import Embedded
from cli.people import Caller
from cli.settings import Trouble
from cli.settle import Settle, each
from domain.account import past_due
from domain.arrangement import ArrangementStatus
from domain.calendar import DAY
from domain.case import OrderPurpose, OrderState
from domain.facts import FactKind
from domain.money import Money
from formats.city import read_bills, read_open_items
from models.session import reading
from models.tables import ArrangementRow, FactRow, InstalmentRow, LetterRow, WorkOrderRow

COME_AT = time(10, 0)  # once a day, when the office is open to callers
PLEDGE_PAYS_AFTER = timedelta(days=14)
PLEDGE_RUNS = timedelta(days=30)
RETURNED_AFTER = timedelta(days=4)
ONE_IN_RETURNED = 9  # of those who pay on notice, so many have their payment returned once


class Temperament(StrEnum):
    """What data/README.md says of each."""

    ON_TIME = "pays_on_time"
    ON_REMINDER = "pays_on_reminder"
    ON_NOTICE = "pays_on_notice"
    ARRANGES_KEEPS = "calls_and_arranges_keeps"
    ARRANGES_BREAKS = "calls_and_arranges_breaks"
    ARRANGES_CURES = "calls_then_cures"
    PROMISES_KEEPS = "promises_keeps"
    PROMISES_BREAKS = "promises_breaks"
    DISPUTES = "disputes"
    WHEN_CUT = "pays_when_cut"
    SILENT = "silent"
    PLEDGE = "pledge"


REMINDER, NOTICE, BREACH = "reminder", "disconnection notice", "breach"  # letters, as the record calls them
STANDING = (ArrangementStatus.AGREED, ArrangementStatus.IN_FORCE)
FAITHFUL = frozenset({Temperament.ARRANGES_KEEPS, Temperament.ARRANGES_CURES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    account_no: str
    temperament: Temperament
    delay: timedelta
    seed: int


Deed = Callable[[Customer, date], Awaitable[None]]


def read_customers(path: Path) -> dict[str, Customer]:
    """Return the customers of the demo city by account."""
    with path.open(newline="") as file:
        return {
            row["account_no"]: Customer(
                account_no=row["account_no"],
                temperament=Temperament(row["temperament"]),
                delay=timedelta(days=int(row["delay_days"])),
                seed=int(row["seed"]),
            )
            for row in csv.DictReader(file)
        }


class Customers:
    """All of them: each day they see what reached them, and do what they had in mind for that day."""

    def __init__(self, at: Embedded, *, cashier: Caller, staff: DeskStaff, seed: int) -> None:
        assert at.folder is not None, "the demo city is a folder"
        self._at = at
        self._calendar = at.policy.calendar
        self._cashier = cashier
        self._staff = staff
        self._seed = seed
        self._settle = Settle(at.engine, at.clock, at.client)
        self._people = read_customers(at.folder.root / "customers.csv")
        self._plans: dict[date, list[tuple[str, str, Deed]]] = defaultdict(list)
        self._since = at.clock.now()
        self._keeping: set[str] = set()
        self._returned: set[str] = set()
        self._moved_by: dict[tuple[str, Temperament], Deed] = {
            (REMINDER, Temperament.ON_REMINDER): self._pay_past_due,
            (NOTICE, Temperament.ON_NOTICE): self._pay_past_due,
            (NOTICE, Temperament.PROMISES_KEEPS): self._promise,
            (NOTICE, Temperament.PROMISES_BREAKS): self._promise,
            (NOTICE, Temperament.DISPUTES): self._dispute,
            (NOTICE, Temperament.PLEDGE): self._bring_pledge,
            (NOTICE, Temperament.ARRANGES_KEEPS): self._arrange,
            (NOTICE, Temperament.ARRANGES_BREAKS): self._arrange,
            (NOTICE, Temperament.ARRANGES_CURES): self._arrange,
        }
        self._plan_opening()

    def next_at(self, now: datetime) -> datetime | None:
        """Return ten o'clock of the next day that has one to come."""
        day = self._calendar.day(now)
        return next(at for at in (self._calendar.at(day, COME_AT), self._calendar.at(day + DAY, COME_AT)) if at > now)

    async def act(self, now: datetime) -> None:
        """Look at the day's post and at what was cut, then do what was planned through today, in a fixed order."""
        today = self._calendar.day(now)
        self._look(today, now)
        due = [plan for day in sorted(self._plans) if day <= today for plan in self._plans.pop(day)]

        async def do(plan: tuple[str, str, Deed]) -> None:
            account_no, _, deed = plan
            await deed(self._people[account_no], today)

        # One after another for one customer, side by side for different ones.
        by_customer: dict[str, list[tuple[str, str, Deed]]] = defaultdict(list)
        for plan in due:
            by_customer[plan[0]].append(plan)

        async def all_of(plans: list[tuple[str, str, Deed]]) -> None:
            for number, plan in enumerate(plans):
                if number:  # or chance would say whether the case sees one of two payments first, or both
                    await self._settle.rests(plan[0])
                await do(plan)

        await each(all_of, by_customer.values())

    # --- what reaches them -----------------------------------------------------------------------------------------

    def _plan_opening(self) -> None:
        assert self._at.folder is not None
        opening = self._calendar.day(self._since)
        sums: dict[tuple[str, str], int] = defaultdict(int)
        dues: dict[tuple[str, str], date] = {}
        for item in read_open_items(self._at.folder.open_items):
            if item.due_date >= opening:
                sums[item.account_no, item.bill_no] += item.remaining_cents
                dues[item.account_no, item.bill_no] = item.bill_date
        for (account_no, bill_no), cents in sums.items():
            if self._people[account_no].temperament is Temperament.ON_TIME:
                self._plan_bill(account_no, bill_no, cents, dues[account_no, bill_no])

    def _look(self, today: date, now: datetime) -> None:
        self._see_bills(today)
        with reading(self._at.engine) as session:
            for letter in self._letters(session, now):
                self._see_letter(letter, today)
            for account_no in self._cut(session, now):
                self._see_cut(account_no, today)
        self._since = now

    def _see_bills(self, today: date) -> None:
        assert self._at.folder is not None
        path = self._at.folder.bills().get(today)
        for bill in read_bills(path) if path else ():
            person = self._people[bill.account_no]
            if person.temperament is Temperament.ON_TIME:
                self._plan_bill(bill.account_no, bill.bill_no, bill.total_cents, today)
            elif bill.account_no in self._keeping:
                self._plan(bill.due_date, bill.account_no, bill.bill_no, _pays(self, bill.total_cents, bill.bill_no))

    def _plan_bill(self, account_no: str, bill_no: str, cents: int, billed_on: date) -> None:
        person = self._people[account_no]
        self._plan(billed_on + person.delay, account_no, bill_no, _drafts(self, cents, bill_no))

    def _letters(self, session: Session, now: datetime) -> Sequence[LetterRow]:
        query = select(LetterRow).where(col(LetterRow.prepared_at) > self._since, col(LetterRow.prepared_at) <= now)
        return session.exec(query.order_by(col(LetterRow.letter_id))).all()

    def _cut(self, session: Session, now: datetime) -> Sequence[str]:
        query = select(WorkOrderRow.account_no).where(
            WorkOrderRow.purpose == OrderPurpose.DISCONNECT,
            WorkOrderRow.state == OrderState.COMPLETED,
            col(WorkOrderRow.done_at) > self._since,
            col(WorkOrderRow.done_at) <= now,
        )
        return session.exec(query.order_by(col(WorkOrderRow.order_id))).all()

    def _see_letter(self, letter: LetterRow, today: date) -> None:
        person = self._people[letter.account_no]
        on, what = (letter.mailed_on or today) + person.delay, letter.letter_id
        if letter.kind == BREACH and person.temperament is Temperament.ARRANGES_CURES:
            self._plan(on, person.account_no, what, _pays(self, letter.amount_cents, what))
        deed = self._moved_by.get((letter.kind, person.temperament))
        if deed is not None:
            self._plan(on, person.account_no, what, deed)

    def _see_cut(self, account_no: str, today: date) -> None:
        person = self._people[account_no]
        if person.temperament is Temperament.WHEN_CUT:
            self._plan(today + person.delay, account_no, "cut", self._pay_and_ask_back)

    def _plan(self, on: date, account_no: str, what: str, deed: Deed) -> None:
        self._plans[on].append((account_no, what, deed))

    # --- what they do ----------------------------------------------------------------------------------------------

    async def pay(self, person: Customer, cents: int, *, what: str, on: date, source: str = "counter") -> str:
        """Pay at the counter; return the payment's id, empty when there was nothing to pay."""
        if cents <= 0:
            return ""
        trace = f"{person.account_no}.{on}.{what}".replace("/", ".")
        body = {"account_no": person.account_no, "amount_cents": cents, "source": source, "trace": trace}
        answered = await self._cashier.post("payments", body, key=f"payment.{trace}")
        if answered.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise Trouble(f"The counter takes no money for account {person.account_no}: {answered.body['detail']}")
        return str(answered.body.get("payment_id", "")) if answered.ok else ""

    async def draft(self, person: Customer, cents: int, *, what: str, on: date) -> None:
        """Pay by bank draft, which billing draws by itself: the desk never hears of who pays on time."""
        trace = f"{person.account_no}.{what}"
        await self._at.systems.billing.post_payment(
            f"draft/{trace}", account_no=person.account_no, amount=Money(cents), on=on, source="draft", trace=trace
        )

    async def owed(self, person: Customer, today: date) -> int:
        """Return the cents past due today, as billing tells whoever asks for his own balance."""
        answer = await self._at.systems.billing.open_bills(person.account_no)
        return past_due(answer.bills, today).cents

    async def _pay_past_due(self, person: Customer, today: date) -> None:
        payment_id = await self.pay(person, await self.owed(person, today), what="due", on=today)
        bounces = (person.seed + self._seed) % ONE_IN_RETURNED == 0 and person.account_no not in self._returned
        if payment_id and bounces and person.temperament is Temperament.ON_NOTICE:
            self._returned.add(person.account_no)

            async def bounce(_: Customer, on: date) -> None:
                await self._cashier.post(f"payments/{payment_id}/return", {"reason": "R01"}, key=f"return.{payment_id}")
                self._plan(on + person.delay, person.account_no, "again", self._pay_past_due)

            self._plan(today + RETURNED_AFTER, person.account_no, "bounce", bounce)

    async def _promise(self, person: Customer, today: date) -> None:
        cents, by = await self.owed(person, today), today + timedelta(days=3 + person.seed % 5)
        if cents <= 0:
            return
        promise = {"type": "record_promise", "amount_cents": cents, "by": by.isoformat()}
        await self._staff.take_call(person.account_no, promise, on=today)
        if person.temperament is Temperament.PROMISES_KEEPS:
            self._plan(by, person.account_no, "promised", self._pay_past_due)
        elif person.seed % 2:
            until = {"type": "grant_extension", "until": (today + timedelta(days=7)).isoformat()}
            await self._staff.take_call(person.account_no, until, on=today)

    async def _dispute(self, person: Customer, today: date) -> None:
        dispute = {"type": "open_dispute", "about": "The meter was read wrongly."}
        if await self._staff.take_call(person.account_no, dispute, on=today):
            self._plan(today + DAY, person.account_no, "answer", self._await_answer)

    async def _await_answer(self, person: Customer, today: date) -> None:
        with reading(self._at.engine) as session:
            query = select(FactRow.until).where(
                FactRow.account_no == person.account_no, FactRow.kind == FactKind.DISPUTE
            )
            answered = all(session.exec(query).all())
        on = today + person.delay if answered else today + DAY
        self._plan(on, person.account_no, "answer", self._pay_past_due if answered else self._await_answer)

    async def _bring_pledge(self, person: Customer, today: date) -> None:
        cents = await self.owed(person, today)
        until = self._calendar.at(today + PLEDGE_RUNS, time(0)).isoformat()
        pledge = {
            "type": "record_fact",
            "kind": "pledge",
            "amount_cents": cents,
            "until": until,
            "source": "assistance agency",
        }
        if cents and await self._staff.take_call(person.account_no, pledge, on=today):

            async def paid(_: Customer, on: date) -> None:
                await self.pay(person, cents, what="pledge", on=on, source="pledge")

            self._plan(today + PLEDGE_PAYS_AFTER, person.account_no, "pledge", paid)

    async def _arrange(self, person: Customer, today: date) -> None:
        """Ask to pay in parts; read on the next open day what was agreed, for a supervisor may have to approve it."""
        agree = {"type": "agree_arrangement", "months": 2 + person.seed % 2, "signed": True}
        if await self._staff.take_call(person.account_no, agree, on=today):
            self._plan(self._calendar.open_day(today + DAY), person.account_no, "agreed", self._read_agreement)

    async def _read_agreement(self, person: Customer, today: date) -> None:
        """Plan the parts that this customer will pay."""
        with reading(self._at.engine) as session:
            schedule = _schedule(session, person.account_no)
        paid = {
            Temperament.ARRANGES_KEEPS: schedule,
            Temperament.ARRANGES_BREAKS: schedule[:1],
            # The one that is missed is paid after the letter about it has come.
            Temperament.ARRANGES_CURES: schedule[:1] + schedule[2:],
        }[person.temperament]
        for part in paid:
            what = f"part{part.number}"
            self._plan(part.due_on, person.account_no, what, _pays(self, part.amount_cents, what))
        if schedule and person.temperament in FAITHFUL:
            await self._keep_current(person, today)

    async def _keep_current(self, person: Customer, today: date) -> None:
        """From now on pay each new bill on its day, for the agreement asks for it."""
        self._keeping.add(person.account_no)
        answer = await self._at.systems.billing.open_bills(person.account_no)
        for bill in answer.bills:
            if bill.due_on >= today:
                what = bill.ref
                self._plan(bill.due_on, person.account_no, what, _pays(self, bill.open.cents, what))

    async def _pay_and_ask_back(self, person: Customer, today: date) -> None:
        await self.pay(person, await self.owed(person, today), what="cut", on=today)
        ask = {"type": "request_reactivation", "because": "The customer has paid and asks for service."}
        await self._staff.take_call(person.account_no, ask, on=today)


def _pays(customers: Customers, cents: int, what: str) -> Deed:
    async def deed(person: Customer, today: date) -> None:
        await customers.pay(person, cents, what=what, on=today)

    return deed


def _drafts(customers: Customers, cents: int, what: str) -> Deed:
    async def deed(person: Customer, today: date) -> None:
        await customers.draft(person, cents, what=what, on=today)

    return deed


def _schedule(session: Session, account_no: str) -> list[InstalmentRow]:
    """Return the parts of the agreement that the account has now; none while it waits to be approved, or was not."""
    query = (
        select(InstalmentRow)
        .join(
            ArrangementRow,
            and_(
                col(ArrangementRow.case_id) == col(InstalmentRow.case_id),
                col(ArrangementRow.number) == col(InstalmentRow.arrangement),
            ),
        )
        .where(ArrangementRow.account_no == account_no, col(ArrangementRow.status).in_(STANDING))
        .order_by(col(InstalmentRow.position))
    )
    return list(session.exec(query))
