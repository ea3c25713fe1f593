"""Whatever is paid, returned, corrected, refunded and put back: billing and our ledger agree to the cent."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from domain.ledger import LedgerAccount
from domain.money import Money
from formats.city import CityFolder, read_bills
from models.ledger import balances
from models.session import reading
from tests.casework.paper import on_paper
from tests.money.desk import Till, a_till
from tests.workflows.world import CITY

HOME = "9967773012"
STEPS = 40
BILLED = {
    day: sum(bill.total_cents for bill in read_bills(path) if bill.account_no == HOME)
    for day, path in CityFolder(CITY).bills().items()
}


def net(till: Till) -> int:
    """Return what the account owes, less its credit, as billing has it."""
    answer = till.paper.city.billing.open_bills(HOME)
    return sum(bill.open.cents for bill in answer.bills) - answer.credit.cents


async def act(till: Till, chance: random.Random, number: int) -> None:
    """Do something with the account's money, as someone who may; much of it is refused, and then nothing moves."""
    cents = chance.randint(1, 90_00)
    match chance.randrange(8):
        case 0 | 1:
            source = chance.choice(["counter", "draft", "lockbox", "assistance", "aggregator"])
            body = {"account_no": HOME, "amount_cents": cents, "source": source, "trace": f"T{number}"}
            await till.post("kim", "/payments", {**body, "tender": chance.choice(["cash", "check"])})
        case 2:
            listed = (await till.get("kim", "/returned-items")).json()["returned_items"]
            paid = f"{chance.choice(['draft', 'lockbox', 'counter'])}-T{chance.randrange(number + 1)}"
            assert len(listed) <= number
            code = chance.choice(["R01", "R10", "A", "void", "R99"])
            await till.post("kim", f"/payments/{paid}/return", {"reason": code})
        case 3:
            signed = cents if chance.random() < 0.5 else -cents
            body = {"service": "water", "amount_cents": signed, "reason": "misread", "because": "x"}
            await till.post("senta", f"/accounts/{HOME}/adjustments", body, key=f"a{number}")
        case 4:
            for asked in (await till.get("sven", "/adjustments?state=proposed")).json()["adjustments"]:
                kind = chance.choice(["approve", "reject"])
                body = {"type": kind, "because": "Read again."}
                await till.post("sven", f"/adjustments/{asked['adjustment_id']}/approve", body)
        case 5:
            payee = chance.choice(["payer", "fund"])
            body = {"amount_cents": cents, "because": "x", "payee": payee}
            await till.post("senta", f"/accounts/{HOME}/refunds", body, key=f"r{number}")
        case 6:
            for asked in (await till.get("sven", "/refunds?state=proposed")).json()["refunds"]:
                await till.post("sven", f"/refunds/{asked['refund_id']}/approve", {"type": "approve"})
            await till.settle()
            await till.post("kim", "/refunds/export")
        case _:
            for out in (await till.get("kim", "/refunds?state=exported")).json()["refunds"]:
                what = chance.choice(["paid", "restored"])
                await till.post("kim", f"/refunds/{out['refund_id']}/end", {"what": what})
            await till.post("kim", f"/accounts/{HOME}/deposit/apply", {})


@pytest.mark.parametrize("seed", range(4))
async def test_billing_moves_by_what_the_ledger_says_and_the_ledger_sums_to_nothing(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with on_paper(tmp_path) as paper:
        async with a_till(paper, HOME) as till:
            before, opened = net(till), paper.city.billing.today
            for number in range(STEPS):
                await act(till, chance, number)
                await till.settle()
                later = paper.clock.now() + timedelta(days=chance.choice([0, 0, 1, 9]))
                paper.clock.set(later)
                paper.city.advance(later)
                with reading(paper.engine) as session:
                    books = balances(session)
                receivable = books.get(LedgerAccount.RECEIVABLE, Money(0)).cents
                billed = sum(cents for day, cents in BILLED.items() if opened < day <= paper.city.billing.today)
                assert sum(amount.cents for amount in books.values()) == 0
                assert net(till) == before + receivable + billed, f"after step {number}"
