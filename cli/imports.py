"""How is a file of the city handed in at the command line?"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from casework.errors import Refused
from cli.embedded import connected
from cli.extracts import Taken, take_extract
from cli.installation import AsJson, City, Data, Policy
from cli.screen import CONSOLE, bar, run, say_json
from cli.settings import Settings, chosen
from cli.settle import Settle
from cli.stack import attached
from formats.aging import read_aging
from formats.errors import Malformed
from models.clock import ClockMode

commands = typer.Typer(no_args_is_help=True, help="Take in files of the city.")


@commands.command()
def aging(
    files: Annotated[list[Path], typer.Argument(help="Delinquency extracts (CSV), in any order.", exists=True)],
    *,
    data: Data = None,
    city: City = None,
    policy: Policy = None,
    clock: Annotated[str | None, typer.Option(help="wall or stepped, for a stack started here.")] = None,
    at: Annotated[str | None, typer.Option(help="Business instant at which a stepped clock starts.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take in extracts in the order of their day; open a case for each account past due that has none.

    Each bad row is named in a file beside the extract; a file wrong as a whole changes nothing and ends the command
    with exit code 1 after the others were taken.
    """
    settings = chosen(data=data, city=city, pack=policy, clock=clock, at=at)
    taken = run(_take(settings, _in_order(files)))
    if as_json:
        say_json([asdict(each) for each in taken])
    else:
        CONSOLE.print(_table(taken))
        for note in _notes(taken):
            CONSOLE.print(note, markup=False, soft_wrap=True)
    if any(each.state == REFUSED for each in taken):
        raise typer.Exit(1)


REFUSED = "refused"


async def _take(settings: Settings, files: list[Path]) -> list[Taken]:
    taken = []
    async with attached(settings) as stack, connected(stack) as at:
        await at.control.advance(at.clock.now()) if at.clock.mode is not ClockMode.WALL else None
        settle = Settle(at.engine, at.clock, at.client)
        with bar() as progress:
            task = progress.add_task("taking in", total=len(files))
            for path in files:
                progress.update(task, description=path.name)
                try:
                    taken.append(await take_extract(at, path, errors=True))
                except Refused as refused:
                    taken.append(_refused(path, refused))
                progress.advance(task)
            progress.update(task, description="settling")
            await settle()
    return taken


def _in_order(files: list[Path]) -> list[Path]:
    """Return *files* by the day each is of; one that cannot be read comes last, to be refused by name."""

    def day(path: Path) -> tuple[bool, str, str]:
        try:
            return (False, read_aging(path, known=lambda _: True).as_of.isoformat(), path.name)
        except Malformed:
            return (True, "", path.name)

    return sorted(files, key=day)


def _refused(path: Path, refused: Refused) -> Taken:
    return Taken(
        file=path.name,
        as_of=None,
        rows=0,
        accepted=0,
        rejected=0,
        opened=0,
        state=REFUSED,
        reason=refused.refusal.detail,
    )


def _table(taken: list[Taken]) -> Table:
    table = Table(
        Column("file", no_wrap=True), "day", "past due", "opened", "bad rows", "state", title="Delinquency extracts"
    )
    for each in taken:
        counts = (each.accepted, each.opened, each.rejected)
        table.add_row(each.file, str(each.as_of or ""), *map(str, counts), each.state)
    return table


def _notes(taken: list[Taken]) -> Iterator[str]:
    """Yield why a file was refused, or where its bad rows are listed."""
    for each in taken:
        note = f"the bad rows, each with its reason: {each.errors}" if each.errors else each.reason
        if note:
            yield note if note.startswith(each.file) else f"{each.file}: {note}"
