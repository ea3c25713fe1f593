"""What does an installation do that only observes: it takes in what appears in the city's folder, and nothing else."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from casework.errors import Refused
from cli.bank import BankDays, days_of, post_file
from cli.embedded import Embedded
from cli.extracts import take_extract
from cli.outside import OutsideWorld
from cli.settings import Settings, Trouble, holds_data, remembered
from formats.city import CityFolder
from gateways.errors import Outage

LOOK_SECONDS = 30.0


def need_fit(settings: Settings) -> None:
    """Refuse to observe with a data directory that has worked for real: letters of both kinds would stand in it.

    Raises:
        Trouble: it has.
    """
    if settings.observe and holds_data(settings) and not remembered(settings).get("observe"):
        raise Trouble(f"{settings.data} has worked for real; to observe, name a new data directory with --data.")


async def watch(at: Embedded) -> None:
    """Take in what appears in the city's folder, its own acts among it, until cancelled."""
    if at.folder is None:
        return
    since = at.clock.now() - timedelta(days=1)
    await BankDays.of(at).before_opening(at.clock.now())
    while True:
        now = at.clock.now()
        with suppress(Outage, Refused):  # tried again with the next look
            await _look(at, since, now)
            since = now
        await asyncio.sleep(LOOK_SECONDS)


async def _look(at: Embedded, since: datetime, now: datetime) -> None:
    assert at.folder is not None, "a folder is watched"
    today = at.policy.calendar.day(now)
    folder = CityFolder(at.folder.root)  # files of today are there since this morning
    anew = replace(at, folder=folder)
    world = OutsideWorld(anew)
    await world.weather(now)
    await world.hear(since, now)
    for day, paths in days_of(folder).items():
        if day <= today:
            for path in paths:
                await post_file(anew, path, on=day)
    for day, path in sorted(folder.aging().items()):
        if day <= today:
            await take_extract(anew, path)
