"""What does the record know that a payment file's money is measured against?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from domain.posting import FILE_REVERSED, ORIGINAL_UNKNOWN, Call, Disposition, Item, ItemKind, Original, Resolved
from models.payment_files import FileState, SuspenseState
from models.payments import PUT_RIGHT, RETURN_UNDONE, entered_anew
from models.tables import FileEntryRow, PaymentFileRow, PaymentRow, SuspenseRow

_CLAIMS = text("file_entries.claims")  # in these words the index of claims answers, in SQLAlchemy's own it does not
PART = 400  # names in one question: SQLite takes no more than 999 values in an older build


class SqlBook:
    """The book that `domain.posting.plan` asks, read from SQL once for all of a file's items."""

    _open_waits = select(SuspenseRow.entry_id).where(
        SuspenseRow.state == SuspenseState.OPEN, SuspenseRow.reason == ORIGINAL_UNKNOWN
    )

    _reversed = select(PaymentFileRow.file_id).where(PaymentFileRow.state == FileState.REVERSED)

    def __init__(self, session: Session, items: Sequence[Item], accounts: Mapping[str, Resolved]) -> None:
        self._accounts = accounts
        self._seen: set[Call] = set()
        self._cents: dict[Call, int] = {}
        self._returned: set[Call] = set()
        self._waiting: dict[Call, int] = {}
        receipts = {(item.source, item.trace) for item in items if item.kind is ItemKind.RECEIPT}
        calls = {(item.source, item.original) for item in items if item.kind is not ItemKind.CLEARING}
        for source, part in _parts(receipts):
            self._read_traces(session, source, part)
        for source, part in _parts(calls):
            self._read_calls(session, source, part)

    def account(self, written: str) -> Resolved:
        return self._accounts[written]

    def seen(self, source: str, trace: str) -> bool:
        return (source, trace) in self._seen

    def original(self, source: str, called: str) -> Original | None:
        call = (source, called)
        if call not in self._cents:
            return None
        return Original(cents=self._cents[call], returned=call in self._returned)

    def waiting(self, source: str, called: str) -> int | None:
        return self._waiting.get((source, called))

    def _read_traces(self, session: Session, source: str, part: Sequence[str]) -> None:
        entry, payment = FileEntryRow, PaymentRow
        claimed = select(entry.source, entry.trace).where(_CLAIMS)
        self._seen |= set(session.exec(claimed.where(entry.source == source, col(entry.trace).in_(part))).all())
        paid = select(payment.source, payment.trace).where(payment.return_reason != FILE_REVERSED)
        self._seen |= set(session.exec(paid.where(payment.source == source, col(payment.trace).in_(part))).all())

    def _read_calls(self, session: Session, source: str, part: Sequence[str]) -> None:
        entry, payment = FileEntryRow, PaymentRow
        query = select(entry).where(entry.source == source, col(entry.original).in_(part), entry.code != FILE_REVERSED)
        query = query.where(col(entry.file_id).not_in(self._reversed), entry.reason != RETURN_UNDONE)
        waits = set(session.exec(self._open_waits).all())
        for row in session.exec(query).all():
            call = (row.source, row.original)
            if row.claims:
                self._cents[call] = self._cents.get(call, 0) + row.cents
            elif row.disposition == Disposition.RETURNED and row.kind == ItemKind.RETURN:
                self._returned.add(call)
            elif row.entry_id in waits:
                self._waiting[call] = row.cents
        paid = select(payment).where(payment.source == source, col(payment.trace).in_(part))
        paid = paid.where(payment.return_reason != FILE_REVERSED)
        for money in session.exec(paid).all():
            call = (money.source, money.trace)
            self._cents.setdefault(call, money.amount_cents)
            if money.returned_at is not None and _gone(session, money):
                self._returned.add(call)


def _gone(session: Session, money: PaymentRow) -> bool:
    """Say whether money that was returned is not to be had: put right, it may stand as another payment."""
    if money.return_reason not in PUT_RIGHT:
        return True
    row = PaymentRow
    stands = select(row.payment_id).where(entered_anew(money.source, money.trace), col(row.returned_at).is_(None))
    return session.exec(stands).first() is None


def _parts(calls: Iterable[Call]) -> Iterator[tuple[str, list[str]]]:
    """Yield the names of each source in parts: pairs asked for at once would have SQLite read the whole table."""
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for source, name in sorted(calls):
        by_source[source].append(name)
    for source, names in by_source.items():
        for start in range(0, len(names), PART):
            yield source, names[start : start + PART]
