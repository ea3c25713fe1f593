"""How is a process of the stack started, kept alive, and stopped so that nothing is left running?"""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cli.settings import ROOT, Trouble

QUICK_SECONDS = 5.0  # a process that lived shorter was not worth starting
QUICK_DEATHS_MAX = 4
TAIL_LINES = 12


class ChildFailed(Trouble):
    """A process of the stack dies again and again; the message ends with the last lines of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What to run, with which environment, and how long it may take to stop by itself."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    grace_seconds: float = 10.0


class Child:
    """One process that is started again whenever it dies, until it is stopped."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.restarts = 0
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id; none while it is down."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    async def start(self) -> asyncio.Task[None]:
        """Start it and return the task that keeps it alive; the task ends only with `stop` or in `ChildFailed`."""
        await self._spawn()
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.spec.name}")
        return self._keeper

    async def stop(self) -> None:
        """Ask it to end, wait for its grace, then kill its whole group."""
        self._stopping = True
        process = self._process
        if process and process.returncode is None:
            _signal(process.pid, signal.SIGTERM)
            with suppress(TimeoutError):
                async with asyncio.timeout(self.spec.grace_seconds):
                    await process.wait()
        self.kill()
        if process:
            await process.wait()
        if self._keeper:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError, ChildFailed):
                await self._keeper

    def kill(self) -> None:
        """Kill its whole group at once; for the last way out."""
        self._stopping = True
        if self._process:
            _signal(self._process.pid, signal.SIGKILL)

    async def _spawn(self) -> None:
        with self.spec.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *_until_we_die(self.spec.argv),
                env=dict(self.spec.env),
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,  # Ctrl-C reaches us alone: we stop them in order
            )

    async def _keep(self) -> None:
        quick = 0
        while True:
            started, process = time.monotonic(), self._process
            assert process is not None, "kept only after it was started"
            code = await process.wait()
            if self._stopping:
                return
            _signal(process.pid, signal.SIGKILL)  # whatever it had started itself
            quick = quick + 1 if time.monotonic() - started < QUICK_SECONDS else 0
            if quick >= QUICK_DEATHS_MAX:
                raise ChildFailed(f"{self.spec.name} ends again and again (code {code}). {_tail(self.spec.log)}")
            await asyncio.sleep(0.1 * 2**quick)
            self.restarts += 1
            await self._spawn()


def _until_we_die(argv: Sequence[str]) -> Sequence[str]:
    """Let Linux end the process with us, should we ourselves be killed without warning."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "TERM", "--", *argv) if setpriv else argv


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    return f"The end of {log}:\n" + "\n".join(lines)
