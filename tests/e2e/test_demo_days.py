"""Does the main job run end to end, end on Ctrl-C, and leave nothing running?"""

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.e2e.scan import found_in, leaks, personal_words

ROOT = Path(__file__).resolve().parents[2]
CITY = ROOT / "data" / "demo-city"
RUN_SECONDS = 900
EFFECTS_BEFORE_KILLING = 50


class Demo:
    """`arrears demo` in a process and a directory of its own."""

    def __init__(self, where: Path, *, days: int) -> None:
        self.data = where / "out" / "demo-data"
        self.summary_file = where / "out" / "demo-summary.json"
        self.log = where / "demo.log"
        argv = [sys.executable, "-m", "cli", "demo", "--days", str(days), "--day-seconds", "0"]
        env = {name: value for name, value in os.environ.items() if not name.startswith(("ARREARS_", "TEMPORAL_"))}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                argv, cwd=where, env={**env, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log
            )

    def wait(self) -> int:
        return self.process.wait(timeout=RUN_SECONDS)

    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.summary_file.read_text())
        return found

    def calls(self) -> list[dict[str, Any]]:
        """Return the stubs' call log, which lies outside the processes that are killed."""
        path = self.data / "calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def left_running(self) -> list[str]:
        found = []
        for process in psutil.process_iter(["pid", "cmdline"]):
            with suppress(psutil.Error):
                if process.environ().get("ARREARS_DATA") == str(self.data):
                    found.append(" ".join(process.info["cmdline"] or ()))
        return found


def until(so: Callable[[], bool], demo: Demo) -> None:
    deadline = time.monotonic() + RUN_SECONDS
    while not so():
        assert demo.process.poll() is None, demo.log.read_text()[-2_000:]
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[int], Demo]]:
    demos: list[Demo] = []

    def begin(days: int) -> Demo:
        demos.append(Demo(tmp_path, days=days))
        return demos[-1]

    yield begin
    for demo in demos:
        if demo.process.poll() is None:
            demo.process.send_signal(signal.SIGINT)
            demo.wait()


@pytest.mark.timeout(RUN_SECONDS)
def test_twelve_days_open_cases_name_nobody_and_leave_nothing_running(
    start: Callable[[int], Demo],
) -> None:
    demo = start(12)
    assert demo.wait() == 0, demo.log.read_text()[-2_000:]
    found = demo.summary()
    assert found["entered_stage"]["past_due"] > 100
    assert found["entered_stage"]["with_agency"] == 13  # data/README.md: accounts at the agency at the opening
    assert found["letters"]["reminder"] >= 100
    assert punctual_with_a_case(demo) == set(), "nobody who pays on time is pursued"
    assert found["letters"]["disconnection notice"] > 50
    assert found["wrongful_disconnections"] == 0
    assert demo.left_running() == []
    words = personal_words(CITY)
    assert len(words) > 1_000, "the city's people have names, addresses and phones"
    assert leaks(demo.data, words) == {}
    assert found_in(demo.log.read_text() + demo.summary_file.read_text(), words) == set()
    assert b"case/" in (demo.data / "temporal.db").read_bytes(), "what stands there in clear would be found"


def punctual_with_a_case(demo: Demo) -> set[str]:
    """Return the accounts of customers who pay on time and were opened a case all the same."""
    with (CITY / "customers.csv").open(newline="") as file:
        punctual = {row["account_no"] for row in csv.DictReader(file) if row["temperament"] == "pays_on_time"}
    with sqlite3.connect(demo.data / "arrears.db") as database:
        return punctual & {account_no for (account_no,) in database.execute("SELECT account_no FROM cases")}


@pytest.mark.timeout(RUN_SECONDS)
def test_ctrl_c_ends_it_with_nothing_left_running_and_nothing_lost(start: Callable[[int], Demo]) -> None:
    demo = start(120)
    until(lambda: len(demo.calls()) > EFFECTS_BEFORE_KILLING, demo)
    demo.process.send_signal(signal.SIGINT)
    assert demo.wait() == 0
    assert demo.left_running() == []
    with sqlite3.connect(demo.data / "arrears.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
