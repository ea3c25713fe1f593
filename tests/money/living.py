"""Accounts that live by production's own code, without Temporal: SQL, outbox, payment files, the core, and letters.

The cases' loop is the simulator's body; all it reads and does goes through the activities that the workflow calls.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlmodel import col, select
from temporalio.client import Client
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.case import read_account
from activities.effects import EffectActivities
from activities.messages import CaseStart, EffectRequest, Opening
from activities.mirror import mirror
from activities.opening import next_opening
from activities.outbox import Relay
from casework.payments import Received, receive
from domain.account import Snapshot, past_due
from domain.agenda import next_step
from domain.case import Case
from domain.effects import Effect, Receipt
from domain.events import Event, NoticeWithdrawn
from domain.facts import FactKind, on_file
from domain.hear import Told
from domain.money import Money
from domain.opening import opened
from domain.policy import Dated
from domain.step import Step
from domain.view import view
from models.accounts import account_of
from models.behaviour import behaviour_of
from models.facts import facts_of
from models.ledger import balances
from models.policies import activate
from models.record import record
from models.returned import strikes_of
from models.session import reading, transaction
from models.tables import PaymentRow
from models.users import Role
from simulator.body import Body
from simulator.world import World
from tests.money.teller import Teller, a_teller
from workflows.collections_case import ACTIVITIES
from workflows.policies import hold

T = TypeVar("T")
SWEEP = time(5)
DAY = timedelta(days=1)


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@dataclass
class SqlWorld:
    """What a case meets: the record and the systems, through the activities of the worker."""

    teller: Teller
    account_no: str
    body: "SqlBody | None" = None

    @property
    def now(self) -> datetime:
        return self.teller.clock.now()

    def snapshot(self) -> Snapshot:
        at = self.teller
        return run(read_account(at.engine, at.clock, at.systems.billing, self.account_no))

    def note(self, event: Event) -> None:
        assert self.body is not None, "a world has its case"
        with transaction(self.teller.engine) as session:
            record(session, case=view(self.body.case, self.teller.policy, self.now), events=(event,))

    def do(self, case: Case, effect: Effect) -> Receipt:
        at = self.teller
        acts = EffectActivities(engine=at.engine, clock=at.clock, systems=at.systems)
        done: Receipt = run(getattr(acts, ACTIVITIES[type(effect)][0])(EffectRequest(case=case, effect=effect)))
        return done


class SqlBody(Body):
    """A case on record, opened as its workflow opens it."""

    def __init__(self, opening: Opening, teller: Teller) -> None:
        world = SqlWorld(teller, opening.account_no)
        super().__init__(
            case_id=opening.case_id,
            account_no=opening.account_no,
            world=cast("World", world),
            policy=teller.policy,
            stage=opening.stage,
            off=opening.off,
        )
        world.body, self._opening = self, opening

    def _open(self) -> None:
        first = opened(
            self.case.known,
            stage=self._opening.stage,
            off=self._opening.off,
            linked_to=self._opening.linked_to,
            because=self._opening.because,
            carried=self._opening.carried,
            spread_by=self._opening.spread_by,
        )
        self._record(self._stamped((first,), key="opened", by="sweep"))


@dataclass
class Cases:
    """Stands where Temporal's client stands: what is told or begun waits until the loop takes it up."""

    teller: Teller
    bodies: dict[str, SqlBody] = field(default_factory=dict)
    stirred: set[str] = field(default_factory=set)
    every: list[SqlBody] = field(default_factory=list)
    _asked: str = ""

    def open(self, account_no: str) -> SqlBody | None:
        body = self.bodies.get(account_no)
        return body if body is not None and body.case.closed is None else None

    def get_workflow_handle(self, name: str) -> "Cases":
        self._asked = name.removeprefix("case/")
        return self

    async def signal(self, _name: str, told: Told) -> None:
        body = self.open(self._asked)
        if body is None:
            raise RPCError("no such case", RPCStatusCode.NOT_FOUND, b"")
        body.tell(told)
        self.stirred.add(self._asked)

    async def start_workflow(self, name: str, start: CaseStart, **_more: object) -> None:
        self.begin(start.opening, name)

    def begin(self, opening: Opening, name: str = "CollectionsCase") -> None:
        if self.open(opening.account_no) is not None:
            raise WorkflowAlreadyStartedError(opening.account_no, name)
        self.bodies[opening.account_no] = SqlBody(opening, self.teller)
        self.every.append(self.bodies[opening.account_no])
        self.stirred.add(opening.account_no)


@dataclass
class Living:
    """What a test drives: let days go by, money come and go, and mistakes be made and put right."""

    teller: Teller
    cases: Cases
    account_nos: tuple[str, ...]
    drawn: bytes = b""
    said: list[str] = field(default_factory=list)

    def at(self, when: str) -> datetime:
        local = datetime.fromisoformat(when)
        return self.teller.policy.calendar.at(local.date(), local.time())

    def say(self, key: str, value: object) -> None:
        """Let the pack state *value* from now on."""
        policy = self.teller.policy
        first = policy.values[key][0]
        policy = replace(policy, values={**policy.values, key: (Dated(first.since, value, first.source),)})
        hold(policy)
        with transaction(self.teller.engine) as session:
            activate(session, policy, self.teller.clock.now() + timedelta(seconds=len(self.said) + 1))
        self.said.append(key)
        self.teller.policy = policy

    @property
    def today(self) -> date:
        return self.teller.policy.calendar.day(self.teller.clock.now())

    def until(self, goal: datetime) -> None:
        """Let time go by, stopping wherever a case asks to be woken and each morning for the sweep."""
        calendar = self.teller.policy.calendar
        while (now := self.teller.clock.now()) < goal:
            morning = calendar.at(calendar.day(now), SWEEP)
            sweep = morning if morning > now else calendar.at(calendar.day(now) + DAY, SWEEP)
            wakes = [body.wake_at for body in self.cases.bodies.values() if body.wake_at and body.case.closed is None]
            at = min([goal, sweep, *(max(wake, now) for wake in wakes)])
            self.teller.clock.set(at)
            self.teller.city.advance(at)
            if at == sweep:
                self.sweep()
            for body in list(self.cases.bodies.values()):
                if body.case.closed is None and (at == sweep or (body.wake_at and body.wake_at <= at)):
                    body.work()
            self.settle()

    def sweep(self) -> None:
        for account_no in self.account_nos:
            found = self.teller.city.billing.open_bills(account_no)
            if self.cases.open(account_no) is not None or not past_due(found.bills, self.today):
                continue
            with transaction(self.teller.engine) as session:
                now = self.teller.clock.now()
                opening = next_opening(session, account_no, now=now, because="the delinquency extract")
            if opening is not None:
                self.cases.begin(opening)
        self.settle()

    def settle(self) -> None:
        """Let billing and the cases hear of all that was put into the outbox, and do what follows."""
        relay = Relay(self.teller.engine, cast("Client", self.cases), self.teller.systems.billing)
        while True:
            delivered = 0
            while tried := run(relay.deliver()):
                delivered += tried
            stirred, self.cases.stirred = self.cases.stirred, set()
            for account_no in sorted(stirred):
                self.cases.bodies[account_no].work()
            if not stirred and not delivered:
                return

    # --- money ----------------------------------------------------------------------------------------------------

    def pay(self, account_no: str, cents: int, *, trace: str, source: str = "counter", by: str = "kim") -> str:
        """Take money at the desk; return the payment's id."""
        money = Received(account_no=account_no, amount=Money(cents), source=source, trace=trace, tender=source)
        paid = run(receive(self.teller.desk(by, Role.ACCOUNTANT), money))
        self.settle()
        return paid.payment_id

    def file(self, data: bytes, *, name: str) -> str:
        """Take a file in and work it off; return its id."""
        row = run(self.teller.take(data, name=name, on=self.today))
        assert row.state == "done", row.detail
        self.settle()
        return row.file_id

    def account(self, account_no: str) -> "Stands":
        """Return all that counts of an account."""
        at, policy = self.teller, self.teller.policy
        found = at.city.billing.open_bills(account_no)
        with reading(at.engine) as session:
            facts = facts_of(session, account_of(session, account_no))
            points = behaviour_of(session, account_no, policy=policy, on=self.today)
            strikes = strikes_of(session, account_no, since=date(2026, 1, 1))
            standing = {fact.kind for fact in facts if on_file(facts, fact.kind)}
            kinds = sorted(
                map(str, standing - {FactKind.PUT_RIGHT})
            )  # that it was put right is on record, and counts for nothing
        return Stands(
            bills=tuple((bill.ref, bill.due_on, bill.open.cents) for bill in found.bills),
            credit=found.credit.cents,
            points=tuple(sorted((row.event, row.points) for row in points)),
            strikes=tuple(strikes),
            facts=tuple(kinds),
            instruments=tuple(str(each.state) for each in at.city.billing.instruments(account_no)),
            case=self.case(account_no),
        )

    def case(self, account_no: str) -> tuple[object, ...]:
        """Return where the account's open case stands and what comes next; letters that were sent do not count."""
        body = self.cases.open(account_no)
        if body is None:
            return ("no open case",)
        case = body.case
        item = next_step(case, self.teller.policy, self.teller.clock.now())
        letters = tuple(
            (each.kind, each.served_on, each.amount.cents, tuple(bill.ref for bill in each.bills), each.earliest_cut_on)
            for each in (case.reminder, case.notice)
            if each is not None
        )
        counters = case.counters
        counted = (counters.promises_broken, counters.arrangements_broken, counters.disconnections, counters.extensions)
        next_item = (item.kind, item.at) if isinstance(item, Step) else ("wait", item.until)
        return (case.stage, letters, counted, next_item, case.arrangement)

    def ledger(self) -> dict[str, int]:
        """Return what stands on each account of our ledger but for what is on its way to or from the bank."""
        with reading(self.teller.engine) as session:
            found = {str(account): money.cents for account, money in balances(session).items()}
        return {name: cents for name, cents in found.items() if not name.startswith("clearing")}

    def sent(self, account_no: str) -> list[tuple[str, date]]:
        """Return the letters that went out, in their order."""
        kinds = {"reminder_sent", "notice_served"}
        events = (event for body in self.cases.every if body.case.account_no == account_no for event in body.events)
        return [(event.body.type, event.on) for event in events if event.body.type in kinds]

    def overstated(self, account_no: str) -> int:
        """Return how many notices were withdrawn since a mistake had let them state too much: those are served anew."""
        events = (event for body in self.cases.every if body.case.account_no == account_no for event in body.events)
        return sum(isinstance(event.body, NoticeWithdrawn) and event.body.overstated for event in events)

    def stated(self, account_no: str) -> list[int]:
        """Return the cents that the account's present letters state; one sent under a mistake states the wrong sum."""
        body = self.cases.open(account_no)
        letters = (body.case.reminder, body.case.notice) if body else ()
        return [each.amount.cents for each in letters if each is not None]

    def payments(self, account_no: str) -> list[tuple[str, str]]:
        """Return the account's payments and why each went back."""
        with reading(self.teller.engine) as session:
            query = select(PaymentRow).where(PaymentRow.account_no == account_no).order_by(col(PaymentRow.payment_id))
            return [(row.payment_id, row.return_reason) for row in session.exec(query).all()]


@dataclass(frozen=True, kw_only=True)
class Stands:
    """All that counts of an account: money by bill and due date, points, strikes, facts, instruments, and its case."""

    bills: tuple[tuple[str, date, int], ...]
    credit: int
    points: tuple[tuple[str, int], ...]
    strikes: tuple[date, ...]
    facts: tuple[str, ...]
    instruments: tuple[str, ...]
    case: tuple[object, ...]


@contextmanager
def living(folder: Path, city: Path, *account_nos: str, pack: Path | None = None) -> Iterator[Living]:
    """Yield an installation with a new database in *folder* in which the accounts are known; nobody is past due yet."""
    folder.mkdir(parents=True, exist_ok=True)
    more = {"pack": pack} if pack else {}
    with a_teller(f"sqlite:///{folder / 'arrears.db'}", city, **more) as teller:
        hold(teller.policy)
        at = teller.clock.now()
        run(mirror(teller.engine, teller.systems.billing, teller.policy, list(account_nos), at=at))
        yield Living(teller, Cases(teller), account_nos)
