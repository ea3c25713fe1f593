"""Which files were handed out, and what stood in each?"""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from sqlmodel import Session, col, select

from models.tables import ExportRow
from models.vault import seal, unseal

ID_CHARS = 16


def keep_export(
    session: Session,
    data: bytes,
    *,
    kind: str,
    file_name: str,
    entries: int,
    cents: int,
    on: date,
    at: datetime,
    by: str,
) -> ExportRow:
    """Keep a file that is handed out, its bytes sealed; the same bytes again are the same export."""
    digest = sha256(data).hexdigest()
    export_id = f"{kind}-{digest[:ID_CHARS]}"
    found = session.get(ExportRow, export_id)
    if found is not None:
        return found
    row = ExportRow(
        export_id=export_id,
        kind=kind,
        file_name=file_name,
        sha256=digest,
        entries=entries,
        total_cents=cents,
        on=on,
        at=at,
        by=by,
        content=seal(session, export_id, data),
    )
    session.add(row)
    session.flush()
    return row


def content_of(session: Session, row: ExportRow) -> bytes | None:
    """Return the bytes that were handed out; none once their key is destroyed."""
    return unseal(session, row.export_id, row.content)


def exports_of(session: Session, kind: str | None = None, *, limit: int) -> Sequence[ExportRow]:
    """Return what was handed out, latest first."""
    query = select(ExportRow)
    if kind is not None:
        query = query.where(ExportRow.kind == kind)
    return session.exec(query.order_by(col(ExportRow.at).desc(), col(ExportRow.export_id)).limit(limit)).all()
