"""A whole installation in one process: real Temporal, real SQL, the fakes, and a stepped clock that a test moves."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import col, select
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WorkflowHandle

from activities.codec import data_converter
from activities.messages import TASK_QUEUE, Answer, CaseStart, Decision, Opening, case_workflow_id
from activities.mirror import mirror
from activities.outbox import Relay
from casework.context import Desk, Installation, Person
from casework.field import hear_crew
from casework.payments import Received, receive
from cli.settle import Settle
from domain.case import OPEN_ORDER_STATES, Case
from domain.commands import Command
from domain.events import Event
from domain.hear import Tells, Told
from domain.money import Money
from domain.policy import Policy
from gateways.fakes.city import FakeCity
from gateways.fakes.direct import direct_systems
from gateways.fakes.faults import Faults
from gateways.fakes.field import Reply
from gateways.packs import load_policy
from gateways.systems import Systems
from models.cases import decode, last_case_of, next_case_id, next_due_at, timeline_of
from models.clock import ClockMode, SqlClock
from models.outbox import tell
from models.policies import activate
from models.session import reading, transaction
from models.tables import WorkOrderRow
from models.users import Role
from tests.ready import open_ready
from workflows.policies import hold

ROOT = Path(__file__).parents[2]
CITY = ROOT / "data" / "demo-city"
PACK = ROOT / "policies" / "demo-city.toml"
KEY = bytes(range(32))
SHOP = "9906282455"  # commercial, electric by a remote meter, its oldest bill due 2026-06-03
SHOPS = (SHOP, "9978281013", "9925596000", "9938633477", "9908768428", "9971411351", "9943837345", "9931450028")
OPENING = datetime(2026, 9, 1, 10, tzinfo=UTC)  # five in the morning in the city
STEP = timedelta(minutes=30)  # while a crew is out
DAY = timedelta(days=1)
RETRY_SECONDS = 0.05
SUPERVISOR = "sven"


async def add_search_attributes(client: Client) -> None:
    """Let the server know the attributes that cases carry."""
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    names = ("ArrearsStage", "ArrearsService", "ArrearsPack")
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace="default", search_attributes=dict.fromkeys(names, keyword))
    )


class Delivering(Settle):
    """The barrier, delivering the outbox itself: no relay runs beside a test."""

    def __init__(self, engine: Engine, clock: SqlClock, client: Client, relay: Relay) -> None:
        super().__init__(engine, clock, client)
        self._relay = relay

    async def _delivered(self, deadline: float) -> None:
        while await asyncio.to_thread(self._waiting):
            if not await self._relay.deliver():
                await asyncio.sleep(RETRY_SECONDS)  # a message that failed waits for its next try
            assert time.monotonic() < deadline, "the outbox does not empty"


@dataclass
class World:
    """What a test drives: open a case, let days go by, decide, pay; then look at what is on record."""

    client: Client
    engine: Engine
    clock: SqlClock
    city: FakeCity
    systems: Systems
    policy: Policy
    relay: Relay
    settle: Settle
    watched: frozenset[str] = frozenset(SHOPS)
    task_timeout: timedelta | None = None
    """After which a task of a case whose worker has died is given to another; none: as Temporal has it, ten seconds."""
    sweeps: bool = False
    """Whether the cases of those watched hear of a bill when it is issued, as each night's sweep has them look."""

    async def open(self, account_no: str, **opening: object) -> WorkflowHandle[object, object]:
        """Mirror the account, start its case, and let it settle."""
        await mirror(self.engine, self.systems.billing, self.policy, [account_no], at=self.clock.now())
        with transaction(self.engine) as session:
            case_id = next_case_id(session, account_no)
        start = CaseStart(opening=Opening(case_id=case_id, account_no=account_no, **opening))  # type: ignore[arg-type]
        handle = await self.client.start_workflow(
            "CollectionsCase",
            start,
            id=case_workflow_id(account_no),
            task_queue=TASK_QUEUE,
            task_timeout=self.task_timeout,
        )
        await self.rest(account_no)
        return handle

    async def rest(self, *account_nos: str) -> None:
        """Deliver the outbox and wait until nothing that is due is left undone."""
        await self.settle(account_nos)

    async def until(self, when: str) -> None:
        """Move the clock to *when* (city time), stopping wherever something is due on the way."""
        goal = self.at(when)
        while self.clock.now() < goal:
            with reading(self.engine) as session:
                due = next_due_at(session)
                out = session.exec(select(WorkOrderRow).where(col(WorkOrderRow.state).in_(OPEN_ORDER_STATES))).first()
            soon = min(goal, self.clock.now() + (STEP if out else DAY))
            await self.to(soon if due is None or due > soon else max(due, self.clock.now()))

    async def to(self, now: datetime) -> None:
        """Move the clock to *now*, let the crews act, and settle."""
        self.clock.set(now)
        issued = self.city.advance(now)
        work, reply = self.city.work(), None
        while True:
            try:
                callback = work.send(reply)  # type: ignore[arg-type]
            except StopIteration:
                break
            reply = Reply(delivered=True, answer=await hear_crew(self.desk("crew", Role.FIELD_CALLBACK), callback))
        billed = {bill.account_no for bill in issued} & self.watched
        if self.sweeps:
            self._tell(billed, now)
        await self.rest(*billed)

    def _tell(self, billed: set[str], now: datetime) -> None:
        with transaction(self.engine) as session:
            for account_no in sorted(billed):
                told = Told(key=f"refresh/{account_no}/{now.isoformat()}", at=now, what=Tells.LOOK_AGAIN)
                tell(session, account_no=account_no, told=told, at=now)

    async def decide(self, account_no: str, command: Command, *, by: str = "rosa", key: str = "") -> Answer:
        """Send a decision as the desk does, and let what follows from it settle."""
        decision = Decision(
            key=key or f"{by}/{command.type}/{self.clock.now().isoformat()}",
            at=self.clock.now(),
            by=by,
            command=command,
            senior=by == SUPERVISOR,
            supervisor=by == SUPERVISOR,
        )
        handle = self.client.get_workflow_handle(case_workflow_id(account_no))
        answer: Answer = await handle.execute_update("decide", decision, id=decision.key, result_type=Answer)
        await self.rest(account_no)
        return answer

    async def pay(self, account_no: str, cents: int, *, trace: str) -> None:
        """Take a payment at the counter."""
        money = Received(account_no=account_no, amount=Money(cents), source="counter", trace=trace)
        await receive(self.desk("kim", Role.ACCOUNTANT), money)
        await self.rest(account_no)

    async def case(self, account_no: str) -> Case:
        """Return the case as its workflow holds it."""
        handle = self.client.get_workflow_handle(case_workflow_id(account_no))
        case: Case = await handle.query("state", result_type=Case)
        return case

    def events(self, account_no: str) -> tuple[Event, ...]:
        """Return the account's latest case as SQL has it on record."""
        with reading(self.engine) as session:
            row = last_case_of(session, account_no)
            assert row is not None, "the account has a case"
            return tuple(decode(session, entry) for entry in timeline_of(session, row.case_id, limit=10_000))

    def types(self, account_no: str) -> list[str]:
        """Return the types of the events on record, looks left out."""
        return [event.body.type for event in self.events(account_no) if event.body.type != "account_read"]

    def desk(self, name: str, role: Role) -> Desk:
        at = Installation(engine=self.engine, clock=self.clock, systems=self.systems, temporal=self.client)
        return Desk(person=Person(username=name, role=role), at=at)

    def at(self, when: str) -> datetime:
        """Return the instant of *when* in the city: ``2026-09-14`` is its midnight, ``2026-09-14 09:00`` that hour."""
        local = datetime.fromisoformat(when)
        return self.policy.calendar.at(local.date(), local.time() or clock_time(0))


@asynccontextmanager
async def a_world(
    client: Client, folder: Path, *, city: Path = CITY, pack: Path = PACK, database: str = ""
) -> AsyncIterator[World]:
    """Yield an installation over *client* with a new database, in *folder* if none is named; no worker runs yet."""
    engine = open_ready(database or f"sqlite:///{folder / 'arrears.db'}", master_key=KEY)
    policy = load_policy(pack)
    hold(policy)
    clock = SqlClock(engine)
    clock.start(ClockMode.STEPPED, at=OPENING)
    with transaction(engine) as session:
        activate(session, policy, OPENING)
    fakes = FakeCity(city, zone=ZoneInfo(policy.calendar.zone))
    fakes.advance(OPENING)
    systems = direct_systems(fakes, Faults())
    relay = Relay(engine, client, systems.billing)
    try:
        yield World(client, engine, clock, fakes, systems, policy, relay, Delivering(engine, clock, client, relay))
    finally:
        engine.dispose()


CONVERTER = data_converter(KEY)
