"""Files that are damaged, resent, early or late: taken whole or refused whole, and what is resent is new."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from formats.city import CityFolder
from formats.errors import Malformed
from formats.payment_file import read_payment_file
from tests.money.memory import MemoryBook

CITY = Path(__file__).parents[2] / "data" / "demo-city"
ON = date(2026, 9, 2)
SHOP = "9906282455"
HEADER = "rec,ref,account_no,kind,requested_cents,approved_cents,response,auth_code,card_last4,recurring,original_ref\n"


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook(CityFolder(CITY), zone="America/Chicago")


def aggregator(*rows: str, file_id: str = "F1", paid: int = 0, back: int = 0) -> bytes:
    head, tail = f"H,{file_id},2026-09-02,2026-09-02T04:00:00,CITY", f"T,{len(rows)},{paid},{back},{paid - back}"
    return "\n".join([head, *rows, tail]).encode()


PAID = f"P,A1,{SHOP},1000,2026-09-02,web,A Payer,"
BACK = f"R,V1,{SHOP},1000,2026-09-02,reversal,A Payer,A1"


def owed(book: MemoryBook) -> int:
    return sum(bill.open.cents for bill in book.billing.open_bills(SHOP).bills)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data.rsplit(b"\n", 1)[0], "truncated"),
        (lambda data: data.replace(b"T,1,1000,0,1000", b"T,1,1001,0,1001"), "control_total"),
        (lambda data: data.replace(b"T,1,", b"T,2,"), "control_count"),
    ],
)
def test_a_damaged_file_is_refused_whole_and_taken_when_sent_again(
    book: MemoryBook, damage: Callable[[bytes], bytes], reason: str
) -> None:
    whole, before = aggregator(PAID, paid=1000), owed(book)
    damaged = damage(whole)

    refused = book.take(damaged, name="aggregator.csv", on=ON)
    owed_after_refusal = owed(book)
    taken = book.take(whole, name="aggregator.csv", on=date(2026, 9, 3))

    assert (refused.reason, refused.totals.refused) == (reason, 1000)
    assert owed_after_refusal == before
    assert (taken.reason, taken.totals.posted) == ("", 1000)
    assert book.billing.effects_done == 1


def test_a_file_with_other_bytes_but_its_own_id_is_a_duplicate(book: MemoryBook) -> None:
    book.take(aggregator(PAID, paid=1000), name="aggregator.csv", on=ON)

    again = book.take(aggregator(PAID, BACK, paid=1000, back=1000), name="again.csv", on=ON)

    assert (again.reason, again.totals.refused) == ("duplicate_file", 2000)


def test_a_return_before_its_money_comes_to_the_same_as_one_after_it(book: MemoryBook) -> None:
    other = MemoryBook(CityFolder(CITY), zone="America/Chicago")
    money, reversal = aggregator(PAID, paid=1000), aggregator(BACK, file_id="F2", back=1000)

    for each in (money, reversal):
        book.take(each, name="aggregator.csv", on=ON)
    for each in (reversal, money):
        other.take(each, name="aggregator.csv", on=ON)

    assert owed(book) == owed(other) == owed(MemoryBook(CityFolder(CITY), zone="America/Chicago"))
    assert {line.totals for line in book.lines} == {line.totals for line in other.lines}


def test_a_chargeback_takes_the_sale_back_and_a_partial_approval_posts_what_was_paid(book: MemoryBook) -> None:
    sale = f"D,C1,{SHOP},sale,1000,700,10,1,1,0,\nT,1,700,0,700\n"
    chargeback = f"D,C2,{SHOP},chargeback,700,700,00,1,1,0,C1\nT,1,0,700,-700\n"

    first = book.take((HEADER + sale).encode(), name="card_settlement.csv", on=ON)
    second = book.take((HEADER + chargeback).encode(), name="card_settlement.csv", on=ON)

    assert (first.totals.posted, second.totals.returned) == (700, 700)


def test_a_returned_counter_check_takes_its_receipt_back_and_a_void_receipt_is_no_money(book: MemoryBook) -> None:
    receipts = "receipt_no,time,till,clerk,account_no,tender,amount_cents,check_no,void\n"
    receipts += f"R1,08:00,1,c,{SHOP},check,900,1,\nR2,08:01,1,c,{SHOP},check,900,2,VOID\n"
    returned = "return_id,reason,amount_cents,deposited_on,source,batch,item,receipt_no,payer_routing,payer_account"
    returned += (
        ",check_no,represented\nI1,A,900,2026-09-02,counter,,,R1,1,1,1,N\nI2,A,900,2026-09-02,counter,,,R2,1,1,2,N\n"
    )

    came = book.take(receipts.encode(), name="counter_receipts.csv", on=ON)
    went = book.take(returned.encode(), name="check_returns.csv", on=ON)

    assert (came.totals.posted, went.totals.returned, went.totals.suspense) == (900, 900, 900)
    assert [entry.reason for entry in book.suspense] == ["original_unknown"]


def test_a_file_that_begins_like_nothing_known_is_refused_by_that_name() -> None:
    with pytest.raises(Malformed) as refused:
        read_payment_file(b"%PDF-1.4", name="x.pdf", received_on=ON)

    assert refused.value.rule == "unknown_format"
