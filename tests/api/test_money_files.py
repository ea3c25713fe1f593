"""Payment files over HTTP: taken, refused, tried, and money put where it belongs."""

from tests.api.test_live import API, Http, http, temporal, world
from tests.money.test_workflow import aggregator, paid
from tests.workflows.world import SHOP, World

__all__ = ["http", "temporal", "world"]

FILES = f"{API}/payment-files"
DATA = aggregator(paid("A1", cents=7_00), paid("A2", "123", 2_00))


async def test_a_file_is_taken_shown_and_refused_a_second_time(http: Http, world: World) -> None:
    taken = await http.send("kim", FILES, DATA)
    file_id = taken.json()["file_id"]
    await world.client.get_workflow_handle(f"payment-file/{taken.json()['sha256']}").result()
    shown = await http.get("kim", f"{FILES}/{file_id}")
    again = await http.send("kim", f"{FILES}?on=2026-09-02", DATA)

    assert (taken.status_code, shown.json()["state"]) == (201, "done")
    assert (shown.json()["posted_cents"], shown.json()["suspense_cents"]) == (7_00, 2_00)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/file-duplicate-file")


async def test_a_file_that_is_only_tried_leaves_nothing(http: Http, world: World) -> None:
    tried = await http.send("kim", f"{FILES}?dry_run=true", DATA)
    shown = await http.get("kim", f"{FILES}/{tried.json()['file_id']}")

    assert (tried.json()["posted_cents"], shown.status_code) == (7_00, 404)


async def test_a_damaged_file_is_refused_by_the_rule_and_the_place_that_it_breaks(http: Http, world: World) -> None:
    refused = await http.send("kim", FILES, DATA.rsplit(b"\n", 1)[0])

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/file-truncated")
    assert "A Payer" not in refused.text


async def test_money_in_suspense_is_posted_to_the_account_a_person_names_and_only_by_who_may(
    http: Http, world: World
) -> None:
    await http.send("kim", FILES, DATA)
    (waiting,) = (await http.get("kim", f"{API}/suspense")).json()["suspense"]
    match = f"{API}/suspense/{waiting['entry_id']}/match"

    nobody = await http.post("kim", match, {"account_no": "9999999999"})
    denied = await http.post("rosa", match, {"account_no": SHOP})
    matched = await http.post("kim", match, {"account_no": SHOP})
    await world.rest(SHOP)
    left = await http.get("kim", f"{API}/suspense")

    assert (nobody.status_code, denied.status_code, matched.status_code) == (422, 403, 200)
    assert (waiting["reason"], matched.json()["state"], matched.json()["by"]) == ("wrong_length", "matched", "kim")
    assert left.json()["suspense"] == []
