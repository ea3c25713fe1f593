"""What would a year of a whole city be like under a policy pack, and under another one?"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from queue import Empty, Queue
from typing import Annotated

import typer
from rich.table import Column, Table

from api.wire import wire
from cli.installation import AsJson
from cli.rules import file_of, pack_of
from cli.screen import CONSOLE, bar, plainly, say_json
from domain.money import CENTS_PER_DOLLAR
from simulator.year import Month, Scope, Year, live_year

PATH = ("opened", "reminders", "notices", "agreed", "kept", "broken", "closed_paid", "placed")
CUTS = ("cut", "restored")
HOUR_MINUTES = 60
POLL_SECONDS = 0.2
FIRST = datetime.fromisoformat("2026-01-01")


def simulate(
    pack: Annotated[str, typer.Argument(metavar="PACK|FILE", help="A pack's name, or its file.")] = "demo-city",
    *,
    accounts: Annotated[int, typer.Option(min=1, help="How many households and businesses.")] = 5_000,
    days: Annotated[int, typer.Option(min=1, max=3_660, help="For how long.")] = 365,
    since: Annotated[datetime, typer.Option("--from", help="The first day.", formats=["%Y-%m-%d"])] = FIRST,
    seed: Annotated[int, typer.Option(help="Another seed, another city.")] = 1,
    representatives: Annotated[int, typer.Option(min=1, help="How many work at the desk.")] = 4,
    against: Annotated[str | None, typer.Option(help="A second pack, for the same households.")] = None,
    as_json: AsJson = False,
) -> None:
    """Live a year of an invented city through the production rules, on a jumped clock; nothing is stored.

    Households, what they pay and what moves them are drawn from the seed, by shares that are assumed; nobody owes
    anything on the first day. With --against
    the same households live under a second pack beside the first.
    """
    scope = Scope(accounts=accounts, first=since.date(), days=days, seed=seed, representatives=representatives)
    with plainly():
        files = [file_of(each) for each in (pack, against) if each is not None]
        years = _lived(scope, files)
    if as_json:
        say_json([wire(year) for year in years])
        return
    for year in years:
        CONSOLE.print(*_by_month(year), sep="\n\n")
        CONSOLE.print(_summary(year), soft_wrap=True)
    if len(years) > 1:
        CONSOLE.print(_beside(years))


def _lived(scope: Scope, files: Sequence[Path]) -> list[Year]:
    """Return the year under each pack; several are lived side by side, each in a process of its own."""
    packs = [pack_of(str(file)) for file in files]
    with bar() as progress:
        tasks = [progress.add_task(f"{pack.title}, days", total=scope.days) for pack in packs]
        if len(packs) == 1:
            return [live_year(scope, packs[0], on_day=lambda _: progress.advance(tasks[0]))]
        with (
            get_context("spawn").Manager() as manager,
            ProcessPoolExecutor(len(files), mp_context=get_context("spawn")) as pool,
        ):
            days: Queue[int] = manager.Queue()
            lives = [pool.submit(_live, scope, file, days, n) for n, file in enumerate(files)]
            while not all(life.done() for life in lives):
                with suppress(Empty):
                    progress.advance(tasks[days.get(timeout=POLL_SECONDS)])
        for task in tasks:
            progress.update(task, completed=scope.days)
    return [life.result() for life in lives]


def _live(scope: Scope, file: Path, days: "Queue[int]", n: int) -> Year:
    return live_year(scope, pack_of(str(file)), on_day=lambda _: days.put(n))


def _by_month(year: Year) -> Iterator[Table]:
    path = Table(Column("month", no_wrap=True), *(each.replace("_", " ") for each in PATH), title=year.title, box=None)
    sums = (Column("paid, $", no_wrap=True), Column("past due, $", no_wrap=True), "accounts", "desk hours")
    rest = Table(Column("month", no_wrap=True), *CUTS, "off", "hours off", *sums, box=None)
    for each in year.months:
        path.add_row(f"{each.first:%Y-%m}", *(str(each.counts[what]) for what in PATH))
        rest.add_row(f"{each.first:%Y-%m}", *(str(each.counts[what]) for what in CUTS), *_sums(each))
    yield path
    yield rest


def _sums(month: Month) -> tuple[str, ...]:
    return (
        str(month.off),
        str(month.off_hours),
        f"{month.paid_cents // CENTS_PER_DOLLAR:,}",
        f"{month.past_due_cents // CENTS_PER_DOLLAR:,}",
        str(month.past_due_accounts),
        str(month.desk_minutes // HOUR_MINUTES),
    )


def _summary(year: Year) -> str:
    return (
        f"{year.accounts:,} accounts, {year.cases:,} cases, {year.events:,} events. "
        f"Wrongful disconnections: {year.wrong}. "
        f"Days on which a crew was out beyond its hours: {year.crowded}; most cuts on one day: {year.fullest_day}."
    )


def _beside(years: Sequence[Year]) -> Table:
    one, other = years
    table = Table("in all", one.title, other.title, "difference", title="The same households")
    for what, (before, after) in _totals(one, other).items():
        table.add_row(what, f"{before:,}", f"{after:,}", f"{after - before:+,}")
    return table


def _totals(one: Year, other: Year) -> dict[str, tuple[int, int]]:
    counted = {each.replace("_", " "): (one.total(each), other.total(each)) for each in (*PATH, *CUTS)}
    summed = {
        "paid, dollars": lambda month: month.paid_cents // CENTS_PER_DOLLAR,
        "hours off": lambda month: month.off_hours,
        "desk, hours": lambda month: month.desk_minutes // HOUR_MINUTES,
    }
    sums = {what: (sum(map(take, one.months)), sum(map(take, other.months))) for what, take in summed.items()}
    ends = (one.months[-1].past_due_cents // CENTS_PER_DOLLAR, other.months[-1].past_due_cents // CENTS_PER_DOLLAR)
    return counted | sums | {"past due at the end, dollars": ends}
