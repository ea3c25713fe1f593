"""What does the command line say of a changed pack, asked along the cases on record?"""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.settings import KEY_FILE
from tests.casework.paper import SHOP_CASE, Paper, on_paper
from tests.workflows.world import KEY, PACK


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    (tmp_path / KEY_FILE).write_bytes(KEY)
    with on_paper(tmp_path) as paper:
        yield paper


def asked(folder: Path, pack: Path | str, *more: str) -> str:
    command = ["backtest", str(pack), "--data", str(folder), *more]
    result = CliRunner().invoke(app, command, env={"COLUMNS": "240"})
    assert result.exit_code == 0, result.output
    return result.stdout


def changed(folder: Path, parameter: str, value: int) -> Path:
    """Write the city's pack with another *value* of *parameter*, always in force."""
    packs = shutil.copytree(PACK.parent, folder / "policies", ignore=shutil.ignore_patterns("worked_examples"))
    file = packs / "rochester-mn.toml"
    head, name, tail = file.read_text().partition(f"[{parameter}]\n")
    assert name, parameter
    file.write_text(head + name + re.sub(r"value = \d+", f"value = {value}", tail, count=1))
    return packs / PACK.name


def test_the_pack_in_force_changes_nothing_of_what_was_done_under_it(paper: Paper, tmp_path: Path) -> None:
    asyncio.run(paper.open())
    assert asked(tmp_path, "demo-city") == "Cases on record: 1; 0 would have gone another way.\n"


def test_where_a_changed_pack_parts_from_the_record_is_told_by_case_and_counted(paper: Paper, tmp_path: Path) -> None:
    asyncio.run(paper.open())
    paper.clock.set(paper.clock.now() + timedelta(days=1))
    pack = changed(tmp_path, "path.min_balance_cents", 1_000_000)
    found = json.loads(asked(tmp_path, pack, "--json"))
    assert (found["cases"], found["differ"]) == (1, 1)
    (difference,) = found["differences"]
    assert (difference["case_id"], difference["act"], difference["on"]) == (SHOP_CASE, "send_reminder", "2026-09-01")
    assert "reminder" in difference["then"]
    assert SHOP_CASE in asked(tmp_path, pack)
    assert SHOP_CASE not in asked(tmp_path, pack, "--limit", "0")


def test_a_pack_that_is_not_there_is_named(paper: Paper, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["backtest", "nowhere", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "There is no pack nowhere; there are demo-city" in result.output
