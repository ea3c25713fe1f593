"""A payment put right at the desk: who may, what is refused and why, and that done twice it is done once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from domain.ledger import LedgerAccount
from models.ledger import balances
from models.session import reading
from models.tables import CorrectionRow
from tests.casework.paper import SHOP, on_paper
from tests.money.desk import Till, a_till
from tests.workflows.world import SHOPS

OTHER = SHOPS[1]
PAID = {"account_no": SHOP, "amount_cents": 20_00, "source": "draft", "trace": "T1"}
MOVE = {"to": OTHER, "because": "The stub names the other account."}
UNDO = {"because": "The bank wrote that it returned the wrong item."}


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    with on_paper(tmp_path) as paper:
        async with a_till(paper, SHOP, OTHER) as till:
            yield till


def owed(till: Till, account_no: str) -> int:
    return sum(bill.open.cents for bill in till.paper.city.billing.open_bills(account_no).bills)


async def test_money_moves_as_of_its_own_day_and_what_is_in_between_is_nothing(till: Till) -> None:
    before = owed(till, SHOP), owed(till, OTHER)
    await till.post("kim", "/payments", PAID)
    await till.settle()
    till.until("2026-09-05 12:00")
    moved = await till.post("sven", "/payments/draft-T1/move", MOVE)
    await till.settle()
    shown = (await till.get("kim", f"/payments/{moved.json()['payment_id']}")).json()

    assert moved.status_code == 201, moved.text
    assert (shown["account_no"], shown["effective_on"]) == (OTHER, "2026-09-01")
    assert (owed(till, SHOP), owed(till, OTHER)) == (before[0], before[1] - 20_00)
    with reading(till.paper.engine) as session:
        assert LedgerAccount.SUSPENSE not in balances(session)
        (row,) = session.exec(select(CorrectionRow)).all()
    assert (row.payment_id, row.anew_id, row.by, row.because) == ("draft-T1", "draft-T1~1", "sven", MOVE["because"])


async def test_who_took_money_does_not_move_it_and_money_moves_once(till: Till) -> None:
    await till.post("kim", "/payments", PAID)
    own = await till.post("kim", "/payments/draft-T1/move", MOVE)
    desk = await till.post("rosa", "/payments/draft-T1/move", MOVE)
    nowhere = await till.post("sven", "/payments/draft-T1/move", {**MOVE, "to": "9999999999"})
    there = await till.post("sven", "/payments/draft-T1/move", {**MOVE, "to": SHOP})
    none = await till.post("sven", "/payments/draft-T9/move", MOVE)
    first = await till.post("sven", "/payments/draft-T1/move", MOVE, key="a")
    again = await till.post("sven", "/payments/draft-T1/move", MOVE, key="a")
    twice = await till.post("sven", "/payments/draft-T1/move", MOVE, key="b")

    assert [each.status_code for each in (own, desk, nowhere, there, none)] == [409, 403, 422, 409, 404]
    assert (first.status_code, again.json(), twice.status_code) == (201, first.json(), 409)
    assert "own-money" in own.json()["type"]
    assert "went-back" in twice.json()["type"]


async def test_a_return_that_was_none_is_undone_once_and_a_later_one_counts(till: Till) -> None:
    before = owed(till, SHOP)
    await till.post("kim", "/payments", PAID)
    await till.settle()
    early = await till.post("sven", "/payments/draft-T1/return/undo", UNDO)
    await till.post("kim", "/payments/draft-T1/return", {"reason": "R01"})
    await till.settle()
    undone = await till.post("sven", "/payments/draft-T1/return/undo", UNDO)
    twice = await till.post("sven", "/payments/draft-T1/return/undo", UNDO)
    await till.settle()
    stands = owed(till, SHOP)
    later = await till.post("kim", f"/payments/{undone.json()['payment_id']}/return", {"reason": "R10"})
    await till.settle()

    assert [each.status_code for each in (early, undone, twice, later)] == [409, 201, 409, 200]
    assert (stands, owed(till, SHOP)) == (before - 20_00, before)


async def test_what_was_voided_at_the_counter_is_not_put_back_this_way(till: Till) -> None:
    await till.post("rosa", "/counter/drawers", {"till": "1"})
    receipt = (
        await till.post("rosa", "/counter/receipts", {"account_no": SHOP, "amount_cents": 5_00, "tender": "cash"})
    ).json()
    number = receipt["receipt_no"]
    await till.post("senta", f"/counter/receipts/{number}/void", {"because": "The wrong account."})
    undone = await till.post("sven", f"/payments/counter-{number}/return/undo", UNDO)

    assert undone.status_code == 409
    assert "no-return" in undone.json()["type"]
