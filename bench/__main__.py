"""What does the product cost beside a bare Temporal workflow? ``bench``; more by name, as ``--help`` says."""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig

from bench.console import time_console
from bench.cost import ACTIONS_AIM, EVENTS_AIM, Cost, actions, two_years
from bench.files import GROWTH_AIM, growth, posting_costs, reading_speeds
from bench.letters import as_written, kept, press, print_pressed
from bench.life_cost import life_costs
from bench.pure import speeds
from bench.report import print_comparison, print_cost, print_files
from bench.rounds import Figures, one_round

Say = Callable[[str], None]
LIVES, ROUNDS = 60, 1


async def compare(folder: Path, *, lives: int, rounds: int, say: Say) -> dict[str, Any]:
    """Return the figures of both, what a life of each costs in Temporal, and the pure core's speeds."""
    bare, ours = list[Figures](), list[Figures]()
    for number in range(1, rounds + 1):
        place = folder / f"round-{number}"
        place.mkdir()
        say(f"round {number} of {rounds}")
        found = await one_round(place, lives=lives, say=say)
        bare.append(found[0])
        ours.append(found[1])
    bare_cost, our_cost = await life_costs(folder, say=say)
    say("the pure core")
    return {
        "lives": lives,
        "rounds": rounds,
        "bare": {**asdict(Figures.median_of(bare)), **asdict(bare_cost)},
        "ours": {**asdict(Figures.median_of(ours)), **asdict(our_cost)},
        "microseconds": speeds(),
    }


async def cost(folder: Path, *, say: Say) -> Cost:
    """Return what the reference two-year case costs."""
    return actions(await two_years(folder, say=say))


def main() -> int:
    """Run what is asked for; return 1 if the two-year case costs more than it may."""
    asked = _asked()
    # The SDK's core writes its warnings to standard output, between our figures.
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="error"))))
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {what}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="arrears-bench-") as folder:
        if asked.what == "cost":
            found = asyncio.run(cost(Path(folder), say=say))
            print(json.dumps(asdict(found))) if asked.json else print_cost(found)
            return int(found.events > EVENTS_AIM or found.actions > ACTIONS_AIM)
        if asked.what == "console":
            return int(not time_console(Path(folder), say=say))
        if asked.what == "letters":
            return _letters(say=say, as_json=asked.json)
        if asked.what == "files":
            return _files(Path(folder), say=say, as_json=asked.json)
        figures = asyncio.run(compare(Path(folder), lives=asked.lives, rounds=asked.rounds, say=say))
        print(json.dumps(figures)) if asked.json else print_comparison(figures)
    return 0


def _files(folder: Path, *, say: Say, as_json: bool) -> int:
    """Time payment files; return 1 if the reader is the slower one, or the cost of an entry grows more than it may."""
    speeds = reading_speeds(say=say)
    posted = asyncio.run(posting_costs(folder, say=say))
    found = {"reading": speeds, "posting": [asdict(each) for each in posted], "growth": growth(posted)}
    print(json.dumps(found)) if as_json else print_files(speeds, posted)
    other = speeds["other_per_second"]
    return int(growth(posted) >= GROWTH_AIM or (other is not None and speeds["ours_per_second"] < other))


def _letters(*, say: Say, as_json: bool) -> int:
    """Time the press; return 1 if it is too slow beside bare typst, or grows."""
    found = press(say=say)
    if as_json:
        print(json.dumps(as_written(found)))
    return int(not kept(found) if as_json else not print_pressed(found))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what", nargs="?", choices=("compare", "cost", "files", "console", "letters"), default="compare"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--lives", type=int, default=LIVES, help=f"cases of each kind in a round ({LIVES})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of which the median is told ({ROUNDS})")
    return parser.parse_args()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the SDK's threads may abort the interpreter while it is taken down
