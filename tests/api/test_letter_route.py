"""A letter is fetched as a PDF under a number of ours, and nobody on the way keeps a copy."""

from fastapi.testclient import TestClient

from domain import events as ev
from tests.casework.paper import Paper
from tests.casework.test_letter_pdf import a_letter


async def test_a_letter_comes_as_a_pdf_that_no_cache_keeps(
    paper: Paper, client: TestClient, tokens: dict[str, dict[str, str]]
) -> None:
    case = await paper.open()
    case = paper.happen(case, ev.ReminderSent(notice=a_letter(case, "reminder")))
    url = f"/api/v1/letters/{case.case_id}-l{case.seq}.pdf"
    found = client.get(url, headers=tokens["rosa"])
    assert found.status_code == 200
    assert found.headers["content-type"] == "application/pdf"
    assert found.headers["cache-control"] == "private, no-store"
    assert found.content.startswith(b"%PDF")
    assert client.get(url, headers=tokens["ada"]).status_code == 403
    assert client.get(url).status_code == 401


def test_a_letter_that_never_was_is_a_problem_not_a_pdf(client: TestClient, tokens: dict[str, dict[str, str]]) -> None:
    answer = client.get("/api/v1/letters/1-1-l2.pdf", headers=tokens["rosa"])
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "/problems/no-such-letter"
