"""Who may sit at the desk: users, their roles, passwords and bearer tokens."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from pwdlib import PasswordHash
from sqlalchemy import delete
from sqlmodel import Session, col, select

from models.tables import TokenRow, UserRow

TOKEN_BYTES = 32


class Role(StrEnum):
    REPRESENTATIVE = "representative"
    SENIOR = "senior"
    SUPERVISOR = "supervisor"
    ACCOUNTANT = "accountant"
    AUDITOR = "auditor"
    REVIEWER = "reviewer"
    FIELD_CALLBACK = "field_callback"
    CUSTOMER_CARE = "customer_care"


class UserRefused(ValueError):
    """The user cannot be made or changed so; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person at the desk, or a machine with a role. *covers*: the absent user this one stands in for."""

    username: str
    display_name: str
    role: Role
    active: bool = True
    expires_on: date | None = None
    covers: str | None = None

    def may_work(self, on: date) -> bool:
        """Say whether the user is active on *on*; the day of expiry is the last."""
        return self.active and (self.expires_on is None or on <= self.expires_on)


def create_user(
    session: Session, *, username: str, display_name: str, role: Role, password: str, expires_on: date | None = None
) -> User:
    """Write a new user; the password is kept as an Argon2 hash alone.

    Raises:
        UserRefused: the name is taken, or empty, or there is no password.
    """
    if not username or not password:
        raise UserRefused("a user needs a name and a password")
    if session.get(UserRow, username) is not None:
        raise UserRefused(f"the username {username} is taken")
    row = UserRow(
        username=username,
        display_name=display_name,
        role=role.value,
        password_hash=_hasher().hash(password),
        expires_on=expires_on,
    )
    session.add(row)
    session.flush()
    return _to_domain(row)


def users(session: Session) -> tuple[User, ...]:
    """Return all users, by name."""
    return tuple(_to_domain(row) for row in session.exec(select(UserRow).order_by(col(UserRow.username))))


def user_named(session: Session, username: str) -> User | None:
    """Return the user; none if there is none of that name."""
    row = session.get(UserRow, username, populate_existing=True)
    return _to_domain(row) if row else None


def set_active(session: Session, username: str, *, active: bool) -> None:
    """Let the user in, or shut them out; shut out, their tokens are gone.

    Raises:
        UserRefused: there is no such user.
    """
    _existing(session, username).active = active
    if not active:
        session.exec(delete(TokenRow).where(col(TokenRow.username) == username))


def set_cover(session: Session, username: str, *, covers: str | None) -> None:
    """Let the user stand in for an absent one, or for nobody.

    Raises:
        UserRefused: one of the two does not exist, or they are the same.
    """
    if covers == username:
        raise UserRefused("nobody stands in for themselves")
    if covers is not None:
        _existing(session, covers)
    _existing(session, username).covers = covers


def verify(session: Session, *, username: str, password: str, on: date) -> User | None:
    """Return the user whose password this is, if they may work on *on*; none else, and after the same time."""
    row = session.get(UserRow, username, populate_existing=True)
    matches = _hasher().verify(password, row.password_hash if row else _nobodys_hash())
    user = _to_domain(row) if row and matches else None
    return user if user and user.may_work(on) else None


def issue_token(session: Session, username: str, *, issued_at: datetime, expires_at: datetime) -> str:
    """Return a new bearer token of the user; only its SHA-256 is kept, so it is shown this once.

    Raises:
        UserRefused: there is no such user.
    """
    _existing(session, username)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        TokenRow(token_sha256=token_digest(token), username=username, issued_at=issued_at, expires_at=expires_at)
    )
    session.flush()
    return token


def revoke_tokens(session: Session, username: str) -> None:
    """Make every token of the user worthless."""
    session.exec(delete(TokenRow).where(col(TokenRow.username) == username))


def _existing(session: Session, username: str) -> UserRow:
    row = session.get(UserRow, username, populate_existing=True)
    if row is None:
        raise UserRefused(f"there is no user {username}")
    return row


def token_digest(token: str) -> str:
    """Return what is kept of a bearer token."""
    return sha256(token.encode()).hexdigest()


@lru_cache(maxsize=1)
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe(TOKEN_BYTES))


def _to_domain(row: UserRow) -> User:
    return User(
        username=row.username,
        display_name=row.display_name,
        role=Role(row.role),
        active=row.active,
        expires_on=row.expires_on,
        covers=row.covers,
    )
