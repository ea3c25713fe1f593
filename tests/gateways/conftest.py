from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from gateways.fakes.city import FakeCity
from gateways.fakes.direct import direct_systems
from gateways.fakes.faults import Faults
from gateways.http.systems import http_systems
from stubs.app import build_app
from stubs.callbacks import CallbackSender
from stubs.journal import Journal
from stubs.world import World
from tests.gateways.outer import CHICAGO, Outer
from tests.gateways.serving import serving
from tests.gateways.small_city import write_city


@pytest.fixture
def city(tmp_path: Path) -> FakeCity:
    return FakeCity(write_city(tmp_path / "city"), zone=CHICAGO)


@pytest.fixture(params=["direct", "http"])
async def outer(request: pytest.FixtureRequest, city: FakeCity) -> AsyncIterator[Outer]:
    faults = Faults()
    if request.param == "direct":
        yield Outer(direct_systems(city, faults), city, faults, over_http=False)
        return
    silent = Journal(None, sync=False)
    async with httpx2.AsyncClient() as client:
        sender = CallbackSender(url="", secret="", faults=faults, client=client)
        world = World(city, sender=sender, faults=faults, state=silent, calls=silent)
        async with (
            serving(build_app(world, api_key="k-1")) as url,
            http_systems(url, api_key="k-1", timeout_seconds=0.5) as systems,
        ):
            yield Outer(systems, city, faults, over_http=True)
