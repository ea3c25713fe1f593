"""How does the command line reach what a running stack holds: SQL, clock, Temporal, the other systems, the stubs?"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import httpx2
from sqlalchemy import Engine
from temporalio.client import Client

from activities.codec import data_converter
from cli.settings import Settings
from cli.stack import Stack
from domain.policy import Policy
from formats.city import CityFolder
from gateways.http.systems import http_systems
from gateways.observing import observing
from gateways.systems import Systems
from models.cases import open_cases
from models.clock import SqlClock
from models.session import open_database, reading

CONTROL_SECONDS = 300.0  # an advance over months issues every bill of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The stubs' own handle, which no real system has: business time, and what the crews have still to do."""

    http: httpx2.AsyncClient

    async def advance(self, now: datetime) -> list[str]:
        """Move the other systems' business time on; return the accounts that were billed on the days reached."""
        answer = await self.http.post("advance", json={"now": now.isoformat()})
        answer.raise_for_status()
        return sorted({bill["account_no"] for bill in answer.json()["bills"]})

    async def next_work(self) -> datetime | None:
        """Return the instant at which a crew does something next; none if no order waits for its time."""
        answer = await self.http.get("orders")
        answer.raise_for_status()
        dues = [order["due_at"] for order in answer.json() if order["due_at"] and not order["reported"]]
        return min((datetime.fromisoformat(due) for due in dues), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """Everything a driver holds in its hands."""

    settings: Settings
    engine: Engine
    clock: SqlClock
    client: Client
    systems: Systems
    control: Control
    policy: Policy
    folder: CityFolder | None

    def open_accounts(self) -> Sequence[str]:
        """Return the accounts with an open case: those that may be at work on what another process told them."""
        with reading(self.engine) as session:
            return [row.account_no for row in open_cases(session)]


@asynccontextmanager
async def connected(stack: Stack) -> AsyncIterator[Embedded]:
    """Yield what a running *stack* holds."""
    settings = stack.settings
    key = settings.key()
    engine = open_database(settings.database, master_key=key, migrate=False)
    headers = {"Authorization": f"Bearer {settings.stubs_key}"}
    base_url = f"{settings.systems_url}/control/"
    try:
        client = await Client.connect(stack.temporal_address, data_converter=data_converter(key))
        async with (
            http_systems(settings.systems_url, api_key=settings.stubs_key) as real,
            httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=CONTROL_SECONDS) as http,
        ):
            zone = settings.policy().calendar.zone
            systems = observing(real, engine=engine, zone=zone, posts=settings.posts) if settings.observe else real
            yield Embedded(
                settings=settings,
                engine=engine,
                clock=SqlClock(engine),
                client=client,
                systems=systems,
                control=Control(http=http),
                policy=settings.policy(),
                folder=CityFolder(settings.city) if settings.city else None,
            )
    finally:
        engine.dispose()
