"""How are the histories made that later versions must replay? ``python -m tests.replay.record [STORY …]``."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from temporalio.client import Client, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from formats.pack import dump_policy
from tests.gateways.small_city import write_city
from tests.replay.histories import HISTORIES, PACKS, write
from tests.replay.stories import NEVER, STORIES, SUGGEST_AT, Story, a_sweep, by_the_wall, continued_as_new
from tests.workflows.conftest import TEMPORAL
from tests.workflows.world import CITY, CONVERTER, a_world
from workflows.collections_case import PACK, SERVICE, STAGE
from workflows.wiring import make_worker


async def record(names: list[str]) -> None:
    """Live the stories *names*, all of them if there are none, and write down their histories."""
    HISTORIES.mkdir(exist_ok=True)
    for name, story in STORIES.items():
        if not names or name in names:
            with tempfile.TemporaryDirectory() as folder:
                _keep(name, await _lived(story, Path(folder), city=CITY))
    if not names or "sweep" in names:
        with tempfile.TemporaryDirectory() as folder:
            city = write_city(Path(folder) / "city")
            _keep("sweep", await _lived(a_sweep, Path(folder), city=city))
    if not names or "by_the_wall" in names:
        with tempfile.TemporaryDirectory() as folder:
            _keep("by_the_wall", await by_the_wall(Path(folder)))


async def _lived(story: Story, folder: Path, *, city: Path) -> list[WorkflowHistory]:
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=TEMPORAL,
        data_converter=CONVERTER,
        search_attributes=[STAGE, SERVICE, PACK],
        dev_server_log_level="error",
        dev_server_extra_args=suggesting_a_new_run_at(SUGGEST_AT if story is continued_as_new else NEVER),
    )
    async with env:
        return await _in_world(env.client, story, folder, city=city)


def suggesting_a_new_run_at(events: int) -> list[str]:
    """Return the arguments by which a dev server suggests continue-as-new at so many events."""
    return ["--dynamic-config-value", f"limit.historyCount.suggestContinueAsNew={events}"]


async def _in_world(client: Client, story: Story, folder: Path, *, city: Path) -> list[WorkflowHistory]:
    async with a_world(client, folder, city=city) as world:
        PACKS.mkdir(exist_ok=True)
        (PACKS / f"{world.policy.digest}.json").write_text(dump_policy(world.policy), encoding="utf-8")
        async with make_worker(client, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy):
            return await story(world)


def _keep(name: str, histories: list[WorkflowHistory]) -> None:
    for old in HISTORIES.glob(f"{name}*.json"):
        old.unlink()
    for number, history in enumerate(histories, start=1):
        path = write(name if len(histories) == 1 else f"{name}-{number}", history)
        print(f"{path.name}: {len(history.events)} events, {path.stat().st_size // 1024} KiB")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1:]))
    sys.stdout.flush()
    os._exit(0)  # the SDK's threads may abort the interpreter while it is taken down
