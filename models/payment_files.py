"""How is a payment file put on record, and what is left of it to settle with billing?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import Update, bindparam, text, update
from sqlmodel import Session, col, func, or_, select

from domain.ledger import LedgerAccount, Posting, PostingKind, came_by, went_by
from domain.money import Money
from domain.posting import DUPLICATE_TRACE, Call, Disposition, Entry, Item, ItemKind, Plan, Totals, moved
from models.ledger import post, posting_of
from models.payments import PUT_RIGHT, entered_anew
from models.tables import FileEntryRow, PaymentFileRow, PaymentRow, SuspenseRow
from models.upsert import dialect_of, table_of
from models.vault import seal, unseal

FILES_LOCK = 7_203_553  # any number, the same for all processes: files are planned one after another
ID_CHARS = 16
NAMED = 400  # rows in one question: SQLite takes no more than 999 values in an older build
DEBIT_CODES = range(401, 700)  # of BAI2: money that left
_LUMP = (LedgerAccount.CLEARING_ACH, LedgerAccount.CLEARING_LUMP)
_WORK = (Disposition.POSTED, Disposition.RETURNED)  # what billing must hear of


class FileState(StrEnum):
    POSTING = "posting"  # taken; its money is on its way to billing
    DONE = "done"
    REFUSED = "refused"
    REVERSED = "reversed"  # taken back whole; it may come again


_GONE = (FileState.REFUSED, FileState.REVERSED)


class SuspenseState(StrEnum):
    OPEN = "open"
    MATCHED = "matched"  # a person said whose it is
    SENDING_BACK = "sending_back"  # nobody's: it goes to the bank that it came from, in the next file
    RETURNED = "returned"  # it met the money, or the return, that it waited for


def plan_alone(session: Session) -> None:
    """Wait until no other file is being planned; SQLite's writers are alone by themselves."""
    if dialect_of(session) == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": FILES_LOCK})


def taken_before(session: Session, *, sha256: str, identity: str) -> PaymentFileRow | None:
    """Return the file that was taken with the same bytes, or under the same name of its sender's own."""
    row = PaymentFileRow
    same = or_(row.sha256 == sha256, (row.identity == identity) & (row.identity != ""))
    return session.exec(select(row).where(col(row.state).not_in(_GONE), same)).first()


def delivered_before(session: Session, *, sha256: str, file_name: str, received_on: date) -> PaymentFileRow | None:
    """Return what came of the very same delivery: these bytes, under this name, on this day."""
    row = PaymentFileRow
    query = select(row).where(row.sha256 == sha256, row.file_name == file_name, row.received_on == received_on)
    return session.exec(query.where(row.state != FileState.REVERSED)).first()


def file_of(session: Session, file_id: str) -> PaymentFileRow | None:
    """Return a file by its id."""
    return session.get(PaymentFileRow, file_id, populate_existing=True)


def new_id(session: Session, sha256: str, *, refused: bool) -> str:
    """Return the id of a file: its sum; refused ones, and what comes again after it was taken back, are counted."""
    before = session.exec(select(func.count()).where(PaymentFileRow.sha256 == sha256)).one()
    if refused:
        return f"{sha256[:ID_CHARS]}-r{before + 1}"
    known = session.get(PaymentFileRow, sha256[:ID_CHARS])
    return f"{sha256[:ID_CHARS]}-{before + 1}" if known else sha256[:ID_CHARS]


def totals_of(row: PaymentFileRow) -> Totals:
    """Return what the file came to."""
    return Totals(
        total=row.total_cents,
        posted=row.posted_cents,
        suspense=row.suspense_cents,
        returned=row.returned_cents,
        clearing=row.clearing_cents,
        refused=row.refused_cents,
    )


def columns_of(totals: Totals) -> dict[str, int]:
    """Return *totals* by the names of their columns."""
    return {"total_cents": totals.total} | {f"{kind}_cents": totals.of(kind) for kind in Disposition}


def put_plan(session: Session, row: PaymentFileRow, made: Plan, *, at: datetime) -> Sequence[FileEntryRow]:
    """Write a file with what is to become of its money, in the plan's order; let go the returns that waited for it."""
    session.add(row)
    session.flush()
    entries = [_entry_row(row.file_id, entry, at) for entry in made.entries]
    session.add_all(entries)
    session.flush()
    session.add_all(
        _suspense_row(entry, at, payer=each.item.payer, origin=_origin(session, entry, each.item))
        for entry, each in zip(entries, made.entries, strict=True)
        if entry.disposition == Disposition.SUSPENSE
    )
    post(session, _planned(entries, on=row.received_on), at=at)
    for call in made.released:
        _release(session, call, by=row, at=at)
    for entry in made.entries:
        if entry.disposition is Disposition.RETURNED:
            end_suspended(session, (entry.item.source, entry.item.original), on=row.received_on, at=at)
    session.flush()
    return entries


def _entry_row(file_id: str, entry: Entry, at: datetime) -> FileEntryRow:
    item = entry.item
    return FileEntryRow(
        file_id=file_id,
        settled_by=file_id,
        line=item.line,
        kind=str(item.kind),
        source=item.source,
        trace=item.trace,
        original=item.original,
        claims=item.kind is ItemKind.RECEIPT and entry.reason != DUPLICATE_TRACE,
        written=item.written,
        account_no=entry.account_no,
        cents=item.cents,
        code=item.code,
        tender=item.tender,
        disposition=str(entry.disposition),
        reason=entry.reason,
        payment_id="",
        settled_at=None if entry.disposition in _WORK else at,
        household=item.household,
    )


def _planned(entries: Iterable[FileEntryRow], *, on: date) -> Iterator[Posting]:
    """Yield what the plan itself moves: money into suspense, and sums that only clear. The rest moves when posted."""
    for entry in entries:
        if entry.cents and entry.disposition == Disposition.SUSPENSE:
            yield held(entry, on=on)
        if entry.cents and entry.disposition == Disposition.CLEARING:
            yield _cleared(entry, on=on)


def held(entry: FileEntryRow, *, on: date) -> Posting:
    """Return the posting that puts an entry of a file into suspense: money in hand, or taken by the bank."""
    back = entry.kind == ItemKind.RETURN
    return Posting(
        key=f"suspense/{entry.entry_id}",
        kind=PostingKind.SUSPENSE,
        debit=LedgerAccount.SUSPENSE if back else came_by(entry.source),
        credit=went_by(entry.source) if back else LedgerAccount.SUSPENSE,
        amount=Money(entry.cents),
        effective_on=on,
        ref=entry.file_id,
        reason=entry.reason,
    )


def _cleared(entry: FileEntryRow, *, on: date) -> Posting:
    """Return the posting of a sum that settles others: a line of the bank's statement, or a lump."""
    bank = entry.source == "bank"
    came, settled = (LedgerAccount.CASH, came_by(entry.tender)) if bank else _LUMP
    out = bank and entry.original.isdigit() and int(entry.original) in DEBIT_CODES
    return Posting(
        key=f"clearing/{entry.entry_id}",
        kind=PostingKind.BANK if bank else PostingKind.LUMP,
        debit=settled if out else came,
        credit=came if out else settled,
        amount=Money(entry.cents),
        effective_on=on,
        ref=entry.original if not bank else entry.file_id,
    )


def _origin(session: Session, entry: FileEntryRow, item: Item) -> bytes | None:
    """Return what money can be sent back by; a second of the same trace cannot, the bank would take the first one."""
    if not (item.origin and entry.claims):
        return None
    return seal(session, entry.file_id, "\n".join(item.origin).encode())


def origin_of(session: Session, row: SuspenseRow) -> tuple[str, ...]:
    """Return the records by which money in suspense can be sent back; none if it cannot, or its key is destroyed."""
    found = unseal(session, row.file_id, row.origin) if row.origin else None
    return tuple(found.decode().split("\n")) if found else ()


def _suspense_row(entry: FileEntryRow, at: datetime, *, payer: str = "", origin: bytes | None = None) -> SuspenseRow:
    assert entry.entry_id is not None, "the entry was flushed"
    return SuspenseRow(
        entry_id=entry.entry_id,
        file_id=entry.file_id,
        debit=entry.kind == ItemKind.RETURN,
        cents=entry.cents,
        reason=entry.reason,
        written=entry.written,
        payer=payer,
        origin=origin,
        state=SuspenseState.OPEN,
        raised_at=at,
    )


def _release(session: Session, call: Call, *, by: PaymentFileRow, at: datetime) -> None:
    """Let the return that waited under *call* take effect, seen to by the file that brought the money."""
    source, called = call
    query = (
        select(FileEntryRow)
        .join(SuspenseRow, col(SuspenseRow.entry_id) == col(FileEntryRow.entry_id))
        .where(FileEntryRow.source == source, FileEntryRow.original == called, FileEntryRow.kind == ItemKind.RETURN)
        .where(SuspenseRow.state == SuspenseState.OPEN, SuspenseRow.reason == "original_unknown")
    )
    waiting = session.exec(query).one()
    shift(session, waiting, to=Disposition.RETURNED, reason=waiting.code)
    waiting.settled_by, waiting.settled_at = by.file_id, None
    post(session, [_let_go(session, waiting, on=by.received_on)] if waiting.cents else [], at=at)
    end_suspended(session, call, on=by.received_on, at=at)
    _end(session, waiting, SuspenseState.RETURNED, at)


def _let_go(session: Session, entry: FileEntryRow, *, on: date) -> Posting:
    """Return the posting that takes back what put *entry* into suspense."""
    key = f"suspense/{entry.entry_id}"
    stands = posting_of(session, key)
    assert stands is not None, f"{key} is in suspense, so it was posted there"
    return stands.undone(key=f"{key}/undone", on=on, reason=entry.reason)


def end_suspended(session: Session, call: Call, *, on: date, at: datetime) -> None:
    """End the suspense of money that went back before anyone found out whose it was."""
    for entry in came_as(session, call):
        if entry.disposition == Disposition.SUSPENSE:
            end_alone(session, entry, on=on, at=at)


def end_alone(session: Session, entry: FileEntryRow, *, on: date, at: datetime) -> None:
    """End the suspense of one sum, which leaves by the way it came."""
    shift(session, entry, to=Disposition.RETURNED, reason=entry.reason)
    post(session, [_gone(entry, on=on)] if entry.cents else [], at=at)
    _end(session, entry, SuspenseState.RETURNED, at)


def _gone(entry: FileEntryRow, *, on: date) -> Posting:
    """Return the posting of money that left suspense by the way it came."""
    return Posting(
        key=f"suspense/{entry.entry_id}/returned",
        kind=PostingKind.RETURN,
        debit=LedgerAccount.SUSPENSE,
        credit=went_by(entry.source),
        amount=Money(entry.cents),
        effective_on=on,
        ref=entry.file_id,
        reason=entry.reason,
    )


def _end(session: Session, entry: FileEntryRow, state: SuspenseState, at: datetime) -> None:
    row = session.get_one(SuspenseRow, entry.entry_id)
    row.state, row.done_at = state, at


def shift(session: Session, entry: FileEntryRow, *, to: Disposition, reason: str) -> None:
    """Let an entry, and its cents in the totals of its file, become something else."""
    file = session.get_one(PaymentFileRow, entry.file_id, with_for_update=True, populate_existing=True)
    totals = moved(totals_of(file), entry.cents, away=Disposition(entry.disposition), to=to)
    for name, cents in columns_of(totals).items():
        setattr(file, name, cents)
    entry.disposition, entry.reason = str(to), reason
    session.flush()


def suspend(session: Session, entry: FileEntryRow, *, reason: str, at: datetime) -> None:
    """Hold an entry in suspense that billing will not have."""
    shift(session, entry, to=Disposition.SUSPENSE, reason=reason)
    entry.settled_at = at
    post(session, [_not_posted(session, entry, reason)], at=at)
    session.add(_suspense_row(entry, at))
    session.flush()


def _not_posted(session: Session, entry: FileEntryRow, reason: str) -> Posting:
    """Return the posting that moves a payment, which is on the customer's account in our ledger, into suspense."""
    file = session.get_one(PaymentFileRow, entry.file_id)
    return Posting(
        key=f"suspense/{entry.entry_id}",
        kind=PostingKind.SUSPENSE,
        debit=LedgerAccount.RECEIVABLE,
        credit=LedgerAccount.SUSPENSE,
        amount=Money(entry.cents),
        effective_on=file.received_on,
        account_no=entry.account_no,
        ref=entry.file_id,
        reason=reason,
        undoes=f"payment/{entry.source}/{entry.trace}",
    )


def came_as(session: Session, call: Call) -> Sequence[FileEntryRow]:
    """Return the sums that a return calls so, in the order they came: one, or the stubs of one check."""
    source, called = call
    row = FileEntryRow
    query = select(row).where(row.source == source, row.original == called, col(row.claims))
    return session.exec(query.order_by(col(row.entry_id))).all()


def payments_called(session: Session, call: Call) -> Sequence[PaymentRow]:
    """Return the payments that a return calls so; also one that no file brought, and as what money stands since."""
    row = PaymentRow
    ids = [entry.payment_id for entry in came_as(session, call) if entry.payment_id]
    by_trace = (row.source == call[0]) & (row.trace == call[1])
    found = session.exec(select(row).where(or_(by_trace, col(row.payment_id).in_(ids)))).all()
    if not any(payment.return_reason in PUT_RIGHT for payment in found):
        return found
    anew = [entered_anew(payment.source, payment.trace) for payment in found]
    more = session.exec(select(row).where(or_(*anew)).order_by(row.payment_id)).all()
    return [*found, *(payment for payment in more if payment not in found)]


def to_settle(session: Session, file_id: str, limit: int) -> Sequence[FileEntryRow]:
    """Return what billing has not heard of, money in before returns, at most *limit*.

    Each is asked for by itself, in the order of its index: what is left is never sorted, however much it is.
    """
    found: list[FileEntryRow] = []
    row = FileEntryRow
    for work in _WORK:
        query = select(row).where(row.settled_by == file_id, row.disposition == work, col(row.settled_at).is_(None))
        found += session.exec(query.order_by(col(row.entry_id)).limit(limit - len(found))).all()
    return found


def left_to_settle(session: Session, file_id: str) -> int:
    """Return of how much billing has not heard."""
    row = FileEntryRow
    return session.exec(select(func.count()).where(row.settled_by == file_id, col(row.settled_at).is_(None))).one()


def settle(session: Session, settled: Mapping[int, str], *, at: datetime) -> None:
    """Write which payment each entry became."""
    if settled:
        rows = [{"id": entry_id, "payment": payment_id, "at": at} for entry_id, payment_id in settled.items()]
        session.connection().execute(_settling(), rows)
        session.expire_all()


@cache
def _settling() -> Update:
    table = table_of(FileEntryRow)
    values = {"payment_id": bindparam("payment"), "settled_at": bindparam("at", type_=table.c.settled_at.type)}
    return update(table).where(table.c.entry_id == bindparam("id")).values(values)


def lines_of_entries(session: Session, entry_ids: Sequence[int]) -> dict[int, int]:
    """Return on which line of its file each entry stands; 0 where a format has no lines."""
    row, found = FileEntryRow, dict[int, int]()
    for start in range(0, len(entry_ids), NAMED):
        part = entry_ids[start : start + NAMED]
        rows = session.exec(select(row.entry_id, row.line).where(col(row.entry_id).in_(part))).all()
        found |= {entry_id: line for entry_id, line in rows if entry_id is not None}
    return found


def finish(session: Session, file_id: str) -> PaymentFileRow:
    """Mark a file as done, billing having heard of all of it; return it."""
    row = session.get_one(PaymentFileRow, file_id, with_for_update=True)
    row.state = FileState.DONE
    return row
