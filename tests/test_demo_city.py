"""Is the shipped demo city a sound city folder, wholly fictional, and exactly what its generator writes?"""

import csv
from collections import Counter
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from data.generate import FOLDER, SEED, build, write
from formats.aging import BUCKETS, AgingExtract, read_aging
from formats.city import (
    Account,
    AccountStatus,
    Bill,
    CityFolder,
    CustomerClass,
    OpenItem,
    read_accounts,
    read_bills,
    read_court_reports,
    read_field_reports,
    read_heat_products,
    read_holidays,
    read_open_items,
    read_placement_replies,
    read_posted_drafts,
    read_recalls,
    read_remittance,
)

OPENING = date(2026, 8, 31)
CITY = CityFolder(FOLDER)
TEMPERAMENTS = {
    "pays_on_time",
    "pays_on_reminder",
    "pays_on_notice",
    "calls_and_arranges_keeps",
    "calls_and_arranges_breaks",
    "calls_then_cures",
    "promises_keeps",
    "promises_breaks",
    "disputes",
    "pays_when_cut",
    "silent",
    "pledge",
}


@pytest.fixture(scope="module")
def accounts() -> dict[str, Account]:
    return {account.account_no: account for account in read_accounts(CITY.accounts)}


@pytest.fixture(scope="module")
def open_items() -> list[OpenItem]:
    return list(read_open_items(CITY.open_items))


@pytest.fixture(scope="module")
def aging(accounts: dict[str, Account]) -> AgingExtract:
    return read_aging(CITY.aging()[OPENING], known=accounts.__contains__)


@pytest.fixture(scope="module")
def bills() -> list[Bill]:
    return [bill for path in CITY.bills().values() for bill in read_bills(path)]


def customers() -> dict[str, dict[str, str]]:
    with (FOLDER / "customers.csv").open(encoding="utf-8", newline="") as lines:
        return {row["account_no"]: row for row in csv.DictReader(lines)}


def test_the_generator_writes_the_same_bytes_again_and_no_file_more_or_less() -> None:
    shipped = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    assert build(Random(SEED)) == shipped


def test_another_seed_makes_another_city() -> None:
    assert build(Random(SEED + 1))["cis/accounts.csv"] != CITY.accounts.read_bytes()


def test_writing_replaces_the_folder_and_leaves_no_stale_day_behind(tmp_path: Path) -> None:
    stale = tmp_path / "cis" / "bills" / "2026-09-05.csv"
    stale.parent.mkdir(parents=True)
    stale.touch()
    write({"cis/accounts.csv": b"account_no\n"}, tmp_path)
    assert [path.name for path in tmp_path.rglob("*.csv")] == ["accounts.csv"]


def test_control_totals_of_the_readme_come_out(
    accounts: dict[str, Account], open_items: list[OpenItem], bills: list[Bill], aging: AgingExtract
) -> None:
    statuses = Counter(account.status.value for account in accounts.values())
    assert (len(accounts), statuses) == (500, {"active": 462, "final": 28, "closed": 10})
    remaining: Counter[str] = Counter()
    for item in open_items:
        remaining[item.service] += item.remaining_cents
    assert (len(open_items), remaining) == (840, {"electric": 7658805, "water": 1993553})
    assert sum(account.opening_credit_cents for account in accounts.values()) == 4865
    assert (len(bills), sum(bill.total_cents for bill in bills)) == (1848, 31612598)
    assert (len(aging.rows), sum(row.past_due_cents for row in aging.rows)) == (134, 6322484)


def test_the_readme_states_the_control_totals_that_are_tested() -> None:
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    for total in ("500 (462, 28, 10)", "840", "7658805", "1993553", "4865", "134 (28)", "6322484", "1848", "31612598"):
        assert f"| {total} |" in readme


def test_the_extract_says_of_each_account_what_its_open_items_say(
    open_items: list[OpenItem], aging: AgingExtract
) -> None:
    assert aging.rejected == ()
    rows = {row.account_no: row for row in aging.rows}
    for account_no, group in groupby(open_items, key=lambda item: item.account_no):
        items = list(group)
        past = [item for item in items if item.due_date < OPENING]
        row = rows.pop(account_no, None)
        if row is None:
            assert past == []
            continue
        ages = Counter[str]()
        for item in past:
            ages[BUCKETS[min(4, ((OPENING - item.due_date).days - 1) // 30)]] += item.remaining_cents
        assert {bucket: getattr(row, bucket) for bucket in BUCKETS} == {bucket: ages[bucket] for bucket in BUCKETS}
        assert row.oldest_due == min(item.due_date for item in past)
        assert row.total_cents == sum(item.remaining_cents for item in items)
        for amount in row.services:
            assert amount.cents == sum(item.remaining_cents for item in items if item.service == amount.service)
    assert rows == {}


def test_open_items_are_whole_or_part_of_their_bill_and_due_after_21_days(
    accounts: dict[str, Account], open_items: list[OpenItem]
) -> None:
    for item in open_items:
        assert 0 < item.remaining_cents <= item.original_cents
        assert item.due_date - item.bill_date == timedelta(days=21)
        assert item.bill_date <= OPENING
        assert item.service in accounts[item.account_no].services
        assert accounts[item.account_no].status is not AccountStatus.CLOSED
    assert any(item.remaining_cents < item.original_cents for item in open_items)


def test_each_active_account_is_billed_once_a_month_on_an_open_day_of_its_cycle(
    accounts: dict[str, Account], bills: list[Bill]
) -> None:
    closed = {holiday.on for holiday in read_holidays(CITY.holidays) if holiday.city_closed}
    active = {each.account_no: each for each in accounts.values() if each.status is AccountStatus.ACTIVE}
    billed = Counter((bill.account_no, bill.bill_date.month) for bill in bills)
    assert billed == {(account_no, month): 1 for account_no in active for month in (9, 10, 11, 12)}
    for bill in bills:
        assert bill.bill_date.weekday() < 5
        assert bill.bill_date not in closed
        assert bill.due_date - bill.bill_date == timedelta(days=21)
        assert tuple(line.service for line in bill.lines) == active[bill.account_no].services
        assert all(500 <= line.cents <= 200_000 for line in bill.lines)
    days_of_cycle = {(active[bill.account_no].bill_cycle, bill.bill_date.month, bill.bill_date) for bill in bills}
    assert len(days_of_cycle) == 18 * 4
    for day, path in CITY.bills().items():
        assert {bill.bill_date for bill in read_bills(path)} == {day}


def test_bill_numbers_are_never_given_twice(open_items: list[OpenItem], bills: list[Bill]) -> None:
    of_bill = {item.bill_no: (item.account_no, item.bill_date) for item in open_items}
    assert all(of_bill[item.bill_no] == (item.account_no, item.bill_date) for item in open_items)
    assert len({bill.bill_no for bill in bills} | set(of_bill)) == len(bills) + len(of_bill)


def test_nobody_in_the_city_is_real(accounts: dict[str, Account]) -> None:
    for account in accounts.values():
        assert account.account_no.startswith("99")
        numbers = [account.phone, account.designee.phone if account.designee else None]
        assert all(number is None or number.startswith("507-555-01") for number in numbers)
        assert account.email is None or account.email.endswith("@example.com")
        assert account.zip_code == "55999"
    assert len({account.premise_id for account in accounts.values()}) == len(accounts)
    assert any(not account.customer_name.isascii() for account in accounts.values())


def test_the_desk_meets_every_kind_of_household_among_those_past_due(
    accounts: dict[str, Account], aging: AgingExtract
) -> None:
    past_due = [accounts[row.account_no] for row in aging.rows]
    active = [account for account in past_due if account.status is AccountStatus.ACTIVE]
    assert (len(active), len(past_due) - len(active)) == (106, 28)
    for kind in ("military", "medical_equipment", "life_support", "designee", "landlord", "bankruptcy_petition_on"):
        assert sum(bool(getattr(account, kind)) for account in active) >= 2, kind
    assert {account.language for account in active} == {"en", "es"}
    assert {account.meter_type.value for account in active} == {"remote", "manual"}
    assert {account.services for account in active} == {("electric",), ("water",), ("electric", "water")}
    assert {account.income_band for account in active} == {None, "le50smi", "50to100smi", "gt100smi"}
    assert {account.customer_class for account in active} == set(CustomerClass)


def test_every_account_has_a_temperament_and_all_of_them_occur_among_those_past_due(
    accounts: dict[str, Account], aging: AgingExtract
) -> None:
    rows = customers()
    assert list(rows) == list(accounts)
    assert {row["temperament"] for row in rows.values()} == TEMPERAMENTS
    past_due = {rows[row.account_no]["temperament"] for row in aging.rows}
    assert past_due == TEMPERAMENTS - {"pays_on_time"}
    for row in rows.values():
        assert 0 <= int(row["delay_days"]) < 21
        assert int(row["seed"]) > 0


def test_who_pays_only_when_cut_can_be_cut_and_one_of_the_silent_never(
    accounts: dict[str, Account], aging: AgingExtract
) -> None:
    rows = customers()
    stubborn = [
        accounts[row.account_no]
        for row in aging.rows
        if rows[row.account_no]["temperament"] in ("pays_when_cut", "silent")
        and accounts[row.account_no].status is AccountStatus.ACTIVE
    ]
    protected = [each for each in stubborn if each.military or each.medical_equipment or each.life_support]
    assert (len(stubborn), [each.life_support for each in protected]) == (22, [True])
    assert all(each.bankruptcy_chapter is None for each in stubborn)


def test_no_account_is_at_the_agency_and_in_court_at_once(
    accounts: dict[str, Account], open_items: list[OpenItem]
) -> None:
    owed: Counter[str] = Counter()
    for item in open_items:
        owed[item.account_no] += item.remaining_cents
    placed = {each.account_no for each in accounts.values() if each.agency_placed_on is not None}
    hearings = [hearing for path in CITY.court().values() for hearing in read_court_reports(path)]
    sued = {hearing.account_no for hearing in hearings}
    assert (len(placed), len(sued), placed & sued) == (13, 5, set())
    assert {accounts[each].status for each in placed | sued} == {AccountStatus.FINAL}
    assert all(hearing.claimed_cents == owed[hearing.account_no] for hearing in hearings)
    assert [day for day in CITY.court() if day <= OPENING] == [date(2026, 8, 20)]
    replies = [reply for path in CITY.acknowledgments().values() for reply in read_placement_replies(path)]
    recalls = [recall for path in CITY.recalls().values() for recall in read_recalls(path)]
    remitted = [line for path in CITY.remittances().values() for line in read_remittance(path).lines]
    assert (len(replies), len(recalls), len(remitted)) == (3, 2, 8)
    told_of = [
        *(reply.account_no for reply in replies),
        *(recall.account_no for recall in recalls),
        *(line.account_no for line in remitted),
    ]
    assert set(told_of) <= placed
    assert all(line.gross_cents < owed[line.account_no] for line in remitted)


def test_the_one_field_report_is_a_reconnection_and_no_draft_is_outstanding(accounts: dict[str, Account]) -> None:
    (path,) = CITY.field().values()
    (report,) = read_field_reports(path, zone=ZoneInfo("America/Chicago"))
    assert report.type.startswith("RNP-ELEC")
    assert "electric" in accounts[report.account_no].services
    assert list(read_posted_drafts(CITY.posted_drafts)) == []


def test_heat_in_the_county_falls_on_days_on_which_service_may_otherwise_be_cut() -> None:
    zone = ZoneInfo("America/Chicago")
    heat = [product for product in read_heat_products(CITY.heat_products) if product.county == "Olmsted"]
    days = {product.starts_at.astimezone(zone).date() for product in heat if product.starts_at < product.ends_at}
    assert {date(2026, 9, 2), date(2026, 9, 16)} <= days
    (called_off,) = (product for product in heat if product.cancelled_at is not None)
    assert called_off.ends_at < called_off.starts_at
