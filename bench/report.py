"""How are the figures told: one table with ratios and aims, and what must be known to read it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.cost import ACTIONS_AIM, EVENTS_AIM, Cost
from bench.files import GROWTH_AIM, Posting, growth


@dataclass(frozen=True, slots=True)
class Row:
    """*aim*: the ratio ours to bare that is hoped for; *more*: whether more is better."""

    label: str
    name: str
    aim: float | None = None
    more: bool = False
    digits: int = 1


ROWS = (
    Row("openings, cases/s", "openings", 0.7, more=True),
    Row("decision, 1 caller, p50 ms", "decision_p50", 1.5),
    Row("decision, 1 caller, p99 ms", "decision_p99", 1.5),
    Row("decision, 20 callers, p50 ms", "decision_p50_many", 1.5),
    Row("decision, 20 callers, p99 ms", "decision_p99_many", 1.5),
    Row("CPU per life, server, ms", "server_cpu", 1.5),
    Row("CPU per life, worker, ms", "worker_cpu", 1.5),
    Row("events per life", "events", 1.3, digits=0),
    Row("billable Actions per life", "actions", 1.3, digits=0),
)
NOTES = (
    "Decisions go through HTTP.",
    "Both run on one dev server (SQLite, WAL) with the same AES codec; worker and API are processes of their own.",
    "Ours reads the account before it decides, mails two letters by normal activities, keeps read model and timeline,",
    "and tells where it stands by search attributes. Billing and mail house answer in the worker's process.",
    "Events and Actions are those of lives by real timers on the time-skipping server.",
    "Payment files have figures of their own: `python -m bench files`.",
)


def print_comparison(figures: dict[str, Any]) -> None:
    """Print the table of both."""
    bare, ours = figures["bare"], figures["ours"]
    table = Table(title=f"{figures['lives']} lives of each, median of {figures['rounds']} round(s)")
    for name in ("", "bare", "ours", "ratio", "aim"):
        table.add_column(name, justify="left" if not name else "right")
    for row in ROWS:
        there, here = bare[row.name], ours[row.name]
        ratio = here / there if there else 0.0
        aim = "" if row.aim is None else f"{'at least' if row.more else 'at most'} {row.aim}"
        kept = row.aim is None or (ratio >= row.aim if row.more else ratio <= row.aim)
        shade = "green" if kept else "yellow"
        table.add_row(row.label, f"{there:.{row.digits}f}", f"{here:.{row.digits}f}", f"[{shade}]{ratio:.2f}[/]", aim)
    console = Console()
    console.print(table)
    for name, took in figures["microseconds"].items():
        console.print(f"{name}: {took:.0f} µs, pure, a noticed case with six open bills")
    for note in NOTES:
        console.print(note, style="dim")


def print_files(speeds: dict[str, Any], posted: Sequence[Posting]) -> None:
    """Print how fast files are read, and what posting an entry costs."""
    console, other = Console(), speeds["other_per_second"]
    beside = f"{other:,}" if other else "not installed here"
    console.print(f"Reading {speeds['file']}: {speeds['ours_per_second']:,} entries/s, everything checked;")
    console.print(f"  {speeds['other']}, which checks nothing: {beside}")
    table = Table("entries", "read and planned, s", "posted, s", "µs an entry", title="Posting, end to end")
    for each in posted:
        table.add_row(f"{each.entries:,}", f"{each.take:.1f}", f"{each.post:.1f}", f"{each.microseconds:.0f}")
    console.print(table)
    grown, shade = growth(posted), "green" if growth(posted) < GROWTH_AIM else "red"
    console.print(
        f"An entry of the largest file costs [{shade}]{grown:.2f}[/] times one of the smallest; aim {GROWTH_AIM}"
    )


def print_cost(cost: Cost) -> None:
    """Print what the reference two-year case costs."""
    console = Console()
    console.print("The reference two-year case: 24 monthly cycles, 16 decisions, 8 money signals")
    table = Table()
    table.add_column("billable Actions by kind")
    table.add_column("", justify="right")
    for kind, count in sorted(cost.by_kind.items(), key=lambda item: -item[1]):
        table.add_row(kind, str(count))
    console.print(table)
    for name, count, aim in (("events", cost.events, EVENTS_AIM), ("billable Actions", cost.actions, ACTIONS_AIM)):
        shade = "green" if count <= aim else "red"
        console.print(f"{name}: [{shade}]{count}[/], at most {aim}")
