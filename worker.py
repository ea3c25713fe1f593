"""The composition root: settings become gateways, gateways activities, activities a worker. Imported by nobody."""

import asyncio
import contextlib
import gc
import logging
import signal
import time

import structlog
import uvloop
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from activities.codec import data_converter
from activities.outbox import Relay
from cli.settings import Settings
from domain.policy import Policy
from gateways.http.systems import http_systems
from gateways.observing import observing
from models.clock import SqlClock
from models.policies import active_digest, all_policies, policy_with
from models.session import open_database, reading
from workflows.policies import hold
from workflows.wiring import make_worker

PACKS_SECONDS = 5  # how soon a pack activated by another process can be decided by
COLLECT_AFTER = 20_000  # objects made and not freed, before the collector looks; by default it is 700
INTERPRETER_EXIT_SECONDS = 0.4  # the SDK's threads let go of the interpreter (sdk-python issue 300)

log = structlog.get_logger()


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
    async with http_systems(settings.systems_url, api_key=settings.stubs_key) as real:
        policy = _hold_packs(engine)
        zone = policy.calendar.zone
        city = observing(real, engine=engine, zone=zone, posts=settings.posts) if settings.observe else real
        relay = Relay(engine, client, city.billing)
        worker = make_worker(
            client, engine=engine, clock=SqlClock(engine), city=city, policy=policy, sandboxed=settings.sandbox
        )
        settle_memory()
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


def settle_memory() -> None:
    """Take what is loaded for good out of the collector's sight; hundreds of live cases are no garbage either."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


async def _stopped(stopping: asyncio.Event) -> None:
    await stopping.wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    uvloop.run(main())
    gc.collect()
    time.sleep(INTERPRETER_EXIT_SECONDS)
