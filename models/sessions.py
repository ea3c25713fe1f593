"""Who is signed in at a browser, since when, and for how long yet?"""

import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete
from sqlmodel import Session, col

from models.tables import SessionRow
from models.users import User, user_named

SESSION_BYTES = 32
IDLE_MAX = timedelta(minutes=30)  # a screen left alone
LENGTH_MAX = timedelta(hours=12)  # a working day
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last act is known; a write for each page would be one too many


def begin_session(session: Session, username: str, *, at: datetime) -> str:
    """Return the secret of a new session of *username*; only its SHA-256 is kept. Sessions long over are removed."""
    session.exec(delete(SessionRow).where(col(SessionRow.started_at) <= at - LENGTH_MAX))
    secret = secrets.token_urlsafe(SESSION_BYTES)
    session.add(SessionRow(session_sha256=_digest(secret), username=username, started_at=at, seen_at=at))
    session.flush()
    return secret


def user_of_session(session: Session, secret: str, *, at: datetime, on: date) -> tuple[User, bool] | None:
    """Return whose session it is, and whether it is time to `keep` it; none when it is over or its user may not work.

    *at* is the wall's instant, *on* the city's business day.
    """
    found = session.get(SessionRow, _digest(secret), populate_existing=True)
    if found is None or at - found.seen_at > IDLE_MAX or at - found.started_at > LENGTH_MAX:
        return None
    user = user_named(session, found.username)
    return (user, at - found.seen_at > SEEN_EVERY) if user and user.may_work(on) else None


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
