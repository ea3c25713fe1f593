"""Which letters wait to be printed, which went in which batch, and to whom each piece was addressed?"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, exists, select

from models.tables import CopyAddressRow, LetterRow, MailBatchRow, MailDayRow, MailPieceRow
from models.upsert import insert_new, next_number, upsert
from models.vault import seal, unseal

LISTED_MAX = 100
EMAILED, RETURNED = "emailed", "returned"
UNSENT = ("to_print", "handed_over")
"""The states of a letter that nobody has said to be on its way: in no batch either, it is yet to be printed."""

_IN_A_BATCH = exists().where(col(MailPieceRow.letter_id) == col(LetterRow.letter_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """Name and lines as an envelope shows them."""

    name: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One envelope of a batch. *copy_for*: blank for the letter itself."""

    letter_id: str
    copy_for: str
    account_no: str
    kind: str
    pages: int
    sha256: str
    to: To = field(repr=False)


ManifestOf = Callable[[str, Sequence[Piece]], str]
"""Returns the SHA-256 of the manifest of a batch by its id and pieces."""


class LettersTaken(RuntimeError):
    """Another batch took one of the letters meanwhile."""


def unprinted(session: Session, *, since: datetime, before: datetime, limit: int) -> Sequence[LetterRow]:
    """Return the letters prepared from *since* to *before* that are in no batch, in their order.

    One that is on its way already may be due to others as a copy; one that was e-mailed or came back is not.
    """
    fresh = (LetterRow.prepared_at >= since, LetterRow.prepared_at < before)
    query = select(LetterRow).where(~_IN_A_BATCH, *fresh, col(LetterRow.state).not_in((EMAILED, RETURNED)))
    return session.exec(query.order_by(col(LetterRow.prepared_at), col(LetterRow.letter_id)).limit(limit)).all()


def forgotten(session: Session, *, before: datetime, limit: int) -> Sequence[LetterRow]:
    """Return the letters prepared before that instant which nobody has printed or mailed, the oldest first."""
    query = select(LetterRow).where(~_IN_A_BATCH, col(LetterRow.state).in_(UNSENT), LetterRow.prepared_at < before)
    return session.exec(query.order_by(col(LetterRow.prepared_at), col(LetterRow.letter_id)).limit(limit)).all()


def write_batch(
    session: Session, pieces: Sequence[Piece], *, on: date, at: datetime, by: str, manifest_of: ManifestOf
) -> MailBatchRow:
    """Write a batch of *pieces*, numbered from 1, under the day's next number.

    Raises:
        LettersTaken: one of them is in another batch.
    """
    number = next_number(session, MailDayRow, {"on": on})
    batch = MailBatchRow(
        batch_id=f"{on.isoformat()}-{number}",
        on=on,
        made_at=at,
        made_by=by,
        pieces=len(pieces),
        pages=sum(piece.pages for piece in pieces),
        manifest_sha256="",
    )
    batch.manifest_sha256 = manifest_of(batch.batch_id, pieces)
    session.add(batch)
    session.flush()
    for place, piece in enumerate(pieces, start=1):
        values = {
            "letter_id": piece.letter_id,
            "copy_for": piece.copy_for,
            "batch_id": batch.batch_id,
            "account_no": piece.account_no,
            "number": place,
            "kind": piece.kind,
            "pages": piece.pages,
            "sha256": piece.sha256,
            "addressee": seal(session, piece.account_no, _written(piece.to)),
        }
        if not insert_new(session, MailPieceRow, values):
            raise LettersTaken(piece.letter_id)
    return batch


def batches_of(session: Session, *, limit: int = LISTED_MAX) -> Sequence[MailBatchRow]:
    """Return the latest batches, latest first."""
    query = select(MailBatchRow).order_by(col(MailBatchRow.on).desc(), col(MailBatchRow.made_at).desc())
    return session.exec(query.limit(limit)).all()


def pieces_of(session: Session, batch_id: str) -> tuple[Piece, ...]:
    """Return the batch's pieces by number; who a destroyed key had named is left blank."""
    rows = session.exec(
        select(MailPieceRow).where(MailPieceRow.batch_id == batch_id).order_by(col(MailPieceRow.number))
    )
    return tuple(
        Piece(
            letter_id=row.letter_id,
            copy_for=row.copy_for,
            account_no=row.account_no,
            kind=row.kind,
            pages=row.pages,
            sha256=row.sha256,
            to=_read(unseal(session, row.account_no, row.addressee)),
        )
        for row in rows
    )


def printed_to(session: Session, letter_id: str, copy_for: str = "") -> To | None:
    """Return to whom the letter was printed; none if it is in no batch."""
    row = session.get(MailPieceRow, (letter_id, copy_for), populate_existing=True)
    return _read(unseal(session, row.account_no, row.addressee)) if row else None


def set_copy(session: Session, account_no: str, copy_for: str, to: To | None, *, by: str, at: datetime) -> None:
    """Have copies of the account's letters go to *to*, or to nobody any more."""
    if to is None:
        row = session.get(CopyAddressRow, (account_no, copy_for))
        if row is not None:
            session.delete(row)
        return
    sealed = seal(session, account_no, _written(to))
    values = {"account_no": account_no, "copy_for": copy_for, "addressee": sealed, "set_by": by, "set_at": at}
    upsert(session, CopyAddressRow, values)


def copies_of(session: Session, account_no: str) -> dict[str, To]:
    """Return who has copies of the account's letters."""
    rows = session.exec(select(CopyAddressRow).where(CopyAddressRow.account_no == account_no))
    return {row.copy_for: _read(unseal(session, account_no, row.addressee)) for row in rows}


def _written(to: To) -> bytes:
    return json.dumps([to.name, *to.lines], ensure_ascii=False).encode()


def _read(written: bytes | None) -> To:
    name, *lines = json.loads(written) if written else ("",)
    return To(name=name, lines=tuple(lines))
