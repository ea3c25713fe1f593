"""What would have been asked of other systems, and what did the city do itself?"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.tables import FactRow, ObservedRow, TimelineRow
from models.upsert import insert_new

OUTSIDE = "outside_act_noted"


def note_observed(
    session: Session,
    *,
    key: str,
    system: str,
    what: str,
    account_no: str,
    service: str,
    on: date,
    at: datetime,
    cents: int,
    content: str,
    answer: Mapping[str, str],
) -> ObservedRow:
    """Write what was not asked for; the same key again returns what was written first."""
    values = {
        "key": key,
        "system": system,
        "what": what,
        "account_no": account_no,
        "service": service,
        "on": on,
        "at": at,
        "cents": cents,
        "ref": f"observed/{key}",
        "content": content,
        "answer": dict(answer),
    }
    insert_new(session, ObservedRow, values)
    return session.get_one(ObservedRow, key, populate_existing=True)


def observed_at(session: Session, key: str) -> ObservedRow | None:
    """Return what was noted under *key*."""
    return session.get(ObservedRow, key, populate_existing=True)


def account_of_ref(session: Session, ref: str) -> str:
    """Return whose effect has the number *ref*; empty where it is not one of ours."""
    row = session.exec(select(ObservedRow).where(ObservedRow.key == ref.removeprefix("observed/"))).first()
    return row.account_no if row else ""


def observed_between(session: Session, since: date, through: date) -> Sequence[ObservedRow]:
    """Return what would have been done on the days from *since* to *through*."""
    query = select(ObservedRow).where(ObservedRow.on >= since, ObservedRow.on <= through)
    return session.exec(query.order_by(col(ObservedRow.on), col(ObservedRow.key))).all()


def outside_between(session: Session, since: date, through: date) -> Sequence[TimelineRow]:
    """Return what cases heard that the city did by itself on those days."""
    query = select(TimelineRow).where(TimelineRow.type == OUTSIDE, TimelineRow.on >= since, TimelineRow.on <= through)
    return session.exec(query.order_by(col(TimelineRow.on), col(TimelineRow.case_id), col(TimelineRow.seq))).all()


def outside_facts(session: Session, kind: str) -> Sequence[FactRow]:
    """Return what the city did on accounts that had no case."""
    return session.exec(select(FactRow).where(FactRow.kind == kind, col(FactRow.withdrawn_at).is_(None))).all()
