"""How does business time move on a stepped or paced clock: to what, and what must be at rest before it moves again?"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol

from sqlmodel import select
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.messages import TASK_QUEUE, SweepResult, SweepStart
from cli.embedded import Embedded
from cli.extracts import swept, take_extract
from cli.outside import OutsideWorld
from cli.settle import Settle, patiently
from domain.calendar import DAY
from domain.hear import Tells, Told
from models.cases import next_due_at, open_case_of, open_cases
from models.outbox import tell
from models.session import reading, transaction
from models.tables import CaseCounterRow, CaseRow

A_MOMENT = timedelta(seconds=1)
SWEEP_AT = time(5, 0)  # before the office opens, after the billing system's night
EXTRACT_AT = time(20, 0)  # a folder's own extract is drawn at the close of its day


class Actor(Protocol):
    """Someone who acts by himself at certain instants: a simulated customer, a desk, a script."""

    def next_at(self, now: datetime) -> datetime | None:
        """Return the next instant after *now* at which he wants to act; none if at none."""
        ...

    async def act(self, now: datetime) -> None:
        """Do what is to be done at *now*."""
        ...


@dataclass(slots=True)
class Totals:
    """What the driver saw pass."""

    days: int = 0
    ticks: int = 0
    woken: int = 0


@dataclass(slots=True, kw_only=True)
class Driver:
    """Moves clock and stubs together, and stands still until everything that is due is done.

    *sweeps_own_from*: from this day on, each business morning takes billing's own extract of the day before; without
    one, the folder's extracts are taken, each on its day.
    *outside*: the folder's crews, agency and court act on their own.
    """

    at: Embedded
    settle: Settle
    outside: OutsideWorld | None = None
    actors: Sequence[Actor] = ()
    sweeps_own_from: date | None = None
    on_day: Callable[[date], Awaitable[None]] | None = None
    on_tick: Callable[[], Awaitable[None]] | None = None
    totals: Totals = field(default_factory=Totals)

    async def outside_opening(self) -> None:
        """Put on record what the outside had done before the opening; once is enough, twice changes nothing."""
        if self.outside:
            await self.outside.before_opening()

    async def resume(self) -> None:
        """Bring stubs and cases to the clock's instant, after a start that may follow upon any end.

        What an interrupted tick had still to do is done; what it had done is not done again, for everything has a key.
        """
        now = self.at.clock.now()
        await self.at.control.advance(now)
        if self.outside:
            await self.outside.weather(now)
            await self.outside.hear(now - DAY, now)
        with transaction(self.at.engine) as session:
            for row in open_cases(session):
                told = Told(key=f"resume/{now.isoformat()}", at=now, what=Tells.LOOK_AGAIN)
                tell(session, account_no=row.account_no, told=told, at=now)
        await self.settle()
        day = self.at.policy.calendar.day(now)
        instant = self._sweep_instant(day)
        if instant and instant <= now:
            await self._sweep(day)

    async def run(self, end: datetime) -> Totals:
        """Move on until *end*, which is reached exactly.

        Raises:
            Stuck: due work does not get done.
        """
        while (now := self.at.clock.now()) < end:
            await self.tick(await self._next(now, end))
        return self.totals

    async def tick(self, now: datetime) -> None:
        """Move business time to *now*, let the world act, and wait until all that follows is done."""
        calendar = self.at.policy.calendar
        since = self.at.clock.now()
        self.at.clock.set(now)
        if self.outside:
            await self.outside.weather(now)  # before the crews ask, for a heat warning forbids the cut
        billed = await self.at.control.advance(now)
        self._tell_billed(billed, now)
        if self.outside:
            await self.outside.hear(since, now)
        self.totals.woken += await self.settle(self._moved_since(now))
        self.totals.ticks += 1
        day = calendar.day(now)
        if now == self._sweep_instant(day):
            await self._sweep(day)
        for actor in self.actors:
            if actor.next_at(since) == now:
                # A person who pays on hearing of the cut pays after it, and the record must say so.
                self.at.clock.set(self.at.clock.now() + A_MOMENT)
                await actor.act(now)
                self.totals.woken += await self.settle(self._moved_since(now))
        if self.on_tick:
            await self.on_tick()
        if day != calendar.day(since):
            self.totals.days += 1
            if self.on_day:
                await self.on_day(day)

    async def _next(self, now: datetime, end: datetime) -> datetime:
        """Return the next instant: an appointment exactly, due work as its hour ends, so that much is done at once."""
        calendar = self.at.policy.calendar
        day = calendar.day(now)
        appointments = [end, calendar.at(day + DAY, time(0))]
        appointments += [at for at in map(self._sweep_instant, (day, day + DAY)) if at and at > now]
        appointments += [at for actor in self.actors if (at := actor.next_at(now))]
        if self.outside and (heard := self.outside.next_at(now)):
            appointments.append(heard)
        with reading(self.at.engine) as session:
            due = next_due_at(session)
        work = [at for at in (due, await self.at.control.next_work()) if at is not None]
        soon = [_as_its_hour_ends(max(at, now + A_MOMENT)) for at in work]
        return min([*appointments, *soon])

    def _sweep_instant(self, day: date) -> datetime | None:
        calendar = self.at.policy.calendar
        if self.sweeps_own_from:
            ours = day >= self.sweeps_own_from and calendar.is_open(day)
            return calendar.at(day, SWEEP_AT) if ours else None
        if self.at.folder and day in self.at.folder.aging():
            return calendar.at(day, EXTRACT_AT)
        return None

    async def _sweep(self, day: date) -> None:
        before = self._cases_of_accounts()
        if self.sweeps_own_from:
            await self._sweep_own(day)
        else:
            assert self.at.folder is not None, "an extract of a folder"
            await take_extract(self.at, self.at.folder.aging()[day])
        opened = [number for number, count in self._cases_of_accounts().items() if before.get(number) != count]
        self.totals.woken += await self.settle(opened)

    async def _sweep_own(self, day: date) -> None:
        """Run the day's sweep of billing's own extract; one that ran before is left alone."""
        with suppress(WorkflowAlreadyStartedError):
            handle = await patiently(
                lambda: self.at.client.start_workflow(
                    "Sweep",
                    SweepStart(),
                    id=f"sweep/{day}",
                    task_queue=TASK_QUEUE,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    static_summary="Read billing's extract, open and refresh cases",
                    result_type=SweepResult,
                )
            )
            await swept(handle)

    def _moved_since(self, now: datetime) -> Sequence[str]:
        """Return the accounts to whose case something has happened since *now*: what follows may be under way."""
        with reading(self.at.engine) as session:
            return session.exec(select(CaseRow.account_no).where(CaseRow.as_of >= now)).all()

    def _cases_of_accounts(self) -> dict[str, int]:
        """Return how many cases each account has had; a sweep that opens one counts on."""
        with reading(self.at.engine) as session:
            return {row.account_no: row.last for row in session.exec(select(CaseCounterRow))}

    def _tell_billed(self, billed: Sequence[str], now: datetime) -> None:
        told = Told(key=f"billed/{self.at.policy.calendar.day(now)}", at=now, what=Tells.LOOK_AGAIN)
        with transaction(self.at.engine) as session:
            for account_no in billed:
                if open_case_of(session, account_no) is not None:
                    tell(session, account_no=account_no, told=told, at=now)


def _as_its_hour_ends(instant: datetime) -> datetime:
    """Return the last second of the hour: on the next full one the office may be closed, and the work waits a day."""
    return max(instant, instant.replace(minute=59, second=59, microsecond=0))
