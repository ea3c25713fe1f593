"""The composition root: settings become gateways, gateways activities, activities a worker. Imported by nobody."""

import asyncio
import contextlib
import gc
import logging
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.worker import Worker

from activities.case import CaseActivities
from activities.codec import data_converter
from activities.effects import EffectActivities
from activities.messages import TASK_QUEUE
from activities.outbox import Relay
from activities.sweep import SweepActivities
from cli.settings import Settings
from domain.policy import Policy
from gateways.http.systems import http_systems
from gateways.systems import Systems
from models.clock import SqlClock
from models.policies import active_digest, all_policies, policy_with
from models.session import open_database, reading
from workflows.collections_case import CollectionsCase
from workflows.policies import hold
from workflows.sweep import Sweep

CASES_CACHED = 2_000  # about 140 KiB each with the sandbox: some 300 MiB
AT_ONCE = 100
THREADS = 16
GRACE = timedelta(seconds=20)
PACKS_SECONDS = 5  # how soon a pack activated by another process can be decided by
INTERPRETER_EXIT_SECONDS = 0.4  # the SDK's threads let go of the interpreter (sdk-python issue 300)

log = structlog.get_logger()


def make_worker(client: Client, *, engine: Engine, clock: SqlClock, city: Systems, policy: Policy) -> Worker:
    """Return the worker of one installation: both workflows and every activity they call."""
    case = CaseActivities(engine, clock, city.billing)
    effects = EffectActivities(engine, clock, city)
    sweep = SweepActivities(engine, clock, city.billing, policy, client)
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[CollectionsCase, Sweep],
        activities=[
            case.look,
            case.record,
            effects.send_letter,
            effects.create_order,
            effects.dispatch_order,
            effects.cancel_order,
            sweep.plan_sweep,
            sweep.open_cases,
            sweep.refresh_cases,
        ],
        activity_executor=ThreadPoolExecutor(THREADS),
        max_cached_workflows=CASES_CACHED,
        max_concurrent_workflow_tasks=AT_ONCE,
        max_concurrent_activities=AT_ONCE,
        max_concurrent_local_activities=AT_ONCE,
        graceful_shutdown_timeout=GRACE,
    )


async def connect(key: bytes) -> Client:
    """Return a client by Temporal's own standard environment (``TEMPORAL_*``), its payloads under *key*."""
    return await Client.connect(**ClientConfig.load_client_connect_config(), data_converter=data_converter(key))


async def keep_packs(engine: Engine) -> None:
    """Hold every pack that was ever in force, and those that come."""
    while True:
        await asyncio.to_thread(_hold_packs, engine)
        await asyncio.sleep(PACKS_SECONDS)


def _hold_packs(engine: Engine) -> Policy:
    with reading(engine) as session:
        hold(*all_policies(session))
        return policy_with(session, active_digest(session))


async def main() -> None:
    """Work until told to stop."""
    settings = Settings()
    key = settings.key()
    engine = open_database(settings.database, master_key=key, migrate=False)
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    client = await connect(key)
    async with http_systems(settings.systems_url, api_key=settings.stubs_key) as city:
        policy = _hold_packs(engine)
        relay = Relay(engine, client, city.billing)
        worker = make_worker(client, engine=engine, clock=SqlClock(engine), city=city, policy=policy)
        async with worker:
            log.info("worker is ready", pack=policy.pack, policy=policy.digest)
            beside = [asyncio.create_task(work) for work in (relay.run(), keep_packs(engine), _stopped(stopping))]
            done, rest = await asyncio.wait(beside, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            for task in done:
                task.result()  # the relay or the packs failed: end loudly, and let the supervisor start us again
    engine.dispose()


async def _stopped(stopping: asyncio.Event) -> None:
    await stopping.wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(main())
    gc.collect()
    time.sleep(INTERPRETER_EXIT_SECONDS)
