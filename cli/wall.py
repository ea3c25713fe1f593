"""On the wall's clock: who starts the day's sweep, and how do the stubs keep up with the time?"""

import asyncio
from contextlib import suppress

import httpx2
from temporalio.client import ScheduleAlreadyRunningError

from cli.embedded import Embedded
from workflows.sweep import sweep_schedule

SCHEDULE = "sweep"
MOVE_SECONDS = 30.0  # a crew is late by no more than this


async def sweep_by_schedule(at: Embedded) -> None:
    """Have Temporal start the day's sweep in city time; a Schedule made before is left as it is."""
    with suppress(ScheduleAlreadyRunningError):
        await at.client.create_schedule(SCHEDULE, sweep_schedule(at.policy.calendar.zone))


async def move_with_the_wall(at: Embedded) -> None:
    """Move the stubs' business time along with the wall's for as long as they are there, until cancelled."""
    while at.folder is not None:
        with suppress(httpx2.HTTPError):  # down for a moment, or their folder begins later than today
            await at.control.advance(at.clock.now())
        await asyncio.sleep(MOVE_SECONDS)
