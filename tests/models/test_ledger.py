"""The ledger: what balances by its shape, what the database itself refuses, and which day of the books it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from domain.ledger import LedgerAccount, Posting, PostingKind
from domain.money import Money
from models.ledger import (
    BooksClosed,
    KeyUsedOtherwise,
    balances,
    close_books,
    closed_through,
    moved,
    post,
    posting_of,
    register,
)
from models.session import reading, transaction
from models.tables import LedgerRow

AT = datetime(2026, 9, 2, 15, tzinfo=UTC)
DAY = date(2026, 9, 2)


def a_posting(key: str = "payment/draft/1", cents: int = 5_00, *, on: date = DAY) -> Posting:
    return Posting(
        key=key,
        kind=PostingKind.PAYMENT,
        debit=LedgerAccount.CLEARING_DRAFT,
        credit=LedgerAccount.RECEIVABLE,
        amount=Money(cents),
        effective_on=on,
        account_no="9900000010",
    )


def put(engine: Engine, *postings: Posting) -> int:
    with transaction(engine) as session:
        return post(session, postings, at=AT)


def close(engine: Engine, through: date) -> None:
    with transaction(engine) as session:
        close_books(session, through)


def test_what_enters_one_account_has_left_another(engine: Engine) -> None:
    put(engine, a_posting(), a_posting("payment/draft/2", 2_50))

    with reading(engine) as session:
        found = balances(session)

    assert found == {LedgerAccount.CLEARING_DRAFT: Money(7_50), LedgerAccount.RECEIVABLE: Money(-7_50)}


def test_the_same_key_again_changes_nothing_and_for_another_amount_fails_loudly(engine: Engine) -> None:
    assert put(engine, a_posting()) == 1
    assert put(engine, a_posting(), a_posting("payment/draft/2")) == 1

    with pytest.raises(KeyUsedOtherwise):
        put(engine, a_posting(cents=6_00), a_posting("payment/draft/3"))

    with reading(engine) as session:
        assert balances(session)[LedgerAccount.CLEARING_DRAFT] == Money(10_00)


def test_what_counts_on_a_closed_day_stands_in_the_books_on_the_first_open_one(engine: Engine) -> None:
    put(engine, a_posting())
    close(engine, date(2026, 9, 30))
    put(engine, a_posting("payment/draft/2", 2_50))

    with reading(engine) as session:
        row = session.exec(select(LedgerRow).where(LedgerRow.key == "payment/draft/2")).one()
        september = balances(session, through=date(2026, 9, 30))
        october = moved(session, LedgerAccount.RECEIVABLE, since=date(2026, 10, 1), through=date(2026, 10, 31))

    assert (row.effective_on, row.accounting_on) == (DAY, date(2026, 10, 1))
    assert september[LedgerAccount.RECEIVABLE] == Money(-5_00)
    assert october == {(PostingKind.PAYMENT, ""): Money(-2_50)}


def test_closed_books_are_not_closed_again_nor_opened(engine: Engine) -> None:
    close(engine, date(2026, 9, 30))

    with pytest.raises(BooksClosed):
        close(engine, date(2026, 9, 30))

    with reading(engine) as session:
        assert closed_through(session) == date(2026, 9, 30)


BAD: dict[str, str] = {
    "changed": "UPDATE ledger SET cents = 1",
    "deleted": "DELETE FROM ledger",
    "opened": "UPDATE books SET closed_through = '2026-08-31'",
    "forgotten": "UPDATE books SET closed_through = NULL",
    "on a closed day": (
        "INSERT INTO ledger (key, kind, debit, credit, cents, effective_on, accounting_on, at, account_no, service,"
        " ref, reason, asked_by, approved_by, undoes) VALUES ('x', 'fee', 'receivable', 'fees', 1, '2026-09-30',"
        " '2026-09-30', '2026-09-30 00:00:00', '', '', '', '', '', '', '')"
    ),
    "of nothing": (
        "INSERT INTO ledger (key, kind, debit, credit, cents, effective_on, accounting_on, at, account_no, service,"
        " ref, reason, asked_by, approved_by, undoes) VALUES ('x', 'fee', 'receivable', 'fees', 0, '2026-10-30',"
        " '2026-10-30', '2026-10-30 00:00:00', '', '', '', '', '', '', '')"
    ),
    "with itself": (
        "INSERT INTO ledger (key, kind, debit, credit, cents, effective_on, accounting_on, at, account_no, service,"
        " ref, reason, asked_by, approved_by, undoes) VALUES ('x', 'fee', 'fees', 'fees', 1, '2026-10-30',"
        " '2026-10-30', '2026-10-30 00:00:00', '', '', '', '', '', '', '')"
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_the_database_itself_refuses_a_posting_or_books(engine: Engine, what: str) -> None:
    put(engine, a_posting())
    close(engine, date(2026, 9, 30))

    with pytest.raises(DBAPIError), engine.begin() as connection:
        connection.execute(text(BAD[what]))

    with reading(engine) as session:
        assert len(session.exec(select(LedgerRow)).all()) == 1
        assert closed_through(session) == date(2026, 9, 30)


def test_a_posting_undone_leaves_nothing_and_a_reversal_undone_leaves_it_again(engine: Engine) -> None:
    first = replace(a_posting("adj/1"), kind=PostingKind.ADJUSTMENT, asked_by="kim", approved_by="sven")
    back = first.undone(key="adj/1/undone", on=DAY, reason="wrong account", asked_by="kim", approved_by="sven")
    again = back.undone(key="adj/1/undone/undone", on=DAY)
    put(engine, first, back)

    with reading(engine) as session:
        assert balances(session) == {}
    put(engine, again)
    with reading(engine) as session:
        assert balances(session)[LedgerAccount.CLEARING_DRAFT] == Money(5_00)
        assert posting_of(session, "adj/1/undone") == back
        listed = register(session, [PostingKind.ADJUSTMENT], since=DAY, through=DAY)
    assert [(row.asked_by, row.approved_by) for row in listed] == [("kim", "sven"), ("kim", "sven"), ("", "")]
    assert [row.undoes for row in listed] == ["", "adj/1", "adj/1/undone"]


MAKE: dict[str, Callable[[], Posting]] = {
    "nothing": lambda: a_posting(cents=0),
    "less than nothing": lambda: a_posting(cents=-1),
    "to itself": lambda: replace(a_posting(), credit=LedgerAccount.CLEARING_DRAFT),
}


@pytest.mark.parametrize("what", MAKE)
def test_a_posting_that_moves_nothing_cannot_be_made(what: str) -> None:
    with pytest.raises(ValueError, match="posting"):
        MAKE[what]()
