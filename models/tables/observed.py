"""What an installation that only observes would have asked of other systems."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import cents, instant, json_field


class ObservedRow(SQLModel, table=True):
    """One effect that was not asked for, under the key that it would have had; *answer* is what the case was told.

    *content* is a hash of it: the same key with other content would have been rejected.
    """

    __tablename__ = "observed"

    key: str = Field(primary_key=True)
    system: str = Field(index=True)
    what: str
    account_no: str = Field(index=True)
    service: str = ""
    on: date = Field(index=True)
    at: datetime = instant()
    cents: int = cents(default=0)
    ref: str = ""
    content: str
    answer: dict[str, Any] = json_field(default_factory=dict)
