"""Do the stubs call back signed, fail on demand, count effects, and come back after kill -9?"""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request
from standardwebhooks.webhooks import Webhook

from domain.account import Service
from domain.case import OrderPurpose
from domain.money import Money
from gateways.errors import Rejected
from gateways.fakes.city import FakeCity
from gateways.fakes.faults import Fault, FaultKind, Faults
from gateways.http.systems import http_systems
from gateways.systems import Systems
from stubs.app import build_app
from stubs.callbacks import CallbackSender
from stubs.journal import Journal
from stubs.world import World
from tests.gateways.outer import CHICAGO, local
from tests.gateways.serving import serving
from tests.gateways.small_city import ANN, BEN, PRIVATE, write_city

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SEP_2 = date(2026, 9, 2)
CUT = "99-1/cut"


class Desk:
    """Our side of the callbacks: verifies each, notes it, answers as the test says."""

    def __init__(self) -> None:
        self.answer = "proceed"
        self.heard: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.app = FastAPI()
        self.app.post("/api/v1/field/callbacks")(self._hear)

    async def _hear(self, request: Request) -> dict[str, str]:
        body = Webhook(SECRET).verify(await request.body(), dict(request.headers))
        self.heard.append((body["order_id"], body["kind"]))
        self.ids.append(request.headers["webhook-id"])
        return {"answer": self.answer}


class Stub:
    """The stubs of one test with everything around them."""

    def __init__(self, url: str, systems: Systems, world: World, log: Path) -> None:
        self.url = url
        self.systems = systems
        self.world = world
        self._log = log

    async def control(self, method: str, path: str, **content: Any) -> Any:
        async with httpx2.AsyncClient() as client:
            response = await client.request(method, f"{self.url}/control/{path}", **content)
        response.raise_for_status()
        return response.json() if response.content else None

    async def advance(self, text: str) -> Any:
        return await self.control("POST", "advance", json={"now": local(text).isoformat()})

    def calls(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text().splitlines()]


@asynccontextmanager
async def stub_of(root: Path, desk_url: str) -> AsyncIterator[Stub]:
    faults = Faults()
    async with httpx2.AsyncClient() as client:
        world = World(
            FakeCity(root / "city", zone=CHICAGO),
            sender=CallbackSender(url=desk_url, secret=SECRET, faults=faults, client=client),
            faults=faults,
            state=Journal(root / "state.jsonl", sync=False),
            calls=Journal(root / "calls.jsonl", sync=True),
        )
        async with serving(build_app(world)) as url, http_systems(url, timeout_seconds=0.5) as systems:
            yield Stub(url, systems, world, root / "calls.jsonl")
        world.close()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def stub(tmp_path: Path, desk: Desk) -> AsyncIterator[Stub]:
    write_city(tmp_path / "city")
    async with serving(desk.app) as desk_url, stub_of(tmp_path, desk_url) as stub:
        yield stub


async def order_cut(systems: Systems) -> None:
    await systems.field.create_order(
        "create",
        order_id=CUT,
        account_no=BEN,
        premise_id="P000002",
        service=Service.ELECTRIC,
        purpose=OrderPurpose.DISCONNECT,
        remote=False,
    )
    await systems.field.dispatch("dispatch", order_id=CUT, on=SEP_2)


async def pay(systems: Systems, key: str = "payment/web/1", trace: str = "1") -> str:
    receipt = await systems.billing.post_payment(
        key, account_no=ANN, amount=Money(700), on=SEP_2, source="web", trace=trace
    )
    return receipt.ref


async def test_moving_time_issues_the_days_bills_and_tells_them(stub: Stub) -> None:
    told = await stub.advance("2026-09-15T07:00")
    assert [(bill["account_no"], bill["bill_no"]) for bill in told["bills"]] == [(ANN, "2001"), (BEN, "2002")]
    assert (await stub.control("GET", "state"))["today"] == "2026-09-15"


async def test_time_does_not_go_back(stub: Stub) -> None:
    await stub.advance("2026-09-02T07:00")
    with pytest.raises(httpx2.HTTPStatusError, match="409"):
        await stub.advance("2026-09-02T06:59")


async def test_a_crew_asks_signed_and_reports_what_it_did(stub: Stub, desk: Desk) -> None:
    await order_cut(stub.systems)
    told = await stub.advance("2026-09-02T17:00")
    assert desk.heard == [(CUT, "acknowledge"), (CUT, "complete")]
    assert [(each["kind"], each["answer"]) for each in told["callbacks"]] == [
        ("acknowledge", "proceed"),
        ("complete", None),
    ]


@pytest.mark.parametrize("answer", ["stop", "perhaps"])
async def test_any_answer_but_proceed_is_no_leave_to_cut(stub: Stub, desk: Desk, answer: str) -> None:
    desk.answer = answer
    await order_cut(stub.systems)
    await stub.advance("2026-09-02T17:00")
    assert (CUT, "complete") not in desk.heard


async def test_a_desk_that_is_down_means_no_cut(tmp_path: Path) -> None:
    write_city(tmp_path / "city")
    async with stub_of(tmp_path, "http://127.0.0.1:1") as stub:
        await order_cut(stub.systems)
        told = await stub.advance("2026-09-02T17:00")
    assert {each["delivered"] for each in told["callbacks"]} == {False}
    assert stub.world.city.field.orders[CUT].reason == "no_answer"


async def test_a_duplicate_callback_carries_the_same_id(stub: Stub, desk: Desk) -> None:
    await stub.control("POST", "faults", json={"route": "field/callbacks", "kind": "duplicate_callback", "times": 2})
    await order_cut(stub.systems)
    await stub.advance("2026-09-02T17:00")
    assert [kind for _, kind in desk.heard] == ["acknowledge", "acknowledge", "complete", "complete"]
    assert (desk.ids[0], desk.ids[2]) == (desk.ids[1], desk.ids[3])


async def test_a_late_report_comes_with_the_next_move(stub: Stub, desk: Desk) -> None:
    await order_cut(stub.systems)
    await stub.advance("2026-09-02T08:00")
    slot = stub.world.city.field.orders[CUT].due_at
    assert slot is not None
    await stub.control("POST", "advance", json={"now": slot.isoformat()})
    stub.world.faults.add(Fault(route="field/callbacks", kind=FaultKind.LATE_CALLBACK))
    await stub.advance("2026-09-02T17:00")
    assert desk.heard == [(CUT, "acknowledge")]
    await stub.advance("2026-09-03T08:00")
    assert desk.heard == [(CUT, "acknowledge"), (CUT, "complete")]


async def test_calls_are_served_while_a_callback_is_under_way(stub: Stub, desk: Desk) -> None:
    seen: list[str] = []

    async def ask_the_stub_first(request: Request) -> dict[str, str]:
        seen.append((await stub.systems.billing.account(BEN)).premise_id)
        return {"answer": "stop"}

    desk.app.router.routes.clear()
    desk.app.post("/api/v1/field/callbacks")(ask_the_stub_first)
    await order_cut(stub.systems)
    await asyncio.wait_for(stub.advance("2026-09-02T17:00"), 5)
    assert seen == ["P000002"]


async def test_the_call_log_counts_one_effect_per_key_and_names_nobody(stub: Stub, tmp_path: Path) -> None:
    stub.world.faults.add(Fault(route="billing/post_payment", kind=FaultKind.TIMEOUT_AFTER_SUCCESS, seconds=2, times=1))
    await pay(stub.systems)
    await pay(stub.systems)
    with pytest.raises(Rejected):
        await pay(stub.systems, key="payment/web/other")
    calls = [(call["key"], call["route"], call["applied"]) for call in stub.calls()]
    assert calls == [
        ("payment/web/1", "billing/post_payment", True),
        ("payment/web/1", "billing/lookup", False),
        ("payment/web/1", "billing/post_payment", False),
        ("payment/web/other", "billing/post_payment", False),
    ]
    text = (tmp_path / "calls.jsonl").read_text()
    assert not [word for word in (*PRIVATE, ANN) if word in text]


async def test_a_fault_strikes_as_often_as_it_says(stub: Stub) -> None:
    fault = {"route": "billing/account", "kind": "error", "times": 2, "status": 429}
    await stub.control("POST", "faults", json=fault)
    async with httpx2.AsyncClient() as client:
        answers = [(await client.get(f"{stub.url}/billing/accounts/{ANN}")).status_code for _ in range(3)]
    assert answers == [429, 429, 200]


def test_a_fault_by_chance_strikes_the_same_calls_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults()
        faults.add(Fault(route="*", kind=FaultKind.ERROR, times=None, probability=0.3, seed=seed))
        return [faults.take("billing/account", {FaultKind.ERROR}) is not None for _ in range(200)]

    assert struck(1) == struck(1) != struck(2)
    assert 30 < sum(struck(1)) < 90


async def test_an_unreadable_effect_is_refused_without_repeating_it(stub: Stub) -> None:
    async with httpx2.AsyncClient() as client:
        response = await client.post(
            f"{stub.url}/billing/effects/post_payment",
            json={"account_no": ANN, "source": "Ann Larkspur"},
            headers={"Idempotency-Key": "k"},
        )
    assert (response.status_code, response.json()["type"]) == (400, "/problems/unreadable")
    assert "Larkspur" not in response.text


async def test_a_wrong_key_opens_nothing_but_the_health_check(stub: Stub) -> None:
    async with serving(build_app(stub.world, api_key="right")) as url, httpx2.AsyncClient() as client:
        paths = ("/billing/accounts/" + ANN, "/control/state", "/weather/holidays", "/healthz")
        answers = [
            (await client.get(url + path, headers={"Authorization": "Bearer wrong"})).status_code for path in paths
        ]
        right = await client.get(url + paths[0], headers={"Authorization": "Bearer right"})
    assert (answers, right.status_code) == ([401, 401, 401, 200], 200)


async def test_an_effect_missing_from_the_call_log_is_entered_at_the_next_start(tmp_path: Path) -> None:
    write_city(tmp_path / "city")
    async with stub_of(tmp_path, "") as stub:
        await pay(stub.systems)
    (tmp_path / "calls.jsonl").write_text("")
    async with stub_of(tmp_path, "") as stub:
        assert [(call["key"], call["applied"]) for call in stub.calls()] == [("payment/web/1", True)]


async def test_a_line_cut_short_by_a_kill_is_dropped(tmp_path: Path) -> None:
    write_city(tmp_path / "city")
    async with stub_of(tmp_path, "") as stub:
        await pay(stub.systems)
    with (tmp_path / "state.jsonl").open("a") as state:
        state.write('{"effect":{"system":"bil')
    async with stub_of(tmp_path, "") as stub:
        assert await pay(stub.systems, "payment/web/2", "2") == "PM000002"
    async with stub_of(tmp_path, "") as stub:
        assert stub.world.city.billing.effects_done == 2


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def started(root: Path, port: int) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "stubs", "--city", str(root / "city"), "--zone", "America/Chicago"),
            *("--port", str(port), "--call-log", str(root / "calls.jsonl"), "--state", str(root / "state.jsonl")),
            *("--api-key", "k"),
        ],
        cwd=Path(__file__).resolve().parents[2],
    )
    for _ in range(300):
        try:
            httpx2.get(f"http://127.0.0.1:{port}/healthz").raise_for_status()
        except httpx2.RequestError:
            assert process.poll() is None, "the stubs did not start"
            time.sleep(0.05)
        else:
            return process
    raise AssertionError("the stubs did not answer in 15 seconds")


@pytest.fixture
def processes() -> Iterator[list["subprocess.Popen[bytes]"]]:
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for process in running:
        process.kill()
        process.wait()


async def test_the_stubs_come_back_after_kill_9_as_they_were(
    tmp_path: Path, port: int, processes: list["subprocess.Popen[bytes]"]
) -> None:
    write_city(tmp_path / "city")
    processes.append(started(tmp_path, port))
    async with http_systems(f"http://127.0.0.1:{port}", api_key="k") as systems:
        ref = await pay(systems)
        await order_cut(systems)
        async with httpx2.AsyncClient(headers={"Authorization": "Bearer k"}) as client:
            now = local("2026-09-15T07:00").isoformat()
            await client.post(f"http://127.0.0.1:{port}/control/advance", json={"now": now})
            url = f"http://127.0.0.1:{port}/control/"
            before = [(await client.get(url + path)).json() for path in ("state", "orders")]
            bills = await systems.billing.open_bills(ANN)
            processes[0].kill()
            processes[0].wait()
            processes.append(started(tmp_path, port))
            after = [(await client.get(url + path)).json() for path in ("state", "orders")]
        assert (after, await systems.billing.open_bills(ANN)) == (before, bills)
        assert await pay(systems) == ref
        assert await pay(systems, "payment/web/2", "2") == "PM000002"
    calls = [json.loads(line) for line in (tmp_path / "calls.jsonl").read_text().splitlines()]
    assert [call["applied"] for call in calls if call["key"] == "payment/web/1"] == [True, False]
    assert before[1][0]["reason"] == "no_answer"
