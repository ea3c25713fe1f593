"""Whose may the money be that has no place: what is suggested to the person who matches it?"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from sqlmodel import Session, select

from casework.context import Desk
from casework.errors import missing
from casework.payment_files import in_suspense, match
from casework.permissions import Permission
from casework.strangers import introduce
from casework.summaries import Line
from domain.account import AccountStatus
from domain.suspense import Lost, Near, Suggestion, name_key, near_numbers, suggest
from formats.account_no import LENGTH, has_right_check_digit
from gateways.errors import Outage
from models.cases import open_cases
from models.households import accounts_of_households, households_of_entries
from models.payment_files import SuspenseState
from models.tables import AccountRow, SuspenseRow

ASKED_AT_ONCE = 500


async def suggestions(desk: Desk, rows: Iterable[SuspenseRow]) -> Mapping[int, tuple[Suggestion, ...]]:
    """Return whose each sum in suspense may be, likeliest first; what the bank took, and what is settled, is nobody's.

    While billing cannot be read, what SQL knows of accounts and of open cases is all there is to go by.
    """
    desk.need(Permission.SEE_IMPORTS)
    lost = {
        row.entry_id: Lost(written=row.written, payer=row.payer, cents=row.cents)
        for row in rows
        if not row.debit and row.state == SuspenseState.OPEN
    }
    if not lost:
        return {}
    known, names, sums = await asyncio.to_thread(_known, desk)
    with suppress(Outage):
        known |= set(await desk.at.systems.billing.account_nos())
    housed = await asyncio.to_thread(_housed, desk, list(lost))
    numbers = {entry_id: _numbers(each, known) for entry_id, each in lost.items()}
    named = {entry_id: names.get(name_key(each.payer), ()) if each.payer else () for entry_id, each in lost.items()}
    near = (*numbers.values(), *named.values(), *housed.values())
    await _read_bills(desk, {account_no for each in near for account_no in each}, sums)
    return {
        entry_id: suggest(
            each,
            numbers=numbers[entry_id],
            named=named[entry_id],
            housed=housed.get(entry_id, ()),
            open_cents=sums,
        )
        for entry_id, each in lost.items()
    }


async def suggestions_for(desk: Desk, suspense_id: int) -> tuple[Suggestion, ...]:
    """Return whose one sum in suspense may be.

    Raises:
        Refused: there is no such money.
    """
    desk.need(Permission.SEE_IMPORTS)
    row = await desk.read(lambda session: session.get(SuspenseRow, suspense_id))
    if row is None:
        raise missing("suspense", str(suspense_id))
    return (await suggestions(desk, [row])).get(suspense_id, ())


async def place(desk: Desk, suspense_id: int, *, account_no: str) -> SuspenseRow:
    """Post money in suspense to an account that billing knows, whether or not it ever came up here.

    Raises:
        Refused: as `casework.payment_files.match`.
    """
    desk.need(Permission.POST_PAYMENT)
    await introduce(desk, account_no)
    return await asyncio.to_thread(match, desk, suspense_id, account_no=account_no)


async def suspense_lines(desk: Desk) -> Sequence[Line]:
    """Return the money that has no place, oldest first, each with the likeliest accounts."""
    rows = await asyncio.to_thread(in_suspense, desk, limit=None)
    found = await suggestions(desk, rows)
    return [
        {
            "number": row.entry_id,
            "day": str(row.raised_at.date()),
            "cents": -row.cents if row.debit else row.cents,
            "reason": row.reason,
            "written": row.written,
            "suggested": "; ".join(
                f"{each.account_no} ({', '.join(each.near)})" for each in found.get(row.entry_id, ())
            ),
        }
        for row in rows
    ]


def _numbers(lost: Lost, known: Collection[str]) -> dict[str, Near]:
    return near_numbers(
        lost.written, valid=lambda number: has_right_check_digit(number) and number in known, length=LENGTH
    )


def _housed(desk: Desk, entry_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Return to which accounts that are not closed money went before for the household that each entry is for."""

    def ask(session: Session) -> Mapping[int, Sequence[str]]:
        households = households_of_entries(session, entry_ids)
        before = accounts_of_households(session, set(households.values()))
        query = select(AccountRow.account_no).where(AccountRow.status == AccountStatus.CLOSED)
        closed = set(session.exec(query).all()) if before else set()
        return {
            entry_id: [account_no for account_no in before.get(household, ()) if account_no not in closed]
            for entry_id, household in households.items()
        }

    return desk.read_now(ask)


Sums = dict[str, set[int]]


def _known(desk: Desk) -> tuple[set[str], dict[tuple[str, ...], list[str]], Sums]:
    """Return the accounts on record, those of each name, and what open cases stand open for."""

    def ask(session: Session) -> tuple[set[str], dict[tuple[str, ...], list[str]], Sums]:
        names: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        query = select(AccountRow.account_no, AccountRow.name).where(AccountRow.status != AccountStatus.CLOSED)
        known = set()
        for account_no, name in session.exec(query).all():
            known.add(account_no)
            if name:
                names[name_key(name)].append(account_no)
        sums = {row.account_no: {row.balance_cents, row.past_due_cents} for row in open_cases(session)}
        return known, dict(names), sums

    return desk.read_now(ask)


async def _read_bills(desk: Desk, account_nos: Collection[str], sums: Sums) -> None:
    """Add to *sums* what billing shows open of the accounts: each bill, all of it, what is past due."""
    wanted = sorted(account_nos)
    try:
        for start in range(0, len(wanted), ASKED_AT_ONCE):
            for answer in await desk.at.systems.billing.open_bills_of(wanted[start : start + ASKED_AT_ONCE]):
                late = sum(bill.open.cents for bill in answer.bills if bill.due_on < answer.as_of)
                whole = sum(bill.open.cents for bill in answer.bills)
                by_bill: defaultdict[str, int] = defaultdict(int)
                for bill in answer.bills:
                    by_bill[bill.bill_no] += bill.open.cents
                sums.setdefault(answer.account_no, set()).update({late, whole, *by_bill.values()} - {0})
    except Outage:
        return
