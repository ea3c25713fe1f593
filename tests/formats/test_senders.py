"""A city's own senders: their files are read by a table that stands in the data directory, not by code."""

from datetime import date
from pathlib import Path

import pytest

from formats.errors import Malformed
from formats.layouts import NO_SENDERS, read_senders
from formats.payment_file import FileKind, read_payment_file
from formats.stated import stated_cents
from tests.formats import samples

ON = date(2026, 10, 9)
ACME = """
kind = "aggregator"
begins = "HDR;ACME"
delimiter = ";"
kinds = ["HDR", "PAY", "REV", "TOT"]
header = ["biller", "file_id", "made_on"]
payment = ["amount_dollars", "account", "trace", "paid_on", "payer"]
reversal = ["amount_dollars", "account", "trace", "paid_on", "original_trace"]
trailer = ["rows", "paid_dollars", "net_dollars"]
"""
PAID = (
    "HDR;ACME;F7;2026-10-09\nPAY;70.5;4170763058;T1;2026-10-08;MARTA IBÁÑEZ\n"
    "REV;1;4170763058;T2;2026-10-01;T0\nTOT;2;70.50;69.50\n"
).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acme.toml").write_text(ACME)
    return tmp_path


def test_an_aggregator_is_read_by_its_own_mapping_and_its_numbers_are_its_own(folder: Path) -> None:
    file = read_payment_file(PAID, name="acme.txt", received_on=ON, senders=read_senders(folder))
    assert (file.kind, file.identity) == (FileKind.AGGREGATOR, "aggregator/acme/F7")
    paid, back = file.items
    assert (paid.trace, paid.cents, paid.payer, paid.line) == ("acme.T1", 70_50, "MARTA IBÁÑEZ", 2)
    assert (back.trace, back.original, back.cents) == ("acme.T2", "acme.T0", 1_00)


def test_without_it_the_same_file_is_refused_and_other_files_are_read_as_before(folder: Path) -> None:
    with pytest.raises(Malformed, match="unknown_format"):
        read_payment_file(PAID, name="acme.txt", received_on=ON, senders=NO_SENDERS)
    known = read_payment_file(samples.AGGREGATOR, name="x.csv", received_on=ON, senders=read_senders(folder))
    assert known == read_payment_file(samples.AGGREGATOR, name="x.csv", received_on=ON)


@pytest.mark.parametrize(
    ("harmed", "told"),
    [
        (PAID.replace(b"70.50;69.50", b"70.51;69.50"), "acme.txt, line 4, record T, paid_"),
        (PAID.replace(b"T1;2026-10-08", b"T1;2026-13-08"), "acme.txt, line 2, record P, paid_on"),
        (PAID.replace(b"TOT;2;70.50;69.50\n", b""), "truncated"),
    ],
)
def test_a_fault_is_told_by_line_and_field(folder: Path, harmed: bytes, told: str) -> None:
    with pytest.raises(Malformed) as fault:
        read_payment_file(harmed, name="acme.txt", received_on=ON, senders=read_senders(folder))
    assert told in str(fault.value)


def lockbox_table(*, without: str = "") -> str:
    """Return a table for a bank that puts four more characters after the record's type than ours does."""
    fields = {
        "1": {"origin": ("text", 14, 23)},
        "2": {"origin": ("text", 12, 21)},
        "5": {"box": ("text", 8, 14), "deposited_on": ("day", 15, 20)},
        "6": {
            "batch": ("number", 2, 4),
            "item": ("number", 5, 7),
            "amount_cents": ("number", 8, 17),
            "routing": ("text", 18, 26),
            "bank_account": ("text", 27, 36),
            "check_no": ("text", 37, 46),
            "account_no": ("text", 47, 62),
            "payer": ("text", 63, 80),
        },
        "4": {"item": ("number", 5, 7), "account_no": ("text", 12, 27), "amount_cents": ("number", 28, 37)},
        "7": {"items": ("number", 21, 23), "amount_cents": ("number", 24, 34)},
        "8": {"items": ("number", 21, 24), "amount_cents": ("number", 25, 34)},
        "9": {"lines": ("number", 2, 7)},
    }
    lines = ['kind = "lockbox"', 'begins = "1####"', "width = 84"]
    for record, columns in fields.items():
        lines.append(f"[records.{record}]")
        for name, (kind, first, last) in columns.items():
            if f"{record}.{name}" != without:
                lines.append(f'{name} = ["{kind}", {first + 4}, {last + 4}]')
    return "\n".join(lines)


def test_another_banks_lockbox_is_read_by_its_table_of_fields(tmp_path: Path) -> None:
    (tmp_path / "first.toml").write_text(lockbox_table())
    theirs = "\n".join(f"{line[:1]}####{line[1:]}" for line in samples.LOCKBOX_LINES).encode()
    ours = read_payment_file(samples.LOCKBOX, name="x.txt", received_on=ON)
    read = read_payment_file(theirs, name="x.txt", received_on=ON, senders=read_senders(tmp_path))
    assert read == ours
    assert read.items


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (ACME.replace('kind = "aggregator"', 'kind = "bank"'), "acme.toml, kind: aggregator or lockbox was expected"),
        (ACME.replace('begins = "HDR;ACME"', ""), "acme.toml, begins"),
        (ACME.replace('"account", ', ""), "payment does not name account"),
        (
            ACME.replace('"amount_dollars", "account", "trace", "paid_on", "payer"', '"account", "trace"'),
            "amount_cents",
        ),
        (ACME.replace("[", "{", 1), "acme.toml"),
        (lockbox_table(without="6.payer"), "record 6 needs a field payer, a text"),
        (lockbox_table().replace("width = 84", "width = 80"), "within the width"),
        (lockbox_table().replace('["day", 19, 24]', '["day", 19, 26]'), "a day has six columns"),
        (lockbox_table().replace('["day", 19, 24]', '["text", 19, 24]'), "deposited_on, a day"),
    ],
)
def test_a_table_that_lacks_what_it_must_say_is_refused_by_name(tmp_path: Path, table: str, told: str) -> None:
    (tmp_path / "acme.toml").write_text(table)
    with pytest.raises(Malformed) as fault:
        read_senders(tmp_path)
    assert told in str(fault.value)


def test_two_senders_whose_files_begin_alike_are_refused(folder: Path) -> None:
    (folder / "other.toml").write_text(ACME)
    with pytest.raises(Malformed, match="acme begins so too"):
        read_senders(folder)
    (folder / "other.toml").write_text(ACME.replace("HDR;ACME", "HDR"))
    senders = read_senders(folder)
    whose = [found.name if (found := senders.of(line)) else "" for line in ("HDR;ACME;", "HDR;X", "H,")]
    assert whose == ["acme", "other", ""]


def test_a_city_without_such_senders_has_none(tmp_path: Path) -> None:
    assert read_senders(tmp_path / "senders") == NO_SENDERS


@pytest.mark.parametrize(
    "harm", [(b"TOT;2;70.50;69.50\n", b""), (b"2026-10-08", b"2026-13-08"), (b"TOT;2;", b"TOT;3;")]
)
def test_a_refused_file_of_a_sender_counts_what_its_lines_state(folder: Path, harm: tuple[bytes, bytes]) -> None:
    senders, harmed = read_senders(folder), PAID.replace(*harm)
    with pytest.raises(Malformed):
        read_payment_file(harmed, name="acme.txt", received_on=ON, senders=senders)
    assert stated_cents(harmed, name="acme.txt", senders=senders) == 70_50 + 1_00


def test_what_a_senders_damaged_lines_state_is_left_out_and_what_nobody_reads_is_unknown(folder: Path) -> None:
    senders = read_senders(folder)
    assert stated_cents(PAID.replace(b"PAY;70.5;", b"PAY;7O.5;"), name="acme.txt", senders=senders) == 1_00
    assert stated_cents(PAID, name="acme.txt") is None
    assert stated_cents(b"", name="acme.txt") == 0


def test_a_banks_own_lockbox_is_counted_where_its_table_says_that_the_amount_stands(tmp_path: Path) -> None:
    (tmp_path / "bank.toml").write_text(lockbox_table())
    senders = read_senders(tmp_path)
    lines = [f"{line[0]}####{line[1:]}" for line in samples.LOCKBOX.decode().splitlines()]
    whole = "\n".join(lines).encode()
    read = read_payment_file(whole, name="bank.txt", received_on=ON, senders=senders)
    cut = "\n".join(lines[:-1]).encode()
    assert stated_cents(cut, name="bank.txt", senders=senders) == sum(item.cents for item in read.items) > 0
