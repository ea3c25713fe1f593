"""What was answered before to a POST under the caller's key?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col

from models.tables import IdempotencyRow
from models.upsert import insert_new

IN_HAND = 0  # the status of a request that is being worked on


class KeyReused(ValueError):
    """The idempotency key was used for another request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a request was answered. Status 0: the first request under this key has not been answered yet."""

    status: int
    body: dict[str, Any] | None


def begin_request(
    session: Session, *, key: str, username: str, route: str, request_hash: str, at: datetime
) -> Answer | None:
    """Claim *key* for a request; return none if it is new, else what the first request under it was answered.

    Raises:
        KeyReused: the key was used for another route or another body.
    """
    values = {"key": key, "username": username, "route": route, "request_hash": request_hash, "status": IN_HAND}
    if insert_new(session, IdempotencyRow, values | {"at": at}):
        return None
    row = session.get_one(IdempotencyRow, (key, username), populate_existing=True)
    if (row.route, row.request_hash) != (route, request_hash):
        raise KeyReused("this Idempotency-Key was used for another request")
    return Answer(status=row.status, body=row.body)


def answer_request(session: Session, *, key: str, username: str, status: int, body: dict[str, Any] | None) -> None:
    """Keep what the request under *key* was answered, for whoever asks again."""
    query = update(IdempotencyRow).where(*_under(key, username))
    session.exec(query.values(status=status, body=body))


def forget_request(session: Session, *, key: str, username: str) -> None:
    """Give *key* back: the request failed before it could have any effect."""
    session.exec(delete(IdempotencyRow).where(*_under(key, username), col(IdempotencyRow.status) == IN_HAND))


def _under(key: str, username: str) -> tuple[Any, Any]:
    return col(IdempotencyRow.key) == key, col(IdempotencyRow.username) == username
