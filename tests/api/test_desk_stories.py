"""The desk through HTTP, on a real Temporal server and a stepped clock: claim, illness, dispute, wrong cut."""

from datetime import timedelta
from typing import Any

from sqlmodel import select

from models.session import reading, transaction
from models.tables import IncidentRow, TaskRow
from models.users import Role, issue_token
from tests.api.test_live import API, CASE, DECISIONS, Http, http, temporal, world
from tests.ready import hire
from tests.workflows.world import SHOP, World

__all__ = ["http", "temporal", "world"]

FACTS = f"{API}/accounts/{SHOP}/facts"
RECOMMEND = {"type": "recommend_disconnection"}
Row = dict[str, Any]


async def forbidden_by(http: Http) -> set[str]:
    """Return the rules that keep a representative from recommending a cut just now; nothing is stored."""
    answer = await http.post("rosa", f"{DECISIONS}?preview=true", RECOMMEND)
    return set(answer.json().get("rules", ())) if answer.status_code == 409 else set()


async def facts(http: Http, kind: str, *, history: bool = False) -> list[Row]:
    found: list[Row] = (await http.get("ada", FACTS, kind=kind, history=history)).json()["facts"]
    return found


async def owed(http: Http, duty: str) -> list[Row]:
    states = ["open", "warned", "breached", "met", "met_late"]
    shown = (await http.get("ada", f"{API}/obligations", account_no=SHOP, duty=duty, state=states)).json()
    found: list[Row] = shown["obligations"]
    return found


def tasks(world: World) -> list[str]:
    with reading(world.engine) as session:
        return [row.kind for row in session.exec(select(TaskRow).where(TaskRow.account_no == SHOP))]


def claim(cents: int, confirmation: str) -> Row:
    details = {"channel": "pay_station", "confirmation": confirmation, "said_by": "customer"}
    return {"type": "record_fact", "kind": "claimed_payment", "amount_cents": cents, "details": details}


async def noticed(world: World, http: Http) -> int:
    """Bring the shop to where a cut could be recommended; return what it owes, in cents."""
    await world.open(SHOP)
    await world.until("2026-09-29 08:30")
    assert await forbidden_by(http) == set()
    owed: int = (await http.get("rosa", f"{API}/cases/{CASE}")).json()["balance_cents"]
    return owed


async def test_a_claimed_payment_that_never_comes_lapses_and_one_that_comes_is_found(world: World, http: Http) -> None:
    cents = await noticed(world, http)
    assert (await http.post("rosa", FACTS, claim(cents, "K1"), key="call-1")).status_code == 201
    assert await forbidden_by(http) == {"D17"}
    await world.until("2026-10-02 12:00")  # the third open day: its file may still come
    assert "D17" in await forbidden_by(http)
    await world.until("2026-10-05 12:00")
    assert "D17" not in await forbidden_by(http)
    assert [fact["details"]["outcome"] for fact in await facts(http, "claimed_payment")] == ["lapsed"]
    assert "claimed_payment_lapsed" in tasks(world)

    again = await http.post("rosa", FACTS, claim(cents, "K2"), key="call-2")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/claim-needs-a-senior")
    assert (await http.post("senta", FACTS, claim(cents, "K2"), key="call-3")).status_code == 201
    money = {"account_no": SHOP, "amount_cents": 5_000, "source": "counter", "trace": "K2"}
    assert (await http.post("kim", f"{API}/payments", money)).status_code == 201
    await world.rest(SHOP)
    ended = [(f["details"]["confirmation"], f["details"]["outcome"]) for f in await facts(http, "claimed_payment")]
    assert ended == [("K1", "lapsed"), ("K2", "matched")]
    assert (await facts(http, "claimed_payment"))[-1]["details"]["payment"] == "counter-K2"


async def test_a_certificate_by_telephone_holds_its_days_and_longer_once_it_is_written(
    world: World, http: Http
) -> None:
    await noticed(world, http)
    phone = {"type": "record_fact", "kind": "medical_certificate", "source": "clinic", "details": {"form": "phone"}}
    assert (await http.post("rosa", FACTS, phone, key="call-1")).status_code == 201
    assert await forbidden_by(http) == {"D12"}
    (offer,) = await owed(http, "agreement_offer")
    assert (offer["due_on"], offer["state"]) == ("2026-10-06", "open")
    await world.until("2026-10-06 12:00")  # the fifth open day still counts
    assert "D12" in await forbidden_by(http)
    await world.until("2026-10-07 12:00")
    assert "D12" not in await forbidden_by(http)
    assert [each["state"] for each in await owed(http, "agreement_offer")] == ["breached"]

    written = phone | {"details": {"form": "written"}, "evidence": "doc-9"}
    assert (await http.post("rosa", FACTS, written, key="mail-1")).status_code == 201
    assert "D12" in await forbidden_by(http)
    await world.until("2026-11-20 12:00")
    assert "D12" in await forbidden_by(http)


async def test_a_dispute_is_decided_by_the_reviewer_and_by_nobody_who_collects(world: World, http: Http) -> None:
    await noticed(world, http)
    now = world.clock.now()
    with transaction(world.engine) as session:
        hire(session, {"ruth": Role.REVIEWER})
        http._tokens["ruth"] = issue_token(session, "ruth", issued_at=now, expires_at=now + timedelta(days=90))
    opened = await http.post("rosa", DECISIONS, {"type": "open_dispute", "about": "The reading."}, key="d1")
    fact_id = next(e["body"]["fact"]["fact_id"] for e in opened.json()["events"] if e["type"] == "fact_recorded")
    assert await forbidden_by(http) == {"D04"}
    ruling = {"type": "resolve_dispute", "fact_id": fact_id, "outcome": "rejected", "because": "Read twice."}
    refused = [
        (await http.post(who, DECISIONS, ruling, key=f"r-{who}")).status_code for who in ("rosa", "senta", "sven")
    ]
    assert refused == [403, 403, 403]
    assert [each["state"] for each in await owed(http, "dispute_answer")] == ["open"]
    assert (await http.post("ruth", DECISIONS, ruling, key="r-ruth")).status_code == 200
    assert [each["state"] for each in await owed(http, "dispute_answer")] == ["met"]
    assert "D04" not in await forbidden_by(http)
    assert (await http.post("ruth", DECISIONS, RECOMMEND, key="no")).status_code == 403


async def test_a_cut_that_is_found_wrong_on_a_saturday_night_is_back_on_that_night(world: World, http: Http) -> None:
    await noticed(world, http)
    await http.post("senta", DECISIONS, RECOMMEND, key="cut")
    (pending,) = (await http.get("sven", f"{API}/approvals")).json()["approvals"]
    await http.post("sven", f"{API}/approvals/{pending['approval_id']}", {"type": "approve"}, key="yes")
    await world.until("2026-10-03 19:00")
    assert (await http.get("rosa", f"{API}/cases/{CASE}")).json()["status"] == "off"

    equipment = {"type": "record_fact", "kind": "life_support", "starts": "2026-09-01T12:00:00Z", "source": "clinic"}
    assert (await http.post("rosa", FACTS, equipment, key="late")).status_code == 201
    await world.rest(SHOP)
    await world.until("2026-10-03 23:00")
    assert (await http.get("rosa", f"{API}/cases/{CASE}")).json()["status"] == "on"
    types = world.types(SHOP)
    assert types[types.index("cut_found_wrong") :][:5] == [
        "cut_found_wrong",
        "task_raised",
        "task_raised",
        "order_placed",
        "service_restored",
    ]
    assert {"wrong_cut", "tell_counsel"} <= set(tasks(world))
    with reading(world.engine) as session:
        (incident,) = session.exec(select(IncidentRow)).all()
    assert (incident.rules, str(incident.found_on)) == ("D12", "2026-10-03")
    assert [each["state"] for each in await owed(http, "wrong_cut_restored")] == ["met"]
    assert [each["state"] for each in await owed(http, "wrong_cut_letter")] == ["met"]
    assert [each["due_on"] for each in await owed(http, "wrong_cut_counsel")] == ["2026-10-05"]
    letters = (await http.get("rosa", f"{API}/letters", case_id=CASE)).json()["letters"]
    (letter,) = [each for each in letters if each["kind"] == "wrongful disconnection"]
    pdf = await http.get("rosa", f"{API}/letters/{letter['letter_id']}.pdf")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
