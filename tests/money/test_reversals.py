"""A whole file taken back leaves what stood before it, and may come again, put right."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from casework.errors import Refused
from casework.money_reports import balances
from casework.payment_files import in_suspense, match
from casework.reversals import ask, asked, put_reversal, reject
from models.ledger import balances as ledger_balances
from models.reconciliation import bank_sums
from models.session import reading, transaction
from models.tables import PaymentFileRow, ReturnedItemRow
from models.users import Role
from tests.money.statements import bai2
from tests.money.teller import Teller, a_teller
from tests.money.test_workflow import ON, aggregator, back, paid
from tests.workflows.world import CITY, SHOP, SHOPS

LATER = date(2026, 9, 3)
Stood = tuple[list[dict[str, object]], dict[object, object]]


@pytest.fixture
async def teller(tmp_path: Path) -> AsyncIterator[Teller]:
    with a_teller(f"sqlite:///{tmp_path / 'arrears.db'}", CITY) as opened:
        opened.on(ON)
        yield opened


async def stood(teller: Teller) -> tuple[object, ...]:
    """Return what is owed, what is in the ledger, what waits, and what the bank owes us lines for."""
    owed = await balances(teller.desk(), as_of=LATER)
    with reading(teller.engine) as session:
        sums = {key: both for key, both in bank_sums(session, after=None, through=LATER).items() if any(both)}
        return owed, dict(ledger_balances(session)), sums, [row.written for row in in_suspense(teller.desk())]


async def take_back(teller: Teller, file: PaymentFileRow) -> None:
    ask(teller.desk(), file.file_id, because="It was the wrong day's file.")
    with transaction(teller.engine) as session:
        reversal = put_reversal(teller.desk("sven", Role.SUPERVISOR), session, file.file_id)
    await teller.work_off(reversal.file_id)


FILES = {
    "money": aggregator(paid("A1", cents=7_00), paid("A2", SHOPS[1], 3_00), file_id="F7"),
    "money in suspense": aggregator(
        paid("A1", "123", 2_00), paid("A2", cents=1_00), paid("A2", cents=1_00), file_id="F7"
    ),
    "a return of earlier money": aggregator(paid("A3", cents=2_00), back("B1", 4_00), file_id="F7"),
    "a return that waits": aggregator(back("A9", 3_00), file_id="F7"),
    "a statement": bai2(ON, ("142", 5_00, "BILL PAY"), ("557", 2_00, "ACH RETURN ITEMS")),
}


@pytest.mark.parametrize("kind", FILES)
async def test_a_file_taken_back_leaves_what_stood_before_and_comes_again_as_if_new(teller: Teller, kind: str) -> None:
    await teller.take(aggregator(paid("B1", cents=4_00), file_id="F0"), name="before.csv", on=ON)
    before = await stood(teller)
    file = await teller.take(FILES[kind], name="wrong.csv", on=ON)
    after = await stood(teller)

    await take_back(teller, file)
    taken_back = await stood(teller)
    again = await teller.take(FILES[kind], name="again.csv", on=ON)

    assert file.state == again.state == "done"
    assert taken_back == before
    assert await stood(teller) == after


async def test_matched_money_goes_back_with_the_file_it_came_by(teller: Teller) -> None:
    await teller.take(aggregator(paid("B1", cents=4_00), file_id="F0"), name="before.csv", on=ON)
    before = await stood(teller)
    file = await teller.take(aggregator(paid("A1", "123", 2_00), file_id="F7"), name="wrong.csv", on=ON)
    match(teller.desk(), in_suspense(teller.desk())[0].entry_id, account_no=SHOP)
    await teller.relay()

    await take_back(teller, file)

    assert await stood(teller) == before


async def test_a_return_that_was_none_leaves_no_fee_and_no_strike(teller: Teller) -> None:
    await teller.take(aggregator(paid("B1", cents=4_00), file_id="F0"), name="before.csv", on=ON)
    file = await teller.take(aggregator(back("B1", 4_00), file_id="F7"), name="wrong.csv", on=ON)
    await take_back(teller, file)

    with reading(teller.engine) as session:
        rows = session.exec(select(ReturnedItemRow)).all()
    assert [(row.fee_cents, row.strike) for row in rows if row.fee_cents or row.strike] == []


async def test_it_takes_two_people_and_a_file_that_is_done(teller: Teller) -> None:
    file = await teller.take(FILES["money"], name="wrong.csv", on=ON)
    ask(teller.desk(), file.file_id, because="It was the wrong day's file.")

    with pytest.raises(Refused) as own, transaction(teller.engine) as session:
        put_reversal(teller.desk(), session, file.file_id)
    with pytest.raises(Refused) as unknown:
        ask(teller.desk(), "nothing", because="It was the wrong day's file.")
    waiting = [row.file_id for row in asked(teller.desk())]
    reject(teller.desk("sven", Role.SUPERVISOR), file.file_id)
    await take_back(teller, file)
    with pytest.raises(Refused) as twice:
        ask(teller.desk(), file.file_id, because="It was the wrong day's file.")

    assert own.value.refusal.slug == "own-request"
    assert unknown.value.refusal.status == 404
    assert (waiting, asked(teller.desk())) == ([file.file_id], [])
    assert twice.value.refusal.slug == "not-reversible"
