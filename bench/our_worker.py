"""Our worker over a town in memory, whose time and money move as told on standard input."""

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path

from temporalio.client import Client

from activities.codec import data_converter
from bench.told import KEY, READY, Site
from bench.town import account_nos, found_town, town_policy
from domain.money import Money
from gateways.fakes.city import FakeCity
from gateways.fakes.direct import direct_systems
from models.clock import SqlClock
from models.session import open_database
from workflows.policies import hold
from workflows.wiring import make_worker


async def work(site: Site) -> None:
    """Run the worker until standard input ends."""
    policy = town_policy()
    hold(policy)
    engine = open_database(site.database, master_key=KEY, migrate=False)
    city = found_town(Path(site.folder) / "town", accounts=site.accounts, policy=policy)
    client = await Client.connect(site.temporal, data_converter=data_converter(KEY))
    clock = SqlClock(engine)
    async with make_worker(client, engine=engine, clock=clock, city=direct_systems(city), policy=policy):
        print(READY, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            what, value, *rest = line.split()
            if what == "advance":
                now = datetime.fromisoformat(value)
                city.advance(now)
                clock.set(now)
            else:
                await _pay(city, int(value), source=what, count=int(rest[0]))
            print(READY, flush=True)


async def _pay(city: FakeCity, cents: int, *, source: str, count: int) -> None:
    """Let billing have a payment of each of the first *count* accounts, which nobody tells the cases of."""
    billing = direct_systems(city).billing
    for account_no in account_nos(count):
        await billing.post_payment(
            f"{source}/{account_no}",
            account_no=account_no,
            amount=Money(cents),
            on=city.billing.today,
            source=source,
            trace=account_no,
        )


if __name__ == "__main__":
    asyncio.run(work(Site.from_json(sys.argv[1])))
    os._exit(0)  # the SDK's threads may abort the interpreter while it is taken down
