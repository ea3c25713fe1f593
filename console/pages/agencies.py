"""Files to and from collection agencies: handed in, refused with line and reason, handed out."""

from asyncio import to_thread

from starlette.datastructures import UploadFile
from starlette.responses import Response

from casework.agencies import ACKNOWLEDGMENT, CONTACTS, RECALLS, conduct, files, reconcile, score_card, take
from casework.agency_files import MESSAGES, PLACEMENTS, export_messages, export_placements
from casework.errors import Refused
from casework.exports import export_file, exports
from casework.permissions import Permission
from console.guard import page
from console.pages.money import FILE_MAX, TOO_LARGE, UNFIT
from console.typed import day_of, no_day
from console.view import View
from domain.calendar import DAY
from domain.parameters import AGENCY_NAMES
from domain.verdict import Refusal

KINDS = (ACKNOWLEDGMENT, RECALLS, CONTACTS)
MONTH = 31 * DAY
SHOWN = 40


@page("/agencies", Permission.SEE_REPORTS)
async def agencies(view: View) -> Response:
    """Show the files that came and went, where the books differ, and what reports show against the law."""
    return await _agencies(view)


@page("/agencies", Permission.IMPORT_FILES, method="POST")
async def hand_in(view: View) -> Response:
    """Take a file of an agency whole, or refuse it with line and reason."""
    given, kind = view.form.get("file"), view.typed("kind")
    if not isinstance(given, UploadFile) or not given.filename or kind not in KINDS:
        says = "Choose a file, and say what it is."
        refusal = Refusal(slug="no-file", title="No file was chosen", detail=says, status=UNFIT)
        return await _agencies(view, refusal=refusal, where="in")
    data = await given.read(FILE_MAX + 1)
    if len(data) > FILE_MAX:
        says = f"At most {FILE_MAX} bytes are taken."
        refusal = Refusal(slug="file-too-large", title="The file is too large", detail=says, status=TOO_LARGE)
        return await _agencies(view, refusal=refusal, where="in")
    name = given.filename
    try:
        taken = await to_thread(lambda: take(view.desk, data, file_name=name, kind=kind))
    except Refused as refused:
        return await _agencies(view, refusal=refused.refusal, where="in")
    without = ",".join(taken.left[:SHOWN])
    counts = f"told={taken.row.told}&left={taken.row.left}&found={len(taken.findings)}"
    return view.go(f"/agencies?{counts}&without={without}")


@page("/agencies/files", Permission.SEND_MONEY, method="POST")
async def make(view: View) -> Response:
    """Make the file that an agency gets of a day, and hand it out."""
    make_file = export_placements if view.typed("kind") == PLACEMENTS else export_messages
    agency = view.typed("agency")
    on = day_of(view.typed("on"))
    if on is None:
        return await _agencies(view, refusal=no_day(), where="out")
    try:
        made = await to_thread(lambda: make_file(view.desk, agency, on=on))
    except Refused as refused:
        return await _agencies(view, refusal=refused.refusal, where="out")
    if made is None:
        says = f"There is nothing for {agency} on {on}."
        refusal = Refusal(slug="nothing-to-send", title="Nothing to send", detail=says, status=409)
        return await _agencies(view, refusal=refusal, where="out")
    return view.go(f"/agencies/files/{made.export_id}")


@page("/agencies/files/{export_id:str}", Permission.SEND_MONEY)
def download(view: View) -> Response:
    """Hand out a file that was made for an agency."""
    row, data = export_file(view.desk, view.path("export_id"))
    headers = {"Content-Disposition": f'attachment; filename="{row.file_name}"'}
    return Response(data, media_type="text/csv", headers=headers)


async def _agencies(view: View, *, refusal: Refusal | None = None, where: str = "") -> Response:
    today = view.speech.local_day(view.now)
    desk = view.desk
    return view.draw(
        "agencies.html",
        status=refusal.status if refusal else 200,
        came=await to_thread(files, desk),
        went=await to_thread(lambda: [*exports(desk, PLACEMENTS), *exports(desk, MESSAGES)][:SHOWN]),
        books=await to_thread(lambda: reconcile(desk, today - MONTH, today)),
        conduct=(await to_thread(conduct, desk))[:SHOWN],
        cards=await to_thread(score_card, desk),
        names=[str(name) for name in desk.policy().at(AGENCY_NAMES, today)],
        kinds=KINDS,
        outgoing=(PLACEMENTS, MESSAGES),
        today=today,
        refusal=refusal,
        where=where,
        typed={name: view.typed(name) for name in ("kind", "agency", "on")},
        told=view.query("told"),
        left=view.query("left"),
        found=view.query("found"),
        without=[each for each in view.query("without").split(",")[:SHOWN] if each.isascii() and each.isdigit()],
    )
