"""What does this person work on, and whom does a number or a name belong to?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlmodel import Session, col, func, select

from casework.cases import WAITS_FOR
from casework.context import Desk
from casework.errors import unfit
from casework.permissions import Permission, is_supervisor
from domain.calendar import DAY
from models.cases import open_case_of
from models.desk_list import DeskPage, Order, Tab, Wanted, desk_list, matching_accounts
from models.tables import AccountRow, CaseRow, UserRow
from models.users import Role
from models.worklist import CursorUnreadable

FOUND_MAX = 50
DIGITS_MIN, WORD_MIN = 4, 2  # fewer would list the town
_LETTERS = re.compile(r"[^\W\d_]")
_LONG_DISTANCE = "15075550100"  # as long as a number with its country code


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person chose to see of their work; as in `models.desk_list.Wanted`."""

    tab: Tab = Tab.MINE
    state: str | None = None
    service: str | None = None
    hold: str | None = None
    task: str | None = None
    min_past_due_cents: int | None = None
    order: Order = Order.SCORE
    cursor: str | None = None
    limit: int = 25


def work_of(desk: Desk, asked: Asked) -> DeskPage:
    """Return a page of this person's work; a supervisor's is everyone's, but for what is their own.

    Whoever takes none, or may not see whom it concerns, sees less.
    """
    desk.need(Permission.SEE_CASES)
    wanted = Wanted(
        username=desk.person.username,
        waits=tuple(str(who) for who in WAITS_FOR.get(desk.person.role, ())),
        due_before=_end_of_today(desk) if asked.tab is Tab.DUE else None,
        everyone=is_supervisor(desk.person.role),
        tab=asked.tab if desk.may(Permission.TAKE_WORK) else Tab.ALL,
        state=asked.state,
        service=asked.service,
        hold=asked.hold,
        task=asked.task,
        min_past_due_cents=asked.min_past_due_cents,
        order=asked.order,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    try:
        page = desk.read_now(lambda session: desk_list(session, wanted))
    except CursorUnreadable as fault:
        raise unfit("bad-cursor", "The cursor cannot be used", f"{fault}.") from fault
    if desk.may(Permission.SEE_PERSONAL):
        return page
    return replace(page, rows=tuple(row._replace(name="", address="") for row in page.rows))


def _end_of_today(desk: Desk) -> datetime:
    calendar = desk.policy().calendar
    return calendar.at(calendar.day(desk.now) + DAY, time(0))


@dataclass(frozen=True, slots=True)
class Found:
    """An account that answers to what was searched for, and its open case if it has one."""

    account: AccountRow
    case: CaseRow | None


def find(desk: Desk, text: str) -> Sequence[Found]:
    """Return the accounts of a number, phone, name or address; at most `FOUND_MAX`.

    Who may not see personal data finds accounts by their own number alone.
    """
    desk.need(Permission.SEE_CASES)
    digits = "" if _LETTERS.search(text) else re.sub(r"\D", "", text)
    digits = digits.removeprefix("1") if len(digits) == len(_LONG_DISTANCE) else digits
    digits = digits if len(digits) >= DIGITS_MIN else ""
    words = [] if digits else [word for word in re.split(r"[\s,]+", text) if len(word) >= WORD_MIN]
    personal = desk.may(Permission.SEE_PERSONAL)
    if not personal and not digits:
        return ()

    def ask(session: Session) -> tuple[Found, ...]:
        rows = matching_accounts(session, digits=digits, words=words, limit=FOUND_MAX)
        if not personal:
            rows = [row for row in rows if row.account_no.startswith(digits)]
        return tuple(Found(row, open_case_of(session, row.account_no)) for row in rows)

    return desk.read_now(ask)


def colleagues(desk: Desk) -> Sequence[tuple[str, str]]:
    """Return who can be given a case: user name and name as shown."""
    desk.need(Permission.SEE_CASES)
    roles = [str(role) for role in (Role.REPRESENTATIVE, Role.SENIOR, Role.SUPERVISOR)]
    query = select(UserRow.username, UserRow.display_name).where(col(UserRow.role).in_(roles), col(UserRow.active))
    return desk.read_now(lambda session: list(session.exec(query.order_by(col(UserRow.display_name))).all()))


def mark_of_work(desk: Desk) -> tuple[int, int]:
    """Return a mark that changes whenever a case of this person changes, comes or leaves."""
    query = select(func.count(), func.coalesce(func.sum(CaseRow.seq), 0))
    query = query.where(CaseRow.assigned_to == desk.person.username, col(CaseRow.closed).is_(None))
    count, seqs = desk.read_now(lambda session: session.exec(query).one())
    return count, seqs


def names_of(desk: Desk, account_nos: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return name and address by account, as far as this person may see them."""
    if not desk.may(Permission.SEE_PERSONAL):
        return {}
    query = select(AccountRow.account_no, AccountRow.name, AccountRow.premise_address)
    query = query.where(col(AccountRow.account_no).in_(account_nos))
    return desk.read_now(lambda session: {no: (name, address) for no, name, address in session.exec(query)})
