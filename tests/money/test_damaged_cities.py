"""Cities of the shared layout whose files are harmed, resent, late or out of order end where the whole ones do."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casework.money_reports import balances, bank_days, exceptions, file_totals
from casework.reconciliation import reconcile
from cli.bank import RETURNS, days_of
from domain.posting import Disposition
from formats.city import CityFolder
from models.ledger import balances as ledger_balances
from models.reconciliation import breaks_between
from models.session import reading
from tests.money.harm import AGAIN, REFUSED, Done, damage
from tests.money.recount import recount
from tests.money.small_bank import DAYS, SmallBank, day_of
from tests.money.teller import Teller, a_teller

HARMED = 8
LAST = day_of(DAYS[-1])
SMALL = ["electric", "water"]


async def played(teller: Teller, city: Path, *, shuffle: random.Random | None = None) -> None:
    """Deliver the city's bank days: money in, then returns, in the order of their names or of chance."""
    for on, paths in days_of(CityFolder(city)).items():
        if teller.policy.calendar.day(teller.clock.now()) < on:
            teller.on(on)
        mixed = shuffle.sample(paths, len(paths)) if shuffle else paths
        for path in sorted(mixed, key=lambda each: RETURNS in each.name):
            await teller.take(path.read_bytes(), name=path.name, on=on)


async def owed(teller: Teller, *, last: date = LAST) -> dict[tuple[str, str], int]:
    lines = await balances(teller.desk(), as_of=last)
    return {(str(line["account_no"]), str(line["service"])): int(line["balance_cents"]) for line in lines}


def a_city(folder: Path, seed: int) -> Path:
    return SmallBank(root=folder, chance=random.Random(seed)).write()


SEEDS = range(3)


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_whole_cityties_day_by_day_and_equals_a_second_count(tmp_path: Path, seed: int) -> None:
    city = a_city(tmp_path / "city", seed)
    counted = recount(city, services=SMALL, last=LAST)
    with a_teller(f"sqlite:///{tmp_path / 'a.db'}", city) as teller:
        await played(teller, city)
        days = [await reconcile(teller.desk(), day_of(day)) for day in DAYS]

        assert await owed(teller) == counted.balances()
        assert [(day.state, [row.break_id for row in day.breaks]) for day in days] == [("tied", [])] * len(days)


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_harmed_city_owes_what_the_whole_one_owes_and_names_what_was_wrong(tmp_path: Path, seed: int) -> None:
    whole, harmed = a_city(tmp_path / "city", seed), tmp_path / "harmed"
    done = damage(whole, harmed, chance=random.Random(seed), count=HARMED)
    counted = recount(whole, services=SMALL, last=LAST)
    with a_teller(f"sqlite:///{tmp_path / 'a.db'}", harmed) as teller:
        await played(teller, harmed)
        once, effects = await owed(teller), teller.city.billing.effects_done
        for day in DAYS:
            await reconcile(teller.desk(), day_of(day))
        await played(teller, harmed)

        assert once == counted.balances(), done
        assert (await owed(teller), teller.city.billing.effects_done) == (once, effects)
        ties(teller, done)


def ties(teller: Teller, done: Done, *, last: date = LAST) -> None:
    totals, named = file_totals(teller.desk()), exceptions(teller.desk())
    refused = Counter(line["reason"] for line in totals if line["reason"])
    assert all(line["total"] == sum(int(line[str(kind)]) for kind in Disposition) for line in totals)
    assert sum(refused.values()) == sum(1 for harm, *_ in done if harm in REFUSED), done
    assert refused["duplicate_file"] == sum(1 for harm, *_ in done if harm in AGAIN), done
    assert sum(1 for line in named if line["kind"] == "refused_file") == sum(refused.values())
    with reading(teller.engine) as session:
        assert sum(money.cents for money in ledger_balances(session).values()) == 0
        standing = [row for row in breaks_between(session, day_of(1), last) if row.state == "open"]
    assert [row.break_id for row in standing] == [], done  # what was late, cut or changed came again and cleared it
    assert {line["state"] for line in bank_days(teller.desk())} == {"tied"}


async def test_the_order_of_a_days_files_within_money_and_returns_changes_nothing(tmp_path: Path) -> None:
    city, found = a_city(tmp_path / "city", 7), []
    for place, shuffle in enumerate((None, random.Random(1), random.Random(2))):
        with a_teller(f"sqlite:///{tmp_path / f'{place}.db'}", city) as teller:
            await played(teller, city, shuffle=shuffle)
            with reading(teller.engine) as session:
                found.append((await owed(teller), ledger_balances(session)))

    assert found[1] == found[0]
    assert found[2] == found[0]


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", range(100, 300, 20))
async def test_two_hundred_harmed_cities_owe_what_the_whole_ones_owe(
    tmp_path: Path, record_property: Callable[[str, object], None], first: int
) -> None:
    harms = Counter[str]()
    for seed in range(first, first + 20):
        place = tmp_path / str(seed)
        whole, harmed = a_city(place / "city", seed), place / "harmed"
        done = damage(whole, harmed, chance=random.Random(seed), count=HARMED + seed % 8)
        harms.update(harm for harm, *_ in done)
        with a_teller(f"sqlite:///{place / 'a.db'}", harmed) as teller:
            await played(teller, harmed)
            for day in DAYS:
                await reconcile(teller.desk(), day_of(day))
            assert await owed(teller) == recount(whole, services=SMALL, last=LAST).balances(), done
            ties(teller, done)
    record_property("told", f"20 harmed cities end where the whole ones do; {dict(harms)}")
