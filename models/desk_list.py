"""Which cases does a person's worklist show, with whom they concern, in which order, a page at a time?

Filters, order and page are the database's work: nothing is fetched that is not shown.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, SQLColumnExpression, select, tuple_
from sqlmodel import Session, col, func, or_
from sqlmodel import select as select_rows

from domain.money import Money
from domain.states import ServiceStatus
from models.tables import AccountRow, CaseRow
from models.upsert import rows_of
from models.worklist import CursorUnreadable

PAGE_MAX = 200
QUERIES_KEPT = 512
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_NO_DAY = date(9999, 12, 31)


class Tab(StrEnum):
    """Mine; for anyone of my role and not yet anyone's; due today; held by a fact; closed; all that is open.

    Due, held and closed are mine alone, and of everyone for whoever answers for everyone's.
    """

    MINE = "mine"
    OPEN = "open"
    DUE = "due"
    HELD = "held"
    DONE = "done"
    ALL = "all"


class Order(StrEnum):
    """What comes first: the most points, the largest sum past due, the oldest debt, the soonest step."""

    SCORE = "score"
    PAST_DUE = "past_due"
    OLDEST = "oldest"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to show. *username* and *waits*: who asks, and whose waits they can end. *everyone*: they answer for all.

    *due_before*: today's end, which the tab of what is due asks for.
    """

    username: str
    waits: tuple[str, ...]
    due_before: datetime | None = None
    everyone: bool = False
    tab: Tab = Tab.MINE
    state: str | None = None
    service: str | None = None
    hold: str | None = None
    task: str | None = None
    min_past_due_cents: int | None = None
    order: Order = Order.SCORE
    cursor: str | None = None
    limit: int = 25


class Listed(NamedTuple):
    """What a list shows of a case, with the name and the address that go with it; no more of it is fetched."""

    case_id: str
    account_no: str
    name: str
    address: str
    priority: int
    score: int
    stage: str
    task: str
    next_step: str
    next_says: str
    next_at: datetime | None
    assigned_to: str
    follow_up_on: date | None
    oldest_due_on: date | None
    as_of: datetime
    closed: str | None
    closed_on: date | None
    status: ServiceStatus
    holds: tuple[str, ...]
    past_due: Money


_PLAIN = (
    *(col(CaseRow.case_id), col(CaseRow.account_no), col(AccountRow.name), col(AccountRow.premise_address)),
    *(col(CaseRow.priority), col(CaseRow.score), col(CaseRow.stage), col(CaseRow.task)),
    *(col(CaseRow.next_step), col(CaseRow.next_says), col(CaseRow.next_at), col(CaseRow.assigned_to)),
    *(col(CaseRow.follow_up_on), col(CaseRow.oldest_due_on), col(CaseRow.as_of)),
    *(col(CaseRow.closed), col(CaseRow.closed_on)),
)
"""The columns that a list shows as they are, in the order of `Listed`."""

_LISTED = select(*_PLAIN, col(CaseRow.status), col(CaseRow.holds), col(CaseRow.past_due_cents)).join(
    AccountRow, col(AccountRow.account_no) == col(CaseRow.account_no)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """Cases in order, and where the next page begins; no cursor after the last."""

    rows: tuple[Listed, ...]
    cursor: str | None


def desk_list(session: Session, wanted: Wanted) -> DeskPage:
    """Return a page of what *wanted* names.

    Raises:
        CursorUnreadable: the cursor was not handed out for this order.
    """
    size = _size(wanted)
    rows = tuple(_listed(row) for row in rows_of(session, _query(wanted), {}))
    return DeskPage(rows=rows[:size], cursor=_write(rows[size - 1], wanted.order) if len(rows) > size else None)


@lru_cache(maxsize=QUERIES_KEPT)
def _query(wanted: Wanted) -> Executable:
    """Return the statement that finds *wanted*: the same few lists are asked for, and to build one costs much."""
    query = _LISTED.where(*_of_tab(wanted), *_of_filters(wanted))
    keys, descending = _order(wanted.order)
    if wanted.cursor:
        here, last = tuple_(*keys), tuple_(*_read(wanted.cursor, wanted.order))
        query = query.where(here < last if descending else here > last)
    return query.order_by(*(key.desc() if descending else key for key in keys)).limit(_size(wanted) + 1)


def _size(wanted: Wanted) -> int:
    return max(1, min(wanted.limit, PAGE_MAX))


def _listed(row: Any) -> Listed:  # noqa: ANN401  # a bare row of as many columns as `Listed` has fields
    holds = tuple(row.holds.strip("|").split("|")) if row.holds else ()
    return Listed._make((*row[: len(_PLAIN)], ServiceStatus(row.status), holds, Money(row.past_due_cents)))


def _of_tab(wanted: Wanted) -> list[ColumnElement[bool]]:
    is_open = col(CaseRow.closed).is_(None)
    mine = col(CaseRow.assigned_to) == wanted.username
    of_mine = [] if wanted.everyone else [mine]
    match wanted.tab:
        case Tab.MINE:
            return [is_open, mine]
        case Tab.OPEN:
            asks = col(CaseRow.waiting_for).in_(wanted.waits) & (col(CaseRow.task) != "")
            return [is_open, col(CaseRow.assigned_to) == "", asks | (col(CaseRow.priority) > 1)]
        case Tab.DUE:
            return [is_open, *of_mine, col(CaseRow.next_at) < wanted.due_before]
        case Tab.HELD:
            return [is_open, *of_mine, col(CaseRow.holds) != ""]
        case Tab.DONE:
            return [col(CaseRow.closed).is_not(None), *of_mine]
        case Tab.ALL:
            return [is_open]


def _of_filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state:
        column = CaseRow.status if wanted.state in set(ServiceStatus) else CaseRow.stage
        found.append(col(column) == wanted.state)
    if wanted.service:
        found.append(col(CaseRow.service_names).contains(f"|{wanted.service}|", autoescape=True))
    if wanted.hold:
        found.append(col(CaseRow.holds).contains(f"|{wanted.hold}|", autoescape=True))
    if wanted.task:
        found.append(col(CaseRow.task) == wanted.task)
    if wanted.min_past_due_cents:
        found.append(col(CaseRow.past_due_cents) >= wanted.min_past_due_cents)
    return found


def _order(order: Order) -> tuple[tuple[SQLColumnExpression[Any], ...], bool]:
    """Return what *order* goes by, the case's number last, and whether the greatest comes first."""
    number = col(CaseRow.case_id)
    match order:
        case Order.SCORE:
            return (col(CaseRow.priority), col(CaseRow.score), number), True
        case Order.PAST_DUE:
            return (col(CaseRow.past_due_cents), number), True
        case Order.OLDEST:
            return (func.coalesce(CaseRow.oldest_due_on, _NO_DAY), number), False
        case Order.NEXT:
            return (func.coalesce(CaseRow.next_at, _NEVER), number), False


def _write(row: Listed, order: Order) -> str:
    values: dict[Order, list[Any]] = {
        Order.SCORE: [row.priority, row.score],
        Order.PAST_DUE: [row.past_due.cents],
        Order.OLDEST: [(row.oldest_due_on or _NO_DAY).isoformat()],
        Order.NEXT: [(row.next_at or _NEVER).isoformat()],
    }
    return urlsafe_b64encode(json.dumps([order, *values[order], row.case_id]).encode()).decode().rstrip("=")


def _read(cursor: str, order: Order) -> list[Any]:
    try:
        handed_out, *values, case_id = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if handed_out == order:
            match order, values:
                case (Order.SCORE, [int(), int()]) | (Order.PAST_DUE, [int()]):
                    return [*values, str(case_id)]
                case Order.OLDEST, [str(day)]:
                    return [date.fromisoformat(day), str(case_id)]
                case Order.NEXT, [str(instant)]:
                    return [datetime.fromisoformat(instant), str(case_id)]
    except (ValueError, TypeError) as why:
        raise CursorUnreadable("the cursor cannot be read; ask for the first page") from why
    raise CursorUnreadable(f"the cursor does not belong to the order {order}; ask for the first page")


def matching_accounts(session: Session, *, digits: str, words: Sequence[str], limit: int) -> Sequence[AccountRow]:
    """Return the accounts whose number begins with *digits*, whose phone ends so or that have such a meter.

    Without digits, those that have all *words* in name, address, ZIP code, premises' number or meters' numbers.
    """
    conditions: list[ColumnElement[bool]] = []
    if digits:
        phone = func.replace(func.replace(AccountRow.phone, "-", ""), " ", "")
        conditions.append(
            or_(
                col(AccountRow.account_no).startswith(digits, autoescape=True),
                phone.endswith(digits, autoescape=True),
                col(AccountRow.meters).contains(digits, autoescape=True),
            )
        )
    else:
        place = AccountRow.premise_address + " " + AccountRow.zip_code + " " + AccountRow.premise_id
        text = func.lower(AccountRow.name + " " + place + " " + AccountRow.meters)
        conditions += [text.contains(word.lower(), autoescape=True) for word in words]
    if not conditions:
        return ()
    query = select_rows(AccountRow).where(*conditions).order_by(col(AccountRow.account_no)).limit(limit)
    return session.exec(query.execution_options(populate_existing=True)).all()
