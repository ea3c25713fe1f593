"""Which delinquency extracts were taken in, what of them was refused, and what a sweep has still to work off?"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from formats.aging import AgingExtract
from formats.errors import Malformed
from models.tables import ImportAccountRow, ImportProblemRow, ImportRow

AGING, OPENING = "aging", "opening"
ID_CHARS = 16


class ImportState(StrEnum):
    ACCEPTED = "accepted"  # its rows are to be worked off
    SUPERSEDED = "superseded"  # earlier than the last accepted: recorded, and opens nothing
    REFUSED = "refused"  # wrong as a whole: nothing of it was taken
    DONE = "done"


def import_of(session: Session, import_id: str) -> ImportRow | None:
    """Return an import by its id."""
    return session.get(ImportRow, import_id, populate_existing=True)


def same_bytes(session: Session, sha256: str) -> ImportRow | None:
    """Return the accepted import of the very same bytes, if there was one; a refused file sent again is new."""
    query = select(ImportRow).where(ImportRow.sha256 == sha256, ImportRow.state != ImportState.REFUSED)
    return session.exec(query).first()


def last_accepted(session: Session) -> date | None:
    """Return the day of the latest extract that was accepted."""
    taken = (ImportState.ACCEPTED, ImportState.DONE)
    query = select(func.max(ImportRow.as_of)).where(ImportRow.kind == AGING, col(ImportRow.state).in_(taken))
    return session.exec(query).one()


def take_in(session: Session, *, import_id: str, extract: AgingExtract, today: date, at: datetime) -> ImportRow:
    """Write an extract with its rows and problems; the same bytes again return the first import and write nothing.

    Raises:
        Malformed: the extract is of a day after business *today*; nothing of it is taken.
    """
    before = same_bytes(session, extract.sha256)
    if before is not None:
        return before
    if extract.as_of > today:
        raise Malformed(
            "as_of_in_the_future",
            f"the extract is of {extract.as_of}, business today is {today}",
            file=extract.file,
            field="as_of",
            value=extract.as_of.isoformat(),
        )
    last = last_accepted(session)
    late = last is not None and extract.as_of < last
    row = ImportRow(
        import_id=import_id,
        kind=AGING,
        file_name=extract.file,
        sha256=extract.sha256,
        as_of=extract.as_of,
        rows=len(extract.rows) + len(extract.rejected),
        accepted=len(extract.rows),
        rejected=len(extract.rejected),
        state=ImportState.SUPERSEDED if late else ImportState.ACCEPTED,
        reason=f"an extract of {last} was taken in before" if late else "",
        at=at,
    )
    session.add(row)
    session.flush()
    _write_rows(session, import_id, extract)
    return row


def refuse(
    session: Session, *, import_id: str, file_name: str, sha256: str, refused: Malformed, at: datetime
) -> ImportRow:
    """Write that a file was refused as a whole, and why."""
    row = ImportRow(
        import_id=import_id,
        kind=AGING,
        file_name=file_name,
        sha256=sha256,
        state=ImportState.REFUSED,
        reason=str(refused),
        at=at,
    )
    session.merge(row)
    return row


def write_done(session: Session, *, kind: str, sha256: str, rows: int, as_of: date, at: datetime) -> None:
    """Write that something other than an extract was taken in, whole."""
    row = ImportRow(
        import_id=sha256[:ID_CHARS],
        kind=kind,
        file_name=kind,
        sha256=sha256,
        as_of=as_of,
        rows=rows,
        accepted=rows,
        opened=rows,
        state=ImportState.DONE,
        at=at,
    )
    session.add(row)


def accounts_of(session: Session, import_id: str, *, offset: int = 0, limit: int = 1_000_000) -> Sequence[str]:
    """Return the account numbers of an import, in the order of the file."""
    query = select(ImportAccountRow.account_no).where(ImportAccountRow.import_id == import_id)
    return session.exec(query.order_by(col(ImportAccountRow.number)).offset(offset).limit(limit)).all()


def add_opened(session: Session, import_id: str, opened: int) -> None:
    """Count cases that the import opened."""
    row = session.get_one(ImportRow, import_id, with_for_update=True, populate_existing=True)
    row.opened += opened


def finish(session: Session, import_id: str) -> None:
    """Mark an import as worked off."""
    session.get_one(ImportRow, import_id, with_for_update=True).state = ImportState.DONE


def _write_rows(session: Session, import_id: str, extract: AgingExtract) -> None:
    if extract.rows:
        session.exec(
            insert(ImportAccountRow),
            params=[
                {
                    "import_id": import_id,
                    "number": number,
                    "account_no": row.account_no,
                    "past_due_cents": row.past_due_cents,
                }
                for number, row in enumerate(extract.rows, start=1)
            ],
        )
    if extract.rejected:
        session.exec(
            insert(ImportProblemRow),
            params=[
                {
                    "import_id": import_id,
                    "number": number,
                    "line": bad.line,
                    "column": bad.column,
                    "value": bad.value,
                    "rule": bad.reason,
                    "message": bad.reason,
                }
                for number, bad in enumerate(extract.rejected, start=1)
            ],
        )
