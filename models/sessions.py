"""Who is signed in at a browser, since when, and for how long yet?"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, col

from models.callers import USER_AND_DAY, user_in
from models.tables import SessionRow, UserRow
from models.upsert import rows_of, table_of
from models.users import User

SESSION_BYTES = 32
IDLE_MAX = timedelta(minutes=30)  # a screen left alone
LENGTH_MAX = timedelta(hours=12)  # a working day
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last act is known; a write for each page would be one too many


# Every page and every question of an open page asks who it is: one statement, built once.
_SESSIONS, _USERS = table_of(SessionRow).c, table_of(UserRow).c
_PRESENCE = (
    select(_SESSIONS.seen_at, _SESSIONS.started_at, *USER_AND_DAY)
    .join_from(table_of(SessionRow), table_of(UserRow), _SESSIONS.username == _USERS.username)
    .where(_SESSIONS.session_sha256 == bindparam("of_session"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Who sits at a browser, at which business instant (none on the wall's clock), under which pack's digest.

    *stale*: it is time to `keep_session`. Whether the user may still work on that day is for the caller to ask.
    """

    user: User
    stale: bool
    business_now: datetime | None
    in_force: str


def begin_session(session: Session, username: str, *, at: datetime) -> str:
    """Return the secret of a new session of *username*; only its SHA-256 is kept. Sessions long over are removed."""
    session.exec(delete(SessionRow).where(col(SessionRow.started_at) <= at - LENGTH_MAX))
    secret = secrets.token_urlsafe(SESSION_BYTES)
    session.add(SessionRow(session_sha256=_digest(secret), username=username, started_at=at, seen_at=at))
    session.flush()
    return secret


def presence_of(session: Session, secret: str, *, at: datetime) -> Presence | None:
    """Return whose session it is; none when at *at*, an instant of the wall's, it is over or was never begun."""
    found = rows_of(session, _PRESENCE, {"of_session": _digest(secret)}).one_or_none()
    if found is None or at - found.seen_at > IDLE_MAX or at - found.started_at > LENGTH_MAX:
        return None
    return Presence(
        user=user_in(found),
        stale=at - found.seen_at > SEEN_EVERY,
        business_now=found.business_now,
        in_force=found.in_force or "",
    )


def keep_session(session: Session, secret: str, *, at: datetime) -> None:
    """Note that someone works in this session."""
    found = session.get(SessionRow, _digest(secret), populate_existing=True)
    if found is not None:
        found.seen_at = at


def end_session(session: Session, secret: str) -> None:
    """End the session: its cookie is worth nothing from now on."""
    session.exec(delete(SessionRow).where(col(SessionRow.session_sha256) == _digest(secret)))


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
