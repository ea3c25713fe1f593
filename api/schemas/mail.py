"""How does the API show batches of letters, and a letter that came back?"""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel

from models.tables import LetterRow, MailBatchRow


class BatchShown(BaseModel, extra="forbid"):
    """One batch. *left_out*: letters that may not be printed, told once, when the batch is made."""

    batch_id: str
    on: date
    made_at: datetime
    made_by: str
    pieces: int
    pages: int
    manifest_sha256: str
    mailed_on: date | None
    confirmed_by: str
    signed_by: str
    left_out: list[str] = []

    @classmethod
    def of(cls, row: MailBatchRow, *, left_out: Sequence[str] = ()) -> "BatchShown":
        return cls(
            batch_id=row.batch_id,
            on=row.on,
            made_at=row.made_at,
            made_by=row.made_by,
            pieces=row.pieces,
            pages=row.pages,
            manifest_sha256=row.manifest_sha256,
            mailed_on=row.mailed_on,
            confirmed_by=row.confirmed_by,
            signed_by=row.signed_by,
            left_out=list(left_out),
        )


class BatchesShown(BaseModel, extra="forbid"):
    batches: list[BatchShown]


class ReturnShown(BaseModel, extra="forbid"):
    """A letter that came back, and when."""

    letter_id: str
    kind: str
    returned_on: date | None
    because: str

    @classmethod
    def of(cls, row: LetterRow) -> "ReturnShown":
        return cls(letter_id=row.letter_id, kind=row.kind, returned_on=row.returned_on, because=row.returned_because)
