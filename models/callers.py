"""Whose is a bearer token, at which business instant and under which pack? Every request asks it: one statement."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session

from models.clock import THE_CLOCK
from models.tables import ClockRow, PolicyRow, TokenRow, UserRow
from models.upsert import rows_of, table_of
from models.users import Role, User, token_digest

_TOKENS, _USERS = table_of(TokenRow).c, table_of(UserRow).c
_CLOCKS, _POLICIES = table_of(ClockRow).c, table_of(PolicyRow).c
_IN_FORCE = select(_POLICIES.digest).order_by(_POLICIES.activated_at.desc(), _POLICIES.digest).limit(1)
_BUSINESS_NOW = select(_CLOCKS.business_now).where(_CLOCKS.clock_id == THE_CLOCK)
USER_AND_DAY = (
    *(_USERS.username, _USERS.display_name, _USERS.role, _USERS.active, _USERS.expires_on, _USERS.covers),
    _BUSINESS_NOW.scalar_subquery().label("business_now"),
    _IN_FORCE.scalar_subquery().label("in_force"),
)
"""Who asks, the clock's instant (none on the wall's) and the digest of the pack in force."""

_CALLER = (
    select(_TOKENS.expires_at, *USER_AND_DAY)
    .join_from(table_of(TokenRow), table_of(UserRow), _TOKENS.username == _USERS.username)
    .where(_TOKENS.token_sha256 == bindparam("of_token"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whose token it is and until when, at which business instant, under which pack's digest."""

    user: User
    expires_at: datetime
    business_now: datetime | None
    in_force: str

    def may_call(self, *, at: datetime, on: date) -> bool:
        """Say whether the token has not expired at *at* and its user may work on *on*."""
        return at < self.expires_at and self.user.may_work(on)


def caller_of(session: Session, token: str) -> Caller | None:
    """Return whose token it is; none if there is no such token."""
    found = rows_of(session, _CALLER, {"of_token": token_digest(token)}).one_or_none()
    if found is None:
        return None
    return Caller(
        user=user_in(found),
        expires_at=found.expires_at,
        business_now=found.business_now,
        in_force=found.in_force or "",
    )


def user_in(row: Row[Any]) -> User:
    """Return the user that a row with `USER_AND_DAY` names."""
    return User(
        username=row.username,
        display_name=row.display_name,
        role=Role(row.role),
        active=row.active,
        expires_on=row.expires_on,
        covers=row.covers,
    )
