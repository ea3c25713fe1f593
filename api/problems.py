"""How does every error look: one problem body (RFC 9457), with a stable type and nothing personal in it?"""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from api.wire import wire
from casework.errors import Refused
from domain.policy import PolicyGap
from domain.verdict import Refusal

MEDIA_TYPE = "application/problem+json"
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_ECHOES = frozenset({"union_tag_invalid", "json_invalid", "value_error"})
"""Kinds of fault whose own message may repeat what was sent."""


class Fault(BaseModel, extra="forbid"):
    """One field that cannot be taken, by its place in the request; what stood there is not repeated."""

    where: list[str | int]
    rule: str
    says: str


class Problem(BaseModel, extra="forbid"):
    """Why not. *type* is stable for machines; *detail* names rule, fact and way out for a person at a desk."""

    type: str = Field(examples=["/problems/not-at-this-stage"])
    title: str
    status: int
    detail: str
    instance: str | None = None
    rules: list[str] = []
    citations: list[str] = []
    way_out: str = ""
    outcomes: list[dict[str, Any]] = []
    faults: list[Fault] = []
    changed: list[str] = []


RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": HTTPStatus(code).phrase, "content": {MEDIA_TYPE: {}}}
    for code in (401, 403, 404, 409, 412, 422, 500, 503)
}


def problem_of(refusal: Refusal, *, instance: str | None = None) -> Problem:
    """Return the problem that a refusal amounts to."""
    return Problem(
        type=f"/problems/{refusal.slug}",
        title=refusal.title,
        status=refusal.status,
        detail=refusal.detail,
        instance=instance,
        rules=list(refusal.rules),
        citations=list(refusal.citations),
        way_out=refusal.way_out,
        outcomes=[wire(outcome) for outcome in refusal.outcomes],
    )


def plain(status: int, slug: str, detail: str, *, instance: str | None = None, **more: Any) -> Problem:  # noqa: ANN401
    """Return a problem that no rule of the house is behind: HTTP's own."""
    return Problem(
        type=f"/problems/{slug}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=instance,
        **more,
    )


def answer(problem: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return *problem* as a response; what it does not say is left out."""
    body = problem.model_dump(mode="json", exclude_defaults=True)
    return JSONResponse(body, problem.status, headers=headers, media_type=MEDIA_TYPE)


def response_to(request: Request, exc: Exception) -> JSONResponse | None:
    """Return the answer to *exc*; none if it is a bug, which stays loud."""
    match exc:
        case Refused():
            headers = {"Retry-After": str(exc.retry_after)} if exc.retry_after else None
            return answer(problem_of(exc.refusal, instance=_instance(request)), headers)
        case PolicyGap():
            return answer(plain(422, "policy-gap", f"{exc}.", instance=_instance(request)))
        case RequestValidationError():
            detail = "Some fields of the request cannot be taken."
            faults = _faults(exc.errors())
            return answer(plain(422, "malformed-request", detail, instance=_instance(request), faults=faults))
        case HTTPException(status_code=405):
            detail = f"{request.method} is not understood here."
            headers = {"Allow": ", ".join(sorted(allowed(request.app.routes, request.scope)))}
            return answer(plain(405, "method-not-allowed", detail), headers)
        case HTTPException():
            slug = "not-found" if exc.status_code == HTTPStatus.NOT_FOUND else "http"
            detail = HTTPStatus(exc.status_code).description or HTTPStatus(exc.status_code).phrase
            return answer(plain(exc.status_code, slug, detail), dict(exc.headers or {}))
        case _:
            return None


def register(app: FastAPI) -> None:
    """Let *app* answer every error of its own with a problem."""

    async def tell(request: Request, exc: Exception) -> JSONResponse:
        response = response_to(request, exc)
        assert response is not None, "registered for errors that have an answer"
        return response

    for kind in (Refused, PolicyGap, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, tell)


def allowed(routes: Sequence[BaseRoute], scope: Scope) -> set[str]:
    """Return every method that some route takes at this path: the first route alone would hide the others'."""
    found: set[str] = set()
    for route in routes:
        match, _ = route.matches(scope)
        if match is not Match.NONE:
            found |= set(getattr(route, "methods", None) or ())
    return found


def _instance(request: Request) -> str | None:
    """Return the path where it is one of ours, so that only numbers of ours stand in it."""
    return request.url.path if "route" in request.scope else None


def _faults(errors: Sequence[Any]) -> list[Fault]:
    return [
        Fault(
            where=[_place(part) for part in error["loc"]],
            rule=error["type"],
            says=_says(error),
        )
        for error in errors
    ]


def _says(error: Mapping[str, Any]) -> str:
    """Return what is wrong, and what may stand there where that is a choice of ours; what was sent is not repeated."""
    if error["type"] == "union_tag_invalid":
        return f"It is one of {error['ctx']['expected_tags']}."
    return "It cannot be read as what is expected here." if error["type"] in _ECHOES else str(error["msg"])


def _place(part: str | int) -> str | int:
    """Return a part of the place of a fault; a name that is no field name may be anything, and is not repeated."""
    return part if isinstance(part, int) or _FIELD_NAME.fullmatch(part) else "?"
