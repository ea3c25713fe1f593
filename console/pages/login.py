"""How does a person sign in and out, choose a language, and find again what they had typed?"""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casework.permissions import Permission
from casework.signing import sign_in, sign_out
from console.fact_forms import DETAIL, QUESTIONS, WORDS
from console.forms import CHOICES, LABELS
from console.guard import (
    COOKIE,
    LANGUAGE_COOKIE,
    TOKEN_FIELD,
    hardened,
    installation_of,
    ours,
    page,
    sent_by_us,
    sign_in_page,
    speech_of,
)
from console.view import PREFIX, SEE_OTHER, View, environment, form_token
from console.words import LANGUAGES, N_, Speech

ELSEWHERE: Final[Mapping[str, str]] = {
    "account_no": N_("Account number"),
    "receipt": N_("Number of the receipt"),
    "lines": N_("Address, at most three lines"),
    "name": N_("Name"),
    "letter_id": N_("Letter"),
    "title": N_("What it is, in a few words"),
    "text": N_("Search"),
}
"""What forms that are not of decisions ask."""

CARRIED = "carried:"  # what was typed travels through the sign-in under this prefix
TRIES_MAX, TRIES_SECONDS = 8, 60.0  # for one user name; a person mistypes a few times, a guesser thousands
YEAR_SECONDS = 365 * 86_400

Tries = dict[str, deque[float]]
"""When each user name was tried of late; kept by the console of an installation."""


async def ask(request: Request) -> Response:
    """Ask who one is."""
    next_path = request.query_params.get("next", "")
    return hardened(sign_in_page(request, speech_of(request), next_path=next_path if ours(next_path) else ""))


async def enter(request: Request) -> Response:
    """Let a person in, and lead them to where they wanted to go, or back to what they had typed."""
    form = await request.form()
    sent_by_us(request, FormData([(TOKEN_FIELD, "")]), token="")  # nobody has a token yet; where it came from is known
    username, password = str(form.get("username", "")).strip(), str(form.get("password", ""))
    carried = [
        (name.removeprefix(CARRIED), str(value)) for name, value in form.multi_items() if name.startswith(CARRIED)
    ]
    action, next_path = str(form.get("action", "")), str(form.get("next", ""))
    speech = speech_of(request)

    def again(trouble: str, status: int) -> Response:
        response = sign_in_page(
            request,
            speech,
            action=action if ours(action) else "",
            carried=carried,
            next_path=next_path if ours(next_path) else "",
            username=username,
            trouble=trouble,
            status=status,
        )
        return hardened(response)

    tries: Tries = request.app.state.tries
    if _too_often(tries, username):
        return again(N_("Too many tries for this name. Wait a minute, then try again."), HTTPStatus.TOO_MANY_REQUESTS)
    at = installation_of(request)
    secret = await asyncio.to_thread(sign_in, at, username=username, password=password)
    if secret is None:
        says = N_("Name and password do not belong together, or this user may not work today.")
        return again(says, HTTPStatus.UNAUTHORIZED)
    tries.pop(username, None)
    response: Response
    if carried and ours(action):
        template = environment(speech.language).get_template("resume.html")
        text = template.render(
            t=speech,
            lang=speech.language,
            action=action,
            carried=carried,
            shown=[(_asked(name), _answered(speech, name, value)) for name, value in carried if value and _asked(name)],
            form_token=form_token(secret),
        )
        response = Response(text, media_type="text/html")
    else:
        response = RedirectResponse(next_path if ours(next_path) else f"{PREFIX}/", SEE_OTHER)
    response.set_cookie(
        COOKIE, secret, path=PREFIX, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return hardened(response)


def _asked(name: str) -> str:
    """Return what the form called the field of *name*; nothing for what no person types."""
    return LABELS.get(name) or QUESTIONS.get(name.removeprefix(DETAIL)) or ELSEWHERE.get(name, "")


def _answered(speech: Speech, name: str, value: str) -> str:
    """Return the words of what was chosen, else what was typed as it was typed."""
    words = WORDS if name.startswith(DETAIL) else CHOICES.get(name, {})
    return speech.say(words[value]) if value in words else value


def _too_often(tries: Tries, username: str) -> bool:
    """Say whether this name was tried too often of late; this try counts."""
    now = time.monotonic()
    if len(tries) > 10_000:  # noqa: PLR2004  # names made up by a guesser are not kept for ever
        tries.clear()
    of_name = tries.setdefault(username, deque(maxlen=TRIES_MAX))
    often = len(of_name) == TRIES_MAX and now - of_name[0] < TRIES_SECONDS
    of_name.append(now)
    return often


async def choose_language(request: Request) -> Response:
    """Keep the language that someone chose, for a year, and go back to where they were."""
    form = await request.form()
    chosen, back = str(form.get("language", "")), str(form.get("back", ""))
    response = RedirectResponse(back if ours(back) else f"{PREFIX}/", SEE_OTHER)
    if chosen in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR_SECONDS, path=PREFIX, samesite="lax", httponly=True)
    return hardened(response)


ROUTES = [
    Route("/login", ask, methods=["GET"]),
    Route("/login", enter, methods=["POST"]),
    Route("/language", choose_language, methods=["POST"]),
]


@page("/logout", Permission.PROBE, method="POST")
def leave(view: View) -> Response:
    """End the session, here and wherever else its cookie lies."""
    sign_out(view.desk.at, view.secret)
    response = RedirectResponse(f"{PREFIX}/login", SEE_OTHER)
    response.delete_cookie(COOKIE, path=PREFIX)
    return response


@page("/", Permission.PROBE)
def home(view: View) -> Response:
    """Lead everyone to the page that they work from."""
    return view.go("/worklist")
