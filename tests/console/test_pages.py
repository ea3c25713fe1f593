"""Does every page show what it is there for, to those who may see it, and say plainly why not otherwise?"""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from activities.intake import Intake
from casework.mailing import make_batch
from console.guard import PAGES
from domain import events as ev
from domain.calendar import DAY
from models.session import reading
from models.tables import AccountRow
from tests.casework.paper import USERS, Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.console.tour import AGING, BATCH, EXTRACT
from tests.console.town import LONG_NAME, settle
from tests.workflows.world import SHOPS

NOTICED, PLANNED, HELD, ASKED, PROMISED, URGENT, CUT, _ = SHOPS
READS = [
    page.path.replace("{account_no:str}", NOTICED)
    .replace("{case_id:str}", f"{NOTICED}-1")
    .replace("{type:str}", "add_note")
    .replace("{batch_id:str}", BATCH)
    .replace("{import_id:str}", EXTRACT)
    .replace("/reports/{name:str}.{form:str}", "/reports/aging.xlsx")
    .replace("/playbooks/{name:str}", "/playbooks/death")
    for page in PAGES
    if "GET" in page.methods and not page.path.startswith(("/live", "/letters")) and "{digest" not in page.path
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """A town that tests only look at, or change each in a case of its own."""
    folder: Path = tmp_path_factory.mktemp("town")
    with on_paper(folder) as paper:
        hire(paper)
        asyncio.run(settle(paper))
        make_batch(paper.desk("rosa"), date(2026, 9, 1))
        take = Intake(paper.engine, paper.systems.billing, paper.policy).take
        asyncio.run(take(AGING, name="aging_0831.csv", at=paper.clock.now()))
        yield paper


@pytest.fixture(scope="module")
def browsers(town: Paper) -> dict[str, Browser]:
    """A browser for each person, signed in."""
    app = console_over(town.at)
    found = {name: Browser(TestClient(app)) for name in USERS}
    for name, browser in found.items():
        browser.sign_in(name)
    return found


@pytest.fixture
def rosa(browsers: dict[str, Browser]) -> Browser:
    return browsers["rosa"]


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("who", list(USERS))
def test_a_page_is_shown_or_refused_with_the_permission_that_lacks(
    browsers: dict[str, Browser], who: str, path: str
) -> None:
    answer = browsers[who].get(path)
    unknown = path.endswith("/timeline") or path.startswith(
        ("/exports/", "/agencies/files/", "/inquiries/", "/registers/", "/claims/", "/write-offs/", "/counter/")
    )
    nothing = 409 if path.endswith("/proof-of-claim.pdf") else 200  # no debt of the case was set aside
    assert answer.status_code in {200, 403, 404 if unknown else nothing}, answer.text[:500]
    if answer.status_code == 403:
        assert "does not hold the permission" in answer.text
    if who in {"rosa", "sven"} and path != "/accounts":
        assert "Something went wrong" not in answer.text


def test_the_auditor_sees_no_name_address_or_phone_on_any_page(browsers: dict[str, Browser], town: Paper) -> None:
    with reading(town.engine) as session:
        row = session.get_one(AccountRow, NOTICED)
        personal = [row.name, row.premise_address, row.phone, row.email]
    pages = [browsers["ada"].get(path).text for path in READS] + [browsers["ada"].post("/search", text=NOTICED).text]
    assert all(words not in page for page in pages for words in personal if words)
    assert NOTICED in pages[-1]


def test_the_worklist_says_why_each_case_is_here_and_where_its_points_come_from(rosa: Browser) -> None:
    text = rosa.get("/worklist", tab="all").text
    assert text.index(URGENT) == min(text.index(no) for no in SHOPS), "what is urgent stands first"
    assert LONG_NAME in text
    assert "someone is asked for 200" in text
    assert "Medical certificate" in text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"tab": "mine"}, {NOTICED, HELD, PROMISED, CUT}),
        ({"tab": "held"}, {HELD}),
        ({"tab": "all", "state": "off"}, {CUT}),
        ({"tab": "all", "state": "on_arrangement"}, {PLANNED}),
        ({"tab": "all", "hold": "medical_certificate", "min": "1", "service": "electric", "sort": "past_due"}, {HELD}),
        ({"tab": "all", "min": "100000"}, set()),
        ({"tab": "all", "min": "99999999999999999999"}, set(SHOPS)),
        ({"tab": "open"}, {ASKED, URGENT} - {ASKED}),
        ({"tab": "all", "state": "no such", "min": "abc", "sort": "%%%"}, set(SHOPS)),
    ],
)
def test_filters_show_what_they_name(rosa: Browser, asked: dict[str, str], expected: set[str]) -> None:
    text = rosa.get("/worklist", **asked).text
    assert {no for no in SHOPS if f"/desk/accounts/{no}" in text} == expected


def test_what_is_held_is_everyone_s_for_the_supervisor_and_one_s_own_for_others(browsers: dict[str, Browser]) -> None:
    held = {who: browsers[who].get("/worklist", tab="held").text for who in ("sven", "rosa", "senta")}
    assert f"/desk/accounts/{HELD}" in held["sven"]
    assert "with rosa" in held["sven"]
    assert f"/desk/accounts/{HELD}" in held["rosa"]
    assert f"/desk/accounts/{HELD}" not in held["senta"]


@pytest.mark.parametrize("path", ["/crews", "/mail", "/reports", "/books"])
@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_an_address_that_names_no_day_is_refused_in_words(browsers: dict[str, Browser], path: str, day: str) -> None:
    answer = browsers["sven"].get(path, **{"since" if path == "/reports" else "on": day})
    assert answer.status_code == 422
    assert "year, month and day" in answer.text or "year-month-day" in answer.text


def test_a_cursor_nobody_handed_out_is_refused_on_a_page(rosa: Browser) -> None:
    answer = rosa.get("/worklist", cursor="x")
    assert answer.status_code == 422
    assert "The cursor cannot be used" in answer.text


@pytest.mark.parametrize("how", ["number", "phone", "name", "address", "premises", "meter", "meter's digits"])
def test_search_finds_an_account_by_whatever_a_caller_gives(rosa: Browser, town: Paper, how: str) -> None:
    with reading(town.engine) as session:
        row = session.get_one(AccountRow, ASKED)
    text = {
        "number": row.account_no[:7],
        "phone": row.phone,
        "name": " ".join(reversed(row.name.upper().split())),
        "address": row.premise_address.lower(),
        "premises": row.premise_id,
        "meter": row.meters.split()[0].lower(),
        "meter's digits": row.meters.split()[0][1:],
    }[how]
    answer = rosa.post("/search", text=text)
    assert ASKED in answer.text
    assert text not in str(answer.url), "what a caller gives never stands in an address"


def test_a_search_for_nobody_says_what_can_be_searched_for(rosa: Browser) -> None:
    assert "Nobody answers to that" in rosa.post("/search", text="Zebulon Nobody").text
    assert "Nobody answers to that" in rosa.post("/search", text="%").text


def test_one_account_found_leads_straight_to_the_call(rosa: Browser) -> None:
    assert rosa.post("/search", text=ASKED, go="call").url.path == f"/desk/call/{ASKED}"


def test_the_account_shows_protections_first_and_the_plan_with_its_next_part(rosa: Browser) -> None:
    held, planned = rosa.get(f"/accounts/{HELD}").text, rosa.get(f"/accounts/{PLANNED}").text
    assert held.index("Medical certificate") < held.index("What comes next")
    assert "0 of 41 parts paid" in planned
    assert "next $50.00 on" in planned


def test_the_timeline_goes_back_by_parts_and_begins_at_the_day_asked_for(rosa: Browser, town: Paper) -> None:
    case = asyncio.run(_busy(town))
    first = rosa.get(f"/accounts/{case}").text
    assert first.count('class="desk-entry"') == 50
    part = rosa.get(f"/accounts/{case}/timeline", case=f"{case}-1", before="12").text
    assert part.count('class="desk-entry"') == 11
    assert "Earlier" not in part

    today = town.policy.calendar.day(town.clock.now())
    upto = rosa.get(f"/accounts/{case}", through=today.isoformat()).text
    before = rosa.get(f"/accounts/{case}", through=(today - DAY).isoformat()).text
    no_day = rosa.get(f"/accounts/{case}", through="yesterday")
    assert upto.count('class="desk-entry"') == 50
    assert before.count('class="desk-entry"') == 0
    assert "Nothing had happened by" in before
    assert 'name="through"' in before, "the way back is there too"
    assert no_day.status_code == 422


async def _busy(town: Paper) -> str:
    with reading(town.engine) as session:
        from casework.story import retold, the_row  # noqa: PLC0415

        case = retold(session, the_row(session, f"{SHOPS[7]}-1"))
    assert case is not None
    for number in range(60):
        case = town.happen(case, ev.NoteAdded(note=f"Note {number}"), by="rosa", key=f"note/{number}")
    return SHOPS[7]


def test_the_inspector_finds_the_record_whole_and_notices_a_changed_entry(rosa: Browser, town: Paper) -> None:
    assert "Each entry follows from the one before it" in rosa.get(f"/cases/{ASKED}-1/check").text


def test_state_on_a_day_before_the_case_is_refused_in_words(rosa: Browser) -> None:
    answer = rosa.get(f"/cases/{ASKED}-1/on", day="2026-08-01")
    assert answer.status_code == 422
    assert "was not open yet" in answer.text
    assert "year-month-day" in rosa.get(f"/cases/{ASKED}-1/on", day="tomorrow").text


def test_an_answer_that_cannot_be_taken_keeps_what_was_typed_and_says_which(rosa: Browser) -> None:
    typed = {"amount": "12,3x", "by": "next week", "seq": "3", "key": "k"}
    answer = rosa.post(f"/cases/{PROMISED}-1/decide/record_promise", **typed)
    assert answer.status_code == 422
    assert "2 answers cannot be taken" in answer.text
    assert 'value="12,3x"' in answer.text
    assert 'aria-describedby="d-amount-fault"' in answer.text


def test_a_preview_says_what_would_follow_and_stores_nothing(rosa: Browser, town: Paper) -> None:
    before = town.desk("rosa").read_now(lambda session: session.get_one(AccountRow, NOTICED).money_version)
    typed = {"amount": "100.00", "by": "2026-09-10"}
    answer = rosa.post(f"/cases/{NOTICED}-1/decide/record_promise/preview", **typed)
    assert answer.status_code == 200, answer.text
    assert "$100.00 was promised by Sep 10, 2026." in answer.text
    assert "Nothing was sent and nothing stored." in answer.text
    assert town.desk("rosa").read_now(lambda session: session.get_one(AccountRow, NOTICED).money_version) == before


def test_a_decision_that_cannot_be_reached_keeps_what_was_typed(rosa: Browser) -> None:
    row_seq = "2"
    answer = rosa.post(
        f"/cases/{HELD}-1/decide/add_note", note="Left the key with the neighbour.", seq=row_seq, key="k"
    )
    assert answer.status_code in {412, 503}
    assert "Left the key with the neighbour." in answer.text


def test_a_decision_on_a_case_that_moved_on_shows_who_changed_what(rosa: Browser) -> None:
    answer = rosa.post(f"/cases/{NOTICED}-1/decide/add_note", note="Will pay.", seq="1", key="k")
    assert answer.status_code == 412
    assert "Changed by" in answer.text
    assert "Given to rosa." in answer.text
    assert "Will pay." in answer.text


def test_a_decision_that_is_closed_says_why_without_a_word_of_ours_for_it(rosa: Browser) -> None:
    closed = rosa.get(f"/cases/{NOTICED}-1/decide").text
    assert "D02" in closed
    assert "no-agreement" not in closed


def test_who_asked_may_not_approve_and_is_told_so(browsers: dict[str, Browser]) -> None:
    assert "Your role does not decide on this." in browsers["senta"].get("/approvals").text
    assert "You asked for it yourself" in browsers["rosa"].get("/approvals").text
    assert "Do not approve" in browsers["sven"].get("/approvals").text


def test_a_rejection_needs_a_reason(browsers: dict[str, Browser]) -> None:
    answer = browsers["sven"].post(f"/approvals/{ASKED}-1-a1", say="reject", because="", key="k")
    assert answer.status_code == 422
    assert "Say why it is not approved." in answer.text


def test_many_approvals_at_once_show_each_effect_and_each_refusal_first(browsers: dict[str, Browser]) -> None:
    answer = browsers["sven"].post("/approvals-at-once", ticked=[f"{ASKED}-1-a1", "no-such"], say="look")
    assert answer.status_code == 200
    assert "Refused:" in answer.text
    assert "There is no approval no-such." in answer.text


def test_the_board_tells_orders_candidates_and_what_holds_each_back(rosa: Browser) -> None:
    text = rosa.get("/board").text
    assert "Noticed, and what holds each back" in text
    assert f"/desk/accounts/{CUT}" in text
    assert f"/desk/accounts/{CUT}" not in rosa.get("/board", service="gas").text
