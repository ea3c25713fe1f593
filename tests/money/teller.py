"""Payment files through SQL and billing without Temporal: the activities run as the workflow would run them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import FilePart
from activities.outbox import Relay
from activities.payment_files import FileIntake, PaymentFileActivities
from casework.context import Desk, Installation, Person
from domain.policy import Policy
from gateways.fakes.city import FakeCity
from gateways.fakes.direct import direct_systems
from gateways.fakes.faults import Faults
from gateways.packs import load_policy
from gateways.systems import Systems
from models.clock import ClockMode, SqlClock
from models.payment_files import FileState, file_of
from models.policies import activate
from models.session import reading, transaction
from models.tables import PaymentFileRow
from models.users import Role
from tests.ready import open_ready
from tests.workflows.world import KEY, PACK

PART = 200
OPEN = time(9)


@dataclass
class Teller:
    """An installation at which files are handed in; `on` moves the city's day on."""

    engine: Engine
    clock: SqlClock
    city: FakeCity
    systems: Systems
    policy: Policy

    def on(self, day: date) -> None:
        """Let it be nine in the morning of *day*."""
        now = self.policy.calendar.at(day, OPEN)
        self.clock.set(now)
        self.city.advance(now)

    async def take(self, data: bytes, *, name: str, on: date, limit: int = PART) -> PaymentFileRow:
        """Take a file in and work it off; return what came of it."""
        intake = FileIntake(self.engine, self.systems.billing, self.policy)
        taken = await intake.take(data, name=name, on=on, at=self.clock.now())
        if taken.row.state == FileState.POSTING:
            await self.work_off(taken.row.file_id, limit=limit)
        with reading(self.engine) as session:
            row = file_of(session, taken.row.file_id)
        assert row is not None, "what was taken or refused is on record"
        return row

    async def work_off(self, file_id: str, *, limit: int = PART) -> None:
        """Do what the file's workflow does."""
        work = PaymentFileActivities(self.engine, self.clock, self.systems.billing)
        while (await work.settle_part(FilePart(file_id=file_id, limit=limit))).left:
            pass
        await work.finish_file(FilePart(file_id=file_id))

    async def relay(self) -> None:
        """Let billing hear of what the desk has put into the outbox."""
        relay = Relay(self.engine, cast("Client", _NoCases()), self.systems.billing)
        while await relay.deliver():
            pass

    def desk(self, name: str = "kim", role: Role = Role.ACCOUNTANT) -> Desk:
        at = Installation(engine=self.engine, clock=self.clock, systems=self.systems)
        return Desk(person=Person(username=name, role=role), at=at)


class _NoCases:
    """A Temporal without a case: whoever is told something is not found."""

    def get_workflow_handle(self, _name: str) -> "_NoCases":
        return self

    async def signal(self, *_words: object) -> None:
        raise RPCError("no such case", RPCStatusCode.NOT_FOUND, b"")


_policy = cache(load_policy)


@contextmanager
def a_teller(url: str, city: Path, *, faults: Faults | None = None, pack: Path = PACK) -> Iterator[Teller]:
    """Yield a teller over the database at *url* and the city folder *city*, on the eve of its first bills."""
    engine = open_ready(url, master_key=KEY)
    policy = _policy(pack)
    fakes = FakeCity(city, zone=ZoneInfo(policy.calendar.zone))
    opening = policy.calendar.at(fakes.billing.opening, OPEN)
    clock = SqlClock(engine)
    clock.start(ClockMode.STEPPED, at=opening)
    with transaction(engine) as session:
        activate(session, policy, opening)
    fakes.advance(opening)
    try:
        yield Teller(engine, clock, fakes, direct_systems(fakes, faults or Faults()), policy)
    finally:
        engine.dispose()
