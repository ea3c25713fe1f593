"""Money without a place on the page of files: whose it may be, and one click that posts it."""

import asyncio
import re
from datetime import date
from pathlib import Path

from fastapi.testclient import TestClient
from sqlmodel import select

from activities.payment_files import FileIntake
from models.session import reading
from models.tables import PaymentRow
from tests.casework.paper import SHOP, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.money.test_workflow import aggregator

ON = date(2026, 9, 1)
SLIP = SHOP[:4] + SHOP[5] + SHOP[4] + SHOP[6:]


def test_one_click_takes_the_suggestion(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        data = aggregator(f"P,A1,{SLIP},8420,2026-09-01,web,A Payer,")
        intake = FileIntake(paper.engine, paper.systems.billing, paper.policy)
        asyncio.run(intake.take(data, name="agg.csv", on=ON, at=paper.clock.now()))
        browser = Browser(TestClient(console_over(paper.at)))
        browser.sign_in("kim")
        page = browser.get("/files")
        assert f"Take {SHOP}" in page.text
        assert "two digits are turned about" in page.text
        number = re.search(r"/suspense/(\d+)/match", page.text)
        assert number is not None
        posted = browser.post(f"/suspense/{number[1]}/match", account_no=SHOP)
        assert posted.status_code in {200, 303}, posted.text
        with reading(paper.engine) as session:
            (payment,) = session.exec(select(PaymentRow)).all()
        assert (payment.account_no, payment.amount_cents) == (SHOP, 84_20)
        assert "Every cent has its place." in browser.get("/files").text
