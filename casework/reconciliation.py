"""Do bank, our ledger and billing agree on a day; what does not, who has it, and may its books be closed?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from casework.context import Desk
from casework.control import BEGINNING, CONTROLS, Cents, Control, control_through, our_movements
from casework.errors import missing, not_now, unfit
from casework.permissions import Permission
from domain.calendar import DAY, CityCalendar
from domain.settlement import LUMP, REGISTER, Difference, differences, gaps
from gateways.billing import ControlLine
from gateways.errors import Outage
from models.ledger import balances, close_books, closed_through
from models.reconciliation import (
    BreakKind,
    BreakState,
    DayState,
    bank_balances,
    bank_sums,
    breaks_between,
    clear_others,
    put_break,
    put_day,
    reconciliation_of,
    statement_days,
    tills_report,
)
from models.tables import BreakRow, ReconciliationRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A bank day held against the bank and billing, and what stands in the way of closing it."""

    on: date
    state: DayState
    figures: Mapping[str, Any]
    breaks: Sequence[BreakRow] = ()
    closed_by: str = ""
    earlier: Sequence[BreakRow] = field(default=())


async def reconcile(desk: Desk, on: date, *, anew: bool = False) -> Day:
    """Return *on* held against bank statement and control accounts; what differs goes on record as a break.

    A day that is closed is returned as it was closed. With *anew* billing is asked from the beginning on, whatever was
    held against it before.

    Raises:
        Refused: the day is not over, or billing does not answer.
    """
    desk.need(Permission.SEE_REPORTS)
    today = await desk.read(lambda _session: desk.today())
    if on > today:
        raise unfit("day-to-come", "The day has not come", f"Today is {today}.", way_out="Ask for a day that has been.")
    closed = await desk.read(closed_through)
    if closed is not None and on <= closed:
        return await desk.read(lambda session: _as_closed(session, on))
    try:
        control = await control_through(desk, on, anew=anew)
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    calendar = (await desk.read(lambda _session: desk.policy())).calendar
    asked = _Asked(on=on, closed=closed, calendar=calendar, control=control)
    return await desk.write(lambda session: _reconcile(desk, session, asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A day, the last closed one before it, and billing's control accounts up to its close."""

    on: date
    closed: date | None
    calendar: CityCalendar
    control: Control


def _reconcile(desk: Desk, session: Session, asked: _Asked) -> Day:
    on, closed = asked.on, asked.closed
    sums = bank_sums(session, after=closed, through=on)
    if not tills_report(session, through=on):
        sums = {key: both for key, both in sums.items() if key[0] != REGISTER}
    found = list(_bank_breaks(differences(sums)))
    found += _statement_breaks(session, on, closed, asked.calendar)
    ours = our_movements(session, through=on)
    found += _billing_breaks(on, ours, asked.control.moved)
    for values in found:
        put_break(session, values, at=desk.now)
    first = closed + DAY if closed else BEGINNING
    names = [values["break_id"] for values in found]
    clear_others(session, found=names, since=first, through=on)
    standing = breaks_between(session, first, on)
    here = [row for row in standing if row.on == on]
    state = DayState.BROKEN if any(row.state == BreakState.OPEN for row in here) else DayState.TIED
    figures = {
        "bank": _bank_figures(sums, on),
        "ledger": _ledger_figures(session, on),
        "billing": _plain(asked.control.of_day),
        "control": asked.control.kept(ours),
    }
    put_day(session, on=on, state=state, figures=figures, at=desk.now)
    earlier = [row for row in standing if row.on < on and row.state == BreakState.OPEN]
    return Day(on=on, state=state, figures=figures, breaks=here, earlier=earlier)


def _as_closed(session: Session, on: date) -> Day:
    row = reconciliation_of(session, on)
    return Day(
        on=on,
        state=DayState.CLOSED,
        figures=row.figures if row else {},
        breaks=breaks_between(session, on, on),
        closed_by=row.closed_by if row else "",
    )


_KINDS: Final = {LUMP: BreakKind.LUMP, REGISTER: BreakKind.REGISTER}


def _bank_breaks(found: Sequence[Difference]) -> Iterator[dict[str, Any]]:
    for each in found:
        kind = _KINDS.get(each.source, BreakKind.BANK)
        made_good = each.met_on is not None
        yield _break(
            each.on,
            kind,
            each.source or "unknown",
            each.ref,
            ours=each.ours_cents,
            theirs=each.theirs_cents,
            state=BreakState.CLEARED if made_good else BreakState.OPEN,
            cleared_on=max(each.on, each.met_on) if each.met_on else None,
        )


def _statement_breaks(
    session: Session, on: date, closed: date | None, calendar: CityCalendar
) -> Iterator[dict[str, Any]]:
    """Yield bank days without a statement, once there has been one, and openings that are not the closing before."""
    have = statement_days(session, after=None, through=on)
    if not have:
        return
    day = max(min(have), closed + DAY if closed else min(have))
    while day <= on:
        if calendar.is_bank_day(day) and day not in have:
            yield _break(day, BreakKind.NO_STATEMENT, "bank", "", ours=0, theirs=0)
        day += DAY
    for day, cents in gaps(bank_balances(session, through=on)):
        if closed is None or day > closed:
            yield _break(day, BreakKind.OPENING, "bank", "", ours=0, theirs=cents)


def _billing_breaks(on: date, ours: Cents, theirs: Cents) -> Iterator[dict[str, Any]]:
    """Yield where our ledger and billing's control accounts have moved otherwise up to the close of *on*."""
    for name in CONTROLS:
        if ours[name] != theirs[name]:
            yield _break(on, BreakKind.BILLING, name, "", ours=ours[name], theirs=theirs[name])


def _break(
    on: date,
    kind: BreakKind,
    source: str,
    ref: str,
    *,
    ours: int,
    theirs: int,
    state: BreakState = BreakState.OPEN,
    cleared_on: date | None = None,
) -> dict[str, Any]:
    name = ".".join(filter(None, (str(on), str(kind), source, ref)))
    return {
        "break_id": name,
        "on": on,
        "kind": str(kind),
        "source": source,
        "ref": ref,
        "ours_cents": ours,
        "theirs_cents": theirs,
        "state": str(state),
        "cleared_on": cleared_on,
    }


def _bank_figures(sums: Mapping[tuple[str, str, date], tuple[int, int]], on: date) -> dict[str, dict[str, int]]:
    figures: dict[str, dict[str, int]] = {}
    for (source, _ref, day), (ours, theirs) in sums.items():
        if day == on and source != REGISTER:
            line = figures.setdefault(source or "unknown", {"ours_cents": 0, "theirs_cents": 0})
            line["ours_cents"] += ours
            line["theirs_cents"] += theirs
    return figures


def _ledger_figures(session: Session, on: date) -> dict[str, int]:
    return {str(account): money.cents for account, money in balances(session, through=on).items()}


def _plain(lines: Sequence[ControlLine]) -> dict[str, dict[str, int]]:
    names = ("opening", "billed", "fees", "adjustments", "write_offs", "payments", "returns", "transfers", "closing")
    return {line.service: {name: getattr(line, name).cents for name in names} for line in lines}


def assign(desk: Desk, break_id: str, *, to: str) -> BreakRow:
    """Give a break to someone who looks into it."""
    desk.need(Permission.RECONCILE)

    def write(session: Session) -> BreakRow:
        row = _open_break(session, break_id)
        row.assigned_to = to
        return row

    return desk.write_now(write)


def explain(desk: Desk, break_id: str, *, because: str) -> BreakRow:
    """Write why two books differ; the day can be closed over an explained break, by someone else.

    Raises:
        Refused: there is no such break, or it cleared by itself.
    """
    desk.need(Permission.RECONCILE)
    now = desk.now

    def write(session: Session) -> BreakRow:
        row = _open_break(session, break_id)
        row.state, row.explanation = BreakState.EXPLAINED, because
        row.explained_by, row.explained_at = desk.person.username, now
        return row

    return desk.write_now(write)


def need_of_day(desk: Desk, on: date, break_id: str) -> None:
    """Refuse a break that is not of the day."""
    row = desk.read_now(lambda session: session.get(BreakRow, break_id))
    if row is None or row.on != on:
        raise missing("break", break_id)


def _open_break(session: Session, break_id: str) -> BreakRow:
    row = session.get(BreakRow, break_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise missing("break", break_id)
    closed = closed_through(session)
    if row.state == BreakState.CLEARED or (closed is not None and row.on <= closed):
        raise unfit("break-settled", "The break is settled", f"It was {row.state}, or its day is closed.", status=409)
    return row


async def close(desk: Desk, on: date) -> Day:
    """Close the books through *on*: nothing is posted there any more.

    Raises:
        Refused: a break up to that day is neither cleared nor explained, a file is still being posted, or the person
            explained one of them.
    """
    desk.need(Permission.RECONCILE)
    await reconcile(desk, on, anew=True)

    def write(session: Session) -> None:
        closed = closed_through(session)
        if closed is not None and on <= closed:
            raise unfit("books-closed", "The day is closed", f"The books are closed through {closed}.", status=409)
        standing = breaks_between(session, closed + DAY if closed else BEGINNING, on)
        _need_explained(desk, standing)
        row = session.get_one(ReconciliationRow, on, populate_existing=True)
        row.state, row.closed_by, row.closed_at = DayState.CLOSED, desk.person.username, desk.now
        session.flush()
        close_books(session, on)

    await desk.write(write)
    return await desk.read(lambda session: _as_closed(session, on))


def _need_explained(desk: Desk, standing: Sequence[BreakRow]) -> None:
    open_ones = [row.break_id for row in standing if row.state == BreakState.OPEN]
    if open_ones:
        raise unfit(
            "unexplained-breaks",
            "There are unexplained breaks",
            f"{len(open_ones)} stand: {', '.join(open_ones[:5])}.",
            way_out="Clear them, or explain each, and close then.",
            status=409,
        )
    if any(row.explained_by == desk.person.username for row in standing if row.state == BreakState.EXPLAINED):
        raise unfit(
            "own-explanation",
            "You explained one of the breaks",
            "Who explains a break does not close the books over it.",
            way_out="Ask someone else to close the day.",
            status=409,
        )
