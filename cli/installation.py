"""How is an installation brought up, served, looked over and kept at the code's schema?"""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from starlette.routing import BaseRoute
from temporalio.envconfig import ClientConfig

from api.server import ApiSettings
from api.server import serve as run_api
from casework.context import Installation
from cli.doctor import examine
from cli.embedded import connected
from cli.outside import OutsideWorld
from cli.screen import CONSOLE, plainly, run, say_json
from cli.settings import ROOT, Settings, chosen
from cli.stack import LOCALHOST, Stack, free_port, running
from cli.wall import move_with_the_wall, sweep_by_schedule
from cli.watching import need_fit, watch
from console.app import create_console, mounted
from models.clock import ClockMode
from models.session import open_database

Data = Annotated[Path | None, typer.Option(help="Data directory.", show_default="./arrears-data", file_okay=False)]
City = Annotated[Path | None, typer.Option(help="City folder, as handed over.", exists=True, file_okay=False)]
Policy = Annotated[
    Path | None, typer.Option("--policy", help="Policy pack; by default the city's.", exists=True, dir_okay=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON, for scripts.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to *app*."""
    database = typer.Typer(no_args_is_help=True, help="The database's schema.")
    database.command("upgrade")(upgrade)
    app.add_typer(database, name="db")
    for command in (up, serve, worker, doctor):
        app.command()(command)


def up(
    *,
    city: City = None,
    policy: Policy = None,
    data: Data = None,
    clock: Annotated[str | None, typer.Option(help="wall or stepped.", show_default="wall")] = None,
    at: Annotated[datetime | None, typer.Option(help="Business date or instant (UTC) at which a clock starts.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of API and console; by default a free one.")] = None,
    ui_port: Annotated[int | None, typer.Option(help="Port of Temporal's Web UI; by default a free one.")] = None,
    observe: Annotated[
        bool, typer.Option("--observe", help="Send nothing: list what would have been done (`arrears observed`).")
    ] = False,
) -> None:
    """Run everything in one process group until Ctrl-C: Temporal's server, stubs, worker, API.

    With --observe the installation takes in the city folder's files as they appear and asks nothing of anyone. A data
    directory that observes does so for good: its record holds letters that nobody got.
    """
    settings = chosen(
        city=city, pack=policy, data=data, clock=clock, at=at, api_port=port, ui_port=ui_port, observe=observe or None
    )
    with plainly():
        need_fit(settings)
    run(_stay_up(settings), stopped=lambda: 0)


async def _stay_up(settings: Settings) -> None:
    async with running(settings) as stack, connected(stack) as at:
        if at.folder is not None:
            await OutsideWorld(at).before_opening()
        CONSOLE.print(_addresses(stack))
        CONSOLE.print("Ctrl-C stops everything; nothing is lost.")
        if settings.observe:
            CONSOLE.print("This installation only observes: `arrears observed` lists what it would have done.")
        if at.clock.mode is ClockMode.WALL:
            await sweep_by_schedule(at)
            await asyncio.gather(move_with_the_wall(at), *([watch(at)] if settings.observe else []))
        else:
            await at.control.advance(at.clock.now())
            stepped = at.clock.mode is ClockMode.STEPPED
            more = "`arrears step --to DAY` moves it on" if stepped else "it was moved by the demo, and by nobody here"
            CONSOLE.print(f"Business time stands still; {more}.")
        await asyncio.Event().wait()


def _addresses(stack: Stack) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("Console", stack.console_url)
    table.add_row("API", f"{stack.api_url}/docs")
    table.add_row("Temporal UI", stack.ui_url)
    table.add_row("Data", str(stack.settings.data.resolve()))
    table.add_row("Logs", str(stack.settings.logs.resolve()))
    return table


def serve(
    *,
    data: Data = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOCALHOST,
    port: Annotated[int | None, typer.Option(help="Port; by default a free one.")] = None,
) -> None:
    """Run one process of API and console; settings from ARREARS_* and TEMPORAL_*."""
    settings = chosen(data=data)
    temporal = ClientConfig.load_client_connect_config()
    # Whoever reaches the decode endpoint reads every case: it is there for this machine's own browser alone.
    here = host == LOCALHOST and settings.ui_port
    origins = tuple(f"http://{name}:{settings.ui_port}" for name in ("localhost", LOCALHOST)) if here else ()
    temporal_ui = f"http://{LOCALHOST}:{settings.ui_port}" if here else ""

    def beside(installation_of: Callable[[], Installation]) -> list[BaseRoute]:
        return mounted(create_console(installation_of, temporal_ui=temporal_ui))

    with plainly():
        told = ApiSettings(
            database_url=settings.database,
            systems_url=settings.systems_url,
            key=settings.key(),
            systems_key=settings.stubs_key,
            temporal_address=temporal.get("target_host") or "localhost:7233",
            temporal_namespace=temporal.get("namespace") or "default",
            callback_secret=settings.callback_secret,
            ui_origins=origins,
            log_level=settings.log_level,
            observe_in=settings.policy().calendar.zone if settings.observe else "",
            observe_posts=settings.posts,
            senders=settings.senders(),
        )
        run_api(told, beside=beside, host=host, port=port or settings.api_port or free_port())


def worker() -> None:
    """Run one worker against the Temporal server of TEMPORAL_ADDRESS; settings from ARREARS_*."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, str(ROOT / "worker.py")])  # noqa: S606 -- our own program, no shell


def upgrade(*, data: Data = None) -> None:
    """Bring the database to this version's schema."""
    settings = chosen(data=data)
    with plainly():
        settings.data.mkdir(parents=True, exist_ok=True)
        open_database(settings.database).dispose()
    CONSOLE.print("The database is at this version's schema.")


def doctor(*, data: Data = None, city: City = None, policy: Policy = None, as_json: AsJson = False) -> None:
    """Say in plain words what stands in the way of a start; exit code 1 if anything does."""
    settings = chosen(data=data, city=city, pack=policy)
    findings = examine(settings)
    if as_json:
        say_json([{"about": f.about, "well": f.well, "says": f.says} for f in findings])
    else:
        table = Table(box=None, show_header=False)
        for finding in findings:
            table.add_row("[green]ok[/]" if finding.well else "[red]trouble[/]", finding.about, finding.says)
        CONSOLE.print(table)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)
