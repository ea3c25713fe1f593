"""Does the main job run end to end, survive kill -9 of worker and server, and leave nothing running?"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
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

    def kill(self, name: str) -> None:
        """Kill one of the stack's processes without warning, if it is up."""
        marks = {"worker": "worker.py", "temporal": "start-dev"}
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if any(marks[name] in word for word in child.cmdline()):
                    child.send_signal(signal.SIGKILL)


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
def test_twelve_days_open_cases_send_letters_and_leave_nothing_running(start: Callable[[int], Demo]) -> None:
    demo = start(12)
    assert demo.wait() == 0, demo.log.read_text()[-2_000:]
    found = demo.summary()
    assert found["entered_stage"]["past_due"] > 100
    assert found["entered_stage"]["with_agency"] == 13  # data/README.md: accounts at the agency at the opening
    assert found["letters"]["reminder"] > 100
    assert found["letters"]["disconnection notice"] > 50
    assert found["wrongful_disconnections"] == 0
    assert demo.left_running() == []


@pytest.mark.timeout(RUN_SECONDS)
def test_ctrl_c_ends_it_with_nothing_left_running_and_nothing_lost(start: Callable[[int], Demo]) -> None:
    demo = start(120)
    until(lambda: len(demo.calls()) > EFFECTS_BEFORE_KILLING, demo)
    demo.process.send_signal(signal.SIGINT)
    assert demo.wait() == 0
    assert demo.left_running() == []
    with sqlite3.connect(demo.data / "arrears.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.prove
@pytest.mark.timeout(RUN_SECONDS)
def test_kill_of_worker_and_server_three_times_each_has_every_effect_once(start: Callable[[int], Demo]) -> None:
    demo, chance = start(25), random.Random(7)
    until(lambda: len(demo.calls()) > EFFECTS_BEFORE_KILLING, demo)
    for name in ["worker", "temporal"] * 3:
        time.sleep(chance.uniform(2.0, 8.0))
        demo.kill(name)
    assert demo.wait() == 0, demo.log.read_text()[-2_000:]
    applied = Counter((call["route"], call["key"]) for call in demo.calls() if call["applied"])
    assert len(applied) > EFFECTS_BEFORE_KILLING
    assert {effect for effect, times in applied.items() if times > 1} == set()
    assert _acknowledged(demo.data) - _on_record(demo.data) == set()
    assert demo.summary()["wrongful_disconnections"] == 0
    assert demo.left_running() == []


def _acknowledged(data: Path) -> set[str]:
    """Return the keys of the events that the API told a caller, with a success, a decision had left."""
    with sqlite3.connect(data / "arrears.db") as database:
        answers = database.execute("SELECT body FROM idempotency WHERE status = 200 AND route LIKE '%/decisions'")
        return {event["key"] for (body,) in answers for event in json.loads(body)["events"]}


def _on_record(data: Path) -> set[str]:
    with sqlite3.connect(data / "arrears.db") as database:
        return {key for (key,) in database.execute("SELECT key FROM timeline")}
