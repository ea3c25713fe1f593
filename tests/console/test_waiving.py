"""Does the form of a correction say how many fees were waived this year, and whose word the next one needs?"""

import asyncio
from datetime import date
from pathlib import Path

from fastapi.testclient import TestClient

from casework.adjustments import decide_adjustment, propose_adjustment
from domain.account import Service
from domain.adjustments import Adjusting, AdjustmentReason
from domain.money import Money
from tests.casework.paper import Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.workflows.world import SHOP

FORM = f"/cases/{SHOP}-1/decide/propose_adjustment"


def waived(paper: Paper, key: str) -> None:
    asked = Adjusting(
        service=Service.ELECTRIC,
        amount=Money(-30_00),
        reason=AdjustmentReason.FEE_WAIVER,
        about_on=date(2026, 8, 20),
    )
    row = propose_adjustment(paper.desk("senta"), SHOP, asked, because="", key=key).row
    decide_adjustment(paper.desk("sven"), row.adjustment_id, approve=True)


def test_the_form_says_what_is_left_of_the_year_to_whoever_looks(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(paper.open(SHOP))
        browsers = {}
        for name in ("rosa", "senta"):
            browsers[name] = Browser(TestClient(console_over(paper.at)))
            browsers[name].sign_in(name)
        said = []
        for number in range(5):
            said.append({name: browser.get(FORM).text for name, browser in browsers.items()})
            if number < 4:
                waived(paper, f"w{number}")

    first, second, third, last = said[0], said[1], said[2], said[4]
    assert all("twelve months: 0 of 4." in page for page in first.values())
    assert all("needs nobody else" in page for page in first.values())
    assert "waits for a second person" in second["rosa"]
    assert "needs nobody else" in second["senta"]
    assert "waits for a second person" in third["senta"]
    assert "twelve months: 4 of 4. No more are." in last["senta"]
