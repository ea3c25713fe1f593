"""Bank days in the console: what agrees, what does not and why, the closing by someone else, and the month."""

import asyncio
from datetime import date
from pathlib import Path

from fastapi.testclient import TestClient

from activities.payment_files import FileIntake
from tests.casework.paper import on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.money.statements import bai2

ON = date(2026, 9, 1)
FEE = "2026-09-01.bank.unknown"


def test_an_accountant_explains_a_break_and_a_supervisor_closes_the_day(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        intake = FileIntake(paper.engine, paper.systems.billing, paper.policy)
        data = bai2(ON, ("409", 15_00, "ANALYSIS FEE"))
        asyncio.run(intake.take(data, name="statement.bai2", on=ON, at=paper.clock.now()))
        kim, sven = (Browser(TestClient(console_over(paper.at))) for _ in range(2))
        kim.sign_in("kim")
        sven.sign_in("sven")

        shown = kim.get("/books", on=str(ON)).text
        early = sven.post(f"/books/{ON}/close")
        kim.post(f"/books/{ON}/breaks/{FEE}")
        kim.post(f"/books/{ON}/breaks/{FEE}", because="The bank's monthly fee.")
        own = kim.post(f"/books/{ON}/close")
        sven.post(f"/books/{ON}/close")
        closed = kim.get("/books", on=str(ON), month="1").text

        assert "Something does not agree" in shown
        assert "Nobody knows for what" in shown
        assert "There are unexplained breaks" in early.text
        assert "You explained one of the breaks" in own.text
        assert "The bank&#39;s monthly fee." in closed
        assert "The books are closed" in closed
        assert "The month ties" in closed


def test_a_day_to_come_and_what_is_no_day_are_said_to_be_so(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        browser = Browser(TestClient(console_over(paper.at)))
        browser.sign_in("kim")

        assert "The day has not come" in browser.get("/books", on="2027-01-04").text
        assert "This is no day" in browser.get("/books", on="yesterday").text
        assert "Bank, files, ledger and billing agree." in browser.get("/books").text
