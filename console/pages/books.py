"""Bank days held against statement and billing, what differs and why, the closing of the books, and the month."""

from asyncio import to_thread
from datetime import date

from starlette.responses import Response

from casework.errors import Refused
from casework.month_end import MonthEnd, month_end
from casework.permissions import Permission
from casework.reconciliation import Day, assign, close, explain, need_of_day, reconcile
from console.guard import page
from console.labels_money import MOVEMENTS
from console.typed import day_of
from console.view import View
from domain.calendar import DAY
from domain.verdict import Refusal

UNFIT = 422


@page("/books", Permission.SEE_REPORTS)
async def books(view: View) -> Response:
    """Show one bank day, the last that is over unless another is asked for; with `month`, its month too."""
    asked = view.query("on")
    on = day_of(asked) if asked else await to_thread(_last_bank_day, view)
    if on is None:
        refusal = Refusal(slug="no-day", title="This is no day", detail="Write it as year-month-day.", status=UNFIT)
        return await _books(view, await to_thread(_last_bank_day, view), refusal=refusal)
    return await _books(view, on)


async def _books(view: View, on: date, *, refusal: Refusal | None = None, where: str = "") -> Response:
    day: Day | None = None
    pack: MonthEnd | None = None
    try:
        day = await reconcile(view.desk, on)
        pack = await month_end(view.desk, on.year, on.month) if view.query("month") else None
    except Refused as refused:
        refusal = refusal or refused.refusal
    return view.draw(
        "books.html",
        status=refusal.status if refusal else 200,
        on=on,
        day=day,
        pack=pack,
        movements=MOVEMENTS,
        refusal=refusal,
        where=where,
        done=view.query("done"),
    )


@page("/books/{on:str}/breaks/{break_id:str}", Permission.RECONCILE, method="POST")
async def settle(view: View) -> Response:
    """Explain a break; without a reason, say that one looks into it oneself."""
    on, break_id = day_of(view.path("on")) or date.min, view.path("break_id")
    because = view.typed("because")
    try:
        await to_thread(need_of_day, view.desk, on, break_id)
        if because:
            await to_thread(explain, view.desk, break_id, because=because)
        else:
            await to_thread(assign, view.desk, break_id, to=view.user.username)
    except Refused as refused:
        return await _books(view, on, refusal=refused.refusal, where=break_id)
    return view.go(f"/books?on={on}")


@page("/books/{on:str}/close", Permission.RECONCILE, method="POST")
async def shut(view: View) -> Response:
    """Close the books through a day."""
    on = day_of(view.path("on")) or date.min
    try:
        await close(view.desk, on)
    except Refused as refused:
        return await _books(view, on, refusal=refused.refusal, where="close")
    return view.go(f"/books?on={on}&done=closed")


def _last_bank_day(view: View) -> date:
    """Return the last bank day before today: today's money is still on its way."""
    calendar, day = view.desk.policy().calendar, view.desk.today() - DAY
    while not calendar.is_bank_day(day):
        day -= DAY
    return day
