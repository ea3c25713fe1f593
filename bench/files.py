"""How fast are payment files read, beside a parser that checks nothing; and what does posting cost per entry?

The reader is timed on one thread, ours and the other turn about in one run, the best of several. Posting is whole: the
file is read, planned and written, its workflow runs on a real Temporal server, and each sum reaches billing, which
answers in the worker's process, under its own key.
"""

import gzip
import importlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from temporalio.client import Client

from activities.codec import data_converter
from activities.messages import TASK_QUEUE, FilePart
from activities.mirror import mirror
from activities.payment_files import FileIntake
from bench.site import dev_server
from bench.told import KEY
from bench.town import account_nos, found_town, opening, town_policy
from cli.settings import ROOT
from domain.policy import Policy
from formats import nacha
from formats.nacha import Draft, Originator, Relaxations
from gateways.fakes.direct import direct_systems
from gateways.systems import Systems
from models.clock import ClockMode, SqlClock
from models.payment_files import FileState, file_of
from models.policies import activate
from models.session import open_database, reading, transaction
from workflows.policies import hold
from workflows.wiring import make_worker

SAMPLE = "data/ach/PPD-200-batches-100000-entries.ach.gz"
SIZES = (1_000, 10_000, 100_000)
ACCOUNTS = 2_000
TURNS = 5
GROWTH_AIM = 1.2  # cost per entry of the largest file to that of the smallest
OTHER = "carta-ach"
# What the sample does that the rulebook does not allow: its traces are of one bank and do not ascend.
SAMPLE_HABITS = Relaxations(missing_filler=True, unordered_traces=True, foreign_traces=True)
TOWN_BANK = Originator(
    destination="091400606",
    destination_name="BANK OF THE TOWN",
    origin="9410000001",
    origin_name="THE TOWN",
    company_name="THE TOWN",
    company_id="9410000001",
    odfi="09140060",
)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What a file of so many entries took, in seconds: reading and planning it, and posting all of it."""

    entries: int
    take: float
    post: float

    @property
    def microseconds(self) -> float:
        """Return the cost of one entry."""
        return (self.take + self.post) / self.entries * 1e6


def sample() -> tuple[str, bytes]:
    """Return the shared sample of a hundred thousand entries, or one of our own making where it is absent."""
    shared = Path(os.environ.get("ARREARS_SHARED", ROOT.parent / "shared")) / SAMPLE
    if shared.is_file():
        return shared.name, gzip.decompress(shared.read_bytes())
    return "100,000 entries of our own", credits_file(100_000, account_nos(ACCOUNTS))


def credits_file(count: int, accounts: Sequence[str], *, sec: str = "PPD", code: str = "27") -> bytes:
    """Return a file of *count* entries, shared out among *accounts*."""
    drafts = (
        Draft(
            sec=sec,
            transaction_code=code,
            routing="091000019",
            account=f"{number:010d}",
            amount_cents=100 + number % 50_000,
            individual_id=accounts[number % len(accounts)],
            name="A PAYER",
            sequence=number + 1,
        )
        for number in range(count)
    )
    made = datetime(2026, 9, 17, 4, tzinfo=UTC)
    return nacha.drafts_file(TOWN_BANK, drafts, created_at=made, effective_on=made.date()).to_bytes()


def reading_speeds(*, say: Say) -> dict[str, Any]:
    """Return entries per second of our reader, all checks included, and of the other one, if it is installed."""
    name, data = sample()
    text, entries, other = data.decode("latin-1"), 0, _other()
    ours, theirs = [], []
    for turn in range(TURNS):
        say(f"reading {name}, turn {turn + 1} of {TURNS}")
        began = time.process_time()
        file = nacha.read(data, relax=SAMPLE_HABITS)
        ours.append(time.process_time() - began)
        entries = file.control.entry_addenda_count
        if other is not None:
            began = time.process_time()
            other(text)
            theirs.append(time.process_time() - began)
    return {
        "file": name,
        "entries": entries,
        "ours_per_second": round(entries / min(ours)),
        "other": OTHER,
        "other_per_second": round(entries / min(theirs)) if theirs else None,
    }


def _other() -> Callable[[str], object] | None:
    try:
        parser: Callable[[str], object] = importlib.import_module("ach.parser").Parser
    except ImportError:
        return None
    return parser


async def posting_costs(folder: Path, *, say: Say, sizes: Sequence[int] = SIZES) -> list[Posting]:
    """Return what files of *sizes* entries take, each in an installation of its own on one Temporal server."""
    policy, found = town_policy(), []
    hold(policy)
    async with dev_server(folder) as (_, address):
        client = await Client.connect(address, data_converter=data_converter(KEY))
        for size in sizes:
            say(f"posting {size:,} entries")
            place = folder / f"town-{size}"
            place.mkdir()
            found.append(await _posting(place, client, policy, size))
            say(f"  {found[-1].microseconds:.0f} µs an entry")
    return found


async def _posting(place: Path, client: Client, policy: Policy, size: int) -> Posting:
    with _installation(place, policy) as (engine, clock, systems):
        await mirror(engine, systems.billing, policy, account_nos(ACCOUNTS), at=clock.now())
        data, on = credits_file(size, account_nos(ACCOUNTS)), date(2026, 9, 17)
        async with make_worker(client, engine=engine, clock=clock, city=systems, policy=policy):
            began = time.monotonic()
            taken = await FileIntake(engine, systems.billing, policy).take(data, name="x.ach", on=on, at=clock.now())
            took = time.monotonic() - began
            await client.execute_workflow(
                "PaymentFile",
                FilePart(file_id=taken.row.file_id),
                id=f"payment-file/{taken.row.sha256}",
                task_queue=TASK_QUEUE,
            )
            posted = time.monotonic() - began - took
        with reading(engine) as session:
            row = file_of(session, taken.row.file_id)
        assert row is not None, "it was taken"
        assert row.state == FileState.DONE, row.reason
        assert (row.entries, row.posted_cents) == (size, row.total_cents), "every sum was posted"
    return Posting(entries=size, take=took, post=posted)


@contextmanager
def _installation(place: Path, policy: Policy) -> Iterator[tuple[Engine, SqlClock, Systems]]:
    engine = open_database(f"sqlite:///{place / 'arrears.db'}", master_key=KEY)
    try:
        city = found_town(place / "town", accounts=ACCOUNTS, policy=policy)
        clock = SqlClock(engine)
        clock.start(ClockMode.STEPPED, at=opening(policy))
        with transaction(engine) as session:
            activate(session, policy, opening(policy))
        yield engine, clock, direct_systems(city)
    finally:
        engine.dispose()


def growth(found: Sequence[Posting]) -> float:
    """Return by how much an entry of the largest file costs more than one of the smallest."""
    return found[-1].microseconds / found[0].microseconds
