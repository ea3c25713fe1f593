"""Which payment files does someone want taken back whole, and who agreed?"""

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
