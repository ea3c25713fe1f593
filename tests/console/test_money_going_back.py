"""A credit that is nobody's, on the page of files: one click sends it back, another person writes the bank's file."""

import asyncio
import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from activities.payment_files import FileIntake
from casework.returned import originator_of
from formats import nacha
from formats.nacha import Draft, drafts_file
from tests.casework.paper import Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.money.desk import NoCase

ON = date(2026, 9, 1)


def a_credit(paper: Paper) -> bytes:
    draft = Draft(
        sec="CIE",
        transaction_code="22",
        routing="231380104",
        account="93805448061",
        amount_cents=12_00,
        individual_id="9999999999",
        name="A Payer",
        sequence=1,
    )
    made = datetime(2026, 9, 1, 4)  # a bank's file says its own local time
    return drafts_file(originator_of(paper.policy, ON), [draft], created_at=made, effective_on=ON).to_bytes()


def test_one_click_sends_it_back_and_a_second_person_hands_out_the_file(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        intake = FileIntake(paper.engine, paper.systems.billing, paper.policy)
        asyncio.run(intake.take(a_credit(paper), name="credits.ach", on=ON, at=paper.clock.now()))
        at = replace(paper.at, temporal=NoCase())  # type: ignore[arg-type]  # it is enough that a workflow may begin
        browser = Browser(TestClient(console_over(at)))
        browser.sign_in("kim")
        page = browser.get("/files")
        number = re.search(r"/suspense/(\d+)/send-back", page.text)
        assert number is not None
        browser.post(f"/suspense/{number[1]}/send-back")
        going = browser.get("/files").text
        own = browser.post("/suspense/write-back")

        assert "Money that goes back to its bank" in going
        assert "Every cent has its place." in going
        assert own.status_code in {200, 303}

        other = Browser(TestClient(console_over(at)))
        other.sign_in("sven")
        other.post("/suspense/write-back")
        link = re.search(r"/desk(/exports/sent_back-[0-9a-f]+)", other.get("/files").text)
        assert link is not None
        ((_, back),) = nacha.read(other.get(link[1]).content).entries()
        assert back.returned is not None
        assert (back.returned.return_code, back.amount_cents) == ("R22", 12_00)
