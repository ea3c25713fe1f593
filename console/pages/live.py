"""What have others done meanwhile to what I am looking at? Told as it happens, by server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Callable

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from casework.cases import case
from casework.overview import since
from casework.permissions import Permission
from casework.signing import signed_in
from casework.worklists import mark_of_work
from console.guard import page
from console.view import View

LOOK_SECONDS = 2.0  # how soon others' acts show
LOOKS_MAX = 300  # after ten minutes the browser asks anew, and a session that is over ends there
SIGNED_IN_EVERY = 30  # looks
SEQ_DIGITS_MAX = 9


@page("/live/worklist", Permission.SEE_CASES, quiet=True)
async def of_worklist(view: View) -> Response:
    """Tell when a case of mine has changed, came to me or left me."""
    first = await asyncio.to_thread(mark_of_work, view.desk)

    def look() -> str:
        return view.text("news_worklist.html") if mark_of_work(view.desk) != first else ""

    return _stream(view, look)


@page("/live/cases/{case_id:str}", Permission.SEE_CASES, quiet=True)
async def of_case(view: View) -> Response:
    """Tell what happened in the case after the event that the page has shown, who did it, and when."""
    case_id, seen = view.path("case_id"), view.query("seen")
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= SEQ_DIGITS_MAX else 0

    def look() -> str:
        if case(view.desk, case_id).seq <= known:
            return ""
        return view.text("news_case.html", entries=since(view.desk, case_id, known))

    await asyncio.to_thread(look)  # a case that is not there is refused before the stream begins
    return _stream(view, look)


def _stream(view: View, look: Callable[[], str]) -> Response:
    return EventSourceResponse(_news(view, look), ping=15, headers={"Cache-Control": "no-store"})


async def _news(view: View, look: Callable[[], str]) -> AsyncIterator[ServerSentEvent]:
    """Yield what *look* finds whenever it is something else than before."""
    told = ""
    for number in range(LOOKS_MAX):
        if number % SIGNED_IN_EVERY == SIGNED_IN_EVERY - 1:
            still = await asyncio.to_thread(signed_in, view.desk.at, view.secret, keep=False)
            if still is None:
                return
        found = await asyncio.to_thread(look)
        if found and found != told:
            told = found
            yield ServerSentEvent(data=found)  # unnamed: htmx swaps no others
        await asyncio.sleep(LOOK_SECONDS)
