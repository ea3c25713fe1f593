"""Whatever bytes arrive, a reader answers with a value or with `Malformed`; what it wrote it reads again."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats import nacha
from formats.aggregator import read_aggregator
from formats.bai2 import read_bai2
from formats.cards import read_declines, read_settlement
from formats.check_returns import read_check_returns
from formats.counter import read_receipts, read_register_totals
from formats.eap import read_payments, read_pledges
from formats.errors import Malformed
from formats.lockbox import read_lockbox
from formats.nacha import Draft, Relaxations, check_digit, drafts_file
from formats.x12_820 import read_820
from tests.formats import samples
from tests.formats.samples import ORIGINATOR, SHARED, ach, bank_files, draft

LAX = Relaxations(
    trimmed_lines=True,
    missing_filler=True,
    unordered_traces=True,
    unordered_batches=True,
    foreign_traces=True,
    unbroken=True,
)


def read_ach(data: bytes) -> nacha.AchFile:
    """Read strictly, then leniently; whatever was believed has every value within reach and comes back the same."""
    try:
        file = nacha.read(data)
    except Malformed:
        file = nacha.read(data, relax=LAX)
    for _, entry in file.entries():
        for record in (entry, *entry.addenda):
            assert [getattr(record, column.name) for column in record.columns()]
        if entry.change is not None:
            nacha.correction(entry.change)
    assert str(file.identity)
    assert nacha.read(file.to_bytes(), relax=LAX).batches == file.batches
    return file


Reader = Callable[[bytes], Any]
READERS: dict[str, tuple[Reader, list[bytes]]] = {
    "ach": (read_ach, [ach().to_bytes(), ach(draft(1, sec="CTX", remittance="A" * 200), draft(2)).to_bytes()]),
    "bai2": (read_bai2, [samples.BAI2]),
    "820": (read_820, [samples.X12]),
    "lockbox": (read_lockbox, [samples.LOCKBOX]),
    "aggregator": (read_aggregator, [samples.AGGREGATOR]),
    "settlement": (read_settlement, [samples.CARDS]),
    "declines": (read_declines, [samples.DECLINES]),
    "assistance": (read_payments, [samples.EAP]),
    "pledges": (read_pledges, [samples.PLEDGES]),
    "check_returns": (read_check_returns, [samples.CHECK_RETURNS]),
    "receipts": (read_receipts, [samples.RECEIPTS]),
    "registers": (read_register_totals, [samples.REGISTERS]),
}
SHARED_SEEDS = {
    "ach": "*.ach",
    "bai2": "statement.bai2",
    "820": "remit_820.edi",
    "lockbox": "lockbox.txt",
    "aggregator": "aggregator.csv",
    "settlement": "card_settlement.csv",
}
TELLING = [
    b"",
    b" ",
    b"0",
    b"9",
    b"\n",
    b"\r\n",
    b"/",
    b",",
    b"*",
    b"~",
    b'"',
    b"-",
    b"\xe9",
    b"\x85",
    b"\xd9\xa1",
    b"T",
    b"6",
]


def mutants(seeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Yield *count* damaged copies of *seeds*: bytes changed, lost or doubled, lines swapped."""
    chance = random.Random(seed)  # a fixed seed: the same mutants every time
    for _ in range(count):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(6):
                case 0:
                    data[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    data[at : at + chance.randrange(3)] = chance.choice(TELLING)
                case 2:
                    del data[at : at + chance.randrange(120)]
                case 3:
                    data[at:at] = data[at : at + chance.randrange(120)]
                case 4:
                    rows = bytes(data).split(b"\n")
                    one, other = chance.randrange(len(rows)), chance.randrange(len(rows))
                    rows[one], rows[other] = rows[other], rows[one]
                    data = bytearray(b"\n".join(rows))
                case _:
                    digit = chance.choice(b"0123456789")
                    data[at : at + 1] = bytes([digit])
        yield bytes(data)


def hammer(kind: str, seeds: list[bytes], count: int, seed: int) -> tuple[int, int]:
    """Return how many mutants were believed and how many refused; anything else is an exception and fails the test."""
    answers = [answer(kind, data) for data in mutants(seeds, count, seed)]
    refusals = [each for each in answers if isinstance(each, Malformed)]
    assert all(fault.rule and fault.message for fault in refusals)
    return len(answers) - len(refusals), len(refusals)


def answer(kind: str, data: bytes) -> object:
    """Return what the reader of *kind* makes of *data*, its refusal included."""
    try:
        return READERS[kind][0](data) is not None
    except Malformed as fault:
        return fault.with_traceback(None)


@pytest.mark.parametrize("kind", READERS)
def test_a_damaged_file_is_a_value_or_malformed_and_nothing_else(kind: str) -> None:
    believed, refused = hammer(kind, READERS[kind][1], 1_000, seed=7)
    assert believed + refused == 1_000
    assert refused > 0


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", READERS)
def test_two_hundred_thousand_damaged_files_are_values_or_malformed(kind: str) -> None:
    seeds = [*READERS[kind][1], *(p.read_bytes() for p in shared_seeds(kind))]
    count = 100_000 if kind == "ach" else 10_000
    believed, refused = hammer(kind, seeds, count, seed=11)
    assert believed + refused == count


def shared_seeds(kind: str) -> list[Path]:
    """Return the smallest shared files of a kind, none where the shared data are absent."""
    if kind not in SHARED_SEEDS or not SHARED.is_dir():
        return []
    files = [*bank_files(SHARED_SEEDS[kind]), *(sorted((SHARED / "ach").glob("*.ach")) if kind == "ach" else [])]
    return sorted(files, key=lambda p: p.stat().st_size)[:60]


@pytest.mark.parametrize("kind", READERS)
@given(data=st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_a_value_or_malformed(kind: str, data: bytes) -> None:
    assert isinstance(answer(kind, data), bool | Malformed)


PRINTABLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1)
ROUTINGS = st.integers(0, 99_999_999).map(lambda n: f"{n:08d}" + check_digit(f"{n:08d}"))


@st.composite
def drafts(make: st.DrawFn) -> Draft:
    sec = make(st.sampled_from(["PPD", "WEB", "CCD", "CTX", "CIE"]))
    code = make(st.sampled_from(["22", "32"] if sec == "CIE" else ["27", "37", "22", "32"]))
    return Draft(
        sec=sec,
        transaction_code=code,
        routing=make(ROUTINGS),
        account=make(PRINTABLE.map(lambda t: t[:17])),
        amount_cents=make(st.integers(1, 9_999_999_999)),
        individual_id=make(PRINTABLE.map(lambda t: t[:15])),
        name=make(st.text(max_size=40)),
        sequence=0,
        discretionary=make(st.sampled_from("RS")),
        retry=make(st.booleans()),
        remittance=make(PRINTABLE) if sec == "CTX" else "",
    )


@given(chosen=st.lists(drafts(), min_size=1, max_size=12), day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_and_written_the_same(chosen: list[Draft], day: date) -> None:
    numbered = [replace(each, sequence=n) for n, each in enumerate(chosen, start=1)]
    file = drafts_file(ORIGINATOR, numbered, created_at=samples.CREATED, effective_on=day)
    again = nacha.read(file.to_bytes())
    assert again == file
    assert again.to_bytes() == file.to_bytes()
    found = {entry.trace[8:]: entry for _, entry in again.entries()}
    for each in numbered:
        entry = found[f"{each.sequence:07d}"]
        assert (entry.amount_cents, entry.account, entry.routing) == (each.amount_cents, each.account, each.routing)
        assert (entry.individual_id, entry.remittance) == (each.individual_id, each.remittance)
        assert entry.is_debit == (each.transaction_code in {"27", "37"})
    assert file.control.debit_cents + file.control.credit_cents == sum(each.amount_cents for each in numbered)


@pytest.mark.parametrize("column", [*range(2, 13), *range(30, 40), *range(79, 88)])
def test_a_changed_digit_in_code_routing_amount_or_originating_bank_never_passes(column: int) -> None:
    rows = samples.lines(ach())
    entry = rows[2]
    rows[2] = entry[: column - 1] + ("7" if entry[column - 1] == "8" else "8") + entry[column:]
    with pytest.raises(Malformed):
        nacha.read(samples.joined(rows))
