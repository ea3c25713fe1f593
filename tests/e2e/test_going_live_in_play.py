"""A city played in two installations, the second from an opening folder of the first, ends as it does in one."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.formats.samples import SHARED

ROOT = Path(__file__).parents[2]
RUN_SECONDS = 3_600
PLAYED = (
    pytest.param(ROOT / "data" / "demo-city", "2026-10-30", "2026-12-29", id="demo-city"),
    pytest.param(SHARED / "las-cruces", "2026-10-30", "2026-12-29", id="las-cruces"),
    pytest.param(SHARED / "rochester", "2026-10-30", "2026-12-29", id="rochester"),
)


@pytest.mark.prove
@pytest.mark.timeout(3 * RUN_SECONDS)
@pytest.mark.parametrize(("city", "half", "end"), PLAYED)
def test_a_city_goes_on_from_an_opening_folder_as_if_it_had_never_moved(
    city: Path, half: str, end: str, tmp_path: Path
) -> None:
    if not city.is_dir():
        pytest.skip("shared data absent (ARREARS_SHARED or ../shared)")
    unbroken, before, after, folder = (tmp_path / name for name in ("unbroken", "before", "after", "opening"))
    arrears("play", city, "--to", end, "--data", unbroken)

    arrears("play", city, "--to", half, "--data", before)
    written = json.loads(arrears("export", "opening", folder, "--data", before, "--json"))
    after.mkdir()
    shutil.copy(before / "stubs.jsonl", after)  # the same billing, crews, agency and court go on
    taken = json.loads(
        arrears("import", "opening", folder, "--data", after, "--city", city, "--clock", "stepped", "--json")
    )
    assert taken["problems"] == []
    assert taken["cases"] == written["lines"]["cases"]
    assert gone_out(after, before) == set(), "nothing goes out before the release"
    again = json.loads(arrears("import", "opening", folder, "--data", after, "--json"))
    assert (again["again"], again["started"]) == (True, 0)
    held = json.loads(arrears("held", "--data", after, "--json"))
    assert sum(held["counts"].values()) == len(held["items"])
    assert gone_out(after, before) == set()
    arrears("user", "add", "sven", "--role", "supervisor", "--password", "x" * 14, "--data", after)
    arrears("release", "--by", "sven", "--data", after)

    arrears("play", city, "--to", end, "--data", after)
    once, twice = standing(unbroken), standing(after)
    differ = {
        number: (once.get(number), twice.get(number))
        for number in {*once, *twice}
        if once.get(number) != twice.get(number)
    }
    assert differ == {}, f"{len(differ)} of {len(once)} accounts"
    assert balances(after, end) == balances(unbroken, end)


def arrears(*arguments: object) -> str:
    """Return what the command prints; it must end well."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("ARREARS_", "TEMPORAL_"))}
    done = subprocess.run(
        [sys.executable, "-m", "cli", *map(str, arguments)],
        env={**env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{arguments[:2]}: {done.stderr[-2_000:]}{done.stdout[-2_000:]}"
    return done.stdout


def gone_out(data: Path, before: Path) -> set[str]:
    """Return the keys of what other systems have done for the installation since they did it for the one *before*."""
    path = data / "calls.jsonl"
    calls = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    entries = map(json.loads, (before / "stubs.jsonl").read_text().splitlines())
    known = {entry["effect"]["key"] for entry in entries if "effect" in entry}
    return {call["key"] for call in calls if call["applied"]} - known


def balances(data: Path, on: str) -> str:
    """Return what each account owes for each service on the last day, as the command line reports it."""
    return arrears("report", "balances", "--as-of", on, "--format", "csv", "--data", data)


def standing(data: Path) -> dict[str, tuple[Any, ...]]:
    """Return where each account stands: stage, services, how its latest case ended; what an open one has as owed."""
    with sqlite3.connect(data / "arrears.db") as database:
        rows = database.execute(
            "select account_no, case_id, stage, status, iif(closed is null, balance_cents, 0), closed from cases"
        ).fetchall()
    latest: dict[str, tuple[int, tuple[Any, ...]]] = {}
    for account_no, case_id, *where in rows:
        number = int(case_id.rpartition("-")[2])
        latest[account_no] = max(latest.get(account_no, (0, ())), (number, tuple(where)))
    return {account_no: where for account_no, (_, where) in latest.items()}
