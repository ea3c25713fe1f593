"""Temporal's dev server, a worker that replays every task, and a city to work in."""

import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from tests.models.conftest import postgres_server, postgres_template
from tests.workflows.world import CONVERTER, World, a_world
from workflows.collections_case import PACK, SERVICE, STAGE
from workflows.wiring import make_worker

__all__ = ["postgres_server", "postgres_template"]
BIN = str(Path(sys.executable).parent)
TEMPORAL = shutil.which("temporal", path=BIN)


@pytest.fixture
async def temporal() -> AsyncIterator[Client]:
    """A client of a dev server of the test's own."""
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=TEMPORAL,
        data_converter=CONVERTER,
        search_attributes=[STAGE, SERVICE, PACK],
        dev_server_log_level="error",
    )
    async with env:
        yield env.client


@pytest.fixture
async def world(request: pytest.FixtureRequest, temporal: Client, tmp_path: Path) -> AsyncIterator[World]:
    """A world whose worker keeps no case in its cache: each workflow task is a replay of all before it.

    Without a cache the SDK may lose a local activity as another case comes up, and finds it by a timeout of ten
    seconds: where several cases begin at once, a test asks for room for them, by an indirect parameter.
    """
    async with a_world(temporal, tmp_path) as world:
        cached = getattr(request, "param", 0)
        worker = make_worker(
            temporal, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy, cached=cached
        )
        async with worker:
            yield world


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh database at the code's schema, on a PostgreSQL server of the tests' own."""
    server, name = make_url(postgres_server).set(database="postgres"), f"w_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {postgres_template}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
