"""Statements, remittances, lockbox, aggregator, assistance, cards and counter: believed only when they add up."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from formats import nacha
from formats.aggregator import ItemKind, Mapping, read_aggregator
from formats.bai2 import ACH_RETURN, CLOSING_LEDGER, COUNTER_DEPOSIT, LOCKBOX_DEPOSIT, OPENING_LEDGER, read_bai2
from formats.cards import CardKind, read_declines, read_settlement
from formats.check_returns import DepositSource, read_check_returns
from formats.codes import CARDS, CHECKS
from formats.counter import read_receipts, read_register_totals, tie_to_registers
from formats.eap import PledgeStatus, read_payments, read_pledges
from formats.errors import Malformed
from formats.lockbox import read_lockbox
from formats.text import cents_of_dollars
from formats.x12_820 import is_interchange, read_820, read_rmr
from tests.formats import samples
from tests.formats.samples import CITIES, LOCKBOX_LINES, bank_files, joined, needs_shared

Read = Callable[..., Any]


def refusal(read: Read, data: bytes) -> Malformed:
    with pytest.raises(Malformed) as caught:
        read(data, name="sent")
    assert caught.value.file == "sent"
    return caught.value


# --- what a small lawful file of each format says


def test_a_statement_says_what_stood_and_what_moved() -> None:
    statement = read_bai2(samples.BAI2)
    ((group, account),) = statement.accounts()
    assert statement.identity == "091400606/2026-10-09/282"
    assert (group.as_of, account.account_no, account.currency) == (date(2026, 10, 9), "4100778201", "USD")
    assert (account.status_cents(OPENING_LEDGER), account.status_cents(CLOSING_LEDGER)) == (100000, 100700)
    assert account.status_cents("045") is None
    assert [t.signed_cents for t in account.transactions] == [1000, 200, -500]
    assert account.transactions[0].text == "PAYWISE BILLPAY, CIE UTILITY RECEIPTS"
    assert (account.transactions[0].bank_ref, account.transactions[0].customer_ref) == ("2610090001", "")


def test_funds_types_bring_fields_along_and_continuations_go_on_with_fields() -> None:
    data = b"""01,A,B,261009,2230,1,,,2/
02,B,A,1,261009,,USD,/
03,77,USD,010,-100,,V,261010,,,,,,015,+50,,S,1,2,3/
88,040,,,,045,10,,D,1,0,10/
16,890,,Z,,,no amount/
16,142,7,V,261010,1200,ref,cust,text/
16,475,3,D,2,1,1,2,2,ref2/
49,-30,6/
98,-30,1,8/
99,-30,1,10/
"""
    ((_, account),) = read_bai2(data).accounts()
    assert [(s.type_code, s.amount_cents) for s in account.summaries] == [
        ("010", -100),
        ("015", 50),
        ("040", 0),
        ("045", 10),
    ]
    assert [t.signed_cents for t in account.transactions] == [0, 7, -3]
    assert [(t.bank_ref, t.customer_ref, t.text) for t in account.transactions] == [
        ("", "", "no amount"),
        ("ref", "cust", "text"),
        ("ref2", "", ""),
    ]


def test_a_remittance_says_which_accounts_and_why_less() -> None:
    interchange = read_820(samples.X12)
    (remittance,) = interchange.remittances
    assert (interchange.identity, interchange.made_on) == ("000046966", date(2026, 9, 2))
    assert (interchange.sender, interchange.receiver) == ("LINDENCOURTMGMT", "9410000001")
    assert (remittance.total_cents, remittance.credit, remittance.method) == (84766, True, "ACH")
    assert (remittance.trace, remittance.payer, remittance.payee) == (
        "PM2609025295",
        "LINDEN COURT MGMT",
        "EXAMPLE UTILITY",
    )
    first, second = remittance.lines
    assert (first.qualifier, first.account_no, first.paid_cents, first.billed_cents) == (
        "14",
        "4120844081",
        13737,
        14237,
    )
    assert [(a.cents, a.reason) for a in first.adjustments] == [(-500, "53")]
    assert (second.paid_cents, second.billed_cents, second.adjustments) == (71029, None, ())


def test_an_rmr_alone_in_the_addenda_of_a_ccd_entry_reads() -> None:
    line = read_rmr("RMR*IK*BPX26090101**3317.69\\   ")
    assert (line.qualifier, line.account_no, line.paid_cents) == ("IK", "BPX26090101", 331769)
    assert is_interchange("ISA*00*") is True
    assert is_interchange("RMR*IK") is False
    with pytest.raises(Malformed, match="RMR"):
        read_rmr("Credit Store Account")


def test_a_lockbox_check_pays_one_account_or_the_accounts_of_its_stubs() -> None:
    deposit = read_lockbox(samples.LOCKBOX)
    one, two = deposit.checks
    assert (deposit.identity, deposit.total_cents) == ("0411207/2026-10-09", 18030)
    assert [(s.account_no, s.amount_cents, s.line_no) for s in one.stubs] == [("0000004153487543", 2030, 4)]
    assert [(s.account_no, s.amount_cents) for s in two.stubs] == [
        ("0000004170316317", 7000),
        ("0000004153548695", 9000),
    ]
    assert (two.batch, two.item, two.check_no, two.payer) == (1, 2, "9143", "Harbor Motel")


def test_an_aggregator_file_says_what_was_paid_and_what_was_taken_back() -> None:
    file = read_aggregator(samples.AGGREGATOR)
    assert (file.identity, file.made_on, file.net_cents) == ("BPX26100901", date(2026, 10, 9), 20145)
    paid, _, back = file.items
    assert (paid.kind, paid.account_no, paid.channel, paid.original_trace) == (
        ItemKind.PAYMENT,
        "4170763058",
        "web",
        "",
    )
    assert (back.kind, back.amount_cents, back.original_trace) == (ItemKind.REVERSAL, 1000, "A000250810")


def test_another_aggregators_columns_are_read_by_its_mapping() -> None:
    mapping = Mapping.of_table(
        {
            "delimiter": ";",
            "kinds": ["1", "2", "3", "9"],
            "header": ["made_on", "file_id", "biller"],
            "payment": ["amount_dollars", "account", "trace", "paid_on"],
            "reversal": ["amount_dollars", "account", "trace", "paid_on", "original_trace"],
            "trailer": ["rows", "paid_dollars"],
        }
    )
    data = b"1;2026-10-09;F7;US\n2;70.5;41-7076305-8;T1;2026-10-08\n3;1;4170763058;T2;2026-10-01;T0\n9;2;70.50\n"
    file = read_aggregator(data, mapping=mapping)
    assert [i.amount_cents for i in file.items] == [7050, 100]
    assert file.items[0].account_no == "41-7076305-8"
    with pytest.raises(Malformed, match="decimals"):
        read_aggregator(data.replace(b"70.5;", b"70.505;"), mapping=mapping)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"header": "file_id"}, "header"),
        ({"trailer": None}, "trailer"),
        ({"payment": ["account"]}, "payment"),
        ({"header": ["made_on"]}, "header"),
        ({"kinds": ["H"]}, "kinds"),
    ],
    ids=str,
)
def test_a_mapping_without_what_it_needs_is_refused(change: dict[str, object], field: str) -> None:
    whole: dict[str, object] = {
        "header": ["file_id", "made_on"],
        "payment": ["trace", "account", "amount_cents", "paid_on"],
        "reversal": ["trace", "amount_dollars", "paid_on", "original_trace"],
        "trailer": ["rows"],
    }
    assert Mapping.of_table(whole).delimiter == ","
    with pytest.raises(Malformed) as caught:
        Mapping.of_table(whole | change)
    assert caught.value.field == field


def test_card_money_is_what_was_approved() -> None:
    settlement = read_settlement(samples.CARDS)
    assert (settlement.sales_cents, settlement.chargebacks_cents, settlement.net_cents) == (23790, 9204, 14586)
    full, partial, back = settlement.lines
    assert (partial.requested_cents, partial.approved_cents, partial.recurring) == (16360, 10000, True)
    assert CARDS[partial.response].meaning == "partial approval"
    assert (full.recurring, back.kind, back.original_ref) == (False, CardKind.CHARGEBACK, "C26090306124")
    (decline,) = read_declines(samples.DECLINES)
    assert (decline.response, decline.merchant_advice, decline.attempt) == ("R0", "21", 1)


def test_assistance_lists_total_by_list_and_refunds_are_negative() -> None:
    assert read_payments(samples.EAP).total_cents() == {"EAP261015": 53306}
    (pledge,) = read_pledges(samples.PLEDGES)
    assert (pledge.status, pledge.amount_cents) == (PledgeStatus.NEW, 12400)


def test_a_returned_check_names_its_receipt_or_its_batch_and_item() -> None:
    counter, lockbox = read_check_returns(samples.CHECK_RETURNS)
    assert (counter.source, counter.receipt_no, counter.batch) == (DepositSource.COUNTER, "R2609010001", None)
    assert (lockbox.source, lockbox.batch, lockbox.item, lockbox.represented) == (DepositSource.LOCKBOX, 2, 8, True)


def test_void_receipts_are_no_money_and_registers_say_over_and_short() -> None:
    receipts, totals = read_receipts(samples.RECEIPTS), read_register_totals(samples.REGISTERS)
    assert [r.void for r in receipts] == [False, True, False]
    assert totals[0].over_short_cents == -10
    tie_to_registers(receipts, totals)
    with pytest.raises(Malformed, match="till 2, cash: 0 for 0 cents stated"):
        tie_to_registers(receipts, totals[:1])
    with pytest.raises(Malformed, match="control_total"):
        tie_to_registers(receipts[:2], totals)
    twice = read_register_totals(samples.REGISTERS.replace(b"2,cash,1,", b"2,cash,2,"))
    with pytest.raises(Malformed, match="control_count"):
        tie_to_registers(receipts, twice)


# --- damage, and the reason given for it

STATEMENT, REMIT, BOX, BILLPAY, CARD = (
    (read_bai2, samples.BAI2),
    (read_820, samples.X12),
    (read_lockbox, samples.LOCKBOX),
    (read_aggregator, samples.AGGREGATOR),
    (read_settlement, samples.CARDS),
)


@pytest.mark.parametrize(
    ("sent", "old", "new", "rule", "line"),
    [
        pytest.param(STATEMENT, b"99,204100,1,10/\n", b"", "truncated", 9, id="bai2 trailer lost"),
        pytest.param(STATEMENT, b"99,204100,1,10/\n", b"99,2041", "truncated", 10, id="bai2 trailer cut"),
        pytest.param(BOX, LOCKBOX_LINES[-1].encode() + b"\n", b"9000", "truncated", 10, id="lockbox trailer cut"),
        pytest.param(BILLPAY, b"T,3,21145,1000,20145\n", b"T,3,2114", "truncated", 5, id="aggregator trailer cut"),
        pytest.param(CARD, b"T,3,23790,9204,14586\n", b"T,3,23790", "truncated", 5, id="cards trailer cut"),
        pytest.param(STATEMENT, b"49,204100", b"49,204101", "control_total", 8, id="bai2 account total"),
        pytest.param(STATEMENT, b"98,204100", b"98,204101", "control_total", 9, id="bai2 group total"),
        pytest.param(STATEMENT, b"99,204100", b"99,204101", "control_total", 10, id="bai2 file total"),
        pytest.param(STATEMENT, b"142,1000,", b"142,1001,", "control_total", 8, id="bai2 amount"),
        pytest.param(STATEMENT, b",6/", b",5/", "control_count", 8, id="bai2 account records"),
        pytest.param(STATEMENT, b",1,8/", b",2,8/", "control_count", 9, id="bai2 accounts"),
        pytest.param(STATEMENT, b",1,10/", b",1,11/", "control_count", 10, id="bai2 records"),
        pytest.param(STATEMENT, b"142,1000,", b"142,10x0,", "not_a_number", 4, id="bai2 letters"),
        pytest.param(STATEMENT, b"16,142", b"16,14", "field", 4, id="bai2 type code"),
        pytest.param(STATEMENT, b"1000,Z", b"1000,Q", "field", 4, id="bai2 funds type"),
        pytest.param(STATEMENT, b"1000,Z,2610090001", b"1000,D,2610090001", "field", 4, id="bai2 pairs"),
        pytest.param(
            STATEMENT,
            b"01,091400606,9410000001,261009",
            b"01,091400606,9410000001,261309",
            "bad_date",
            1,
            id="bai2 date",
        ),
        pytest.param(STATEMENT, b"03,", b"05,", "record_order", 3, id="bai2 order"),
        pytest.param(STATEMENT, b"01,", b"88,", "record_order", 1, id="bai2 continuation first"),
        pytest.param(
            STATEMENT, b"16,142,1000,Z,2610090001,,PAYWISE BILLPAY, CIE/", b"16142", "field", 4, id="bai2 comma lost"
        ),
        pytest.param(STATEMENT, b"98,204100,1,8/\n", b"", "record_order", 9, id="bai2 group trailer lost"),
        pytest.param(STATEMENT, b"01,091400606", b"99,091400606", "record_order", 1, id="bai2 header lost"),
        pytest.param(STATEMENT, b"49,204100,6/\n", b"49,204100,6/\n99,0,0,0/\n", "record_order", 9, id="bai2 early 99"),
        pytest.param(
            STATEMENT,
            b"99,204100,1,10/",
            b"99,204100,1,10/\n99,204100,1,10/",
            "record_order",
            11,
            id="bai2 records after the end",
        ),
        pytest.param(STATEMENT, b"PAYWISE", b"PAY\x00WISE", "unreadable", 0, id="bai2 zero bytes"),
        pytest.param(REMIT, b"IEA*1*000046966~\n", b"", "truncated", 13, id="820 trailer lost"),
        pytest.param(REMIT, samples.X12[90:], b"", "truncated", 1, id="820 cut in its first segment"),
        pytest.param(REMIT, b"IEA*1*000046966~", b"IEA*1*000046966", "truncated", 14, id="820 last terminator lost"),
        pytest.param(REMIT, b"ISA*00", b"ISB*00", "record_order", 1, id="820 no ISA"),
        pytest.param(REMIT, b"SE*10", b"SE*11", "segment_count", 12, id="820 segment count"),
        pytest.param(REMIT, b"ENT*1~\n", b"", "segment_count", 11, id="820 segment lost"),
        pytest.param(REMIT, b"SE*10", b"SE*x", "field", 12, id="820 count of letters"),
        pytest.param(REMIT, b"BPR*C*847.66", b"BPR*C*847.67", "control_total", 4, id="820 total"),
        pytest.param(REMIT, b"**137.37", b"**137.375", "not_a_number", 9, id="820 fraction of a cent"),
        pytest.param(REMIT, b"SE*10*0001", b"SE*10*0002", "control_number", 12, id="820 set number"),
        pytest.param(REMIT, b"GE*1*46966", b"GE*1*46967", "control_number", 13, id="820 group number"),
        pytest.param(REMIT, b"IEA*1*000046966", b"IEA*1*000046967", "control_number", 14, id="820 file number"),
        pytest.param(REMIT, b"GE*1", b"GE*2", "control_count", 13, id="820 sets"),
        pytest.param(REMIT, b"IEA*1", b"IEA*2", "control_count", 14, id="820 groups"),
        pytest.param(REMIT, b"ST*820", b"ST*835", "field", 3, id="820 another set"),
        pytest.param(REMIT, b"SE*10*0001~\n", b"", "record_order", 12, id="820 SE lost"),
        pytest.param(REMIT, b"GE*1*46966~\n", b"", "record_order", 13, id="820 GE lost"),
        pytest.param(REMIT, b"BPR*", b"BPX*", "record_order", 3, id="820 no BPR"),
        pytest.param(REMIT, b"*260902*0700*U", b"*261302*0700*U", "bad_date", 1, id="820 date"),
        pytest.param(
            REMIT,
            b"GE*1*46966~\n",
            b"GE*1*46966~\nIEA*1*000046966~\n",
            "record_order",
            15,
            id="820 segments after the end",
        ),
        pytest.param(REMIT, b"ISA*", b"IEA*1~ISA*", "record_order", 1, id="820 not at its start"),
        pytest.param(BOX, LOCKBOX_LINES[-1].encode() + b"\n", b"", "truncated", 9, id="lockbox trailer lost"),
        pytest.param(BOX, b"Harbor Motel ", b"Harbor Motel", "record_length", 5, id="lockbox character lost"),
        pytest.param(BOX, b"0000002030", b"0000002031", "control_total", 8, id="lockbox amount"),
        pytest.param(BOX, b"0000007000", b"0000007001", "control_total", 5, id="lockbox stubs"),
        pytest.param(BOX, b"26100900020000018030", b"26100900030000018030", "control_count", 9, id="lockbox items"),
        pytest.param(BOX, b"26100900020000018030", b"26100900020000018031", "control_total", 9, id="lockbox total"),
        pytest.param(BOX, b"2610090020000018030", b"2610090030000018030", "control_count", 8, id="lockbox batch items"),
        pytest.param(BOX, b"9000010", b"9000011", "control_count", 10, id="lockbox records"),
        pytest.param(BOX, b"0000002030", b"00000o2030", "not_a_number", 4, id="lockbox letters"),
        pytest.param(BOX, b"400100260", b"400100160", "record_order", 6, id="lockbox stub of another check"),
        pytest.param(BOX, b"500100004112072610", b"500100004112072613", "bad_date", 3, id="lockbox date"),
        pytest.param(BOX, b"50010000411207261009", b"50010000411207000000", "bad_date", 3, id="lockbox no date"),
        pytest.param(BOX, b"6001001", b"X001001", "record_type", 4, id="lockbox no such record"),
        pytest.param(BOX, LOCKBOX_LINES[2].encode() + b"\n", b"", "record_order", 3, id="lockbox batch header lost"),
        pytest.param(BOX, LOCKBOX_LINES[8].encode() + b"\n", b"", "record_order", 9, id="lockbox total lost"),
        pytest.param(
            BOX,
            b"9000010".ljust(80),
            b"9000010".ljust(80) + b"\n" + b"9000010".ljust(80),
            "record_order",
            10,
            id="lockbox records after the end",
        ),
        pytest.param(BOX, joined(LOCKBOX_LINES[:-1]), b"", "record_order", 1, id="lockbox nothing but a trailer"),
        pytest.param(BILLPAY, b"T,3,21145,1000,20145\n", b"", "truncated", 4, id="aggregator trailer lost"),
        pytest.param(BILLPAY, b"T,3,", b"T,4,", "control_count", 5, id="aggregator rows"),
        pytest.param(BILLPAY, b"T,3,21145", b"T,3,21146", "control_total", 5, id="aggregator paid"),
        pytest.param(BILLPAY, b"1000,20145", b"1001,20145", "control_total", 5, id="aggregator reversed"),
        pytest.param(BILLPAY, b"1000,20145", b"1000,20146", "control_total", 5, id="aggregator net"),
        pytest.param(BILLPAY, b",7000,", b",70.00,", "not_a_number", 2, id="aggregator decimal"),
        pytest.param(BILLPAY, b",7000,", b",-7000,", "field", 2, id="aggregator negative"),
        pytest.param(BILLPAY, b"2026-10-09,web", b"2026-13-09,web", "bad_date", 2, id="aggregator date"),
        pytest.param(BILLPAY, b",web,", b",", "column_count", 2, id="aggregator cell lost"),
        pytest.param(BILLPAY, b"P,A000250846", b"Q,A000250846", "record_type", 2, id="aggregator kind"),
        pytest.param(BILLPAY, b"H,BPX", b"P,BPX", "record_order", 1, id="aggregator header lost"),
        pytest.param(BILLPAY, b"Edith Jimeno", b'"Edith" Jimeno', "unreadable", 2, id="aggregator quotes"),
        pytest.param(CARD, b"T,3,23790,9204,14586\n", b"", "truncated", 4, id="cards trailer lost"),
        pytest.param(CARD, b"T,3,", b"T,2,", "control_count", 5, id="cards rows"),
        pytest.param(CARD, b",9204,14586", b",9205,14586", "control_total", 5, id="cards chargebacks"),
        pytest.param(CARD, b"T,3,23790", b"T,3,23791", "control_total", 5, id="cards sales"),
        pytest.param(CARD, b",14586", b",14587", "control_total", 5, id="cards net"),
        pytest.param(CARD, b"D,C26100940449", b"E,C26100940449", "record_type", 2, id="cards kind of row"),
        pytest.param(CARD, b",sale,13790", b",gift,13790", "field", 2, id="cards kind of money"),
        pytest.param(CARD, b"rec,ref", b"ref,rec", "header", 1, id="cards header"),
    ],
)
def test_a_damaged_file_is_refused_with_line_and_reason(
    sent: tuple[Read, bytes], old: bytes, new: bytes, rule: str, line: int
) -> None:
    read, data = sent
    assert old in data
    fault = refusal(read, data.replace(old, new, 1))
    assert (fault.rule, fault.line) == (rule, line), fault.message


@pytest.mark.parametrize(
    ("read", "data", "old", "new", "rule"),
    [
        pytest.param(read_check_returns, samples.CHECK_RETURNS, b",N\n", b",?\n", "not_a_choice", id="represented"),
        pytest.param(read_check_returns, samples.CHECK_RETURNS, b"R2609010001", b"", "blank", id="receipt"),
        pytest.param(read_check_returns, samples.CHECK_RETURNS, b",2,8,", b",,8,", "not_a_number", id="batch"),
        pytest.param(read_receipts, samples.RECEIPTS, b"08:59", b"8:59", "bad_instant", id="time"),
        pytest.param(read_receipts, samples.RECEIPTS, b"VOID", b"void", "not_a_choice", id="void"),
        pytest.param(read_receipts, samples.RECEIPTS, b"cash", b"gold", "not_a_choice", id="tender"),
        pytest.param(read_register_totals, samples.REGISTERS, b"-10", b"10", "control_total", id="over/short"),
        pytest.param(read_pledges, samples.PLEDGES, b"new", b"maybe", "not_a_choice", id="pledge"),
        pytest.param(read_payments, samples.EAP, b"53846", b"538.46", "not_a_number", id="benefit"),
        pytest.param(read_declines, samples.DECLINES, b",attempt", b"", "column_count", id="declines"),
    ],
)
def test_a_misshapen_cell_is_refused(read: Read, data: bytes, old: bytes, new: bytes, rule: str) -> None:
    assert old in data
    with pytest.raises(Malformed) as caught:
        read(data.replace(old, new, 1), name="sent")
    assert caught.value.rule in {rule, "missing_column"}


@pytest.mark.parametrize("read", [read_bai2, read_820, read_lockbox, read_aggregator, read_settlement])
def test_an_empty_file_is_refused(read: Read) -> None:
    assert refusal(read, b"").rule in {"truncated", "record_order"}


@pytest.mark.parametrize(
    ("text", "cents"), [("597.2", 59720), ("12", 1200), ("-5", -500), (".5", 50), ("0.50", 50), ("1.2300", 123)]
)
def test_dollars_become_cents_without_a_float(text: str, cents: int) -> None:
    assert cents_of_dollars(text) == cents


@pytest.mark.parametrize("text", ["", "-", ".", "1.", "1.234", "1,000", "1e3", "--1", "\u0661", "1" * 30, "1 "])
def test_what_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        cents_of_dollars(text)


def test_an_edge_may_be_fed_a_path(tmp_path: Path) -> None:
    path = tmp_path / "statement.bai2"
    path.write_bytes(samples.BAI2.replace(b"49,204100", b"49,1"))
    with pytest.raises(Malformed, match=r"^statement\.bai2, line 8, record 49"):
        read_bai2(path)


# --- both cities: every file reads, and the money agrees from file to file


def day_total(path: Path, type_code: str) -> int:
    ((_, account),) = read_bai2(path.with_name("statement.bai2")).accounts()
    return sum(t.amount_cents for t in account.transactions if t.type_code == type_code)


def lumps(path: Path) -> dict[str, int]:
    """Return the lump entries of the day's credits: reference -> cents."""
    found = {}
    for header, entry in nacha.read(path.with_name("credits.ach").read_bytes()).entries():
        if header.sec == "CCD":
            line = read_rmr(entry.remittance)
            assert line.paid_cents == entry.amount_cents
            if line.qualifier == "IK":
                found[line.account_no] = entry.amount_cents
    return found


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_balances_run_from_statement_to_statement(city: str) -> None:
    before = 125_000_000
    identities = set()
    for path in bank_files("statement.bai2", city):
        statement = read_bai2(path)
        ((_, account),) = statement.accounts()
        assert account.status_cents(OPENING_LEDGER) == before
        before += sum(t.signed_cents for t in account.transactions)
        assert account.status_cents(CLOSING_LEDGER) == before
        identities.add(statement.identity)
    assert before == {"rochester": 339_428_147, "las-cruces": 267_272_087}[city]
    assert len(identities) == 81


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_each_lockbox_deposit_is_on_the_statement_of_its_day(city: str) -> None:
    for path in bank_files("lockbox.txt", city):
        deposit = read_lockbox(path)
        assert deposit.deposited_on == date.fromisoformat(path.parent.name)
        assert deposit.total_cents == day_total(path, LOCKBOX_DEPOSIT)


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_each_detail_file_is_settled_by_a_lump_that_names_it(city: str) -> None:
    for path in bank_files("aggregator.csv", city):
        file = read_aggregator(path)
        assert lumps(path)[file.file_id] == file.net_cents
    for path in bank_files("remit_820.edi", city):
        (remittance,) = read_820(path).remittances
        assert lumps(path)[remittance.trace] == remittance.total_cents
    for path in bank_files("eap_payments.csv", city):
        for list_id, cents in read_payments(path).total_cents().items():
            assert lumps(path)[list_id] == cents


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_each_ctx_entry_carries_a_remittance_for_its_amount(city: str) -> None:
    count = 0
    for path in bank_files("credits.ach", city):
        for header, entry in nacha.read(path.read_bytes()).entries():
            if header.sec == "CTX":
                (remittance,) = read_820(entry.remittance.encode()).remittances
                assert remittance.total_cents == entry.amount_cents
                count += 1
    assert count == {"rochester": 16, "las-cruces": 15}[city]


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_returned_drafts_are_charged_on_the_statement_of_their_day(city: str) -> None:
    for path in bank_files("returns.ach", city):
        file = nacha.read(path.read_bytes())
        assert file.control.debit_cents == day_total(path, ACH_RETURN)


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_receipts_agree_with_the_tills_and_the_deposit_reaches_the_bank_next_day(city: str) -> None:
    counted = None
    for path in bank_files("counter_receipts.csv", city):
        totals = read_register_totals(path.with_name("register_totals.csv"))
        tie_to_registers(read_receipts(path), totals)
        if counted is not None:
            assert day_total(path, COUNTER_DEPOSIT) == counted
        counted = sum(t.counted_cents for t in totals)


@needs_shared
@pytest.mark.parametrize("city", CITIES)
def test_card_and_check_files_read_and_their_codes_are_known(city: str) -> None:
    for path in bank_files("card_settlement.csv", city):
        assert {line.response for line in read_settlement(path).lines if line.kind is CardKind.SALE} <= set(CARDS)
    for path in bank_files("card_declines.csv", city):
        assert {decline.response for decline in read_declines(path)} <= set(CARDS)
    for path in bank_files("check_returns.csv", city):
        assert {check.reason for check in read_check_returns(path)} <= set(CHECKS)
    assert all(read_pledges(path) for path in bank_files("pledges.csv", city))
