"""How is something done many times at once, timed, and its share of the processor told?"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from bench.site import Helper

POLL_SECONDS = 0.005
LIMIT_SECONDS = 120.0

T = TypeVar("T")


async def at_once(do: Callable[[T], Awaitable[object]], items: Iterable[T], *, callers: int) -> list[float]:
    """Do something with each item, *callers* at a time; return how many milliseconds each took, fewest first."""
    waiting, took = iter(items), list[float]()

    async def call() -> None:
        for item in waiting:
            began = time.perf_counter()
            await do(item)
            took.append(1_000 * (time.perf_counter() - began))

    async with asyncio.TaskGroup() as group:
        for _ in range(callers):
            group.create_task(call())
    return sorted(took)


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    """Wait until *done* says yes.

    Raises:
        TimeoutError: it does not in two minutes.
    """
    async with asyncio.timeout(LIMIT_SECONDS):
        while True:
            if await done():
                return
            await asyncio.sleep(POLL_SECONDS)


def percentile(ordered: list[float], pct: int) -> float:
    """Return the value below which *pct* in a hundred of *ordered* lie."""
    return ordered[min(len(ordered) - 1, len(ordered) * pct // 100)]


@dataclass(frozen=True, slots=True)
class Scales:
    """Weighs what server and worker take of the processor."""

    server: Helper
    worker: Helper

    def read(self) -> tuple[float, float]:
        """Return the processor seconds that server and worker have taken so far."""
        return self.server.cpu_seconds(), self.worker.cpu_seconds()

    def since(self, before: tuple[float, float], count: int) -> tuple[float, float]:
        """Return the processor milliseconds of server and worker since *before*, for each of *count*."""
        server, worker = self.read()
        return 1_000 * (server - before[0]) / count, 1_000 * (worker - before[1]) / count

    @staticmethod
    def clock() -> float:
        """Return the seconds of a clock that is good for differences alone."""
        return time.perf_counter()


def microseconds(do: Callable[[], object], *, seconds: float = 0.5) -> float:
    """Return how much of the processor *do* takes, in microseconds: the median of rounds that fill *seconds*."""
    began, rounds = time.perf_counter(), list[float]()
    while time.perf_counter() - began < seconds:
        start = time.thread_time()
        for _ in range(20):
            do()
        rounds.append((time.thread_time() - start) / 20)
    return 1_000_000 * median(rounds)
