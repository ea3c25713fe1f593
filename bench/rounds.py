"""What does one round of the comparison measure, and what do several amount to?"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

import httpx2
from temporalio.client import Client

from activities.codec import data_converter
from bench.lives import BareLives, OurLives, Posting, Rival
from bench.measure import Scales, at_once, percentile
from bench.site import Helper, dev_server, helper, program, ready
from bench.told import HOST, KEY, READY, Site
from cli.stack import free_port

WARM = 5  # cases and decisions before the clock runs: a process builds its type adapters once
NOTES_ONE, NOTES_MANY = 100, 200
CALLERS_MANY = 20
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Openings in cases a second, latencies and processor time in milliseconds."""

    openings: float
    decision_p50: float
    decision_p99: float
    decision_p50_many: float
    decision_p99_many: float
    server_cpu: float
    worker_cpu: float

    @classmethod
    def median_of(cls, rounds: list["Figures"]) -> "Figures":
        """Return the median of each figure."""
        return cls(**{field.name: median(getattr(each, field.name) for each in rounds) for field in fields(cls)})


async def one_round(folder: Path, *, lives: int, say: Say) -> tuple[Figures, Figures]:
    """Return the figures of the bare workflow and of ours, one after the other on one new dev server."""
    async with dev_server(folder) as (server, address):
        client = await Client.connect(address, data_converter=data_converter(KEY))
        site = _site(folder / "bare", address, lives)
        say("bare workflow")
        async with _running(
            site, program("bench.bare_site", site, "worker"), program("bench.bare_site", site, "api")
        ) as worker:
            bare = await _measured(BareLives(site, client), Scales(server, worker), lives, say)
        site = _site(folder / "ours", address, lives)
        say("our case")
        rival = OurLives(site, client)
        async with _running(site, program("bench.our_worker", site), program("bench.our_api", site)) as worker:
            rival.worker = worker
            await rival.prepare()
            ours = await _measured(rival, Scales(server, worker), lives, say)
    return bare, ours


def _site(folder: Path, address: str, lives: int) -> Site:
    folder.mkdir()
    return Site(temporal=address, folder=str(folder), api_port=free_port(), accounts=lives)


@asynccontextmanager
async def _running(site: Site, worker_of: Sequence[str], api_of: Sequence[str]) -> AsyncIterator[Helper]:
    """Yield the worker, with the API beside it."""
    folder = Path(site.folder)
    async with (
        helper(*worker_of, log=folder / "worker.log") as worker,
        helper(*api_of, log=folder / "api.log"),
    ):
        assert await worker.hear() == READY, "a worker says when it is ready"
        await ready(f"http://{HOST}:{site.api_port}/docs")
        yield worker


async def _measured(rival: Rival, scales: Scales, lives: int, say: Say) -> Figures:
    say("  openings")
    await rival.open(0, WARM)
    before, began = scales.read(), scales.clock()
    await rival.open(WARM, lives - WARM)
    openings = (lives - WARM) / (scales.clock() - began)
    opened = scales.since(before, lives - WARM)
    say("  decisions")
    one, many = await _decisions(rival, lives)
    say("  whole lives")
    before = scales.read()
    await rival.live(lives)
    lived = scales.since(before, lives)
    return Figures(
        openings=openings,
        decision_p50=percentile(one, 50),
        decision_p99=percentile(one, 99),
        decision_p50_many=percentile(many, 50),
        decision_p99_many=percentile(many, 99),
        server_cpu=opened[0] + lived[0],
        worker_cpu=opened[1] + lived[1],
    )


async def _decisions(rival: Rival, lives: int) -> tuple[list[float], list[float]]:
    """Return how long decisions take over HTTP, of one caller and of twenty, each on cases of its own."""
    limits = httpx2.Limits(max_connections=CALLERS_MANY)
    async with httpx2.AsyncClient(limits=limits, timeout=60) as http:

        async def post(posting: Posting) -> None:
            answer = await http.post(posting.url, json=posting.body, headers=posting.headers)
            answer.raise_for_status()

        def notes(name: str, count: int) -> list[Posting]:
            return [rival.note(number % min(lives, CALLERS_MANY), f"{name}-{number}") for number in range(count)]

        await at_once(post, notes("warm", CALLERS_MANY), callers=1)
        one = await at_once(post, notes("one", NOTES_ONE), callers=1)
        return one, await at_once(post, notes("many", NOTES_MANY), callers=CALLERS_MANY)
