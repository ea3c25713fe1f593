"""What do the books of a day hold on either side, which breaks stand, and which days are closed?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import case
from sqlalchemy import select as core_select
from sqlmodel import Session, col, func, select

from domain.calendar import DAY
from domain.ledger import LedgerAccount, Posting, PostingKind
from domain.money import Money
from domain.settlement import LUMP, REGISTER, Settlement, Side, Sums
from models.ledger import closed_through, post
from models.tables import BreakRow, PaymentFileRow, PaymentRow, ReconciliationRow, SettlementRow
from models.upsert import insert_many, insert_new, upsert


class BreakKind(StrEnum):
    """Which two books differ."""

    BANK = "bank"  # the statement and our files
    LUMP = "lump"  # a lump and the file it is for
    REGISTER = "register"  # what the tills say they took and the receipts
    BILLING = "billing"  # billing's control accounts and our ledger
    NO_STATEMENT = "no_statement"  # the bank has not said anything
    OPENING = "opening"  # the bank's opening balance is not its closing one before


class BreakState(StrEnum):
    OPEN = "open"
    CLEARED = "cleared"  # it was made good by itself
    EXPLAINED = "explained"


class DayState(StrEnum):
    TIED = "tied"
    BROKEN = "broken"
    CLOSED = "closed"


def put_settlements(
    session: Session, row: PaymentFileRow, settlements: Sequence[Settlement], *, next_day: date, at: datetime
) -> None:
    """Write what moves at the bank because of a file, and post what no item of it says: commission, over and short."""
    closed = closed_through(session)
    first_open = closed + DAY if closed else date.min
    rows = [
        {
            "file_id": row.file_id,
            "side": str(each.side),
            "source": each.source,
            "ref": each.ref,
            "cents": each.cents,
            "on": max(first_open, each.on or (next_day if each.later else row.received_on)),
        }
        for each in settlements
    ]
    insert_many(session, SettlementRow, rows, returning="settlement_id")
    post(session, _unitemised(row, settlements), at=at)


def _unitemised(row: PaymentFileRow, settlements: Sequence[Settlement]) -> Iterable[Posting]:
    """Yield what lies between a file's items and what it says reaches the bank."""
    ours = [each for each in settlements if each.side is Side.OURS and each.source != REGISTER]
    if row.kind == "agency":
        kept = row.posted_cents + row.suspense_cents - sum(each.cents for each in ours if each.source == LUMP)
        kind, where, other = PostingKind.COMMISSION, LedgerAccount.CLEARING_LUMP, LedgerAccount.COMMISSION
    elif row.kind == "registers":
        kept = -sum(each.cents for each in ours)
        kind, where, other = PostingKind.OVER_SHORT, LedgerAccount.CLEARING_COUNTER, LedgerAccount.OVER_SHORT
    else:
        return
    if kept:
        yield Posting(
            key=f"{kind}/{row.file_id}",
            kind=kind,
            debit=other if kept > 0 else where,
            credit=where if kept > 0 else other,
            amount=Money(abs(kept)),
            effective_on=row.received_on,
            ref=row.file_id,
        )


def bank_sums(session: Session, *, after: date | None, through: date) -> Sums:
    """Return ours and theirs by source, reference and day, of the days after *after* through *through*."""
    row, sides = SettlementRow, (Side.OURS, Side.THEIRS)
    ours, theirs = (func.sum(case((col(row.side) == side, row.cents), else_=0)) for side in sides)
    columns = (col(row.source), col(row.ref), col(row.on))
    query = core_select(*columns, ours, theirs).where(col(row.side).in_(sides), col(row.on) <= through)
    if after is not None:
        query = query.where(col(row.on) > after)
    found = session.connection().execute(query.group_by(*columns)).all()
    return {(source, ref, on): (int(our), int(their)) for source, ref, on, our, their in found}


def bank_balances(session: Session, *, through: date) -> Mapping[date, tuple[int, int]]:
    """Return the bank's opening and closing balance of each day that has a statement."""
    row, found = SettlementRow, defaultdict[date, dict[str, int]](dict)
    query = select(col(row.on), row.side, func.sum(row.cents)).where(col(row.side).in_((Side.OPENING, Side.CLOSING)))
    for on, side, cents in session.exec(query.where(row.on <= through).group_by(col(row.on), row.side)).all():
        found[on][side] = int(cents)
    return {on: (sides[Side.OPENING], sides[Side.CLOSING]) for on, sides in found.items() if len(sides) > 1}


def in_transit(session: Session, *, through: date) -> Mapping[str, Money]:
    """Return what is in our ledger at the close of *through* but not in billing's: what is on its way there."""
    row, amount = PaymentRow, func.coalesce(func.sum(PaymentRow.amount_cents), 0)
    waits = select(amount).where(row.rejected == "")
    came = waits.where(row.effective_on <= through, col(row.posted_at).is_(None))
    went = waits.where(col(row.returned_on) <= through, col(row.return_posted_at).is_(None), row.billing_ref != "")
    return {"payments": Money(int(session.exec(came).one())), "returns": Money(int(session.exec(went).one()))}


def tills_report(session: Session, *, through: date) -> bool:
    """Say whether the tills' totals have ever come: where they never do, receipts stand alone."""
    row = SettlementRow
    query = select(row.settlement_id).where(row.source == REGISTER, row.side == Side.THEIRS, row.on <= through)
    return session.exec(query.limit(1)).first() is not None


def put_break(session: Session, values: Mapping[str, Any], *, at: datetime) -> None:
    """Write a break that was found; one that stands already keeps who has it and how it was explained."""
    new = {
        "state": str(BreakState.OPEN),
        "found_at": at,
        "assigned_to": "",
        "explanation": "",
        "explained_by": "",
        **values,
    }
    if insert_new(session, BreakRow, new):
        return
    row = session.get_one(BreakRow, values["break_id"], populate_existing=True, with_for_update=True)
    same = (row.ours_cents, row.theirs_cents) == (values["ours_cents"], values["theirs_cents"])
    row.ours_cents, row.theirs_cents = values["ours_cents"], values["theirs_cents"]
    if not (same and row.state == BreakState.EXPLAINED):  # what was explained was another amount
        row.state, row.cleared_on = values.get("state", str(BreakState.OPEN)), values.get("cleared_on")
    session.flush()


def clear_others(session: Session, *, found: Iterable[str], since: date, through: date) -> None:
    """Clear the open breaks of some days that are not among those *found* now."""
    row, known = BreakRow, set(found)
    query = select(row).where(row.on >= since, row.on <= through, row.state == BreakState.OPEN)
    for stands in session.exec(query.with_for_update()).all():
        if stands.break_id not in known:
            stands.state, stands.cleared_on = BreakState.CLEARED, through
    session.flush()


def breaks_between(session: Session, since: date, through: date) -> Sequence[BreakRow]:
    """Return the breaks of some days, oldest first."""
    row = BreakRow
    query = select(row).where(row.on >= since, row.on <= through).order_by(col(row.on), row.break_id)
    return session.exec(query.execution_options(populate_existing=True)).all()


def reconciliation_of(session: Session, on: date) -> ReconciliationRow | None:
    """Return the day as it was last held against bank and billing; none if it never was."""
    return session.get(ReconciliationRow, on, populate_existing=True)


def last_held(session: Session, *, before: date) -> ReconciliationRow | None:
    """Return the last day before *before* that was held against bank and billing; none if there was none."""
    row = ReconciliationRow
    query = select(row).where(row.on < before).order_by(col(row.on).desc()).limit(1)
    return session.exec(query.execution_options(populate_existing=True)).first()


def put_day(session: Session, *, on: date, state: DayState, figures: Mapping[str, Any], at: datetime) -> None:
    """Write what came of a day that is not closed."""
    values = {"on": on, "state": str(state), "at": at, "closed_by": "", "closed_at": None, "figures": dict(figures)}
    upsert(session, ReconciliationRow, values)


def statement_days(session: Session, *, after: date | None, through: date) -> frozenset[date]:
    """Return the days of which there is a statement."""
    query = select(col(SettlementRow.on)).where(SettlementRow.side == Side.CLOSING, SettlementRow.on <= through)
    if after is not None:
        query = query.where(SettlementRow.on > after)
    return frozenset(session.exec(query).all())
