"""One brain, two bodies: the same life through the workflow and through the simulator leaves the same events."""

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest

import pytest
from pydantic import TypeAdapter
from temporalio import activity
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.messages import (
    TASK_QUEUE,
    CaseStart,
    Decision,
    EffectRequest,
    Look,
    LookRequest,
    Opening,
    RecordRequest,
    case_workflow_id,
)
from domain.account import Snapshot
from domain.case import Case
from domain.effects import Receipt
from domain.events import Event
from domain.gate import gate
from domain.hear import Tells, Told
from domain.lifting import ON_THE_WAY
from domain.policy import Policy
from domain.states import Stage
from domain.verdict import Action
from gateways.errors import Rejected
from gateways.fakes.field import Reply
from gateways.field import CallbackKind, FieldAnswer, FieldCallback
from gateways.packs import load_policy
from simulator.chance import random_life
from simulator.life import Decided, Input, Learned, Life, addressed
from simulator.run import live, word
from simulator.sweep import Sweep
from simulator.trace import trace
from simulator.world import World
from tests.workflows.world import PACK
from workflows.collections_case import CollectionsCase
from workflows.policies import hold

LIVES = 100
AT_ONCE = 20
_SNAPSHOT = TypeAdapter(Snapshot)


@dataclass
class Lived:
    """One life on its way through the workflow: its world, its record, and how the driver reaches it."""

    life: Life
    world: World
    client: Client
    events: list[Event] = field(default_factory=list)
    wake_at: datetime | None = None
    stage: Stage = Stage.PAST_DUE
    turns: int = 0
    closed: bool = False

    async def rest(self) -> None:
        """Wait until the case has neither a task nor an activity before it."""
        handle = self.client.get_workflow_handle(case_workflow_id(self.life.account.account_no))
        while True:
            found = (await handle.describe()).raw_description
            if not found.HasField("pending_workflow_task") and not found.pending_activities:
                return
            await asyncio.sleep(0.05)

    async def tell(self, told: Told) -> None:
        handle = self.client.get_workflow_handle(case_workflow_id(self.life.account.account_no))
        try:
            await handle.signal("tell", told)
        except RPCError:
            assert self.closed, "only a closed case hears no more"
        await self.rest()

    async def case(self) -> Case:
        handle = self.client.get_workflow_handle(case_workflow_id(self.life.account.account_no))
        case: Case = await handle.query("state", result_type=Case)
        return case


class Worlds:
    """The activities of every life's case, over the simulator's own worlds."""

    def __init__(self) -> None:
        self.lived: dict[str, Lived] = {}

    @activity.defn(name="look")
    async def look(self, request: LookRequest) -> Look:
        lived = self.lived[request.account_no]
        snapshot = lived.world.snapshot()
        timeless = replace(snapshot, at=lived.life.opened_at)
        version = str(hash(_SNAPSHOT.dump_json(timeless)))
        return Look(
            at=lived.world.now,
            timers=False,
            snapshot=None if version == request.version else replace(snapshot, version=version),
            ahead=tuple(lived.events[request.seq :]),
        )

    @activity.defn(name="record")
    async def record(self, request: RecordRequest) -> tuple[Event, ...]:
        lived = self.lived[request.view.account_no]
        for event in request.events:
            if event.seq > len(lived.events):
                assert event.seq == len(lived.events) + 1, "events are numbered without a gap"
                lived.events.append(event)
                lived.world.note(event)
        lived.wake_at, lived.closed = request.view.next_at, request.view.closed is not None
        lived.stage = request.view.stage
        return ()

    @activity.defn(name="send_letter")
    async def send_letter(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="create_order")
    async def create_order(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="dispatch_order")
    async def dispatch_order(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="remind_order")
    async def remind_order(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="remind_payment")
    async def remind_payment(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="end_account")
    async def end_account(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="move_balance")
    async def move_balance(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="charge_fee")
    async def charge_fee(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="ask_agency")
    async def ask_agency(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="ask_court")
    async def ask_court(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    @activity.defn(name="cancel_order")
    async def cancel_order(self, request: EffectRequest) -> Receipt:
        return self._do(request)

    def _do(self, request: EffectRequest) -> Receipt:
        try:
            return self.lived[request.case.account_no].world.do(request.case, request.effect)
        except Rejected as rejection:
            raise ApplicationError(str(rejection), type=rejection.slug, non_retryable=True) from rejection


async def live_in_temporal(lived: Lived, policy: Policy) -> None:
    """Drive one life as the simulator does: inputs first, then the crews, then the calendar."""
    life, world = lived.life, lived.world
    waiting = list(life.inputs)
    while waiting and waiting[0].at < life.opened_at:
        world.happen(waiting.pop(0))
    opening = Opening(
        case_id=life.case_id,
        account_no=life.account.account_no,
        stage=life.stage,
        off=life.off,
        spread_by=life.account.account_no,
    )
    await lived.client.start_workflow(
        "CollectionsCase",
        CaseStart(opening=opening),
        id=case_workflow_id(life.account.account_no),
        task_queue=TASK_QUEUE,
    )
    await lived.rest()
    sweep = Sweep(policy, after=life.opened_at)
    while not lived.closed:
        input_at = waiting[0].at if waiting else None
        at = min((each for each in (input_at, world.crews_at, lived.wake_at) if each), default=None)
        if at is None or at > life.ends_at:
            return
        if sweep.at <= at:
            await night(lived, sweep)
            continue
        world.now = max(world.now, at)
        if at == input_at:
            await take_in(lived, waiting.pop(0))
        elif at == world.crews_at:
            await crews(lived, policy)
        else:
            await lived.tell(
                Told(key=f"wake/{world.now.isoformat()}/{len(lived.events)}", at=world.now, what=Tells.LOOK_AGAIN)
            )


async def night(lived: Lived, sweep: Sweep) -> None:
    """Give the case its turn, if the season that held it ends; asked of the case only when it may have one to get."""
    now = sweep.at
    for _, stop in sweep.night([await lived.case()] if lived.stage in ON_THE_WAY else ()):
        lived.world.now = max(lived.world.now, now)
        lived.turns += 1
        await take_in(lived, Learned(at=now, fact=stop))


async def take_in(lived: Lived, what: Input) -> None:
    if not isinstance(what, Decided):
        told = lived.world.happen(what)
        if told is not None:
            await lived.tell(told)
        return
    handle = lived.client.get_workflow_handle(case_workflow_id(lived.life.account.account_no))
    key = f"{what.by}/{what.at.isoformat()}"
    command = addressed(what.command, await lived.case())
    decision = Decision(key=key, at=what.at, by=what.by, command=command, senior=what.senior)
    with contextlib.suppress(WorkflowUpdateFailedError):  # refused by the validator: no event, in either body
        await handle.execute_update("decide", decision, id=key)
    await lived.rest()


async def crews(lived: Lived, policy: Policy) -> None:
    lived.world.crews.now = lived.world.now
    work = lived.world.crews.work()
    reply: Reply | None = None
    while True:
        try:
            callback = next(work) if reply is None else work.send(reply)
        except StopIteration:
            return
        reply = await answer(lived, policy, callback)


async def answer(lived: Lived, policy: Policy, callback: FieldCallback) -> Reply:
    proceed = False
    if callback.kind is CallbackKind.ACKNOWLEDGE:
        case = (await lived.case()).looking(lived.world.snapshot())
        stands = any(order.order_id == callback.order_id and order.open for order in case.orders)
        proceed = stands and gate(Action.ACKNOWLEDGE_DISCONNECTION, case, policy, lived.world.now).allows
    await lived.tell(word(callback, proceed=proceed))
    return Reply(delivered=True, answer=FieldAnswer.PROCEED if proceed else FieldAnswer.STOP)


def first_difference(lived: Lived, policy: Policy) -> tuple[object, object] | None:
    """Return the first line in which the two bodies differ, as (workflow, simulator); none if they agree."""
    pairs = zip_longest(trace(lived.events), trace(live(lived.life, policy)))
    return next(((ours, theirs) for ours, theirs in pairs if ours != theirs), None)


@pytest.mark.timeout(300)
async def test_a_hundred_seeded_lives_leave_the_same_events_in_workflow_and_simulator(temporal: Client) -> None:
    policy = load_policy(PACK)
    hold(policy)
    worlds = Worlds()
    lives = [random_life(seed) for seed in range(LIVES)]
    for number, life in enumerate(lives):
        own = replace(life, account=replace(life.account, account_no=f"{number:010d}"))
        worlds.lived[own.account.account_no] = Lived(own, World(own, policy), temporal)
    worker = Worker(
        temporal,
        task_queue=TASK_QUEUE,
        workflows=[CollectionsCase],
        activities=[
            worlds.look,
            worlds.record,
            worlds.send_letter,
            worlds.create_order,
            worlds.dispatch_order,
            worlds.cancel_order,
            worlds.ask_agency,
            worlds.ask_court,
            worlds.remind_order,
            worlds.remind_payment,
            worlds.charge_fee,
            worlds.end_account,
            worlds.move_balance,
        ],
    )
    places = asyncio.Semaphore(AT_ONCE)

    async def one(lived: Lived) -> None:
        async with places:
            await live_in_temporal(lived, policy)

    async with worker:
        await asyncio.gather(*(one(lived) for lived in worlds.lived.values()))
    differing = {n: first for n, lived in worlds.lived.items() if (first := first_difference(lived, policy))}
    assert not differing, differing
    assert sum(len(lived.events) for lived in worlds.lived.values()) > 10 * LIVES, "the lives were eventful"
    assert any(lived.turns for lived in worlds.lived.values()), "a season that held some of them ended"
