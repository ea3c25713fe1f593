"""The bank days of the shared cities through SQL: whole, harmed, in another order, all of it twice; and a recount."""

import os
import random
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from activities.mirror import mirror
from casework.reconciliation import reconcile
from cli.bank import days_of, know_drafts
from cli.settings import PACKS
from formats.city import CityFolder, read_posted_drafts
from models.ledger import balances as ledger_balances
from models.session import reading, transaction
from tests.money.harm import damage
from tests.money.recount import recount
from tests.money.teller import Teller, a_teller
from tests.money.test_damaged_cities import owed, played, ties

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("ARREARS_SHARED", ROOT.parent / "shared")) / "data"
A_FEW_DAYS, HARMED = 6, 15

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared cities are not on this machine")


@dataclass(frozen=True)
class City:
    """One of the shared cities, with as many of its bank days as a test has time for."""

    name: str
    pack: Path
    services: list[str]

    def first_days(self, into: Path, count: int) -> tuple[Path, date]:
        """Copy the city's first *count* bank days to *into*; return that folder and the last of the days."""
        days = sorted(path.name for path in (SHARED / self.name / "bank").iterdir())[:count]
        for room in ("cis", "weather"):
            shutil.copytree(SHARED / self.name / room, into / room)
        for day in days:
            shutil.copytree(SHARED / self.name / "bank" / day, into / "bank" / day)
        (into / "agency").mkdir()
        for path in (SHARED / self.name / "agency").iterdir():
            if path.name[:10] <= days[-1]:
                shutil.copy(path, into / "agency")
        return into, date.fromisoformat(days[-1])


CITIES = [
    City("rochester", PACKS / "rochester-mn.toml", ["electric", "water"]),
    City("las-cruces", PACKS / "las-cruces-nm.toml", ["gas", "water", "sewer", "refuse"]),
]
each_city = pytest.mark.parametrize("city", CITIES, ids=lambda city: city.name)


@asynccontextmanager
async def a_desk(url: str, folder: Path, city: City) -> AsyncIterator[Teller]:
    with a_teller(url, folder, pack=city.pack) as teller:
        account_nos = list(teller.city.billing.account_nos())
        await mirror(teller.engine, teller.systems.billing, teller.policy, account_nos, at=teller.clock.now())
        with transaction(teller.engine) as session:
            drafts = read_posted_drafts(CityFolder(folder).posted_drafts)
            know_drafts(session, drafts, teller.policy.calendar)
        yield teller


async def held(teller: Teller, folder: Path) -> None:
    for day in days_of(CityFolder(folder)):
        await reconcile(teller.desk(), day)


@each_city
async def test_a_harmed_shared_city_owes_what_the_whole_one_owes(tmp_path: Path, city: City) -> None:
    whole, last = city.first_days(tmp_path / "whole", A_FEW_DAYS)
    harmed = tmp_path / "harmed"
    done = damage(whole, harmed, chance=random.Random(5), count=HARMED)
    async with a_desk(f"sqlite:///{tmp_path / 'a.db'}", harmed, city) as teller:
        await played(teller, harmed)
        await held(teller, harmed)

        assert await owed(teller, last=last) == recount(whole, services=city.services, last=last).balances(), done
        ties(teller, done, last=last)


@pytest.mark.prove
@pytest.mark.timeout(3600)
@each_city
async def test_all_of_a_shared_city_in_any_order_and_twice_comes_to_the_second_count(
    tmp_path: Path, city: City, record_property: Callable[[str, object], None]
) -> None:
    whole, last = city.first_days(tmp_path / "whole", 10_000)
    counted = recount(whole, services=city.services, last=last).balances()
    found = []
    for place, shuffle in enumerate((None, random.Random(3))):
        async with a_desk(f"sqlite:///{tmp_path / f'{place}.db'}", whole, city) as teller:
            await played(teller, whole, shuffle=shuffle)
            effects = teller.city.billing.effects_done
            await played(teller, whole, shuffle=random.Random(4))
            await held(teller, whole)
            with reading(teller.engine) as session:
                found.append((await owed(teller, last=last), ledger_balances(session)))
            assert teller.city.billing.effects_done == effects
            ties(teller, [], last=last)

    assert found[0][0] == counted
    assert found[1] == found[0]
    record_property("told", f"{city.name}: {len(counted)} balances through {last}, in two orders, delivered twice")


@pytest.mark.prove
@pytest.mark.timeout(3600)
@each_city
async def test_a_harmed_half_of_a_shared_city_owes_what_the_whole_one_owes(
    tmp_path: Path, city: City, record_property: Callable[[str, object], None]
) -> None:
    whole, last = city.first_days(tmp_path / "whole", 40)
    counted = recount(whole, services=city.services, last=last).balances()
    for seed in range(5):
        harmed = tmp_path / f"harmed-{seed}"
        done = damage(whole, harmed, chance=random.Random(seed), count=60)
        async with a_desk(f"sqlite:///{tmp_path / f'harmed-{seed}.db'}", harmed, city) as teller:
            await played(teller, harmed, shuffle=random.Random(seed))
            await held(teller, harmed)

            assert await owed(teller, last=last) == counted, done
            ties(teller, done, last=last)
    record_property("told", f"{city.name}: 5 times 60 files of 40 days harmed, {len(counted)} balances alike")
