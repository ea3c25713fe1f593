"""What went to whoever prints and mails: batches, each with its pieces; and who else is sent copies."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import instant, sealed


class MailDayRow(SQLModel, table=True):
    """A day of mailing. Whoever makes a batch writes this row first, so that two never take the same letters."""

    __tablename__ = "mail_days"

    on: date = Field(primary_key=True)
    last: int = 0


class MailBatchRow(SQLModel, table=True):
    """One print file with its manifest. *mailed_on*: the day that whoever mails has confirmed; *signed_by* who signed.

    *manifest_sha256* names what was handed over: the manifest holds the hash of every piece.
    """

    __tablename__ = "mail_batches"

    batch_id: str = Field(primary_key=True)
    on: date = Field(index=True)
    made_at: datetime = instant()
    made_by: str
    pieces: int
    pages: int
    manifest_sha256: str
    mailed_on: date | None = None
    confirmed_by: str = ""
    signed_at: datetime | None = instant(default=None)
    signed_by: str = ""


class MailPieceRow(SQLModel, table=True):
    """One envelope: a letter, or a copy of it. *addressee*: to whom, as printed, sealed under the customer's key."""

    __tablename__ = "mail_pieces"

    letter_id: str = Field(primary_key=True)
    copy_for: str = Field(primary_key=True)
    batch_id: str = Field(index=True, foreign_key="mail_batches.batch_id")
    account_no: str = Field(index=True)
    number: int
    kind: str
    pages: int
    sha256: str
    addressee: bytes = sealed()


class CopyAddressRow(SQLModel, table=True):
    """Where a copy of each notice of this account goes beside the customer; *addressee* is sealed."""

    __tablename__ = "copy_addresses"

    account_no: str = Field(primary_key=True, foreign_key="accounts.account_no")
    copy_for: str = Field(primary_key=True)
    addressee: bytes = sealed()
    set_by: str
    set_at: datetime = instant()
