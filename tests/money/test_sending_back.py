"""Credits that are nobody's, sent back to the bank they came from: one person says so, another writes the file."""

from datetime import date, datetime, time

from casework.returned import originator_of
from domain.ledger import LedgerAccount
from formats import nacha
from formats.nacha import Draft, drafts_file
from models.ledger import balances
from models.session import reading
from tests.api.test_live import API, Http, http
from tests.workflows.world import SHOP, World

__all__ = ["http"]

SUSPENSE, EXPORTS = f"{API}/suspense", f"{API}/exports"
WRONG = ("9999999999", 12_00)
NOBODY = ("1234", 7_00)


def today(world: World) -> date:
    return world.policy.calendar.day(world.clock.now())


def credits_of(world: World, *sums: tuple[str, int], sec: str = "CIE") -> bytes:
    """Return a file of credits as banks send them for their customers: who is meant, and how much."""
    on = today(world)
    drafts = [
        Draft(
            sec=sec,
            transaction_code="22",
            routing="231380104",
            account="93805448061",
            amount_cents=cents,
            individual_id=whose,
            name="A Payer",
            sequence=place,
        )
        for place, (whose, cents) in enumerate(sums, start=1)
    ]
    made = datetime.combine(on, time(4))
    return drafts_file(originator_of(world.policy, on), drafts, created_at=made, effective_on=on).to_bytes()


async def handed_in(http: Http, world: World, data: bytes) -> list[dict[str, object]]:
    """Take the file in; return the money in suspense."""
    taken = await http.send("kim", f"{API}/payment-files?file_name=credits.ach", data)
    assert taken.status_code == 201, taken.text
    await world.client.get_workflow_handle(f"payment-file/{taken.json()['sha256']}").result()
    found: list[dict[str, object]] = (await http.get("kim", SUSPENSE)).json()["suspense"]
    return found


async def test_a_credit_that_is_nobodys_goes_back_by_one_click_and_a_second_persons_file(
    http: Http, world: World
) -> None:
    data = credits_of(world, (SHOP, 5_00), WRONG, NOBODY)
    wrong, nobody = await handed_in(http, world, data)
    assert (wrong["can_go_back"], nobody["can_go_back"]) == (True, True)

    asked = await http.post("kim", f"{SUSPENSE}/{wrong['entry_id']}/send-back", {})
    twice = await http.post("kim", f"{SUSPENSE}/{wrong['entry_id']}/send-back", {})
    matched = await http.post("kim", f"{SUSPENSE}/{wrong['entry_id']}/match", {"account_no": SHOP})
    own = (await http.post("kim", f"{SUSPENSE}/write-back", None)).json()
    await http.post("kim", f"{SUSPENSE}/{nobody['entry_id']}/send-back", {"code": "R23"})
    kept = await http.post("sven", f"{SUSPENSE}/{nobody['entry_id']}/keep", None)
    made = (await http.post("sven", f"{SUSPENSE}/write-back", None)).json()
    again = (await http.post("sven", f"{SUSPENSE}/write-back", None)).json()

    assert (asked.json()["code"], twice.status_code, matched.status_code) == ("R22", 200, 409)
    assert own == {"export": None, "left_out": {str(wrong["entry_id"]): "own_request"}}
    assert kept.json()["state"] == "open"
    assert (made["export"]["entries"], made["export"]["total_cents"], again["export"]) == (1, 12_00, None)
    file = await http.get("sven", f"{EXPORTS}/{made['export']['export_id']}/file")
    ((header, back),) = nacha.read(file.content).entries()
    (sent,) = [entry for _, entry in nacha.read(data).entries() if entry.amount_cents == WRONG[1]]
    assert back.returned is not None
    assert (header.sec, back.transaction_code, back.amount_cents) == ("CIE", "21", 12_00)
    assert (back.returned.return_code, back.returned.original_trace) == ("R22", sent.trace)

    await world.client.get_workflow_handle(f"payment-file/{made['export']['sha256']}").result()
    assert [row["entry_id"] for row in (await http.get("kim", SUSPENSE)).json()["suspense"]] == [nobody["entry_id"]]
    with reading(world.engine) as session:
        stands = {account: money.cents for account, money in balances(session).items()}
    assert stands[LedgerAccount.SUSPENSE] == -NOBODY[1]
    assert stands[LedgerAccount.CLEARING_ACH] == 5_00 + NOBODY[1]  # what the bank will have shown, in and out


async def test_what_is_no_credit_of_its_own_has_no_way_back(http: Http, world: World) -> None:
    same = credits_of(world, NOBODY, sec="CIE")
    (first,) = await handed_in(http, world, same)
    paid = "P,Q1,12,300,2026-09-01,web,A Payer,"
    rows = f"H,F9,2026-09-01,2026-09-01T04:00:00,CITY\n{paid}\nT,1,300,0,300"
    *_, by_file = await handed_in(http, world, rows.encode())

    refused = await http.post("kim", f"{SUSPENSE}/{by_file['entry_id']}/send-back", {})

    assert (first["can_go_back"], by_file["can_go_back"]) == (True, False)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "no-way-back")
