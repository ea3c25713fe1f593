"""How is a posting written once, on which day of the books, and what stands on each account of the ledger?

The day of the books is the day on which a posting counts, or the first that is still open when that one is closed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from domain.calendar import DAY
from domain.ledger import LedgerAccount, Posting, PostingKind
from domain.money import Money
from models.tables import BooksRow, LedgerRow
from models.upsert import dialect_of, insert_into, insert_many, table_of

THE_BOOKS = 1
PART = 400


class KeyUsedOtherwise(RuntimeError):
    """A posting stands under this key already, and it is another one."""


class BooksClosed(RuntimeError):
    """The day is closed already, or lies before one that is."""


def post(session: Session, postings: Iterable[Posting], *, at: datetime) -> int:
    """Write *postings*; return how many are new. The same key again changes nothing.

    Raises:
        KeyUsedOtherwise: a key of theirs stands for another amount or other accounts.
    """
    wanted = {posting.key: posting for posting in postings}
    if not wanted:
        return 0
    first_open = _first_open(session)
    rows = [_values(posting, first_open, at) for posting in wanted.values()]
    new = insert_many(session, LedgerRow, rows, returning="key")
    if len(new) < len(wanted):
        _need_same(session, {key: posting for key, posting in wanted.items() if key not in new})
    return len(new)


def posting_of(session: Session, key: str) -> Posting | None:
    """Return the posting under *key*; none if there is none."""
    row = session.exec(select(LedgerRow).where(LedgerRow.key == key)).first()
    return to_posting(row) if row else None


def to_posting(row: LedgerRow) -> Posting:
    """Return the posting that *row* holds."""
    return Posting(
        key=row.key,
        kind=PostingKind(row.kind),
        debit=LedgerAccount(row.debit),
        credit=LedgerAccount(row.credit),
        amount=Money(row.cents),
        effective_on=row.effective_on,
        account_no=row.account_no,
        service=row.service,
        ref=row.ref,
        reason=row.reason,
        asked_by=row.asked_by,
        approved_by=row.approved_by,
        undoes=row.undoes,
    )


def balances(session: Session, *, through: date | None = None) -> Mapping[LedgerAccount, Money]:
    """Return what stands on each account at the close of *through*, debits above zero; an empty account is left out."""
    found: dict[LedgerAccount, int] = {}
    for side, sign in ((LedgerRow.debit, 1), (LedgerRow.credit, -1)):
        query = select(side, func.sum(LedgerRow.cents)).group_by(side)
        if through is not None:
            query = query.where(LedgerRow.accounting_on <= through)
        for name, cents in session.exec(query).all():
            account = LedgerAccount(name)
            found[account] = found.get(account, 0) + sign * int(cents)
    return {account: Money(cents) for account, cents in sorted(found.items()) if cents}


def moved(
    session: Session, account: LedgerAccount, *, since: date, through: date
) -> Mapping[tuple[PostingKind, str], Money]:
    """Return what entered *account* in the books' days *since* to *through*, less what left it, by kind and service."""
    sign = case((col(LedgerRow.debit) == account, LedgerRow.cents), else_=-LedgerRow.cents)
    query = select(LedgerRow.kind, LedgerRow.service, func.sum(sign)).group_by(LedgerRow.kind, LedgerRow.service)
    query = query.where((LedgerRow.debit == account) | (LedgerRow.credit == account))
    query = query.where(LedgerRow.accounting_on >= since, LedgerRow.accounting_on <= through)
    return {(PostingKind(kind), service): Money(int(cents)) for kind, service, cents in session.exec(query).all()}


def register(session: Session, kinds: Sequence[PostingKind], *, since: date, through: date) -> Sequence[LedgerRow]:
    """Return the postings of *kinds* in the books' days *since* to *through*, with who asked and who approved."""
    query = select(LedgerRow).where(col(LedgerRow.kind).in_(kinds))
    query = query.where(LedgerRow.accounting_on >= since, LedgerRow.accounting_on <= through)
    return session.exec(query.order_by(col(LedgerRow.posting_id))).all()


def items_of(session: Session, account: LedgerAccount, *, through: date) -> Sequence[tuple[LedgerRow, int]]:
    """Return what stands on *account* at the close of *through*, item by item: its first posting, and its cents.

    An item is what has one key up to its first two parts: `suspense/17` and `suspense/17/returned` are one. What a
    person matched took `payment/suspense/17`.
    """
    row = LedgerRow
    query = select(row).where((row.debit == account) | (row.credit == account), row.accounting_on <= through)
    found: dict[str, tuple[LedgerRow, int]] = {}
    for posting in session.exec(query.order_by(col(row.posting_id))).all():
        cents = posting.cents if posting.debit == account else -posting.cents
        name = "/".join(posting.key.removeprefix("payment/").split("/")[:2])
        first, before = found.get(name, (posting, 0))
        found[name] = (first, before + cents)
    return [(first, cents) for first, cents in found.values() if cents]


def closed_through(session: Session) -> date | None:
    """Return the last closed day of the books; none if all are open."""
    row = session.get(BooksRow, THE_BOOKS, populate_existing=True)
    return row.closed_through if row else None


def close_books(session: Session, through: date) -> None:
    """Close the books through a day; whoever posts at this moment comes before or after, never into it.

    Raises:
        BooksClosed: that day is closed already.
    """
    session.connection().execute(
        insert_into(dialect_of(session), table_of(BooksRow)).values(number=THE_BOOKS).on_conflict_do_nothing()
    )
    row = session.get_one(BooksRow, THE_BOOKS, with_for_update=True, populate_existing=True)
    if row.closed_through is not None and row.closed_through >= through:
        raise BooksClosed(f"the books are closed through {row.closed_through}")
    row.closed_through = through
    session.flush()


def _first_open(session: Session) -> date:
    """Return the first open day, and keep it open until this transaction ends."""
    query = select(BooksRow).where(BooksRow.number == THE_BOOKS).with_for_update(read=True)
    row = session.exec(query.execution_options(populate_existing=True)).first()
    return row.closed_through + DAY if row and row.closed_through else date.min


def _values(posting: Posting, first_open: date, at: datetime) -> dict[str, object]:
    return {
        "key": posting.key,
        "kind": str(posting.kind),
        "debit": str(posting.debit),
        "credit": str(posting.credit),
        "cents": posting.amount.cents,
        "effective_on": posting.effective_on,
        "accounting_on": max(posting.effective_on, first_open),
        "at": at,
        "account_no": posting.account_no,
        "service": str(posting.service),
        "ref": posting.ref,
        "reason": posting.reason,
        "asked_by": posting.asked_by,
        "approved_by": posting.approved_by,
        "undoes": posting.undoes,
    }


def _need_same(session: Session, known: Mapping[str, Posting]) -> None:
    keys = list(known)
    for start in range(0, len(keys), PART):
        query = select(LedgerRow).where(col(LedgerRow.key).in_(keys[start : start + PART]))
        for row in session.exec(query).all():
            posting = known[row.key]
            if (row.debit, row.credit, row.cents) != (posting.debit, posting.credit, posting.amount.cents):
                raise KeyUsedOtherwise(f"the key {row.key} stands for another posting")
