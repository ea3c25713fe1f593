"""Does a city folder say what its hand-over notes promise, and is each broken cell refused by name?"""

import os
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from formats.city import (
    Account,
    AccountStatus,
    AppliedPart,
    Autopay,
    BillLine,
    CityFolder,
    CourtResult,
    FieldOutcome,
    Holiday,
    PlacementAnswer,
    RecallAction,
    products_known,
    read_accounts,
    read_bills,
    read_bulletins,
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
from formats.errors import Malformed

SHARED = Path(os.environ.get("ARREARS_SHARED", Path(__file__).resolve().parents[2].parent / "shared")) / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data absent (ARREARS_SHARED or ../shared)")
CHICAGO = ZoneInfo("America/Chicago")

ACCOUNTS = (
    "account_no,customer_name,premise_id,premise_address,zip,mailing_address,class,services,phone,email,sms_consent,"
    "email_consent,call_consent,language,occupancy,landlord,owner_waiver_on,military,medical_equipment,life_support,"
    "heat_source,income_band,autopay,deposit_cents,status,status_date,customer_since,meter_type,third_party_designee,"
    "bankruptcy_chapter,bankruptcy_petition_on,late_12m,returned_12m,disconnected_12m,broken_arrangements_12m,"
    "bill_cycle,opening_credit_cents,agency_placed_on\n"
)
FULL = (
    "4183969718,María Ybáñez,P000001,1 Elm St,55901,PO Box 7,residential,electric|water,507-555-0198,m@example.com,"
    "1,0,1,es,tenant,Elm Homes LP,2025-01-02,1,0,1,electric,le50smi,card,15000,final,2026-03-01,2019-02-28,manual,"
    "Ole Ek|507-555-0111,13,2026-04-01,4,3,2,1,9,5182,2026-05-02\n"
)
SPARSE = (
    "4196242582,Elm Bakery,P000002,2 Elm St,55901,,commercial,water,,,0,0,0,en,owner,,,0,0,0,,,,0,active,2020-01-01,"
    "2020-01-01,remote,,,,0,0,0,0,18,0,\n"
)
REMITTANCE = (
    "rec,line_id,account_no,paid_on,paid_to,gross_cents,commission_cents,net_cents\n"
    "D,L1,4177513415,2026-08-18,agency,3503,1050,2453\n"
    "D,L2,4148320551,2026-09-10,city,4821,1446,-1446\n"
)
TRAILER = "T,RM260910,2,,,3503,2496,1007\n"


def account(row: str) -> Account:
    (read,) = read_accounts((ACCOUNTS + row).encode())
    return read


def test_numbers_of_meters_are_read_where_the_file_has_them() -> None:
    (read,) = read_accounts(f"{ACCOUNTS.strip()},meters\n{FULL.strip()},E1|W2\n".encode())
    assert read.meters == ("E1", "W2")
    assert account(FULL).meters == ()


CONTROL_TOTALS = {
    "rochester": {
        "accounts": 3000,
        "open items": 3221,
        "remaining": {"electric": 27118040, "water": 6562196},
        "opening credits": 5648,
        "billed": 204740404,
    },
    "las-cruces": {
        "accounts": 2500,
        "open items": 6095,
        "remaining": {"gas": 3804089, "water": 8357677, "sewer": 5488783, "refuse": 4535496},
        "opening credits": 0,
        "billed": 145988195,
    },
}


@needs_shared
@pytest.mark.parametrize("city", CONTROL_TOTALS)
def test_control_totals_of_the_hand_over_notes_come_out(city: str) -> None:
    folder = CityFolder(SHARED / city)
    accounts = {each.account_no: each for each in read_accounts(folder.accounts)}
    open_items = list(read_open_items(folder.open_items))
    remaining: Counter[str] = Counter()
    for item in open_items:
        remaining[item.service] += item.remaining_cents
    assert {
        "accounts": len(accounts),
        "open items": len(open_items),
        "remaining": dict(remaining),
        "opening credits": sum(each.opening_credit_cents for each in accounts.values()),
        "billed": sum(bill.total_cents for path in folder.bills().values() for bill in read_bills(path)),
    } == CONTROL_TOTALS[city]
    assert {item.account_no for item in open_items} <= set(accounts)


# Drafts, field reports, placement replies, recalls, hearings: rows counted with another tool.
ROWS = {"rochester": (1012, 32, 39, 12, 17), "las-cruces": (884, 190, 32, 12, 10)}
REMITTED = {"rochester": [49796, 79053, 56488, 68654], "las-cruces": [40008, 82582, 83040, 94369]}


@needs_shared
@pytest.mark.parametrize("city", ROWS)
def test_every_row_of_the_outside_files_is_read(city: str) -> None:
    folder = CityFolder(SHARED / city)
    assert (
        len(list(read_posted_drafts(folder.posted_drafts))),
        sum(len(list(read_field_reports(path, zone=CHICAGO))) for path in folder.field().values()),
        sum(len(list(read_placement_replies(path))) for path in folder.acknowledgments().values()),
        sum(len(list(read_recalls(path))) for path in folder.recalls().values()),
        sum(len(list(read_court_reports(path))) for path in folder.court().values()),
    ) == ROWS[city]
    assert [read_remittance(path).net_cents for path in folder.remittances().values()] == REMITTED[city]
    assert sum(holiday.bank_closed for holiday in read_holidays(folder.holidays)) == 6


def test_each_cell_of_an_account_is_read() -> None:
    read = account(FULL)
    assert (read.customer_name, read.mailing_address, read.zip_code) == ("María Ybáñez", "PO Box 7", "55901")
    assert read.services == ("electric", "water")
    assert (read.sms_consent, read.email_consent, read.call_consent) == (True, False, True)
    assert (read.language, read.occupancy, read.landlord) == ("es", "tenant", "Elm Homes LP")
    assert (read.military, read.medical_equipment, read.life_support) == (True, False, True)
    assert (read.autopay, read.deposit_cents, read.meter_type) == (Autopay.CARD, 15000, "manual")
    assert (read.status, read.status_date, read.customer_since) == ("final", date(2026, 3, 1), date(2019, 2, 28))
    assert read.designee is not None
    assert (read.designee.name, read.designee.phone) == ("Ole Ek", "507-555-0111")
    assert (read.bankruptcy_chapter, read.bankruptcy_petition_on) == ("13", date(2026, 4, 1))
    assert (read.late_12m, read.returned_12m, read.disconnected_12m, read.broken_arrangements_12m) == (4, 3, 2, 1)
    assert (read.bill_cycle, read.opening_credit_cents, read.agency_placed_on) == (9, 5182, date(2026, 5, 2))
    assert (read.owner_waiver_on, read.heat_source, read.income_band) == (date(2025, 1, 2), "electric", "le50smi")


def test_a_blank_cell_is_none_and_not_an_empty_string() -> None:
    read = account(SPARSE)
    assert (read.mailing_address, read.phone, read.email, read.landlord, read.designee) == (None,) * 5
    assert (read.heat_source, read.income_band, read.bankruptcy_chapter, read.agency_placed_on) == (None,) * 4
    assert (read.autopay, read.status) == (Autopay.NONE, AccountStatus.ACTIVE)


def test_the_repr_of_an_account_names_nobody() -> None:
    shown = repr(account(FULL))
    for personal in ("María", "1 Elm St", "PO Box", "555-0198", "example.com", "Elm Homes", "Ole Ek", "555-0111"):
        assert personal not in shown


@pytest.mark.parametrize(
    ("old", "new", "rule", "column"),
    [
        ("4183969718", "4183969719", "bad_check_digit", "account_no"),
        ("María Ybáñez", "", "blank", "customer_name"),
        ("residential", "farm", "not_a_choice", "class"),
        ("final", "Final", "not_a_choice", "status"),
        ("m@example.com,1", "m@example.com,yes", "not_a_choice", "sms_consent"),
        ("15000", "150.00", "not_a_number", "deposit_cents"),
        ("2026-04-01", "4/1/2026", "bad_date", "bankruptcy_petition_on"),
        ("2019-02-28", "2019-02-29", "bad_date", "customer_since"),
    ],
)
def test_a_broken_cell_of_an_account_is_named_but_its_value_stays_out_of_the_message(
    old: str, new: str, rule: str, column: str
) -> None:
    with pytest.raises(Malformed) as raised:
        list(read_accounts((ACCOUNTS + SPARSE + FULL.replace(old, new)).encode()))
    assert (raised.value.rule, raised.value.field, raised.value.line) == (rule, column, 3)
    assert raised.value.value == new.rpartition(",")[2]
    assert not new or new.rpartition(",")[2] not in str(raised.value)


def test_columns_per_service_vary_and_a_blank_one_is_not_billed() -> None:
    data = (
        b"bill_no,account_no,bill_date,due_date,gas_cents,water_cents,sewer_cents,refuse_cents\r\n"
        b"1051139,5743995903,2026-09-01,2026-09-23,,2460,0,2100\r\n"
    )
    (bill,) = read_bills(data)
    assert bill.lines == (
        BillLine(service="water", cents=2460),
        BillLine(service="sewer", cents=0),
        BillLine(service="refuse", cents=2100),
    )
    assert (bill.total_cents, bill.due_date) == (4560, date(2026, 9, 23))


def test_a_posted_draft_comes_apart_into_the_bills_it_paid() -> None:
    data = (
        b"trace,posted_on,account_no,instrument_id,amount_cents,unapplied_cents,applied\n"
        b"091400600085264,2026-06-29,4183969718,I1,9200,75,1027376/electric/2026-06-30/6770;1027376/water/2026-06-30/2355\n"
        b"091400600085265,2026-06-29,4183969718,I1,75,75,\n"
    )
    first, second = read_posted_drafts(data)
    assert first.applied == (
        AppliedPart(bill_no="1027376", service="electric", due_date=date(2026, 6, 30), cents=6770),
        AppliedPart(bill_no="1027376", service="water", due_date=date(2026, 6, 30), cents=2355),
    )
    assert (first.trace, second.applied) == ("091400600085264", ())
    for broken, rule in ((b",9200,75,", "sum_mismatch"), (b"/2355\n", "bad_part")):
        with pytest.raises(Malformed) as raised:
            list(read_posted_drafts(data.replace(broken, broken.replace(b"5", b"x" if rule == "bad_part" else b"6"))))
        assert (raised.value.rule, raised.value.field) == (rule, "applied")


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("2026-09-01T11:01:00", datetime(2026, 9, 1, 16, 1, tzinfo=UTC)),
        ("2026-11-01T00:30:00", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("2026-11-01T02:30:00", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_local_field_times_become_instants_on_both_sides_of_the_clock_change(local: str, instant: datetime) -> None:
    data = (
        "work_order,account_no,type,requested_on,at,result,reason,meter_read,crew\n"
        f"WO1,4167629098,DNP-ELEC-REMOTE,2026-08-31,{local},could_not_complete,dog,,crew3\n"
    )
    (report,) = read_field_reports(data.encode(), zone=CHICAGO)
    assert report.done_at == instant
    assert report.done_at.tzinfo is UTC
    assert (report.outcome, report.reason, report.meter_read) == (FieldOutcome.COULD_NOT_COMPLETE, "dog", None)


def test_replies_recalls_and_hearings_are_read() -> None:
    (reply,) = read_placement_replies(
        b"placement_ref,account_no,placed_cents,result,reason,acknowledged_on\n"
        b"PLC1,4177839562,7728,rejected,bankruptcy_found,2026-11-10\n"
    )
    assert (reply.answer, reply.reason, reply.placed_cents) == (PlacementAnswer.REJECTED, "bankruptcy_found", 7728)
    (recall,) = read_recalls(
        b"account_no,action,reason,balance_cents,effective_on\n4180114979,returned_by_agency,bankruptcy,19247,2026-11-10\n"
    )
    assert (recall.action, recall.balance_cents) == (RecallAction.RETURNED_BY_AGENCY, 19247)
    (hearing,) = read_court_reports(
        b"claim_no,account_no,court,hearing_date,result,claimed_cents,judgment_cents,costs_cents,final_on,continued_to\n"
        b"CV-1,4154536603,A Court,2026-10-01,continued,32376,0,0,,2026-11-05\n"
    )
    assert (hearing.result, hearing.final_on, hearing.continued_to) == (
        CourtResult.CONTINUED,
        None,
        date(2026, 11, 5),
    )


def test_a_remittance_that_ties_counts_agency_money_only() -> None:
    remittance = read_remittance((REMITTANCE + TRAILER).encode())
    assert (remittance.batch, remittance.gross_cents, remittance.commission_cents) == ("RM260910", 3503, 2496)
    assert [line.net_cents for line in remittance.lines] == [2453, -1446]


@pytest.mark.parametrize(
    ("rest", "rule", "field"),
    [
        ("", "truncated", ""),
        (TRAILER.replace(",2,", ",3,"), "control_count", "account_no"),
        (TRAILER.replace("3503", "8324"), "control_total", "gross_cents"),
        (TRAILER.replace("2496", "2497"), "control_total", "commission_cents"),
        (TRAILER.replace("1007", "1006"), "control_total", "net_cents"),
        (TRAILER + REMITTANCE.splitlines()[1], "after_trailer", "rec"),
        ("X" + TRAILER[1:], "not_a_choice", "rec"),
    ],
)
def test_a_remittance_that_does_not_tie_is_refused_whole(rest: str, rule: str, field: str) -> None:
    with pytest.raises(Malformed) as raised:
        read_remittance((REMITTANCE + rest).encode())
    assert (raised.value.rule, raised.value.field or "") == (rule, field)


WARNING = "ARX-26-043,{},Extreme Heat Warning,ARX,Olmsted,{},{},{}\n"
ADVISORY = "ARX-26-045,{},Heat Advisory,ARX,Olmsted,{},2026-09-15T12:00:00-05:00,{}\n"
BULLETINS = (
    "product_id,action,product,office,county,issued,starts,ends\n"
    + WARNING.format("NEW", "2026-09-02T15:20:00-05:00", "2026-09-02T15:20:00-05:00", "2026-09-04T20:00:00-05:00")
    + WARNING.format("EXT", "2026-09-04T13:05:00-05:00", "2026-09-04T13:05:00-05:00", "2026-09-04T22:00:00-05:00")
    + ADVISORY.format("NEW", "2026-09-14T03:50:00-05:00", "2026-09-15T20:00:00-05:00")
    + ADVISORY.format("CAN", "2026-09-15T09:15:00-05:00", "2026-09-15T09:15:00-05:00")
).encode()


def test_an_extended_product_runs_from_its_first_start_to_its_last_end() -> None:
    warning, _ = read_heat_products(BULLETINS)
    assert (warning.starts_at, warning.ends_at) == (
        datetime(2026, 9, 2, 20, 20, tzinfo=UTC),
        datetime(2026, 9, 5, 3, 0, tzinfo=UTC),
    )
    assert warning.in_force_at(datetime(2026, 9, 2, 20, 20, tzinfo=UTC))
    assert warning.in_force_at(datetime(2026, 9, 5, 2, 59, 59, tzinfo=UTC))
    assert not warning.in_force_at(datetime(2026, 9, 5, 3, 0, tzinfo=UTC))
    assert not warning.in_force_at(datetime(2026, 9, 2, 20, 19, 59, tzinfo=UTC))


def test_an_extension_is_not_known_before_it_is_issued() -> None:
    eve = datetime(2026, 9, 4, 18, 4, tzinfo=UTC)
    (before,) = read_heat_products(BULLETINS, known_by=eve)
    (after,) = read_heat_products(BULLETINS, known_by=eve.replace(minute=5))
    assert (before.ends_at, after.ends_at) == (
        datetime(2026, 9, 5, 1, 0, tzinfo=UTC),
        datetime(2026, 9, 5, 3, 0, tzinfo=UTC),
    )


def test_a_product_cancelled_before_it_began_is_never_in_force() -> None:
    _, advisory = read_heat_products(BULLETINS)
    assert advisory.cancelled_at == datetime(2026, 9, 15, 14, 15, tzinfo=UTC)
    assert not advisory.in_force_at(datetime(2026, 9, 15, 17, 0, tzinfo=UTC))
    _, as_known_at_dawn = read_heat_products(BULLETINS, known_by=datetime(2026, 9, 15, 11, 0, tzinfo=UTC))
    assert as_known_at_dawn.in_force_at(datetime(2026, 9, 15, 17, 0, tzinfo=UTC))


def test_an_extension_without_its_product_protects_and_a_cancellation_without_one_says_nothing() -> None:
    bulletins = [each for each in read_bulletins(BULLETINS) if each.action != "NEW"]
    (warning,) = products_known(bulletins)
    assert (warning.product_id, warning.starts_at) == ("ARX-26-043", datetime(2026, 9, 4, 18, 5, tzinfo=UTC))


def test_a_weather_time_without_an_offset_is_refused() -> None:
    with pytest.raises(Malformed) as raised:
        read_heat_products(BULLETINS.replace(b"2026-09-04T22:00:00-05:00", b"2026-09-04T22:00:00"))
    assert (raised.value.rule, raised.value.field, raised.value.line) == ("bad_instant", "ends", 3)


def test_bank_and_city_close_on_days_of_their_own() -> None:
    holidays = list(read_holidays(b"date,name,bank_closed,city_closed\n2026-11-27,Day after Thanksgiving,0,1\n"))
    assert holidays == [
        Holiday(on=date(2026, 11, 27), name="Day after Thanksgiving", bank_closed=False, city_closed=True)
    ]


def test_bom_crlf_and_latin_1_are_read_in_city_files_too() -> None:
    text = (ACCOUNTS + FULL).replace("\n", "\r\n")
    assert [next(read_accounts(text.encode(code))) for code in ("utf-8-sig", "latin-1")] == [account(FULL)] * 2


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "empty"),
        (b"bill_no,account_no,bill_date\n", "missing_column"),
        (b"bill_no,account_no,bill_date,due_date,a_cents,a_cents\n", "duplicate_column"),
        (b"bill_no,account_no,bill_date,due_date\n1,4183969718,2026-09-01\n", "column_count"),
        (b'bill_no,account_no,bill_date,due_date\n1,"4183969718,2026-09-01,2026-09-22\n', "unreadable"),
        ("bill_no,account_no,bill_date,due_date\n".encode("utf-16"), "unreadable"),
    ],
)
def test_a_file_of_another_layout_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(Malformed) as raised:
        list(read_bills(data))
    assert raised.value.rule == rule


def test_a_folder_without_accounts_is_no_city(tmp_path: Path) -> None:
    with pytest.raises(Malformed) as raised:
        CityFolder(tmp_path)
    assert raised.value.rule == "not_a_city_folder"


def test_files_belong_to_the_day_in_their_name_and_other_files_to_none(tmp_path: Path) -> None:
    for name in (
        "cis/accounts.csv",
        "cis/aging_2026-09-15.csv",
        "cis/aging_2026-08-31.csv",
        "cis/aging_latest.csv",
        "agency/2026-09-10_recall.csv",
        "agency/2026-09-10_remittance.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    folder = CityFolder(tmp_path)
    assert list(folder.aging()) == [date(2026, 8, 31), date(2026, 9, 15)]
    assert (list(folder.recalls()), list(folder.remittances())) == ([date(2026, 9, 10)], [date(2026, 9, 10)])
    assert (folder.acknowledgments(), folder.court(), folder.bills(), folder.field()) == ({}, {}, {}, {})
