"""How is the business time of a stepped installation moved on by hand?"""

from datetime import UTC, datetime, time
from typing import Annotated

import typer

from cli.driver import Driver
from cli.embedded import connected
from cli.installation import Data
from cli.outside import OutsideWorld
from cli.screen import CONSOLE, run
from cli.settings import Settings, Trouble, chosen
from cli.settle import Settle
from cli.stack import attached
from domain.calendar import DAY
from models.clock import ClockMode


def step(
    *,
    to: Annotated[datetime, typer.Option(help="A day, reached at its close, or an instant in UTC (2026-09-03T15:00).")],
    data: Data = None,
) -> None:
    """Move the business time of a stepped installation on, and wait until everything that falls due is done."""
    now = run(_step(chosen(data=data), to))
    CONSOLE.print(f"Business time is {now:%Y-%m-%d %H:%M} UTC.")


async def _step(settings: Settings, to: datetime) -> datetime:
    async with attached(settings) as stack, connected(stack) as at:
        if at.clock.mode is not ClockMode.STEPPED:
            raise Trouble(f"This installation lives by the {at.clock.mode} clock, which nobody moves by hand.")
        calendar = at.policy.calendar
        end = calendar.at(to.date() + DAY, time(0)) if to.time() == time(0) else to.replace(tzinfo=UTC)
        driver = Driver(
            at=at,
            settle=Settle(at.engine, at.clock, at.client),
            outside=OutsideWorld(at, acts=False) if at.folder else None,
            sweeps_own_from=calendar.day(at.clock.now()) + DAY,
        )
        await driver.settle(at.open_accounts())  # what the desk did just now may be under way
        await driver.run(end)
        return at.clock.now()
