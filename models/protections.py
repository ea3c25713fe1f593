"""Which facts protect which accounts at an instant, those that end soonest first?"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select

from models.facts import ACCOUNT, PREMISES
from models.tables import AccountRow, FactRow


def standing_facts(
    session: Session, kinds: Collection[str], *, at: datetime, after: str = "", limit: int
) -> Sequence[FactRow]:
    """Return the facts of *kinds* about an account or a place in effect at *at*: soonest end first, endless last.

    *after*: those behind the fact of this number, which may have ended by now.
    """
    query = select(FactRow).where(*_in_effect(kinds, at))
    last = session.get(FactRow, after) if after else None
    if last is not None:
        later = and_(col(FactRow.until) == last.until, col(FactRow.fact_id) > last.fact_id)
        if last.until is None:
            query = query.where(col(FactRow.until).is_(None), col(FactRow.fact_id) > last.fact_id)
        else:
            query = query.where(or_(col(FactRow.until) > last.until, later, col(FactRow.until).is_(None)))
    order = (col(FactRow.until).is_(None), col(FactRow.until), col(FactRow.fact_id))
    return session.exec(query.order_by(*order).limit(limit)).all()


def standing_by_kind(session: Session, kinds: Collection[str], *, at: datetime) -> dict[str, int]:
    """Return how many facts of each of *kinds* are in effect at *at*; a kind without one is left out."""
    query = select(FactRow.kind, func.count()).where(*_in_effect(kinds, at))
    return dict(session.exec(query.group_by(FactRow.kind).order_by(FactRow.kind)).all())


def accounts_at(session: Session, premises: Collection[str]) -> dict[str, str]:
    """Return the account of each place, the latest one where a place had several."""
    query = select(AccountRow.premise_id, AccountRow.account_no).where(col(AccountRow.premise_id).in_(premises))
    return dict(session.exec(query.order_by(AccountRow.account_no)).all())


def _in_effect(kinds: Collection[str], at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(FactRow.kind).in_(kinds),
        col(FactRow.scope).in_((ACCOUNT, PREMISES)),
        col(FactRow.withdrawn_at).is_(None),
        col(FactRow.starts) <= at,
        or_(col(FactRow.until).is_(None), col(FactRow.until) > at),
    )
