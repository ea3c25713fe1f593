"""Which tables does an installation print: cases, payment files, exceptions, balances?"""

import csv
import sys
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from casework.money_registers import (
    adjustment_lines,
    deposit_lines,
    pledge_lines,
    rate_lines,
    refund_lines,
    returned_lines,
)
from casework.money_reports import balances, bank_days, breaks, exceptions, file_totals, ledger
from casework.summaries import SUMMARIES, Line, summary
from casework.suspense import suspense_lines
from casework.tasks import task_lines
from cli.asking import reading_desk
from cli.embedded import connected
from cli.extracts import operator_desk
from cli.installation import AsJson, City, Data, Policy
from cli.screen import CONSOLE, run, say_json
from cli.settings import Settings, chosen
from cli.stack import attached

BALANCES, SUSPENSE = "balances", "suspense"
MONEY = {
    "file-totals": file_totals,
    "exceptions": exceptions,
    "bank-days": bank_days,
    "breaks": breaks,
    "ledger": ledger,
    "returned": returned_lines,
    "return-rates": rate_lines,
    "refunds": refund_lines,
    "adjustments": adjustment_lines,
    "deposits": deposit_lines,
    "pledges": pledge_lines,
    "tasks": task_lines,
}
NAMES = (*SUMMARIES, *MONEY, SUSPENSE, BALANCES)


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def report(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(NAMES)}.")],
    *,
    as_of: Annotated[
        datetime | None, typer.Option(help="For balances: at the close of this day.", formats=["%Y-%m-%d"])
    ] = None,
    shape: Annotated[Format, typer.Option("--format", help="How the lines are written.")] = Format.TABLE,
    data: Data = None,
    city: City = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Print a table; sums are whole cents. Balances, and whose money in suspense may be, are asked of billing."""
    settings = chosen(data=data, city=city, pack=policy)
    lines = run(_lines(settings, name, as_of.date() if as_of else None))
    if as_json or shape is Format.JSON:
        say_json(list(lines))
    elif shape is Format.CSV:
        _write_csv(lines)
    else:
        table = Table(*(column.replace("_", " ") for column in (lines[0] if lines else {})), title=name)
        for line in lines:
            table.add_row(*(str(value) for value in line.values()))
        CONSOLE.print(table)


async def _lines(settings: Settings, name: str, as_of: date | None) -> Sequence[Line]:
    if name == BALANCES:
        async with attached(settings) as stack, connected(stack) as at:
            return await balances(operator_desk(at), as_of=as_of)
    if name == SUSPENSE:
        async with attached(settings) as stack, connected(stack) as at:
            return await suspense_lines(operator_desk(at))
    async with reading_desk(settings) as desk:
        return MONEY[name](desk) if name in MONEY else summary(desk, name).lines


def _write_csv(lines: Sequence[Line]) -> None:
    if lines:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
