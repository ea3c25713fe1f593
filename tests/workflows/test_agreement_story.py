"""One household's agreement through the API alone: assessed, offered, agreed, missed, cured, completed, returned."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx2
import pytest
from sqlmodel import col, select

from api.app import create_app
from domain.policy import Dated, Source, Standing
from models.policies import activate
from models.session import reading, transaction
from models.tables import ArrangementRow, LetterRow, ReturnedItemRow
from models.users import Role, issue_token
from tests.ready import hire
from tests.workflows.test_by_hand import ByHand
from tests.workflows.world import World
from workflows.policies import hold

HOUSE = "9980106059"  # residential, electric and water, its oldest bill due 2026-07-24


class AtHouse(ByHand):
    """The desk as a script sees it, working on one household."""

    async def post(self, path: str, body: dict[str, Any], *, by: str = "rosa") -> httpx2.Response:
        self._calls += 1
        headers = self._headers(by) | {"Idempotency-Key": f"call-{self._calls}"}
        answer = await self._client.post(f"/api/v1/{path}", json=body, headers=headers)
        await self.world.rest(HOUSE)
        return answer

    async def taken(self, case_id: str, *, by: str = "rosa", **command: Any) -> dict[str, Any]:
        answer = await self.decide(case_id, by=by, **command)
        assert answer.status_code == 200, answer.text
        ruling: dict[str, Any] = answer.json()
        return ruling

    def count(self, table: type[Any], *where: Any) -> int:
        with reading(self.world.engine) as session:
            return len(session.exec(select(table).where(*where)).all())


@pytest.fixture
async def house(world: World) -> AsyncIterator[AtHouse]:
    world.watched, world.sweeps = frozenset({HOUSE}), True
    charge_returned_items(world)
    people = {
        "rosa": Role.REPRESENTATIVE,
        "sven": Role.SUPERVISOR,
        "kim": Role.ACCOUNTANT,
        "ada": Role.AUDITOR,
    }
    now = world.clock.now()
    with transaction(world.engine) as session:
        hire(session, people)
        year = now + timedelta(days=365)
        tokens = {name: issue_token(session, name, issued_at=now, expires_at=year) for name in people}
    app = create_app(lambda: None)  # type: ignore[arg-type,return-value]  # this transport runs no lifespan
    app.state.installation = world.desk("", Role.AUDITOR).at
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://desk") as client:
        yield AtHouse(world, client, tokens)


def charge_returned_items(world: World) -> None:
    """Let the city be one that has posted its fee for returned items, and so charges it."""
    posted = (Dated(date(2021, 7, 1), value=True, source=Source("posted at the counter", Standing.POLICY)),)
    world.policy = replace(world.policy, values=world.policy.values | {"nsf.posted": posted})
    hold(world.policy)
    with transaction(world.engine) as session:
        activate(session, world.policy, world.clock.now() + timedelta(seconds=1))


async def test_assessed_offered_agreed_missed_cured_completed_and_the_last_payment_returned_58_days_later(
    house: AtHouse,
) -> None:
    world = house.world
    await world.open(HOUSE)
    case_id = f"{HOUSE}-1"
    await world.until("2026-09-02 09:00")
    first = await agreed_with_an_agency(house, case_id)
    await house.pay(HOUSE, first["schedule"][0]["amount_cents"], "down")
    await pays_current_bill(house, "2026-09-24")

    # A payment is missed, of which the customer was told: one breach, one notice, and cured in time.
    await world.until((day(first, 1) + timedelta(days=9)).isoformat())
    assert await house.stage(case_id) == "in_breach"
    (breach,) = [event.body for event in world.events(HOUSE) if event.body.type == "arrangement_breached"]
    assert house.count(LetterRow, col(LetterRow.kind) == "breach") == 1
    (shown,) = (await house.get("arrangements?standing=breached"))["arrangements"]
    assert (shown["case_id"], shown["paid"], shown["payments"], shown["payer"]) == (case_id, 1, 3, "agency")
    assert told_of(world) == [first["schedule"][1]["due_on"]]
    await house.pay(HOUSE, breach.owing.cents, "cure")
    assert await house.stage(case_id) == "on_arrangement"
    assert (await house.get(f"cases/{case_id}/state?on={today(world)}"))["arrangement"]["reinstated"] == 1

    await pays_current_bill(house, "2026-10-26")

    # All is paid on the day before the last instalment falls due: completed, and closed.
    await world.until(f"{day(first, 2) - timedelta(days=1)} 10:00")
    balance = (await house.get(f"cases/{case_id}"))["balance_cents"]
    draft = {"account_no": HOUSE, "amount_cents": balance, "source": "draft", "trace": "last"}
    assert (await house.post("payments", draft, by="kim")).status_code == 201
    assert await house.stage(case_id) == "closed"
    kept = await house.get("arrangements/kept?since=2026-09-01&until=2026-12-31", by="sven")
    assert (kept["made"], kept["kept_after_cure"], kept["broken"]) == (1, 1, 0)
    paid_on = today(world)

    await returned_58_days_later(house, paid_on)


async def pays_current_bill(house: AtHouse, due_on: str) -> None:
    """Let the household pay the bill that falls due on *due_on* on that day: an agreement asks for it too."""
    await house.world.until(f"{due_on} 10:00")
    bills = house.world.city.billing.open_bills(HOUSE).bills
    await house.pay(HOUSE, sum(b.original.cents for b in bills if b.due_on.isoformat() == due_on), f"bill-{due_on}")


def told_of(world: World) -> list[str]:
    """Return of which payments the customer was told beforehand, by their days."""
    told = [event.body for event in world.events(HOUSE) if event.body.type == "payment_reminded"]
    assert all(body.sent for body in told)
    assert len(world.city.messages.sent) == len(told)
    return [body.due_on.isoformat() for body in told]


async def agreed_with_an_agency(house: AtHouse, case_id: str) -> dict[str, Any]:
    """Return the offer taken: assessed, told, offered, previewed, and paid by an agency with its authority."""
    poor = {
        "household_size": 3,
        "incomes": [{"source": "wages", "monthly_cents": 240_000}],
        "circumstances": ["illness"],
        "evidence": "pay stub",
    }
    assessed = await house.taken(case_id, type="assess_ability_to_pay", **poor)
    assert [event["type"] for event in assessed["events"]] == ["ability_assessed", "fact_recorded"]
    for by, seen in (("rosa", True), ("ada", False)):
        events = (await house.get(f"cases/{case_id}/timeline", by=by))["events"]
        (said,) = [event["body"]["household"] for event in events if event["type"] == "ability_assessed"]
        assert ("240000" in said) is seen

    offers = await house.get(f"cases/{case_id}/offers")
    assert offers["allowance_cents"] == 24_000
    assert {"energy_assistance", "weatherization"} <= {each["program"] for each in offers["programs"] if each["likely"]}
    plan: dict[str, Any] = next(p for p in offers["plans"] if p["months"] == 2 and p["down_cents"])
    assert plan["approval"] == ""
    assert sum(part["amount_cents"] for part in plan["schedule"]) == offers["amount_cents"]
    offered = await house.taken(case_id, type="offer_arrangement")
    assert len(offered["events"][0]["body"]["terms"]) == 3
    await house.taken(case_id, type="tell_programs", programs=["energy_assistance"], providers=True)

    third = {"payer": "agency", "third_party": "Olmsted Families", "authority": "letter 4711", "signed": True}
    body = plan["decision"] | third
    before = len(house.world.events(HOUSE))
    preview = (await house.post(f"cases/{case_id}/decisions?preview=true", body)).json()
    assert preview["preview"]
    assert preview["events"][-1]["body"]["arrangement"]["schedule"][1]["amount_cents"] == plan["instalment_cents"]
    assert len(house.world.events(HOUSE)) == before
    await house.taken(case_id, **body)
    assert await house.stage(case_id) == "on_arrangement"
    letter = await house._client.get(f"/api/v1/letters/{case_id}-l{before + 1}.pdf", headers=house._headers("rosa"))
    assert letter.content.startswith(b"%PDF")
    return plan


async def returned_58_days_later(house: AtHouse, paid_on: date) -> None:
    """Check what follows: a linked case, the agreement open again, a breach notice, one fee, and none of it twice."""
    world = house.world
    await world.until(f"{paid_on + timedelta(days=58)} 10:00")
    for _ in range(2):
        answer = await house.post("payments/draft-last/return", {"reason": "R01"}, by="kim")
        assert answer.status_code == 200, answer.text
    case_id = f"{HOUSE}-2"
    shown = await house.get(f"cases/{case_id}")
    assert (shown["linked_to"], shown["stage"]) == (f"{HOUSE}-1", "in_breach")
    # What was missed was missed on its own day: the grace is over, and the office writes at once.
    assert world.types(HOUSE)[:3] == ["case_opened", "arrangement_reopened", "arrangement_breached"]
    reopened = (await world.case(HOUSE)).arrangement
    assert reopened is not None
    assert (reopened.number, reopened.third_party, reopened.reinstated) == (1, "Olmsted Families", 1)
    assert reopened.met < len(reopened.schedule)
    assert house.count(ArrangementRow, col(ArrangementRow.case_id) == case_id) == 1
    fees = [row for row in all_of(world, ReturnedItemRow) if row.fee_cents]
    assert len(all_of(world, ReturnedItemRow)) == 1
    assert [row.fee_cents for row in fees] == [3_000], [row.fee_why for row in all_of(world, ReturnedItemRow)]

    await world.until(f"{paid_on + timedelta(days=63)} 17:00")
    assert world.types(HOUSE).count("arrangement_breached") == 1
    assert house.count(LetterRow, col(LetterRow.case_id) == case_id, col(LetterRow.kind) == "breach") == 1
    assert "notice_served" not in world.types(HOUSE)


def all_of(world: World, table: type[Any]) -> list[Any]:
    with reading(world.engine) as session:
        return list(session.exec(select(table)).all())


def day(plan: dict[str, Any], number: int) -> date:
    return date.fromisoformat(plan["schedule"][number]["due_on"])


def today(world: World) -> date:
    return world.policy.calendar.day(world.clock.now())
