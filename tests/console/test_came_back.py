"""Money that came back, on its page: a draft put right and a check looked at go out with the file for the bank."""

import asyncio
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from activities.messages import FilePart
from activities.payment_files import FileIntake, PaymentFileActivities
from domain import parameters as p
from formats import nacha
from models.policies import activate
from models.session import reading, transaction
from models.tables import ReturnedCheckRow
from tests.casework.paper import Paper, on_paper
from tests.console.checks import CENTS, CHECK_NO, a_check, a_check_back
from tests.console.conftest import Browser, console_over, hire
from tests.money.banking import drafts, returns
from tests.money.desk import NoCase
from tests.workflows.world import SHOP
from workflows.policies import hold

ON = date(2026, 9, 1)


async def hand_in(paper: Paper, *files: bytes) -> None:
    intake = FileIntake(paper.engine, paper.systems.billing, paper.policy)
    posting = PaymentFileActivities(paper.engine, paper.clock, paper.systems.billing)
    for place, data in enumerate(files):
        taken = await intake.take(data, name=f"file-{place}", on=ON, at=paper.clock.now())
        part = FilePart(file_id=taken.row.file_id, limit=100)
        while (await posting.settle_part(part)).left:
            pass
        await posting.finish_file(part)


def tell_people(paper: Paper) -> None:
    """Let the city say that a check which bounces may be collected electronically."""
    told = {p.RCK_NOTICE.key: tuple(replace(each, value=True) for each in paper.policy.values[p.RCK_NOTICE.key])}
    paper.policy = replace(paper.policy, values={**paper.policy.values, **told})
    hold(paper.policy)
    with transaction(paper.engine) as session:
        activate(session, paper.policy, paper.clock.now())


def browser_of(paper: Paper, name: str) -> Browser:
    at = replace(paper.at, temporal=NoCase())  # type: ignore[arg-type]  # it is enough that a workflow may begin
    browser = Browser(TestClient(console_over(at)))
    browser.sign_in(name)
    return browser


def test_a_check_is_looked_at_and_handed_out_in_the_banks_file(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        tell_people(paper)
        asyncio.run(hand_in(paper, a_check(SHOP), a_check_back()))
        kim, rosa = browser_of(paper, "kim"), browser_of(paper, "rosa")
        before = kim.get("/exceptions").text
        address = re.search(r"/desk(/exceptions/[^/\"]+/check)", before)
        assert address is not None
        undated = kim.post(address[1], dated_on="yesterday", whose="consumer")
        business = kim.post(address[1], dated_on="2026-08-30", whose="business").text
        kim.post(address[1], dated_on="2026-08-30", whose="consumer")
        kim.post(address[1], dated_on="2025-11-30", whose="consumer")
        taken_out = kim.get("/exceptions").text
        kim.post(address[1], dated_on="2026-08-29", whose="consumer")
        kim.post(address[1], dated_on="2026-08-28", whose="consumer")
        with reading(paper.engine) as session:
            read_as = session.exec(select(ReturnedCheckRow.dated_on)).one()
        due = kim.get("/exceptions").text
        kim.post("/exceptions/present")
        sent = kim.get("/exceptions").text
        link = re.search(r"/desk(/exports/retries-[0-9a-f]+)", kim.get("/exceptions").text)
        nothing = kim.post("/exceptions/present")
        assert link is not None
        ((header, entry),) = nacha.read(kim.get(link[1]).content).entries()

        assert "/check" not in rosa.get("/exceptions").text
        assert "There is no such day" in undated.text
        assert "Only a check drawn on a consumer" in business
        assert 'value="2026-08-30"' in business
        assert "to be presented again today" in due
        assert "to be presented again today" not in taken_out, "by its right date it is too old"
        assert "180 days" in taken_out
        assert read_as == date(2026, 8, 28), "until it has gone out, what was read may be put right"
        assert "Put right what was read on the check" in due
        assert address[1] not in sent
        assert (header.sec, entry.amount_cents, entry.individual_id) == ("RCK", CENTS, CHECK_NO)
        assert "Nothing is due: no file was written." in nothing.text or nothing.status_code in {302, 303}


def test_a_draft_not_as_authorized_goes_out_again_by_one_click_and_its_reason(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        sent = drafts(paper.policy, 84_20, on=ON)
        asyncio.run(hand_in(paper, sent, returns(paper.policy, [sent], "R11", on=ON)))
        kim = browser_of(paper, "kim")
        address = re.search(r"/desk(/exceptions/[^/\"]+/put-right)", kim.get("/exceptions").text)
        assert address is not None
        kim.post(address[1], because="It was drawn a day early.")
        after = kim.get("/exceptions").text
        again = kim.post(address[1], because="Clicked twice.")

        assert "It was drawn a day early." in after
        assert address[1] not in after
        assert "Clicked twice." not in kim.get("/exceptions").text
        assert again.status_code in {200, 302, 303}


@pytest.mark.parametrize("code", ["R10", "R02"])
def test_what_may_not_go_out_again_has_no_button(tmp_path: Path, code: str) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        sent = drafts(paper.policy, 84_20, on=ON)
        asyncio.run(hand_in(paper, sent, returns(paper.policy, [sent], code, on=ON)))
        page = browser_of(paper, "kim").get("/exceptions").text
        assert code in page
        assert "put-right" not in page
