"""The short keyed reads and records of a case: what is known now, and what has happened."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from pydantic import TypeAdapter
from sqlalchemy import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.messages import Look, LookRequest, RecordRequest
from domain.account import AccountStatus, Snapshot
from domain.events import Event
from domain.money import Money
from gateways.billing import Billing, BillingAnswer
from gateways.errors import Outage
from models.cases import decode, timeline_of
from models.clock import ClockMode, SqlClock
from models.policies import active_digest
from models.record import SequenceTaken, record
from models.session import reading, transaction
from models.snapshot import Known, Moment, known_of, moment_of

_SNAPSHOT = TypeAdapter(Snapshot)


@dataclass(frozen=True)
class CaseActivities:
    """Looks and records; run as local activities, so that a case costs its server little."""

    engine: Engine
    clock: SqlClock
    billing: Billing

    @activity.defn(name="look")
    async def look(self, request: LookRequest) -> Look:
        """Return the business instant and, unless it is of the version asked about, the account's snapshot."""
        snapshot, moment = await _read(self.engine, self.clock, self.billing, request.account_no, request.case_id)
        ahead: tuple[Event, ...] = ()
        if moment.last > request.seq:
            ahead = await asyncio.to_thread(self._ahead, request.case_id, request.seq)
        return Look(
            at=snapshot.at,
            timers=self.clock.mode is ClockMode.WALL,
            snapshot=None if snapshot.version == request.version else snapshot,
            ahead=ahead,
        )

    def _ahead(self, case_id: str, seq: int) -> tuple[Event, ...]:
        with reading(self.engine) as session:
            return tuple(decode(session, row) for row in timeline_of(session, case_id, after=seq))

    @activity.defn(name="record", no_thread_cancel_exception=True)
    def record(self, request: RecordRequest) -> tuple[Event, ...]:
        """Write events and view in one transaction; return what stood there before, empty when nothing did."""
        try:
            with transaction(self.engine) as session:
                stored = record(session, case=request.view, events=request.events)
        except SequenceTaken as taken:
            raise ApplicationError(str(taken), type="sequence-taken", non_retryable=True) from taken
        return () if stored == request.events else stored


async def read_account(engine: Engine, clock: SqlClock, billing: Billing, account_no: str) -> Snapshot:
    """Return all that is known of an account: SQL facts and open bills, read so that neither belies the other."""
    return (await read_versioned(engine, clock, billing, account_no))[0]


async def read_versioned(engine: Engine, clock: SqlClock, billing: Billing, account_no: str) -> tuple[Snapshot, int]:
    """Return the account's snapshot with the money version at which billing was read, for a gate to compare.

    Money that billing took between our two reads of SQL would be counted twice, so the account's versions must agree.
    """
    snapshot, moment = await _read(engine, clock, billing, account_no)
    return snapshot, moment.versions.money


async def _read(
    engine: Engine, clock: SqlClock, billing: Billing, account_no: str, case_id: str = ""
) -> tuple[Snapshot, Moment]:
    while True:
        known = await asyncio.to_thread(_read_sql, engine, account_no)
        answer = await _open_bills(billing, account_no)
        moment = await asyncio.to_thread(_read_moment, engine, account_no, case_id)
        if moment.versions == known.versions:
            return _snapshot(clock.at(moment.business_now), known, answer), moment


def _read_sql(engine: Engine, account_no: str) -> Known:
    with reading(engine) as session:
        known = known_of(session, account_no)
        return known if known.policy else replace(known, policy=active_digest(session))


def _read_moment(engine: Engine, account_no: str, case_id: str) -> Moment:
    with reading(engine) as session:
        return moment_of(session, account_no, case_id)


async def _open_bills(billing: Billing, account_no: str) -> BillingAnswer | None:
    try:
        return await billing.open_bills(account_no)
    except Outage:
        return None


def _snapshot(at: datetime, known: Known, answer: BillingAnswer | None) -> Snapshot:
    status = AccountStatus(answer.status) if answer else known.account.status
    snapshot = Snapshot(
        at=at,
        version="",
        account=replace(known.account, status=status),
        bills=answer.bills if answer else (),
        credit=answer.credit if answer else Money(0),
        unposted=known.unposted,
        facts=known.facts,
        policy=known.policy,
        billing_read=answer is not None,
    )
    return replace(snapshot, version=_version(snapshot))


def _version(snapshot: Snapshot) -> str:
    timeless = replace(snapshot, at=snapshot.at.min.replace(tzinfo=snapshot.at.tzinfo))
    return sha256(_SNAPSHOT.dump_json(timeless)).hexdigest()[:16]
