"""Which payment files does someone want taken back whole, and who agreed; which payments were put right, and why?"""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class FileReversalRow(SQLModel, table=True):
    """A request to take a file back whole. *reversal_id* is the file of compensations that an approval made."""

    __tablename__ = "file_reversals"

    file_id: str = Field(primary_key=True, foreign_key="payment_files.file_id")
    because: str
    state: str = Field(index=True)
    asked_by: str
    asked_at: datetime = instant()
    decided_by: str = ""
    decided_at: datetime | None = instant(default=None)
    reversal_id: str = ""


class CorrectionRow(SQLModel, table=True):
    """A mistake with one payment that was put right. *anew_id*: the payment as which its money stands since."""

    __tablename__ = "payment_corrections"

    anew_id: str = Field(primary_key=True, foreign_key="payments.payment_id")
    payment_id: str = Field(index=True)
    what: str
    because: str
    by: str
    at: datetime = instant()
