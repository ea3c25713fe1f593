"""What the installation itself keeps: policy, clock, users, tokens, answers already given."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import instant, json_field


class PolicyRow(SQLModel, table=True):
    """A policy pack as it was when it was activated, by its digest; the one activated last is in force."""

    __tablename__ = "policies"

    digest: str = Field(primary_key=True)
    pack: str
    version: str
    content: str
    activated_at: datetime = instant()


class ClockRow(SQLModel, table=True):
    """The one business clock: *wall*, or a stored instant that a driver moves (*stepped*, *paced*)."""

    __tablename__ = "clocks"

    clock_id: int = Field(default=1, primary_key=True)
    mode: str
    business_now: datetime | None = instant(default=None)
    rate: int = 1


class UserRow(SQLModel, table=True):
    """A person at the desk, or a machine with a role. *covers* names whom this user stands in for."""

    __tablename__ = "users"

    username: str = Field(primary_key=True)
    display_name: str
    role: str
    password_hash: str
    active: bool = True
    expires_on: date | None = None
    covers: str | None = None


class TokenRow(SQLModel, table=True):
    """A bearer token, known by its hash alone."""

    __tablename__ = "tokens"

    token_sha256: str = Field(primary_key=True)
    username: str = Field(index=True, foreign_key="users.username")
    issued_at: datetime = instant()
    expires_at: datetime = instant()


class IdempotencyRow(SQLModel, table=True):
    """The answer to a POST, by the caller's key. *status* 0: it is being worked on."""

    __tablename__ = "idempotency"

    key: str = Field(primary_key=True)
    username: str = Field(primary_key=True)
    route: str
    request_hash: str
    status: int = 0
    body: dict[str, Any] | None = json_field(default=None)
    at: datetime = instant()
