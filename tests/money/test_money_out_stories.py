"""Refunds, corrections and deposits from the desk to billing and the ledger: who may, when, and to the cent."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from domain import events as ev
from domain.calendar import DAY
from domain.facts import Fact, FactKind
from domain.ledger import LedgerAccount
from domain.money import Money
from models.ledger import balances
from models.money_out import given_back_after
from models.session import reading
from models.tables import TaskRow
from tests.casework.paper import SHOP, on_paper
from tests.money.desk import Till, a_till

HOME = "9967773012"  # electric and water, with a deposit of $100.00
MONEY = {"source": "counter", "tender": "cash"}


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    with on_paper(tmp_path) as paper:
        async with a_till(paper, SHOP, HOME) as till:
            yield till


def owed(till: Till, account_no: str) -> int:
    return sum(bill.open.cents for bill in till.paper.city.billing.open_bills(account_no).bills)


def credit(till: Till, account_no: str) -> int:
    return till.paper.city.billing.open_bills(account_no).credit.cents


async def overpay(till: Till, cents: int, *, who: str = "kim", **how: str) -> None:
    """Pay all that is owed on the home, and *cents* more."""
    body = {**MONEY, **how, "account_no": HOME, "trace": "T1", "amount_cents": owed(till, HOME) + cents}
    assert (await till.post(who, "/payments", body)).status_code == 201
    await till.settle()


async def ask(till: Till, cents: int, *, who: str = "senta", key: str = "", **more: str) -> tuple[int, dict[str, str]]:
    body = {"amount_cents": cents, "because": "Paid twice.", **more}
    answer = await till.post(who, f"/accounts/{HOME}/refunds", body, key=key)
    return answer.status_code, answer.json()


def books(till: Till) -> dict[LedgerAccount, Money]:
    with reading(till.paper.engine) as session:
        return dict(balances(session))


async def test_a_refund_waits_until_the_payment_cannot_come_back_then_two_people_let_it_out(till: Till) -> None:
    await overpay(till, 42_50, source="draft", tender="draft")
    status, refused = await ask(till, 42_50)
    assert (status, refused["type"]) == (409, "/problems/payment-may-come-back")
    assert "2026-11-01" in refused["way_out"]

    till.until("2026-11-02 10:00")
    cents = credit(till, HOME)
    await till.post(
        "kim",
        "/payments",
        {**MONEY, "account_no": HOME, "trace": "T2", "amount_cents": owed(till, HOME) + 42_50 - cents},
    )
    await till.settle()
    status, asked = await ask(till, 42_50, key="r1")
    again = await ask(till, 42_50, key="r1")
    too_much = await ask(till, 1_00, key="r2")
    refund = f"/refunds/{asked['refund_id']}"
    own = await till.post("senta", f"{refund}/approve", {"type": "approve"})
    let = await till.post("sven", f"{refund}/approve", {"type": "approve"})
    await till.settle()
    exported = (await till.post("kim", "/refunds/export")).json()
    nothing = (await till.post("kim", "/refunds/export")).json()
    file = (await till.get("kim", f"/exports/{exported['export_id']}/file")).text
    hidden = await till.get("rosa", f"/exports/{exported['export_id']}/file")
    paid = await till.post("kim", f"{refund}/end", {"what": "paid"})

    assert (status, again[1]["refund_id"], too_much[1]["type"]) == (201, asked["refund_id"], "/problems/no-such-credit")
    assert (own.status_code, let.json()["state"], let.json()["approved_by"]) == (403, "approved", "sven")
    assert (exported["entries"], exported["total_cents"], nothing) == (1, 42_50, None)
    assert "Xia Ashgrove" in file
    assert hidden.status_code == 403
    pack = (await till.get("kim", "/month-ends/2026-11")).json()
    assert [line["cents"] for line in pack["registered"] if line["kind"] == "refund"] == [42_50], "its payout is none"
    assert paid.json()["state"] == "paid"
    assert (credit(till, HOME), owed(till, HOME)) == (0, 0)
    assert books(till)[LedgerAccount.CASH] == Money(-42_50)
    assert LedgerAccount.REFUNDS_PAYABLE not in books(till)


async def test_who_took_the_money_may_not_refund_it_and_who_asked_may_not_let_it(till: Till) -> None:
    await overpay(till, 42_50, who="sven")
    _, by_taker = await ask(till, 42_50, who="sven")
    _, asked = await ask(till, 42_50)
    let = await till.post("sven", f"/refunds/{asked['refund_id']}/approve", {"type": "approve"})
    assert by_taker["type"] == "/problems/took-the-money"
    assert (let.status_code, let.json()["type"]) == (409, "/problems/took-the-money")
    assert credit(till, HOME) == 42_50


async def test_what_is_left_of_a_funds_payment_goes_back_to_the_fund(till: Till) -> None:
    await overpay(till, 42_50, source="assistance", tender="assistance")
    _, refused = await ask(till, 42_50)
    assert refused["type"] == "/problems/credit-of-a-fund"
    (line,) = (await till.get("kim", "/credit-balances")).json()["credit_balances"]
    assert (line["account_no"], line["of_a_fund"]) == (HOME, 42_50)

    _, asked = await ask(till, 42_50, payee="fund")
    await till.post("sven", f"/refunds/{asked['refund_id']}/approve", {"type": "approve"})
    await till.settle()
    assert credit(till, HOME) == 0
    assert books(till)[LedgerAccount.FUNDS_PAYABLE] == Money(-42_50)


async def test_a_refund_that_nobody_cashes_goes_stale_and_is_credit_again(till: Till) -> None:
    await overpay(till, 42_50)
    _, asked = await ask(till, 42_50)
    await till.post("sven", f"/refunds/{asked['refund_id']}/approve", {"type": "approve"})
    await till.settle()
    await till.post("kim", "/refunds/export")
    before = owed(till, HOME)
    till.until("2027-03-01 10:00")
    stale = (await till.get("kim", f"/refunds/{asked['refund_id']}")).json()
    early = await till.post("kim", f"/refunds/{asked['refund_id']}/end", {"what": "escheated"})
    back = await till.post("kim", f"/refunds/{asked['refund_id']}/end", {"what": "restored", "because": "stale"})
    twice = await till.post("kim", f"/refunds/{asked['refund_id']}/end", {"what": "restored"})
    await till.settle()

    assert (stale["stale"], stale["escheats_on"]) == (True, "2029-09-01")
    assert early.json()["type"] == "/problems/not-abandoned-yet"
    assert (back.json()["state"], twice.status_code) == ("restored", 200)
    assert before == 0
    assert LedgerAccount.REFUNDS_PAYABLE not in books(till)


async def test_a_correction_above_the_limit_waits_for_a_second_person(till: Till) -> None:
    before = owed(till, HOME)
    leak = {"service": "water", "amount_cents": -30_00, "reason": "leak", "because": "Ours."}
    path = f"/accounts/{HOME}/adjustments"
    asked = (await till.post("senta", path, leak, key="a")).json()
    await till.settle()
    waiting = owed(till, HOME)
    own = await till.post("senta", f"/adjustments/{asked['adjustment_id']}/approve", {"type": "approve"})
    let = await till.post("sven", f"/adjustments/{asked['adjustment_id']}/approve", {"type": "approve"}, key="b")
    twice = await till.post("sven", f"/adjustments/{asked['adjustment_id']}/approve", {"type": "approve"})
    await till.settle()
    small = (await till.post("senta", path, {**leak, "amount_cents": 12_00, "reason": "service_charge"})).json()
    await till.settle()

    assert (asked["state"], waiting, own.status_code) == ("proposed", before, 403)
    assert (let.json()["state"], twice.status_code) == ("approved", 200)
    assert (small["state"], small["alone"]) == ("approved", True)
    assert owed(till, HOME) - credit(till, HOME) == before - 30_00 + 12_00
    assert books(till)[LedgerAccount.ADJUSTMENTS] == Money(30_00 - 12_00)


async def test_who_asked_learns_why_a_correction_was_not_let_and_no_one_says_no_in_silence(till: Till) -> None:
    before = owed(till, HOME)
    leak = {"service": "water", "amount_cents": -30_00, "reason": "leak", "because": "Ours."}
    asked = (await till.post("kim", f"/accounts/{HOME}/adjustments", leak)).json()
    path = f"/adjustments/{asked['adjustment_id']}/approve"
    silent = await till.post("sven", path, {"type": "reject", "because": " "})
    no = {"type": "reject", "because": "The leak was theirs."}
    rejected = await till.post("sven", path, no)
    twice = await till.post("sven", path, no)
    late = await till.post("sven", path, {"type": "approve"}, key="late")
    await till.settle()
    (told,) = (await till.get("kim", "/adjustments")).json()["adjustments"]

    assert (silent.status_code, silent.json()["type"]) == (422, "/problems/no-reason")
    assert (rejected.json()["state"], rejected.json()["rejected_by"]) == ("rejected", "sven")
    assert twice.json()["ended_because"] == "The leak was theirs."
    assert (late.status_code, late.json()["type"]) == (409, "/problems/adjustment-decided")
    assert (told["asked_by"], told["ended_because"]) == ("kim", "The leak was theirs.")
    assert owed(till, HOME) == before


async def test_who_took_money_of_the_account_does_not_adjust_it(till: Till) -> None:
    await overpay(till, 1, who="sven")
    leak = {"service": "water", "amount_cents": -30_00, "reason": "leak", "because": "Ours."}
    own = await till.post("sven", f"/accounts/{HOME}/adjustments", leak)
    assert (own.status_code, own.json()["type"]) == (409, "/problems/took-the-money")


async def test_a_deposit_is_applied_once_with_its_interest_and_the_rest_is_due_back(till: Till) -> None:
    before = owed(till, HOME)
    held = (await till.get("rosa", f"/accounts/{HOME}/deposit")).json()
    for _ in range(2):
        applied = await till.post("kim", f"/accounts/{HOME}/deposit/apply", {"final_on": "2026-09-01"})
        await till.settle()
    gone = await till.post("kim", f"/accounts/{HOME}/deposit/apply", {"final_on": "2026-09-02"})

    assert held["deposit_cents"] == 100_00
    assert held["interest_cents"] > 0
    assert (applied.json()["amount_cents"], applied.json()["refund_by"]) == (100_00, "2026-10-16")
    assert gone.json()["type"] == "/problems/no-deposit"
    assert owed(till, HOME) - credit(till, HOME) == before - 100_00 - held["interest_cents"]
    assert books(till)[LedgerAccount.DEPOSITS_HELD] == Money(100_00)


async def test_a_deposit_that_nobody_cashes_is_the_states_after_the_years_of_a_deposit(till: Till) -> None:
    applied = (await till.post("kim", f"/accounts/{HOME}/deposit/apply", {"final_on": "2026-09-01"})).json()
    await till.settle()
    whole = applied["amount_cents"] + applied["interest_cents"]
    (line,) = (await till.get("kim", "/credit-balances")).json()["credit_balances"]
    _, asked = await ask(till, whole)
    let = await till.post("sven", f"/refunds/{asked['refund_id']}/approve", {"type": "approve"})

    assert (line["credit"], line["escheats_on"]) == (whole, "2027-09-01")
    assert let.json()["escheats_on"] == "2027-09-01"


async def test_a_months_pack_lists_the_deposits_that_were_held_at_its_end(till: Till) -> None:
    async def held() -> dict[str, int]:
        pack = (await till.get("kim", f"/month-ends/{today:%Y-%m}")).json()
        return {line["account_no"]: line["cents"] for line in pack["deposits"]}

    today = till.paper.policy.calendar.day(till.paper.clock.now())
    before = await held()
    await till.post("kim", f"/accounts/{HOME}/deposit/apply", {"final_on": "2026-09-01"})
    await till.settle()
    after = await held()

    assert before.pop(HOME) == 100_00
    assert after == before
    with reading(till.paper.engine) as session:
        assert given_back_after(session, today - DAY) == [(HOME, 100_00)]
        assert given_back_after(session, today) == []


@pytest.mark.parametrize("how", ["ask", "apply"])
async def test_a_final_bill_has_the_deposit_applied_or_a_person_told_as_the_pack_says(till: Till, how: str) -> None:
    till.say("deposit.at_final_bill", how)
    case = await till.paper.open(HOME)
    before = owed(till, HOME) - credit(till, HOME)
    today = till.paper.policy.calendar.day(till.paper.clock.now())
    till.paper.happen(case, ev.FinalBilled(due_on=today, amount=Money(0)), by="senta")
    await till.settle()

    with reading(till.paper.engine) as session:
        tasks = set(session.exec(select(TaskRow.kind)).all())
    assert tasks == ({"apply_deposit"} if how == "ask" else {"give_back_deposit"})
    assert (owed(till, HOME) - credit(till, HOME) < before) is (how == "apply")
    assert len((await till.get("kim", "/deposits")).json()["deposits"]) == (how == "apply")


@pytest.mark.parametrize(("chapter", "stays"), [("7", True), ("13", True), ("11", False)])
async def test_a_petition_keeps_the_deposit_for_counsel_but_in_chapter_11(
    till: Till, chapter: str, stays: bool
) -> None:
    till.say("deposit.at_final_bill", "apply")
    case = await till.paper.open(HOME)
    now = till.paper.clock.now()
    today = till.paper.policy.calendar.day(now)
    petition = Fact(
        fact_id=f"{HOME}-petition",
        kind=FactKind.BANKRUPTCY,
        starts=now,
        known_at=now,
        evidence="26-10001",
        details={"chapter": chapter, "petition_on": today.isoformat()},
    )
    case = till.paper.happen(case, ev.FactRecorded(fact=petition), by="rosa")
    till.paper.happen(case, ev.FinalBilled(due_on=today, amount=Money(0)), by="senta")
    await till.settle()

    assert len((await till.get("kim", "/deposits")).json()["deposits"]) == (0 if stays else 1)
    asked = await till.post("kim", f"/accounts/{HOME}/deposit/apply", {"final_on": "2026-09-02"})
    assert asked.json()["type"] == f"/problems/{'deposit-stayed' if stays else 'no-deposit'}"
