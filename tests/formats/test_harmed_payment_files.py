"""A payment file that came to harm on the way: it says the same, or it is refused by name, line, rule and way out."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from casework.ways_out import of_file
from formats.errors import Malformed
from formats.payment_file import PaymentFile, read_payment_file
from formats.stated import stated_cents
from tests.formats import samples
from tests.formats.samples import ach, draft

ON = date(2026, 10, 9)
REMITTANCE = b"""rec,line_id,account_no,paid_on,paid_to,gross_cents,commission_cents,net_cents
D,L1,4156728729,2026-10-01,agency,3503,1050,2453
D,L2,4190301640,2026-10-02,city,4820,1446,-1446
T,RM261009,2,,,3503,2496,1007
"""
FILES = {
    "credits.ach": ach(draft(1, sec="CIE", transaction_code="22"), draft(2)).to_bytes(),
    "statement.bai2": samples.BAI2,
    "remit_820.edi": samples.X12,
    "lockbox.txt": samples.LOCKBOX,
    "aggregator.csv": samples.AGGREGATOR,
    "card_settlement.csv": samples.CARDS,
    "card_declines.csv": samples.DECLINES,
    "eap_payments.csv": samples.EAP,
    "pledges.csv": samples.PLEDGES,
    "check_returns.csv": samples.CHECK_RETURNS,
    "counter_receipts.csv": samples.RECEIPTS,
    "register_totals.csv": samples.REGISTERS,
    "2026-10-09_remittance.csv": REMITTANCE,
}
BY_LINES = ("credits.ach", "statement.bai2", "lockbox.txt")  # in which a blank line is a line of the wrong length
HEADED = {"card_declines.csv", "eap_payments.csv", "pledges.csv", "check_returns.csv", "counter_receipts.csv"}
HEADED |= {"register_totals.csv"}  # these have no trailer
Harm = Callable[[bytes], bytes]
HARMLESS: dict[str, Harm] = {
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "no last line end": lambda data: data.rstrip(b"\n"),
    "blank last lines": lambda data: data + b"\n  \n\n",
    "end-of-file mark": lambda data: data + b"\x1a",
}
HARMFUL: dict[str, Harm] = {
    "empty": lambda _: b"",
    "its last third lost": lambda data: data[: len(data) * 2 // 3],
    "its first line lost": lambda data: data.split(b"\n", 1)[1],
    "its first line twice": lambda data: data.split(b"\n", 1)[0] + b"\n" + data,
    "all of it twice": lambda data: data + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "a page instead": lambda _: b"<html><body>502 Bad Gateway</body></html>",
    "what parts its fields lost": lambda data: data.translate(None, b",* "),
}


def read(data: bytes, name: str) -> PaymentFile:
    return read_payment_file(data, name=name, received_on=ON)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", HARMLESS)
def test_what_harms_no_line_changes_nothing(name: str, harm: str) -> None:
    whole, harmed = read(FILES[name], name), read(HARMLESS[harm](FILES[name]), name)

    assert harmed == whole
    assert [item.line for item in harmed.items] == [item.line for item in whole.items]


@pytest.mark.parametrize("name", [name for name in FILES if name not in BY_LINES])
def test_a_blank_first_line_is_passed_over_where_lines_have_no_length(name: str) -> None:
    whole, harmed = read(FILES[name], name), read(b"\n" + FILES[name], name)

    assert [(item.trace, item.cents) for item in harmed.items] == [(item.trace, item.cents) for item in whole.items]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", HARMFUL)
def test_what_is_harmed_is_refused_by_file_line_rule_and_way_out(name: str, harm: str) -> None:
    with pytest.raises(Malformed) as raised:
        read(HARMFUL[harm](FILES[name]), name)
    fault = raised.value

    assert str(fault).startswith(f"{name}, line {fault.line}")
    assert str(fault).endswith(f"[{fault.rule}]")
    assert str(fault).isprintable()
    assert fault.line > 0
    assert of_file(fault.rule)


@pytest.mark.parametrize(
    ("name", "stated"),
    [("remit_820.edi", 847_66), ("counter_receipts.csv", None), ("aggregator.csv", 221_45), ("lockbox.txt", 180_30)],
)
def test_a_refused_file_says_what_its_lines_come_to(name: str, stated: int | None) -> None:
    whole = sum(item.cents for item in read(FILES[name], name).items)

    assert stated_cents(FILES[name], name=name) == whole
    assert stated is None or whole == stated
    assert 0 <= stated_cents(FILES[name][:-40], name=name) <= whole


NEGATIVE = {
    "counter_receipts.csv": (rb"(,(?:cash|check|money_order),)(\d)", rb"\1-\2"),
    "check_returns.csv": (rb"^(RI\d+,\w,)(\d)", rb"\1-\2"),
}


@pytest.mark.parametrize("name", NEGATIVE)
def test_money_below_nothing_is_refused_where_no_total_would_tell(name: str) -> None:
    pattern, becomes = NEGATIVE[name]
    harmed = re.sub(pattern, becomes, FILES[name], count=1, flags=re.MULTILINE)
    assert harmed != FILES[name]
    with pytest.raises(Malformed, match="an amount of nothing or more") as raised:
        read(harmed, name)

    assert (raised.value.file, raised.value.line) == (name, 2)


@pytest.mark.parametrize(
    ("name", "number"), [("aggregator.csv", b"P,A000250846,"), ("card_settlement.csv", b"D,C26100940449,")]
)
def test_money_that_its_sender_does_not_number_is_refused(name: str, number: bytes) -> None:
    harmed = FILES[name].replace(number, number[:2] + b",")
    with pytest.raises(Malformed) as raised:
        read(harmed, name)

    assert (raised.value.rule, raised.value.file, raised.value.line) == ("blank", name, 2)


def test_a_damaged_820_in_an_entrys_addenda_is_the_entrys_fault() -> None:
    advice = samples.X12.decode().replace("\n", "")
    whole, harmed = (
        ach(draft(1, sec="CTX", transaction_code="22", amount_cents=847_66, remittance=text)).to_bytes()
        for text in (advice, advice.replace("SE*10", "SE*11"))
    )
    with pytest.raises(Malformed) as raised:
        read(harmed, "credits.ach")

    assert [item.cents for item in read(whole, "credits.ach").items] == [137_37, 710_29]
    assert raised.value.rule == "segment_count"
    assert str(raised.value).startswith("credits.ach, line 3, record 6, SE01: the 820 in its addenda")


@pytest.mark.parametrize("name", [name for name in FILES if name not in HEADED])
def test_a_file_with_a_trailer_that_is_cut_anywhere_never_passes_and_is_called_truncated_up_to_it(name: str) -> None:
    whole = FILES[name].rstrip(b"9\n") if name == "credits.ach" else FILES[name].rstrip(b"\n")
    trailer = whole.rfind(b"\n") + 1
    for end in range(len(whole) // 2, len(whole)):
        with pytest.raises(Malformed) as raised:
            read(whole[:end], name)
        if end <= trailer:
            assert raised.value.rule == "truncated", whole[:end][-60:]
