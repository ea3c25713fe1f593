"""The counter, pledges and payment behaviour, told from the desk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from domain import events as ev
from domain.facts import FactKind
from domain.ledger import LedgerAccount
from domain.money import Money
from models.accounts import account_of
from models.facts import facts_of
from models.ledger import balances
from models.session import reading, transaction
from models.tables import TaskRow
from tests.casework.paper import SHOP, on_paper
from tests.models.returned_lives import went
from tests.money.desk import Till, a_till

CASH = {"account_no": SHOP, "amount_cents": 20_00, "tender": "cash"}
CHECK = {"account_no": SHOP, "amount_cents": 30_00, "tender": "check", "check_no": "1187"}


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    with on_paper(tmp_path) as paper:
        async with a_till(paper, SHOP) as till:
            yield till


def owed(till: Till) -> int:
    return sum(bill.open.cents for bill in till.paper.city.billing.open_bills(SHOP).bills)


def books(till: Till) -> dict[LedgerAccount, Money]:
    with reading(till.paper.engine) as session:
        return dict(balances(session))


def pledges_known(till: Till) -> list[tuple[int, str]]:
    with reading(till.paper.engine) as session:
        facts = facts_of(session, account_of(session, SHOP))
    calendar = till.paper.policy.calendar
    return [
        (fact.amount.cents if fact.amount else 0, str(calendar.day(fact.until)) if fact.until else "")
        for fact in facts
        if fact.kind is FactKind.PLEDGE and fact.holds(till.paper.clock.now())
    ]


async def test_money_is_taken_receipted_voided_by_another_counted_and_brought_to_the_bank(till: Till) -> None:
    before = owed(till)
    no_drawer = await till.post("rosa", "/counter/receipts", CASH)
    drawer = (await till.post("rosa", "/counter/drawers", {"till": "1", "float_cents": 200_00})).json()
    taken_till = await till.post("senta", "/counter/drawers", {"till": "1"})
    cash = (await till.post("rosa", "/counter/receipts", CASH, key="a")).json()
    again = (await till.post("rosa", "/counter/receipts", CASH, key="a")).json()
    check = (await till.post("rosa", "/counter/receipts", CHECK, key="b")).json()
    wrong = (await till.post("rosa", "/counter/receipts", {**CASH, "amount_cents": 99_00}, key="c")).json()
    await till.settle()
    paid = owed(till)
    own = await till.post("rosa", f"/counter/receipts/{wrong['receipt_no']}/void", {"because": "Wrong account."})
    void = f"/counter/receipts/{wrong['receipt_no']}/void"
    gone = [(await till.post("senta", void, {"because": "Wrong account."})).json() for _ in range(2)]
    await till.settle()
    short = {"counted": {"cash": 19_50, "check": 30_00}}
    close = f"/counter/drawers/{drawer['drawer_id']}/close"
    refused = await till.post("rosa", close, short)
    closed = (await till.post("rosa", close, {**short, "because": "A coin is missing."})).json()
    late = await till.post("senta", f"/counter/receipts/{check['receipt_no']}/void", {"because": "x"})
    slip = (await till.post("kim", "/counter/slips")).json()
    none = (await till.post("kim", "/counter/slips")).json()
    printed = (await till.get("kim", f"/counter/slips/{slip['slip_id']}/print")).text
    receipt = (await till.get("rosa", f"/counter/receipts/{check['receipt_no']}/print")).text

    assert (no_drawer.json()["type"], taken_till.json()["type"]) == ("/problems/no-drawer", "/problems/till-taken")
    assert again == cash
    assert paid == before - 149_00
    assert own.status_code == 403
    assert gone[0] == gone[1]
    assert owed(till) == before - 50_00
    assert refused.json()["type"] == "/problems/over-or-short"
    assert (closed["over_short_cents"], closed["taken_cents"]) == (-50, {"cash": 20_00, "check": 30_00})
    assert late.json()["type"] == "/problems/drawer-closed"
    assert (slip["total_cents"], slip["checks"], none) == (49_50, 1, None)
    assert "1187" in printed
    assert "$49.50" in printed
    assert all(word in receipt for word in (check["receipt_no"], "$30.00", "check no. 1187"))
    assert max(len(line) for line in receipt.splitlines()) <= 40
    # What lies in the till is what the bank will show; the missing coin is over and short.
    assert books(till)[LedgerAccount.CLEARING_COUNTER] == Money(49_50)
    assert books(till)[LedgerAccount.OVER_SHORT] == Money(50)


async def test_who_took_the_money_may_not_void_it_whatever_their_role(till: Till) -> None:
    await till.post("sven", "/counter/drawers", {"till": "2"})
    receipt = (await till.post("sven", "/counter/receipts", CASH)).json()
    own = await till.post("sven", f"/counter/receipts/{receipt['receipt_no']}/void", {"because": "x"})
    assert (own.status_code, own.json()["type"]) == (409, "/problems/second-person")


async def test_neither_check_nor_cash_is_taken_for_an_account_that_is_not_there(till: Till) -> None:
    await till.post("rosa", "/counter/drawers", {"till": "1"})
    for key, money in (("a", CHECK), ("b", CASH)):
        refused = await till.post("rosa", "/counter/receipts", {**money, "account_no": "0"}, key=key)
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unknown-account")


async def test_after_two_returned_checks_no_check_is_taken_and_cash_is(till: Till) -> None:
    await till.post("rosa", "/counter/drawers", {"till": "1"})
    for key in "ab":
        taken = (await till.post("rosa", "/counter/receipts", CHECK, key=key)).json()
        await till.settle()
        back = await till.post("kim", f"/payments/counter-{taken['receipt_no']}/return", {"reason": "A"})
        assert back.status_code == 200
    standing = (await till.get("rosa", f"/accounts/{SHOP}/standing")).json()
    check = await till.post("rosa", "/counter/receipts", CHECK, key="c")
    cash = await till.post("rosa", "/counter/receipts", CASH, key="d")

    assert (check.json()["type"], cash.status_code) == ("/problems/cash-only", 201)
    assert standing["cash_only"] == "Cash only until 2027-09-02: items were returned."
    assert [each["event"] for each in standing["events"]] == ["returned_item", "returned_item"]
    assert standing["points"] == 6


async def test_a_pledge_by_telephone_holds_at_once_and_to_its_end_once_it_is_in_writing(till: Till) -> None:
    said = {
        "account_no": SHOP,
        "agency": "Three Rivers Community Action",
        "worker": "R. Example",
        "amount_cents": 350_00,
        "expires_on": "2026-10-15",
    }
    pledged = [(await till.post("rosa", "/pledges", said, key="p")).json() for _ in range(2)]
    spoken = pledges_known(till)
    with reading(till.paper.engine) as session:
        tasks = session.exec(select(TaskRow.kind)).all()
    confirm = f"/pledges/{pledged[0]['pledge_id']}/confirm"
    for _ in range(2):
        confirmed = (await till.post("rosa", confirm, {"confirmation": "PL340716"})).json()
    written = pledges_known(till)
    await till.post("rosa", f"/pledges/{pledged[0]['pledge_id']}/withdraw")
    over = await till.post("rosa", "/pledges", {**said, "expires_on": "2026-08-31"})

    assert pledged[0] == pledged[1]
    assert "R. Example" not in str(pledged)
    assert spoken == [(350_00, "2026-09-10")]  # five open days over Labor Day, the last one included
    assert list(tasks) == ["confirm_pledge"]
    assert confirmed["holds_until"] == "2026-10-15"
    assert written == [(350_00, "2026-10-16")]
    assert pledges_known(till) == []
    assert over.json()["type"] == "/problems/pledge-over"


async def test_points_are_counted_once_and_reach_the_packs_marks(till: Till) -> None:
    till.say("behaviour.deposit_points", 4)
    till.say("behaviour.cash_only_points", 5)
    case = await till.paper.open(SHOP)  # late
    with transaction(till.paper.engine) as session:
        assert session.exec(select(TaskRow.kind)).all() == []
    case = till.paper.happen(case, ev.ArrangementCancelled(because="x")) if case.arrangement else case
    with transaction(till.paper.engine) as session:
        from tests.models.returned_lives import came  # noqa: PLC0415  # after the pack is in force

        went(session, came(session, "1", on=case.opened_on, account_no=SHOP), "R01", on=case.opened_on)
    standing = (await till.get("rosa", f"/accounts/{SHOP}/standing")).json()
    with reading(till.paper.engine) as session:
        tasks = list(session.exec(select(TaskRow.kind)).all())

    assert (standing["points"], standing["deposit"], standing["cash_only"]) == (4, True, "")
    assert tasks.count("ask_for_deposit") == 1
