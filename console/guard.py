"""Who looks at a page, may they, and did one of our own pages send this form? Every page goes through here."""

import asyncio
import hmac
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from casework.context import Desk, Installation
from casework.errors import Refused
from casework.permissions import Permission
from casework.signing import signed_in
from console.view import PREFIX, SEE_OTHER, View, environment, form_token
from console.words import Speech, chosen_language
from domain.verdict import Refusal
from models.session import reading

COOKIE, LANGUAGE_COOKIE = "arrears_session", "arrears_language"
TOKEN_FIELD, TOKEN_HEADER = "form_token", "X-Form-Token"  # names, not secrets
NOWHERE = "UTC"
FIELDS_MAX, FILES_MAX, FIELD_BYTES_MAX = 400, 5, 64 * 1024
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}

Handler = Callable[[View], Response | Awaitable[Response]]
PAGES: list["Page"] = []


@dataclass(frozen=True, slots=True)
class Named:
    """How the log and the metrics name a page: by its pattern, never by what stands in its place."""

    path: str


class Page(Route):
    """A page behind the table of permissions, for people who are signed in."""

    def __init__(self, path: str, handler: Handler, *, permission: Permission, method: str, quiet: bool) -> None:
        self.permission, self.handler, self.quiet = permission, handler, quiet
        super().__init__(path, self.answer, methods=[method], name=f"{method} {path}")

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        if match is not Match.NONE:
            child["route"] = Named(f"{PREFIX}{self.path}")
        return match, child

    async def answer(self, request: Request) -> Response:
        form = await _form(request)
        try:
            if not inspect.iscoroutinefunction(self.handler):
                return hardened(await asyncio.to_thread(self._answered, request, form))  # one thread for all that reads
            view = await asyncio.to_thread(self._seen, request, form)
            return hardened(await self.handler(view) if isinstance(view, View) else view)
        finally:
            await form.close()  # the files that were handed in

    def _answered(self, request: Request, form: FormData) -> Response:
        if request.method != "GET":
            return self._handled(self._seen(request, form))
        with reading(installation_of(request).engine) as session:  # all that the page shows, as of one moment
            return self._handled(self._seen(request, form, session))

    def _handled(self, view: View | Response) -> Response:
        if not isinstance(view, View):
            return view
        response = self.handler(view)
        assert isinstance(response, Response), "a handler that awaits nothing answers at once"
        return response

    def _seen(self, request: Request, form: FormData, session: Session | None = None) -> View | Response:
        """Return what the handler is given, or the question who this is; refuse who may not see the page."""
        at, secret = installation_of(request), request.cookies.get(COOKIE, "")
        found = signed_in(at, secret, keep=not self.quiet, session=session) if secret else None
        if found is None:
            return _sign_in_first(request, form)
        desk = Desk(person=found.person, at=at, session=session)
        request.state.desk = desk  # the log tells who it was
        view = View(
            request=request,
            desk=desk,
            user=found.user,
            speech=speech_of(request, found.zone),
            secret=secret,
            now=found.now,
            temporal_ui=request.app.state.temporal_ui,
            form=form,
        )
        request.state.view = view
        if request.method == "POST":
            sent_by_us(request, form, token=form_token(secret))
        desk.need(self.permission)
        return view


def page(
    path: str, permission: Permission, *, method: str = "GET", quiet: bool = False
) -> Callable[[Handler], Handler]:
    """Put a handler on the console's map; without a permission there is no page.

    *quiet*: the browser asks by itself, so that it is no sign of a person at work.
    """

    def put(handler: Handler) -> Handler:
        PAGES.append(Page(path, handler, permission=permission, method=method, quiet=quiet))
        return handler

    return put


def installation_of(request: Request) -> Installation:
    """Return the installation that this process serves."""
    found: Installation = request.app.state.installation_of()
    return found


def speech_of(request: Request, zone: str = NOWHERE) -> Speech:
    """Return the language of this request, by the clock of *zone*; whoever is not signed in is shown no hour."""
    language = chosen_language(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("Accept-Language", ""))
    return Speech(language, zone)


async def _form(request: Request) -> FormData:
    if request.method != "POST":
        return FormData()
    return await request.form(max_files=FILES_MAX, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX)


def sent_by_us(request: Request, form: FormData, *, token: str) -> None:
    """Refuse a form that another site sent, or that brings no token of a page of ours."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    elsewhere = (site is not None and site not in {"same-origin", "none"}) or (
        origin is not None and origin != "null" and urlsplit(origin).netloc != request.headers.get("Host", "")
    )
    given = form.get(TOKEN_FIELD) or request.headers.get(TOKEN_HEADER) or ""
    if elsewhere or not isinstance(given, str) or not hmac.compare_digest(given.encode(), token.encode()):
        raise Refused(
            Refusal(
                slug="not-our-form",
                title="This form did not come from a page of this desk",
                detail="It was not taken: it may have been sent by another site, or by a page of an earlier sign-in.",
                way_out="Go back, load the page anew, and send it again.",
                status=int(HTTPStatus.FORBIDDEN),
            )
        )


def _sign_in_first(request: Request, form: FormData) -> Response:
    """Ask to sign in. What was typed is handed back with the question, so that signing in loses nothing."""
    speech = speech_of(request)
    next_path = request.url.path if request.method == "GET" else ""
    if request.headers.get("HX-Request") == "true":
        text = environment(speech.language).get_template("signed_out.html").render(t=speech, lang=speech.language)
        return Response(text, int(HTTPStatus.UNAUTHORIZED), media_type="text/html")
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{PREFIX}/login?next={quote(next_path + query)}", SEE_OTHER)
    return sign_in_page(request, speech, action=request.url.path, carried=carried(form), status=HTTPStatus.UNAUTHORIZED)


def carried(form: FormData) -> list[tuple[str, str]]:
    """Return what was typed in *form*, its files and its token aside: files must be chosen again."""
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name != TOKEN_FIELD]


def sign_in_page(
    request: Request,
    speech: Speech,
    *,
    action: str = "",
    carried: list[tuple[str, str]] | None = None,
    next_path: str = "",
    username: str = "",
    trouble: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    """Return the page that asks who one is; *carried* is what was typed on the page that *action* would have taken."""
    text = (
        environment(speech.language)
        .get_template("login.html")
        .render(
            t=speech,
            lang=speech.language,
            here=request.url.path,
            action=action,
            carried=carried or [],
            next_path=next_path,
            username=username,
            trouble=trouble,
        )
    )
    return Response(text, int(status), media_type="text/html")


def ours(path: str) -> bool:
    """Say whether *path* leads to a page of the console and nowhere else."""
    parts = urlsplit(path)
    return not parts.netloc and not parts.scheme and (path == PREFIX or path.startswith(f"{PREFIX}/"))


def hardened(response: Response) -> Response:
    """Return *response* as no other site may use it and no shared machine may keep it."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
