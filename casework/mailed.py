"""On which day was a batch mailed, who signed for it, which letters came back, and who is sent copies?"""

from datetime import date, time
from typing import Final

from sqlmodel import Session, select

from casework.context import Desk
from casework.errors import missing, unfit
from casework.mailing import OWNER, THIRD_PARTY, the_batch
from casework.permissions import Permission
from domain.facts import Fact, FactKind
from domain.hear import Tells, Told
from letters.letter import LetterKind
from models.accounts import lock_account
from models.cases import open_case_of
from models.facts import record_fact
from models.mail import To, copies_of, set_copy
from models.outbox import tell
from models.tables import AccountRow, LetterRow, MailBatchRow, MailPieceRow
from models.tasks import raise_task

RETURN_REASONS: Final = ("no_such_address", "moved", "unclaimed", "refused", "deceased", "other")


def confirm(desk: Desk, batch_id: str, mailed_on: date) -> MailBatchRow:
    """Take the day on which a batch was mailed: from it the days of its notices are counted. Said twice it is one.

    A copy that the customer had asked for is noted as sent. Refused: a day before the batch was made or after today,
    or another day than was confirmed before.
    """
    desk.need(Permission.SEND_MAIL)

    def do(session: Session) -> MailBatchRow:
        batch = the_batch(session, batch_id)
        if batch.mailed_on == mailed_on:
            return batch
        _fitting(desk, batch, mailed_on)
        batch.mailed_on, batch.confirmed_by = mailed_on, desk.person.username
        for piece in session.exec(select(MailPieceRow).where(MailPieceRow.batch_id == batch_id)).all():
            if not piece.copy_for:
                _tell_mailed(session, desk, piece, mailed_on)
            elif piece.copy_for == THIRD_PARTY and piece.kind == LetterKind.DISCONNECTION_NOTICE:
                _note_copy(session, desk, piece, mailed_on)
        return batch

    return desk.write_now(do)


def sign(desk: Desk, batch_id: str, *, name: str) -> MailBatchRow:
    """Sign a batch's certificate of mailing as *name*, once its day is confirmed; it is signed once."""
    desk.need(Permission.SEND_MAIL)
    if not name.strip():
        raise unfit("unsigned", "Nobody signed", "A certificate of mailing is signed with a name.")

    def do(session: Session) -> MailBatchRow:
        batch = the_batch(session, batch_id)
        if batch.mailed_on is None:
            detail = f"Nobody has said yet on which day the batch {batch_id} was mailed."
            raise unfit(
                "not-mailed", "The batch is not mailed yet", detail, way_out="Confirm the day first.", status=409
            )
        if batch.signed_at is not None:
            detail = f"{batch.signed_by} has signed for the batch {batch_id}."
            raise unfit("already-signed", "The certificate is signed", detail, status=409)
        batch.signed_by, batch.signed_at = name.strip(), desk.now
        return batch

    return desk.write_now(do)


def came_back(desk: Desk, letter_id: str, *, on: date, because: str) -> LetterRow:
    """Take a letter that came back: as a notice it is void until it is served again, and someone is asked to mend it.

    *because* is one of `RETURN_REASONS`. Said twice it is one.
    """
    desk.need(Permission.SEND_MAIL)
    if because not in RETURN_REASONS:
        raise unfit("no-such-reason", "No such reason", f"The reason is one of: {', '.join(RETURN_REASONS)}.")

    def do(session: Session) -> LetterRow:
        row = session.get(LetterRow, letter_id, populate_existing=True)
        if row is None:
            raise missing("letter", letter_id)
        today = desk.policy().calendar.day(desk.now)
        if on > today or (row.mailed_on is not None and on < row.mailed_on):
            detail = f"{letter_id} cannot have come back on {on}."
            raise unfit("no-such-day", "It cannot have been that day", detail, way_out="Say the day it came back.")
        if row.returned_on is not None:
            return row
        row.returned_on, row.returned_because, row.state = on, because, "returned"
        if open_case_of(session, row.account_no) is None:  # no case is there to ask for a person
            task_id = f"bad_contact-{letter_id}"
            raise_task(session, task_id=task_id, kind="bad_contact", at=desk.now, account_no=row.account_no)
        _tell(session, desk, row, Tells.LETTER_RETURNED, on, because=because)
        return row

    return desk.write_now(do)


def send_copies(desk: Desk, account_no: str, copy_for: str, to: To | None) -> None:
    """Have copies of an account's notices go to its owner or to the person whom the customer named, or to nobody."""
    desk.need(Permission.SEND_MAIL)
    if copy_for not in {OWNER, THIRD_PARTY}:
        raise unfit("no-such-copy", "No such copy", f"Copies go to {OWNER} or {THIRD_PARTY}.")
    if to is not None and not (to.name.strip() and to.lines):
        raise unfit("no-address", "There is no address", "A copy needs a name and the lines of an address.")

    def do(session: Session) -> None:
        _known(session, account_no)
        set_copy(session, account_no, copy_for, to, by=desk.person.username, at=desk.now)

    desk.write_now(do)


def copies(desk: Desk, account_no: str) -> dict[str, To]:
    """Return who has copies of the account's notices."""
    desk.need(Permission.SEE_PERSONAL)

    def ask(session: Session) -> dict[str, To]:
        _known(session, account_no)
        return copies_of(session, account_no)

    return desk.read_now(ask)


def _known(session: Session, account_no: str) -> None:
    if session.get(AccountRow, account_no) is None:
        raise missing("account", account_no)


def _tell_mailed(session: Session, desk: Desk, piece: MailPieceRow, mailed_on: date) -> None:
    row = session.get(LetterRow, piece.letter_id, populate_existing=True)
    if row is not None and row.mailed_on is None:
        row.mailed_on, row.state = mailed_on, "mailed"
        _tell(session, desk, row, Tells.LETTER_MAILED, mailed_on)


def _tell(session: Session, desk: Desk, row: LetterRow, what: Tells, on: date, *, because: str = "") -> None:
    told = Told(
        key=f"mail/{row.letter_id}/{what}",
        at=desk.now,
        what=what,
        ref=row.receipt or row.letter_id,
        on=on,
        because=because,
        kind=row.kind,
    )
    tell(session, account_no=row.account_no, told=told, at=desk.now)


def _note_copy(session: Session, desk: Desk, piece: MailPieceRow, mailed_on: date) -> None:
    """Put on record that the person whom the customer named was sent a copy: without it nobody is cut (D21)."""
    lock_account(session, piece.account_no)
    fact = Fact(
        fact_id=f"copy/{piece.letter_id}",
        kind=FactKind.THIRD_PARTY_COPY,
        starts=desk.policy().calendar.at(mailed_on, time(0)),
        known_at=desk.now,
        source=f"batch {piece.batch_id}",
        entered_by=desk.person.username,
    )
    record_fact(session, fact=fact, known_at=desk.now, account_no=piece.account_no)
    if open_case_of(session, piece.account_no) is not None:
        told = Told(key=fact.fact_id, at=desk.now, what=Tells.LOOK_AGAIN)
        tell(session, account_no=piece.account_no, told=told, at=desk.now)


def _fitting(desk: Desk, batch: MailBatchRow, mailed_on: date) -> None:
    today, made = desk.today(), desk.policy().calendar.day(batch.made_at)
    if batch.mailed_on is not None:
        detail = f"The batch {batch.batch_id} was mailed on {batch.mailed_on}, as {batch.confirmed_by} confirmed."
        raise unfit("already-confirmed", "The day is confirmed already", detail, status=409)
    if not made <= mailed_on <= today:
        detail = f"A batch made on {made} was not mailed on {mailed_on}; it is {today} now."
        raise unfit("no-such-day", "It cannot have been that day", detail, way_out=f"Say a day from {made} to {today}.")
