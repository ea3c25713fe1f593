"""An installation whose other systems are stubs behind HTTP: orders out, signed callbacks in, faults on demand."""

import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
from temporalio.client import Client

from activities.outbox import Relay
from casework.context import Installation
from gateways.fakes.city import FakeCity
from gateways.fakes.faults import Fault, Faults
from gateways.fakes.field import WorkOrder
from gateways.http.systems import http_systems
from stubs.app import build_app
from stubs.callbacks import CallbackSender
from stubs.journal import Journal
from stubs.world import World as StubWorld
from tests.api.conftest import SECRET, app_over
from tests.gateways.serving import serving
from tests.workflows.world import CITY, OPENING, PACK, SHOPS, Delivering, World, a_world


@dataclass(kw_only=True)
class Served(World):
    """A world whose crews call back over HTTP. *log*: every effect that the stubs applied, with its key.

    *url*: where the stubs answer.
    """

    stubs: StubWorld
    faults: Faults
    log: Path
    url: str

    async def to(self, now: datetime) -> None:
        """Move the clock to *now*; the stubs issue bills and let their crews act, who ask and report over HTTP."""
        self.clock.set(now)
        issued, _ = await self.stubs.advance(now)
        await self.rest(*{bill.account_no for bill in issued} & set(SHOPS))

    def fail(self, fault: Fault) -> None:
        """Let calls go wrong from now on."""
        self.faults.add(fault)

    def crews(self, account_no: str) -> Sequence[WorkOrder]:
        """Return the account's orders as field service has them."""
        return [order for order in self.stubs.city.field.orders.values() if order.account_no == account_no]

    def applied(self, route: str) -> list[str]:
        """Return the keys of the effects on *route* that the stubs applied, as their own call log tells."""
        calls = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [call["key"] for call in calls if call["route"] == route and call["applied"]]


@asynccontextmanager
async def a_served_world(
    client: Client, folder: Path, *, pack: Path = PACK, database: str = "", crews: type[CallbackSender] = CallbackSender
) -> AsyncIterator[Served]:
    """Yield an installation over *client* with stubs and API behind real HTTP; no worker runs yet.

    *crews*: how field service's callbacks reach us.
    """
    faults, listener = Faults(), socket.create_server(("127.0.0.1", 0))
    async with a_world(client, folder, pack=pack, database=database) as plain, httpx2.AsyncClient() as http:
        sender = crews(url=f"http://127.0.0.1:{listener.getsockname()[1]}", secret=SECRET, faults=faults, client=http)
        city = FakeCity(CITY, zone=ZoneInfo(plain.policy.calendar.zone))
        log = folder / "calls.jsonl"
        stubs = StubWorld(
            city,
            sender=sender,
            faults=faults,
            state=Journal(folder / "state.jsonl", sync=False),
            calls=Journal(log, sync=False),
        )
        await stubs.advance(OPENING)
        async with serving(build_app(stubs)) as url, http_systems(url, timeout_seconds=2.0) as systems:
            at = Installation(engine=plain.engine, clock=plain.clock, systems=systems, temporal=client)
            async with serving(app_over(at), listener):
                parts = {name: getattr(plain, name) for name in World.__dataclass_fields__}
                relay = Relay(plain.engine, client, systems.billing)
                settle = Delivering(plain.engine, plain.clock, client, relay)
                parts |= {"systems": systems, "city": city, "relay": relay, "settle": settle}
                yield Served(**parts, stubs=stubs, faults=faults, log=log, url=url)
        stubs.close()
