"""Kill worker and Temporal server without warning, again and again: nothing is lost, nothing is done twice."""

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
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
DAYS = 25
EFFECTS_FIRST = 50
KILLS_EACH = 3
VICTIMS = {"worker": "worker.py", "temporal": "start-dev"}


@pytest.mark.prove
@pytest.mark.timeout(1_200)
def test_nothing_is_lost_or_done_twice_when_worker_and_server_are_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "cli", "demo", "--days", str(DAYS), "--data", str(data), "--day-seconds", "0.5"]
    with (tmp_path / "demo.log").open("w") as log, running(command, log.fileno()) as demo:
        wait_for(lambda: len(applied(data)) >= EFFECTS_FIRST, demo)
        chance = random.Random(17)  # which moment, not a secret
        for name in chance.sample([name for name in VICTIMS for _ in range(KILLS_EACH)], 2 * KILLS_EACH):
            time.sleep(chance.uniform(3, 8))
            assert demo.poll() is None, "the demo lives through every kill"
            kill(demo.pid, VICTIMS[name])
        assert demo.wait() == 0, (tmp_path / "demo.log").read_text()[-2_000:]

    twice = {key: count for key, count in Counter(applied(data)).items() if count > 1}
    assert twice == {}, "each key has exactly one effect"
    assert len(applied(data)) > EFFECTS_FIRST
    assert acknowledged(data) - on_record(data) == set(), "every decision answered with 2xx is in its case"


@contextmanager
def running(command: list[str], log: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Yield a process in a group of its own, stopped as by Ctrl-C when the test ends before it."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=60)


def wait_for(true: Callable[[], bool], demo: "subprocess.Popen[bytes]") -> None:
    while not true():
        assert demo.poll() is None, "the demo ended too soon"
        time.sleep(0.5)


def kill(parent: int, mark: str) -> None:
    """Kill the child whose command line holds *mark*; wait for it if it is just being started again."""
    while True:
        for child in psutil.Process(parent).children(recursive=True):
            try:
                if any(mark in word for word in child.cmdline()):
                    child.kill()
                    return
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.2)


def applied(data: Path) -> list[str]:
    """Return the key of every effect that the stubs applied, as their call log outside the killed processes tells."""
    log = data / "calls.jsonl"
    lines = log.read_text().splitlines() if log.exists() else []
    calls = [json.loads(line) for line in lines if line.endswith("}")]
    return [f"{call['route']} {call['key']}" for call in calls if call["applied"] and "callback" not in call["route"]]


def acknowledged(data: Path) -> set[str]:
    """Return the keys, as the case knows them, of all decisions that were answered with 2xx."""
    query = (
        "SELECT username || '/' || key FROM idempotency WHERE route LIKE '%decisions%' AND status BETWEEN 200 AND 299"
    )
    return {key for (key,) in rows(data, query)}


def on_record(data: Path) -> set[str]:
    """Return the keys of everything in the timelines, without the number of the event under its key."""
    return {key.rpartition("/")[0] for (key,) in rows(data, "SELECT key FROM timeline")}


def rows(data: Path, query: str) -> Iterator[tuple[str]]:
    database = sqlite3.connect(f"file:{data / 'arrears.db'}?mode=ro", uri=True)
    try:
        yield from database.execute(query).fetchall()
    finally:
        database.close()
