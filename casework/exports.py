"""How does someone get a file that was handed out, again if need be?"""

from collections.abc import Sequence

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing, unfit
from casework.permissions import Permission
from models.exports import content_of, exports_of
from models.tables import ExportRow

LISTED_MAX = 500


def exports(desk: Desk, kind: str | None = None) -> Sequence[ExportRow]:
    """Return what was handed out, latest first."""
    desk.need(Permission.SEE_REPORTS)
    return desk.read_now(lambda session: exports_of(session, kind, limit=LISTED_MAX))


def export_file(desk: Desk, export_id: str) -> tuple[ExportRow, bytes]:
    """Return a file as it was handed out. It names people and their bank accounts: only who sends it may have it."""
    desk.need(Permission.SEND_MONEY)

    def ask(session: Session) -> tuple[ExportRow, bytes]:
        row = session.get(ExportRow, export_id)
        if row is None:
            raise missing("export", export_id)
        data = content_of(session, row)
        if data is None:
            raise unfit("redacted", "The file is gone", "Its key has been destroyed.", status=410)
        return row, data

    return desk.read_now(ask)
