"""The sweep's work: read the extract, open cases part by part, and tell open cases whose balance moved."""

import asyncio
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, func
from sqlmodel import col, select
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.intake import Intake
from activities.messages import (
    Opening,
    SweepPart,
    SweepPlan,
    SweepResult,
    SweepStart,
)
from activities.opening import next_opening, start_case
from domain.account import AccountStatus, balance
from domain.calendar import DAY
from domain.hear import Tells, Told
from domain.policy import Policy
from domain.states import Stage
from domain.tracks.track import INACTIVE_STAGES
from formats.errors import Malformed
from gateways.billing import Billing
from models.accounts import ended_accounts, note_credits
from models.cases import open_cases
from models.clock import SqlClock
from models.imports import ImportState, accounts_of, add_opened, finish, import_of
from models.money_out import payments_behind
from models.obligations import keep
from models.outbox import tell
from models.session import reading, transaction
from models.tables import CaseRow
from models.turns import release_season

WAITING_MAX = 50  # cases started whose first event is not on record yet; more at once starve the worker
STARTED_AT_ONCE = 10
POLL_SECONDS = 0.1
REFRESH_PART = 500
CREDITS_ON = 1  # day of the month: credit is presumed abandoned after years, so that a look a month is enough


@dataclass(frozen=True)
class SweepActivities:
    """Opening is idempotent by the workflow id: at most one open case per account is Temporal's own guarantee."""

    engine: Engine
    clock: SqlClock
    billing: Billing
    policy: Policy
    client: Client

    @activity.defn(name="plan_sweep")
    async def plan_sweep(self, start: SweepStart) -> SweepPlan:
        """Return what there is to work off: an import already taken in, or billing's own extract taken in now."""
        if start.import_id:
            with reading(self.engine) as session:
                row = import_of(session, start.import_id)
            assert row is not None, "a sweep by hand names an import"
        else:
            now = self.clock.now()
            as_of = start.as_of or self.policy.calendar.day(now) - DAY
            data = await self.billing.delinquencies(as_of)
            intake = Intake(self.engine, self.billing, self.policy)
            try:
                row, _ = await intake.take(data, name=f"billing-{as_of}.csv", at=now)
            except Malformed as refused:
                if refused.rule == "empty":
                    return SweepPlan(import_id="", rows=0, notes=("nobody is past due",))
                raise ApplicationError(str(refused), type=refused.rule, non_retryable=True) from refused
        if row.state == ImportState.SUPERSEDED:
            return SweepPlan(import_id=row.import_id, rows=0, notes=(row.reason,))
        return SweepPlan(import_id=row.import_id, rows=row.accepted)

    @activity.defn(name="open_cases")
    async def open_cases(self, part: SweepPart) -> SweepResult:
        """Open a case for each account of the part that has none; paced, so that the worker keeps up."""
        account_nos = await asyncio.to_thread(self._without_case, part)
        opened: list[str] = []
        for start in range(0, len(account_nos), STARTED_AT_ONCE):
            started = await asyncio.gather(*map(self._open, account_nos[start : start + STARTED_AT_ONCE]))
            opened += filter(None, started)
            activity.heartbeat(len(opened))
            while await asyncio.to_thread(self._waiting, opened[-2 * WAITING_MAX :]) >= WAITING_MAX:
                await asyncio.sleep(POLL_SECONDS)
                activity.heartbeat(len(opened))
        await asyncio.to_thread(self._count, part.import_id, len(opened))
        return SweepResult(rows=len(account_nos), opened=len(opened))

    @activity.defn(name="refresh_cases")
    async def refresh_cases(self, part: SweepPart) -> int:
        """Tell every open case whose balance in billing is not the one it knows to look again; return how many.

        An account is cured only when billing says so: a row that is absent, or was rejected, is no more than a reason
        to look.
        """
        rows = await asyncio.to_thread(self._open_rows)
        told = 0
        for start in range(0, len(rows), REFRESH_PART):
            page = rows[start : start + REFRESH_PART]
            answers = await self.billing.open_bills_of([row.account_no for row in page])
            moved = [
                row.account_no
                for row, answer in zip(page, answers, strict=True)
                if balance(answer.bills).cents != row.balance_cents or _ended(row, answer.status)
            ]
            await asyncio.to_thread(self._tell, moved)
            told += len(moved)
        if self.policy.calendar.day(self.clock.now()).day == CREDITS_ON:
            await self._look_at_credits()
        await asyncio.to_thread(self._finish, part.import_id)
        return told

    async def _look_at_credits(self) -> None:
        """Note what billing holds for customers who are served no more, for what must go to the state one day."""
        account_nos = await asyncio.to_thread(self._ended)
        for start in range(0, len(account_nos), REFRESH_PART):
            answers = await self.billing.open_bills_of(account_nos[start : start + REFRESH_PART])
            await asyncio.to_thread(self._note_credits, {each.account_no: each.credit.cents for each in answers})

    def _ended(self) -> list[str]:
        with reading(self.engine) as session:
            return list(ended_accounts(session))

    def _note_credits(self, credits_of: dict[str, int]) -> None:
        today = self.policy.calendar.day(self.clock.now())
        with transaction(self.engine) as session:
            found: dict[str, tuple[int, date | None]] = {}
            for account_no, cents in credits_of.items():
                behind = payments_behind(session, account_no)[:1] if cents else ()
                found[account_no] = (cents, (behind[0].on if behind else today) if cents else None)
            note_credits(session, found)

    def _without_case(self, part: SweepPart) -> list[str]:
        """Return the part's accounts that have no open case: day after day most have one."""
        with reading(self.engine) as session:
            held = {row.account_no for row in open_cases(session)}
            named = accounts_of(session, part.import_id, offset=part.offset, limit=part.limit)
            return [account_no for account_no in named if account_no not in held]

    async def _open(self, account_no: str) -> str:
        """Start the account's next case; return its id, empty when the account has an open one."""
        opening = await asyncio.to_thread(self._opening, account_no)
        if opening is None:
            return ""
        if not await start_case(self.client, opening):
            return ""
        return opening.case_id

    def _opening(self, account_no: str) -> Opening | None:
        with transaction(self.engine) as session:
            return next_opening(session, account_no, now=self.clock.now(), because="the delinquency extract")

    def _waiting(self, case_ids: list[str]) -> int:
        with reading(self.engine) as session:
            begun = select(func.count()).select_from(CaseRow).where(col(CaseRow.case_id).in_(case_ids))
            return len(case_ids) - session.exec(begun).one()

    def _count(self, import_id: str, opened: int) -> None:
        with transaction(self.engine) as session:
            add_opened(session, import_id, opened)

    def _finish(self, import_id: str) -> None:
        """Note what the utility owes by now, whose turn it is as a season ends, and that the import is worked off."""
        now = self.clock.now()
        with transaction(self.engine) as session:
            keep(session, self.policy, now)
            for account_no in release_season(session, self.policy, now):
                told = Told(key=f"turn/{self.policy.calendar.day(now)}", at=now, what=Tells.LOOK_AGAIN)
                tell(session, account_no=account_no, told=told, at=now)
            if import_id:
                finish(session, import_id)

    def _open_rows(self) -> list[CaseRow]:
        with reading(self.engine) as session:
            return list(open_cases(session))

    def _tell(self, account_nos: list[str]) -> None:
        now = self.clock.now()
        with transaction(self.engine) as session:
            for account_no in account_nos:
                told = Told(key=f"refresh/{account_no}/{self.policy.calendar.day(now)}", at=now, what=Tells.LOOK_AGAIN)
                tell(session, account_no=account_no, told=told, at=now)


def _ended(row: CaseRow, status: AccountStatus) -> bool:
    """Say whether billing ended the account while its case still goes the way of an active one."""
    return status is not AccountStatus.ACTIVE and Stage(row.stage) not in INACTIVE_STAGES
