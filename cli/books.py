"""How are bank days reconciled, explained and closed at the command line, and how does a month come out?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from casework.context import Desk, Person
from casework.month_end import MonthEnd, month_end
from casework.reconciliation import Day, assign, close, explain, reconcile
from cli.embedded import connected
from cli.extracts import operator_desk
from cli.installation import AsJson, City, Data, Policy
from cli.screen import CONSOLE, bar, run, say_json
from cli.settings import Settings, Trouble, chosen
from cli.stack import attached
from domain.calendar import DAY, CityCalendar
from domain.money import Money
from models.reconciliation import BreakState, DayState
from models.tables import BreakRow

SHOWN = 40  # breaks in a table on a screen; all of them are in --json


def books(
    day: Annotated[datetime, typer.Argument(help="The bank day, or the last of them.", formats=["%Y-%m-%d"])],
    *,
    since: Annotated[
        datetime | None, typer.Option(help="Every bank day from this one on, too.", formats=["%Y-%m-%d"])
    ] = None,
    explained: Annotated[str, typer.Option("--explain", metavar="BREAK", help="Explain this break.")] = "",
    because: Annotated[str, typer.Option(help="Why the two books differ.")] = "",
    assigned: Annotated[str, typer.Option("--assign", metavar="BREAK", help="Give this break to --to.")] = "",
    to: Annotated[str, typer.Option(help="Who looks into it.")] = "",
    closing: Annotated[bool, typer.Option("--close", help="Close the books through the day.")] = False,
    month: Annotated[bool, typer.Option("--month", help="Show the month of the day, per service.")] = False,
    by: Annotated[str, typer.Option(help="The name under which you explain and close.")] = "",
    data: Data = None,
    city: City = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Hold bank days against statement and billing, explain what breaks, close the books. Exit code 1: a day breaks."""
    settings = chosen(data=data, city=city, pack=policy)
    if bool(explained) != bool(because) or bool(assigned) != bool(to):
        raise typer.BadParameter("--explain needs --because, and --assign needs --to")

    def settle(desk: Desk) -> None:
        if explained:
            explain(desk, explained, because=because)
        if assigned:
            assign(desk, assigned, to=to)

    asked = _Asked(since=(since or day).date(), through=day.date(), closing=closing, month=month, by=by)
    days, pack = run(_books(settings, asked, settle))
    if as_json:
        say_json({"days": [shown(each) for each in days], "month": _pack(pack) if pack else None})
    else:
        CONSOLE.print(table_of(days))
        if pack:
            CONSOLE.print(_month_table(pack))
    if any(each.state is DayState.BROKEN for each in days) or (pack is not None and pack.differences):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    since: date
    through: date
    closing: bool
    month: bool
    by: str


async def _books(
    settings: Settings, asked: _Asked, settle: Callable[[Desk], None]
) -> tuple[list[Day], MonthEnd | None]:
    async with attached(settings) as stack, connected(stack) as at:
        desk = operator_desk(at)
        desk = replace(desk, person=Person(username=asked.by, role=desk.person.role)) if asked.by else desk
        settle(desk)
        days = await reconciled(desk, at.policy.calendar, asked.since, asked.through)
        if asked.closing:
            days[-1] = await close(desk, days[-1].on)
        return days, await month_end(desk, asked.through.year, asked.through.month) if asked.month else None


async def reconciled(desk: Desk, calendar: CityCalendar, first: date, last: date) -> list[Day]:
    """Return each bank day from *first* through *last*, held against bank and billing.

    Raises:
        Trouble: none of them is a bank day.
    """
    days = [first + n * DAY for n in range((last - first).days + 1)]
    bank_days = [day for day in days if calendar.is_bank_day(day)]
    if not bank_days:
        raise Trouble(f"From {first} to {last} no bank is open.")
    with bar() as progress:
        task = progress.add_task("reconciling", total=len(bank_days))
        found = []
        for day in bank_days:
            progress.update(task, description=str(day))
            found.append(await reconcile(desk, day))
            progress.advance(task)
    return found


def shown(day: Day) -> dict[str, Any]:
    """Return a day as JSON shows it."""
    return {
        "on": str(day.on),
        "state": str(day.state),
        "closed_by": day.closed_by,
        "figures": day.figures,
        "breaks": [_break(row) for row in day.breaks],
        "earlier": [row.break_id for row in day.earlier],
    }


def _break(row: BreakRow) -> dict[str, Any]:
    names = ("break_id", "ours_cents", "theirs_cents", "state", "assigned_to", "explanation", "explained_by")
    return {name: getattr(row, name) for name in names}


def table_of(days: Sequence[Day]) -> Table:
    """Return the days' breaks as a table, with a line on how many tie."""
    counts = {state: sum(1 for day in days if day.state is state) for state in DayState}
    title = f"{len(days)} bank days: " + ", ".join(f"{count} {state}" for state, count in counts.items())
    table = Table("break", "ours", "theirs", "state", "assigned to", "explanation", title=title, box=None)
    rows = [row for day in days for row in day.breaks if row.state != BreakState.CLEARED]
    for row in rows[:SHOWN]:
        sums = (str(Money(row.ours_cents)), str(Money(row.theirs_cents)))
        table.add_row(row.break_id, *sums, row.state, row.assigned_to, row.explanation)
    return table


def _pack(pack: MonthEnd) -> dict[str, Any]:
    names = ("month", "lines", "ours", "credits", "deposits", "items", "registered", "differences")
    return {name: getattr(pack, name) for name in names}


def _month_table(pack: MonthEnd) -> Table:
    names = [name for name in (pack.lines[0] if pack.lines else {}) if name != "service"]
    caption = "; ".join(pack.differences) or "It ties."
    table = Table("service", *(name.replace("_", " ") for name in names), title=pack.month, caption=caption, box=None)
    for line in pack.lines:
        table.add_row(str(line["service"]), *(str(Money(int(line[name]))) if line[name] else "" for name in names))
    return table
