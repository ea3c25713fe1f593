"""The counter: a drawer is opened, money taken, a receipt voided, the drawer counted and brought to the bank."""

import re
from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from starlette.responses import Response

from casework import counter, counter_papers
from casework.at_counter import at_counter, receipt_in
from casework.errors import Refused
from casework.payments import Received, receive
from casework.permissions import Permission
from casework.worklists import names_of
from console.guard import page
from console.typed import amount_of
from console.view import View
from console.words import N_
from domain.money import ZERO, Money
from domain.verdict import Refusal
from formats.counter import Tender

UNFIT = 422
ACCOUNT_NO = re.compile(r"[0-9]{1,20}")
TILL = re.compile(r"[A-Za-z0-9]{1,10}")
CHECK_NO = re.compile(r"[A-Za-z0-9-]{0,20}")
WORDS_MAX = 500
NO_AMOUNT = N_("Write an amount in dollars and cents, such as 84.20.")
TYPED = ("account_no", "amount", "tender", "check_no", "till", "float", "receipt", "because", *map(str, Tender))
ELSEWHERE = "elsewhere"


@page("/counter", Permission.TAKE_MONEY)
def show(view: View) -> Response:
    """Show my drawer and what was taken into it, or ask for one to be opened."""
    return _counter(view)


@page("/counter", Permission.TAKE_MONEY, method="POST")
async def take(view: View) -> Response:
    """Take money into my drawer: it counts from now on, once, however often the form is sent."""
    faults: dict[str, str] = {}
    account_no, amount = _account(view, faults), _above_nothing(view, faults)
    if not CHECK_NO.fullmatch(view.typed("check_no")):
        faults["check_no"] = N_("A check's number has letters, digits and hyphens, twenty at most.")
    if view.typed("tender") not in set(Tender):
        faults["tender"] = N_("Choose one of those offered.")
    if faults:
        return await to_thread(lambda: _counter(view, faults=faults, where="take", status=UNFIT))
    tender = Tender(view.typed("tender"))
    check_no = "" if tender is Tender.CASH else view.typed("check_no")
    try:
        row = await counter.take_money(
            view.desk, account_no, amount=amount, tender=tender, check_no=check_no, key=view.typed("key")
        )
    except Refused as refused:
        return await to_thread(_refused, view, refused.refusal, "take")
    return view.go(f"/counter?done=taken&receipt={row.receipt_no}")


@page("/counter/elsewhere", Permission.POST_PAYMENT, method="POST")
async def take_elsewhere(view: View) -> Response:
    """Take a payment whose receipt was written by hand: no drawer holds it, and its number makes it one."""
    faults: dict[str, str] = {}
    account_no, amount, receipt = _account(view, faults), _above_nothing(view, faults), view.typed("receipt")
    if not receipt:
        faults["receipt"] = N_("Write the number of the receipt.")
    if faults:
        return await to_thread(lambda: _counter(view, faults=faults, where=ELSEWHERE, status=UNFIT))
    tender = view.typed("tender") if view.typed("tender") in set(Tender) else ""
    said = Received(account_no=account_no, amount=amount, source=counter.SOURCE, trace=receipt, tender=tender)
    try:
        taken = await receive(view.desk, said)
    except Refused as refused:
        return await to_thread(_refused, view, refused.refusal, ELSEWHERE)
    return view.go(f"/counter?done={ELSEWHERE}&account={taken.account_no}")


@page("/counter/drawers", Permission.TAKE_MONEY, method="POST")
def open_drawer(view: View) -> Response:
    """Open a drawer in my name."""
    till = view.typed("till")
    faults: dict[str, str] = {}
    if not TILL.fullmatch(till):
        faults["till"] = N_("A till's number has letters and digits, ten at most.")
    float_ = _amount(view, "float", faults)
    if faults:
        return _counter(view, faults=faults, where="open", status=UNFIT)
    return _done(view, "opened", "open", partial(counter.open_drawer, view.desk, till=till, float_=float_))


@page("/counter/drawers/{drawer_id:str}/close", Permission.TAKE_MONEY, method="POST")
def close_drawer(view: View) -> Response:
    """Close a drawer on what was counted in it."""
    drawer_id = view.path("drawer_id")
    faults: dict[str, str] = {}
    counted = {tender: _amount(view, tender, faults) for tender in Tender}
    because = view.typed("because")[:WORDS_MAX]
    if faults:
        return _counter(view, faults=faults, where=drawer_id, status=UNFIT)
    close = partial(counter.close_drawer, view.desk, drawer_id, counted=counted, because=because)
    return _done(view, f"closed&drawer={drawer_id}", drawer_id, close)


@page("/counter/receipts/{receipt_no:str}", Permission.SEE_CASES)
def receipt(view: View) -> Response:
    """Show one receipt, to be printed."""
    row, drawer = receipt_in(view.desk, view.path("receipt_no"))
    return view.draw(
        "receipt.html",
        receipt=row,
        drawer=drawer,
        city=view.desk.policy().title,
        name=names_of(view.desk, [row.account_no]).get(row.account_no, ("", ""))[0],
    )


@page("/counter/receipts/{receipt_no:str}/print", Permission.SEE_CASES)
def receipt_text(view: View) -> Response:
    """Hand out one receipt as the printer of a till takes it."""
    return _plain(counter_papers.receipt_text(view.desk, view.path("receipt_no")))


@page("/counter/receipts/{receipt_no:str}/void", Permission.VOID_RECEIPT, method="POST")
def void(view: View) -> Response:
    """Void a receipt of somebody else's."""
    receipt_no, because = view.path("receipt_no"), view.typed("because")[:WORDS_MAX]
    if not because:
        return _counter(view, faults={"because": N_("Write why.")}, where=receipt_no, status=UNFIT)
    return _done(
        view,
        f"voided&receipt={receipt_no}",
        receipt_no,
        partial(counter.void_receipt, view.desk, receipt_no, because=because),
    )


@page("/counter/slips", Permission.SEND_MONEY, method="POST")
def make_slip(view: View) -> Response:
    """Make the deposit slip of what lies in closed drawers."""
    try:
        slip = counter.make_slip(view.desk)
    except Refused as refused:
        return _refused(view, refused.refusal, "slip")
    return view.go(f"/counter?done=slip&slip={slip.slip_id}" if slip else "/counter?done=no-slip")


@page("/counter/slips/{slip_id:str}", Permission.SEE_REPORTS)
def slip_text(view: View) -> Response:
    """Hand out a deposit slip to be printed."""
    return _plain(counter_papers.slip_text(view.desk, view.path("slip_id")))


def _done(view: View, done: str, where: str, do: Callable[[], object]) -> Response:
    """Do it and say so; where it is refused, say why beside the form."""
    try:
        do()
    except Refused as refused:
        return _refused(view, refused.refusal, where)
    return view.go(f"/counter?done={done}")


def _refused(view: View, refusal: Refusal, where: str) -> Response:
    return _counter(view, refusal=refusal, where=where, status=refusal.status)


def _counter(
    view: View,
    *,
    faults: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    where: str = "",
    status: int = 200,
) -> Response:
    found = at_counter(view.desk)
    tills = [till for till in (found.mine, *found.others) if till]
    shown = {row.receipt_no: row for till in tills for row in till.receipts}
    return view.draw(
        "counter.html",
        status=status,
        counter=found,
        names=names_of(view.desk, sorted({row.account_no for row in shown.values()})),
        faults=faults or {},
        refusal=refusal,
        where=where,
        typed={name: view.typed(name) for name in TYPED},
        prefilled={name: view.query(name) for name in ("account_no", "amount")},
        tenders=tuple(Tender),
        key=view.typed("key"),
        done=view.query("done"),
        receipt=shown.get(view.query("receipt")),
        closed=next((till for till in tills if till.row.drawer_id == view.query("drawer")), None),
    )


def _account(view: View, faults: dict[str, str]) -> str:
    account_no = view.typed("account_no").replace(" ", "").replace("-", "")
    if not ACCOUNT_NO.fullmatch(account_no):
        faults["account_no"] = N_("Write the account's number.")
    return account_no


def _above_nothing(view: View, faults: dict[str, str]) -> Money:
    amount = _amount(view, "amount", faults)
    if amount <= ZERO:
        faults["amount"] = NO_AMOUNT
    return amount


def _amount(view: View, name: str, faults: dict[str, str]) -> Money:
    """Return what was typed under *name*; nothing where nothing was, or where it is no sum that can lie in a till."""
    text = view.typed(name)
    try:
        amount = amount_of(text) if text else ZERO
    except ValueError:
        amount = -Money(1)
    if amount < ZERO:
        faults[name] = NO_AMOUNT
        return ZERO
    return amount


def _plain(text: str) -> Response:
    return Response(text, media_type="text/plain; charset=utf-8")
