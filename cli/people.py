"""Who may sit at the desk: users and tokens, made at the command line, and the API as such a person calls it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx2
from sqlalchemy import Engine

from cli.settings import Trouble
from cli.stack import Stack
from models.clock import SqlClock
from models.session import transaction
from models.users import Role, create_user, issue_token, user_named

PREFIX = "/api/v1"
PATIENCE_SECONDS = 60.0  # a killed API, worker or server is back long before
TIMEOUT_SECONDS = 60.0
AGAIN_SECONDS = 0.3
_AGAIN = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.BAD_GATEWAY, HTTPStatus.INTERNAL_SERVER_ERROR})


@dataclass(frozen=True, slots=True)
class Answered:
    """What the API said: its status and body. *ok* is a success; anything else is a problem with a detail."""

    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return self.status < HTTPStatus.BAD_REQUEST


class Caller:
    """One person, or machine, at the API, with a token of their own."""

    def __init__(self, http: httpx2.AsyncClient, *, username: str, token: str) -> None:
        self.username = username
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, **params: str | int) -> dict[str, Any]:
        """Return what is at *path*.

        Raises:
            Trouble: it cannot be had.
        """
        answered = await self._ask("GET", path, headers=self._headers, params=params)
        if not answered.ok:
            raise Trouble(f"GET {path} was answered {answered.status}: {answered.body.get('detail', '')}")
        return answered.body

    async def post(self, path: str, body: dict[str, Any], *, key: str) -> Answered:
        """Post *body* under *key*, again and again while the API cannot answer; a refusal is an answer."""
        headers = {**self._headers, "Idempotency-Key": key}
        return await self._ask("POST", path, headers=headers, json=body)

    async def _ask(self, method: str, path: str, **request: Any) -> Answered:  # noqa: ANN401 -- passed on as it is
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                response = await self._http.request(method, f"{PREFIX}/{path}", **request)
            except httpx2.TransportError as lost:
                if time.monotonic() > deadline:
                    raise Trouble(f"The API does not answer: {type(lost).__name__}.") from lost
            else:
                again = response.status_code in _AGAIN or "Retry-After" in response.headers
                if again and time.monotonic() > deadline:
                    raise Trouble(f"{method} {path} is answered {response.status_code} again and again; see the logs.")
                if not again:
                    return Answered(response.status_code, response.json() if response.content else {})
            await asyncio.sleep(AGAIN_SECONDS)


@asynccontextmanager
async def api_client(stack: Stack) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield a client of the API of *stack*."""
    async with httpx2.AsyncClient(base_url=stack.api_url, timeout=TIMEOUT_SECONDS) as http:
        yield http


def caller(engine: Engine, http: httpx2.AsyncClient, *, username: str, role: Role, password: str) -> Caller:
    """Return *username* at the API, made a user first where there is none of that name."""
    now = SqlClock(engine).now()
    with transaction(engine) as session:
        if user_named(session, username) is None:
            create_user(session, username=username, display_name=username, role=role, password=password)
        token = issue_token(session, username, issued_at=now, expires_at=now + timedelta(days=3650))
    return Caller(http, username=username, token=token)
