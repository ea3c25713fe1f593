"""Facts through HTTP: with and without a case, corrected, and refused by name."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from domain import events as ev
from domain.account import Service
from domain.case import Fee
from domain.evidence import SHAPES
from domain.facts import Fact, FactKind
from domain.money import Money
from domain.states import ClosedReason, Stage
from models.session import reading
from models.tables import BillingEffectRow, FactRow, IncidentRow, TaskRow
from tests.casework.paper import SHOP, Paper

API = "/api/v1"
FACTS = f"{API}/accounts/{SHOP}/facts"
Headers = dict[str, dict[str, str]]
CERTIFICATE = {
    "type": "record_fact",
    "kind": "medical_certificate",
    "source": "clinic",
    "evidence": "doc-17",
    "starts": "2026-08-30T12:00:00Z",
    "details": {"form": "written"},
}


def recorded(client: TestClient, who: dict[str, str], body: dict[str, Any], **params: str) -> dict[str, Any]:
    answer = client.post(FACTS, json=body, headers=who, params=params)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def listed(client: TestClient, who: dict[str, str], **params: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(FACTS, headers=who, params=params).json()["facts"]
    return found


async def test_a_fact_is_kept_without_a_case_and_the_account_shows_it(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    fact = recorded(client, tokens["rosa"], CERTIFICATE)["fact"]
    assert (fact["entered_by"], fact["source"], fact["evidence"]) == ("rosa", "clinic", "doc-17")
    assert fact["starts"] < fact["known_at"]
    account = client.get(f"{API}/accounts/{SHOP}", headers=tokens["ada"]).json()
    assert fact["fact_id"] in {each["fact_id"] for each in account["facts"]}


async def test_the_same_request_twice_is_one_fact(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.mirrored()
    keyed = tokens["rosa"] | {"Idempotency-Key": "call-1"}
    first, again = recorded(client, keyed, CERTIFICATE), recorded(client, keyed, CERTIFICATE)
    assert first == again
    assert len(listed(client, tokens["rosa"], kind="medical_certificate")) == 1


async def test_a_corrected_fact_stays_on_record_as_believed_until_then(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    old = recorded(client, tokens["rosa"], CERTIFICATE)["fact"]
    change = {**CERTIFICATE, "type": "correct_fact", "fact_id": old["fact_id"], "because": "It came by telephone."}
    change["details"] = {"form": "phone"}
    answer = client.post(f"{FACTS}/{old['fact_id']}/correct", json=change, headers=tokens["senta"])
    assert answer.status_code == 200, answer.text
    new = answer.json()["fact"]
    standing = listed(client, tokens["ada"], kind="medical_certificate")
    assert [(each["fact_id"], each["replaces"]) for each in standing] == [(new["fact_id"], old["fact_id"])]
    history = listed(client, tokens["ada"], kind="medical_certificate", history="true")
    before = next(each for each in history if each["fact_id"] == old["fact_id"])
    assert (before["corrected_by"], before["withdrawn_at"] is not None) == (new["fact_id"], True)


async def test_a_representative_does_not_correct_what_protects(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await paper.mirrored()
    old = recorded(client, tokens["rosa"], CERTIFICATE)["fact"]
    body = {"type": "correct_fact", "fact_id": old["fact_id"], "because": "Wrong account."}
    url = f"{FACTS}/{old['fact_id']}/correct"
    assert client.post(url, json=body, headers=tokens["rosa"]).status_code == 403
    assert client.post(url, json=body, headers=tokens["senta"]).json()["fact"] is None
    assert listed(client, tokens["ada"], kind="medical_certificate") == []


async def test_a_fact_of_the_place_stays_with_the_place(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.mirrored()
    waiver = {"type": "record_fact", "kind": "owner_waiver", "source": "letter"}
    recorded(client, tokens["rosa"], waiver, about="premises")
    assert [each["about"] for each in listed(client, tokens["ada"], kind="owner_waiver")] == ["premises"]
    assert "owner_waiver" in {fact.kind for fact in (await paper.known()).facts}
    with reading(paper.engine) as session:
        row = session.exec(select(FactRow).where(FactRow.kind == "owner_waiver")).one()
    assert (row.account_no, bool(row.premise_id)) == (None, True)


async def test_what_the_customer_disputes_no_correction_ends(client: TestClient, paper: Paper, tokens: Headers) -> None:
    await paper.mirrored()
    dispute = recorded(client, tokens["rosa"], {"type": "record_fact", "kind": "dispute"})["fact"]
    body = {"type": "correct_fact", "fact_id": dispute["fact_id"], "because": "It was nothing."}
    answer = client.post(f"{FACTS}/{dispute['fact_id']}/correct", json=body, headers=tokens["sven"])
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/reviewer-decides")


FLAWS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("no form", {"kind": "medical_certificate", "source": "clinic"}, "fact-detail-missing"),
    ("no source", {"kind": "medical_certificate", "details": {"form": "phone"}}, "fact-source-missing"),
    ("odd form", {"kind": "medical_certificate", "source": "clinic", "details": {"form": "fax"}}, "fact-detail-unfit"),
    ("odd key", {"kind": "deceased", "source": "kin", "details": {"name": "x"}}, "fact-detail-unknown"),
    ("no date", {"kind": "bankruptcy", "details": {"chapter": "7", "petition_on": "soon"}}, "fact-detail-unfit"),
    ("no sum", {"kind": "bankruptcy", "details": {"chapter": "7", "paid_since": "12.50"}}, "fact-detail-unfit"),
    ("no service", {"kind": "bankruptcy", "details": {"chapter": "7", "read": "steam=100"}}, "fact-detail-unfit"),
    (
        "no amount",
        {"kind": "claimed_payment", "details": {"channel": "online", "confirmation": "1", "said_by": "customer"}},
        "fact-amount-missing",
    ),
    (
        "an amount where none fits",
        {"kind": "language", "amount_cents": 5, "details": {"code": "es"}},
        "fact-amount-unfit",
    ),
    (
        "ends first",
        {"kind": "language", "details": {"code": "es"}, "until": "2020-01-01T00:00:00Z"},
        "fact-ends-before-it-starts",
    ),
    ("a switch by the back door", {"kind": "stop_switch"}, "use-the-stop-switch"),
)


@pytest.mark.parametrize(("body", "slug"), [flaw[1:] for flaw in FLAWS], ids=[flaw[0] for flaw in FLAWS])
async def test_what_a_rule_could_not_read_is_refused_by_name(
    client: TestClient, paper: Paper, tokens: Headers, body: dict[str, Any], slug: str
) -> None:
    await paper.mirrored()
    answer = client.post(FACTS, json={"type": "record_fact", **body}, headers=tokens["rosa"])
    assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{slug}")
    assert answer.json()["way_out"]


def test_of_an_unknown_account_nothing_is_kept(client: TestClient, tokens: Headers) -> None:
    assert client.post(f"{API}/accounts/123/facts", json=CERTIFICATE, headers=tokens["rosa"]).status_code == 404


def test_every_kind_says_what_it_states(client: TestClient, tokens: Headers) -> None:
    kinds = client.get(f"{API}/fact-kinds", headers=tokens["ada"]).json()["kinds"]
    assert [each["kind"] for each in kinds] == list(FactKind)
    assert set(SHAPES) == set(FactKind)


async def test_a_cut_of_a_closed_case_is_found_wrong_too(client: TestClient, paper: Paper, tokens: Headers) -> None:
    case, order_id = paper.order(await paper.open(stage=Stage.NOTICED))
    case = paper.happen(case, ev.ServiceDisconnected(order_id=order_id, service=Service.ELECTRIC))
    paper.happen(case, ev.CaseClosed(reason=ClosedReason.CANCELLED))
    paper.clock.set(paper.clock.now() + timedelta(days=3))
    equipment = {"type": "record_fact", "kind": "life_support", "starts": "2026-08-01T12:00:00Z"}
    recorded(client, tokens["rosa"], equipment)
    with reading(paper.engine) as session:
        (incident,) = session.exec(select(IncidentRow)).all()
        kinds = sorted(row.kind for row in session.exec(select(TaskRow)))
    assert (incident.order_id, incident.rules) == (order_id, "D12")
    assert kinds == ["tell_counsel", "wrong_cut"]
    owed = client.get(f"{API}/obligations", headers=tokens["ada"], params={"account_no": SHOP}).json()["obligations"]
    # It had cost nothing yet, so no fee is left to be removed.
    assert {each["duty"] for each in owed} & {"wrong_cut_restored", "wrong_cut_counsel", "wrong_cut_fees"} == {
        "wrong_cut_restored",
        "wrong_cut_counsel",
    }


FEE = Money(4_000)


async def cut_and_charged(paper: Paper) -> str:
    """Let the shop be cut and charged for it in a case that is closed since; return the order's id."""
    case, order_id = paper.order(await paper.open(stage=Stage.NOTICED))
    case = paper.happen(case, ev.ServiceDisconnected(order_id=order_id, service=Service.ELECTRIC))
    key = f"{order_id}/reconnect_fee"
    today = paper.policy.calendar.day(paper.clock.now())
    charged = await paper.systems.billing.charge(
        key, account_no=SHOP, service=Service.ELECTRIC, kind="reconnect_fee", amount=FEE, on=today, due_on=today
    )
    fee = Fee(order_id=order_id, kind="reconnect_fee", ref=charged.ref, amount=FEE)
    case = paper.happen(case, ev.FeeCharged(fee=fee, service=Service.ELECTRIC))
    paper.happen(case, ev.CaseClosed(reason=ClosedReason.CANCELLED))
    paper.clock.set(paper.clock.now() + timedelta(days=3))
    return order_id


def adjusted(paper: Paper) -> list[int]:
    with reading(paper.engine) as session:
        return [row.cents for row in session.exec(select(BillingEffectRow).where(BillingEffectRow.name == "adjust"))]


async def test_what_a_wrong_cut_of_a_closed_case_has_cost_is_taken_back_by_itself_once(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    await cut_and_charged(paper)
    for kind in ("life_support", "medical_equipment"):
        recorded(client, tokens["rosa"], {"type": "record_fact", "kind": kind, "starts": "2026-08-01T12:00:00Z"})
    assert adjusted(paper) == [-FEE.cents]


async def test_a_cut_of_an_earlier_case_is_found_wrong_while_a_later_one_is_open(
    client: TestClient, paper: Paper, tokens: Headers
) -> None:
    order_id = await cut_and_charged(paper)
    later = await paper.open()
    equipment = Fact(
        fact_id=f"{later.case_id}-f2",
        kind=FactKind.LIFE_SUPPORT,
        starts=paper.clock.now() - timedelta(days=30),
        known_at=paper.clock.now(),
    )
    paper.happen(later, ev.FactRecorded(fact=equipment))
    with reading(paper.engine) as session:
        (incident,) = session.exec(select(IncidentRow)).all()
    assert (incident.order_id, adjusted(paper)) == (order_id, [-FEE.cents])
