"""Payment files and their totals, and what of their money has no place yet."""

from asyncio import to_thread

from starlette.datastructures import UploadFile
from starlette.responses import Response

from casework.errors import Refused
from casework.exports import export_file, exports
from casework.payment_files import files_between, in_suspense, take_file
from casework.permissions import Permission
from casework.send_back import SENT_BACK, going_back, keep, send_back, write_back
from casework.suspense import place, suggestions
from console.guard import page
from console.typed import day_of, no_day
from console.view import View
from domain.verdict import Refusal

FILE_MAX = 20 * 1024 * 1024
UNFIT, TOO_LARGE = 422, 413
FILES_SHOWN = 60


@page("/files", Permission.SEE_IMPORTS)
async def files(view: View) -> Response:
    """Show the payment files, what became of each cent, and the money that has no place yet, with whose it may be."""
    return await _files(view)


async def _files(
    view: View, *, refusal: Refusal | None = None, looked: object = None, status: int = 200, where: str = ""
) -> Response:
    found = list(await to_thread(files_between, view.desk))[-FILES_SHOWN:]
    waiting, going = await to_thread(in_suspense, view.desk), await to_thread(going_back, view.desk)
    return view.draw(
        "files.html",
        status=status,
        files=list(reversed(found)),
        suspense=waiting,
        going=going,
        sent=await to_thread(exports, view.desk, SENT_BACK) if view.desk.may(Permission.SEND_MONEY) else (),
        suggested=await suggestions(view.desk, waiting),
        refusal=refusal,
        looked=looked,
        where=where,
        done=view.query("done"),
        typed_account=view.typed("account_no"),
    )


@page("/files", Permission.IMPORT_FILES, method="POST")
async def hand_in(view: View) -> Response:
    """Look at a payment file without taking it, or take it in whole; a file that is wrong is refused whole."""
    given = view.form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        refusal = Refusal(
            slug="no-file", title="No file was chosen", detail="Choose a payment file first.", status=UNFIT
        )
        return await _files(view, refusal=refusal, status=UNFIT, where="file")
    data = await given.read(FILE_MAX + 1)
    if len(data) > FILE_MAX:
        says = f"At most {FILE_MAX} bytes are taken."
        refusal = Refusal(slug="file-too-large", title="The file is too large", detail=says, status=TOO_LARGE)
        return await _files(view, refusal=refusal, status=TOO_LARGE, where="file")
    on = day_of(view.typed("on"))
    if view.typed("on") and on is None:
        return await _files(view, refusal=no_day(), status=UNFIT, where="file")
    try:
        row = await take_file(view.desk, data, file_name=given.filename, on=on, dry_run=view.typed("say") == "look")
    except Refused as refused:
        return await _files(view, refusal=refused.refusal, status=refused.refusal.status, where="file")
    if view.typed("say") == "look":
        return await _files(view, looked=row)
    return view.go("/files?done=file")


@page("/suspense/{number:int}/match", Permission.POST_PAYMENT, method="POST")
async def post_suspense(view: View) -> Response:
    """Post money that has no place to the account someone says it is for, typed or taken from what is suggested."""
    number = int(view.path("number"))
    try:
        await place(view.desk, number, account_no=view.typed("account_no"))
    except Refused as refused:
        return await _files(view, refusal=refused.refusal, status=refused.refusal.status, where=f"s{number}")
    return view.go("/files?done=match")


@page("/suspense/{number:int}/send-back", Permission.POST_PAYMENT, method="POST")
async def post_send_back(view: View) -> Response:
    """Say that money that has no place goes back to the bank that sent it."""
    number = int(view.path("number"))
    try:
        await to_thread(send_back, view.desk, number)
    except Refused as refused:
        return await _files(view, refusal=refused.refusal, status=refused.refusal.status, where=f"s{number}")
    return view.go("/files?done=going#going")


@page("/suspense/{number:int}/keep", Permission.POST_PAYMENT, method="POST")
async def post_keep(view: View) -> Response:
    """Let money that was to go back stay."""
    try:
        await to_thread(keep, view.desk, int(view.path("number")))
    except Refused as refused:
        return await _files(view, refusal=refused.refusal, status=refused.refusal.status, where="going")
    return view.go("/files?done=kept")


@page("/suspense/write-back", Permission.SEND_MONEY, method="POST")
async def post_write_back(view: View) -> Response:
    """Write the file of what goes back to its bank."""
    try:
        made = await write_back(view.desk)
    except Refused as refused:
        return await _files(view, refusal=refused.refusal, status=refused.refusal.status, where="going")
    return view.go(f"/files?done={'sent' if made.export else 'own'}#going")


@page("/exports/{export_id:str}", Permission.SEND_MONEY)
def hand_out(view: View) -> Response:
    """Hand out a file that was written for the bank."""
    row, data = export_file(view.desk, view.path("export_id"))
    headers = {"Content-Disposition": f'attachment; filename="{row.file_name}"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/octet-stream", headers=headers)
