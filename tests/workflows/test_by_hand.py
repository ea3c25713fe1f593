"""Two cases worked through the API alone, on a stepped clock: what a desk could do, a script can."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, SQLModel, func, select
from temporalio.api.enums.v1 import EventType

from api.app import create_app
from audit.verify import verify
from casework.context import Installation
from models.session import reading, transaction
from models.tables import LetterRow, RefusalRow, WorkOrderRow
from models.users import Role, issue_token
from tests.ready import hire
from tests.workflows.world import SHOP, World

CORNER = "9943837345"  # commercial, electric and water, its oldest bill due 2026-06-05


class ByHand:
    """The desk as a script sees it: HTTP, JSON, bearer tokens."""

    def __init__(self, world: World, client: httpx2.AsyncClient, tokens: dict[str, str]) -> None:
        self.world, self._client, self._tokens = world, client, tokens
        self._calls = 0

    async def get(self, path: str, *, by: str = "rosa") -> Any:
        answer = await self._client.get(f"/api/v1/{path}", headers=self._headers(by))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: dict[str, Any], *, by: str = "rosa") -> httpx2.Response:
        self._calls += 1
        headers = self._headers(by) | {"Idempotency-Key": f"call-{self._calls}"}
        answer = await self._client.post(f"/api/v1/{path}", json=body, headers=headers)
        await self.world.rest(SHOP, CORNER)
        return answer

    async def decide(self, case_id: str, *, by: str = "rosa", **command: Any) -> httpx2.Response:
        return await self.post(f"cases/{case_id}/decisions", command, by=by)

    async def stage(self, case_id: str) -> str:
        shown = await self.get(f"cases/{case_id}")
        return str(shown["stage"])

    async def pay(self, account_no: str, cents: int, trace: str) -> None:
        body = {"account_no": account_no, "amount_cents": cents, "source": "counter", "trace": trace}
        answer = await self.post("payments", body, by="kim")
        assert answer.status_code == 201, answer.text

    def _headers(self, by: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[by]}"}


@pytest.fixture
async def hand(world: World) -> AsyncIterator[ByHand]:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Installation]:
        yield world.desk("", Role.AUDITOR).at

    people = {"rosa": Role.REPRESENTATIVE, "sven": Role.SUPERVISOR, "kim": Role.ACCOUNTANT}
    now = world.clock.now()
    with transaction(world.engine) as session:
        hire(session, people)
        tokens = {
            name: issue_token(session, name, issued_at=now, expires_at=now + timedelta(days=365)) for name in people
        }
    app = create_app(connect)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk") as client:
            yield ByHand(world, client, tokens)


async def test_notice_arrangement_missed_instalment_breach_cure_kept_closed(hand: ByHand) -> None:
    await hand.world.open(CORNER)
    case_id = f"{CORNER}-1"
    await hand.world.until("2026-09-14")
    assert await hand.stage(case_id) == "noticed"

    agreed = await hand.decide(case_id, type="agree_arrangement", months=2, signed=True)
    assert agreed.status_code == 200, agreed.text
    assert await hand.stage(case_id) == "on_arrangement"
    schedule = (await hand.world.case(CORNER)).arrangement.schedule  # type: ignore[union-attr]
    await hand.pay(CORNER, schedule[0].amount.cents, "down")
    await hand.world.until((schedule[1].due_on + timedelta(days=9)).isoformat())
    assert await hand.stage(case_id) == "in_breach"

    (breach,) = [event.body for event in hand.world.events(CORNER) if event.body.type == "arrangement_breached"]
    await hand.pay(CORNER, breach.owing.cents, "cure")
    assert await hand.stage(case_id) == "on_arrangement"

    await hand.pay(CORNER, (await hand.get(f"cases/{case_id}"))["balance_cents"], "rest")
    assert await hand.stage(case_id) == "closed"
    told = [type_ for type_ in hand.world.types(CORNER) if type_ != "instalments_met"]
    assert told[-5:] == [
        "arrangement_agreed",
        "arrangement_breached",
        "breach_cured",
        "arrangement_completed",
        "case_closed",
    ]


async def test_notice_recommended_approved_off_paid_reactivated_closed(hand: ByHand) -> None:
    await hand.world.open(SHOP)
    case_id = f"{SHOP}-1"
    await hand.world.until("2026-09-29 08:30")
    assert await hand.stage(case_id) == "noticed"

    recommended = await hand.decide(case_id, type="recommend_disconnection")
    assert recommended.status_code == 200, recommended.text
    (asked,) = (await hand.get("approvals", by="sven"))["approvals"]
    approved = await hand.post(f"approvals/{asked['approval_id']}", {"type": "approve"}, by="sven")
    assert approved.status_code == 200, approved.text
    await hand.world.until("2026-09-30 17:00")
    assert (await hand.get(f"cases/{case_id}"))["status"] == "off"

    await hand.pay(SHOP, (await hand.get(f"cases/{case_id}"))["balance_cents"], "all")
    await hand.world.until("2026-10-02")
    assert await hand.stage(case_id) == "closed"
    assert hand.world.types(SHOP)[-3:] == ["order_placed", "service_restored", "case_closed"]


async def test_a_refused_decision_answers_with_rule_citation_and_way_out_and_leaves_only_its_refusal(
    hand: ByHand,
) -> None:
    handle = await hand.world.open(SHOP)
    before = await handle.fetch_history(), traces(hand.world)
    refused = await hand.decide(f"{SHOP}-1", type="recommend_disconnection")
    assert refused.status_code == 409
    problem = refused.json()
    assert refused.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "/problems/not-at-this-stage"
    assert problem["rules"]
    assert problem["way_out"]

    history = await handle.fetch_history()
    added = {event.event_type for event in history.events[len(before[0].events) :]}
    assert added <= {
        EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    }
    events, letters, orders, refusals = traces(hand.world)
    assert (events, letters, orders, refusals) == (*before[1][:3], before[1][3] + 1)

    (kept,) = (await hand.get(f"cases/{SHOP}-1/timeline"))["refusals"]
    assert (kept["after_seq"], kept["place"], kept["certificate"]["allowed"]) == (events, 1, False)
    assert kept["certificate"]["policy"] == hand.world.policy.digest
    url = hand.world.engine.url.render_as_string(hide_password=False)
    report = await asyncio.to_thread(verify, url)
    assert (report.refusals, report.faults) == (1, [])


def traces(world: World) -> tuple[int, int, int, int]:
    """Return how many events, letters, orders and refusals are on record."""

    def count(session: Session, table: type[SQLModel]) -> int:
        return session.exec(select(func.count()).select_from(table)).one()

    with reading(world.engine) as session:
        letters, orders, refusals = (count(session, table) for table in (LetterRow, WorkOrderRow, RefusalRow))
    return len(world.events(SHOP)), letters, orders, refusals
