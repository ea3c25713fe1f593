"""How does a city go live from the command line: a folder in, a folder out, what is held, and its release?"""

import csv
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from rich.text import Text

from casework.context import Desk, Person
from casework.errors import unreadable
from casework.going_live import Held, kept_back, release
from casework.opening import TakenOver, take_opening
from casework.opening_folder import Written, write_folder
from casework.stopping import Switched
from cli.embedded import connected
from cli.extracts import operator_desk
from cli.installation import AsJson, City, Data, Policy
from cli.screen import CONSOLE, run, say_json
from cli.settings import Settings, Trouble, chosen
from cli.settle import Settle
from cli.stack import attached
from formats.errors import Malformed
from formats.opening.folder import Problem, read_opening
from formats.opening.ways_out import of_opening
from models.clock import ClockMode
from models.users import user_named

export_commands = typer.Typer(no_args_is_help=True, help="Write what stands here for another installation.")
PROBLEMS = ("file", "line", "column", "rule", "value", "says", "way_out")
SHOWN_MAX = 20  # of the problems on the screen; all of them are in the file beside the folder
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Opening folder.", file_okay=False)]


def take(
    folder: Folder,
    *,
    data: Data = None,
    city: City = None,
    policy: Policy = None,
    clock: Annotated[str | None, typer.Option(help="wall or stepped, for a stack started here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take over accounts in mid-path from an opening folder: all of them, or none and a list of what is wrong.

    Nothing goes out until a supervisor releases it (`arrears held`, `arrears release`). The same folder again changes
    nothing. A stepped clock begins at the folder's own instant.
    """
    settings = chosen(data=data, city=city, pack=policy, clock=clock)
    taken = run(_take(settings, folder))
    if as_json:
        say_json(asdict(taken))
    else:
        tell_taken(taken, folder)
    if taken.problems:
        raise typer.Exit(1)


async def _take(settings: Settings, folder: Path) -> TakenOver:
    if ClockMode(settings.clock) is not ClockMode.WALL and settings.at is None:
        try:
            settings = settings.model_copy(update={"at": read_opening(folder).as_of})
        except Malformed as fault:
            raise unreadable(fault) from fault
    async with attached(settings) as stack, connected(stack) as at:
        if at.clock.mode is not ClockMode.WALL:
            await at.control.advance(at.clock.now())
        taken = await take_opening(operator_desk(at), folder)
        await Settle(at.engine, at.clock, at.client)(at.open_accounts())
    if taken.problems:
        _write_problems(taken, _beside(folder))
    return taken


def _beside(folder: Path) -> Path:
    return folder.with_name(f"{folder.resolve().name}.errors.csv")


def _place(problem: Problem) -> str:
    line = f", line {problem.line}" if problem.line else ""
    return f"{problem.file}{line}{f', {problem.column}' if problem.column else ''}"


def _write_problems(taken: TakenOver, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, PROBLEMS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {name: getattr(each, name) for name in PROBLEMS[:-1]} | {"way_out": of_opening(each.rule)}
            for each in taken.problems
        )


def tell_taken(taken: TakenOver, folder: Path) -> None:
    """Print what came of a folder: what is wrong, where and what to do, or what was taken over."""
    if taken.problems:
        table = Table("where", "what is wrong, and what to do", title="Nothing was taken")
        for each in taken.problems[:SHOWN_MAX]:
            says = f"{each.says} [{each.rule}]. {of_opening(each.rule)}".strip()
            table.add_row(Text(_place(each)), Text(says))  # the words of a file are no markup of ours
        CONSOLE.print(table)
        CONSOLE.print(f"{len(taken.problems)} in all: see {_beside(folder)}")
        return
    if taken.again:
        CONSOLE.print(f"This folder was taken before; {taken.started} cases that did not run were started.")
        return
    CONSOLE.print(f"{taken.cases} accounts taken over, {taken.closed} of them closed; {taken.started} cases run.")
    for case_id, because in (taken.set_back or {}).items():
        CONSOLE.print(f"  {case_id} opens earlier: {'; '.join(because)}")
    CONSOLE.print("Nothing goes out before it is released: `arrears held` lists it, `arrears release` lets it go.")


@export_commands.command("opening")
def export_opening(
    folder: Folder, *, data: Data = None, city: City = None, policy: Policy = None, as_json: AsJson = False
) -> None:
    """Write an opening folder: every account where it stands, its facts and its money. It names people."""
    written = run(_export(chosen(data=data, city=city, pack=policy), folder))
    if as_json:
        say_json({"as_of": written.as_of.isoformat(), "lines": dict(written.lines)})
        return
    table = Table("file", "lines", title=f"{folder}, {written.as_of:%Y-%m-%d %H:%M} UTC")
    for name, count in written.lines.items():
        table.add_row(f"{name}.csv", str(count))
    CONSOLE.print(table)


async def _export(settings: Settings, folder: Path) -> Written:
    async with attached(settings) as stack, connected(stack) as at:
        await Settle(at.engine, at.clock, at.client)()
        return await write_folder(operator_desk(at), folder)


def held(*, data: Data = None, city: City = None, policy: Policy = None, as_json: AsJson = False) -> None:
    """List what is kept back since the opening: what would go out within a day, counted, and why."""
    found, zone = run(_held(chosen(data=data, city=city, pack=policy)))
    if as_json:
        say_json(None if found is None else {"counts": found.counts, **asdict(found)})
        return
    if found is None:
        CONSOLE.print("Nothing is held.")
        return
    tell_held(found, zone)


def tell_held(found: Held, zone: ZoneInfo) -> None:
    """Print what is held: counted, then one by one, in the city's time."""
    CONSOLE.print(f"Held since {_told(found.since, zone)} in the city; {found.by} took the folder in.")
    if not found.items:
        CONSOLE.print(f"Nothing would go out by {_told(found.through, zone)} if it were released now.")
        return
    counts = Table("what", "how many", title=f"What would go out by {_told(found.through, zone)}")
    for what, count in found.counts.items():
        counts.add_row(what, str(count))
    CONSOLE.print(counts)
    for item in found.items:
        amount = f", {item.amount}" if item.amount else ""
        says = f"{item.case_id}: {item.what}{amount}, {_told(item.at, zone)} at the earliest\n  {item.because}"
        CONSOLE.print(says, markup=False, highlight=False)


def _told(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


async def _held(settings: Settings) -> tuple[Held | None, ZoneInfo]:
    async with attached(settings) as stack, connected(stack) as at:
        return await kept_back(operator_desk(at)), ZoneInfo(at.policy.calendar.zone)


def release_held(
    *,
    by: Annotated[str, typer.Option(help="The supervisor who releases it.")],
    data: Data = None,
    city: City = None,
    policy: Policy = None,
) -> None:
    """Let go out what is held since the opening; another person does it than the one who took the folder in."""
    switched = run(_release(chosen(data=data, city=city, pack=policy), by))
    later = f" {switched.later} of them wait for a crew's turn before they may be cut." if switched.later else ""
    CONSOLE.print(f"Released by {by}: {switched.cases} open cases go on.{later}")


async def _release(settings: Settings, by: str) -> Switched:
    async with attached(settings) as stack, connected(stack) as at:
        plain = operator_desk(at)
        user = plain.read_now(lambda session: user_named(session, by))
        if user is None or not user.may_work(plain.today()):
            raise Trouble(f"There is no user {by} who may work today: `arrears user add`.")
        switched = await release(Desk(person=Person(username=by, role=user.role), at=plain.at))
        await Settle(at.engine, at.clock, at.client)(at.open_accounts())
        return switched
