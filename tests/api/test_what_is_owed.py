"""What is owed, through HTTP: listed, met with evidence, and the lists that are owed as files."""

from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import select

from casework.obligations import tell_of_due
from domain import events as ev
from domain.account import Service
from domain.states import ServiceStatus
from models.session import reading
from models.tables import AccountRow, ObligationRow, TaskRow
from tests.casework.paper import SHOP, Paper

API = "/api/v1"
Headers = dict[str, dict[str, str]]
PETITION = {
    "type": "record_fact",
    "kind": "bankruptcy",
    "starts": "2026-08-20T05:00:00Z",
    "details": {"chapter": "7", "petition_on": "2026-08-20"},
}


def owed(client: TestClient, who: dict[str, str], **params: str) -> list[dict[str, Any]]:
    answer = client.get(f"{API}/obligations", headers=who, params=params)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["obligations"]
    return found


async def test_a_petition_without_a_case_makes_the_proof_of_claim_due(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    assert client.post(f"{API}/accounts/{SHOP}/facts", json=PETITION, headers=tokens["rosa"]).status_code == 201
    (claim,) = owed(client, tokens["ada"], account_no=SHOP)
    assert (claim["duty"], claim["due_on"], claim["state"]) == ("proof_of_claim", "2027-02-16", "open")
    url = f"{API}/obligations/{claim['key']}/met"
    assert client.post(url, json={"evidence": "x", "on": "2026-09-30"}, headers=tokens["sven"]).status_code == 422
    met = client.post(url, json={"evidence": "ECF 12"}, headers=tokens["sven"]).json()
    assert (met["state"], met["met_by"], met["evidence"]) == ("met", "sven", "ECF 12")
    assert owed(client, tokens["ada"], account_no=SHOP) == []
    assert [each["state"] for each in owed(client, tokens["ada"], account_no=SHOP, state="met")] == ["met"]


async def test_everyone_is_owed_the_annual_notice_and_a_supervisor_is_told_when_it_presses(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    assert {each["duty"] for each in owed(client, tokens["ada"])} >= {"annual_notice", "city_list"}
    assert tell_of_due(paper.desk("sven")) == 0
    paper.clock.set(paper.clock.now() + timedelta(days=28))
    assert tell_of_due(paper.desk("sven")) == 1
    with reading(paper.engine) as session:
        (task,) = session.exec(select(TaskRow)).all()
        stored = session.get_one(ObligationRow, "annual_notice.city.2026")
    assert (task.kind, task.for_role, stored.warned_on is not None) == ("obligation_warned", "supervisor", True)


async def test_the_list_of_homes_off_is_a_file_that_names_them_and_nobody_else_sees(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    home = "9978281013"
    case = await paper.open(home)
    case = paper.happen(
        case,
        ev.OutsideActNoted(
            what="outside_service",
            service=Service.ELECTRIC,
            status=ServiceStatus.OFF,
            ref="x",
            urgent=False,
            because="",
        ),
    )
    key = "city_list.city.2026-10-15"
    answer = client.get(f"{API}/obligations/{key}/file", headers=tokens["sven"])
    assert answer.status_code == 200, answer.text
    header, *lines = answer.text.splitlines()
    assert header == "address,zip,service,off_since,account_no"
    assert client.get(f"{API}/obligations/{key}/file", headers=tokens["ada"]).status_code == 403
    with reading(paper.engine) as session:
        residential = session.get_one(AccountRow, home).customer_class == "residential"
    assert [line.endswith(home) for line in lines] == ([True] if residential else [])


def test_of_nothing_owed_there_is_no_file(client: TestClient, tokens: Headers) -> None:
    assert client.get(f"{API}/obligations/nothing.city.x/file", headers=tokens["sven"]).status_code == 404
    body = {"evidence": "x"}
    assert client.post(f"{API}/obligations/nothing.city.x/met", json=body, headers=tokens["sven"]).status_code == 404
