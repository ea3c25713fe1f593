"""Does the worklist show the cases asked for, in order, each once, however the pages are cut?"""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from domain.account import Service
from domain.case import ServiceState
from domain.money import Money
from domain.states import ClosedReason, ServiceStatus, Stage
from models.cases import last_case_of, next_due_at, open_cases
from models.record import record
from models.session import reading, transaction
from models.worklist import CursorUnreadable, Sort, worklist
from tests.models.lives import NOON, known_account, view

WATER = (ServiceState(service=Service.WATER),)
CASES: dict[str, dict[str, object]] = {
    "a": {"balance": Money(500), "assigned_to": "maria", "oldest_due_on": date(2026, 7, 1), "next_at": None},
    "b": {"balance": Money(900), "task": "call", "holds": ("dispute", "hold"), "stage": Stage.NOTICED},
    "c": {"balance": Money(900), "services": WATER, "status": ServiceStatus.OFF, "oldest_due_on": None},
    "d": {"balance": Money(100), "next_at": NOON - timedelta(days=1), "holds": ("hold",)},
    "e": {"closed": ClosedReason.PAID, "stage": Stage.CLOSED},
}


@pytest.fixture
def cases(engine: Engine) -> Engine:
    """Five accounts, each with a case; `e` is closed."""
    for letter, changes in CASES.items():
        known_account(engine, letter, name=f"{letter.upper()} Quill_{letter}")
        with transaction(engine) as session:
            record(session, case=view(1, case_id=f"{letter}-1", account_no=letter, **changes), events=())
    return engine


def shown(engine: Engine, **asked: object) -> str:
    with reading(engine) as session:
        return "".join(row.account_no for row in worklist(session, **asked).rows)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "abcd"),
        ({"state": "closed"}, "e"),
        ({"state": "noticed"}, "b"),
        ({"state": "off"}, "c"),
        ({"assigned_to": "maria"}, "a"),
        ({"assigned_to": ""}, "bcd"),
        ({"hold": "hold"}, "bd"),
        ({"hold": "dispute"}, "b"),
        ({"hold": "disput"}, ""),
        ({"hold": "%"}, ""),
        ({"service": "water"}, "c"),
        ({"min_balance": 500}, "abc"),
        ({"min_balance": 501}, "bc"),
        ({"q": "c-"}, "c"),
        ({"q": "quill_d"}, "d"),
        ({"q": "Quill"}, "abcd"),
        ({"q": "_"}, "abcd"),
        ({"q": "l%l"}, ""),
        ({"q": "quill", "hold": "hold", "min_balance": 500}, "b"),
    ],
)
def test_a_filter_shows_what_it_names(cases: Engine, asked: dict[str, object], expected: str) -> None:
    assert shown(cases, sort=Sort.CASE, **asked) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.PRIORITY, "bacd"),
        (Sort.BALANCE, "bcad"),
        (Sort.PAST_DUE, "abcd"),
        (Sort.OLDEST_DUE, "abdc"),
        (Sort.NEXT, "dbca"),
        (Sort.CASE, "abcd"),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_pages_of_any_size_show_each_case_once_in_order(cases: Engine, sort: Sort, expected: str, limit: int) -> None:
    found, cursor = "", None
    while True:
        with reading(cases) as session:
            page = worklist(session, sort=sort, cursor=cursor, limit=limit)
        found += "".join(row.account_no for row in page.rows)
        cursor = page.cursor
        if cursor is None:
            break
        assert len(page.rows) == limit
    assert found == expected


@pytest.mark.parametrize("cursor", ["x", "bm9wZQ", "W10", "%%%"])
def test_a_cursor_nobody_handed_out_is_refused(cases: Engine, cursor: str) -> None:
    with reading(cases) as session, pytest.raises(CursorUnreadable):
        worklist(session, cursor=cursor)


def test_a_cursor_of_another_order_is_refused(cases: Engine) -> None:
    with reading(cases) as session:
        cursor = worklist(session, sort=Sort.BALANCE, limit=1).cursor
        with pytest.raises(CursorUnreadable):
            worklist(session, sort=Sort.PRIORITY, cursor=cursor)


def test_open_and_latest_cases_and_the_next_instant_that_is_due(cases: Engine) -> None:
    with transaction(cases) as session:
        assert [row.account_no for row in open_cases(session)] == ["a", "b", "c", "d"]
        assert next_due_at(session) == NOON - timedelta(days=1)
        for n in (9, 10):
            closed = view(1, case_id=f"e-{n}", account_no="e", closed=ClosedReason.PAID)
            record(session, case=closed, events=())
        latest = last_case_of(session, "e")
        assert latest is not None
        assert latest.case_id == "e-10"
        assert last_case_of(session, "nobody") is None
