"""Decisions through HTTP on a real Temporal server, a real worker and real SQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from casework.context import Installation
from domain.money import Money
from models.session import transaction
from models.users import issue_token
from tests.api.conftest import app_over
from tests.casework.paper import USERS
from tests.ready import hire
from tests.workflows.conftest import temporal, world
from tests.workflows.world import OPENING, SHOP, World

__all__ = ["temporal", "world"]

API = "/api/v1"
CASE = f"{SHOP}-1"
DECISIONS = f"{API}/cases/{CASE}/decisions"


class Http:
    """The API as each user calls it."""

    def __init__(self, client: httpx2.AsyncClient, tokens: dict[str, str]) -> None:
        self._client = client
        self._tokens = tokens

    async def get(self, who: str, path: str, **params: object) -> httpx2.Response:
        return await self._client.get(path, params=params, headers=self._headers(who, ""))

    async def post(self, who: str, path: str, body: object, key: str = "") -> httpx2.Response:
        return await self._client.post(path, json=body, headers=self._headers(who, key))

    async def send(self, who: str, path: str, content: bytes) -> httpx2.Response:
        return await self._client.post(path, content=content, headers=self._headers(who, ""))

    def _headers(self, who: str, key: str) -> dict[str, str]:
        named = {"Authorization": f"Bearer {self._tokens[who]}"}
        return named | {"Idempotency-Key": key} if key else named


@pytest.fixture
async def http(world: World) -> AsyncIterator[Http]:
    at = Installation(engine=world.engine, clock=world.clock, systems=world.systems, temporal=world.client)
    app = app_over(at)
    app.state.installation = at  # this transport runs no lifespan
    now = world.clock.now()
    with transaction(world.engine) as session:
        hire(session, USERS)
        year = now + timedelta(days=365)
        tokens = {name: issue_token(session, name, issued_at=now, expires_at=year) for name in USERS}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://desk") as client:
        yield Http(client, tokens)


async def until(http: Http, path: str, so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Ask until it is so; a case just started shows itself after its first task."""
    async with asyncio.timeout(60):
        while True:
            shown: dict[str, Any] = (await http.get("ada", path)).json()
            if so(shown):
                return shown
            await asyncio.sleep(0.1)


async def accepted(client: Client) -> int:
    history = await client.get_workflow_handle(f"case/{SHOP}").fetch_history()
    return sum(e.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED for e in history.events)


async def test_a_refusal_leaves_no_trace_in_the_case_but_is_kept(world: World, http: Http) -> None:
    await world.open(SHOP)
    body = {"type": "recommend_disconnection"}
    first, again = [await http.post("rosa", DECISIONS, body, key="k1") for _ in range(2)]
    assert (first.status_code, first.json()["type"]) == (409, "/problems/not-at-this-stage")
    assert first.json()["way_out"]
    assert again.json() == first.json()
    assert await accepted(world.client) == 0
    assert world.types(SHOP) == ["case_opened"]
    kept = (await http.get("ada", f"{API}/cases/{CASE}/timeline")).json()["refusals"]
    assert [(each["by"], each["decision"]) for each in kept] == [("rosa", "recommend_disconnection")]


async def test_one_key_is_one_decision_for_each_person(world: World, http: Http) -> None:
    await world.open(SHOP)
    note = {"type": "add_note", "note": "Called."}
    first, again = [(await http.post("rosa", DECISIONS, note, key="k1")).json() for _ in range(2)]
    other = (await http.post("sven", DECISIONS, note, key="k1")).json()
    assert first == again
    assert [event["seq"] for event in first["events"] + other["events"]] == [2, 3]
    assert [event["by"] for event in first["events"] + other["events"]] == ["rosa", "sven"]


async def test_a_cut_needs_a_second_person_and_ends_with_the_payment(world: World, http: Http) -> None:
    await world.open(SHOP)
    await world.until("2026-09-29 08:30")
    asked = await http.post("senta", DECISIONS, {"type": "recommend_disconnection"}, key="cut")
    assert [event["type"] for event in asked.json()["events"]] == ["disconnection_recommended", "approval_asked"]

    pending = (await http.get("sven", f"{API}/approvals")).json()["approvals"][0]
    assert pending["mine_to_decide"]
    assert pending["certificate"]["allowed"]
    approval = f"{API}/approvals/{pending['approval_id']}"
    by_role = await http.post("senta", approval, {"type": "approve"})
    assert (by_role.status_code, by_role.json()["rules"]) == (403, ["permission.approve"])
    assert (await http.post("sven", approval, {"type": "approve"}, key="yes")).status_code == 200

    await world.until("2026-09-30 17:00")
    shown = (await http.get("rosa", f"{API}/cases/{CASE}")).json()
    assert shown["status"] == "off"
    orders = (await http.get("rosa", f"{API}/work-orders", case_id=CASE)).json()["work_orders"]
    assert [(order["purpose"], order["state"]) for order in orders] == [("disconnect", "completed")]

    money = {"account_no": SHOP, "amount_cents": shown["balance_cents"], "source": "counter", "trace": "T1"}
    assert (await http.post("kim", f"{API}/payments", money)).status_code == 201
    await world.rest(SHOP)
    await world.until("2026-10-02")
    assert (await http.get("rosa", f"{API}/cases/{CASE}")).json()["closed"] == "paid"
    late = await http.post("rosa", DECISIONS, {"type": "add_note", "note": "Late."})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/case-closed")

    told = (await http.get("ada", f"{API}/cases/{CASE}/history")).json()["lines"]
    words = [line["says"] for line in told]
    assert words[0] == "The case began."
    assert "senta decided: recommend disconnection." in words
    assert "It was done: Mail the letter." in words
    assert words[-1] == "The case ended."


async def test_the_one_who_asked_does_not_approve(world: World, http: Http) -> None:
    await world.open(SHOP)
    await world.until("2026-09-29 08:30")
    await http.post("sven", DECISIONS, {"type": "recommend_disconnection"}, key="cut")
    pending = (await http.get("sven", f"{API}/approvals")).json()["approvals"][0]
    assert not pending["mine_to_decide"]
    answer = await http.post("sven", f"{API}/approvals/{pending['approval_id']}", {"type": "approve"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/second-person")


async def test_the_next_case_is_assigned_to_whoever_takes_it(world: World, http: Http) -> None:
    await world.open(SHOP)
    assert (await http.post("rosa", f"{API}/worklist/next", None)).json() == {"case": None}
    await world.until("2026-09-29 08:30")
    taken = (await http.post("rosa", f"{API}/worklist/next", None, key="n1")).json()["case"]
    assert (taken["case_id"], taken["assigned_to"]) == (CASE, "rosa")
    assert (await http.get("senta", f"{API}/worklist")).json()["cases"] == []
    assert [each["case_id"] for each in (await http.get("rosa", f"{API}/worklist")).json()["cases"]] == [CASE]


@pytest.mark.parametrize("world", [8], indirect=True)
async def test_an_extract_becomes_cases_once_and_its_bad_row_is_named(world: World, http: Http) -> None:
    day = world.policy.calendar.day(world.clock.now())
    header, *rows = (await world.systems.billing.delinquencies(day)).decode().splitlines()
    bad = rows[2].replace(rows[2].split(",")[0], "1234567890")
    data = "\n".join((header, *rows[:2], bad, "")).encode()
    first = await http.send("sven", f"{API}/imports/aging?file_name=a.csv", data)
    assert first.status_code == 201, first.text
    assert (first.json()["accepted"], first.json()["rejected"]) == (2, 1)
    assert first.json()["problems"][0]["reason"] == "bad_check_digit"
    url = f"{API}/imports/{first.json()['import_id']}"
    done = await until(http, url, lambda shown: shown["state"] == "done")
    assert done["opened"] == 2
    again = await http.send("sven", f"{API}/imports/aging?file_name=a.csv", data)
    assert again.json() == done
    await until(http, f"{API}/cases", lambda shown: len(shown["cases"]) == 2)
    errors = await http.get("sven", f"{url}/errors.csv")
    assert errors.text.splitlines()[1].split(",")[:2] == ["4", "account_no"]


async def test_with_temporal_away_nothing_is_decided_and_everything_can_be_seen(world: World) -> None:
    await world.open(SHOP)
    desk = world.desk("rosa", USERS["rosa"])
    app = app_over(replace(desk.at, temporal=None))
    app.state.installation = replace(desk.at, temporal=None)
    now = world.clock.now()
    with transaction(world.engine) as session:
        hire(session, {"rosa": USERS["rosa"]})
        token = issue_token(session, "rosa", issued_at=now, expires_at=now + timedelta(days=1))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://desk") as client:
        http = Http(client, {"rosa": token})
        assert (await http.get("rosa", f"{API}/cases/{CASE}/next")).status_code == 200
        answer = await http.post("rosa", DECISIONS, {"type": "add_note", "note": "x"}, key="k")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


async def test_a_refusal_on_what_the_case_has_not_seen_yet_asks_to_come_again(world: World, http: Http) -> None:
    await world.open(SHOP)
    owed = (await http.get("rosa", f"{API}/accounts/{SHOP}")).json()["bills"]
    await world.systems.billing.post_payment(
        "k",
        account_no=SHOP,
        amount=Money(sum(bill["open_cents"] for bill in owed)),
        on=OPENING.date(),
        source="x",
        trace="1",
    )
    close = {"type": "close", "reason": "paid", "because": "paid at the counter"}
    answer = await http.post("senta", DECISIONS, close, key="k")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/case-catching-up")
    assert answer.headers["retry-after"]
    await world.rest(SHOP)
    assert (await http.get("rosa", f"{API}/cases/{CASE}")).json()["closed"] == "paid"
