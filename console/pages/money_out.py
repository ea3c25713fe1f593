"""Corrections of balances and refunds: what waits for a second person, the file that pays, deposits, credit."""

from asyncio import to_thread
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from activities.deposits import Held
from casework import deposits, going_out, refunds
from casework.adjustments import decide_adjustment
from casework.credit import credit_balances
from casework.errors import Refused
from casework.exports import exports
from casework.permissions import Permission
from casework.summaries import Line
from casework.worklists import names_of
from console.guard import page
from console.labels_money import REFUND_ENDS
from console.typed import day_of, no_day
from console.view import View
from domain.refunds import RefundState
from domain.verdict import Refusal

WAIT, UNDER_WAY, LATELY, DEPOSITS, CREDIT = "wait", "under_way", "lately", "deposits", "credit"
TABS: Final = {
    WAIT: "/money-out",
    UNDER_WAY: "/money-out?what=under_way",
    LATELY: "/money-out?what=lately",
    DEPOSITS: "/money-out/deposits",
    CREDIT: "/money-out/credit",
}
"""The parts of the page and their addresses: what asks billing has one of its own."""
FILES_SHOWN, LINES_SHOWN = 5, 200
UNFIT = 422


@dataclass(frozen=True, slots=True)
class Trouble:
    """A refusal, what it is about, and what stands on the page: it is said there, or above all where that is gone."""

    refusal: Refusal
    where: str
    drawn: Collection[str]


@page("/money-out", Permission.SEE_REPORTS)
def money_out(view: View) -> Response:
    """Show what waits for a second person, what is on its way, or what was decided lately."""
    return _part(view, view.query("what"))


@page("/money-out/corrections/{adjustment_id:str}", Permission.APPROVE_MONEY, method="POST")
def decide_correction(view: View) -> Response:
    """Let a correction stand, or not, with the reason."""
    approves, adjustment_id = view.typed("say") == "approve", view.path("adjustment_id")

    def decide() -> object:
        return decide_adjustment(view.desk, adjustment_id, approve=approves, because=view.typed("because"))

    return _asked(view, decide, where=adjustment_id, done="approved" if approves else "rejected")


@page("/money-out/refunds/{refund_id:str}", Permission.APPROVE_MONEY, method="POST")
async def decide_refund(view: View) -> Response:
    """Let a refund go out, or not, with the reason. The rules are asked once more."""
    refund_id = view.path("refund_id")
    if view.typed("say") != "approve":
        return await to_thread(
            _asked,
            view,
            lambda: refunds.reject_refund(view.desk, refund_id, because=view.typed("because")),
            where=refund_id,
            done="rejected",
        )
    try:
        await refunds.approve_refund(view.desk, refund_id)
    except Refused as refused:
        return await to_thread(_part, view, WAIT, refusal=refused.refusal, where=refund_id)
    return _done(view, WAIT, "approved")


@page("/money-out/file", Permission.SEND_MONEY, method="POST")
def write_file(view: View) -> Response:
    """Write the file by which accounts payable pays what was approved."""
    try:
        export = refunds.export_refunds(view.desk)
    except Refused as refused:
        return _part(view, UNDER_WAY, refusal=refused.refusal, where="file")
    return _done(view, UNDER_WAY, "file" if export else "none")


@page("/money-out/refunds/{refund_id:str}/end", Permission.SEND_MONEY, method="POST")
def end(view: View) -> Response:
    """Say what became of a refund that was handed out."""
    refund_id, what = view.path("refund_id"), view.typed("what")
    if what not in REFUND_ENDS:
        refusal = Refusal(
            slug="no-such-end",
            title="Say what became of it",
            detail="It was cashed, it is credit again, or the State has it.",
            status=UNFIT,
        )
        return _part(view, UNDER_WAY, refusal=refusal, where=refund_id)

    def told() -> object:
        return refunds.end_refund(view.desk, refund_id, what=RefundState(what), because=view.typed("because"))

    return _asked(view, told, where=refund_id, done="ended", part=UNDER_WAY)


@page("/money-out/deposits", Permission.SEE_REPORTS)
async def show_deposits(view: View) -> Response:
    """Show the deposits that wait to be applied, and those applied lately; of one account, what billing holds."""
    return await _deposits(view)


@page("/money-out/deposits/apply", Permission.APPLY_DEPOSIT, method="POST")
async def apply(view: View) -> Response:
    """Apply a deposit and its interest to what is owed at the end of service."""
    account_no, final_on = view.typed("account"), day_of(view.typed("final_on"))
    if final_on is None:
        return await _deposits(view, refusal=no_day(), where=account_no)
    try:
        await deposits.apply_deposit(view.desk, account_no, final_on=final_on)
    except Refused as refused:
        return await _deposits(view, refusal=refused.refusal, where=account_no)
    return _done(view, DEPOSITS, "applied")


@page("/money-out/credit", Permission.SEE_REPORTS)
async def show_credit(view: View) -> Response:
    """Show the accounts that have credit. Billing is asked about every account."""
    lines: list[Line] = []
    refusal = None
    try:
        lines = list(await credit_balances(view.desk))
    except Refused as refused:
        refusal = refused.refusal
    account_no = _account_no(view)
    lines = [line for line in lines if account_no in {"", line["account_no"]}]
    shown = lines[:LINES_SHOWN]
    return await to_thread(
        _draw,
        view,
        CREDIT,
        [str(line["account_no"]) for line in shown],
        Trouble(refusal, "", ()) if refusal else None,
        lines=shown,
        more=len(lines) - len(shown),
        in_all=sum(int(line["credit"]) for line in lines),
        day_of=date.fromisoformat,
    )


def _asked(view: View, ask: Callable[[], object], *, where: str, done: str, part: str = WAIT) -> Response:
    """Ask for something; a refusal is said beside what it is about."""
    try:
        ask()
    except Refused as refused:
        return _part(view, part, refusal=refused.refusal, where=where)
    return _done(view, part, done, of=where)


def _done(view: View, part: str, done: str, *, of: str = "") -> Response:
    """Lead on to the list that was decided in, with what was done; what was typed *of* it need not be kept any more."""
    narrowed = {"account_no": account_no} if (account_no := _account_no(view)) else {}
    path, _, query = TABS[part].partition("?")
    return view.go(f"{path}?{query}{'&' if query else ''}{urlencode({'done': done, 'of': of} | narrowed)}")


def _part(view: View, what: str, *, refusal: Refusal | None = None, where: str = "") -> Response:
    desk, account_no = view.desk, _account_no(view) or None
    after, behind = (view.typed(name) or view.query(name) for name in ("after", "behind"))
    match what:
        case "under_way":
            out = going_out.under_way(desk, account_no=account_no, after=after, approved_after=behind)
            files = exports(desk, refunds.REFUNDS)[:FILES_SHOWN] if desk.may(Permission.SEND_MONEY) else ()
            drawn = {"file"} | {each.row.refund_id for each in out.handed_out}
            said = None if refusal is None else Trouble(refusal, where, drawn)
            numbers = [each.row.account_no for each in [*out.approved, *out.handed_out]]
            return _draw(view, what, numbers, said, out=out, files=files, ends=tuple(REFUND_ENDS))
        case "lately":
            late = going_out.lately(desk, account_no=account_no)
            numbers = [each.row.account_no for each in late.corrections] + [
                each.row.account_no for each in late.refunds
            ]
            return _draw(view, what, numbers, late=late, most=going_out.SHOWN)
        case _:
            waits = going_out.waits(desk, account_no=account_no, after=after, refunds_after=behind)
            drawn = {each.row.adjustment_id for each in waits.corrections}
            drawn |= {each.row.refund_id for each in waits.refunds}
            said = None if refusal is None else Trouble(refusal, where, drawn)
            numbers = [each.row.account_no for each in waits.corrections]
            numbers += [each.row.account_no for each in waits.refunds]
            return _draw(view, WAIT, numbers, said, waits=waits)


async def _deposits(view: View, *, refusal: Refusal | None = None, where: str = "") -> Response:
    account_no, held = _account_no(view), None
    if account_no:
        try:
            held = await deposits.held(view.desk, account_no)
        except Refused as refused:
            refusal = refusal or refused.refusal
    return await to_thread(_draw_deposits, view, held, refusal, where)


def _draw_deposits(view: View, held: Held | None, refusal: Refusal | None, where: str) -> Response:
    account_no = _account_no(view) or None
    waiting = deposits.to_apply(view.desk, account_no=account_no, limit=going_out.SHOWN + 1)
    applied = deposits.deposits_lately(view.desk, account_no=account_no, limit=going_out.SHOWN)
    shown = waiting[: going_out.SHOWN]
    return _draw(
        view,
        DEPOSITS,
        [each.account_no for each in shown] + [row.account_no for row in applied],
        None if refusal is None else Trouble(refusal, where, {each.account_no for each in shown}),
        held=held,
        waiting=shown,
        cut=len(waiting) > len(shown),
        applied=applied,
        most=going_out.SHOWN,
        today=view.speech.local_day(view.now),
    )


def _draw(view: View, what: str, numbers: list[str], trouble: Trouble | None = None, **more: object) -> Response:
    """Draw one part; *numbers* are the accounts whose names stand on it."""
    return view.draw(
        f"money_out_{what}.html",
        status=trouble.refusal.status if trouble else 200,
        tabs=TABS,
        what=what,
        account_no=_account_no(view),
        names=names_of(view.desk, numbers),
        refusal=trouble.refusal if trouble else None,
        where=trouble.where if trouble else "",
        on_top=trouble is not None and trouble.where not in trouble.drawn,
        done=view.query("done"),
        typed={name: view.typed(name) for name in ("because", "what", "say", "final_on", "after", "behind")},
        **more,
    )


def _account_no(view: View) -> str:
    """Return the account that the lists are narrowed to; blank where they are not."""
    asked = view.typed("account_no") or view.query("account_no")
    return asked if asked.isascii() and asked.isdigit() else ""
