"""Letters to be printed and mailed: a day's batch, its print file and certificate, and what came back."""

from starlette.responses import Response

from casework.deposits import send_receipt
from casework.errors import Refused
from casework.mailed import RETURN_REASONS, came_back, confirm, copies, send_copies, sign
from casework.mailing import (
    OWNER,
    THIRD_PARTY,
    batch_file,
    batch_of,
    batches,
    certificate,
    left_over,
    make_batch,
    waiting,
)
from casework.permissions import Permission
from console.guard import page
from console.typed import day_of, no_day
from console.view import View
from domain.verdict import Refusal
from models.mail import To

UNFIT = 422
LINES_MAX = 3  # what a window envelope shows


@page("/mail", Permission.SEND_MAIL)
def mail(view: View) -> Response:
    """Show what waits to be printed, and the latest batches."""
    return _mail(view)


@page("/mail", Permission.SEND_MAIL, method="POST")
def make(view: View) -> Response:
    """Make the batch of a day."""
    on = day_of(view.typed("on"))
    if on is None:
        return _mail(view, refusal=no_day(), where="make", status=UNFIT)
    try:
        made = make_batch(view.desk, on)
    except Refused as refused:
        return _mail(view, refusal=refused.refusal, where="make", status=refused.refusal.status)
    return view.go(f"/mail/{made.batch.batch_id}?left={len(made.left)}")


@page("/mail/returned", Permission.SEND_MAIL, method="POST")
def returned(view: View) -> Response:
    """Take a letter that came back."""
    on = day_of(view.typed("on"))
    if on is None:
        return _mail(view, refusal=no_day(), where="returned", status=UNFIT)
    try:
        row = came_back(view.desk, view.typed("letter_id"), on=on, because=view.typed("because"))
    except Refused as refused:
        return _mail(view, refusal=refused.refusal, where="returned", status=refused.refusal.status)
    return view.go(f"/mail?back={row.letter_id}")


@page("/mail/{batch_id:str}", Permission.SEND_MAIL)
def batch(view: View) -> Response:
    """Show a batch, piece by piece."""
    return _batch(view)


@page("/mail/{batch_id:str}/print.zip", Permission.SEND_MAIL)
def print_file(view: View) -> Response:
    """Hand out the print file with its manifest."""
    return _file(view, batch_file(view.desk, view.path("batch_id")), "application/zip", "zip")


@page("/mail/{batch_id:str}/certificate.pdf", Permission.SEND_MAIL)
def certificate_pdf(view: View) -> Response:
    """Hand out the certificate of mailing."""
    return _file(view, certificate(view.desk, view.path("batch_id")), "application/pdf", "pdf")


@page("/mail/{batch_id:str}/mailed", Permission.SEND_MAIL, method="POST")
def mailed(view: View) -> Response:
    """Confirm the day of mailing."""
    on = day_of(view.typed("on"))
    if on is None:
        return _batch(view, refusal=no_day(), status=UNFIT)
    try:
        confirm(view.desk, view.path("batch_id"), on)
    except Refused as refused:
        return _batch(view, refusal=refused.refusal, status=refused.refusal.status)
    return view.go(f"/mail/{view.path('batch_id')}")


@page("/mail/{batch_id:str}/sign", Permission.SEND_MAIL, method="POST")
def signed(view: View) -> Response:
    """Sign the certificate of mailing."""
    try:
        sign(view.desk, view.path("batch_id"), name=view.typed("name"))
    except Refused as refused:
        return _batch(view, refusal=refused.refusal, status=refused.refusal.status)
    return view.go(f"/mail/{view.path('batch_id')}")


@page("/accounts/{account_no:str}/copies", Permission.SEND_MAIL)
def copied(view: View) -> Response:
    """Show who has copies of this account's notices."""
    return _copies(view)


@page("/accounts/{account_no:str}/copies", Permission.SEND_MAIL, method="POST")
def set_copied(view: View) -> Response:
    """Have copies go to somebody, or to nobody any more where every line is left empty."""
    account_no, name = view.path("account_no"), view.typed("name")
    lines = tuple(line.strip() for line in view.typed("lines").splitlines() if line.strip())
    to = To(name=name, lines=lines[:LINES_MAX]) if name or lines else None
    try:
        send_copies(view.desk, account_no, view.typed("copy_for"), to)
    except Refused as refused:
        return _copies(view, refusal=refused.refusal, where=view.typed("copy_for"), status=refused.refusal.status)
    return view.go(f"/accounts/{account_no}/copies?done=1")


@page("/accounts/{account_no:str}/deposit-receipt", Permission.SEND_MAIL, method="POST")
async def receipt(view: View) -> Response:
    """Have a receipt for the deposit that is held go out."""
    account_no = view.path("account_no")
    try:
        letter_id = await send_receipt(view.desk, account_no)
    except Refused as refused:
        return _copies(view, refusal=refused.refusal, where="deposit", status=refused.refusal.status)
    return view.go(f"/accounts/{account_no}/copies?receipt={letter_id}")


def _copies(view: View, *, refusal: Refusal | None = None, where: str = "", status: int = 200) -> Response:
    account_no = view.path("account_no")
    return view.draw(
        "copies.html",
        status=status,
        account_no=account_no,
        copies=copies(view.desk, account_no),
        kinds=(OWNER, THIRD_PARTY),
        refusal=refusal,
        where=where,
        typed={name: view.typed(name) for name in ("name", "lines")},
        done=view.query("done"),
        receipt=view.query("receipt"),
    )


def _mail(view: View, *, refusal: Refusal | None = None, where: str = "", status: int = 200) -> Response:
    on = day_of(view.typed("on")) or view.day("on") or view.speech.local_day(view.now)
    return view.draw(
        "mail.html",
        status=status,
        on=on,
        waits=waiting(view.desk, on),
        earlier=left_over(view.desk, on),
        batches=batches(view.desk),
        reasons=RETURN_REASONS,
        typed={name: view.typed(name) or view.query(name) for name in ("letter_id", "because")},
        back=view.query("back"),
        refusal=refusal,
        where=where,
    )


def _batch(view: View, *, refusal: Refusal | None = None, status: int = 200) -> Response:
    found, pieces = batch_of(view.desk, view.path("batch_id"))
    return view.draw(
        "mail_batch.html",
        status=status,
        batch=found,
        pieces=pieces,
        today=view.speech.local_day(view.now),
        left=view.query("left"),
        refusal=refusal,
    )


def _file(view: View, data: bytes, media_type: str, ending: str) -> Response:
    name = f"mail-{view.path('batch_id')}.{ending}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
