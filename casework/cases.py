"""Which cases are there for this person, and which one comes next?"""

from dataclasses import dataclass
from hashlib import sha256

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.decisions import decide
from casework.errors import unfit
from casework.permissions import Permission
from casework.story import the_row
from domain.commands import Assign
from domain.step import Who
from models.tables import CaseRow
from models.users import Role
from models.worklist import CursorUnreadable, Page, Sort, worklist

WAITS_FOR: dict[Role, tuple[Who, ...]] = {
    Role.REPRESENTATIVE: (Who.REPRESENTATIVE,),
    Role.SENIOR: (Who.REPRESENTATIVE,),
    Role.SUPERVISOR: (Who.SUPERVISOR, Who.REPRESENTATIVE),
    Role.REVIEWER: (Who.REVIEWER,),
}
"""Whose waits each role can end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which cases, in which order. *q*: the beginning of a case or account number; names are never searched by URL."""

    state: str | None = None
    assigned_to: str | None = None
    hold: str | None = None
    service: str | None = None
    min_balance_cents: int | None = None
    q: str | None = None
    sort: Sort = Sort.PRIORITY
    cursor: str | None = None
    limit: int = 50


def cases(desk: Desk, wanted: Filter) -> Page:
    """Return a page of cases; open ones, unless the state asked for is closed."""
    desk.need(Permission.SEE_CASES)
    try:
        return desk.read_now(lambda session: _page(session, wanted))
    except CursorUnreadable as fault:
        raise unfit("bad-cursor", "The cursor cannot be used", f"{fault}.") from fault


def _page(session: Session, wanted: Filter) -> Page:
    return worklist(
        session,
        assigned_to=wanted.assigned_to,
        state=wanted.state,
        hold=wanted.hold,
        service=wanted.service,
        min_balance=wanted.min_balance_cents,
        q=wanted.q,
        sort=wanted.sort,
        cursor=wanted.cursor,
        limit=wanted.limit,
    )


def case(desk: Desk, case_id: str) -> CaseRow:
    """Return one case as the worklist shows it."""
    desk.need(Permission.SEE_CASES)
    return desk.read_now(lambda session: the_row(session, case_id))


def etag(row: CaseRow) -> str:
    """Return the tag of what is shown of a case: its last event's number, and a sum over the rest."""
    shown = sha256(row.model_dump_json(exclude={"as_of"}).encode()).hexdigest()[:12]
    return f'"{row.seq}-{shown}"'


def seq_of(tag: str) -> int | None:
    """Return the number of the last event that the holder of *tag* has seen; none if it is no tag of ours."""
    number = tag.strip().removeprefix("W/").strip('"').partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() else None


def my_worklist(desk: Desk, *, limit: int = 50) -> tuple[CaseRow, ...]:
    """Return the open cases that ask for someone of this person's role, theirs and nobody's, most pressing first."""
    desk.need(Permission.TAKE_WORK)
    return desk.read_now(lambda session: _asking(session, desk, limit))


def _asking(session: Session, desk: Desk, limit: int) -> tuple[CaseRow, ...]:
    waits = [str(who) for who in WAITS_FOR[desk.person.role]]
    query = select(CaseRow).where(
        col(CaseRow.closed).is_(None),
        col(CaseRow.assigned_to).in_(("", desk.person.username)),
        (col(CaseRow.waiting_for).in_(waits) & (col(CaseRow.task) != "")) | (col(CaseRow.priority) > 1),
    )
    mine_first = col(CaseRow.assigned_to).desc()
    query = query.order_by(
        col(CaseRow.priority).desc(), mine_first, col(CaseRow.score).desc(), col(CaseRow.case_id).desc()
    )
    return tuple(session.exec(query.limit(limit).execution_options(populate_existing=True)))


async def next_one(desk: Desk, *, key: str) -> CaseRow | None:
    """Return the case to work on next, assigned to this person from now on; none when nothing asks for them."""
    desk.need(Permission.TAKE_WORK)
    found = await desk.read(lambda session: _asking(session, desk, 1))
    if not found:
        return None
    first = found[0]
    if first.assigned_to != desk.person.username:
        await decide(desk, first.case_id, Assign(to=desk.person.username), key=f"{key}/{first.case_id}")
    return await desk.read(lambda session: the_row(session, first.case_id))
