"""What the API answers, over SQL and the fakes; nothing here needs Temporal."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from inline_snapshot import snapshot
from sqlmodel import select
from standardwebhooks.webhooks import Webhook

from api.guard import Guarded
from casework.permissions import ANYONE
from domain import events as ev
from domain.money import Money
from models.accounts import personal_of
from models.session import reading
from models.tables import OutboxRow, WorkOrderRow
from tests.api.conftest import SECRET
from tests.casework.paper import SHOP, SHOP_CASE, Paper

Headers = dict[str, dict[str, str]]
API = "/api/v1"
WORDS = "Mr Tansy will call back on Friday."


# --- who may -----------------------------------------------------------------------------------------------------


def test_every_route_of_the_application_goes_through_the_guard(app: FastAPI) -> None:
    ours = [route for route in app.routes if isinstance(route, APIRoute)]
    assert len(ours) > 30
    assert [route.path for route in ours if not isinstance(route, Guarded)] == []
    others = {getattr(route, "path", "") for route in app.routes if not isinstance(route, APIRoute)}
    assert others == {"/openapi.json", "/docs", "/docs/oauth2-redirect"}


def test_only_probes_are_answered_without_a_name(app: FastAPI) -> None:
    open_to_all = {
        route.path for route in app.routes if isinstance(route, Guarded) and route.access.permission in ANYONE
    }
    assert open_to_all == {"/healthz", "/readyz", "/metrics"}


def test_without_a_token_nothing_is_told(client: TestClient) -> None:
    answer = client.get(f"{API}/cases/{SHOP_CASE}")
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")


def test_a_token_that_nobody_issued_is_no_name(client: TestClient, tokens: Headers) -> None:
    assert client.get(f"{API}/cases", headers={"Authorization": "Bearer x"}).status_code == 401


def test_a_role_that_does_not_hold_the_permission_is_told_which(client: TestClient, tokens: Headers) -> None:
    answer = client.post(f"{API}/payments", headers=tokens["rosa"], json={})
    assert answer.status_code == 403
    assert answer.json()["rules"] == ["permission.post_payment"]


# --- problems -----------------------------------------------------------------------------------------------------


def test_a_case_that_is_not_there(client: TestClient, tokens: Headers) -> None:
    answer = client.get(f"{API}/cases/9900000010-1", headers=tokens["rosa"])
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == snapshot(
        {
            "type": "/problems/no-such-case",
            "title": "No such case",
            "status": 404,
            "detail": "There is no case 9900000010-1.",
            "instance": "/api/v1/cases/9900000010-1",
        }
    )


def test_a_path_that_is_not_there_is_not_repeated(client: TestClient) -> None:
    answer = client.get("/api/v1/Ann%20Larkspur")
    assert answer.json() == snapshot(
        {
            "type": "/problems/not-found",
            "title": "Not Found",
            "status": 404,
            "detail": "Nothing matches the given URI",
        }
    )


def test_a_method_that_is_not_understood_names_those_that_are(client: TestClient) -> None:
    answer = client.delete(f"{API}/cases/{SHOP_CASE}/decisions")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert answer.json()["type"] == "/problems/method-not-allowed"


def test_a_malformed_body_is_refused_by_field_without_an_echo(client: TestClient, tokens: Headers) -> None:
    body = {"account_no": "Ann Larkspur", "amount_cents": 1.5, "source": "counter", "trace": "1", "Ann Larkspur": 1}
    answer = client.post(f"{API}/payments", headers=tokens["kim"], json=body)
    assert "Larkspur" not in answer.text
    assert answer.json() == snapshot(
        {
            "type": "/problems/malformed-request",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": "Some fields of the request cannot be taken.",
            "instance": "/api/v1/payments",
            "faults": [
                {
                    "where": ["body", "account_no"],
                    "rule": "string_pattern_mismatch",
                    "says": "String should match pattern '^[0-9]{1,20}$'",
                },
                {
                    "where": ["body", "amount_cents"],
                    "rule": "int_from_float",
                    "says": "Input should be a valid integer, got a number with a fractional part",
                },
                {"where": ["body", "?"], "rule": "extra_forbidden", "says": "Extra inputs are not permitted"},
            ],
        }
    )


def test_a_bug_is_answered_without_its_message(app: FastAPI, paper: Paper, tokens: Headers) -> None:
    paper.engine.dispose()
    with TestClient(app) as client:
        app.state.installation = None
        answer = client.get(f"{API}/cases", headers=tokens["rosa"])
    assert answer.json() == snapshot(
        {
            "type": "/problems/internal-error",
            "title": "Internal Server Error",
            "status": 500,
            "detail": "Something went wrong here. It has been noted.",
        }
    )


# --- cases --------------------------------------------------------------------------------------------------------


async def test_a_case_is_shown_with_its_tag_and_304_while_nothing_changes(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await paper.open()
    first = client.get(f"{API}/cases/{SHOP_CASE}", headers=tokens["rosa"])
    tag = first.headers["etag"]
    assert first.json()["stage"] == "past_due"
    assert client.get(f"{API}/cases/{SHOP_CASE}", headers=tokens["rosa"] | {"If-None-Match": tag}).status_code == 304
    paper.happen(case, ev.NoteAdded(note=WORDS), by="rosa")
    assert client.get(f"{API}/cases/{SHOP_CASE}", headers=tokens["rosa"] | {"If-None-Match": tag}).status_code == 200


async def test_a_decision_on_what_is_no_longer_so_is_told_what_changed(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await paper.open()
    tag = client.get(f"{API}/cases/{SHOP_CASE}", headers=tokens["rosa"]).headers["etag"]
    paper.happen(case, ev.NoteAdded(note=WORDS), by="sven")
    answer = client.post(
        f"{API}/cases/{SHOP_CASE}/decisions",
        headers=tokens["rosa"] | {"If-Match": tag},
        json={"type": "add_note", "note": "x"},
    )
    assert (answer.status_code, answer.json()["changed"]) == (412, ["note_added"])


async def test_words_about_a_person_are_read_by_role(client: TestClient, paper: Paper, tokens: Headers) -> None:
    paper.happen(await paper.open(), ev.NoteAdded(note=WORDS), by="rosa")
    notes = {
        name: client.get(f"{API}/cases/{SHOP_CASE}/timeline", headers=tokens[name]).json()["events"][1]["body"]["note"]
        for name in ("rosa", "ada", "kim")
    }
    assert notes == {"rosa": WORDS, "ada": WORDS, "kim": "[redacted]"}


async def test_the_customer_is_shown_by_role(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.open()
    shown = {name: client.get(f"{API}/accounts/{SHOP}", headers=tokens[name]).json() for name in ("rosa", "ada")}
    assert shown["rosa"]["personal"]["name"]
    assert shown["ada"]["personal"] is None
    assert shown["ada"]["bills"][0]["open_cents"] > 0
    assert shown["ada"]["cases"] == [SHOP_CASE]


async def test_the_timeline_is_paged(client: TestClient, paper: Paper, tokens: Headers) -> None:
    case = await paper.open()
    for n in range(3):
        case = paper.happen(case, ev.NoteAdded(note=f"n{n}"), by="rosa")
    url = f"{API}/cases/{SHOP_CASE}/timeline"
    first = client.get(url, params={"limit": 2}, headers=tokens["rosa"]).json()
    rest = client.get(url, params={"limit": 2, "cursor": first["cursor"]}, headers=tokens["rosa"]).json()
    assert [event["seq"] for event in first["events"] + rest["events"]] == [1, 2, 3, 4]
    assert rest["cursor"] is None


async def test_what_comes_next_names_rule_and_arithmetic(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.open()
    shown = client.get(f"{API}/cases/{SHOP_CASE}/next", headers=tokens["ada"]).json()
    step = next(item for item in shown["items"] if item["is"] == "step")
    assert (step["kind"], step["arithmetic"][0]["start"]) == ("send_reminder", "2026-06-03")
    assert step["citation"]


async def test_a_case_is_told_as_it_stood_at_the_end_of_a_day(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await paper.open()
    paper.clock.set(datetime(2026, 9, 3, 15, tzinfo=UTC))
    paper.happen(case, ev.Assigned(to="rosa"), by="sven")
    url = f"{API}/cases/{SHOP_CASE}/state"

    def assigned(on: str) -> object:
        return client.get(url, params={"on": on}, headers=tokens["rosa"]).json().get("assigned_to")

    assert [assigned("2026-09-02"), assigned("2026-09-03")] == ["", "rosa"]
    before = client.get(url, params={"on": "2026-08-31"}, headers=tokens["rosa"])
    assert before.json()["type"] == "/problems/not-yet-open"


async def test_each_closed_decision_says_why(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.open()
    shown = client.get(f"{API}/cases/{SHOP_CASE}/decisions", headers=tokens["rosa"]).json()["decisions"]
    by_type = {each["type"]: each for each in shown}
    assert len(shown) == 32
    assert by_type["add_note"]["open"]
    assert by_type["recommend_disconnection"]["because"]["slug"] == "not-at-this-stage"
    assert by_type["refer_to_agency"]["because"]["slug"] == "forbidden"


async def test_a_preview_tells_the_schedule_and_leaves_nothing_behind(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.open()
    answer = client.post(
        f"{API}/cases/{SHOP_CASE}/decisions",
        params={"preview": True},
        headers=tokens["rosa"] | {"Idempotency-Key": "call-17"},
        json={"type": "agree_arrangement", "months": 3},
    )
    assert answer.status_code == 200, answer.text
    parts = answer.json()["events"][0]["body"]["arrangement"]["schedule"]
    owed = client.get(f"{API}/cases/{SHOP_CASE}", headers=tokens["rosa"]).json()
    assert sum(part["amount_cents"] for part in parts) == owed["past_due_cents"]
    assert owed["seq"] == 1


async def test_a_previewed_refusal_is_the_same_problem(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.open()
    answer = client.post(
        f"{API}/cases/{SHOP_CASE}/decisions",
        params={"preview": True},
        headers=tokens["rosa"],
        json={"type": "recommend_disconnection"},
    )
    assert answer.json() == snapshot(
        {
            "type": "/problems/not-at-this-stage",
            "title": "Not at this stage",
            "status": 409,
            "detail": "Recommend is not open to a case that is past due.",
            "instance": f"/api/v1/cases/{SHOP_CASE}/decisions",
            "rules": ["stage"],
            "way_out": "A disconnection notice must be served and run out first.",
        }
    )


async def test_cases_are_filtered_and_paged(client: TestClient, paper: Paper, tokens: Headers) -> None:
    for account_no in ("9906282455", "9978281013", "9925596000"):
        await paper.open(account_no)

    def asked(**params: object) -> dict[str, object]:
        shown: dict[str, object] = client.get(f"{API}/cases", params=params, headers=tokens["rosa"]).json()
        return shown

    first = asked(limit=2, sort="case")
    assert [case["case_id"] for case in first["cases"]] == ["9906282455-1", "9925596000-1"]
    rest = asked(limit=2, sort="case", cursor=first["cursor"])
    assert [case["case_id"] for case in rest["cases"]] == ["9978281013-1"]
    assert [case["case_id"] for case in asked(q="9925")["cases"]] == ["9925596000-1"]
    assert asked(state="noticed")["cases"] == []
    assert asked(cursor="abc")["type"] == "/problems/bad-cursor"


def test_a_name_is_not_searched_by_url(client: TestClient, tokens: Headers) -> None:
    answer = client.get(f"{API}/cases", params={"q": "Larkspur"}, headers=tokens["rosa"])
    assert answer.status_code == 422
    assert "Larkspur" not in answer.text


# --- once per key -------------------------------------------------------------------------------------------------

PAYMENT = {"account_no": SHOP, "amount_cents": 2_500, "source": "counter", "trace": "T-1"}


async def test_the_same_key_with_the_same_body_is_answered_as_before(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    headers = tokens["kim"] | {"Idempotency-Key": "k1"}
    first, again = (client.post(f"{API}/payments", headers=headers, json=PAYMENT) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


async def test_the_same_key_with_another_body_is_refused(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.mirrored()
    headers = tokens["kim"] | {"Idempotency-Key": "k1"}
    client.post(f"{API}/payments", headers=headers, json=PAYMENT)
    answer = client.post(f"{API}/payments", headers=headers, json=PAYMENT | {"trace": "T-2"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_a_request_that_was_malformed_gives_its_key_back(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    headers = tokens["kim"] | {"Idempotency-Key": "k1"}
    assert client.post(f"{API}/payments", headers=headers, json={}).status_code == 422
    assert client.post(f"{API}/payments", headers=headers, json=PAYMENT).status_code == 201


# --- money --------------------------------------------------------------------------------------------------------


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


def test_money_for_an_account_nobody_has_is_refused(client: TestClient, tokens: Headers) -> None:
    answer = client.post(f"{API}/payments", headers=tokens["kim"], json=PAYMENT)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-account")


def outbox(paper: Paper) -> list[tuple[str, str]]:
    with reading(paper.engine) as session:
        return [(row.kind, row.key) for row in session.exec(select(OutboxRow).order_by(OutboxRow.id))]


# --- crews --------------------------------------------------------------------------------------------------------


def signed(body: str) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "webhook-id": "m1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("m1", now, body),
        "content-type": "application/json",
    }


def said(client: TestClient, order_id: str, kind: str, headers: dict[str, str] | None = None) -> tuple[int, object]:
    body = f'{{"order_id": "{order_id}", "kind": "{kind}", "at": "2026-09-01T15:00:00Z"}}'
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
    assert said(client, order_id, "could_not_complete") == (200, None)
    with reading(paper.engine) as session:
        assert session.get_one(WorkOrderRow, order_id).state == "completed"


def test_an_order_that_nobody_placed_is_not_there(client: TestClient, tokens: Headers) -> None:
    assert said(client, "WO-9", "complete") == (404, "/problems/no-such-work-order")


@pytest.mark.parametrize("kind", ["acknowledge", "complete"])
def test_an_unsigned_word_is_no_word(client: TestClient, tokens: Headers, kind: str) -> None:
    headers = tokens["crew"] | {"content-type": "application/json"}
    assert said(client, "WO-9", kind, headers) == (401, "/problems/unauthenticated")


# --- the rest -----------------------------------------------------------------------------------------------------


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
