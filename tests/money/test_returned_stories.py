"""Drafts that come back, told from the desk: HTTP, a real server and worker, SQL, and a clock that is stepped."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from temporalio.client import Client

from domain.facts import FactKind
from domain.policy import Policy
from formats import nacha
from models.accounts import account_of
from models.cases import last_case_of
from models.facts import facts_of
from models.policies import activate
from models.session import reading, transaction
from models.tables import CaseCounterRow
from tests.api.test_live import API, Http, http, temporal
from tests.models.returned_lives import with_posted_fee
from tests.money.banking import city_with_instruments, drafts, returns
from tests.workflows.world import SHOP, World, a_world
from workflows.policies import hold
from workflows.wiring import make_worker

__all__ = ["http", "temporal"]

FILES = f"{API}/payment-files"
ITEMS = f"{API}/returned-items"


@pytest.fixture
async def world(temporal: Client, tmp_path: Path) -> AsyncIterator[World]:
    """A city in which the shop is drawn on, and in which the fee for a dishonored item is posted."""
    async with a_world(temporal, tmp_path, city=city_with_instruments(tmp_path, SHOP)) as world:
        world.policy = with_posted_fee(world.policy)
        hold(world.policy)
        with transaction(world.engine) as session:
            activate(session, world.policy, world.clock.now() + timedelta(seconds=1))
        worker = make_worker(
            temporal, engine=world.engine, clock=world.clock, city=world.systems, policy=world.policy, cached=0
        )
        async with worker:
            yield world


async def send(http: Http, world: World, data: bytes) -> dict[str, int]:
    """Hand a file in, wait for its money, and let what follows settle."""
    taken = await http.send("kim", f"{FILES}?file_name=x.ach", data)
    assert taken.status_code == 201, taken.text
    await world.client.get_workflow_handle(f"payment-file/{taken.json()['sha256']}").result()
    await world.rest(SHOP)
    shown: dict[str, int] = taken.json()
    return shown


def today(world: World) -> date:
    return world.policy.calendar.day(world.clock.now())


def owed(world: World) -> int:
    return sum(bill.open.cents for bill in world.city.billing.open_bills(SHOP).bills)


async def items(http: Http) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await http.get("kim", ITEMS)).json()["returned_items"]
    return found


def sent(policy: Policy, world: World, cents: int) -> bytes:
    return drafts(policy, cents, on=today(world), first=today(world).toordinal() % 1_000_000)


async def test_a_draft_bounces_is_presented_again_for_the_same_amount_and_pays(http: Http, world: World) -> None:
    before = owed(world)
    first = sent(world.policy, world, 84_20)
    await send(http, world, first)
    await world.to(world.at("2026-09-03 12:00"))
    await send(http, world, returns(world.policy, [first], "R01", on=today(world)))
    with_fee = owed(world)

    (item,) = await items(http)
    early = await http.post("kim", f"{ITEMS}/present", None)
    await world.to(world.at("2026-09-09 12:00"))
    denied = await http.post("rosa", f"{ITEMS}/present", None)
    made = (await http.post("kim", f"{ITEMS}/present", None, key="again")).json()
    await world.client.get_workflow_handle(f"payment-file/{made['export']['sha256']}").result()
    await world.rest(SHOP)
    second = await http.post("kim", f"{ITEMS}/present", None)
    data = (await http.get("kim", f"{API}/exports/{made['export']['export_id']}/file")).content

    assert with_fee == before + 30_00
    assert (item["fee_cents"], item["retry_on"], item["retry_state"]) == (30_00, "2026-09-09", "due")
    assert (early.json()["export"], denied.status_code, second.json()["export"]) == (None, 403, None)
    (batch,) = nacha.read(data).batches
    assert (batch.header.description, batch.control.debit_cents) == ("RETRY PYMT", 84_20)
    assert owed(world) == before + 30_00 - 84_20
    (after,) = await items(http)
    assert after["retry_state"] == "sent"


async def test_a_draft_not_as_authorized_goes_out_again_once_it_is_put_right(http: Http, world: World) -> None:
    before = owed(world)
    first = sent(world.policy, world, 84_20)
    await send(http, world, first)
    await send(http, world, returns(world.policy, [first], "R11", on=today(world)))
    (item,) = await items(http)
    right = f"{ITEMS}/{item['payment_id']}/put-right"
    unasked = (await http.post("kim", f"{ITEMS}/present", None)).json()["export"]
    denied = await http.post("rosa", right, {"because": "It was drawn a day early."})
    due = await http.post("kim", right, {"because": "It was drawn a day early."}, key="right")
    again = await http.post("kim", right, {"because": "Asked twice."}, key="again")
    await world.rest(SHOP)
    made = (await http.post("kim", f"{ITEMS}/present", None)).json()
    await world.client.get_workflow_handle(f"payment-file/{made['export']['sha256']}").result()
    data = (await http.get("kim", f"{API}/exports/{made['export']['export_id']}/file")).content

    assert (item["retry_state"], unasked, denied.status_code) == ("", None, 403)
    assert due.json()["retry_state"] == "due"
    assert again.json()["retry_why"] == due.json()["retry_why"]
    (batch,) = nacha.read(data).batches
    assert (batch.header.description, batch.control.debit_cents) == ("UTIL BILL", 84_20)
    assert owed(world) == before - 84_20
    (after,) = await items(http)
    assert (after["retry_state"], after["presentment"]) == ("sent", 1)


async def test_what_was_not_authorized_at_all_goes_out_again_for_no_reason_given(http: Http, world: World) -> None:
    first = sent(world.policy, world, 84_20)
    await send(http, world, first)
    await send(http, world, returns(world.policy, [first], "R10", on=today(world)))
    (item,) = await items(http)
    refused = await http.post("kim", f"{ITEMS}/{item['payment_id']}/put-right", {"because": "The customer agrees."})
    unknown = await http.post("kim", f"{ITEMS}/draft-1/put-right", {"because": "It was drawn twice."})

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-sent-again")
    assert unknown.status_code == 404


async def test_the_return_sent_again_and_the_second_presentment_bring_no_second_fee(http: Http, world: World) -> None:
    before = owed(world)
    first = sent(world.policy, world, 84_20)
    await send(http, world, first)
    back = returns(world.policy, [first], "R01", on=today(world))
    await send(http, world, back)
    resent = await http.send(
        "kim", f"{FILES}?file_name=x.ach", returns(world.policy, [first], "R01", on=today(world), minute=5)
    )
    await world.client.get_workflow_handle(f"payment-file/{resent.json()['sha256']}").result()
    await world.to(world.at("2026-09-09 12:00"))
    made = (await http.post("kim", f"{ITEMS}/present", None)).json()
    await world.client.get_workflow_handle(f"payment-file/{made['export']['sha256']}").result()
    data = (await http.get("kim", f"{API}/exports/{made['export']['export_id']}/file")).content
    await send(http, world, returns(world.policy, [data], "R01", on=today(world)))

    assert resent.json()["suspense_cents"] == 84_20  # a second return of the same original is a person's to find out
    assert owed(world) == before + 30_00
    found = await items(http)
    assert sorted((each["presentment"], each["fee_cents"]) for each in found) == [(1, 30_00), (2, 0)]
    assert len({each["item_id"] for each in found}) == 1


async def test_an_unauthorized_draft_comes_back_after_58_days_as_of_its_original_date(http: Http, world: World) -> None:
    before = [(bill.ref, bill.due_on, bill.open) for bill in world.city.billing.open_bills(SHOP).bills]
    first = sent(world.policy, world, 84_20)
    await send(http, world, first)
    world.clock.set(world.at("2026-10-29 12:00"))
    world.city.advance(world.clock.now())
    await send(http, world, returns(world.policy, [first], "R10", on=today(world)))

    after = [(bill.ref, bill.due_on, bill.open) for bill in world.city.billing.open_bills(SHOP).bills]
    assert [each for each in after if each in before] == before
    (item,) = await items(http)
    assert (item["code"], item["instrument"], item["autopay"], item["fee_cents"]) == ("R10", "end", "end", 0)
    (instrument,) = world.city.billing.instruments(SHOP)
    assert instrument.state == "disabled"
    lines = (await http.get("kim", f"{ITEMS}/rates")).json()["rates"]
    assert [(line["rate"], line["over"]) for line in lines] == [
        ("unauthorized", True),
        ("administrative", False),
        ("overall", True),
    ]


async def test_the_second_item_in_a_year_brings_cash_only(http: Http, world: World) -> None:
    for day in ("2026-09-02 12:00", "2026-09-04 12:00"):
        await world.to(world.at(day))
        first = sent(world.policy, world, 84_20)
        await send(http, world, first)
        await send(http, world, returns(world.policy, [first], "R09", on=today(world)))

    with reading(world.engine) as session:
        (fact,) = [each for each in facts_of(session, account_of(session, SHOP)) if each.kind is FactKind.CASH_ONLY]
    assert fact.until is not None
    assert world.policy.calendar.day(fact.until) == date(2027, 9, 5)


async def test_money_that_comes_back_after_the_case_was_closed_opens_the_next_one_as_if_it_had_never_come(
    http: Http, world: World
) -> None:
    await world.open(SHOP)
    before = [(bill.ref, bill.due_on, bill.open) for bill in world.city.billing.open_bills(SHOP).bills]
    first = sent(world.policy, world, owed(world))
    await send(http, world, first)
    await world.until("2026-09-03")
    with reading(world.engine) as session:
        ended = last_case_of(session, SHOP)
    world.clock.set(world.at("2026-10-29 12:00"))
    world.city.advance(world.clock.now())
    await send(http, world, returns(world.policy, [first], "R10", on=today(world)))
    await send(http, world, returns(world.policy, [first], "R10", on=today(world), minute=5))

    after = [(bill.ref, bill.due_on, bill.open) for bill in world.city.billing.open_bills(SHOP).bills]
    case = await world.case(SHOP)
    opened, *_ = world.events(SHOP)
    assert ended is not None
    assert (ended.case_id, ended.closed) == (f"{SHOP}-1", "paid")
    assert (case.case_id, str(case.stage)) == (f"{SHOP}-2", "reminded")
    assert (opened.body.linked_to, opened.body.because) == (f"{SHOP}-1", "a payment was returned")  # type: ignore[union-attr]
    assert [each for each in after if each in before] == before
    with reading(world.engine) as session:
        assert session.exec(select(CaseCounterRow.last).where(CaseCounterRow.account_no == SHOP)).one() == 2
