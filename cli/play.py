"""How is a city's folder played day by day, as fast as the machine allows, through everything that is real?"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from casework.money_reports import bank_days
from cli.bank import BankDays
from cli.books import reconciled
from cli.crowded import crew_days
from cli.driver import Driver
from cli.embedded import Embedded, connected
from cli.extracts import operator_desk
from cli.figures import Figures, figures
from cli.installation import AsJson, Data, Policy
from cli.outside import OutsideWorld
from cli.people import api_client
from cli.screen import COMPLAINTS, CONSOLE, bar, plainly, run, say_json
from cli.script import Line, ScriptedDesk, read_script
from cli.settings import Settings, chosen
from cli.settle import Settle
from cli.stack import running
from cli.watching import need_fit
from domain.calendar import DAY
from formats.city import CityFolder, look_over


def play(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="City folder, as handed over.", exists=True, file_okay=False)
    ],
    *,
    to: Annotated[datetime, typer.Option(help="Last day to play, through its close.", formats=["%Y-%m-%d"])],
    data: Data = None,
    policy: Policy = None,
    desk: Annotated[
        str,
        typer.Option(
            metavar="none|FILE", help="Dated decisions (TOML or JSON lines: on, by, role, account_no, command)."
        ),
    ] = "none",
    observe: Annotated[bool, typer.Option("--observe", help="Send nothing: `arrears observed` lists it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play a city folder day by day through the real worker, workflows and database; played twice is played once."""
    settings = chosen(city=folder, data=data, pack=policy, clock="stepped", sandbox=False, observe=observe or None)
    with plainly():
        need_fit(settings)
        lines = () if desk == "none" else read_script(Path(desk))
        passed_over = _looked_over(settings)
    summary = run(_play(settings, to.date(), lines)) | ({"passed_over": passed_over} if passed_over else {})
    if as_json:
        say_json(summary)
    else:
        show(summary)


def _looked_over(settings: Settings) -> list[str]:
    """Tell which files of the folder will not be taken, and return them; what the city cannot be without ends it here.

    Raises:
        Malformed: accounts, bills, instruments or weather cannot be read; nothing was played.
    """
    assert settings.city is not None, "a folder is played"
    zone = ZoneInfo(settings.policy().calendar.zone)
    found = [str(fault) for fault in look_over(CityFolder(settings.city), zone=zone)]
    for each in found:
        COMPLAINTS.print(f"passed over: {each}", style="yellow", markup=False)
    return found


async def _play(settings: Settings, last: date, lines: Sequence[Line]) -> dict[str, Any]:
    async with running(settings, ui=False) as stack, connected(stack) as at, api_client(stack) as http:
        end = at.policy.calendar.at(last + DAY, time(0))
        bank, script = BankDays.of(at), ScriptedDesk(at=at, http=http, lines=lines)
        settle = Settle(at.engine, at.clock, at.client)
        driver = Driver(at=at, settle=settle, outside=OutsideWorld(at), actors=[bank, script])
        await _begin(at, driver, bank, end)
        with bar() as progress:
            task = progress.add_task("playing", total=max(0, (last - at.policy.calendar.day(at.clock.now())).days + 1))

            async def on_day(day: date) -> None:
                progress.update(task, advance=1, description=f"{day}")

            driver.on_day = on_day
            await driver.run(end)
        summary = summary_of(at, figures(at.engine)) | {"bank_days": await _bank_days(at, bank, last)}
        return {**summary, "desk_refused": [asdict(each) for each in script.refused]} if lines else summary


async def _bank_days(at: Embedded, bank: BankDays, last: date) -> dict[str, int]:
    """Hold every bank day of the folder up to *last* against bank and billing; return how many came out how."""
    days = [day for day in bank.days if day <= last]
    if not days:
        return {}
    desk = operator_desk(at)
    held = {str(day.on) for day in await reconciled(desk, at.policy.calendar, days[0], days[-1])}
    lines = await asyncio.to_thread(bank_days, desk)
    return dict(Counter(str(line["state"]) for line in lines if line["day"] in held))


async def _begin(at: Embedded, driver: Driver, bank: BankDays, end: datetime) -> None:
    """Put on record what lies before the opening; after an interruption, pick up where it was."""
    now = at.clock.now()
    if now >= end:
        return
    await bank.before_opening(now)
    await driver.outside_opening()
    await driver.resume()
    await bank.act(now)  # after an interruption, what was left of the day's files
    await driver.settle()


def summary_of(at: Embedded, found: Figures) -> dict[str, Any]:
    """Return the figures, with the instant and the pack they were reached under and how the crews' days went."""
    crews = crew_days(at.engine, at.policy)
    return {
        "now": at.clock.now().isoformat(),
        "pack": at.policy.pack,
        "policy": at.policy.digest,
        **asdict(found),
        "crew_days_over_capacity": len(crews.crowded),
        "crew_days": crews.days,
        "least_minutes_kept_for_reconnections": crews.least_minutes_kept,
    }


def show(summary: dict[str, Any]) -> None:
    """Print *summary* as a table."""
    table = Table(title=f"{summary['pack']}, {summary['now'][:10]}", show_header=False)
    for name, value in summary.items():
        if name in {"now", "pack", "policy"}:
            continue
        table.add_row(name.replace("_", " "), escape(_words(value)) or "none")
    CONSOLE.print(table)


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')} {count}" for key, count in value.items() if count)
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
