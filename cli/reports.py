"""Which tables does an installation print: cases, payment files, exceptions, balances?"""

import csv
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from casework.money_registers import (
    adjustment_lines,
    deposit_lines,
    pledge_lines,
    rate_lines,
    refund_lines,
    returned_lines,
)
from casework.money_reports import balances, bank_days, breaks, exceptions, file_totals, ledger
from casework.month_registers import fee_waivers, voids
from casework.summaries import SUMMARIES, Line, summary
from casework.suspense import suspense_lines
from casework.tasks import task_lines
from cli.asking import reading_desk
from cli.embedded import connected
from cli.extracts import operator_desk
from cli.installation import AsJson, City, Data, Policy
from cli.screen import CONSOLE, plainly, run, say_json
from cli.settings import Settings, Trouble, chosen
from cli.stack import attached

BALANCES, SUSPENSE = "balances", "suspense"
THROUGH = {"file-totals": file_totals, "exceptions": exceptions, "bank-days": bank_days, "breaks": breaks} | {
    "voids": voids,
    "fee-waivers": fee_waivers,
}
MONEY = {
    **THROUGH,
    "ledger": ledger,
    "returned": returned_lines,
    "return-rates": rate_lines,
    "refunds": refund_lines,
    "adjustments": adjustment_lines,
    "deposits": deposit_lines,
    "pledges": pledge_lines,
    "tasks": task_lines,
}
WHOLE = 12  # a column no wider than this stays whole on a narrow screen
READABLE = 20  # what is longer is read by words, and wants a column at least so wide
DATED = (BALANCES, *THROUGH)
NAMES = (*SUMMARIES, *MONEY, SUSPENSE, BALANCES)
HEADS = {  # what a script reads of a table without lines
    BALANCES: "account_no service balance_cents",
    SUSPENSE: "number day cents reason written suggested",
    "file-totals": "day file total posted suspense returned clearing refused reason",
    "exceptions": "kind day reason ref account_no cents file detail way_out",
    "bank-days": "day state open_breaks closed_by",
    "breaks": "day break ours theirs state age_days assigned_to explanation",
    "voids": "day account_no service amount_cents reason asked_by approved_by",
    "fee-waivers": "day account_no service amount_cents reason asked_by approved_by",
    "ledger": "account balance_cents",
    "returned": "day account_no source code cents presentment fee instrument again_on state",
    "return-rates": "rate returned sent limit_pct says",
    "refunds": "refund account_no cents payee state asked_by approved_by exported_on escheats_on",
    "adjustments": "adjustment account_no service cents reason fund state asked_by approved_by",
    "deposits": "account_no final_on cents interest refund_by",
    "pledges": "pledge account_no agency cents paid holds_until status confirmed",
    "tasks": "task account_no case since urgent for",
}


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def report(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(NAMES)}.")],
    *,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            help="Balances at the close of this day; of files, exceptions and bank days, those through it.",
            formats=["%Y-%m-%d"],
        ),
    ] = None,
    shape: Annotated[Format, typer.Option("--format", help="How the lines are written.")] = Format.TABLE,
    data: Data = None,
    city: City = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Print a table; sums are whole cents. Balances, and whose money in suspense may be, are asked of billing."""
    settings, day = chosen(data=data, city=city, pack=policy), as_of.date() if as_of else None
    with plainly():
        if name not in NAMES:
            raise Trouble(f"There is no report {name}. There are: {', '.join(NAMES)}.")
        if day and name not in DATED:
            raise Trouble(f"{name} tells how it stands now: leave --as-of away. It is for {', '.join(DATED)}.")
    lines = run(_lines(settings, name, day))
    if as_json or shape is Format.JSON:
        say_json(list(lines))
    elif shape is Format.CSV:
        write_csv(lines, heads_of(name, lines))
    elif narrow(heads_of(name, lines), lines):
        CONSOLE.print(name, justify="center", style="italic")
        for entry in entries(heads_of(name, lines), lines):
            CONSOLE.print(entry, markup=False, highlight=False)
    else:
        table = Table(*_columns(heads_of(name, lines), lines), title=name, box=None, padding=(0, 1, 0, 0))
        for line in lines:
            table.add_row(*(escape(str(value)) for value in line.values()))
        CONSOLE.print(table)
        if not lines:
            CONSOLE.print(f"Nothing{f' through {day}' if day else ''}.")


def heads_of(name: str, lines: Sequence[Line]) -> Sequence[str]:
    """Return the names of a report's columns, also where it has no lines."""
    heads = HEADS[name].split() if name in HEADS else list(lines[0]) if lines else []
    assert not lines or list(lines[0]) == heads, f"{name} has the columns {heads}"
    return heads


def narrow(heads: Sequence[str], lines: Sequence[Line], width: int | None = None) -> bool:
    """Say whether a table of *lines* would leave its long columns too little room to be read on this screen."""
    widths = [max([len(head), *(len(str(line[head])) for line in lines)]) for head in heads]
    least = sum((w if w <= WHOLE else READABLE) + 1 for w in widths)
    return bool(lines) and any(w > WHOLE for w in widths) and least > (width or CONSOLE.width)


def entries(heads: Sequence[str], lines: Sequence[Line], width: int | None = None) -> Iterator[str]:
    """Yield each line as an entry of its own: what is short beside its name on the first line, what is long below."""
    wide = width or CONSOLE.width
    for line in lines:
        said = [(head.replace("_", " "), str(line[head])) for head in heads if str(line[head])]
        (_, first), *rest = said or [("", "")]
        short = ", ".join(f"{name} {value}" for name, value in rest if len(value) <= WHOLE)
        yield textwrap.fill(f"{first}: {short}" if short else first, wide, subsequent_indent="  ")
        for name, value in rest:
            if len(value) > WHOLE:
                yield textwrap.fill(f"{name}: {value}", wide, initial_indent="  ", subsequent_indent="    ")


def _columns(heads: Sequence[str], lines: Sequence[Line]) -> Iterator[Column]:
    """Yield the columns of a table for a narrow screen: what is short stays whole, what is long is folded, not cut."""
    for head in heads:
        whole = max([len(head), *(len(str(line[head])) for line in lines)]) <= WHOLE
        yield Column(head.replace("_", " "), overflow="fold", no_wrap=whole)


async def _lines(settings: Settings, name: str, as_of: date | None) -> Sequence[Line]:
    if name == BALANCES:
        async with attached(settings) as stack, connected(stack) as at:
            desk = operator_desk(at)
            if as_of and as_of > desk.today():
                raise Trouble(f"There are no balances of {as_of} yet: here it is {desk.today()}.")
            return await balances(desk, as_of=as_of)
    if name == SUSPENSE:
        async with attached(settings) as stack, connected(stack) as at:
            return await suspense_lines(operator_desk(at))
    async with reading_desk(settings) as desk:
        if name in THROUGH:
            return THROUGH[name](desk, as_of)
        return MONEY[name](desk) if name in MONEY else summary(desk, name).lines


def write_csv(lines: Sequence[Line], heads: Sequence[str]) -> None:
    """Write a report for a script: its columns, then its lines; one without known columns and lines is nothing."""
    if heads:
        writer = csv.DictWriter(sys.stdout, fieldnames=heads, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
