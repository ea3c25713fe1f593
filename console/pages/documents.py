"""The documents of a case: what they are, who attached them and when, and the bytes themselves."""

import asyncio

from starlette.datastructures import UploadFile
from starlette.responses import Response

from casework.cases import case as case_of
from casework.documents import attach, document, documents
from casework.errors import Refused, unfit
from casework.permissions import Permission
from console.guard import page
from console.view import View
from domain.verdict import Refusal


@page("/cases/{case_id:str}/documents", Permission.SEE_CASES)
async def show(view: View) -> Response:
    """Show the case's documents."""
    return await _documents(view)


@page("/cases/{case_id:str}/documents", Permission.DECIDE, method="POST")
async def add(view: View) -> Response:
    """Attach a document; what cannot be attached says why, with the words typed kept."""
    case_id = view.path("case_id")
    try:
        data, name = await _uploaded(view)
        await attach(
            view.desk,
            case_id,
            data,
            name=name,
            title=view.typed("title"),
            scanned=view.typed("scanned") == "yes",
            key=view.typed("key"),
        )
    except Refused as refused:
        return await _documents(view, refusal=refused.refusal, status=refused.refusal.status)
    return view.go(f"/cases/{case_id}/documents?done=1")


@page("/cases/{case_id:str}/documents/{digest:str}", Permission.SEE_NOTES)
def content(view: View) -> Response:
    """Hand out a document. It is saved, not shown: what someone sent in is not run within this site."""
    row, data = document(view.desk, view.path("case_id"), view.path("digest"))
    ending = {"application/pdf": "pdf", "text/plain": "txt"}.get(row.media_type, row.media_type.rpartition("/")[2])
    ending = "docx" if "wordprocessing" in ending else "xlsx" if "spreadsheet" in ending else ending
    name = f"{row.case_id}-{row.sha256[:12]}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=row.media_type, headers=headers)


async def _uploaded(view: View) -> tuple[bytes, str]:
    given = view.form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        raise unfit("no-file", "No file was chosen", "Choose the file to attach.")
    try:
        return await given.read(), given.filename
    finally:
        await given.close()


async def _documents(view: View, *, refusal: Refusal | None = None, status: int = 200) -> Response:
    case_id = view.path("case_id")
    row = await asyncio.to_thread(case_of, view.desk, case_id)
    found = await asyncio.to_thread(documents, view.desk, case_id)
    return view.draw(
        "documents.html",
        status=status,
        row=row,
        documents=found,
        refusal=refusal,
        done=view.query("done"),
        typed={"title": view.typed("title"), "scanned": view.typed("scanned")},
    )
