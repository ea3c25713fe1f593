"""What the API shows of cases, over SQL and the fakes; nothing here needs Temporal."""

from datetime import UTC, datetime

from fastapi.testclient import TestClient
from inline_snapshot import snapshot

from domain import events as ev
from domain.facts import Fact, FactKind
from tests.casework.paper import SHOP, SHOP_CASE, Paper

Headers = dict[str, dict[str, str]]
API = "/api/v1"
WORDS = "Mr Tansy will call back on Friday."


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


async def test_a_fact_entered_late_is_part_of_the_day_as_known_now_and_not_as_known_then(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case = await paper.open()
    paper.clock.set(datetime(2026, 9, 8, 15, tzinfo=UTC))
    now = paper.clock.now()
    late = Fact(
        fact_id="f1", kind=FactKind.MEDICAL_CERTIFICATE, starts=datetime(2026, 9, 2, 12, tzinfo=UTC), known_at=now
    )
    paper.happen(case, ev.FactRecorded(fact=late), by="rosa")
    url = f"{API}/cases/{SHOP_CASE}/state"

    def facts(on: str, known: str) -> list[str]:
        shown = client.get(url, params={"on": on, "known": known}, headers=tokens["rosa"])
        assert shown.status_code == 200, shown.text
        return [fact["kind"] for fact in shown.json()["known"]["facts"]]

    ill = ["medical_certificate"]
    assert [facts("2026-09-03", "then"), facts("2026-09-03", "now")] == [[], ill]
    assert [facts("2026-09-01", "then"), facts("2026-09-01", "now")] == [[], []]
    assert facts("2026-09-08", "now") == ill
    assert client.get(url, params={"on": "2026-09-03", "known": "soon"}, headers=tokens["rosa"]).status_code == 422


async def test_each_closed_decision_says_why(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.open()
    shown = client.get(f"{API}/cases/{SHOP_CASE}/decisions", headers=tokens["rosa"]).json()["decisions"]
    by_type = {each["type"]: each for each in shown}
    assert len(shown) == 53
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
