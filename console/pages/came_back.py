"""Money that came back: what follows from it, what a person lets go out again, and the file for the bank."""

from asyncio import to_thread
from collections.abc import Callable

from starlette.responses import Response

from casework.checks import let_check
from casework.declined import declines
from casework.errors import Refused
from casework.exports import exports
from casework.permissions import Permission
from casework.returned import RETRIES, due_again, present_again, put_right, returned, way_again
from casework.worklists import names_of
from console.guard import page
from console.typed import day_of, no_day
from console.view import View
from domain.verdict import Refusal

SHOWN, FILES_SHOWN = 100, 5
UNFIT = 422


@page("/exceptions", Permission.SEE_CASES)
def exceptions(view: View) -> Response:
    """Show money that came back and cards that were refused."""
    return _exceptions(view)


@page("/exceptions/{payment_id:str}/put-right", Permission.SEND_MONEY, method="POST")
def post_put_right(view: View) -> Response:
    """Let a draft that was not as authorized go out again, its fault put right."""
    return _asked(view, lambda payment_id: put_right(view.desk, payment_id, because=view.typed("because")))


@page("/exceptions/{payment_id:str}/check", Permission.SEND_MONEY, method="POST")
def post_check(view: View) -> Response:
    """Let a check be presented again as an entry, by what stands on it."""
    dated_on = day_of(view.typed("dated_on"))
    if dated_on is None:
        return _exceptions(view, refusal=no_day(), where=view.path("payment_id"), status=UNFIT)
    consumer = view.typed("whose") == "consumer"
    return _asked(view, lambda payment_id: let_check(view.desk, payment_id, dated_on=dated_on, consumer=consumer))


@page("/exceptions/present", Permission.SEND_MONEY, method="POST")
async def post_present(view: View) -> Response:
    """Write the bank's file of what is due to be presented again."""
    try:
        made = await present_again(view.desk)
    except Refused as refused:
        refusal = refused.refusal
        return await to_thread(_exceptions, view, refusal=refusal, where="file", status=refusal.status)
    return view.go(f"/exceptions?done={'file' if made.export else 'none'}#file")


def _asked(view: View, ask: Callable[[str], object]) -> Response:
    payment_id = view.path("payment_id")
    try:
        ask(payment_id)
    except Refused as refused:
        return _exceptions(view, refusal=refused.refusal, where=payment_id, status=refused.refusal.status)
    return view.go("/exceptions?done=again#file")


def _exceptions(view: View, *, refusal: Refusal | None = None, where: str = "", status: int = 200) -> Response:
    account_no = view.query("account_no")
    account_no = account_no if account_no.isascii() and account_no.isdigit() else ""
    found = returned(view.desk, account_no=account_no or None, after=view.query("after"), limit=SHOWN + 1)
    items, cards = found[:SHOWN], declines(view.desk, account_no=account_no, limit=SHOWN)
    may_send = view.desk.may(Permission.SEND_MONEY)
    numbers = [*(row.account_no for row in items), *(row.account_no for row in cards)]
    return view.draw(
        "exceptions.html",
        status=status,
        items=items,
        after=items[-1].payment_id if len(found) > SHOWN else "",
        shown=SHOWN,
        cards=cards,
        again={row.payment_id for row in due_again(view.desk)},
        ways_again={row.payment_id: way_again(row) for row in items} if may_send else {},
        files=exports(view.desk, RETRIES)[:FILES_SHOWN] if may_send else (),
        names=names_of(view.desk, numbers),
        account_no=account_no,
        today=view.speech.local_day(view.now),
        refusal=refusal,
        where=where,
        done=view.query("done"),
        typed={name: view.typed(name) for name in ("because", "dated_on", "whose")},
    )
