"""Which open cases does a person at the desk want to see, in which order, a page at a time?"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from domain.states import ServiceStatus, Stage
from models.tables import AccountRow, CaseRow

PAGE_MAX = 500
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_NO_DAY = date(9999, 12, 31)


class Sort(StrEnum):
    """What comes first: the most pressing, the largest sum, the oldest debt, the soonest step, or plain order."""

    PRIORITY = "priority"
    BALANCE = "balance"
    PAST_DUE = "past_due"
    OLDEST_DUE = "oldest_due"
    NEXT = "next"
    CASE = "case"


class CursorUnreadable(ValueError):
    """The cursor is not one that a page of this order handed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Cases in order, and where the next page begins; no cursor after the last."""

    rows: tuple[CaseRow, ...]
    cursor: str | None


def worklist(
    session: Session,
    *,
    assigned_to: str | None = None,
    state: str | None = None,
    hold: str | None = None,
    service: str | None = None,
    min_balance: int | None = None,
    q: str | None = None,
    sort: Sort = Sort.PRIORITY,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of cases; open ones, unless *state* asks for closed.

    *state* is a stage or a service status, *hold* a kind of fact in effect, *min_balance* in cents. *q* finds a case
    or account number by its beginning, or a customer's name by any part.

    Raises:
        CursorUnreadable: *cursor* was not handed out for this order.
    """
    query = select(CaseRow)
    for condition in _conditions(assigned_to, state, hold, service, min_balance):
        query = query.where(condition)
    if q:
        query = _matching(query, q.strip())
    key, descending = _order_of(sort)
    if cursor:
        value, case_id = _read_cursor(cursor, sort)
        beyond = key < value if descending else key > value
        query = query.where(or_(beyond, and_(key == value, col(CaseRow.case_id) > case_id)))
    query = query.order_by(key.desc() if descending else key, col(CaseRow.case_id))
    size = max(1, min(limit, PAGE_MAX))
    rows = tuple(session.exec(query.limit(size + 1).execution_options(populate_existing=True)))
    more = _write_cursor(rows[size - 1], sort) if len(rows) > size else None
    return Page(rows=rows[:size], cursor=more)


def _conditions(
    assigned_to: str | None, state: str | None, hold: str | None, service: str | None, min_balance: int | None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if state != Stage.CLOSED:
        found.append(col(CaseRow.closed).is_(None))
    if state is not None:
        column = CaseRow.status if state in set(ServiceStatus) else CaseRow.stage
        found.append(col(column) == state)
    if assigned_to is not None:
        found.append(col(CaseRow.assigned_to) == assigned_to)
    if hold is not None:
        found.append(col(CaseRow.holds).contains(f"|{hold}|", autoescape=True))
    if service is not None:
        found.append(col(CaseRow.service_names).contains(f"|{service}|", autoescape=True))
    if min_balance is not None:
        found.append(col(CaseRow.balance_cents) >= min_balance)
    return found


def _matching(query: SelectOfScalar[CaseRow], q: str) -> SelectOfScalar[CaseRow]:
    query = query.join(AccountRow, col(AccountRow.account_no) == col(CaseRow.account_no))
    return query.where(
        or_(
            col(CaseRow.case_id).startswith(q, autoescape=True),
            func.lower(AccountRow.name).contains(q.lower(), autoescape=True),
        )
    )


def _order_of(sort: Sort) -> tuple[SQLColumnExpression[Any], bool]:
    """Return what *sort* goes by, and whether the greatest comes first."""
    keys: dict[Sort, tuple[SQLColumnExpression[Any], bool]] = {
        Sort.PRIORITY: (col(CaseRow.priority), True),
        Sort.BALANCE: (col(CaseRow.balance_cents), True),
        Sort.PAST_DUE: (col(CaseRow.past_due_cents), True),
        Sort.OLDEST_DUE: (func.coalesce(CaseRow.oldest_due_on, _NO_DAY), False),
        Sort.NEXT: (func.coalesce(CaseRow.next_at, _NEVER), False),
        Sort.CASE: (col(CaseRow.case_id), False),
    }
    return keys[sort]


def _value_of(row: CaseRow, sort: Sort) -> object:
    values: dict[Sort, object] = {
        Sort.PRIORITY: row.priority,
        Sort.BALANCE: row.balance_cents,
        Sort.PAST_DUE: row.past_due_cents,
        Sort.OLDEST_DUE: (row.oldest_due_on or _NO_DAY).isoformat(),
        Sort.NEXT: (row.next_at or _NEVER).isoformat(),
        Sort.CASE: row.case_id,
    }
    return values[sort]


def _write_cursor(row: CaseRow, sort: Sort) -> str:
    written = json.dumps([sort, _value_of(row, sort), row.case_id])
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, sort: Sort) -> tuple[object, str]:
    try:
        handed_out, written, case_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = _read_value(written, sort)
    except (ValueError, TypeError) as why:
        raise CursorUnreadable("the cursor cannot be read; ask for the first page") from why
    if handed_out != sort:
        raise CursorUnreadable(f"the cursor belongs to another order than {sort}; ask for the first page")
    return value, str(case_id)


def _read_value(written: Any, sort: Sort) -> object:  # noqa: ANN401  # whatever JSON the caller sent
    match sort:
        case Sort.OLDEST_DUE:
            return date.fromisoformat(written)
        case Sort.NEXT:
            return datetime.fromisoformat(written)
        case Sort.CASE:
            return str(written)
        case _:
            return int(written)
