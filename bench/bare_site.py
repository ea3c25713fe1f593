"""Around the bare workflow: its SQL, its worker and its one HTTP route, as small as they can be."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import uvicorn
from fastapi import Body, FastAPI, Header
from sqlalchemy import Engine, text
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from activities.codec import data_converter
from bench.bare import QUEUE, Bare, BareCase, BareDecision, BareEvent
from bench.told import HOST, KEY, READY, Site
from models.session import make_engine

_TABLES = (
    "CREATE TABLE IF NOT EXISTS events (case_id TEXT, seq INTEGER, key TEXT, state TEXT, PRIMARY KEY (case_id, seq))",
    "CREATE TABLE IF NOT EXISTS cases (case_id TEXT PRIMARY KEY, state TEXT)",
    "CREATE INDEX IF NOT EXISTS cases_by_state ON cases (state)",
)
_EVENT = text("INSERT INTO events VALUES (:case_id, :seq, :key, :state) ON CONFLICT DO NOTHING")
_CASE = text("INSERT INTO cases VALUES (:case_id, :state) ON CONFLICT (case_id) DO UPDATE SET state = excluded.state")
_IN_STATE = text("SELECT count(*) FROM cases WHERE state = :state")


@dataclass(frozen=True)
class BareActivities:
    """The keyed write: doing it twice changes nothing."""

    engine: Engine

    @activity.defn(name="write")
    def write(self, event: BareEvent) -> None:
        row = {"case_id": event.case_id, "seq": event.seq, "key": event.key, "state": event.state.value}
        with self.engine.begin() as connection:
            connection.execute(_EVENT, row)
            if event.state is not Bare.NOTED:
                connection.execute(_CASE, {"case_id": event.case_id, "state": event.state.value})


def open_bare(url: str) -> Engine:
    """Return an engine on the bare database, made if it is not there; set up as ours is."""
    engine = make_engine(url)
    with engine.begin() as connection:
        for table in _TABLES:
            connection.execute(text(table))
    return engine


def count_in(engine: Engine, state: Bare) -> int:
    """Return how many cases stand in *state*."""
    with engine.connect() as connection:
        return int(connection.execute(_IN_STATE, {"state": state.value}).scalar_one())


def bare_worker(client: Client, engine: Engine, *, at_once: int = 32) -> Worker:
    """Return the worker of bare cases; its limits are those of ours."""
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[BareCase],
        activities=[BareActivities(engine).write],
        activity_executor=ThreadPoolExecutor(at_once),
        max_concurrent_workflow_tasks=at_once,
        max_concurrent_activities=at_once,
        max_concurrent_local_activities=at_once,
        max_cached_workflows=2_000,
    )


def serve_bare(site: Site) -> None:
    """Run the route until told to stop."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.client = await Client.connect(site.temporal, data_converter=data_converter(KEY))
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/cases/{case_id}/decisions")
    async def decide(
        case_id: str, becomes: Annotated[Bare, Body(embed=True)], idempotency_key: Annotated[str, Header()]
    ) -> dict[str, int]:
        handle = app.state.client.get_workflow_handle(f"bare/{case_id}")
        decision = BareDecision(key=idempotency_key, becomes=becomes)
        return {"seq": await handle.execute_update("decide", decision, id=idempotency_key, result_type=int)}

    uvicorn.run(app, host=HOST, port=site.api_port, access_log=False, log_config=None)


async def work(site: Site) -> None:
    """Run the worker until standard input ends."""
    client = await Client.connect(site.temporal, data_converter=data_converter(KEY))
    async with bare_worker(client, open_bare(site.database)):
        print(READY, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    told, part = sys.argv[1:]
    if part == "worker":
        asyncio.run(work(Site.from_json(told)))
    else:
        serve_bare(Site.from_json(told))
    os._exit(0)  # the SDK's threads may abort the interpreter while it is taken down
