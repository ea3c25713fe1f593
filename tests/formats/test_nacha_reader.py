"""Strict reading of NACHA files: what is believed, what is refused, and where the fault is said to be."""

import gzip
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from formats import nacha
from formats.errors import Malformed
from formats.nacha import STRICT, Relaxations
from tests.formats.samples import CITIES, SHARED, ach, bank_files, draft, joined, lines, needs_shared, put

TRIMMED = Relaxations(trimmed_lines=True)
ACH = SHARED / "ach"


def refusal(data: bytes, relax: Relaxations = STRICT, **more: object) -> Malformed:
    with pytest.raises(Malformed) as caught:
        nacha.read(data, relax=relax, name="drafts.ach", **more)
    return caught.value


# --- the public samples


@needs_shared
@pytest.mark.parametrize(
    ("name", "entries", "last_line_end"),
    [
        ("cor-example", 1, True),
        ("ctx-debit", 1, False),
        ("dishonored-return", 2, True),
        ("ppd-credit", 1, False),
        ("ppd-mixedDebitCredit", 3, False),
        ("rck-debit", 1, False),
        ("return-WEB", 2, False),
    ],
)
def test_valid_samples_read_strictly_and_come_back_byte_for_byte(name: str, entries: int, last_line_end: bool) -> None:
    data = (ACH / f"{name}.ach").read_bytes()
    file = nacha.read(data)
    assert len(list(file.entries())) == entries
    assert file.to_bytes(last_line_end=last_line_end) == data


@needs_shared
@pytest.mark.parametrize("name", ["cie-credit", "short-line"])
def test_samples_with_a_trimmed_file_control_read_when_that_is_allowed_and_come_back_padded(name: str) -> None:
    data = (ACH / f"{name}.ach").read_bytes()
    fault = refusal(data)
    assert (fault.rule, fault.record) == ("record_length", "9")
    padded = b"\n".join(line.ljust(94) for line in data.splitlines()) + b"\n"
    assert nacha.read(data, relax=TRIMMED).to_bytes() == padded


@needs_shared
@pytest.mark.parametrize(
    ("name", "relax", "line", "rule"),
    [
        ("20110729A-invalid", STRICT, 1, "record_length"),
        ("ppd-debit-invalid-entryDetail-checkDigit", TRIMMED, 3, "check_digit"),
        ("return-no-batch-controls", TRIMMED, 1, "record_order"),
        ("nonascii", STRICT, 1, "record_length"),
        # Its file control counts one record where the file, and its own batch control, have thirteen.
        ("nonascii", TRIMMED, 17, "control_count"),
    ],
)
def test_invalid_samples_are_refused_with_line_and_reason(name: str, relax: Relaxations, line: int, rule: str) -> None:
    fault = refusal((ACH / f"{name}.ach").read_bytes(), relax)
    assert (fault.line, fault.rule) == (line, rule)
    assert str(fault).startswith(f"drafts.ach, line {line}, record ")


@needs_shared
def test_columns_count_characters_so_latin1_bytes_keep_their_place() -> None:
    data = (ACH / "nonascii.ach").read_bytes().replace(b"9000001000001000000010", b"9000001000002000000130")
    file = nacha.read(data, relax=TRIMMED)
    ((header, entry),) = file.entries()
    assert (header.sec, entry.individual_name, len(entry.addenda)) == ("CTX", "Receiver¦Acc Nam", 12)
    assert entry.remittance.startswith("ISA¦00¦")
    assert file.encoding == "latin-1"
    assert nacha.read(file.to_bytes()) == file


@needs_shared
def test_the_big_sample_is_read_whole() -> None:
    data = gzip.decompress((ACH / "PPD-200-batches-100000-entries.ach.gz").read_bytes())
    file = nacha.read(data)
    assert len(file.batches) == 200
    assert sum(entry.amount_cents for _, entry in file.entries()) == file.control.credit_cents
    assert file.to_bytes() == data


# --- both cities


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_every_ach_file_of_the_city_reads_and_comes_back_byte_for_byte(city: str) -> None:
    classes: Counter[str] = Counter()
    paths = bank_files("*.ach", city)
    for path in paths:
        file = nacha.read(path.read_bytes(), name=path.name, received_on=date.fromisoformat(path.parent.name))
        assert file.to_bytes() == path.read_bytes()
        classes.update(header.sec for header, _ in file.entries())
    assert len(paths) == {"rochester": 215, "las-cruces": 198}[city]
    assert set(classes) == {"CIE", "CCD", "CTX", "PPD", "WEB", "COR"}


@needs_shared
def test_every_identity_in_a_city_is_its_own() -> None:
    for city in CITIES:
        identities = [str(nacha.read(path.read_bytes()).identity) for path in bank_files("*.ach", city)]
        assert len(set(identities)) == len(identities)


# --- what a damaged file is told


def test_a_file_as_written_is_believed() -> None:
    file = ach()
    assert nacha.read(file.to_bytes()) == file
    assert str(file.identity) == "091400606/2026-10-09/0615/A"
    assert [entry.is_debit for _, entry in file.entries()] == [True, True]


def test_line_ends_may_be_crlf_and_the_last_may_be_missing() -> None:
    file = ach()
    assert nacha.read(file.to_bytes(line_end="\r\n")) == file
    assert nacha.read(file.to_bytes(last_line_end=False)) == file
    assert nacha.read(b"\xef\xbb\xbf" + file.to_bytes() + b"\n\n\x1a") == file


def test_a_utf8_name_beyond_ascii_is_one_column_per_character() -> None:
    rows = put(lines(ach()), 3, 55, "José Ñuñez")
    file = nacha.read(joined(rows))
    assert next(file.entries())[1].individual_name == "José Ñuñeztelar"
    assert nacha.read("\n".join(rows).encode("latin-1")).batches == file.batches


# The file of `ach()`: line 1 header, 2 batch header, 3 and 4 entries, 5 batch control, 6 file control, 7-10 nines.
@pytest.mark.parametrize(
    ("line", "column", "text", "rule", "field"),
    [
        (1, 2, "02", "field", "priority"),
        (1, 4, "          ", "field", "immediate_destination"),
        (1, 24, "261309", "bad_date", "created_on"),
        (1, 24, "000000", "bad_date", "created_on"),
        (1, 30, "2460", "field", "created_time"),
        (1, 34, "a", "field", "modifier"),
        (1, 35, "095", "field", "record_size"),
        (2, 2, "280", "field", "service_class"),
        (2, 51, "XYZ", "sec_code", "sec"),
        (2, 51, "IAT", "sec_code", "sec"),
        (2, 70, "261332", "bad_date", "effective_on"),
        (2, 70, "2610 3", "bad_date", "effective_on"),
        (2, 76, "1 2", "field", "settlement_day"),
        (3, 2, "22", "field", "transaction_code"),
        (3, 2, "99", "field", "transaction_code"),
        (3, 2, "57", "field", "transaction_code"),
        (3, 12, "5", "check_digit", "check_digit"),
        (3, 13, " " * 17, "field", "account"),
        (3, 30, "00000x9339", "not_a_number", "amount_cents"),
        (3, 30, "0000000000", "field", "amount_cents"),
        (3, 55, "\x07", "field", "individual_name"),
        (3, 79, "2", "field", "addenda_indicator"),
        (3, 79, "1", "field", "addenda_indicator"),
        (3, 80, "09140061", "trace", "trace"),
        (4, 80, "091400600000001", "trace", "trace"),
        (5, 5, "000003", "control_count", "entry_addenda_count"),
        (5, 11, "0000000001", "entry_hash", "entry_hash"),
        (5, 21, "000000000001", "control_total", "debit_cents"),
        (5, 33, "000000000001", "control_total", "credit_cents"),
        (5, 2, "200", "field", "service_class"),
        (5, 45, "9410000002", "field", "company_id"),
        (5, 80, "09140061", "field", "odfi"),
        (5, 88, "0000002", "field", "batch_no"),
        (6, 2, "000002", "control_count", "batch_count"),
        (6, 8, "000002", "block_count", "block_count"),
        (6, 14, "00000003", "control_count", "entry_addenda_count"),
        (6, 22, "0000000001", "entry_hash", "entry_hash"),
        (6, 32, "000000000001", "control_total", "debit_cents"),
        (6, 44, "000000000001", "control_total", "credit_cents"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_columns(
    line: int, column: int, text: str, rule: str, field: str
) -> None:
    fault = refusal(joined(put(lines(ach()), line, column, text)))
    assert (fault.rule, fault.line) == (rule, line)
    assert fault.field.split(" ")[0] == field


def test_a_fault_tells_the_place_but_not_the_private_value() -> None:
    fault = refusal(joined(put(lines(ach()), 3, 12, "5")))
    assert fault.value == "231380105"
    assert str(fault) == (
        "drafts.ach, line 3, record 6, check_digit (column 12): "
        "check digit 5 does not follow from the eight digits before it [check_digit]"
    )


DAMAGE: dict[str, tuple[Callable[[list[str]], list[str]], int, str]] = {
    "cut between lines": (lambda r: r[:3], 3, "truncated"),
    "cut within a line": (lambda r: [*r[:4], r[4][:40]], 5, "truncated"),
    "cut within the file control": (lambda r: [*r[:5], r[5][:30]], 6, "truncated"),
    "file control lost": (lambda r: [*r[:5], *r[6:]], 9, "truncated"),
    "file header lost": (lambda r: r[1:], 1, "record_order"),
    "character lost": (lambda r: [*r[:2], r[2][1:], *r[3:]], 3, "record_length"),
    "blank added": (lambda r: [*r[:2], r[2] + " ", *r[3:]], 3, "record_length"),
    "file control trimmed": (lambda r: [*r[:5], r[5][:60], *r[6:]], 6, "record_length"),
    "batch control lost": (lambda r: [*r[:4], *r[5:]], 5, "record_order"),
    "entries lost": (lambda r: [*r[:2], *r[4:]], 3, "record_order"),
    "no such record": (lambda r: [*r[:2], "X" + r[2][1:], *r[3:]], 3, "record_type"),
    "one entry lost": (lambda r: [*r[:2], *r[3:]], 4, "control_total"),
    "addenda unannounced": (lambda r: [*r[:3], "705".ljust(94), *r[3:]], 4, "record_order"),
    "a line of nines lost": (lambda r: r[:-1], 9, "block_count"),
    "all nines lost": (lambda r: r[:6], 6, "block_count"),
    "text after the end": (lambda r: [*r, "hello"], 11, "record_order"),
    "a line of nines too many": (lambda r: [*r, r[-1]], 11, "block_count"),
    "a blank line within": (lambda r: [*r[:3], "", *r[3:]], 4, "record_length"),
    "text after a blank line": (lambda r: [*r, "", "hello"], 12, "record_order"),
    "nothing of the sort": (lambda _: ["hello"], 1, "record_length"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_with_lines_missing_or_out_of_place_is_refused(damage: str) -> None:
    harm, line, rule = DAMAGE[damage]
    fault = refusal(joined(harm(lines(ach()))))
    assert (fault.line, fault.rule) == (line, rule)


def test_nothing_at_all_is_refused() -> None:
    assert refusal(b"").rule == "truncated"


def test_a_damaged_line_in_a_truncated_file_is_still_called_truncated() -> None:
    rows = put(lines(ach()), 3, 12, "5")
    assert refusal(joined(rows[:4])).rule == "truncated"


def test_lines_that_end_without_a_trailer_are_truncated_when_streamed_too() -> None:
    with pytest.raises(Malformed) as caught:
        list(nacha.scan(lines(ach())[:4], name="stream"))
    assert (caught.value.rule, caught.value.line, caught.value.file) == ("truncated", 5, "stream")


@pytest.mark.parametrize(
    ("received_on", "refused"),
    [
        (date(2026, 9, 28), True),
        (date(2026, 9, 29), False),
        (date(2026, 10, 19), False),
        (date(2026, 10, 20), True),
    ],
)
def test_a_creation_date_may_be_ten_days_from_the_day_of_receipt(received_on: date, refused: bool) -> None:
    data = ach().to_bytes()
    if refused:
        assert refusal(data, received_on=received_on).rule == "file_date"
    else:
        assert nacha.read(data, received_on=received_on) == ach()


# --- relaxations: each forgives its own thing, and only when named


def test_filler_may_be_missing_by_name_but_never_too_much() -> None:
    rows = lines(ach())
    relax = Relaxations(missing_filler=True)
    assert nacha.read(joined(rows[:6]), relax=relax) == ach()
    assert nacha.read(joined(rows[:8]), relax=relax) == ach()
    assert refusal(joined([*rows, rows[-1]]), relax).rule == "block_count"
    assert refusal(joined([*rows, *[rows[-1]] * 10])).rule == "block_count"


def test_trimming_never_reaches_into_a_field_that_may_not_be_blank() -> None:
    rows = lines(ach())
    short = [rows[0][:40], *rows[1:5], rows[5][:55], *rows[6:]]
    assert nacha.read(joined(short), relax=TRIMMED).control == ach().control
    assert refusal(joined([rows[0][:39], *rows[1:]]), TRIMMED).rule == "record_length"
    assert refusal(joined([*rows[:4], rows[4][:79], *rows[5:]]), TRIMMED).rule == "record_length"


def test_traces_out_of_order_or_of_another_bank_pass_only_by_name() -> None:
    rows = put(lines(ach()), 4, 80, "091400600000001")
    assert nacha.read(joined(rows), relax=Relaxations(unordered_traces=True))
    foreign = put(lines(ach()), 4, 80, "999999990000001")
    assert nacha.read(joined(foreign), relax=Relaxations(foreign_traces=True))
    assert refusal(joined(rows), Relaxations(foreign_traces=True)).rule == "trace"
    assert refusal(joined(foreign), Relaxations(unordered_traces=True)).rule == "trace"


def test_batches_out_of_order_pass_only_by_name() -> None:
    rows = lines(ach(draft(1), draft(2, sec="WEB", discretionary="R")))
    swapped = [rows[0], *rows[4:7], *rows[1:4], *rows[7:]]
    fault = refusal(joined(swapped))
    assert (fault.rule, fault.record) == ("record_order", "5")
    assert len(nacha.read(joined(swapped), relax=Relaxations(unordered_batches=True)).batches) == 2


def test_records_without_line_ends_pass_only_by_name() -> None:
    data = "".join(lines(ach())).encode()
    assert refusal(data).rule == "truncated"
    assert nacha.read(data, relax=Relaxations(unbroken=True)) == ach()
    assert nacha.read(ach().to_bytes(), relax=Relaxations(unbroken=True)) == ach()


def test_a_file_without_batches_is_a_file() -> None:
    file = nacha.compose_file(ach().header, [])
    assert nacha.read(file.to_bytes()).batches == ()


# --- what addenda say


def ctx() -> list[str]:
    return lines(ach(draft(1, sec="CTX", remittance="A" * 170)))


@pytest.mark.parametrize(
    ("line", "column", "text", "rule", "field"),
    [
        (3, 55, "0002", "field", "addenda_count"),
        (4, 2, "77", "field", "type_code"),
        (4, 2, "02", "field", "month_day"),
        (4, 2, "98", "field", "original_trace"),
        (4, 84, "0002", "record_order", "sequence"),
        (5, 84, "0001", "record_order", "sequence"),
        (4, 88, "0000009", "field", "entry_sequence"),
    ],
)
def test_addenda_that_do_not_belong_are_refused(line: int, column: int, text: str, rule: str, field: str) -> None:
    fault = refusal(joined(put(ctx(), line, column, text)))
    assert (fault.line, fault.rule, fault.field.split(" ")[0]) == (line, rule, field)


def test_addenda_are_joined_without_separator() -> None:
    ((_, entry),) = nacha.read(joined(ctx())).entries()
    assert entry.remittance == "A" * 170
    assert [a.line_no for a in entry.addenda] == [4, 5, 6]


def test_a_second_payment_addenda_belongs_to_ctx_only() -> None:
    rows = lines(ach(draft(1, sec="CCD", remittance="RMR*IV*4153487543**1\\")))
    more = [*rows[:4], rows[3].replace("00010000001", "00020000001"), *rows[4:]]
    fault = refusal(joined(more))
    assert (fault.line, fault.field.split(" ")[0]) == (5, "type_code")


@needs_shared
def test_a_return_carries_reason_and_original_trace() -> None:
    first, second = nacha.read((ACH / "return-WEB.ach").read_bytes()).entries()
    back = first[1].returned
    assert back is not None
    assert (back.return_code, back.original_trace, back.original_rdfi) == ("R01", "091400600000001", "09100001")
    assert back.died_on is None
    assert second[1].is_debit is False
    assert first[1].change is None


@needs_shared
def test_a_dishonored_return_names_the_return_it_refuses() -> None:
    entry = next(nacha.read((ACH / "dishonored-return.ach").read_bytes()).entries())[1]
    back = entry.returned
    assert isinstance(back, nacha.AddendaDishonored)
    assert (back.return_code, back.return_trace, back.return_settlement_day) == ("R68", "123918710000001", "179")
    assert (back.returned_for, back.information) == ("01", "Untimely Return")


@needs_shared
def test_a_contested_return_reads_its_own_columns() -> None:
    rows = (ACH / "dishonored-return.ach").read_text().splitlines()
    contested = nacha.AddendaContested.build(
        return_code="R73",
        original_trace="059999990000301",
        died_on=date(2026, 4, 27),
        original_rdfi="12391871",
        original_settlement_day="117",
        return_trace="123918710000001",
        return_settlement_day="179",
        returned_for="01",
        dishonored_trace="091234560000001",
        dishonored_settlement_day="120",
        dishonored_for="68",
        trace="231380100000001",
    )
    back = next(nacha.read(joined([*rows[:3], contested.line, *rows[4:]])).entries())[1].returned
    assert isinstance(back, nacha.AddendaContested)
    assert back.died_on == date(2026, 4, 27)
    assert (back.original_settlement_day, back.return_trace, back.return_settlement_day) == (
        "117",
        "123918710000001",
        "179",
    )
    assert (back.returned_for, back.dishonored_trace) == ("01", "091234560000001")
    assert (back.dishonored_settlement_day, back.dishonored_for) == ("120", "68")


@needs_shared
@pytest.mark.parametrize(
    ("sample", "old", "new", "field"),
    [
        ("return-WEB", "799R01", "799X01", "return_code"),
        ("cor-example", "798C01", "798X01", "change_code"),
        ("cor-example", "0000000000location", "0000000001location", "amount_cents"),
        ("cor-example", "621231380104", "622231380104", "transaction_code"),
        ("cor-example", "CORVendor Pay", "PPDVendor Pay", "type_code"),
        ("rck-debit", "REDEPCHECK", "CHECK AGAI", "description"),
        ("rck-debit", "0000002400123123123", "0000250001123123123", "amount_cents"),
        ("rck-debit", "123123123", "         ", "individual_id"),
    ],
)
def test_each_class_keeps_its_own_rules(sample: str, old: str, new: str, field: str) -> None:
    data = (ACH / f"{sample}.ach").read_text().replace(old, new, 1).encode()
    assert refusal(data).field.split(" ")[0] == field


@needs_shared
def test_an_entry_is_returned_once() -> None:
    rows = (ACH / "return-WEB.ach").read_text().splitlines()
    fault = refusal(joined([*rows[:4], rows[3], *rows[4:]]))
    assert (fault.line, fault.message) == (5, "one too many addenda for a WEB entry")


def test_a_return_code_without_addenda_is_refused() -> None:
    fault = refusal(joined(put(lines(ach()), 3, 2, "26")))
    assert fault.field.startswith("addenda_indicator")


def test_an_rck_entry_is_at_most_2500_dollars() -> None:
    def rck(cents: int) -> list[str]:
        rows = lines(ach(draft(1, amount_cents=cents)))
        return put(put(rows, 2, 51, "RCK"), 2, 54, "REDEPCHECK")

    assert nacha.read(joined(rck(250_000)))
    assert refusal(joined(rck(250_001))).field.startswith("amount_cents")


@pytest.mark.parametrize(("kind", "refused"), [("R ", False), ("S ", False), ("  ", True), ("X ", True)])
def test_a_web_debit_says_whether_it_recurs(kind: str, refused: bool) -> None:
    rows = put(lines(ach(draft(1, sec="WEB", discretionary="R"))), 3, 77, kind)
    if refused:
        assert refusal(joined(rows)).field.startswith("discretionary")
    else:
        assert nacha.read(joined(rows))


def test_a_telephone_class_takes_no_credit_and_cie_no_debit() -> None:
    tel = put(lines(ach(draft(1, transaction_code="22"))), 2, 51, "TEL")
    assert "TEL entries are debits" in refusal(joined(tel)).message
    cie = put(put(lines(ach()), 2, 51, "CIE"), 3, 55, "4166766289            ")
    assert "CIE entries are credits" in refusal(joined(cie)).message


def test_a_prenote_carries_no_money() -> None:
    prenote = lines(ach(draft(1, transaction_code="28", amount_cents=0)))
    assert nacha.read(joined(prenote))
    assert refusal(joined(put(prenote, 3, 30, "0000000001"))).field.startswith("amount_cents")
