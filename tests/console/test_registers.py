"""The registers of a month in the console: who asked and who approved, what stands item by item, and as files."""

import asyncio
import csv
import io
from datetime import date
from pathlib import Path

from fastapi.testclient import TestClient

from casework.adjustments import decide_adjustment, propose_adjustment
from casework.month_registers import NAMES, fee_waivers, voids
from domain.account import Service
from domain.adjustments import Adjusting, AdjustmentReason
from domain.money import Money
from tests.casework.paper import Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.workflows.world import SHOP


def adjusted(paper: Paper, reason: AdjustmentReason, cents: int) -> None:
    """Let kim ask for a correction and sven approve it."""
    asked = Adjusting(service=Service.ELECTRIC, amount=Money(cents), reason=reason, about_on=date(2026, 8, 20))
    row = propose_adjustment(paper.desk("kim"), SHOP, asked, because="=1+1", key=f"{reason}").row
    decide_adjustment(paper.desk("sven"), row.adjustment_id, approve=True)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_page_shows_who_asked_and_who_approved_and_hands_each_list_out(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(paper.mirrored(SHOP))
        adjusted(paper, AdjustmentReason.MISREAD, -250_00)
        adjusted(paper, AdjustmentReason.FEE_WAIVER, -25_01)  # above what one person waives alone
        browser = Browser(TestClient(console_over(paper.at)))
        browser.sign_in("kim")
        page = browser.get("/registers").text
        with_billing = browser.get("/registers", billing="1").text
        files = {name: browser.get(f"/registers/{name}.csv", month="2026-09") for name in NAMES}
        (adjustment,) = rows(files["adjustments"].text)
        (waiver,) = rows(files["fee-waivers"].text)

        assert "Registers of September 2026" in page
        assert "The meter was misread" in page
        assert "Credit and deposits, as billing has them" in page
        assert "Deposits held" in with_billing
        assert "that takes a while" not in with_billing
        assert (adjustment["amount_cents"], adjustment["asked_by"], adjustment["approved_by"]) == (
            "-25000",
            "kim",
            "sven",
        )
        assert (waiver["amount_cents"], waiver["reason"]) == ("-2501", "fee_waiver")
        assert all(file.status_code == 200 for file in files.values())
        assert files["voids"].text.strip() == "day,account_no,service,amount_cents,reason,asked_by,approved_by"
        assert browser.get("/registers/voids.xlsx").content[:2] == b"PK"
        assert [line["approved_by"] for line in fee_waivers(paper.desk("kim"))] == ["sven"]
        assert voids(paper.desk("kim")) == []


def test_an_empty_month_a_month_to_come_and_a_wrong_name_are_said_to_be_so(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        browser = Browser(TestClient(console_over(paper.at)))
        browser.sign_in("kim")

        assert "Nothing was adjusted." in browser.get("/registers", month="2026-08").text
        assert "The month has not begun" in browser.get("/registers", month="2027-01").text
        assert browser.get("/registers/salaries.csv").status_code == 404
        for wrong in ("last", "2026-13", "2026-08-01", "0000-01", "9999-12"):
            for path in ("/registers", "/registers/voids.csv"):
                refused = browser.get(path, month=wrong)
                assert refused.status_code == 422
                assert "This is no month" in refused.text
                assert "such as 2026-08" in refused.text
        assert browser.get("/registers/voids.pdf").status_code == 404


def test_who_may_see_no_reports_sees_no_registers(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        browser = Browser(TestClient(console_over(paper.at)))
        browser.sign_in("cora")
        assert browser.get("/registers").status_code == 403
