"""Delinquency extracts: looked at first, taken in whole, and every row that could not be believed told by name."""

import asyncio

from starlette.datastructures import UploadFile
from starlette.responses import Response

from casework.errors import Refused, unfit
from casework.imports import Preview, error_file, import_aging, latest_imports, preview_aging, problems, the_import
from casework.permissions import Permission
from casework.sheets import as_csv
from console.guard import page
from console.view import View
from domain.verdict import Refusal

FILE_MAX = 64 * 1024 * 1024
NAME_MAX = 120
PROBLEMS_SHOWN = 200
UNFIT, TOO_LARGE = 422, 413


@page("/extracts", Permission.SEE_IMPORTS)
def extracts(view: View) -> Response:
    """Show what was taken in, and ask for the next."""
    return _extracts(view)


def _extracts(
    view: View, *, refusal: Refusal | None = None, looked: Preview | None = None, status: int = 200
) -> Response:
    return view.draw(
        "extracts.html",
        status=status,
        imports=latest_imports(view.desk),
        refusal=refusal,
        looked=looked,
        shown=PROBLEMS_SHOWN,
    )


@page("/extracts", Permission.IMPORT_FILES, method="POST")
async def hand_in(view: View) -> Response:
    """Look at an extract without taking it, or take it in; a file that is wrong as a whole is refused whole."""
    try:
        name, data = await _given(view)
        if view.typed("say") == "look":
            looked = await preview_aging(view.desk, data, file_name=name)
            return await asyncio.to_thread(_extracts, view, looked=looked)
        taken = await import_aging(view.desk, data, file_name=name)
    except Refused as refused:
        status = refused.refusal.status
        return await asyncio.to_thread(_extracts, view, refusal=refused.refusal, status=status)
    return view.go(f"/extracts/{taken.row.import_id}")


async def _given(view: View) -> tuple[str, bytes]:
    """Return the name and the bytes of the file that was chosen, as CSV."""
    given = view.form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        raise unfit("no-file", "No file was chosen", "Choose an extract first.", status=UNFIT)
    data = await given.read(FILE_MAX + 1)
    if len(data) > FILE_MAX:
        raise unfit("file-too-large", "The file is too large", f"At most {FILE_MAX} bytes are taken.", status=TOO_LARGE)
    return given.filename[-NAME_MAX:], await asyncio.to_thread(as_csv, data)


@page("/extracts/{import_id:str}", Permission.SEE_IMPORTS)
def one(view: View) -> Response:
    """Show an extract that was taken in, and the rows of it that were not."""
    import_id = view.path("import_id")
    row = the_import(view.desk, import_id)
    found = problems(view.desk, import_id)
    return view.draw("extract.html", row=row, problems=found[:PROBLEMS_SHOWN], more=max(0, len(found) - PROBLEMS_SHOWN))


@page("/extracts/{import_id:str}/errors.csv", Permission.IMPORT_FILES)
def errors(view: View) -> Response:
    """Hand out the rows that were not taken, to be put right and sent again."""
    import_id = view.path("import_id")
    headers = {"Content-Disposition": f'attachment; filename="{import_id}-errors.csv"'}
    return Response(error_file(view.desk, import_id), headers=headers, media_type="text/csv")
