"""How is one reference life driven, ours and the bare one, on the same dev server?

Open from an account row, a letter on day 5, an agreement, three instalment waits, a breach, its cure, closed: 8 state
changes, 2 decisions, 5 waits. Bare waits are timers of a tick each; ours live on a stepped clock and are woken as
`play` and `demo` wake them, which costs a signal where the wall's clock costs a timer.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select
from temporalio.client import Client, WorkflowHandle

from activities.messages import TASK_QUEUE, Answer, CaseStart, Decision, Opening, case_workflow_id
from activities.mirror import mirror
from bench.bare import QUEUE, Bare, BareDecision, BareStart
from bench.bare_site import count_in, open_bare
from bench.measure import at_once, until
from bench.site import Helper
from bench.told import HOST, KEY, Site
from bench.town import BILL_CENTS, account_nos, found_town, opening, town_policy
from domain import commands as c
from domain.calendar import DAY
from domain.case import Case
from domain.commands import Command
from domain.hear import Tells, Told
from domain.money import Money
from gateways.fakes.direct import direct_systems
from models.cases import due_cases, next_case_id
from models.clock import ClockMode, SqlClock
from models.policies import activate
from models.session import open_database, reading, transaction
from models.tables import CaseRow
from models.users import Role, create_user, issue_token
from workflows.policies import hold

STARTERS = 50
CALLERS = 20
EVERY = 100_000  # cases, more than any benchmark opens
TICK = timedelta(milliseconds=20)
CLOSING = time(16, 59, 59)  # the last second of the office's day: whatever was due on it is due by now
YEAR = timedelta(days=365)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A decision as it goes over HTTP."""

    url: str
    body: dict[str, object]
    headers: dict[str, str]


class Rival(Protocol):
    """One of the two that are compared. Cases are numbered from 0."""

    async def open(self, first: int, count: int) -> None:
        """Start *count* cases and return when each one's first event is in SQL."""
        ...

    async def live(self, count: int) -> None:
        """Take the first *count* cases from opened to closed."""
        ...

    def note(self, case: int, key: str) -> Posting:
        """Return a decision that any open case takes."""
        ...


class BareLives:
    """The bare workflow's."""

    def __init__(self, site: Site, client: Client) -> None:
        self._site, self._client, self._engine = site, client, open_bare(site.database)
        self._opened = 0

    async def open(self, first: int, count: int) -> None:
        self._opened += count
        await at_once(self._start, range(first, first + count), callers=STARTERS)
        await self._until(self._opened, Bare.OPENED, Bare.NOTICED)

    async def live(self, count: int) -> None:
        await self._until(count, Bare.NOTICED)
        await at_once(lambda case: self._decide(case, Bare.ARRANGED), range(count), callers=CALLERS)
        await self._until(count, Bare.BREACHED)
        await at_once(lambda case: self._decide(case, Bare.CURED), range(count), callers=CALLERS)
        await self._until(count, Bare.CLOSED)

    def note(self, case: int, key: str) -> Posting:
        return Posting(
            url=f"http://{HOST}:{self._site.api_port}/cases/{case}/decisions",
            body={"becomes": Bare.NOTED.value},
            headers={"Idempotency-Key": key},
        )

    async def _until(self, count: int, *states: Bare) -> None:
        """Wait until *count* cases stand in one of *states*."""

        async def stand() -> bool:
            return await asyncio.to_thread(lambda: sum(count_in(self._engine, state) for state in states)) == count

        await until(stand)

    async def _start(self, case: int) -> None:
        start = BareStart(case_id=str(case), notice=TICK, instalment=TICK, cure=YEAR)
        await self._client.start_workflow("BareCase", start, id=f"bare/{case}", task_queue=QUEUE)

    async def _decide(self, case: int, becomes: Bare) -> None:
        decision = BareDecision(key=f"{case}/{becomes}", becomes=becomes)
        handle = self._client.get_workflow_handle(f"bare/{case}")
        await handle.execute_update("decide", decision, id=decision.key, result_type=int)


class OurLives:
    """The product's."""

    def __init__(self, site: Site, client: Client) -> None:
        self._site, self._client = site, client
        self._accounts = account_nos(site.accounts)
        self._policy = town_policy()
        self._now = opening(self._policy)
        hold(self._policy)
        self._engine: Engine = open_database(site.database, master_key=KEY)
        SqlClock(self._engine).start(ClockMode.STEPPED, at=self._now)
        with transaction(self._engine) as session:
            activate(session, self._policy, self._now)
            create_user(session, username="rosa", display_name="Rosa", role=Role.SENIOR, password="bench")  # noqa: S106
            self._token = issue_token(session, "rosa", issued_at=self._now, expires_at=self._now + YEAR)
        self.worker: Helper | None = None

    async def prepare(self) -> None:
        """Mirror the town's accounts, as an import does before it opens a case."""
        city = found_town(Path(self._site.folder) / "town", accounts=self._site.accounts, policy=self._policy)
        await mirror(self._engine, direct_systems(city).billing, self._policy, self._accounts, at=self._now)

    async def open(self, first: int, count: int) -> None:
        await at_once(self._start, range(first, first + count), callers=STARTERS)
        await self._until(_recorded, first + count)

    async def live(self, count: int) -> None:
        """Step through the life's days; what is due on one is worked off before the next comes."""
        letter = self._day(self._now) + 4 * DAY
        await self._step(letter)
        agreed_on = letter + DAY
        await self._step(agreed_on, time(10))
        agree = c.AgreeArrangement(months=3, down=Money(0))
        await at_once(lambda case: self._decide(case, agree), range(count), callers=CALLERS)
        dues = await self._dues()
        for number, due_on in enumerate(dues, start=1):
            await self._step(due_on, time(10))
            if number < len(dues):
                await self._pay(number, count)
            await self._step(self._policy.calendar.open_day(due_on + 6 * DAY))
        await at_once(self._at_rest, range(count), callers=CALLERS)
        await self._pay(len(dues), count)
        spoke = c.RecordContact(channel="phone", direction="in", outcome="reached", right_party=True)
        await at_once(lambda case: self._decide(case, spoke), range(count), callers=CALLERS)
        await self._until(_closed, count)

    def note(self, case: int, key: str) -> Posting:
        return Posting(
            url=f"http://{HOST}:{self._site.api_port}/api/v1/cases/{self._accounts[case]}-1/decisions",
            body={"type": "add_note", "note": "called, will pay on Friday"},
            headers={"Idempotency-Key": key, "Authorization": f"Bearer {self._token}"},
        )

    async def _start(self, case: int) -> None:
        account_no = self._accounts[case]
        case_id = self._next_id(account_no)
        start = CaseStart(opening=Opening(case_id=case_id, account_no=account_no))
        await self._client.start_workflow(
            "CollectionsCase", start, id=case_workflow_id(account_no), task_queue=TASK_QUEUE
        )

    async def _until(self, counted: Callable[[Session], int], count: int) -> None:
        async def done() -> bool:
            return await asyncio.to_thread(self._read, counted) == count

        await until(done)

    def _next_id(self, account_no: str) -> str:
        with transaction(self._engine) as session:
            return next_case_id(session, account_no)

    async def _step(self, on: date, clock: time = CLOSING) -> None:
        """Move business time on, and wake what is due until nothing is."""
        self._now = self._policy.calendar.at(on, clock)
        await self._tell(f"advance {self._now.isoformat()}")
        woken: set[str] = set()

        async def work_off() -> bool:
            due = await asyncio.to_thread(self._due)
            new = [account_no for account_no in due if account_no not in woken]
            woken.update(new)
            await at_once(self._wake, new, callers=CALLERS)
            return not due

        await until(work_off)

    def _due(self) -> list[str]:
        return self._read(lambda session: [row.account_no for row in due_cases(session, self._now, EVERY)])

    async def _wake(self, account_no: str) -> None:
        told = Told(key=f"wake/{self._now.isoformat()}", at=self._now, what=Tells.LOOK_AGAIN)
        await self._handle(account_no).signal("tell", told)

    async def _at_rest(self, case: int) -> None:
        """Wait until the case's last task is done: one that still runs would find the next payment by itself."""
        handle = self._handle(self._accounts[case])

        async def at_rest() -> bool:
            return not (await handle.describe()).raw_description.HasField("pending_workflow_task")

        await until(at_rest)

    def _handle(self, account_no: str) -> WorkflowHandle[object, object]:
        return self._client.get_workflow_handle(case_workflow_id(account_no))

    async def _decide(self, case: int, command: Command) -> None:
        decision = Decision(key=f"rosa/{command.type}/{self._now}", at=self._now, by="rosa", command=command)
        handle = self._handle(self._accounts[case])
        answer: Answer = await handle.execute_update("decide", decision, result_type=Answer)
        assert answer.refusal is None, answer.refusal

    async def _dues(self) -> list[date]:
        case: Case = await self._handle(self._accounts[0]).query("state", result_type=Case)
        assert case.arrangement is not None, "it was just agreed"
        return [instalment.due_on for instalment in case.arrangement.schedule]

    async def _pay(self, number: int, count: int) -> None:
        await self._tell(f"pay{number} {BILL_CENTS // 3} {count}")

    async def _tell(self, command: str) -> None:
        assert self.worker is not None, "the town lives in the worker's process"
        await self.worker.ask(command)

    def _day(self, instant: datetime) -> date:
        return self._policy.calendar.day(instant)

    def _read(self, ask: Callable[[Session], T]) -> T:
        with reading(self._engine) as session:
            return ask(session)


def _recorded(session: Session) -> int:
    return session.exec(select(func.count()).select_from(CaseRow)).one()


def _closed(session: Session) -> int:
    return session.exec(select(func.count()).select_from(CaseRow).where(col(CaseRow.closed).is_not(None))).one()
