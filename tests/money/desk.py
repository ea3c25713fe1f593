"""The API over an installation on paper: no Temporal, so that only money moves, and it moves at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx2
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.mirror import mirror
from activities.outbox import Relay
from domain.parameters import PARAMETERS
from domain.policy import Dated
from models.policies import activate
from models.session import transaction
from tests.api.conftest import app_over
from tests.casework.paper import Paper
from workflows.policies import hold

API = "/api/v1"


class NoCase:
    """A Temporal client of a city in which no case is open."""

    def get_workflow_handle(self, _: str) -> "NoCase":
        return self

    async def start_workflow(self, *_: object, **__: object) -> None:
        """Begin the next case nowhere."""

    async def signal(self, *_: object) -> None:
        raise RPCError("no such workflow", RPCStatusCode.NOT_FOUND, b"")


@dataclass
class Till:
    """What a test drives: ask as someone, let billing hear, let days go by."""

    paper: Paper
    client: httpx2.AsyncClient
    tokens: dict[str, str]

    async def get(self, who: str, path: str) -> httpx2.Response:
        return await self.client.get(f"{API}{path}", headers=self._headers(who, ""))

    async def post(self, who: str, path: str, body: object = None, *, key: str = "") -> httpx2.Response:
        return await self.client.post(f"{API}{path}", json=body, headers=self._headers(who, key))

    async def settle(self) -> None:
        """Let billing hear of all that was asked of it."""
        client: Client = NoCase()  # type: ignore[assignment]
        relay = Relay(self.paper.engine, client, self.paper.systems.billing)
        while await relay.deliver():
            pass

    def until(self, when: str) -> None:
        """Let it be *when* in the city."""
        local = datetime.fromisoformat(when)
        now = self.paper.policy.calendar.at(local.date(), local.time())
        self.paper.clock.set(now)
        self.paper.city.advance(now)

    def say(self, key: str, value: object) -> None:
        """Let the pack state *value* from now on."""
        paper = self.paper
        first = paper.policy.values[PARAMETERS[key].key][0]
        values = {**paper.policy.values, key: (Dated(first.since, value, first.source),)}
        paper.policy = replace(paper.policy, values=values)
        hold(paper.policy)
        with transaction(paper.engine) as session:
            activate(session, paper.policy, paper.clock.now() + timedelta(seconds=1))

    def _headers(self, who: str, key: str) -> dict[str, str]:
        named = {"Authorization": f"Bearer {self.tokens[who]}"}
        return named | {"Idempotency-Key": key} if key else named


@asynccontextmanager
async def a_till(paper: Paper, *account_nos: str) -> AsyncIterator[Till]:
    """Yield the API over *paper*, in which the accounts are known."""
    at = paper.at
    await mirror(paper.engine, paper.systems.billing, paper.policy, list(account_nos), at=paper.clock.now())
    app = app_over(at)
    app.state.installation = at  # this transport runs no lifespan
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://desk") as client:
        yield Till(paper, client, paper.tokens())
