"""How does someone get a file that was handed out, again if need be, and how is one posted that moves money?"""

from collections.abc import Sequence

from sqlmodel import Session

from casework.context import Desk
from casework.errors import missing, unfit
from casework.payment_files import deliver
from casework.permissions import Permission
from models.exports import content_of, exports_of
from models.payment_files import taken_before
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


async def post_as_sent(desk: Desk, export: ExportRow) -> None:
    """Post a file that we sent as the billing engine's own are posted, on the day on which it was sent; once."""

    def ask(session: Session) -> bytes | None:
        if taken_before(session, sha256=export.sha256, identity=""):
            return None
        return content_of(session, session.get_one(ExportRow, export.export_id))

    data = await desk.read(ask)
    if data is not None:
        await deliver(desk, data, file_name=export.file_name, on=export.on)
