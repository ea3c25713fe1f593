"""What does an installation do that only observes: it takes in what appears in the city's folder, and nothing else."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from casework.errors import Refused
from cli.bank import BankDays, days_of, post_file
from cli.embedded import Embedded
from cli.extracts import take_extract
from cli.outside import OutsideWorld
from cli.screen import CONSOLE
from cli.settings import Settings, Trouble, holds_data, remembered
from formats.city import CityFolder
from gateways.errors import Outage
from models.payment_files import FileState

LOOK_SECONDS = 30.0


def need_fit(settings: Settings) -> None:
    """Refuse to observe with a data directory that has worked for real: letters of both kinds would stand in it.

    Raises:
        Trouble: it has.
    """
    if settings.observe and holds_data(settings) and not remembered(settings).get("observe"):
        raise Trouble(f"{settings.data} has worked for real; to observe, name a new data directory with --data.")


async def watch(at: Embedded) -> None:
    """Take in what appears in the city's folder, its own acts among it, until cancelled.

    What is refused is named once, on the screen, and the rest goes in; another system that is down is asked again.
    """
    if at.folder is None:
        return
    since = at.clock.now() - timedelta(days=1)
    await BankDays.of(at).before_opening(at.clock.now())
    told: set[str] = set()
    while True:
        now = at.clock.now()
        with suppress(Outage):  # tried again with the next look
            await _look(at, since, now, told)
            since = now
        await asyncio.sleep(LOOK_SECONDS)


async def _look(at: Embedded, since: datetime, now: datetime, told: set[str]) -> None:
    assert at.folder is not None, "a folder is watched"
    today = at.policy.calendar.day(now)
    folder = CityFolder(at.folder.root)  # files of today are there since this morning
    anew = replace(at, folder=folder)
    world = OutsideWorld(anew)
    await world.weather(now)
    await world.hear(since, now)
    for day, paths in days_of(folder).items():
        if day <= today:
            await _day(anew, day, paths, told)
    for day, path in sorted(folder.aging().items()):
        if day <= today:
            with _naming(path, told):
                taken = await take_extract(anew, path)
                _once(f"{path.name}: {taken.accepted} rows taken, {taken.opened} cases opened", told)


async def _day(at: Embedded, day: date, paths: Iterable[Path], told: set[str]) -> None:
    for path in paths:
        with _naming(path, told):
            row = await post_file(at, path, on=day)
            if row.state == FileState.REFUSED:
                _once(f"{day} {path.name}: refused. {row.reason}", told)
    _once(f"{day}: the day's files are in", told)


@contextmanager
def _naming(path: Path, told: set[str]) -> Iterator[None]:
    """Say of a file that is wrong as a whole what is wrong with it, and go on with the next."""
    try:
        yield
    except Refused as refused:
        _once(f"{path.name}: refused. {refused.refusal.detail} {refused.refusal.way_out}".strip(), told)


def _once(line: str, told: set[str]) -> None:
    if line not in told:
        told.add(line)
        CONSOLE.print(line, markup=False, highlight=False)
