"""A report with long columns on 80 columns: each line an entry that can be read; a slim one stays a table."""

from cli.reports import entries, narrow

HEADS = ("kind", "day", "reason", "ref", "account_no", "cents", "file", "detail", "way_out")
LINE = {
    "kind": "suspense",
    "day": "2026-09-01",
    "reason": "bad_check_digit",
    "ref": "17",
    "account_no": "",
    "cents": 4310,
    "file": "lockbox-0901.csv",
    "detail": "lockbox-0901.csv, line 3",
    "way_out": "Find the account by number, name or amount, and match the money to it; else it stays in suspense.",
}


def test_what_has_no_room_beside_each_other_stands_below_each_other_and_nothing_is_lost() -> None:
    assert narrow(HEADS, [LINE], 80)
    told = list(entries(HEADS, [LINE], 80))
    assert told[0] == "suspense: day 2026-09-01, ref 17, cents 4310"
    assert all(len(line) <= 80 for each in told for line in each.splitlines())
    said = " ".join(" ".join(told).split())
    assert all(str(value) in said for value in LINE.values() if value != "")


def test_a_slim_report_and_an_empty_one_stay_tables() -> None:
    balances = {"account_no": "9906282455", "service": "electric", "balance_cents": 1}
    assert not narrow(tuple(balances), [balances], 80)
    assert not narrow(HEADS, [], 80)
    assert not narrow(HEADS, [LINE], 240)
