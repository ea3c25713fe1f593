"""What a customer paid between a petition and the day it was known: what it settled of later charges is not claimed."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from activities.mirror import mirror
from casework.payments import Received, receive
from casework.petitions import with_paid_since
from domain.commands import FileBankruptcy
from domain.money import Money
from gateways.fakes.faults import Fault, FaultKind, Faults
from tests.gateways.small_city import BEN, write_city
from tests.money.teller import Teller, a_teller

PETITION = date(2026, 9, 20)
PAID, KNOWN = date(2026, 10, 20), date(2026, 10, 26)
OLDER, STRADDLING = Money(76_00), Money(51_00)  # $40.00 and $41.00 less the credit of $5.00; $42.00 and $9.00


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def teller(tmp_path: Path, faults: Faults) -> Iterator[Teller]:
    with a_teller(f"sqlite:///{tmp_path / 'arrears.db'}", write_city(tmp_path / "city"), faults=faults) as at:
        asyncio.run(mirror(at.engine, at.systems.billing, at.policy, [BEN], at=at.clock.now()))
        yield at


def counted(teller: Teller, paid: Money) -> Money | None:
    """Return what the petition's record counts, when the customer had paid *paid* before it was known."""
    teller.on(PAID)
    money = Received(account_no=BEN, amount=paid, source="counter", trace="T1", tender="check")
    asyncio.run(receive(teller.desk(), money))
    asyncio.run(teller.relay())
    teller.on(KNOWN)
    command = asyncio.run(with_paid_since(teller.desk(), BEN, FileBankruptcy(chapter="13", petition_on=PETITION)))
    assert isinstance(command, FileBankruptcy)
    return command.paid_since


def test_what_paid_a_later_bill_whole_is_left_out_but_for_its_days_before_the_petition(teller: Teller) -> None:
    # 5 of its 30 days lie before: $7.00 of $42.00 and $1.50 of $9.00.
    assert counted(teller, OLDER + STRADDLING) == OLDER + Money(8_50)


def test_what_an_open_bill_took_is_the_cases_to_see(teller: Teller) -> None:
    assert counted(teller, OLDER + Money(14_00)) == OLDER + Money(14_00)


def test_less_than_the_older_debt_counts_whole(teller: Teller) -> None:
    assert counted(teller, Money(30_00)) == Money(30_00)


def test_what_is_credit_by_now_counts_and_is_the_cases_to_see(teller: Teller) -> None:
    over = Money(20_00)
    assert counted(teller, OLDER + STRADDLING + over) == OLDER + Money(8_50) + over


def test_a_petition_is_recorded_though_billing_does_not_answer(teller: Teller, faults: Faults) -> None:
    faults.add(Fault(route="billing/open_bills*", kind=FaultKind.ERROR, times=None))
    assert counted(teller, OLDER + STRADDLING) == OLDER + STRADDLING
