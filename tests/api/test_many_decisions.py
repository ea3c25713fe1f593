"""The same decision in many cases, through HTTP on a real Temporal server: each once, and one refused stops none."""

from typing import Any

from sqlmodel import select

from models.session import reading
from models.tables import TimelineRow
from tests.api.test_live import API, Http, http, temporal, world
from tests.workflows.world import SHOP, SHOPS, World

__all__ = ["http", "temporal", "world"]

OTHER = SHOPS[1]
NO_CASE = f"{SHOPS[2]}-1"
BODY = {
    "case_ids": [f"{SHOP}-1", NO_CASE, f"{OTHER}-1"],
    "decision": {"type": "set_follow_up", "on": "2026-09-15", "about": "Ask whether the aid came."},
}


def follow_ups(world: World) -> list[str]:
    """Return the cases in which a follow-up was set, once for each time."""
    with reading(world.engine) as session:
        query = select(TimelineRow.case_id).where(TimelineRow.type == "follow_up_set")
        return sorted(session.exec(query).all())


def told(answer: dict[str, Any]) -> dict[str, str]:
    return {each["case_id"]: (each["refusal"] or {}).get("slug", "") for each in answer["effects"]}


async def test_many_cases_are_decided_at_once_each_once_whatever_is_sent_again(world: World, http: Http) -> None:
    await world.open(SHOP)
    await world.open(OTHER)
    seen = await http.post("rosa", f"{API}/decisions?preview=true", BODY, key="many")
    assert seen.status_code == 200, seen.text
    assert follow_ups(world) == [], "a preview stores nothing"
    for _ in range(2):  # the second click, or an answer that was lost
        done = await http.post("rosa", f"{API}/decisions", BODY, key="many")
        assert done.status_code == 200, done.text
        assert told(done.json()) == {f"{SHOP}-1": "", NO_CASE: "no-such-case", f"{OTHER}-1": ""}
    await world.rest(SHOP)
    await world.rest(OTHER)
    assert follow_ups(world) == sorted([f"{SHOP}-1", f"{OTHER}-1"])
    for account_no in (SHOP, OTHER):
        shown = (await http.get("rosa", f"{API}/cases/{account_no}-1")).json()
        assert shown["follow_up_on"] == "2026-09-15"


async def test_a_rule_refuses_one_case_and_the_others_are_decided(world: World, http: Http) -> None:
    await world.open(SHOP)
    await world.open(OTHER)
    given = BODY | {"decision": {"type": "assign", "to": "rosa"}}
    assert (await http.post("cora", f"{API}/decisions", given, key="c")).status_code == 403
    recall = BODY | {"decision": {"type": "recall_from_agency", "because": "The council asked for it."}}
    refused = (await http.post("senta", f"{API}/decisions", recall, key="r")).json()
    assert all(told(refused).values()), "no debt of theirs is with an agency"
    done = (await http.post("rosa", f"{API}/decisions", given, key="a")).json()
    assert [case_id for case_id, refusal in told(done).items() if refusal] == [NO_CASE]
