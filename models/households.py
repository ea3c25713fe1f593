"""To which account did an assistance program pay for a household before, and does it now name another?"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from domain.posting import Disposition
from domain.suspense import name_key
from models.payment_files import payments_called
from models.tables import AccountRow, FileEntryRow
from models.tasks import raise_task

HOUSEHOLD_ELSEWHERE: Final = "household_elsewhere"
PART: Final = 400  # names in one question: SQLite takes no more than 999 values in an older build


def accounts_of_households(session: Session, households: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Return by household the accounts on which its money stands, the latest first; one never paid for is left out.

    Money that was moved to the right account counts there, and a file taken back tells nothing.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entry in _posted(session, households):
        account_no = _stands_on(session, entry)
        if account_no and account_no not in found[entry.household]:
            found[entry.household].append(account_no)
    return {household: account_nos for household, account_nos in found.items() if account_nos}


def note_households(session: Session, entries: Iterable[tuple[FileEntryRow, str]], *, at: datetime) -> None:
    """Have an accountant look where money goes to another account than the household's last; *entries* with payers.

    The money is posted all the same: the program names the account and has asked its customer for it, and households
    move. Held back, it would let a household be cut that was helped. But the number may be another customer's by a
    slip that happens to be a number too, and then a benefit pays the wrong debt, and nobody misses it: so somebody
    looks. Where the payer's name is the customer's on the account, the household has moved, and nobody needs to.
    """
    paid = [(entry, payer) for entry, payer in entries if entry.household and entry.disposition == Disposition.POSTED]
    before: defaultdict[str, list[FileEntryRow]] = defaultdict(list)
    for entry in _posted(session, {entry.household for entry, _ in paid}):
        before[entry.household].append(entry)
    for entry, payer in paid:
        known = _last(session, before[entry.household], entry)
        if known and known != entry.account_no and not _is_called(session, entry.account_no, payer):
            raise_task(
                session,
                task_id=f"{HOUSEHOLD_ELSEWHERE}-{entry.entry_id}",
                kind=HOUSEHOLD_ELSEWHERE,
                at=at,
                account_no=entry.account_no,
                for_role="accountant",
            )


def known_before(session: Session, entry: FileEntryRow) -> str:
    """Return the account to which money for the household of *entry* went last before it; blank if to none."""
    return _last(session, _posted(session, {entry.household}), entry)


def households_of_entries(session: Session, entry_ids: Sequence[int]) -> Mapping[int, str]:
    """Return for which household each entry was paid; those that no program paid are left out."""
    row, found = FileEntryRow, dict[int, str]()
    for start in range(0, len(entry_ids), PART):
        query = select(row.entry_id, row.household).where(col(row.entry_id).in_(entry_ids[start : start + PART]))
        rows = session.exec(query.where(row.household != "")).all()
        found |= {entry_id: household for entry_id, household in rows if entry_id is not None}
    return found


def _last(session: Session, latest_first: Sequence[FileEntryRow], entry: FileEntryRow) -> str:
    earlier = (each for each in latest_first if _number(each) < _number(entry))
    return next(filter(None, (_stands_on(session, each) for each in earlier)), "")


def _posted(session: Session, households: Collection[str]) -> Sequence[FileEntryRow]:
    """Return what was paid for these households, the latest first."""
    row, named = FileEntryRow, sorted(each for each in households if each)
    found: list[FileEntryRow] = []
    for start in range(0, len(named), PART):
        query = select(row).where(col(row.household).in_(named[start : start + PART]), row.household != "")
        found += session.exec(query.where(row.disposition == Disposition.POSTED, col(row.claims))).all()
    return sorted(found, key=_number, reverse=True)


def _stands_on(session: Session, entry: FileEntryRow) -> str:
    """Return the account on which the money of *entry* stands today; of money that went back, where it last stood."""
    if not entry.payment_id:
        return entry.account_no
    payments = payments_called(session, (entry.source, entry.original))
    standing = [payment.account_no for payment in payments if payment.returned_at is None]
    return standing[-1] if standing else entry.account_no


def _is_called(session: Session, account_no: str, payer: str) -> bool:
    account = session.get(AccountRow, account_no)
    return bool(payer) and account is not None and name_key(account.name) == name_key(payer)


def _number(entry: FileEntryRow) -> int:
    assert entry.entry_id is not None, "an entry that was flushed has its number"
    return entry.entry_id
