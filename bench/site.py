"""Which processes does a benchmark run, and how are they started, spoken to, weighed and ended?"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil
from temporalio.client import Client

from bench.told import HOST, Site
from cli.settings import ROOT
from cli.stack import SEARCH_ATTRIBUTES, free_port, temporal_binary

GRACE_SECONDS = 20.0
CONNECT_SECONDS = 60.0  # a loaded machine compiles every import anew


@dataclass(frozen=True, slots=True)
class Helper:
    """A process of the benchmark. Commands go to it a line at a time; it answers each with a line."""

    process: asyncio.subprocess.Process

    async def ask(self, command: str) -> str:
        """Send *command* and return the answer.

        Raises:
            RuntimeError: the process has ended.
        """
        assert self.process.stdin is not None, "started with pipes"
        self.process.stdin.write(f"{command}\n".encode())
        return await self.hear()

    async def hear(self) -> str:
        """Return its next line."""
        assert self.process.stdout is not None, "started with pipes"
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError("a process of the benchmark ended; its log stands beside its data")
        return line.decode().strip()

    def cpu_seconds(self) -> float:
        """Return the processor time it has taken so far, its own and the kernel's for it."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)


@asynccontextmanager
async def helper(*argv: str, log: Path) -> AsyncIterator[Helper]:
    """Yield a running process, ended on the way out."""
    with log.open("ab") as out:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe, stderr=out, cwd=ROOT)
    try:
        yield Helper(process)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


@asynccontextmanager
async def dev_server(folder: Path) -> AsyncIterator[tuple[Helper, str]]:
    """Yield a Temporal dev server set up as the embedded installation sets up its own, and its address."""
    address = f"{HOST}:{free_port()}"
    async with helper(*_server_arguments(folder, address), log=folder / "temporal.log") as server:
        await _connected(address)
        yield server, address


async def _connected(address: str) -> None:
    async with asyncio.timeout(CONNECT_SECONDS):
        while True:
            with suppress(RuntimeError):
                await Client.connect(address)
                return
            await asyncio.sleep(0.05)


async def ready(url: str) -> None:
    """Wait until *url* answers."""
    async with asyncio.timeout(CONNECT_SECONDS), httpx2.AsyncClient() as http:
        while True:
            with suppress(httpx2.TransportError):
                await http.get(url)
                return
            await asyncio.sleep(0.05)


def _server_arguments(folder: Path, address: str) -> Sequence[str]:
    attributes = (part for name in SEARCH_ATTRIBUTES for part in ("--search-attribute", f"{name}=Keyword"))
    return (
        *(str(temporal_binary()), "server", "start-dev", "--headless", "--log-level", "error"),
        *("--ip", HOST, "--port", address.rpartition(":")[2], "--db-filename", str(folder / "temporal.db")),
        *("--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal"),
        *("--dynamic-config-value", 'history.timerProcessorMaxTimeShift="10ms"'),
        *attributes,
    )


def program(module: str, site: Site, *part: str) -> tuple[str, ...]:
    """Return the command that runs *module* for *site*."""
    return sys.executable, "-m", module, site.to_json(), *part
