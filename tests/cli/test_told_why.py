"""What does the command line say of why an account was noticed, or not, and of what would avoid the next step?"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.settings import KEY_FILE
from domain import events as ev
from domain.facts import Fact, FactKind
from tests.casework.paper import SHOP_CASE, Paper, on_paper
from tests.workflows.world import KEY, SHOP


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    (tmp_path / KEY_FILE).write_bytes(KEY)
    with on_paper(tmp_path) as paper:
        yield paper


def asked(folder: Path, which: str, *more: str) -> str:
    result = CliRunner().invoke(app, ["why", which, "--data", str(folder), *more], env={"COLUMNS": "240"})
    assert result.exit_code == 0, result.output
    return result.output


def test_a_case_is_told_of_with_the_least_payment_that_avoids_its_next_step(paper: Paper, tmp_path: Path) -> None:
    asyncio.run(paper.open())
    found = json.loads(asked(tmp_path, SHOP, "--json"))
    assert (found["case_id"], found["avoid"]["kind"]) == (SHOP_CASE, "send_reminder")
    assert found["avoid"]["amount_cents"] > 0
    told = asked(tmp_path, SHOP_CASE)
    assert found["avoid"]["says"] in told
    assert "case opened" in told


def test_what_keeps_an_account_from_being_written_to_is_told_with_its_way_out(paper: Paper, tmp_path: Path) -> None:
    case = asyncio.run(paper.open())
    now = paper.clock.now()
    hold = Fact(fact_id="h1", kind=FactKind.HOLD, starts=now, known_at=now, details={"because": "asked"})
    paper.happen(case, ev.FactRecorded(fact=hold), by="rosa")
    found = json.loads(asked(tmp_path, SHOP, "--json"))
    assert [(reason["rule"], reason["way_out"]) for reason in found["reasons"]] == [("G03", "Release the hold.")]
    assert "Release the hold." in asked(tmp_path, SHOP)


def test_an_account_without_a_case_is_told_of_too(paper: Paper, tmp_path: Path) -> None:
    asyncio.run(paper.mirrored())
    found = json.loads(asked(tmp_path, SHOP, "--json"))
    assert (found["account_no"], found["case_id"]) == (SHOP, None)
    assert found["answer"].startswith("The account has no open case.")
    # No billing system runs beside this test: that is why nobody would be written to, and it says so.
    assert [reason["says"] for reason in found["reasons"]] == ["Billing could not be read."]
    assert "no open case" in asked(tmp_path, SHOP)


def test_an_account_nobody_knows_is_named_and_the_command_fails(paper: Paper, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["why", "1", "--data", str(tmp_path)])
    assert (result.exit_code, "There is no account 1." in result.output) == (1, True)
