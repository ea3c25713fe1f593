"""Money, crews, files, rules and probes through the API, over SQL and the fakes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete
from sqlmodel import select
from standardwebhooks.webhooks import Webhook

from domain.money import Money
from models.accounts import personal_of
from models.session import reading, transaction
from models.tables import OutboxRow, WorkOrderRow
from tests.api.conftest import SECRET
from tests.casework.paper import SHOP, SHOP_CASE, Paper

Headers = dict[str, dict[str, str]]
API = "/api/v1"
PAYMENT = {"account_no": SHOP, "amount_cents": 2_500, "source": "counter", "trace": "T-1"}


async def test_a_payment_counts_from_its_commit_and_goes_to_billing_before_the_case_looks(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    for _ in range(2):
        client.post(f"{API}/payments", headers=tokens["kim"], json=PAYMENT)
    assert (await paper.known()).unposted == Money(2_500)
    assert outbox(paper) == [("post_payment", "payment/counter/T-1"), ("tell", f"tell/{SHOP}/payment/counter/T-1")]


async def test_a_returned_payment_no_longer_counts(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.mirrored()
    client.post(f"{API}/payments", headers=tokens["kim"], json=PAYMENT)
    answer = client.post(f"{API}/payments/counter-T-1/return", headers=tokens["kim"], json={"reason": "R01"})
    assert (answer.json()["state"], answer.json()["return_reason"]) == ("returned", "R01")
    assert (await paper.known()).unposted == Money(0)
    assert outbox(paper)[2][0] == "return_payment"


async def test_one_trace_is_one_payment(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.mirrored()
    client.post(f"{API}/payments", headers=tokens["kim"], json=PAYMENT)
    answer = client.post(f"{API}/payments", headers=tokens["kim"], json=PAYMENT | {"amount_cents": 1})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/duplicate-trace")


def test_money_of_a_customer_never_seen_before_is_taken(client: TestClient, tokens: Headers) -> None:
    answer = client.post(f"{API}/payments", headers=tokens["kim"], json=PAYMENT)
    assert (answer.status_code, answer.json()["account_no"]) == (201, SHOP)


def test_a_customer_never_seen_before_can_be_looked_at(client: TestClient, tokens: Headers) -> None:
    answer = client.get(f"{API}/accounts/{SHOP}", headers=tokens["kim"])
    assert (answer.status_code, answer.json()["cases"]) == (200, [])


def test_money_for_an_account_nobody_has_is_refused(client: TestClient, tokens: Headers) -> None:
    answer = client.post(f"{API}/payments", headers=tokens["kim"], json=PAYMENT | {"account_no": "77"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-account")


def test_a_day_the_pack_says_nothing_about_is_refused_with_the_value_it_lacks(
    client: TestClient, tokens: Headers
) -> None:
    answer = client.get(f"{API}/returned-items/rates", headers=tokens["kim"], params={"on": "1950-01-01"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/policy-gap")
    assert "for 1950-01-01" in answer.json()["detail"]


def outbox(paper: Paper) -> list[tuple[str, str]]:
    with reading(paper.engine) as session:
        return [(row.kind, row.key) for row in session.exec(select(OutboxRow).order_by(OutboxRow.id))]


def signed(body: str) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "webhook-id": "m1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("m1", now, body),
        "content-type": "application/json",
    }


def said(
    client: TestClient,
    order_id: str,
    kind: str,
    headers: dict[str, str] | None = None,
    *,
    reason: str = "",
    at: str = "2026-09-01T10:00:00Z",
) -> tuple[int, object]:
    body = f'{{"order_id": "{order_id}", "kind": "{kind}", "at": "{at}", "reason": "{reason}"}}'
    answer = client.post(f"{API}/field/callbacks", content=body, headers=headers or signed(body))
    return answer.status_code, answer.json().get("answer", answer.json().get("type"))


async def test_a_crew_at_the_door_is_stopped_where_the_gate_forbids(client: TestClient, paper: Paper) -> None:
    _, order_id = paper.order(await paper.open())
    assert said(client, order_id, "acknowledge") == (200, "stop")
    assert said(client, order_id, "acknowledge") == (200, "stop")
    told = [key for kind, key in outbox(paper) if kind == "tell"]
    assert told == [f"tell/{SHOP}/field/{order_id}/acknowledge/stop"]
    with reading(paper.engine) as session:
        order = session.get_one(WorkOrderRow, order_id)
        assert (order.state, order.verdict["action"]) == ("recalled", "acknowledge_disconnection")


async def test_a_report_is_taken_once_however_often_it_comes(client: TestClient, paper: Paper) -> None:
    _, order_id = paper.order(await paper.open())
    assert [said(client, order_id, "complete") for _ in range(3)] == [(200, None)] * 3
    assert [kind for kind, _ in outbox(paper)] == ["tell"]
    assert said(client, order_id, "could_not_complete", reason="dog") == (200, None)
    with reading(paper.engine) as session:
        assert session.get_one(WorkOrderRow, order_id).state == "completed"


async def test_a_reason_that_fits_no_such_order_is_refused_with_those_that_do(client: TestClient, paper: Paper) -> None:
    _, order_id = paper.order(await paper.open())
    assert said(client, order_id, "could_not_complete", reason="nobody_home") == (422, "/problems/no-such-reason")
    assert outbox(paper) == []
    with reading(paper.engine) as session:
        assert session.get_one(WorkOrderRow, order_id).state == "dispatched"


async def test_a_recalled_crew_that_has_turned_round_says_so(client: TestClient, paper: Paper) -> None:
    _, order_id = paper.order(await paper.open())
    assert [said(client, order_id, "cancelled") for _ in range(2)] == [(200, None)] * 2
    assert [key for kind, key in outbox(paper) if kind == "tell"] == [f"tell/{SHOP}/field/{order_id}/cancelled"]


async def test_a_cut_without_leave_and_a_day_that_cannot_be_are_told_with_the_report(
    client: TestClient, paper: Paper
) -> None:
    _, order_id = paper.order(await paper.open())
    now = paper.clock.now()
    at = {"long ago": "1999-01-01T12:00:00Z", "today": now.isoformat(), "tomorrow": "2026-09-02T12:00:00Z"}
    days = {"long ago": "1999-01-01", "today": None, "tomorrow": "2026-09-02"}
    for when, instant in at.items():
        with transaction(paper.engine) as session:
            session.exec(delete(OutboxRow))
            session.get_one(WorkOrderRow, order_id).state = "dispatched"
        assert said(client, order_id, "complete", at=instant) == (200, None), "the service may be off"
        assert (report(paper)["on"], report(paper)["urgent"]) == (days[when], True)
    with transaction(paper.engine) as session:
        session.exec(delete(OutboxRow))
        session.get_one(WorkOrderRow, order_id).state = "acknowledged"
    assert said(client, order_id, "complete", at=now.isoformat()) == (200, None)
    assert report(paper)["urgent"] is False


def report(paper: Paper) -> dict[str, Any]:
    with reading(paper.engine) as session:
        found: dict[str, Any] = session.exec(select(OutboxRow)).one().body["told"]
        return found


def test_a_signed_body_that_is_no_json_is_told_so(client: TestClient) -> None:
    for body in ("", '{"order_id":', "\x00"):
        answer = client.post(f"{API}/field/callbacks", content=body, headers=signed(body))
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/malformed-request")


def test_an_order_that_nobody_placed_is_not_there(client: TestClient, tokens: Headers) -> None:
    assert said(client, "WO-9", "complete") == (404, "/problems/no-such-work-order")


@pytest.mark.parametrize("kind", ["acknowledge", "complete"])
def test_an_unsigned_word_is_no_word(client: TestClient, tokens: Headers, kind: str) -> None:
    headers = tokens["crew"] | {"content-type": "application/json"}
    assert said(client, "WO-9", kind, headers) == (401, "/problems/unauthenticated")


async def test_a_gate_is_asked_of_facts_brought_along(client: TestClient, paper: Paper, tokens: Headers) -> None:
    question = {
        "account": {
            "account_no": SHOP,
            "customer_class": "residential",
            "status": "active",
            "services": ["electric"],
        },
        "at": "2026-09-09T15:30:00Z",
        "bills": [
            {
                "bill_no": "1",
                "service": "electric",
                "bill_on": "2026-06-01",
                "due_on": "2026-06-22",
                "original_cents": 30_000,
                "open_cents": 30_000,
            }
        ],
        "facts": [
            {
                "fact_id": "f1",
                "kind": "medical_certificate",
                "starts": "2026-09-01T12:00:00Z",
                "known_at": "2026-09-01T12:00:00Z",
                "details": {"form": "first"},
            }
        ],
    }
    url = f"{API}/gates/dispatch_disconnection"
    answer = client.post(url, headers=tokens["ada"], json=question)
    assert answer.status_code == 200, answer.text
    assert answer.json()["allows"] is False
    blocks = [each for each in answer.json()["outcomes"] if each["finding"] == "blocks"]
    assert any("medical" in each["says"].lower() for each in blocks)
    assert all(each["citation"] for each in blocks)


def test_the_pack_in_force_shows_each_value_with_its_source(client: TestClient, paper: Paper, tokens: Headers) -> None:
    shown = client.get(f"{API}/policies/{paper.policy.pack}", headers=tokens["ada"]).json()
    assert {value["standing"] for each in shown["parameters"] for value in each["values"]} <= {
        "law",
        "policy",
        "assumed",
        "counsel",
    }
    assert client.get(f"{API}/policies/elsewhere", headers=tokens["ada"]).status_code == 404


def test_a_pack_brought_along_is_checked_and_nothing_is_stored(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    url = f"{API}/policies/{paper.policy.pack}/check"
    in_force = client.post(url, headers=tokens["ada"], json={})
    assert (in_force.status_code, in_force.json()) == (200, {"loads": True, "findings": []})
    pack = """
        pack = "own"
        version = "1"
        title = "Own"
        extends = "rochester-mn"
        [notice.min_days_mailed_winter]
        unit = "calendar days after mailing"
        values = [{ from = 2021-07-01, value = 20, status = "law", source = "the law of old" }]
    """
    found = client.post(url, headers=tokens["ada"], json={"text": pack}).json()
    assert (found["loads"], [each["kind"] for each in found["findings"]]) == (False, ["shorter_than_law"])
    assert found["findings"][0]["example"][-1]["says"].startswith("recommendation; with notice.min_days_mailed_winter")
    elsewhere = pack.replace("rochester-mn", "../../secrets")
    refused = client.post(url, headers=tokens["ada"], json={"text": elsewhere}).json()
    assert "there is no pack" in refused["findings"][0]["says"]
    strange = pack.replace("min_days_mailed_winter", "min_days_by_owl")
    (finding,) = client.post(url, headers=tokens["ada"], json={"text": strange}).json()["findings"]
    assert (finding["kind"], finding["keys"]) == ("unknown", ["notice.min_days_by_owl"])
    assert client.post(f"{API}/policies/elsewhere/check", headers=tokens["ada"], json={}).status_code == 404


async def test_an_extract_of_tomorrow_is_refused_by_name(client: TestClient, paper: Paper, tokens: Headers) -> None:
    text = await paper.systems.billing.delinquencies(paper.policy.calendar.day(paper.clock.now()))
    later = text.replace(b"2026-09-01", b"2026-09-30")
    answer = client.post(
        f"{API}/imports/aging", params={"file_name": "aging_2026-09-30.csv"}, headers=tokens["sven"], content=later
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/file-as-of-in-the-future")
    assert "aging_2026-09-30.csv" in answer.json()["detail"]


def test_reports_count_what_is_there(client: TestClient, paper: Paper, tokens: Headers) -> None:
    assert client.get(f"{API}/reports/stages", headers=tokens["ada"]).json() == {"name": "stages", "lines": []}
    assert client.get(f"{API}/reports/profit", headers=tokens["ada"]).status_code == 404


def test_a_report_of_some_days_leaves_as_a_file_for_a_spreadsheet(client: TestClient, tokens: Headers) -> None:
    days = {"from": "2026-08-17", "to": "2026-09-01"}
    weeks = client.get(f"{API}/reports/payments", params=days, headers=tokens["ada"]).json()["lines"]
    assert [line["week"] for line in weeks] == ["2026-08-17", "2026-08-24", "2026-08-31"]
    file = client.get(f"{API}/reports/payments", params=days | {"format": "csv"}, headers=tokens["ada"])
    assert (file.headers["content-type"].split(";")[0], file.text.splitlines()[1]) == ("text/csv", "2026-08-17,0,0,0,0")
    book = client.get(f"{API}/reports/payments", params={"format": "xlsx"}, headers=tokens["ada"])
    assert book.content.startswith(b"PK")
    backwards = client.get(
        f"{API}/reports/payments", params={"from": "2026-09-01", "to": "2026-08-01"}, headers=tokens["ada"]
    )
    assert backwards.status_code == 422


def test_probes_and_metrics(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"database": True, "temporal": False})
    client.get(f"{API}/cases")
    assert 'route="/api/v1/cases",status="401"' in client.get("/metrics").text


async def test_nobody_is_named_in_the_log(
    client: TestClient, paper: Paper, tokens: Headers, capsys: pytest.CaptureFixture[str]
) -> None:
    await paper.open()
    with reading(paper.engine) as session:
        person = personal_of(session, SHOP)
    client.get(f"{API}/cases", params={"q": person.name}, headers=tokens["rosa"])
    client.get(f"{API}/{person.name}", headers=tokens["rosa"])
    client.get(f"{API}/accounts/{SHOP}", headers=tokens["rosa"])
    client.post(
        f"{API}/cases/{SHOP_CASE}/decisions",
        params={"preview": True},
        headers=tokens["rosa"],
        json={"type": "add_note", "note": f"{person.name}, {person.phone}"},
    )
    logged = capsys.readouterr()
    text = logged.out + logged.err
    assert "/api/v1/accounts/{account_no}" in text
    assert not [word for word in (person.name, person.phone, person.premise_address) if word and word in text]
