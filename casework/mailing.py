"""Which letters and copies go to whoever prints and mails them, as one file with its manifest?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Final

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import Refused, missing, unfit
from casework.holding import need_released
from casework.letters import at_the_service, composed
from casework.mail_file import certificate_of, digest, manifest, print_file
from casework.permissions import Permission
from domain.calendar import DAY
from domain.policy import Policy
from domain.verdict import Refusal
from letters.letter import Letter, LetterKind
from letters.render import pages_of, render
from models.accounts import personal_of
from models.mail import (
    UNSENT,
    LettersTaken,
    Piece,
    To,
    batches_of,
    copies_of,
    forgotten,
    pieces_of,
    unprinted,
    write_batch,
)
from models.tables import LetterRow, MailBatchRow
from models.tasks import raise_task

BATCH_MAX = 1_000  # letters; more of a day go into its next batch
THIRD_PARTY, OWNER, PREMISES = "third_party", "owner", "premises"
COPIED: Final = {
    # Whoever lives there, owns the place or was named by the customer is to know before service is cut. A reminder and
    # a breach cut nothing: of these the person whom the customer named is told, as they asked.
    PREMISES: frozenset({LetterKind.DISCONNECTION_NOTICE, LetterKind.RECONNECTION_OFFER}),
    OWNER: frozenset({LetterKind.DISCONNECTION_NOTICE}),
    THIRD_PARTY: frozenset({LetterKind.DISCONNECTION_NOTICE, LetterKind.REMINDER, LetterKind.BREACH_NOTICE}),
}
_CALLED: Final = {"breach": LetterKind.BREACH_NOTICE}
"""What the record calls a letter otherwise than who writes it."""


@dataclass(frozen=True, slots=True)
class Left:
    """A letter that could not be printed, and why."""

    letter_id: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Letters of earlier days that nobody printed, counted to `BATCH_MAX`, and the day of the oldest."""

    letters: int
    since: date | None


@dataclass(frozen=True, slots=True)
class Made:
    """A batch, and the letters that it had to leave out."""

    batch: MailBatchRow
    left: tuple[Left, ...]


def waiting(desk: Desk, on: date) -> int:
    """Return how many letters prepared on *on* are in no batch yet and are to go into one, counted to `BATCH_MAX`."""
    desk.need(Permission.SEND_MAIL)
    policy = desk.policy()
    return len(desk.read_now(lambda session: _due(session, on, policy=policy, limit=BATCH_MAX)))


def left_over(desk: Desk, on: date) -> LeftOver:
    """Return what was prepared before *on* and never printed nor mailed: the next batch takes it along."""
    desk.need(Permission.SEND_MAIL)
    policy = desk.policy()
    since, _ = _hours_of(policy, on)
    rows = desk.read_now(lambda session: forgotten(session, before=since, limit=BATCH_MAX))
    return LeftOver(len(rows), policy.calendar.day(rows[0].prepared_at) if rows else None)


def batches(desk: Desk) -> Sequence[MailBatchRow]:
    """Return the latest batches."""
    desk.need(Permission.SEND_MAIL)
    return desk.read_now(batches_of)


def batch_of(desk: Desk, batch_id: str) -> tuple[MailBatchRow, tuple[Piece, ...]]:
    """Return a batch with its pieces."""
    desk.need(Permission.SEND_MAIL)
    return desk.read_now(lambda session: (the_batch(session, batch_id), pieces_of(session, batch_id)))


def make_batch(desk: Desk, on: date) -> Made:
    """Print the letters prepared on *on* that are in no batch, with the copies that are due, and keep them as a batch.

    Letters of earlier days that nobody printed go first, so that none is forgotten. Of one that the mail house has
    mailed by itself the copies alone are printed: the customer is not to have it twice. A letter that may not be
    printed is left out, told, and becomes a task. Refused where nothing is left to print, or another batch took a
    letter meanwhile.
    """
    desk.need(Permission.SEND_MAIL)
    need_released(desk)
    policy = desk.policy()
    since, _ = _hours_of(policy, on)

    def waiting_now(session: Session) -> list[LetterRow]:
        earlier = list(forgotten(session, before=since, limit=BATCH_MAX))
        return earlier + _due(session, on, policy=policy, limit=BATCH_MAX - len(earlier))

    rows = desk.read_now(waiting_now)
    pieces: list[Piece] = []
    left: list[Left] = []
    for row in rows:
        printed = desk.read_now(partial(_printed, row=row, policy=policy))
        pieces += [each for each in printed if isinstance(each, Piece)]
        left += [Left(row.letter_id, each) for each in printed if isinstance(each, Refusal)][:1]
    if not pieces:
        raise _nothing(on, left)

    def keep(session: Session) -> MailBatchRow:
        for each in left:
            row = session.get(LetterRow, each.letter_id)
            raise_task(
                session,
                task_id=f"not_printed-{each.letter_id}",
                kind="letter_not_printed",
                at=desk.now,
                account_no=row.account_no if row else "",
                urgent=True,
            )
        return write_batch(
            session,
            pieces,
            on=on,
            at=desk.now,
            by=desk.person.username,
            manifest_of=lambda _, made: digest(manifest(made)),
        )

    try:
        return Made(desk.write_now(keep), tuple(left))
    except LettersTaken as taken:
        detail = f"Someone put the letter {taken} into another batch meanwhile."
        raise unfit("letters-taken", "Another batch was made just now", detail, status=409) from taken


def batch_file(desk: Desk, batch_id: str) -> bytes:
    """Return the batch as its print file: the pieces as they were printed, byte for byte.

    Refused where a piece can no longer be set as it was: its key has been destroyed, or its wording changed since.
    """
    desk.need(Permission.SEND_MAIL)
    batch, pieces = batch_of(desk, batch_id)
    return print_file(batch, pieces, (_again(desk, piece) for piece in pieces))


def certificate(desk: Desk, batch_id: str) -> bytes:
    """Return the certificate of mailing of a batch, to be signed or as it was signed."""
    batch, pieces = batch_of(desk, batch_id)
    return certificate_of(batch, pieces, desk.policy())


# --- printing -----------------------------------------------------------------------------------------------------


def _printed(session: Session, *, row: LetterRow, policy: Policy) -> list[Piece | Refusal]:
    """Return the letter and its copies, or why it may not be printed."""
    letter = composed(session, row.letter_id)
    if not isinstance(letter, Letter):
        return [letter]
    found: list[Piece | Refusal] = [_piece(row, letter)] if row.state in UNSENT else []
    for copy_for, where in _copies_due(session, row, policy=policy).items():
        copy = composed(session, row.letter_id, copy_for=copy_for, to=where)
        found.append(_piece(row, copy) if isinstance(copy, Letter) else copy)
    return found


def _due(session: Session, on: date, *, policy: Policy, limit: int) -> list[LetterRow]:
    """Return the letters of a day for a batch: those not on their way yet, and those with copies to be sent."""
    since, before = _hours_of(policy, on)
    rows = unprinted(session, since=since, before=before, limit=limit)
    return [row for row in rows if row.state in UNSENT or _copies_due(session, row, policy=policy)]


def _copies_due(session: Session, row: LetterRow, *, policy: Policy) -> dict[str, To]:
    """Return to whom copies of a letter are due, by what they are there for."""
    wanted = {copy_for for copy_for, kinds in COPIED.items() if _CALLED.get(row.kind, row.kind) in kinds}
    if not wanted:
        return {}
    here = at_the_service(personal_of(session, row.account_no), policy)
    to = copies_of(session, row.account_no) | ({PREMISES: here} if here else {})
    return {copy_for: where for copy_for, where in to.items() if copy_for in wanted}


def _piece(row: LetterRow, letter: Letter) -> Piece:
    pdf = render(letter)
    return Piece(
        letter_id=row.letter_id,
        copy_for=letter.copy_for,
        account_no=row.account_no,
        kind=letter.kind,
        pages=pages_of(pdf),
        sha256=digest(pdf),
        to=To(name=letter.addressee.name, lines=letter.addressee.lines),
    )


def _again(desk: Desk, piece: Piece) -> bytes:
    letter = desk.read_now(lambda session: composed(session, piece.letter_id, copy_for=piece.copy_for, to=piece.to))
    pdf = render(letter) if isinstance(letter, Letter) else b""
    if digest(pdf) != piece.sha256:
        detail = f"The letter {piece.letter_id} can no longer be set as it was printed: its words were changed since."
        way_out = "Put the wording back as it was, or take the file as it was first handed out."
        raise unfit("print-changed", "The batch is not what it was", detail, way_out=way_out, status=409)
    return pdf


def _nothing(on: date, left: Sequence[Left]) -> Refused:
    if left:
        detail = (
            f"{left[0].letter_id}: {left[0].refusal.detail} None of the {len(left)} letters of {on} may be printed."
        )
        return unfit("nothing-to-print", "Nothing can be printed", detail, way_out=left[0].refusal.way_out, status=409)
    return unfit("nothing-to-print", "Nothing is left to print", f"Every letter of {on} is in a batch.", status=409)


def _hours_of(policy: Policy, on: date) -> tuple[datetime, datetime]:
    return policy.calendar.at(on, time(0)), policy.calendar.at(on + DAY, time(0))


def the_batch(session: Session, batch_id: str) -> MailBatchRow:
    """Return a batch, to be changed in this transaction; refused if there is none."""
    row = session.exec(select(MailBatchRow).where(col(MailBatchRow.batch_id) == batch_id)).one_or_none()
    if row is None:
        raise missing("batch", batch_id)
    return row
