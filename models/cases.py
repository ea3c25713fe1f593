"""Which cases are there, which are due, and what happened in one?"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam
from sqlmodel import Session, col, func, select

from domain.events import Event
from models.codec import read_body, read_certificate, read_words
from models.tables import CaseCounterRow, CaseRow, TimelineRow
from models.upsert import next_number, rows_of
from models.vault import unseal

PAGE = 200
_DUE = (
    select(CaseRow.case_id, CaseRow.account_no, CaseRow.next_at, CaseRow.next_step)
    .where(col(CaseRow.closed).is_(None), col(CaseRow.next_at) <= bindparam("now"))
    .order_by(col(CaseRow.next_at), col(CaseRow.case_id))
    .limit(bindparam("most"))
)


class Due(NamedTuple):
    """An open case that the calendar should have woken, and for what."""

    case_id: str
    account_no: str
    next_at: datetime
    next_step: str


def next_case_id(session: Session, account_no: str) -> str:
    """Return ``{account_no}-{n}`` with the account's next number, in the transaction that opens the case."""
    n = next_number(session, CaseCounterRow, {"account_no": account_no})
    return f"{account_no}-{n}"


def open_case_of(session: Session, account_no: str) -> CaseRow | None:
    """Return the account's open case; none if it has none."""
    query = select(CaseRow).where(CaseRow.account_no == account_no, col(CaseRow.closed).is_(None))
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def open_among(session: Session, account_nos: Iterable[str]) -> set[str]:
    """Return which of the accounts have an open case."""
    query = select(CaseRow.account_no).where(col(CaseRow.account_no).in_(tuple(account_nos)))
    return set(session.exec(query.where(col(CaseRow.closed).is_(None))).all())


def last_case_of(session: Session, account_no: str) -> CaseRow | None:
    """Return the account's latest case, open or closed; none if it never had one."""
    query = select(CaseRow).where(CaseRow.account_no == account_no)
    latest = query.order_by(func.length(CaseRow.case_id).desc(), col(CaseRow.case_id).desc()).limit(1)
    return session.exec(latest.execution_options(populate_existing=True)).one_or_none()


def case_row(session: Session, case_id: str) -> CaseRow | None:
    """Return the case's row; none if there is no such case."""
    return session.get(CaseRow, case_id, populate_existing=True)


def open_cases(session: Session) -> tuple[CaseRow, ...]:
    """Return all open cases, in the order of their ids."""
    query = select(CaseRow).where(col(CaseRow.closed).is_(None)).order_by(col(CaseRow.case_id))
    return tuple(session.exec(query.execution_options(populate_existing=True)))


def due_cases(session: Session, now: datetime, limit: int = PAGE) -> tuple[Due, ...]:
    """Return the open cases that the calendar should have woken by *now*, the longest due first."""
    return tuple(Due._make(row) for row in rows_of(session, _DUE, {"now": now, "most": limit}))


def next_due_at(session: Session) -> datetime | None:
    """Return the first instant at which the calendar asks something of an open case, none if of none."""
    query = select(CaseRow.next_at).where(col(CaseRow.closed).is_(None), col(CaseRow.next_at).is_not(None))
    return session.exec(query.order_by(col(CaseRow.next_at)).limit(1)).one_or_none()


def timeline_of(session: Session, case_id: str, after: int = 0, limit: int = PAGE) -> tuple[TimelineRow, ...]:
    """Return the case's entries numbered above *after*, in order, at most *limit*; `decode` makes events of them."""
    query = select(TimelineRow).where(TimelineRow.case_id == case_id, TimelineRow.seq > after)
    return tuple(session.exec(query.order_by(col(TimelineRow.seq)).limit(limit)))


def events_of(session: Session, case_id: str) -> list[Event]:
    """Return all that happened in the case, in order."""
    events: list[Event] = []
    while rows := timeline_of(session, case_id, after=events[-1].seq if events else 0):
        events += [decode(session, row) for row in rows]
    return events


def decode(session: Session, row: TimelineRow | Row[Any]) -> Event:
    """Return the event that *row* holds; its private words read ``[redacted]`` once the customer's key is destroyed."""
    return Event(
        seq=row.seq,
        key=row.key,
        at=row.at,
        on=row.on,
        by=row.by,
        body=read_body(row.public, words_of(session, row.account_no, row.private)),
        certificate=read_certificate(row.certificate),
    )


def words_of(session: Session, account_no: str, sealed: bytes | None) -> dict[str, str] | None:
    """Return the private words sealed in an event, task or document, by field; none if their key is destroyed."""
    if sealed is None:
        return {}
    plaintext = unseal(session, account_no, sealed)
    return None if plaintext is None else read_words(plaintext)
