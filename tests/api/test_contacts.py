"""The log of contacts through HTTP: with and without a case, redacted by role, and only ever added to."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain import events as ev
from domain.facts import FactKind
from models.session import transaction
from tests.casework.paper import SHOP, SHOP_CASE, Paper

API = "/api/v1"
LOG = f"{API}/accounts/{SHOP}/contacts"
Headers = dict[str, dict[str, str]]
STOP = {
    "type": "record_contact",
    "channel": "sms",
    "direction": "in",
    "outcome": "stop_requested",
    "right_party": True,
    "summary": "Said stop.",
    "rights_offered": ["dispute"],
    "interpreter": "line 7",
    "language": "es",
}


def entries(client: TestClient, who: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(LOG, headers=who).json()["contacts"]
    return found


async def test_without_a_case_stop_is_logged_honoured_and_owed_to_be_passed_on(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    answer = client.post(LOG, json=STOP, headers=tokens["rosa"] | {"Idempotency-Key": "s1"})
    assert answer.status_code == 201, answer.text
    (entry,) = entries(client, tokens["rosa"])
    assert (entry["contact_id"], entry["by"], entry["summary"]) == (answer.json()["contact_id"], "rosa", "Said stop.")
    assert (entry["rights"][0]["right"], entry["interpreter"], entry["language"]) == ("dispute", "line 7", "es")
    assert FactKind.REVOCATION in {fact.kind for fact in (await paper.known()).facts}
    owed = client.get(f"{API}/obligations", headers=tokens["ada"], params={"account_no": SHOP}).json()["obligations"]
    assert [each["duty"] for each in owed] == ["revocation"]
    may = client.get(f"{API}/accounts/{SHOP}/may-contact", headers=tokens["rosa"], params={"channel": "sms"}).json()
    assert (may["allows"], may["speak_with"]) == (False, "the customer alone")


async def test_a_summary_is_read_by_who_may_read_notes(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.mirrored()
    client.post(LOG, json=STOP, headers=tokens["rosa"])
    assert [each["summary"] for each in entries(client, tokens["kim"])] == ["[redacted]"]
    assert [each["summary"] for each in entries(client, tokens["ada"])] == ["Said stop."]


async def test_what_a_case_records_stands_in_the_same_log(client: TestClient, paper: Paper, tokens: Headers) -> None:
    case = await paper.open()
    spoke = ev.ContactRecorded(channel="phone", direction="in", outcome="reached", right_party=True, summary="Called.")
    paper.happen(case, spoke, by="senta")
    (entry,) = entries(client, tokens["rosa"])
    assert (entry["contact_id"], entry["case_id"], entry["summary"]) == (f"{SHOP_CASE}-c2", SHOP_CASE, "Called.")


@pytest.mark.parametrize("change", ["UPDATE contacts SET outcome = 'reached'", "DELETE FROM contacts"])
async def test_no_entry_is_ever_edited(client: TestClient, paper: Paper, tokens: Headers, change: str) -> None:
    await paper.mirrored()
    client.post(LOG, json=STOP, headers=tokens["rosa"])
    with pytest.raises(DBAPIError, match="append-only"), transaction(paper.engine) as session:
        session.connection().execute(text(change))


async def test_the_log_shows_who_called_and_by_what_that_was_checked(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    called = STOP | {"channel": "phone", "outcome": "reached", "who": "tenant", "identity": ["name", "service_address"]}
    assert client.post(LOG, json=called, headers=tokens["rosa"]).status_code == 201
    (entry,) = entries(client, tokens["ada"])
    assert (entry["who"], entry["identity"]) == ("tenant", ["name", "service_address"])
    unknown = client.post(LOG, json=called | {"identity": ["mother's maiden name"]}, headers=tokens["rosa"])
    assert unknown.status_code == 422
