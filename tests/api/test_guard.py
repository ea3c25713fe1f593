"""Who is let in, once per key, and how every error looks."""

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from inline_snapshot import snapshot

from api.guard import Guarded
from casework.permissions import ANYONE
from tests.casework.paper import SHOP, SHOP_CASE, Paper

Headers = dict[str, dict[str, str]]
API = "/api/v1"


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
