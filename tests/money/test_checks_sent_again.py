"""A check that bounced goes out again as an entry, told from the desk: HTTP, Temporal, SQL and billing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from domain import parameters as p
from formats import nacha
from models.policies import activate
from models.session import reading, transaction
from tests.api.test_live import API, Http, http
from tests.money.banking import returns
from tests.workflows.world import SHOP, World
from workflows.policies import hold

__all__ = ["http"]

ITEMS = f"{API}/returned-items"
RECEIPTS = "receipt_no,time,till,clerk,account_no,tender,amount_cents,check_no,void"
BACK = (
    "return_id,reason,amount_cents,deposited_on,source,batch,item,receipt_no,payer_routing,payer_account,check_no"
    ",represented"
)
ROUTING, ACCOUNT, CHECK_NO = "231380104", "707911365", "259"


def today(world: World) -> date:
    return world.policy.calendar.day(world.clock.now())


async def hand_in(http: Http, world: World, data: str | bytes, name: str) -> None:
    body = data.encode() if isinstance(data, str) else data
    taken = await http.send("kim", f"{API}/payment-files?file_name={name}", body)
    assert taken.status_code == 201, taken.text
    await world.client.get_workflow_handle(f"payment-file/{taken.json()['sha256']}").result()
    await world.rest(SHOP)


async def bounced(
    http: Http, world: World, *, reason: str = "A", cents: int = 84_20, represented: str = "N", routing: str = ROUTING
) -> str:
    """Take a check at the counter and have it come back; return the payment's id."""
    on = today(world)
    await hand_in(http, world, f"{RECEIPTS}\nR1,08:49,2,kim,{SHOP},check,{cents},{CHECK_NO},\n", "receipts.csv")
    row = f"RI1,{reason},{cents},{on},counter,,,R1,{routing},{ACCOUNT},{CHECK_NO},{represented}"
    await hand_in(http, world, f"{BACK}\n{row}\n", "check_returns.csv")
    ((found),) = (await http.get("kim", ITEMS)).json()["returned_items"]
    return str(found["payment_id"])


def tell_people(world: World, *, told: bool = True) -> None:
    """Let the city say, or not say, that a check which bounces may be collected electronically."""
    values = world.policy.values[p.RCK_NOTICE.key]
    said = {p.RCK_NOTICE.key: tuple(replace(dated, value=told) for dated in values)}
    world.policy = replace(world.policy, values={**world.policy.values, **said})
    hold(world.policy)
    with transaction(world.engine) as session:
        activate(session, world.policy, world.clock.now() + timedelta(seconds=1))


def owed(world: World) -> int:
    return sum(bill.open.cents for bill in world.city.billing.open_bills(SHOP).bills)


async def test_a_consumers_check_goes_out_again_pays_and_bounces_once_more(http: Http, world: World) -> None:
    tell_people(world)
    before, on = owed(world), today(world)
    payment = await bounced(http, world)
    let = f"{ITEMS}/{payment}/check"
    body = {"dated_on": str(on), "consumer": True}
    unasked = (await http.post("kim", f"{ITEMS}/present", None)).json()["export"]
    denied = await http.post("rosa", let, body)
    business = await http.post("kim", let, {**body, "consumer": False})
    due = await http.post("kim", let, body, key="let")
    twice = await http.post("kim", let, body, key="twice")
    made = (await http.post("kim", f"{ITEMS}/present", None)).json()
    again = (await http.post("kim", f"{ITEMS}/present", None)).json()
    await world.client.get_workflow_handle(f"payment-file/{made['export']['sha256']}").result()
    await world.rest(SHOP)
    data = (await http.get("kim", f"{API}/exports/{made['export']['export_id']}/file")).content

    assert (unasked, denied.status_code, business.status_code) == (None, 403, 409)
    assert "consumer" in business.json()["detail"]
    assert (due.json()["retry_state"], twice.json()["retry_state"], again["export"]) == ("due", "due", None)
    ((header, entry),) = nacha.read(data).entries()
    assert (header.sec, header.description, header.service_class) == ("RCK", "REDEPCHECK", "225")
    assert (entry.transaction_code, entry.amount_cents, entry.individual_id) == ("27", 84_20, CHECK_NO)
    assert (entry.routing, entry.account) == (ROUTING, ACCOUNT)
    assert nacha.read(data).to_bytes() == data
    assert owed(world) == before - 84_20

    await hand_in(http, world, returns(world.policy, [data], "R01", on=on), "returns.ach")
    items = (await http.get("kim", ITEMS)).json()["returned_items"]
    second = next(each for each in items if each["payment_id"] != payment)
    third = await http.post("kim", f"{ITEMS}/{second['payment_id']}/check", body)
    assert owed(world) == before
    assert (second["item_id"], second["presentment"], second["retry_state"]) == ("counter-R1", 2, "")
    assert (second["instrument"], second["fee_cents"]) == ("keep", 0)
    assert third.status_code == 409
    assert "presented 2 times" in third.json()["detail"]
    assert (await http.get("kim", f"{API}/suspense")).json()["suspense"] == []


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"reason": "C"}, "not presented again"),
        ({"cents": 2_500_00}, "most"),
        ({"represented": "Y"}, "presented 2 times"),
        ({"routing": "123456789"}, "cannot be read"),
    ],
)
async def test_what_may_not_be_is_refused_with_its_rule(
    http: Http, world: World, how: dict[str, object], says: str
) -> None:
    tell_people(world)
    payment = await bounced(http, world, **how)  # type: ignore[arg-type]
    body = {"dated_on": str(today(world)), "consumer": True}
    answer = await http.post("kim", f"{ITEMS}/{payment}/check", body)
    assert answer.status_code == 409
    assert says in answer.json()["detail"]


async def test_a_city_that_does_not_tell_people_presents_none(http: Http, world: World) -> None:
    tell_people(world, told=False)
    payment = await bounced(http, world)
    body = {"dated_on": str(today(world)), "consumer": True}
    answer = await http.post("kim", f"{ITEMS}/{payment}/check", body)
    assert answer.status_code == 409
    assert "not told" in answer.json()["detail"]


async def test_what_a_check_is_drawn_on_lies_sealed(http: Http, world: World) -> None:
    await bounced(http, world)
    with reading(world.engine) as session:
        stored = session.connection().execute(text("SELECT * FROM returned_checks")).all()
    assert len(stored) == 1
    assert ACCOUNT not in str(stored)
    assert ACCOUNT.encode() not in bytes(stored[0].drawn_on)
