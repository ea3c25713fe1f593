"""What does a process of the benchmark do: the worker or the API, of our case or of the bare one?"""

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path

from temporalio.client import Client

from activities.codec import data_converter
from api.server import ApiSettings, serve
from bench.bare_site import bare_worker, open_bare, serve_bare
from bench.site import HOST, KEY, READY, Site
from bench.town import account_nos, found_town, town_policy
from domain.money import Money
from gateways.fakes.city import FakeCity
from gateways.fakes.direct import direct_systems
from models.clock import SqlClock
from models.session import open_database
from workflows.policies import hold
from workflows.wiring import make_worker


async def work_ours(site: Site) -> None:
    """Run our worker over a town in memory, and move the town's time and money as told on standard input."""
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


async def work_bare(site: Site) -> None:
    """Run the bare worker until standard input ends."""
    client = await Client.connect(site.temporal, data_converter=data_converter(KEY))
    async with bare_worker(client, open_bare(site.database)):
        print(READY, flush=True)
        await asyncio.to_thread(sys.stdin.read)


def serve_ours(site: Site) -> None:
    """Run our API until told to stop; the other systems are out of its reach, and a decision does not need them."""
    settings = ApiSettings(
        database_url=site.database,
        systems_url=f"http://{HOST}:9",
        key=KEY,
        temporal_address=site.temporal,
        log_level="WARNING",
    )
    serve(settings, host=HOST, port=site.api_port)


def main() -> None:
    """Run the part named on the command line."""
    kind, part, told = sys.argv[1:]
    site = Site.from_json(told)
    match kind, part:
        case "ours", "worker":
            asyncio.run(work_ours(site))
        case "bare", "worker":
            asyncio.run(work_bare(site))
        case "ours", "api":
            serve_ours(site)
        case _:
            serve_bare(site)


if __name__ == "__main__":
    main()
    os._exit(0)  # the SDK's threads may abort the interpreter while it is taken down
