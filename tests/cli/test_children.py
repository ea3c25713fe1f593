"""Is a process of the stack started again when it dies, and is nothing left when it is stopped?"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from cli.children import Child, ChildFailed, Spec


def child(tmp_path: Path, program: str, *, grace_seconds: float = 2.0) -> Child:
    log = tmp_path / "child.log"
    argv = (sys.executable, "-c", program)
    return Child(Spec(name="child", argv=argv, env=dict(os.environ), log=log, grace_seconds=grace_seconds))


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not so():  # noqa: ASYNC110  # another process does it: no event of ours tells
            await asyncio.sleep(0.02)


SLEEPS = "import time; time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
PARENT = (
    "import subprocess, sys, time\n"
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True)\n"
    "time.sleep(600)"
)


async def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    kept = child(tmp_path, SLEEPS)
    await kept.start()
    first = kept.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: kept.pid not in {None, first})
    assert kept.restarts == 1
    await kept.stop()


async def test_a_process_that_will_not_live_ends_the_keeping_with_the_end_of_its_log(tmp_path: Path) -> None:
    keeper = await child(tmp_path, "raise SystemExit('the port is taken')").start()
    with pytest.raises(ChildFailed, match="the port is taken"):
        await keeper


async def test_stopping_kills_what_does_not_listen(tmp_path: Path) -> None:
    kept = child(tmp_path, DEAF, grace_seconds=0.3)
    await kept.start()
    await until(lambda: "deaf" in (tmp_path / "child.log").read_text())
    pid, began = kept.pid, time.monotonic()
    await kept.stop()
    assert pid is not None
    assert not psutil.pid_exists(pid)
    assert time.monotonic() - began < 5


async def test_stopping_ends_the_grandchildren_too(tmp_path: Path) -> None:
    kept = child(tmp_path, PARENT)
    await kept.start()
    await until(lambda: (tmp_path / "child.log").read_text().strip().isdigit())
    grandchild = int((tmp_path / "child.log").read_text())
    await kept.stop()
    await until(lambda: not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == "zombie")


async def test_a_stopped_process_is_not_started_again(tmp_path: Path) -> None:
    kept = child(tmp_path, SLEEPS)
    await kept.start()
    await kept.stop()
    await asyncio.sleep(0.3)
    assert kept.pid is None
    assert kept.restarts == 0
