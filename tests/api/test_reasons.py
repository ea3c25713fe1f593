"""Why was this account noticed, or not, and what would avoid the next step?"""

from fastapi.testclient import TestClient

from domain import events as ev
from domain.facts import Fact, FactKind
from tests.casework.paper import SHOP_CASE, Paper
from tests.workflows.world import SHOP

API = "/api/v1"
Headers = dict[str, dict[str, str]]


async def test_the_next_step_comes_with_what_avoids_it(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.open()
    shown = client.get(f"{API}/cases/{SHOP_CASE}/next", headers=tokens["ada"]).json()["avoid"]
    assert (shown["kind"], shown["amount_cents"] > 0) == ("send_reminder", True)
    assert shown["says"].startswith("If we receive $")
    assert shown["not_earlier"]


async def test_an_account_without_a_case_is_told_of_as_if_it_had_one(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    shown = client.get(f"{API}/accounts/{SHOP}/why", headers=tokens["ada"]).json()
    assert shown["case_id"] is None
    assert shown["says"].startswith("The account has no open case. On 2026-09-")
    assert shown["reasons"][0]["rule"] == "path.reminder_days"


async def test_a_hold_is_why_nobody_was_written_to(client: TestClient, paper: Paper, tokens: Headers) -> None:
    case = await paper.open()
    now = paper.clock.now()
    hold = Fact(fact_id="h1", kind=FactKind.HOLD, starts=now, known_at=now, details={"because": "asked"})
    paper.happen(case, ev.FactRecorded(fact=hold), by="rosa")
    shown = client.get(f"{API}/accounts/{SHOP}/why", headers=tokens["ada"]).json()
    assert (shown["case_id"], shown["avoid"]) == (SHOP_CASE, None)
    assert [(r["rule"], r["way_out"]) for r in shown["reasons"]] == [("G03", "Release the hold.")]


async def test_what_is_read_to_a_caller_comes_first_and_names_no_rule(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await paper.open()
    now = paper.clock.now()
    hold = Fact(fact_id="h1", kind=FactKind.HOLD, starts=now, known_at=now, details={"because": "asked"})
    paper.happen(case, ev.FactRecorded(fact=hold), by="rosa")
    shown = client.get(f"{API}/cases/{SHOP_CASE}/next", headers=tokens["ada"]).json()
    assert shown["says"] == "A hold stands on the account."
    (reason,) = [each for each in shown["reasons"] if each["rule"] == "G03"]
    assert (reason["facts"], reason["citation"]) == (["h1"], "house rule: a hold placed by a person")


def test_an_account_nobody_knows_is_not_found(client: TestClient, tokens: Headers) -> None:
    assert client.get(f"{API}/accounts/1/why", headers=tokens["ada"]).status_code == 404
