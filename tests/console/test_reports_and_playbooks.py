"""Reports with their files, facts asked for by their own questions, playbooks, and answers found again."""

import asyncio
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from casework.sheets import as_csv
from casework.summaries import SUMMARIES, Line
from casework.tables import Written, written
from console.fact_forms import BY_ITSELF, GROUPS, QUESTIONS, WORDS
from console.playbooks import PLAYBOOKS
from domain.evidence import SHAPES
from domain.facts import FactKind
from formats.aging import read_aging
from tests.casework.paper import Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.console.tour import AGING, EXTRACT, HELD, NOTICED, PLANNED, PROMISED, URGENT, furnish


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(furnish(paper))
        yield paper


def signed_in(town: Paper, who: str) -> Browser:
    browser = Browser(TestClient(console_over(town.at)))
    browser.sign_in(who)
    return browser


@pytest.fixture
def rosa(town: Paper) -> Browser:
    return signed_in(town, "rosa")


# --- reports --------------------------------------------------------------------------------------------------------


def test_each_report_is_a_picture_with_the_same_figures_in_a_table(rosa: Browser) -> None:
    text = rosa.get("/reports").text
    assert text.count('role="img"') >= 4
    assert text.count("<table") == text.count('role="img"')
    assert "$1,374.40" in text, "what came in this week by file and counter, the payment without a place aside"
    assert "$199.40" in text, "what went back of it, a void receipt too"


def test_a_report_leaves_as_csv_and_as_xlsx_with_the_same_rows(rosa: Browser) -> None:
    for name in SUMMARIES:
        rows = list(csv.reader(io.StringIO(rosa.get(f"/reports/{name}.csv").text)))
        book = CalamineWorkbook.from_filelike(io.BytesIO(rosa.get(f"/reports/{name}.xlsx").content))
        sheet = book.get_sheet_by_index(0).to_python()
        assert len(sheet) == len(rows), name
    assert rosa.get("/reports/aging.pdf").status_code == 404
    assert rosa.get("/reports/profit.csv").status_code == 404


def test_dollars_in_a_workbook_can_be_reckoned_with_and_no_text_becomes_a_formula() -> None:
    lines: list[Line] = [{"task": "=1+1", "cases": 3, "past_due_cents": 12_345}]
    (head, row) = (
        CalamineWorkbook.from_filelike(io.BytesIO(written(lines, "desk", Written.XLSX)))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert (head, row) == (["task", "cases", "past_due"], ["=1+1", 3.0, 123.45])
    assert written(lines, "desk", Written.CSV).splitlines()[1] == b"'=1+1,3,12345"


def test_days_that_run_backwards_are_too_many_or_are_none_are_refused_on_the_page(rosa: Browser) -> None:
    backwards = rosa.get("/reports", since="2026-09-02", through="2026-09-01")
    assert (backwards.status_code, "run backwards" in backwards.text) == (422, True)
    assert rosa.get("/reports", since="2000-01-01").status_code == 422
    assert rosa.get("/reports", since="yesterday").status_code == 422


# --- facts ----------------------------------------------------------------------------------------------------------


def test_every_detail_of_every_fact_has_its_question_and_every_value_its_word() -> None:
    for shape in SHAPES.values():
        for detail in shape.details:
            assert detail.key in QUESTIONS.keys() | BY_ITSELF
            assert set(detail.one_of) <= WORDS.keys()


def test_a_fact_that_a_person_records_is_offered_once() -> None:
    offered = [kind for _, kinds in GROUPS for kind in kinds]
    assert len(offered) == len(set(offered))
    elsewhere = {FactKind.HOLD, FactKind.DISPUTE, FactKind.STOP_SWITCH, FactKind.RETURNED_PAYMENT, FactKind.OUTSIDE_ACT}
    elsewhere |= {FactKind.PUT_RIGHT}
    assert set(offered) | elsewhere == set(FactKind)


def test_a_fact_asks_for_its_own_details_and_for_no_others(rosa: Browser) -> None:
    choice = rosa.get(f"/cases/{NOTICED}-1/decide/record_fact").text
    assert "?kind=medical_certificate" in choice
    form = rosa.get(f"/cases/{NOTICED}-1/decide/record_fact", kind="medical_certificate").text
    assert "by telephone" in form
    assert 'name="amount"' not in form
    assert "name: value" not in form


def test_what_a_fact_must_state_is_asked_for_and_goes_into_it(rosa: Browser) -> None:
    page = f"/cases/{NOTICED}-1/decide/record_fact"
    lacking = rosa.post(f"{page}/preview", kind="medical_certificate", source="clinic")
    assert "Fill this in" in lacking.text
    told = rosa.post(f"{page}/preview", kind="medical_certificate", source="clinic", **{"detail-form": "phone"})
    assert "Recorded: medical certificate" in told.text
    wrong = rosa.post(f"{page}/preview", kind="medical_certificate", source="clinic", **{"detail-form": "dove"})
    assert "Choose one of those offered" in wrong.text


def test_what_was_typed_about_a_fact_comes_back_when_it_cannot_be_taken(rosa: Browser) -> None:
    page = f"/cases/{NOTICED}-1/decide/record_fact"
    answer = rosa.post(page, kind="claimed_payment", source="customer", **{"detail-confirmation": "R-77"})
    assert answer.status_code == 422
    assert 'value="R-77"' in answer.text
    assert 'value="claimed_payment"' in answer.text


def test_the_account_s_page_says_a_fact_s_details_in_words(rosa: Browser) -> None:
    page = rosa.get(f"/accounts/{HELD}").text
    assert "· How it came: in writing" in page
    assert "<dd>English</dd>" in page


# --- playbooks and precedents ---------------------------------------------------------------------------------------


def test_a_playbook_shows_what_of_it_is_done_and_leads_to_each_decision(rosa: Browser) -> None:
    page = rosa.get(f"/cases/{URGENT}-1/playbooks/threat_to_staff").text
    assert page.count("On record since") == 1
    assert f"/cases/{URGENT}-1/decide/record_fact?kind=safety_note&amp;detail-note=threat" in page
    assert rosa.get(f"/cases/{URGENT}-1/playbooks/nothing").status_code == 404
    listed = rosa.get(f"/cases/{URGENT}-1/playbooks").text
    assert all(f"/playbooks/{each.name}" in listed for each in PLAYBOOKS)


def test_what_a_playbook_has_filled_in_stands_in_the_form(rosa: Browser) -> None:
    form = rosa.get(f"/cases/{URGENT}-1/decide/record_fact", kind="safety_note", **{"detail-note": "threat"}).text
    assert '<option value="threat" selected>' in form


def test_the_account_on_one_page_tells_what_happened_and_what_comes_next(rosa: Browser) -> None:
    page = rosa.get(f"/accounts/{PLANNED}/story").text
    assert "What comes next" in page
    assert "arrangement" in page.lower()
    assert rosa.get("/accounts/1/story").status_code == 404


def test_an_answer_is_found_again_by_its_words_and_kept_from_who_reads_no_notes(town: Paper, rosa: Browser) -> None:
    assert "May the down payment be half?" in rosa.get("/precedents").text
    assert f"{PROMISED}-1" in rosa.post("/precedents", text="INCOME half").text
    assert "No answered question holds these words" in rosa.post("/precedents", text="elephant").text
    assert signed_in(town, "kim").get("/precedents").status_code == 403


# --- extracts -------------------------------------------------------------------------------------------------------


def handed_in(who: Browser, data: bytes, *, say: str, name: str = "aging.csv") -> Response:
    typed = {"form_token": who.token, "say": say}
    return who.client.post("/desk/extracts", data=typed, files={"file": (name, data)})


def test_an_extract_is_looked_at_first_and_nothing_is_stored(town: Paper) -> None:
    kim = signed_in(town, "kim")
    listed = kim.get("/extracts").text
    fresh = AGING + b"\n"
    seen = handed_in(kim, fresh, say="look")
    assert (seen.status_code, "nothing is stored yet" in seen.text) == (200, True)
    assert "a day that cannot be" in seen.text
    assert kim.get("/extracts").text.count("aging_0831.csv") == listed.count("aging_0831.csv")
    assert "taking it again changes nothing" in handed_in(kim, AGING, say="look").text


def test_a_workbook_reads_as_the_csv_it_was_saved_from() -> None:
    rows = list(csv.reader(io.StringIO(AGING.decode())))
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, int(cell) if cell.isdigit() and column > 2 else cell)
    known = read_aging(AGING, known=lambda _: True, name="a")
    told = read_aging(as_csv(out.getvalue()), known=lambda _: True, name="a")
    assert told.rows == known.rows
    assert len(told.rejected) == len(known.rejected) == 1


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"", 422, "Refused"),
        (b"PK\x03\x04nothing", 422, "The workbook cannot be read"),
        (b"account_no,as_of\n1,2\n", 422, "column"),
    ],
)
def test_a_file_that_is_no_extract_is_refused_on_the_page(town: Paper, data: bytes, status: int, says: str) -> None:
    answer = handed_in(signed_in(town, "kim"), data, say="look")
    assert answer.status_code == status
    assert says == "Refused" or says in answer.text


def test_an_extract_s_page_names_each_row_that_was_not_taken_and_gives_them_as_csv(town: Paper, rosa: Browser) -> None:
    page = rosa.get(f"/extracts/{EXTRACT}").text
    assert "31-Aug-2026" in page
    assert "a day that cannot be" in page
    kim = signed_in(town, "kim")
    assert kim.get(f"/extracts/{EXTRACT}/errors.csv").text.splitlines()[0] == "line,column,value,reason"
    assert rosa.get(f"/extracts/{EXTRACT}/errors.csv").status_code == 403
    assert rosa.get("/extracts/none").status_code == 404
