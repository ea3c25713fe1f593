"""Files of agencies at the console: taken, refused with line and reason, made once; what is held since an opening."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select

from activities.outbox import Relay
from casework.context import Desk, Installation, Person
from casework.errors import Refused
from casework.going_live import kept_back
from casework.opening import take_opening
from casework.opening_folder import write_folder
from domain import events as ev
from domain.money import Money
from domain.remedy import Remedy, RemedyKind, RemedyState
from domain.take.remedies import named
from gateways.observing import observing
from models.registers import GOING_LIVE
from models.session import reading
from models.tables import AgencyFileRow, FactRow, OutboxRow
from models.users import Role
from tests.casework.paper import Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.console.town import settle
from tests.workflows.world import SHOP, SHOPS

ACK = "placement_ref,account_no,placed_cents,result,reason,acknowledged_on\n"
GOOD = f"{ACK}PLC7,{SHOP},110140,rejected,missing_last4,2026-09-02\n"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(place(paper))
        yield paper


async def place(paper: Paper) -> None:
    case = await paper.open(SHOP)
    owed = Money(sum(bill.open.cents for bill in case.known.bills))
    case = paper.happen(case, ev.FinalBilled(due_on=date(2026, 7, 1), amount=owed))
    remedy = Remedy(
        remedy_id=f"{case.case_id}-p1",
        kind=RemedyKind.PLACEMENT,
        state=RemedyState.STANDING,
        bills=named(case.known.bills),
        amount=owed,
        told=owed,
        since=date(2026, 9, 1),
        with_whom="agency",
        ref="PLC7",
    )
    paper.happen(case, ev.PlacedWithAgency(remedy=remedy))


def signed_in(town: Paper, who: str) -> Browser:
    browser = Browser(TestClient(console_over(town.at)))
    browser.sign_in(who)
    return browser


def handed_in(browser: Browser, text: str, *, kind: str = "acknowledgment") -> Response:
    return browser.client.post(
        "/desk/agencies",
        data={"form_token": browser.token, "kind": kind},
        files={"file": ("ack.csv", text.encode(), "text/csv")},
    )


def told(town: Paper) -> int:
    with reading(town.engine) as session:
        return len(session.exec(select(OutboxRow).where(OutboxRow.kind == "tell")).all())


def test_an_agencys_file_is_taken_once_and_a_wrong_one_is_refused_with_line_and_reason(town: Paper) -> None:
    kim = signed_in(town, "kim")
    wrong = handed_in(kim, f"{GOOD}PLC8,{SHOPS[1]},x,accepted,,2026-09-02\n")
    assert wrong.status_code == 422
    assert "line 3" in wrong.text
    assert told(town) == 0
    data = f"{GOOD}PLC9,9900000010,5,accepted,,2026-09-02\n"
    taken = handed_in(kim, data).text
    assert "Lines told to cases: 1; accounts without an open case: 1" in taken
    assert "/accounts/9900000010" in taken, "which ones are to be looked at"
    again = handed_in(kim, data)
    assert (again.status_code, "taken before" in again.text) == (409, True)
    assert told(town) == 1
    with reading(town.engine) as session:
        assert len(session.exec(select(AgencyFileRow)).all()) == 1
    assert "ack.csv" in kim.get("/agencies").text


def test_the_file_of_a_days_placements_is_made_once_and_handed_out(town: Paper) -> None:
    kim = signed_in(town, "kim")
    made = kim.post("/agencies/files", agency="agency", kind="agency_placements", on="2026-09-01")
    assert made.headers["content-type"].startswith("text/csv")
    assert SHOP in made.text
    again = kim.post("/agencies/files", agency="agency", kind="agency_placements", on="2026-09-01")
    assert again.url == made.url
    nothing = kim.post("/agencies/files", agency="agency", kind="agency_placements", on="2026-08-01")
    assert (nothing.status_code, "Nothing to send" in nothing.text) == (409, True)
    assert kim.post("/agencies/files", agency="agency", kind="agency_placements", on="soon").status_code == 422


def test_who_may_not_take_files_neither_sees_the_form_nor_gets_one_in(town: Paper) -> None:
    ada = signed_in(town, "ada")
    assert "Hand in a file" not in ada.get("/agencies").text
    assert handed_in(ada, GOOD).status_code == 403
    assert told(town) == 0


def test_what_is_held_since_an_opening_is_counted_told_and_released_by_another(tmp_path: Path) -> None:
    folder = tmp_path / "opening"
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    with on_paper(tmp_path / "before") as paper:
        asyncio.run(settle(paper))
        relay = Relay(paper.engine, None, paper.systems.billing)  # type: ignore[arg-type]  # nothing waits for a case
        asyncio.run(relay.deliver())
        asyncio.run(write_folder(_desk(paper, "ines"), folder))
    with on_paper(tmp_path / "after") as paper:
        hire(paper)
        asyncio.run(_take(paper, folder))
        sven = signed_in(paper, "sven")
        held = asyncio.run(kept_back(_desk(paper, "sven")))
        assert held is not None
        assert sum(held.counts.values()) == len(held.items)
        assert "letter: reminder" in held.counts
        page = sven.get("/opening").text
        assert "letter: reminder" in page
        assert held.items[0].case_id in page
        stopped = sven.get("/stop").text
        assert "See what is held, and release it" in stopped, "nobody lets it go unseen"
        assert "Lift it" not in stopped
        released = sven.post("/opening/release")
        assert "Released." in released.text
        with reading(paper.engine) as session:
            assert session.get_one(FactRow, GOING_LIVE).until is not None
        assert "Nothing is held." in sven.get("/opening").text
        again = signed_in(paper, "sven").post("/opening/release")
        assert (again.status_code, "It was released by sven on Sep 1, 2026 at 05:00." in again.text) == (409, True)
        assert asyncio.run(kept_back(_desk(paper, "sven"))) is None


def test_over_a_weekend_what_is_held_is_looked_for_through_the_offices_next_day(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    with on_paper(tmp_path / "before") as paper:
        asyncio.run(settle(paper))
        asyncio.run(Relay(paper.engine, None, paper.systems.billing).deliver())  # type: ignore[arg-type]
        asyncio.run(write_folder(_desk(paper, "ines"), tmp_path / "opening"))
    with on_paper(tmp_path) as paper:
        asyncio.run(_take(paper, tmp_path / "opening"))
        for now, through in (("2026-09-01", "2026-09-03"), ("2026-09-04", "2026-09-09")):  # Labor Day is a Monday
            paper.clock.set(datetime.fromisoformat(f"{now} 17:00-05:00"))
            held = asyncio.run(kept_back(_desk(paper, "sven")))
            assert held is not None
            assert held.through == datetime.fromisoformat(f"{through} 00:00-05:00")


def test_an_installation_that_observes_says_so_on_every_page_and_hands_nothing_out(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(place(paper))
        banner, kim = "This installation only observes.", signed_in(paper, "kim")
        assert banner not in kim.get("/worklist").text
        paper.systems = observing(paper.systems, engine=paper.engine, zone="America/Chicago", posts=False)
        kim = signed_in(paper, "kim")
        assert banner in kim.get("/worklist").text
        assert banner in kim.get(f"/accounts/{SHOP}").text
        made = kim.post("/agencies/files", agency="agency", kind="agency_placements", on="2026-09-01")
        assert (made.status_code, "Nothing goes out here" in made.text) == (409, True)
        with pytest.raises(Refused, match="only-observes"):
            asyncio.run(write_folder(_desk(paper, "sven"), tmp_path / "folder"))
        assert not (tmp_path / "folder").exists(), "its notices were never served"


def _desk(paper: Paper, who: str) -> Desk:
    at = Installation(engine=paper.engine, clock=paper.clock, systems=paper.systems)
    return Desk(person=Person(username=who, role=Role.SUPERVISOR), at=at)


async def _take(paper: Paper, folder: Path) -> None:
    """Take the folder in; without Temporal its cases stand on record and do not run."""
    with pytest.raises(Refused, match="no-temporal"):
        await take_opening(_desk(paper, "ines"), folder)
