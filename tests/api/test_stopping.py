"""One supervisor stops; two are needed to let go."""

from dataclasses import replace
from datetime import date, time, timedelta

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from casework.outlook import outlook
from domain.case import OrderState
from domain.gate import gate
from domain.parameters import RELEASE_BATCH
from domain.states import Stage
from domain.step import Step, StepKind
from domain.verdict import Action
from models.policies import activate
from models.session import reading, transaction
from models.tables import OutboxRow
from models.users import Role, issue_token
from tests.casework.paper import SHOP_CASE, USERS, Paper
from tests.ready import hire
from tests.workflows.world import SHOP, SHOPS

API = "/api/v1"
Headers = dict[str, dict[str, str]]
CUTS = {"scope": "cuts", "because": "The meters of one feeder may be mixed up."}


def told(paper: Paper) -> list[str]:
    with reading(paper.engine) as session:
        return [row.target for row in session.exec(select(OutboxRow)) if row.kind == "tell"]


async def test_one_supervisor_stops_the_cuts_and_every_open_case_looks_again(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    case, _ = paper.order(await paper.open(), OrderState.DISPATCHED)
    shown = client.post(f"{API}/stop-switch", json=CUTS, headers=tokens["sven"]).json()
    assert shown["cases"] == 1
    assert told(paper) == [SHOP]
    known = case.looking(await paper.known())
    for action, stopped in ((Action.ACKNOWLEDGE_DISCONNECTION, True), (Action.SERVE_NOTICE, False)):
        found = gate(action, known, paper.policy, paper.clock.now())
        assert ("G02" in {outcome.rule for outcome in found.blocking}) is stopped
    first = (await outlook(paper.desk("sven"), SHOP_CASE)).items[0]
    assert isinstance(first, Step)
    assert first.kind is StepKind.WITHDRAW_ORDER


async def test_the_same_key_throws_the_switch_once(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.open()
    headers = tokens["sven"] | {"Idempotency-Key": "k1"}
    first = client.post(f"{API}/stop-switch", json=CUTS, headers=headers).json()
    assert client.post(f"{API}/stop-switch", json=CUTS, headers=headers).json() == first
    assert len((await paper.known()).facts) == 1


async def test_whoever_threw_it_cannot_lift_it_and_another_supervisor_can(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.open()
    fact_id = client.post(f"{API}/stop-switch", json=CUTS, headers=tokens["sven"]).json()["fact_id"]
    refused = client.post(f"{API}/stop-switch/{fact_id}/lift", headers=tokens["sven"])
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/second-person")
    assert all(fact.until is None for fact in (await paper.known()).facts)
    with transaction(paper.engine) as session:
        lifter = _second(session, paper)
    lifted = client.post(f"{API}/stop-switch/{fact_id}/lift", headers={"Authorization": f"Bearer {lifter}"})
    assert (lifted.status_code, lifted.json()["cases"]) == (200, 1)
    assert [fact.until for fact in (await paper.known()).facts] == [paper.clock.now()]


def _second(session: Session, paper: Paper) -> str:
    now = paper.clock.now()
    hire(session, {"saga": Role.SUPERVISOR})
    return issue_token(session, "saga", issued_at=now, expires_at=now + timedelta(days=1))


async def test_nobody_but_a_supervisor_throws_it(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.open()
    answers = {who: client.post(f"{API}/stop-switch", json=CUTS, headers=tokens[who]).status_code for who in USERS}
    assert {who for who, status in answers.items() if status == 200} == {"sven"}


async def test_a_county_is_stopped_and_no_other(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.open()
    shown = client.post(f"{API}/stop-switch", json=CUTS | {"county": "Elsewhere"}, headers=tokens["sven"]).json()
    assert shown["cases"] == 0
    assert (await paper.known()).facts == ()


def test_a_switch_nobody_threw_is_not_found(client: TestClient, tokens: Headers) -> None:
    assert client.post(f"{API}/stop-switch/none/lift", headers=tokens["sven"]).status_code == 404


async def test_cuts_are_let_go_in_batches_that_the_crews_can_work_off(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    accounts = SHOPS[:3]
    for account_no in accounts:
        await paper.open(account_no, stage=Stage.NOTICED)
    small = replace(
        paper.policy,
        values=paper.policy.values
        | {RELEASE_BATCH.key: tuple(replace(dated, value=1) for dated in paper.policy.values[RELEASE_BATCH.key])},
    )
    with transaction(paper.engine) as session:
        activate(session, small, paper.clock.now() + timedelta(seconds=1))
    fact_id = client.post(f"{API}/stop-switch", json=CUTS, headers=tokens["sven"]).json()["fact_id"]
    with transaction(paper.engine) as session:
        lifter = {"Authorization": f"Bearer {_second(session, paper)}"}
    lifted = client.post(f"{API}/stop-switch/{fact_id}/lift", headers=lifter).json()
    assert (lifted["cases"], lifted["later"]) == (3, 2)
    untils = []
    for account_no in accounts:
        standing = [f for f in (await paper.known(account_no)).facts if f.holds(paper.clock.now())]
        untils.append(max((fact.until for fact in standing if fact.until), default=None))
    assert sorted(until for until in untils if until) == [
        paper.policy.calendar.at(date(2026, 9, day), time(8)) for day in (2, 3)
    ]
    assert untils.count(None) == 1
    assert lifted["last_at"] == "2026-09-03T13:00:00Z"
