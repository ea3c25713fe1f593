"""Who calls, may they, and was this very request answered before? Every route of the API goes through here."""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPMethod
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlmodel import Session
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from api.problems import MEDIA_TYPE, RESPONSES, response_to
from casework.context import Desk, Installation, Person
from casework.errors import Refused, not_now, unfit
from casework.permissions import ANYONE, Permission
from casework.strangers import introduce
from domain.verdict import Refusal
from models.answers import Answer, KeyReused, answer_request, begin_request, forget_request
from models.callers import caller_of
from models.policies import policy_with
from models.session import reading
from models.tables import IdempotencyRow
from models.users import Role, User

ACCESS = "__access__"
KEY_HEADER = "Idempotency-Key"
ACCOUNT_NO = re.compile("[0-9]{1,20}")  # in an address; one that arrears never saw may still be a customer
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
CLAIM_MAX = timedelta(minutes=2)  # a request that has no answer after this was cut off: whoever repeats it takes over
_BEARER = "bearer "

E = TypeVar("E", bound=Callable[..., Any])
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a route needs. *signed*: the caller signs instead of naming itself. *keyed*: a POST that has an effect."""

    permission: Permission
    signed: bool = False
    keyed: bool = True


def needs(permission: Permission, *, signed: bool = False, keyed: bool = True) -> Callable[[E], E]:
    """State what an endpoint needs; a route without it cannot be made."""

    def mark(endpoint: E) -> E:
        setattr(endpoint, ACCESS, Access(permission=permission, signed=signed, keyed=keyed))
        return endpoint

    return mark


class Guarded(APIRoute):
    """A route behind the table of permissions; its POSTs are answered once per Idempotency-Key."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401  # FastAPI's own
        access = getattr(endpoint, ACCESS, None)
        if access is None:
            raise TypeError(f"{path} states no permission")
        self.access: Access = access
        usual = {} if access.permission in ANYONE else RESPONSES
        options["responses"] = {**usual, **(options.get("responses") or {})}
        options["openapi_extra"] = {
            **_described(access, options.get("methods")),
            **(options.get("openapi_extra") or {}),
        }
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if self.access.permission in ANYONE:
                return await inner(request)
            desk = Desk(person=await _person(request, self.access), at=installation_of(request))
            desk.need(self.access.permission)
            request.state.desk = desk
            account_no = request.path_params.get("account_no", "")
            if ACCOUNT_NO.fullmatch(account_no):
                await introduce(desk, account_no)
            key = request.headers.get(KEY_HEADER)
            if request.method == HTTPMethod.POST and key is not None and self.access.keyed and not _previews(request):
                return await _once(request, desk, key=key, do=inner)
            return await inner(request)

        return guarded


def installation_of(request: Request) -> Installation:
    """Return the installation that this process serves."""
    found: Installation = request.app.state.installation
    return found


def _desk(request: Request) -> Desk:
    found: Desk = request.state.desk
    return found


AtDesk = Annotated[Desk, Depends(_desk)]


def key_of(request: Request) -> str:
    """Return the caller's key, else one of this request's own, with which nothing can be asked again."""
    return request.headers.get(KEY_HEADER) or f"unkeyed/{datetime.now(UTC).timestamp()}/{id(request)}"


Key = Annotated[str, Depends(key_of)]


def _previews(request: Request) -> bool:
    return request.query_params.get("preview", "false").lower() not in {"false", "0", "no", "off", ""}


def _described(access: Access, methods: list[str] | set[str] | None) -> dict[str, Any]:
    """Return what the schema says of a route's access: its credentials, and the key that its POST honours."""
    described: dict[str, Any] = {"x-permission": access.permission}
    if access.permission not in ANYONE:
        described["security"] = [{"signature" if access.signed else "bearer": []}]
    if "POST" in (methods or ()) and access.keyed:
        described["parameters"] = [
            {
                "name": KEY_HEADER,
                "in": "header",
                "required": False,
                "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
                "description": "Sent again with the same body, the request is answered as before and done once.",
            }
        ]
    return described


# --- who calls ----------------------------------------------------------------------------------------------------


async def _person(request: Request, access: Access) -> Person:
    if access.signed:
        _verify(await request.body(), request)
        return Person(username="field-service", role=Role.FIELD_CALLBACK)
    given = request.headers.get("Authorization", "")
    if given[: len(_BEARER)].lower() != _BEARER:
        raise _unknown("Send a bearer token.")
    user = await asyncio.to_thread(_user, installation_of(request), given[len(_BEARER) :].strip())
    if user is None:
        raise _unknown("The token is not known, has expired, or its user may not work today.")
    return Person(username=user.username, role=user.role)


def _user(at: Installation, token: str) -> User | None:
    with reading(at.engine) as session:
        found = caller_of(session, token)
        if found is None:
            return None
        calendar = policy_with(session, found.in_force).calendar
    now = at.clock.at(found.business_now)
    return found.user if found.may_call(at=now, on=calendar.day(now)) else None


def _verify(body: bytes, request: Request) -> None:
    secret = request.app.state.callback_secret
    if not secret:
        raise _unknown("This installation takes no callbacks.")
    try:
        Webhook(secret).verify(body, dict(request.headers))
    except WebhookVerificationError:
        raise _unknown("The signature does not fit, or is too old.") from None
    except ValueError:
        return  # signed well, and no JSON: the body's own reader says so


def _unknown(detail: str) -> Refused:
    return Refused(Refusal(slug="unauthenticated", title="Who are you?", detail=detail, status=401))


# --- once per key -------------------------------------------------------------------------------------------------


async def _once(request: Request, desk: Desk, *, key: str, do: Handler) -> Response:
    """Return the first answer under *key*; do the request if there was none. What may be tried again is not kept."""
    if not _KEY.fullmatch(key):
        raise unfit(
            "bad-idempotency-key", "The key cannot be used", "An Idempotency-Key has 1 to 200 visible characters."
        )
    before = await _claim(request, desk, key)
    if before is not None:
        return _again(before)
    name = desk.person.username
    try:
        response = await do(request)
    except Exception as exc:
        answer = response_to(request, exc)
        if answer is None or not _final(exc):
            await desk.write(lambda session: forget_request(session, key=key, username=name))
            raise
        response = answer
    body = json.loads(bytes(response.body)) if response.body else None
    await desk.write(
        lambda session: answer_request(session, key=key, username=name, status=response.status_code, body=body)
    )
    return response


def _final(exc: Exception) -> bool:
    """Say whether asking again under the same key must be answered the same: a rule said no, and has been noted."""
    return isinstance(exc, Refused) and exc.retry_after is None and exc.refusal.status == 409  # noqa: PLR2004


async def _claim(request: Request, desk: Desk, key: str) -> Answer | None:
    digest = hashlib.sha256(b"%s\n%s" % (request.url.query.encode(), await request.body())).hexdigest()
    wall = datetime.now(UTC)  # how long a request has been under way is the machine's business, not the city's
    route = f"{request.method} {request.url.path}"

    def begin(session: Session) -> Answer | None:
        stuck = session.get(IdempotencyRow, (key, desk.person.username))
        if stuck is not None and stuck.status == 0 and stuck.at < wall - CLAIM_MAX:
            session.delete(stuck)
            session.flush()
        return begin_request(session, key=key, username=desk.person.username, route=route, request_hash=digest, at=wall)

    try:
        before = await desk.write(begin)
    except KeyReused as reused:
        raise unfit("idempotency-key-reused", "The key was used for another request", f"{reused}.") from reused
    if before is not None and before.status == 0:
        raise not_now(
            "request-in-progress", "The request is being worked on", "The first one under this key still runs."
        )
    return before


def _again(before: Answer) -> Response:
    problem = before.status >= 400  # noqa: PLR2004
    return JSONResponse(
        before.body,
        before.status,
        headers={"Idempotent-Replayed": "true"},
        media_type=MEDIA_TYPE if problem else "application/json",
    )
