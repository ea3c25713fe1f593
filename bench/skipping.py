"""How do months of a case pass in seconds, with real timers, on Temporal's time-skipping server?"""

import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from temporalio.api.enums.v1 import EventType as E
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from activities.codec import data_converter
from activities.messages import TASK_QUEUE, Answer, CaseStart, Decision, Opening, case_workflow_id
from activities.mirror import mirror
from activities.outbox import Relay
from bench.measure import until
from bench.server_time import ServerClock, server_clock
from bench.town import found_town, opening, town_policy
from casework.context import Desk, Installation, Person
from casework.payments import Received, receive
from cli.stack import SEARCH_ATTRIBUTES
from domain.case import Case
from domain.commands import Command
from domain.money import Money
from domain.policy import Policy
from gateways.fakes.city import FakeCity
from gateways.fakes.direct import direct_systems
from gateways.systems import Systems
from models.cases import next_case_id, next_due_at
from models.policies import activate
from models.session import open_database, reading, transaction
from models.users import Role
from workflows.policies import hold
from workflows.wiring import make_worker

KEY = bytes(range(32))  # of data that is thrown away
TEST_SERVER = Path(sys.executable).with_name("temporal-test-server")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipper:
    """An installation in one process on a server whose clock its driver moves; business time is the server's."""

    env: WorkflowEnvironment
    engine: Engine
    clock: ServerClock
    city: FakeCity
    systems: Systems
    policy: Policy
    relay: Relay

    @property
    def client(self) -> Client:
        return self.env.client

    async def open(self, account_no: str) -> WorkflowHandle[object, object]:
        """Mirror the account, start its case, and let it settle."""
        await mirror(self.engine, self.systems.billing, self.policy, [account_no], at=self.clock.now())
        with transaction(self.engine) as session:
            case_id = next_case_id(session, account_no)
        start = CaseStart(opening=Opening(case_id=case_id, account_no=account_no))
        handle = await self.client.start_workflow(
            "CollectionsCase", start, id=case_workflow_id(account_no), task_queue=TASK_QUEUE
        )
        await self.rest(account_no)
        return handle

    async def until(self, account_no: str, goal: datetime) -> None:
        """Let time pass to *goal*; timers wake the case on the way, and each is given time to be worked off."""
        while (now := self.clock.now()) < goal:
            with reading(self.engine) as session:
                due = next_due_at(session)
            stop = goal if due is None else min(due, goal)
            self.city.advance(max(stop, self.city.now))  # what happens at the stop finds the city's day
            await self.env.sleep(max((stop - now).total_seconds(), 0.05))
            await self.rest(account_no)

    async def decide(self, account_no: str, command: Command, *, senior: bool = False) -> Answer:
        """Send a decision as the desk does, and let what follows from it settle."""
        now = self.clock.now()
        key = f"rosa/{command.type}/{now.isoformat()}"
        decision = Decision(key=key, at=now, by="rosa", command=command, senior=senior)
        answer: Answer = await self._handle(account_no).execute_update("decide", decision, result_type=Answer)
        await self.rest(account_no)
        return answer

    async def pay(self, account_no: str, cents: int, *, trace: str, told: bool) -> None:
        """Take a payment: *told* at the counter, so that the case is told to look; otherwise billing alone has it."""
        if told:
            at = Installation(engine=self.engine, clock=self.clock, systems=self.systems)
            desk = Desk(person=Person(username="kim", role=Role.ACCOUNTANT), at=at)
            await receive(desk, Received(account_no=account_no, amount=Money(cents), source="counter", trace=trace))
        else:
            await self.systems.billing.post_payment(
                trace,
                account_no=account_no,
                amount=Money(cents),
                on=self.policy.calendar.day(self.clock.now()),
                source="autopay",
                trace=trace,
            )
        await self.rest(account_no)

    async def rest(self, account_no: str) -> None:
        """Deliver the outbox and wait until the case has no task before it."""
        while await self.relay.deliver():
            pass
        await until(lambda: self._at_rest(account_no))

    async def case(self, account_no: str) -> Case:
        """Return the case as its workflow holds it."""
        case: Case = await self._handle(account_no).query("state", result_type=Case)
        return case

    async def history(self, account_no: str) -> WorkflowHistory:
        return await self._handle(account_no).fetch_history()

    def _handle(self, account_no: str) -> WorkflowHandle[object, object]:
        return self.client.get_workflow_handle(case_workflow_id(account_no))

    async def _at_rest(self, account_no: str) -> bool:
        """Say whether no task or activity is open; this server's `describe` does not tell of a task that runs."""
        counts = Counter(event.event_type for event in (await self.history(account_no)).events)
        tasks = counts[E.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED] - sum(counts[kind] for kind in _TASK_ENDS)
        activities = counts[E.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED] - sum(counts[kind] for kind in _ACTIVITY_ENDS)
        return tasks <= 0 and activities <= 0


_TASK_ENDS = (
    E.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    E.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    E.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
)
_ACTIVITY_ENDS = (
    E.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
    E.EVENT_TYPE_ACTIVITY_TASK_FAILED,
    E.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
    E.EVENT_TYPE_ACTIVITY_TASK_CANCELED,
)


@asynccontextmanager
async def skipping(folder: Path, *, accounts: int = 1, cached: int = 100) -> AsyncIterator[Skipper]:
    """Yield an installation over a town in *folder* with its worker running; time passes in `Skipper.until` alone."""
    policy = town_policy()
    hold(policy)
    city = found_town(folder / "town", accounts=accounts, policy=policy)
    engine = open_database(f"sqlite:///{folder / 'arrears.db'}", master_key=KEY)
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(TEST_SERVER), data_converter=data_converter(KEY)
    )
    try:
        async with env:
            await add_search_attributes(env.client)
            with env.auto_time_skipping_disabled(), server_clock(engine, env.client, at=opening(policy)) as clock:
                with transaction(engine) as session:
                    activate(session, policy, opening(policy))
                systems = direct_systems(city)
                worker = make_worker(env.client, engine=engine, clock=clock, city=systems, policy=policy, cached=cached)
                async with worker:
                    relay = Relay(engine, env.client, systems.billing)
                    yield Skipper(
                        env=env,
                        engine=engine,
                        clock=clock,
                        city=city,
                        systems=systems,
                        policy=policy,
                        relay=relay,
                    )
    finally:
        engine.dispose()


async def add_search_attributes(client: Client) -> None:
    """Let the server know the attributes that cases carry."""
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace="default", search_attributes=dict.fromkeys(SEARCH_ATTRIBUTES, keyword))
    )
