"""kill -9 at every step of posting a file: totals hold, and billing has one effect for each key."""

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path

import httpx2
import pytest
from sqlmodel import select

from casework.money_reports import file_totals
from domain.ledger import LedgerAccount
from domain.money import Money
from gateways.fakes.faults import Faults
from models.ledger import balances
from models.session import reading
from models.tables import PaymentRow
from stubs.app import build_app
from stubs.callbacks import CallbackSender
from stubs.journal import Journal
from stubs.world import World
from tests.gateways.serving import serving
from tests.money.teller import a_teller
from tests.money.test_workflow import ON, aggregator, back, paid
from tests.workflows.world import CITY, SHOPS

STEPS = 24  # more than a file of five sums and a return has
PAID, RETURNED = 5, 1
ROOT = Path(__file__).parents[2]


def a_file(step: int) -> bytes:
    rows = [paid(f"S{step}n{n}", SHOPS[n], 1_00 + n) for n in range(PAID)]
    return aggregator(*rows, back(f"S{step}n0", 1_00), file_id=f"F{step}")


@pytest.mark.timeout(300)
async def test_killed_at_any_step_a_file_is_posted_whole_and_once(tmp_path: Path, database_url: str) -> None:
    folder, url, log = tmp_path / "files", database_url, tmp_path / "calls.jsonl"
    folder.mkdir()
    for step in range(1, STEPS + 1):
        (folder / f"{step}.csv").write_bytes(a_file(step))
    with a_teller(url, CITY) as teller:
        teller.on(ON)
        silent, calls = Journal(None, sync=False), Journal(log, sync=False)
        async with httpx2.AsyncClient() as http:
            sender = CallbackSender(url="", secret="", faults=Faults(), client=http)
            app = build_app(World(teller.city, sender=sender, faults=Faults(), state=silent, calls=calls))
            async with serving(app) as where:
                told = await run(where, url, str(folder))
        killed = [step for step, first, _ in told if first]

        assert [again for *_, again in told] == [0] * STEPS
        assert killed == list(range(1, len(killed) + 1)), "every step up to the last one kills"
        assert 12 <= len(killed) < STEPS, "the steps go through the whole of a file"
        sums = {"total": 6_10, "posted": 5_10, "returned": 1_00}
        assert [{name: line[name] for name in sums} for line in file_totals(teller.desk())] == [sums] * STEPS
        assert applied(log) == {key: 1 for step in range(1, STEPS + 1) for key in keys_of(step)}
        with reading(teller.engine) as session:
            assert len(session.exec(select(PaymentRow)).all()) == STEPS * PAID
            assert balances(session)[LedgerAccount.RECEIVABLE] == Money(-STEPS * 4_10)


def keys_of(step: int) -> list[str]:
    """Return the keys under which billing is to have the file's effects, once each."""
    return [*(f"payment/aggregator/S{step}n{n}" for n in range(PAID)), f"return/aggregator/S{step}n0"]


def applied(log: Path) -> dict[str, int]:
    """Return how often billing's own log says that each key took effect."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return dict(Counter(line["key"] for line in lines if line["applied"]))


async def run(*argv: str) -> list[tuple[int, int, int]]:
    """Return for each step with which signal the first process ended, and the second."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.money.crashing", *argv, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    found = [line.split() for line in out.decode().splitlines()]
    return [(int(step), int(first), int(again)) for step, first, again in found]
