"""How are payment files handed in at the command line?"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from casework.ways_out import of_file
from cli.bank import in_order, post_file
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
from models.tables import PaymentFileRow


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
                lines.append(_line(await post_file(at, path, on=on.date() if on else None, dry_run=dry_run)))
                progress.advance(task)
            progress.update(task, description="settling")
            if not dry_run:
                await Settle(at.engine, at.clock, at.client)()
    return lines


def _line(row: PaymentFileRow) -> dict[str, Any]:
    sums = {f"{kind}_cents": int(getattr(row, f"{kind}_cents")) for kind in ("total", *Disposition)}
    what = {"file_id": row.file_id, "file": row.file_name, "day": str(row.received_on), "kind": row.kind}
    way_out = of_file(row.reason) if row.state == FileState.REFUSED else ""
    return {**what, "state": row.state, **sums, "reason": row.reason, "detail": row.detail, "way_out": way_out}


def _table(lines: list[dict[str, Any]], *, dry_run: bool) -> Table:
    kinds = ("total", *Disposition)
    title = "Payment files (nothing was changed)" if dry_run else "Payment files"
    table = Table("file", *kinds, "", title=title, box=None)
    for line in lines:
        sums = [str(Money(cents)) if (cents := line[f"{kind}_cents"]) else "" for kind in kinds]
        table.add_row(line["file"], *sums, f"{line['detail'] or line['reason']} {line['way_out']}".strip())
    return table
