"""kill -9 at every step of posting a file: totals hold, and billing has one effect for each key."""

import asyncio
import sys
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
async def test_killed_at_any_step_a_file_is_posted_whole_and_once(tmp_path: Path) -> None:
    folder, url = tmp_path / "files", f"sqlite:///{tmp_path / 'arrears.db'}"
    folder.mkdir()
    for step in range(1, STEPS + 1):
        (folder / f"{step}.csv").write_bytes(a_file(step))
    with a_teller(url, CITY) as teller:
        teller.on(ON)
        silent = Journal(None, sync=False)
        async with httpx2.AsyncClient() as http:
            sender = CallbackSender(url="", secret="", faults=Faults(), client=http)
            app = build_app(World(teller.city, sender=sender, faults=Faults(), state=silent, calls=silent))
            async with serving(app) as where:
                told = await run(where, url, str(folder))
        killed = [step for step, first, _ in told if first]

        assert [again for *_, again in told] == [0] * STEPS
        assert killed == list(range(1, len(killed) + 1)), "every step up to the last one kills"
        assert 12 <= len(killed) < STEPS, "the steps go through the whole of a file"
        sums = {"total": 6_10, "posted": 5_10, "returned": 1_00}
        assert [{name: line[name] for name in sums} for line in file_totals(teller.desk())] == [sums] * STEPS
        assert teller.city.billing.effects_done == STEPS * (PAID + RETURNED)
        with reading(teller.engine) as session:
            assert len(session.exec(select(PaymentRow)).all()) == STEPS * PAID
            assert balances(session)[LedgerAccount.RECEIVABLE] == Money(-STEPS * 4_10)


async def run(*argv: str) -> list[tuple[int, int, int]]:
    """Return for each step with which signal the first process ended, and the second."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.money.crashing", *argv, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    found = [line.split() for line in out.decode().splitlines()]
    return [(int(step), int(first), int(again)) for step, first, again in found]
