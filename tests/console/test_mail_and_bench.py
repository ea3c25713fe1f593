"""The pages of mail, documents and the arrangement workbench do what they say, and say why not where they do not."""

import asyncio
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from models.session import reading
from models.tables import CopyAddressRow, LetterRow, MailBatchRow
from tests.casework.paper import USERS, Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.console.town import settle
from tests.workflows.world import SHOPS

NOTICED, PLANNED = SHOPS[:2]
TODAY = "2026-09-01"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(settle(paper))
        yield paper


@pytest.fixture
def rosa(town: Paper) -> Browser:
    return signed_in(town, "rosa")


def signed_in(town: Paper, who: str) -> Browser:
    assert who in USERS
    browser = Browser(TestClient(console_over(town.at)))
    browser.sign_in(who)
    return browser


def batch_id(town: Paper) -> str:
    with reading(town.engine) as session:
        return session.exec(select(MailBatchRow.batch_id)).one()


def test_a_day_s_letters_are_printed_mailed_and_signed_for(town: Paper, rosa: Browser) -> None:
    assert "1 letter of this day is in no batch yet" in rosa.get("/mail", on=TODAY).text
    made = rosa.post("/mail", on=TODAY)
    assert made.url.path.endswith(f"/mail/{batch_id(town)}")
    assert PLANNED in made.text
    assert NOTICED not in made.text, "its notice was mailed by the mail house"
    with zipfile.ZipFile(io.BytesIO(rosa.get(f"/mail/{batch_id(town)}/print.zip").content)) as file:
        assert "manifest.csv" in file.namelist()
    assert rosa.get(f"/mail/{batch_id(town)}/certificate.pdf").content.startswith(b"%PDF")
    early = rosa.post(f"/mail/{batch_id(town)}/sign", name="Rosa")
    assert (early.status_code, "not mailed yet" in early.text) == (409, True)
    rosa.post(f"/mail/{batch_id(town)}/mailed", on=TODAY)
    signed = rosa.post(f"/mail/{batch_id(town)}/sign", name="Rosa Quill")
    assert "signed by Rosa Quill" in signed.text


def test_a_batch_of_nothing_says_so(rosa: Browser) -> None:
    answer = rosa.post("/mail", on="2026-08-30")
    assert answer.status_code == 409
    assert "Nothing is left to print" in answer.text
    assert rosa.post("/mail", on="yesterday").status_code == 422


def test_a_letter_that_came_back_is_noted_with_what_the_post_says(town: Paper, rosa: Browser) -> None:
    with reading(town.engine) as session:
        letter_id = session.exec(select(LetterRow.letter_id).where(LetterRow.account_no == NOTICED)).one()
    answer = rosa.post("/mail/returned", letter_id=letter_id, on=TODAY, because="moved")
    assert f"{letter_id} is noted as returned" in answer.text
    assert "came back" in rosa.get(f"/accounts/{NOTICED}").text
    unknown = rosa.post("/mail/returned", letter_id="1-1-l1", on=TODAY, because="moved")
    assert unknown.status_code == 404


def test_copies_go_to_whom_they_are_set_for_and_to_nobody_once_emptied(town: Paper, rosa: Browser) -> None:
    page = f"/accounts/{NOTICED}/copies"
    rosa.post(page, copy_for="owner", name="Elm Homes", lines="1 Main St\nDemo City MN 55999")
    assert "Elm Homes" in rosa.get(page).text
    nameless = rosa.post(page, copy_for="owner", name="", lines="1 Main St")
    assert (nameless.status_code, "1 Main St" in nameless.text) == (422, True)
    rosa.post(page, copy_for="owner", name="", lines="")
    with reading(town.engine) as session:
        assert session.exec(select(CopyAddressRow)).all() == []


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.exe", b"MZ\x90\x00\x03", "Files of this type are not kept"),
        ("a.pdf", b"", "The file is empty"),
        ("a.docx", b"PK\x03\x04", "Temporal is not connected"),
    ],
)
def test_a_document_that_cannot_be_attached_says_why_and_keeps_its_title(
    rosa: Browser, name: str, data: bytes, says: str
) -> None:
    page = f"/desk/cases/{NOTICED}-1/documents"
    typed = {"form_token": rosa.token, "key": "k", "title": "Lease of the house"}
    answer = rosa.client.post(page, data=typed, files={"file": (name, data)})
    assert says in answer.text
    assert "Lease of the house" in answer.text


def test_the_workbench_shows_plans_best_first_and_judges_terms_as_they_are_typed(rosa: Browser) -> None:
    page = rosa.get(f"/cases/{NOTICED}-1/arrange")
    assert "best first" in page.text
    judged = rosa.post(f"/cases/{NOTICED}-1/arrange/preview", months="3")
    assert "What it stops" in judged.text
    assert judged.text.count("<tr>") >= 4, "every payment is shown"
    long = rosa.post(f"/cases/{NOTICED}-1/arrange/preview", months="40")
    assert "second person" in long.text or "usa-alert--error" in long.text
    empty = rosa.post(f"/cases/{NOTICED}-1/arrange/preview", months="")
    assert "Fill this in" in empty.text


def test_what_is_owed_and_how_agreements_stand_are_shown(town: Paper) -> None:
    sven = signed_in(town, "sven")
    assert PLANNED in sven.get("/plans").text
    assert "What we owe" in sven.get("/radar").text
    assert "No payment has come back" in sven.get("/exceptions").text
    crews = sven.get("/crews", on=TODAY).text
    assert NOTICED in crews
    assert "D02" in crews
