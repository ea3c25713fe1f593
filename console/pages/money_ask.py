"""Asking for a correction or a refund of an account that has no open case: a paid-up customer, a final credit."""

import re
from asyncio import to_thread

from starlette.responses import Response

from casework.adjustments import propose_adjustment
from casework.asking import asking
from casework.errors import Refused
from casework.permissions import Permission
from casework.refunds import propose_refund
from casework.worklists import names_of
from console.guard import page
from console.labels_kept import ADJUSTED
from console.labels_money import PAYEES
from console.typed import amount_of, day_of, no_day
from console.view import View
from domain.account import Service
from domain.adjustments import Adjusting, AdjustmentReason, AdjustmentState
from domain.money import Money
from domain.refunds import Payee
from domain.verdict import Refusal

LESS, MORE = "less", "more"
CORRECTION, REFUND = "correction", "refund"
TYPED = ("service", "way", "amount", "reason", "about_on", "fund", "because", "payee", "key")
FUND = re.compile(r"[A-Za-z0-9 _.-]{0,40}")  # as the API takes it: it stands in the ledger, and names nobody
UNFIT = 422


@page("/money-out/accounts/{account_no:str}", Permission.PROPOSE_ADJUSTMENT)
async def ask(view: View) -> Response:
    """Show what can be asked for of an account; where it has an open case, the way there."""
    return await _ask(view)


@page("/money-out/accounts/{account_no:str}/correction", Permission.PROPOSE_ADJUSTMENT, method="POST")
async def ask_correction(view: View) -> Response:
    """Ask for a correction of the balance, or let it stand at once where one's own word is enough."""
    asked = _unsaid(view) or _correction(view)
    if isinstance(asked, Refusal):
        return await _ask(view, asked, CORRECTION)
    account_no, because, key = view.path("account_no"), view.typed("because"), view.typed("key")
    try:
        seen = await to_thread(propose_adjustment, view.desk, account_no, asked, because=because, key=key)
    except Refused as refused:
        return await _ask(view, refused.refusal, CORRECTION)
    stands = seen.row.state == AdjustmentState.APPROVED
    return _done(view, "stands" if stands else "asked")


@page("/money-out/accounts/{account_no:str}/refund", Permission.PROPOSE_MONEY, method="POST")
async def ask_refund(view: View) -> Response:
    """Ask that credit be paid out."""
    amount, payee = _amount(view), view.typed("payee")
    if _unsaid(view) or amount is None or payee not in PAYEES:
        return await _ask(view, _unsaid(view) or _no_amount(), REFUND)
    try:
        await propose_refund(
            view.desk,
            view.path("account_no"),
            amount=amount,
            payee=Payee(payee),
            because=view.typed("because"),
            key=view.typed("key"),
        )
    except Refused as refused:
        return await _ask(view, refused.refusal, REFUND)
    return _done(view, "asked")


def _done(view: View, done: str) -> Response:
    what = "&what=lately" if done == "stands" else ""
    account_no = view.path("account_no")
    return view.go(f"/money-out?account_no={account_no}{what}&done={done}&of={account_no}")


def _correction(view: View) -> Adjusting | Refusal:
    """Return what was typed as a correction, or what of it cannot be read."""
    amount, about_on = _amount(view), day_of(view.typed("about_on"))
    if about_on is None:
        return no_day()
    service, reason, way = view.typed("service"), view.typed("reason"), view.typed("way")
    if amount is None or way not in {LESS, MORE} or service not in set(Service) or reason not in ADJUSTED:
        return _no_amount()
    if not FUND.fullmatch(view.typed("fund")):
        return Refusal(
            slug="no-such-fund",
            title="This is no fund",
            detail="A fund is named by letters, digits, blanks, dots and dashes, 40 at most.",
            way_out="Write its number, or leave it empty.",
            status=UNFIT,
        )
    return Adjusting(
        service=Service(service),
        amount=amount if way == MORE else -amount,
        reason=AdjustmentReason(reason),
        about_on=about_on,
        fund=view.typed("fund"),
    )


def _unsaid(view: View) -> Refusal | None:
    """Return that nothing was said of why it is asked for; none if something was."""
    if view.typed("because"):
        return None
    return Refusal(
        slug="no-reason",
        title="A reason is needed",
        detail="A second person decides by what is said here.",
        way_out="Say why it is asked for.",
        status=UNFIT,
    )


def _amount(view: View) -> Money | None:
    """Return the sum that was typed, above zero; none if there is none."""
    try:
        amount = amount_of(view.typed("amount"))
    except ValueError:
        return None
    return amount if amount.cents > 0 else None


def _no_amount() -> Refusal:
    return Refusal(
        slug="no-such-amount",
        title="This cannot be read",
        detail="An amount is written above zero, in dollars and cents, such as 84.20.",
        way_out="Write the amount, and choose what else is asked for.",
        status=UNFIT,
    )


async def _ask(view: View, refusal: Refusal | None = None, where: str = "") -> Response:
    account_no = view.path("account_no")
    found = await asking(view.desk, account_no)
    names = await to_thread(names_of, view.desk, [account_no])
    return view.draw(
        "money_ask.html",
        status=refusal.status if refusal else 200,
        found=found,
        name=names.get(account_no, ("", ""))[0],
        reasons=tuple(ADJUSTED),
        payees=tuple(PAYEES),
        today=view.speech.local_day(view.now),
        refusal=refusal,
        where=where,
        typed={name: view.typed(name) for name in TYPED},
    )
