"""How are payment files handed in at the command line?"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from activities.payment_files import FileTaken
from casework.ways_out import of_file
from cli.bank import hand_in, in_order
from cli.embedded import connected
from cli.installation import AsJson, City, Data, Policy
from cli.screen import CONSOLE, bar, run, say_json
from cli.settings import Settings, chosen
from cli.settle import Settle
from cli.stack import attached
from domain.money import Money
from domain.posting import Disposition
from models.clock import ClockMode
from models.payment_files import FileState


def payments(
    files: Annotated[
        list[Path], typer.Argument(help="Payment files of any known format.", exists=True, dir_okay=False)
    ],
    *,
    on: Annotated[
        datetime | None, typer.Option(help="Day on which the money counts; by default today.", formats=["%Y-%m-%d"])
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would come of each file, and change nothing.")] = False,
    data: Data = None,
    city: City = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Post payment files, money in before returns; one that is refused changes nothing, and the exit code is 1."""
    settings = chosen(data=data, city=city, pack=policy)
    ordered = sorted(files, key=lambda path: in_order(path)[0])
    lines = run(_post(settings, ordered, on, dry_run=dry_run))
    if as_json:
        say_json(lines)
    else:
        CONSOLE.print(_table(lines, dry_run=dry_run))
        for line in lines:
            if says := said_of(line):
                CONSOLE.print(says, markup=False, highlight=False)
    if any(line["state"] == FileState.REFUSED for line in lines):
        raise typer.Exit(1)


async def _post(settings: Settings, files: list[Path], on: datetime | None, *, dry_run: bool) -> list[dict[str, Any]]:
    lines = []
    async with attached(settings) as stack, connected(stack) as at:
        await at.control.advance(at.clock.now()) if at.clock.mode is not ClockMode.WALL else None
        with bar() as progress:
            task = progress.add_task("posting", total=len(files))
            for path in files:
                progress.update(task, description=path.name)
                taken = await hand_in(at, path, on=on.date() if on else None, dry_run=dry_run)
                lines.append(line_of(taken))
                progress.advance(task)
            progress.update(task, description="settling")
            if not dry_run:
                await Settle(at.engine, at.clock, at.client)()
    return lines


def line_of(taken: FileTaken) -> dict[str, Any]:
    """Return what came of a file as JSON shows it; *again*: this very delivery had come before."""
    row = taken.row
    sums = {f"{kind}_cents": int(getattr(row, f"{kind}_cents")) for kind in ("total", *Disposition)}
    what = {"file_id": row.file_id, "file": row.file_name, "day": str(row.received_on), "kind": row.kind}
    way_out = of_file(row.reason) if row.state == FileState.REFUSED else ""
    told = {"reason": row.reason, "detail": row.detail, "way_out": way_out}
    return {**what, "state": row.state, "again": taken.again, **sums, **told}


def said_of(line: dict[str, Any]) -> str:
    """Return what is to be said of a file beside its sums: why it is refused, or that it had come before."""
    if line["state"] == FileState.REFUSED:
        return f"{line['detail'] or line['reason']}\n  {line['way_out']}".rstrip()
    if line["again"]:
        return f"{line['file']}: taken before, as {line['file_id']} of {line['day']}. Nothing was posted again."
    return ""


def _table(lines: list[dict[str, Any]], *, dry_run: bool) -> Table:
    kinds = ("total", *Disposition)
    title = "Payment files (nothing was changed)" if dry_run else "Payment files"
    table = Table("file", *kinds, title=title, box=None)
    for line in lines:
        sums = [str(Money(cents)) if (cents := line[f"{kind}_cents"]) else "" for kind in kinds]
        table.add_row(escape(line["file"]), *sums)
    return table
