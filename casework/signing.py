"""Who signs in at the console, who is still signed in, and who leaves?"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from casework.context import Installation, Person
from models.policies import active_digest, policy_with
from models.session import reading, transaction
from models.sessions import begin_session, end_session, keep_session, presence_of
from models.users import User, verify


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, by which city's clock they work, and what it shows."""

    person: Person
    user: User
    zone: str
    now: datetime


def sign_in(at: Installation, *, username: str, password: str) -> str | None:
    """Return the secret of a new session; none if the two do not belong together, or the user may not work today."""
    now = at.clock.now()
    with reading(at.engine) as session:  # hashing takes long, and nobody should have to wait for it to write
        today = policy_with(session, active_digest(session)).calendar.day(now)
        user = verify(session, username=username, password=password, on=today)
    if user is None:
        return None
    with transaction(at.engine) as session:
        return begin_session(session, user.username, at=_wall())


def signed_in(at: Installation, secret: str, *, keep: bool = True, session: Session | None = None) -> Signed | None:
    """Return whose session this is; none when it is over, or its user may not work today.

    With *keep*, being here counts as being at work. Asked in *session* if one is open already.
    """
    wall = _wall()
    with nullcontext(session) if session else reading(at.engine) as books:
        found = presence_of(books, secret, at=wall)
        if found is None:
            return None
        calendar = policy_with(books, found.in_force).calendar
    now = at.clock.at(found.business_now)
    if not found.user.may_work(calendar.day(now)):
        return None
    if found.stale and keep:
        with transaction(at.engine) as writing:
            keep_session(writing, secret, at=wall)
    user = found.user
    return Signed(Person(username=user.username, role=user.role), user, calendar.zone, now)


def sign_out(at: Installation, secret: str) -> None:
    """End the session at once, wherever its cookie may still lie."""
    with transaction(at.engine) as session:
        end_session(session, secret)


def _wall() -> datetime:
    return datetime.now(UTC)  # how long a browser stays signed in is the machine's business, not the city's
