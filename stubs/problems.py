"""How does a stub say no: as a problem document (RFC 9457), as any well-behaved system would?"""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from gateways.errors import Rejected

_NOT_FOUND = frozenset(
    {
        "unknown-account",
        "unknown-payment",
        "unknown-order",
        "unknown-placement",
        "unknown-claim",
        "unknown-key",
        "no-such-day",
    }
)
_BAD = frozenset({"bad-amount", "no-such-order-type", "unreadable", "no-key"})


class Fails(Exception):
    """An answer of *status* on demand, or a request without the right bearer key."""

    def __init__(self, status: int, slug: str) -> None:
        super().__init__(status, slug)
        self.status = status
        self.slug = slug


def tell_problems(app: FastAPI) -> None:
    """Let *app* answer `Rejected` and `Fails` as problem documents."""
    app.add_exception_handler(Rejected, _rejected)
    app.add_exception_handler(Fails, _fails)


async def _rejected(_request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, Rejected), "registered for it alone"
    if exc.slug in _NOT_FOUND:
        status = HTTPStatus.NOT_FOUND
    else:
        status = HTTPStatus.BAD_REQUEST if exc.slug in _BAD else HTTPStatus.CONFLICT
    return _problem(status, exc.slug, exc.detail)


async def _fails(_request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, Fails), "registered for it alone"
    return _problem(exc.status, exc.slug, "The answer was asked to be this one.")


def _problem(status: int, slug: str, detail: str) -> JSONResponse:
    body = {"type": f"/problems/{slug}", "title": slug.replace("-", " "), "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")
