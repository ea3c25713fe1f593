"""What becomes of a file that is handed in?"""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import PlainTextResponse

from api.guard import AtDesk, needs
from api.routes.router import AnyId, router
from api.schemas.work import ImportShown
from casework import imports
from casework.errors import unfit
from casework.permissions import Permission

FILE_MAX = 64 * 1024 * 1024  # bytes; the largest extract of a city of a million accounts
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}, "example": "account_no,as_of,oldest_due,..."}},
    }
}


@router.post("/imports/aging", tags=["files"], response_model=ImportShown, status_code=201, openapi_extra=_BODY)
@needs(Permission.IMPORT_FILES)
async def post_aging(
    desk: AtDesk,
    request: Request,
    file_name: Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]{0,120}$")] = "aging.csv",
) -> ImportShown:
    """Take in a delinquency extract: the body is the file. What is past due becomes cases by itself."""
    data = await request.body()
    if len(data) > FILE_MAX:
        raise unfit("file-too-large", "The file is too large", f"At most {FILE_MAX} bytes are taken.", status=413)
    taken = await imports.import_aging(desk, data, file_name=file_name)
    problems = await desk.read(lambda _session: imports.problems(desk, taken.row.import_id))
    return ImportShown.of(taken.row, problems)


@router.get("/imports/{import_id}", tags=["files"], response_model=ImportShown)
@needs(Permission.SEE_IMPORTS)
def get_import(desk: AtDesk, import_id: AnyId) -> ImportShown:
    """An import, with every row that was not taken."""
    return ImportShown.of(imports.the_import(desk, import_id), imports.problems(desk, import_id))


@router.get("/imports/{import_id}/errors.csv", tags=["files"], response_class=PlainTextResponse)
@needs(Permission.IMPORT_FILES)
def get_errors(desk: AtDesk, import_id: AnyId) -> PlainTextResponse:
    """The rows that were not taken, as CSV."""
    return PlainTextResponse(imports.error_file(desk, import_id), media_type="text/csv")
