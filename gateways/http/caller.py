"""How is another system called over HTTP, and what does each kind of failure mean?"""

from collections.abc import Awaitable, Mapping
from http import HTTPStatus
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import TypeAdapter, ValidationError

from gateways.errors import Outage, Rejected
from gateways.names import effect_name
from gateways.receipt import Receipt

Effect = TypeVar("Effect")
Value = TypeVar("Value")

# Nothing was sent: the connection was never there.
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_TRY_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class UnknownAnswer(Exception):
    """The request was sent, and whether it was done cannot be told from what came back."""


class Caller(Generic[Effect]):
    """One system under its path prefix, asked through a client that carries address and key."""

    def __init__(self, system: str, client: httpx2.AsyncClient) -> None:
        self._system = system
        self._client = client

    async def do(self, key: str, effect: Effect) -> Receipt:
        """Do *effect* once for *key*. An unknown answer is looked up before it is called an outage.

        Raises:
            Outage: not reached, told to come later, or the answer is unknown and nothing stands under *key* yet.
            Rejected: the system can never do it.
        """
        name = effect_name(type(effect))
        try:
            answer = await self.request(
                name,
                "POST",
                f"effects/{name}",
                content=_adapter(type(effect)).dump_json(effect),
                headers={"Idempotency-Key": key},
            )
            return self._read(name, answer, Receipt)
        except UnknownAnswer as unknown:
            receipt = await self.lookup(key)
            if receipt is None:
                raise Outage(self._system, name, str(unknown)) from unknown
            return receipt

    async def lookup(self, key: str) -> Receipt | None:
        """Return the receipt of *key*, none when no effect stands under it."""
        try:
            return await self.get("lookup", f"effects/{quote(key, safe='')}", Receipt)
        except Rejected as none:
            if none.slug == "unknown-key":
                return None
            raise

    async def get(self, call: str, path: str, kind: type[Value], *, params: Mapping[str, str] | None = None) -> Value:
        """Return what is read at *path*; reading may be repeated, so an unknown answer is an outage."""
        return await self._value(call, kind, self.request(call, "GET", path, params=params))

    async def ask(
        self, call: str, path: str, kind: type[Value], *, question: object, of: type[Any] | None = None
    ) -> Value:
        """Return the answer to a question too long for an address; *of* says what it is made of."""
        content = _adapter(of or type(question)).dump_json(question)
        return await self._value(call, kind, self.request(call, "POST", path, content=content))

    async def request(
        self,
        call: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Return a success; raise `Outage`, `Rejected` or `UnknownAnswer` for anything else."""
        if content is not None:
            headers = {"Content-Type": "application/json", **(headers or {})}
        try:
            response = await self._client.request(
                method, f"{self._system}/{path}", params=params, content=content, headers=headers
            )
        except _NOT_SENT as exc:
            raise Outage(self._system, call, type(exc).__name__) from exc
        except httpx2.RequestError as exc:
            raise UnknownAnswer(type(exc).__name__) from exc
        if response.is_success:
            return response
        if response.status_code in _TRY_LATER:
            raise Outage(self._system, call, f"status {response.status_code}")
        if response.is_server_error:
            raise UnknownAnswer(f"status {response.status_code}")
        raise _rejection(response)

    async def _value(self, call: str, kind: type[Value], asked: Awaitable[httpx2.Response]) -> Value:
        try:
            return self._read(call, await asked, kind)
        except UnknownAnswer as unknown:
            raise Outage(self._system, call, str(unknown)) from unknown

    def _read(self, call: str, response: httpx2.Response, kind: type[Value]) -> Value:
        try:
            return _adapter(kind).validate_json(response.content)
        except ValidationError:
            # The text of the error would quote the body, which may name a customer.
            raise UnknownAnswer(f"the answer to {call} cannot be read") from None


_ADAPTERS: dict[object, TypeAdapter[Any]] = {}  # building one costs a millisecond, using it microseconds


def _adapter(kind: type[Value]) -> TypeAdapter[Value]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _rejection(response: httpx2.Response) -> Rejected:
    """Return the problem (RFC 9457) that the system stated, or the bare status."""
    try:
        problem = response.json()
        return Rejected(str(problem["type"]).rpartition("/")[2], str(problem["detail"]))
    except (ValueError, KeyError, TypeError):
        return Rejected(f"status-{response.status_code}", "The system refused and stated no reason.")
