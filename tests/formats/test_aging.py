"""Is every believable row of a delinquency extract taken, and every other one named with place and reason?"""

import csv
import io
import os
from datetime import date
from pathlib import Path

import pytest

from formats.aging import AgingExtract, Reject, RejectedRow, ServiceAmount, read_aging, write_rejected
from formats.city import CityFolder, read_accounts
from formats.errors import Malformed

SHARED = Path(os.environ.get("ARREARS_SHARED", Path(__file__).resolve().parents[2].parent / "shared")) / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared data absent (ARREARS_SHARED or ../shared)")

HEADER = (
    "account_no,as_of,oldest_due,current_cents,d1_30_cents,d31_60_cents,d61_90_cents,d91_120_cents,d121_up_cents,"
    "past_due_cents,electric_cents,water_cents,total_cents"
)
GOOD = "4120844081,2026-08-31,2026-05-11,2588,3287,2900,2512,2450,0,11149,0,13737,13737"
OTHER = "4183969718,2026-08-31,2026-08-30,0,100,0,0,0,0,100,60,40,100"
KNOWN = {"4120844081", "4183969718"}


def read(*rows: str, header: str = HEADER) -> AgingExtract:
    return read_bytes("\n".join((header, *rows, "")).encode())


def read_bytes(data: bytes) -> AgingExtract:
    return read_aging(data, known=KNOWN.__contains__, name="aging.csv")


def changed(column: str, value: str, row: str = GOOD) -> str:
    cells = next(csv.reader([row]))
    cells[HEADER.split(",").index(column)] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def only_rejection(*rows: str) -> RejectedRow:
    (rejected,) = read(*rows).rejected
    return rejected


@needs_shared
@pytest.mark.parametrize(
    ("city", "counts"),
    [
        ("rochester", [347, 374, 309, 353, 339, 353, 300, 317, 292]),
        ("las-cruces", [327, 298, 263, 271, 264, 286, 251, 253, 247]),
    ],
)
def test_each_extract_of_a_city_gives_its_own_count_of_past_due_accounts(city: str, counts: list[int]) -> None:
    folder = CityFolder(SHARED / city)
    known = {account.account_no for account in read_accounts(folder.accounts)}
    extracts = {day: read_aging(path, known=known.__contains__) for day, path in folder.aging().items()}
    assert [len(extract.rows) for extract in extracts.values()] == counts
    assert [day for day, extract in extracts.items() if extract.as_of != day or extract.rejected] == []


def test_a_row_keeps_its_buckets_and_its_services() -> None:
    extract = read(GOOD)
    (row,) = extract.rows
    assert (extract.as_of, row.as_of, row.oldest_due) == (date(2026, 8, 31), date(2026, 8, 31), date(2026, 5, 11))
    assert (row.line, row.account_no, row.current_cents, row.past_due_cents) == (2, "4120844081", 2588, 11149)
    assert (row.d1_30_cents, row.d31_60_cents, row.d61_90_cents) == (3287, 2900, 2512)
    assert (row.d91_120_cents, row.d121_up_cents, row.total_cents) == (2450, 0, 13737)
    assert row.services == (ServiceAmount(service="electric", cents=0), ServiceAmount(service="water", cents=13737))


def test_services_come_from_the_header_in_its_order() -> None:
    header = HEADER.replace("electric_cents,water_cents", "gas_cents,water_cents,sewer_cents,refuse_cents")
    extract = read(GOOD.replace(",0,13737,13737", ",37,100,600,13000,13737"), header=header)
    assert extract.services == ("gas", "water", "sewer", "refuse")
    assert [amount.cents for amount in extract.rows[0].services] == [37, 100, 600, 13000]


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        (GOOD + ",0", "", "", Reject.COLUMN_COUNT),
        (GOOD.removesuffix(",13737"), "", "", Reject.COLUMN_COUNT),
        ('"' + GOOD, "", "", Reject.COLUMN_COUNT),
        (changed("as_of", "08/31/2026"), "as_of", "08/31/2026", Reject.BAD_DATE),
        (changed("as_of", "20260831"), "as_of", "20260831", Reject.BAD_DATE),
        (changed("as_of", ""), "as_of", "", Reject.BAD_DATE),
        (changed("oldest_due", "2026-02-29"), "oldest_due", "2026-02-29", Reject.BAD_DATE),
        (changed("oldest_due", "2026-08-31"), "oldest_due", "2026-08-31", Reject.BAD_DATE),
        (changed("oldest_due", "2026-09-01"), "oldest_due", "2026-09-01", Reject.BAD_DATE),
        (changed("d1_30_cents", "32.87"), "d1_30_cents", "32.87", Reject.NOT_A_NUMBER),
        (changed("d1_30_cents", ""), "d1_30_cents", "", Reject.NOT_A_NUMBER),
        (changed("d1_30_cents", "-3287"), "d1_30_cents", "-3287", Reject.NOT_A_NUMBER),
        (changed("past_due_cents", "111,49"), "past_due_cents", "111,49", Reject.NOT_A_NUMBER),
        (changed("water_cents", "١٣٧٣٧"), "water_cents", "١٣٧٣٧", Reject.NOT_A_NUMBER),
        (changed("total_cents", "9" * 5000), "total_cents", "9" * 5000, Reject.NOT_A_NUMBER),
        (changed("account_no", "4120844082"), "account_no", "4120844082", Reject.BAD_CHECK_DIGIT),
        (changed("account_no", "412084408"), "account_no", "412084408", Reject.BAD_CHECK_DIGIT),
        (changed("account_no", ""), "account_no", "", Reject.BAD_CHECK_DIGIT),
        (changed("account_no", "4165629736"), "account_no", "4165629736", Reject.UNKNOWN_ACCOUNT),
        (changed("d1_30_cents", "3288"), "past_due_cents", "11149", Reject.SUM_MISMATCH),
        (changed("current_cents", "2587"), "total_cents", "13737", Reject.SUM_MISMATCH),
        (changed("electric_cents", "1"), "total_cents", "13737", Reject.SUM_MISMATCH),
    ],
)
def test_a_bad_row_is_named_with_line_column_value_and_reason_and_the_rest_goes_in(
    row: str, column: str, value: str, reason: Reject
) -> None:
    extract = read(OTHER, row)
    assert extract.rejected == (RejectedRow(line=3, column=column, value=value, reason=reason, raw=row),)
    assert [taken.account_no for taken in extract.rows] == ["4183969718"]


def test_oldest_due_the_day_before_the_extract_is_past_due() -> None:
    assert read(changed("oldest_due", "2026-08-30")).rejected == ()


def test_the_second_row_of_an_account_is_a_duplicate() -> None:
    rejected = only_rejection(GOOD, OTHER, GOOD)
    assert (rejected.line, rejected.column, rejected.reason) == (4, "account_no", Reject.DUPLICATE_ACCOUNT)


def test_a_good_row_behind_a_rejected_one_of_the_same_account_is_taken() -> None:
    extract = read(changed("d1_30_cents", "1"), GOOD)
    assert [row.line for row in extract.rows] == [3]
    assert [rejected.reason for rejected in extract.rejected] == [Reject.SUM_MISMATCH]


def test_a_row_with_many_faults_is_rejected_for_the_first_and_each_repair_shows_the_next() -> None:
    faults = {
        "as_of": "31 Aug",
        "current_cents": "x",
        "account_no": "4165629737",  # a wrong check digit, then an account that nobody has
        "past_due_cents": "1",
    }
    row = GOOD
    for column, value in faults.items():
        row = changed(column, value, row)
    reasons = [only_rejection(GOOD, row + ",").reason]
    for column, value in [("as_of", "2026-08-31"), ("current_cents", "2588")]:
        reasons.append(only_rejection(GOOD, row).reason)
        row = changed(column, value, row)
    accounts = ("4165629737", "4165629736", "4120844081")
    reasons += [only_rejection(GOOD, changed("account_no", account_no, row)).reason for account_no in accounts]
    reasons.append(only_rejection(GOOD, GOOD).reason)
    assert reasons == list(Reject)


def test_byte_order_mark_crlf_and_thousands_separators_change_nothing() -> None:
    grouped = changed("past_due_cents", "11,149", changed("water_cents", "13,737", changed("total_cents", "13,737")))
    assert '"11,149"' in grouped
    data = b"\xef\xbb\xbf" + f"{HEADER}\r\n{grouped}\r\n{OTHER}\r\n\r\n".encode()
    assert read_bytes(data).rejected == ()
    assert read_bytes(data).rows == read(GOOD, OTHER).rows


def test_latin_1_and_utf_8_are_both_read() -> None:
    text = "\n".join((HEADER + ",district", GOOD + ",Peñasco\x85", OTHER + ",Südost"))
    for encoding in ("latin-1", "utf-8", "utf-8-sig"):
        assert read_bytes(text.encode(encoding)).rows == read(GOOD, OTHER).rows


def test_columns_may_stand_in_any_order_with_blanks_around_their_names() -> None:
    def turned(line: str) -> str:
        return ", ".join(reversed(line.split(",")))

    rows = read(turned(GOOD), header=turned(HEADER.upper())).rows
    assert rows[0].total_cents == 13737
    assert rows[0].services == (ServiceAmount(service="water", cents=13737), ServiceAmount(service="electric", cents=0))


def test_blank_lines_count_as_lines_but_not_as_rows() -> None:
    assert [row.line for row in read(GOOD, "", "  ", OTHER).rows] == [2, 5]


def test_a_quote_left_open_spoils_its_own_row_only() -> None:
    extract = read('4120844081,"2026-08-31' + GOOD[21:], OTHER)
    assert ([rejected.line for rejected in extract.rejected], [row.line for row in extract.rows]) == ([2], [3])


@pytest.mark.parametrize(
    ("data", "rule", "field"),
    [
        (b"", "empty", ""),
        (b"\xef\xbb\xbf\r\n", "empty", ""),
        (HEADER.encode() + b"\r\n\r\n", "empty", ""),
        (f"{HEADER}\n{GOOD}".encode("utf-16"), "unreadable", ""),
        (HEADER.replace("as_of", "asof").encode() + b"\n" + GOOD.encode(), "missing_column", "as_of"),
        (GOOD.encode() + b"\n" + OTHER.encode(), "missing_column", "account_no"),
        (HEADER.replace(",electric_cents,water_cents", "").encode() + b"\n" + GOOD.encode(), "missing_column", ""),
        (HEADER.replace("electric", "water").encode() + b"\n" + GOOD.encode(), "duplicate_column", "water_cents"),
        ("\n".join((HEADER, changed("as_of", "soon"))).encode(), "no_as_of", "as_of"),
        ("\n".join((HEADER, GOOD, changed("as_of", "2026-09-01", OTHER))).encode(), "mixed_as_of", "as_of"),
    ],
)
def test_a_file_wrong_as_a_whole_gives_no_rows_at_all(data: bytes, rule: str, field: str) -> None:
    with pytest.raises(Malformed) as raised:
        read_bytes(data)
    assert (raised.value.rule, raised.value.file) == (rule, "aging.csv")
    assert (raised.value.field or "") == field


def test_a_file_that_is_not_there_is_unreadable_and_named(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"aging_2026-08-31\.csv") as raised:
        read_aging(tmp_path / "aging_2026-08-31.csv", known=KNOWN.__contains__)
    assert raised.value.rule == "unreadable"


def test_the_same_bytes_have_the_same_identity_and_others_another() -> None:
    assert read(GOOD).sha256 == read(GOOD).sha256 != read(GOOD, OTHER).sha256


def test_the_error_file_holds_each_rejected_line_as_it_was_sent() -> None:
    bad = [changed("total_cents", "13,738"), GOOD + ",7"]
    out = io.StringIO(newline="")
    write_rejected(read(GOOD, *bad).rejected, out)
    assert list(csv.reader(out.getvalue().splitlines())) == [
        ["line", "column", "value", "reason", "row"],
        ["3", "total_cents", "13,738", "sum_mismatch", bad[0]],
        ["4", "", "", "column_count", bad[1]],
    ]
