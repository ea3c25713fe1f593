"""How does a small city live through its days before your eyes, with simulated customers and a simulated desk?"""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.live import Live
from rich.table import Table
from sqlmodel import Session, col, func, select

from cli.crowded import crew_days
from cli.customers import Customers
from cli.desk import DeskWork, hire
from cli.driver import Driver
from cli.embedded import Embedded, connected
from cli.figures import cuts, figures
from cli.installation import Data
from cli.outside import OutsideWorld
from cli.people import api_client
from cli.play import show
from cli.screen import CONSOLE, run
from cli.settings import PACKS, ROOT, Settings, Trouble, chosen
from cli.settle import Settle
from cli.stack import Stack, running
from cli.wrongful import wrongful_cuts
from domain.calendar import DAY
from domain.money import Money
from domain.states import ServiceStatus, Stage
from models.cases import next_due_at
from models.session import reading
from models.tables import CaseRow, PaymentRow

CITY = ROOT / "data" / "demo-city"
OWN_DATA = Path("out") / "demo-data"
SUMMARY = Path("out") / "demo-summary.json"
MARK = "demo"  # a data directory with this file was made by the demo, which may begin it anew
EVER = 36_500
REFRESH_SECONDS = 0.5


def demo(
    *,
    days: Annotated[int | None, typer.Option(help="Stop after so many days; by default Ctrl-C stops.", min=1)] = None,
    seed: Annotated[int, typer.Option(help="Chance of the desk, the customers and the crews.")] = 1,
    data: Data = None,
    day_seconds: Annotated[float, typer.Option(help="A business day takes at least so long.", min=0.0)] = 0.2,
) -> None:
    """Run the main job on the small shipped city: every day as fast as it gets done, never faster than it settles."""
    settings = chosen(city=CITY, pack=PACKS / "demo-city.toml", clock="paced", sandbox=False, data=data or _anew())
    summary = run(_live(settings, days=days or EVER, seed=seed, day_seconds=day_seconds), stopped=lambda: 0)
    show({name: value for name, value in summary.items() if name not in {"wrongful", "crews", "stage_of_case"}})
    SUMMARY.parent.mkdir(exist_ok=True)
    SUMMARY.write_text(json.dumps(summary, indent=2, default=str))
    CONSOLE.print(f"Summary: {SUMMARY}")


def _anew() -> Path:
    """Return the demo's own data directory, emptied: the same seed then lives the same days again."""
    if OWN_DATA.exists():
        if not (OWN_DATA / MARK).exists():
            raise Trouble(f"{OWN_DATA} was not made by the demo: name another directory with --data.")
        shutil.rmtree(OWN_DATA)
    OWN_DATA.mkdir(parents=True)
    (OWN_DATA / MARK).touch()
    return OWN_DATA


async def _live(settings: Settings, *, days: int, seed: int, day_seconds: float) -> dict[str, Any]:
    began = time.monotonic()
    async with running(settings) as stack, connected(stack) as at, _actors(stack, at, seed=seed) as driver:
        first = at.policy.calendar.day(at.clock.now())
        end = at.policy.calendar.at(first + timedelta(days=days), clock(0))
        pace = _Pace(day_seconds)
        driver.on_day = pace.keep
        with Live(console=CONSOLE, refresh_per_second=2, transient=True) as live:
            shown = _Shown(stack, at, first=first, days=days if days < EVER else 0)

            async def on_tick() -> None:
                if shown.stale():
                    live.update(shown.render())

            driver.on_tick = on_tick
            await driver.outside_opening()
            await driver.resume()
            await driver.run(end)
        return _summary(at, driver, days=days, seed=seed, seconds=time.monotonic() - began)


@asynccontextmanager
async def _actors(stack: Stack, at: Embedded, *, seed: int) -> AsyncIterator[Driver]:
    assert at.folder is not None, "the demo city is a folder"
    async with api_client(stack) as http:
        staff = hire(at, http)
        yield Driver(
            at=at,
            settle=Settle(at.engine, at.clock, at.client),
            outside=OutsideWorld(at),
            actors=(DeskWork(staff, seed=seed), Customers(at, cashier=staff.cashier, staff=staff, seed=seed)),
            sweeps_own_from=min(at.folder.aging()) + DAY,
        )


@dataclass(slots=True)
class _Pace:
    """Makes a business day last: the clock waits at midnight for the rest of the day's seconds."""

    day_seconds: float
    since: float = 0.0

    async def keep(self, _: date) -> None:
        left = self.day_seconds - (time.monotonic() - self.since)
        if self.since and left > 0:
            await asyncio.sleep(left)
        self.since = time.monotonic()


class _Shown:
    """The live view: where cases stand, what came in, what comes next."""

    def __init__(self, stack: Stack, at: Embedded, *, first: date, days: int) -> None:
        self._stack = stack
        self._at = at
        self._first = first
        self._days = days
        self._drawn = 0.0

    def stale(self) -> bool:
        return time.monotonic() - self._drawn >= REFRESH_SECONDS

    def render(self) -> Group:
        """Return the view as it is now."""
        self._drawn = time.monotonic()
        now = self._at.clock.now()
        today = self._at.policy.calendar.day(now)
        with reading(self._at.engine) as session:
            stages, statuses = _counts(session, "stage"), _counts(session, "status")
            cents = session.exec(select(func.coalesce(func.sum(PaymentRow.amount_cents), 0))).one()
            due = next_due_at(session)
            coming = session.exec(
                select(CaseRow)
                .where(col(CaseRow.closed).is_(None), col(CaseRow.next_at).is_not(None))
                .order_by(col(CaseRow.next_at), col(CaseRow.case_id))
                .limit(5)
            ).all()
        head = Table.grid(padding=(0, 3))
        of = f" of {self._days}" if self._days else ""
        local = self._at.policy.calendar.clock(now)
        head.add_row(
            f"[bold]{today} {local:%H:%M}[/]", f"day {(today - self._first).days + 1}{of}", f"in {Money(cents)}"
        )
        head.add_row("Console", self._stack.console_url, "")
        head.add_row("API", f"{self._stack.api_url}/docs", "")
        head.add_row("Temporal UI", self._stack.ui_url, "")
        table = Table("stage", "cases", "service", "cases")
        for number, stage in enumerate(Stage):
            status = list(ServiceStatus)[number] if number < len(ServiceStatus) else None
            right = (str(status).replace("_", " "), str(statuses.get(status, 0))) if status else ("", "")
            table.add_row(str(stage).replace("_", " "), str(stages.get(stage, 0)), *right)
        comes = Table("next", "", title=f"next due {due:%Y-%m-%d %H:%M} UTC" if due else None)
        for row in coming:
            comes.add_row(row.case_id, row.next_says[:90])
        return Group(head, table, comes)


def _counts(session: Session, column: str) -> dict[str, int]:
    by = getattr(CaseRow, column)
    query = select(by, func.count()).group_by(by)
    if column == "status":
        query = query.where(col(CaseRow.closed).is_(None))
    return dict(session.exec(query).all())


def _summary(at: Embedded, driver: Driver, *, days: int, seed: int, seconds: float) -> dict[str, Any]:
    """Return what `out/demo-summary.json` holds; a script compares two of them."""
    found = figures(at.engine)
    with reading(at.engine) as session:
        ended = {row.case_id: row.stage for row in session.exec(select(CaseRow).order_by(col(CaseRow.case_id)))}
    wrongful = wrongful_cuts(at.engine)
    crews = crew_days(at.engine, at.policy)
    return {
        "now": at.clock.now().isoformat(),
        "pack": at.policy.pack,
        "policy": at.policy.digest,
        "days": days,
        "seed": seed,
        "seconds": round(seconds, 1),
        "ticks": driver.totals.ticks,
        "woken": driver.totals.woken,
        **asdict(found),
        "disconnections": cuts(found.orders),
        "reactivations": found.orders.get("reconnect completed", 0),
        "wrongful_disconnections": len(wrongful),
        "wrongful": [asdict(each) for each in wrongful],
        "crew_days_over_capacity": len(crews.crowded),
        "crews": asdict(crews),
        "stage_of_case": ended,
    }
