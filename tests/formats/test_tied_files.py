"""Files to agencies, the State and the county: what is written is read back, and a damaged one is refused whole."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.agency import (
    Action,
    MessageLine,
    PlacedLine,
    read_contacts,
    read_messages,
    read_placements,
    write_messages,
    write_placements,
)
from formats.errors import Malformed
from formats.property import (
    CertifiedLine,
    LienLine,
    SetoffLine,
    read_certified,
    read_liens,
    read_setoffs,
    write_certified,
    write_liens,
    write_setoffs,
)

DAY = date(2026, 9, 9)
PLACED = PlacedLine(
    placement_id="4100000018-1-p4",
    account_no="4100000018",
    name='O"Hara, Ana',
    address="12 Elm St",
    zip="55901",
    phone="",
    language="es",
    service_ended_on=None,
    itemized_on=DAY,
    owed_then_cents=12_000,
    paid_since_cents=2_000,
    placed_cents=10_000,
    bills="B1/electric/2026-08-01/10000",
)
MESSAGE = MessageLine(
    message_id="m1",
    account_no="4100000018",
    placement_ref="PLC1",
    action=Action.DIRECT_PAYMENT,
    reason="",
    on=DAY,
    amount_cents=2_500,
    left_cents=7_500,
)
SETOFF = SetoffLine(
    claim_id="s1",
    account_no="4100000018",
    debtor_name="Ana O'Hara",
    address="12 Elm St",
    zip="55901",
    services="electric|water",
    debt_on=DAY,
    debt_cents=2_500,
    claimed_on=DAY,
    notice_by=date(2026, 9, 14),
)
CERTIFIED = CertifiedLine(
    certification_id="t1",
    account_no="4100000018",
    parcel="P1",
    address="12 Elm St",
    services="water",
    hearing_on=DAY,
    amount_cents=9_100,
    certified_on=DAY,
)
LIEN = LienLine(
    lien_id="n1",
    account_no="5700000010",
    parcel="P1",
    address="12 Elm St",
    owner="Ana O'Hara",
    services="water",
    purpose="unpaid municipal utility charges",
    charged_from=date(2026, 6, 1),
    charged_through=DAY,
    amount_cents=9_100,
    interest_pct="12",
    filed_on=DAY,
)
CONTACTS = (
    b"rec,contact_id,account_no,at,channel,spoke,opt_out,ceased,notice,threat\n"
    b"D,c1,4100000018,2026-09-09T10:15,phone,1,1,0,0,0\nT,,1,,,,,,,\n"
)
WRITTEN: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "placements": (write_placements([PLACED]), read_placements),
    "messages": (write_messages([MESSAGE]), read_messages),
    "setoffs": (write_setoffs([SETOFF], least_cents=2_500), lambda data: read_setoffs(data, least_cents=2_500)),
    "certified": (write_certified([CERTIFIED], services=("water",)), lambda d: read_certified(d, services=("water",))),
    "liens": (write_liens([LIEN]), read_liens),
    "contacts": (CONTACTS, read_contacts),
}
BOTH = pytest.mark.parametrize(("data", "read"), WRITTEN.values(), ids=WRITTEN)


def rule(data: bytes, read: Callable[[bytes], object]) -> str:
    with pytest.raises(Malformed) as refused:
        read(data)
    return refused.value.rule


@BOTH
def test_a_file_cut_short_is_refused(data: bytes, read: Callable[[bytes], object]) -> None:
    lines = data.splitlines(keepends=True)
    assert rule(b"".join(lines[:-1]), read) == "truncated"
    assert rule(b"", read) == "empty"


@BOTH
def test_a_line_that_is_lost_or_doubled_is_refused(data: bytes, read: Callable[[bytes], object]) -> None:
    lines = data.splitlines(keepends=True)
    assert rule(lines[0] + lines[2], read) == "control_count"
    assert rule(lines[0] + lines[1] * 2 + lines[2], read) == "duplicate"
    assert rule(data + lines[1], read) == "after_trailer"


@BOTH
def test_a_missing_column_is_refused_by_name(data: bytes, read: Callable[[bytes], object]) -> None:
    assert rule(data.replace(b"account_no", b"account", 1), read) == "missing_column"


@pytest.mark.parametrize("name", ["placements", "messages", "setoffs", "certified", "liens"])
def test_another_sum_than_the_trailers_is_refused(name: str) -> None:
    data, read = WRITTEN[name]
    lines = data.splitlines(keepends=True)
    digits = max((cell for cell in lines[2].strip().split(b",") if cell.isdigit()), key=int)
    assert rule(lines[0] + lines[1] + lines[2].replace(digits, digits + b"1"), read) == "control_total"


def test_a_placement_whose_itemization_does_not_come_to_it_is_refused() -> None:
    with pytest.raises(Malformed, match="itemization"):
        write_placements([replace(PLACED, paid_since_cents=1_999)])


def test_a_debt_below_the_states_floor_is_refused() -> None:
    with pytest.raises(Malformed, match="below"):
        write_setoffs([replace(SETOFF, debt_cents=2_499)], least_cents=2_500)


def test_electricity_is_never_on_a_roll() -> None:
    with pytest.raises(Malformed, match="electric may not be certified"):
        write_certified([replace(CERTIFIED, services="electric|water")], services=("water",))


def test_a_lien_for_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Malformed, match="before they begin"):
        write_liens([replace(LIEN, charged_from=date(2026, 9, 10))])


def test_a_contacts_time_is_local_to_the_consumer() -> None:
    assert rule(CONTACTS.replace(b"T10:15", b"T10:15Z"), read_contacts) == "bad_instant"


@given(st.lists(st.integers(1, 10**9), max_size=20))
def test_any_number_of_debts_is_read_as_it_was_written(cents: list[int]) -> None:
    lines = [
        replace(PLACED, placement_id=f"p{n}", owed_then_cents=each + 2_000, placed_cents=each)
        for n, each in enumerate(cents)
    ]
    assert read_placements(write_placements(lines)) == tuple(lines)
