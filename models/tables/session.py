"""What is kept of a person who is signed in at the console."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class SessionRow(SQLModel, table=True):
    """A browser that is signed in, known by the hash of its cookie alone.

    Its instants are the wall's: how long a browser may stay signed in is no matter of business time.
    """

    __tablename__ = "sessions"

    session_sha256: str = Field(primary_key=True)
    username: str = Field(index=True, foreign_key="users.username")
    started_at: datetime = instant()
    seen_at: datetime = instant()
