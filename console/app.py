"""How do pages, static files and errors become one application, to be mounted under ``/desk``?"""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from casework.context import Installation
from casework.errors import Refused, database_away
from console import pages
from console.guard import PAGES, hardened, speech_of
from console.view import PREFIX, SEE_OTHER, View, environment
from domain.verdict import Refusal
from models.session import is_away

OFTEN = (
    "/worklist",
    "/live/worklist",
    "/live/cases/{case_id:str}",
    "/accounts/{account_no:str}",
    "/call/{account_no:str}",
)
"""The pages that are asked for all day: an address is held against one page after the other, these first."""

STATIC = Path(__file__).parent / "static"
_DAY_SECONDS = 86_400


class _Kept(StaticFiles):
    """Static files that a browser may keep for a day: a new release changes them with the page that names them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = f"public, max-age={_DAY_SECONDS}"
        return hardened(response)


def create_console(installation_of: Callable[[], Installation], *, temporal_ui: str = "") -> Starlette:
    """Return the console over whatever installation *installation_of* gives when a page is asked for.

    *temporal_ui*: where Temporal's own Web UI answers; with none, no page links to it.
    """
    assert pages.__all__, "importing the room put its pages on the map"
    console = Starlette(
        routes=[
            *sorted(PAGES, key=lambda page: page.path not in OFTEN),
            *pages.login.ROUTES,
            Mount("/static", _Kept(directory=STATIC), name="static"),
        ],
        exception_handlers={
            Refused: _refused,
            HTTPException: _not_there,
            HTTPStatus.INTERNAL_SERVER_ERROR: _broken,
        },
    )
    console.state.installation_of = installation_of
    console.state.temporal_ui = temporal_ui
    console.state.tries = pages.login.Tries()
    return console


def mounted(console: Starlette) -> list[BaseRoute]:
    """Return the routes by which the API's application serves *console*, and leads whoever asks for nothing to it."""

    async def to_console(_: Request) -> Response:
        return RedirectResponse(f"{PREFIX}/", SEE_OTHER)

    return [Mount(PREFIX, console), Route("/", to_console)]


async def _refused(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, Refused), "registered for refusals"
    return _told(request, exc.refusal, retry_after=exc.retry_after)


async def _not_there(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException), "registered for HTTP's own errors"
    refusal = Refusal(
        slug="no-such-page",
        title="There is no such page",
        detail="Its address may be mistyped, or lead to something that is no page of this desk.",
        way_out="Go back, take a way from the menu, or search for the account or the case.",
        status=exc.status_code,
    )
    return _told(request, refusal)


async def _broken(request: Request, exc: Exception) -> Response:
    if is_away(exc):
        return await _refused(request, database_away())
    refusal = Refusal(
        slug="internal-error",
        title="Something went wrong here",
        detail="It has been noted. What you typed was not taken.",
        way_out="Go back; what you typed is still there. If it happens again, tell whoever runs this installation.",
        status=int(HTTPStatus.INTERNAL_SERVER_ERROR),
    )
    return _told(request, refusal)


def _told(request: Request, refusal: Refusal, *, retry_after: int | None = None) -> Response:
    """Return a page, or for htmx a part of one, that says why not and what to do."""
    view: View | None = getattr(request.state, "view", None)
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    if view is None:
        speech = speech_of(request)
        template = environment(speech.language).get_template("refused_bare.html")
        text = template.render(t=speech, lang=speech.language, refusal=refusal)
    else:
        text = view.text("refusal.html" if view.asked_by_htmx else "refused.html", refusal=refusal)
    return hardened(Response(text, refusal.status, headers, media_type="text/html"))
