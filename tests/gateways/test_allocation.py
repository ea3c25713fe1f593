"""Are credits poured over debits as the hand-over notes of the shared cities say?"""

import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.account import Service
from domain.money import Money
from formats.city import CityFolder
from gateways.fakes.billing import BillingLedger
from gateways.fakes.ledger import AccountLedger, Credit, Debit

SHARED = Path(os.environ.get("ARREARS_SHARED", Path(__file__).resolve().parents[2].parent / "shared")) / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data absent (ARREARS_SHARED or ../shared)")
ZONES = {"rochester": "America/Chicago", "las-cruces": "America/Denver"}

START = date(2026, 9, 1)
days = st.integers(0, 40).map(lambda count: START + timedelta(days=count))
cents = st.integers(1, 5000)
SERVICES = list(Service)
debits = st.lists(st.tuples(days, st.sampled_from(SERVICES), st.sampled_from(["1", "2", "3"]), days, cents), max_size=8)
credits_ = st.lists(st.tuples(days, cents, st.none() | days), max_size=6)


Owed = list[tuple[date, Service, str, date, int]]  # due, service, bill number, owed since, cents
Paid = list[tuple[date, int, date | None]]  # since, cents, void from


def filled(owed: Owed, paid: Paid) -> AccountLedger:
    ledger = AccountLedger()
    for due_on, service, bill_no, since, amount in owed:
        ledger.owe(
            Debit(
                bill_no=bill_no,
                service=service,
                bill_on=since,
                due_on=due_on,
                original_cents=amount,
                parts=[(since, amount)],
            )
        )
    for since, amount, void_from in paid:
        credit = Credit(cents=amount, since=since)
        ledger.credit(credit)
        if void_from is not None:
            ledger.void(credit, since=void_from)
    return ledger


@given(debits, credits_, days)
def test_open_bills_are_what_the_credits_do_not_reach(owed: Owed, paid: Paid, as_of: date) -> None:
    reach = sum(amount for since, amount, void in paid if since <= as_of and (void is None or void > as_of))
    standing = sorted(
        (due_on, SERVICES.index(service), bill_no, amount)
        for due_on, service, bill_no, since, amount in owed
        if since <= as_of
    )
    expected: dict[tuple[date, int, str], int] = {}
    below = 0
    for due_on, place, bill_no, amount in standing:
        # This debit lies between *below* and *below + amount* in the stack; the credits fill it from the bottom.
        uncovered = below + amount - max(below, min(reach, below + amount))
        expected[due_on, place, bill_no] = expected.get((due_on, place, bill_no), 0) + uncovered
        below += amount
    found = filled(owed, paid).open(as_of)
    assert [(bill.due_on, SERVICES.index(bill.service), bill.bill_no, bill.open.cents) for bill in found.bills] == [
        (*place, uncovered) for place, uncovered in expected.items() if uncovered
    ]
    assert found.credit == Money(max(0, reach - below))


@given(debits, credits_, days, days)
def test_an_answer_kept_for_one_day_is_not_given_for_another(
    owed: Owed,
    paid: Paid,
    one_day: date,
    other_day: date,
) -> None:
    ledger = filled(owed, paid)
    ledger.open(one_day)
    assert ledger.open(other_day) == filled(owed, paid).open(other_day)


def test_a_bill_whose_part_comes_back_is_one_open_bill_with_its_own_original() -> None:
    ledger = filled([(START, Service.WATER, "1", START, 300)], [])
    ledger.owe(
        Debit(
            bill_no="1",
            service=Service.WATER,
            bill_on=START,
            due_on=START,
            original_cents=200,
            parts=[(START + timedelta(days=3), 200)],
        )
    )
    (before,) = ledger.open(START + timedelta(days=2)).bills
    (after,) = ledger.open(START + timedelta(days=3)).bills
    assert (before.open, after.open, after.original) == (Money(300), Money(500), Money(500))


@needs_shared
@pytest.mark.parametrize(("name", "rows"), [("rochester", 347), ("las-cruces", 327)])
def test_the_first_extract_of_a_shared_city_comes_out_byte_for_byte(name: str, rows: int) -> None:
    folder = CityFolder(SHARED / name)
    ledger = BillingLedger(folder, zone=ZoneInfo(ZONES[name]))
    extract = ledger.delinquencies(date(2026, 8, 31))
    assert len(extract.splitlines()) == rows + 1
    assert extract == folder.aging()[date(2026, 8, 31)].read_bytes()


@needs_shared
def test_open_bills_of_an_account_take_well_under_a_millisecond() -> None:
    ledger = BillingLedger(CityFolder(SHARED / "rochester"), zone=ZoneInfo("America/Chicago"))
    issued = ledger.advance(datetime(2026, 12, 29, 18, tzinfo=UTC))
    account_nos = ledger.account_nos()
    started = time.process_time()
    ledger.open_bills_of(account_nos)
    assert (time.process_time() - started) / len(account_nos) < 0.0005
    assert sum(1 for _ in issued) == 11_228


def restricted(
    *owed: tuple[str, Service, int], only: tuple[Service, ...], cents_in: int, more: int = 0
) -> AccountLedger:
    """Return the books of bills due on the days named, and money that may pay *only* some services."""
    ledger = filled([(date.fromisoformat(due), service, due, START, cents) for due, service, cents in owed], [])
    ledger.credit(Credit(cents=cents_in, since=START, only=frozenset(only)))
    if more:
        ledger.credit(Credit(cents=more, since=START))
    return ledger


WATER_FIRST = (("2026-09-10", Service.WATER, 40_00), ("2026-09-20", Service.ELECTRIC, 50_00))


def test_money_for_energy_passes_over_an_older_bill_for_water() -> None:
    found = restricted(*WATER_FIRST, only=(Service.ELECTRIC, Service.GAS), cents_in=30_00).open(START)
    assert [(bill.service, bill.open.cents) for bill in found.bills] == [
        (Service.WATER, 40_00),
        (Service.ELECTRIC, 20_00),
    ]


def test_what_energy_does_not_need_is_left_over_and_pays_no_water() -> None:
    found = restricted(*WATER_FIRST, only=(Service.ELECTRIC,), cents_in=60_00).open(START)
    assert ([(bill.service, bill.open.cents) for bill in found.bills], found.credit.cents) == (
        [(Service.WATER, 40_00)],
        10_00,
    )


def test_other_money_goes_where_the_fund_did_not() -> None:
    found = restricted(*WATER_FIRST, only=(Service.ELECTRIC,), cents_in=30_00, more=45_00).open(START)
    assert [(bill.service, bill.open.cents) for bill in found.bills] == [(Service.ELECTRIC, 15_00)]


@given(debits, st.lists(st.tuples(cents, st.sets(st.sampled_from(SERVICES), max_size=2)), max_size=5))
def test_no_cent_is_lost_whatever_funds_restrict(owed: Owed, paid: list[tuple[int, set[Service]]]) -> None:
    ledger = filled(owed, [])
    for amount, only in paid:
        ledger.credit(Credit(cents=amount, since=START, only=frozenset(only)))
    late = START + timedelta(days=60)
    found = ledger.open(late)
    whole = sum(amount for *_, amount in owed) - sum(amount for amount, _ in paid)
    assert sum(bill.open.cents for bill in found.bills) - found.credit.cents == whole
    _, moved, stood = ledger.rolled(since=START, through=late)
    assert sum(stood.values()) == whole
    assert sum(moved.values()) == whole
