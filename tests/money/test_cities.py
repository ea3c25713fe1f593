"""The shared cities' bank days, all of them, against a second count by another method."""

import os
import random
from datetime import date
from pathlib import Path

import pytest

from tests.money.memory import MemoryBook, play
from tests.money.recount import recount

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("ARREARS_SHARED", ROOT.parent / "shared")) / "data"
LAST = date(2026, 12, 29)
CITIES = {
    "rochester": ("America/Chicago", ["electric", "water"]),
    "las-cruces": ("America/Denver", ["gas", "water", "sewer", "refuse"]),
}

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared cities are not on this machine")


def balances(book: MemoryBook) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for account_no in book.billing.account_nos():
        answer = book.billing.open_bills(account_no)
        for bill in answer.bills:
            key = (account_no, str(bill.service))
            found[key] = found.get(key, 0) + bill.open.cents
        if answer.credit.cents:
            found[account_no, "credit"] = answer.credit.cents
    return found


@pytest.mark.parametrize("name", CITIES)
def test_every_balance_and_every_file_of_a_city_agrees_with_a_second_count(name: str) -> None:
    zone, services = CITIES[name]

    book = play(SHARED / name, zone=zone, last=LAST)
    counted = recount(SHARED / name, services=services, last=LAST)

    assert balances(book) == counted.balances()
    assert [line.reason for line in book.lines if line.reason] == []
    assert sum(line.totals.total for line in book.lines) == sum(counted.file_cents.values())
    assert len(book.lines) == len(counted.file_cents)


def test_a_days_files_in_another_order_come_to_the_same() -> None:
    day = date(2026, 10, 30)

    plain = play(SHARED / "rochester", zone="America/Chicago", last=day)
    mixed = play(SHARED / "rochester", zone="America/Chicago", last=day, shuffle=random.Random(7))

    assert balances(mixed) == balances(plain)
    key = lambda line: (line.name, line.totals.total)  # noqa: E731
    assert sorted(map(key, mixed.lines)) == sorted(map(key, plain.lines))
    assert sum(line.totals.suspense for line in mixed.lines) == sum(line.totals.suspense for line in plain.lines)


def test_a_second_delivery_of_everything_moves_nothing() -> None:
    day = date(2026, 9, 10)
    book = play(SHARED / "las-cruces", zone="America/Denver", last=day)
    before, effects = balances(book), book.billing.effects_done

    folder = SHARED / "las-cruces" / "bank" / day.isoformat()
    again = [book.take(path.read_bytes(), name=path.name, on=day) for path in sorted(folder.iterdir())]

    assert {line.reason for line in again} == {"duplicate_file"}
    assert all(line.totals.refused == line.totals.total for line in again)
    assert balances(book) == before
    assert book.billing.effects_done == effects
