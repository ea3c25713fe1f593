"""How does what one transaction decided reach another system, in order per target, at least once?"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, exists, func, update
from sqlalchemy import select as statement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from domain.hear import Told
from models.columns import UtcDateTime
from models.tables import OutboxRow
from models.upsert import insert_new, rows_of

TELL = "tell"
ERROR_CHARACTERS = 200

_TOLD = TypeAdapter(Told)

_WAITS = col(OutboxRow.done_at).is_(None)
_ANY = statement(col(OutboxRow.id)).where(_WAITS).limit(1)
_COUNT = statement(func.count()).select_from(OutboxRow).where(_WAITS)
_EARLIER = aliased(OutboxRow)
_HELD = exists().where(
    col(_EARLIER.target) == col(OutboxRow.target),
    col(_EARLIER.done_at).is_(None),
    col(_EARLIER.retry_at) > bindparam("wall_now", type_=UtcDateTime()),
    col(_EARLIER.id) <= col(OutboxRow.id),
)
_BATCH = select(OutboxRow).where(_WAITS, ~_HELD).order_by(col(OutboxRow.id)).execution_options(populate_existing=True)


def put(session: Session, *, key: str, kind: str, target: str, body: dict[str, Any], at: datetime) -> bool:
    """Let *body* be delivered to *target* once this transaction commits; return false if *key* was put before.

    *body* is plain JSON without personal data; *at* is the business instant. It may be delivered at once: what is
    due later is not put yet.
    """
    values = {"key": key, "kind": kind, "target": target, "body": body, "created_at": at, "attempts": 0}
    return insert_new(session, OutboxRow, values | {"last_error": ""})


def tell(session: Session, *, account_no: str, told: Told, at: datetime) -> None:
    """Put word for the account's case into the outbox, in the caller's transaction; the same key again is nothing."""
    put(
        session,
        key=f"tell/{account_no}/{told.key}",
        kind=TELL,
        target=account_no,
        body={"told": _TOLD.dump_python(told, mode="json")},
        at=at,
    )


def take_batch(session: Session, now: datetime, limit: int) -> Sequence[OutboxRow]:
    """Return what waits for delivery at the wall's *now*, oldest first, at most *limit*.

    Several messages for one target come in their order; a target whose first message waits for a later try has none.
    """
    if rows_of(session, _ANY, {}).first() is None:
        return ()  # as nearly always, and asked many times each second
    return session.exec(_BATCH.limit(limit), params={"wall_now": now}).all()


def waiting(session: Session) -> int:
    """Return how many messages have not been delivered."""
    return int(rows_of(session, _COUNT, {}).scalar_one())


def done(session: Session, numbers: Collection[int], at: datetime) -> None:
    """Write that the messages have arrived."""
    arrived = update(OutboxRow).where(col(OutboxRow.id).in_(numbers))
    session.exec(arrived.values(done_at=at, retry_at=None, last_error=""))


def failed(session: Session, number: int, error: str, retry_at: datetime) -> None:
    """Hold the message, and those behind it for the same target, until *retry_at*; *error* names no person."""
    query = update(OutboxRow).where(col(OutboxRow.id) == number)
    values = {"attempts": OutboxRow.attempts + 1, "last_error": error[:ERROR_CHARACTERS], "retry_at": retry_at}
    session.exec(query.values(values))
