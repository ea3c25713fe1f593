"""How is a whole payment file taken back: asked for by one person, agreed to by another?"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import missing, unfit
from casework.payment_files import start_posting
from casework.permissions import Permission
from domain.posting import Totals, plan
from models.book import SqlBook
from models.payment_files import FileState, columns_of, file_of, plan_alone, put_plan
from models.reversals import KIND, compensate, reversal_row
from models.tables import FileReversalRow, PaymentFileRow


class ReversalState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REJECTED = "rejected"


_ABOUT: Final = "A file of money is taken back only once, whole, and by two people."


def ask(desk: Desk, file_id: str, *, because: str) -> FileReversalRow:
    """Ask for *file_id* to be taken back whole; asked again while it waits, the first request is returned.

    Raises:
        Refused: there is no such file, it is not done, is itself a reversal, or was taken back before.
    """
    desk.need(Permission.IMPORT_FILES)

    def write(session: Session) -> FileReversalRow:
        _reversible(session, file_id)
        before = session.get(FileReversalRow, file_id, with_for_update=True)
        if before is not None and before.state == ReversalState.ASKED:
            return before
        row = before or FileReversalRow(file_id=file_id, because="", state="", asked_by="", asked_at=desk.now)
        row.because, row.state = because, ReversalState.ASKED
        row.asked_by, row.asked_at, row.decided_by, row.decided_at = desk.person.username, desk.now, "", None
        session.add(row)
        return row

    return desk.write_now(write)


def asked(desk: Desk) -> Sequence[FileReversalRow]:
    """Return the requests that wait for a second person, oldest first."""
    desk.need(Permission.SEE_IMPORTS)
    query = select(FileReversalRow).where(FileReversalRow.state == ReversalState.ASKED)
    return desk.read_now(lambda session: session.exec(query.order_by(col(FileReversalRow.asked_at))).all())


def reject(desk: Desk, file_id: str) -> FileReversalRow:
    """Refuse the request, as a second person."""
    desk.need(Permission.IMPORT_FILES)

    def write(session: Session) -> FileReversalRow:
        row = _asked_by_another(desk, session, file_id)
        row.state, row.decided_by, row.decided_at = ReversalState.REJECTED, desk.person.username, desk.now
        return row

    return desk.write_now(write)


async def approve(desk: Desk, file_id: str) -> FileReversalRow:
    """Agree, as a second person: the file of compensations is posted like any other.

    Raises:
        Refused: nobody asked, or the person who agrees asked themselves.
    """
    row = await desk.write(lambda session: put_reversal(desk, session, file_id))
    await start_posting(desk, row)
    return await desk.read(lambda session: session.get_one(FileReversalRow, file_id))


def put_reversal(desk: Desk, session: Session, file_id: str) -> PaymentFileRow:
    """Write the compensations of a file whose reversal was asked for by someone else; return their file."""
    desk.need(Permission.IMPORT_FILES)
    asked_row = _asked_by_another(desk, session, file_id)
    plan_alone(session)
    file, today = _reversible(session, file_id), desk.today()
    row = reversal_row(file, on=today, at=desk.now)
    who = {"asked_by": asked_row.asked_by, "approved_by": desk.person.username}
    made = compensate(session, file, on=today, at=desk.now, **who)
    planned = plan(made.items, SqlBook(session, made.items, made.accounts))
    row.entries = len(planned.entries)
    for name, cents in columns_of(Totals.of_plan(planned)).items():
        setattr(row, name, cents)
    put_plan(session, row, planned, at=row.at)
    asked_row.state, asked_row.reversal_id = ReversalState.APPROVED, row.file_id
    asked_row.decided_by, asked_row.decided_at = desk.person.username, desk.now
    session.flush()
    return row


def _reversible(session: Session, file_id: str) -> PaymentFileRow:
    file = file_of(session, file_id)
    if file is None:
        raise missing("payment-file", file_id)
    if file.state != FileState.DONE or file.kind == KIND:
        what = "is a reversal itself" if file.kind == KIND else f"is {file.state}"
        raise unfit(
            "not-reversible",
            "The file cannot be taken back",
            f"The file {what}: a file is taken back once, whole.",
            status=409,
        )
    return file


def _asked_by_another(desk: Desk, session: Session, file_id: str) -> FileReversalRow:
    row = session.get(FileReversalRow, file_id, with_for_update=True)
    if row is None or row.state != ReversalState.ASKED:
        raise unfit("not-asked", "Nobody asks for this", "No reversal of the file waits for a decision.", status=409)
    if row.asked_by == desk.person.username:
        raise unfit(
            "own-request",
            "You asked for this yourself",
            _ABOUT,
            way_out="Ask someone else to decide.",
            status=409,
        )
    return row
