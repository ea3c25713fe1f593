"""What does the process say of each request, to its log and to its metrics, without naming anyone?"""

import time
import traceback
from http import HTTPStatus
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import answer, plain, problem_of
from casework.errors import RETRY_SECONDS, database_away
from models.session import is_away

UNMATCHED = "(none)"
FRAMES_MAX = 12
_ROOT = Path(__file__).resolve().parent.parent

_BUG = answer(plain(500, "internal-error", "Something went wrong here. It has been noted."))
_AWAY = answer(problem_of(database_away().refusal), {"Retry-After": str(RETRY_SECONDS)})

log = structlog.get_logger("api")


class Observed:
    """Counts, times and logs every request by method, route, status and user; never its query, headers or body.

    A bug ends as a 500 problem here, a database that does not answer as a 503; both are logged by type and place
    alone: messages of exceptions quote what was sent.
    """

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._count = Counter(
            "arrears_http_requests", "Requests answered", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "arrears_http_seconds", "Seconds until the answer", ("method", "route"), registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as bug:  # noqa: BLE001  # the last resort: it is logged, counted and answered
            away = is_away(bug)
            what = "database away" if away else "bug"
            log.error(what, error=type(bug).__name__, at=_frames(bug))  # noqa: TRY400  # a traceback quotes values
            if status == 0:
                await (_AWAY if away else _BUG)(scope, receive, watched)
        finally:
            self._note(scope, status or HTTPStatus.INTERNAL_SERVER_ERROR, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNMATCHED)
        self._count.labels(scope["method"], route, str(status)).inc()
        self._seconds.labels(scope["method"], route).observe(seconds)
        desk = getattr(Request(scope).state, "desk", None)
        log.info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            user=desk.person.username if desk else "",
        )


def _frames(bug: BaseException) -> list[str]:
    """Return where it happened, innermost last, without the text of any line or value."""
    frames = traceback.extract_tb(bug.__traceback__)[-FRAMES_MAX:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
