"""Is the record whole and unchanged? A second program answers, which shares no code with the rest."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from audit.verify import read_heads, write_heads
from audit.verify import verify as look_over
from cli.screen import CONSOLE, plainly, say_json
from cli.settings import Trouble, chosen, holds_data

FAULTS_SHOWN = 50

commands = typer.Typer(no_args_is_help=True, help="Look over the record with a program that shares no rule code.")


@commands.callback()
def audit() -> None:
    """Look over the record with a program that shares no rule code."""


@commands.command("verify")
def verify(
    *,
    data: Annotated[
        Path | None, typer.Option(help="Data directory.", show_default="./arrears-data", file_okay=False)
    ] = None,
    heads: Annotated[
        Path | None, typer.Option(help="Heads kept from an earlier look: each must still stand.", exists=True)
    ] = None,
    keep_heads: Annotated[
        Path | None, typer.Option(help="Write the last entry of every case here, to be kept elsewhere.", dir_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON, for scripts.")] = False,
) -> None:
    """Check chain, numbers, certificates and date sums of every case; exit code 1 if anything is not as written."""
    settings = chosen(data=data)
    with plainly():
        if not holds_data(settings):
            raise Trouble("There is no record here yet: name the data directory with --data.")
        report = look_over(settings.database, kept=read_heads(heads) if heads else None)
    if keep_heads:
        write_heads(keep_heads, report.heads)
    if as_json:
        faults = [{"case_id": fault.case_id, "seq": fault.seq, "says": fault.says} for fault in report.faults]
        counts = {name: getattr(report, name) for name in ("entries", "refusals", "certificates")}
        say_json(counts | {"faults": faults})
    else:
        table = Table(box=None, show_header=False)
        for fault in report.faults[:FAULTS_SHOWN]:
            table.add_row("[red]trouble[/]", f"{fault.case_id} entry {fault.seq}", fault.says)
        CONSOLE.print(table)
        looked = f"{report.entries} entries and {report.refusals} refusals of {len(report.heads)} cases"
        looked += f", {report.certificates} certificates"
        CONSOLE.print(f"{looked}: {len(report.faults)} faults." if report.faults else f"{looked}: whole and unchanged.")
    if not report.whole:
        raise typer.Exit(1)
