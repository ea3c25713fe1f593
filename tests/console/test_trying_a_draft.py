"""A draft of a pack, tried on the page of rules: what the check says, what it states otherwise and would change."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.casework.paper import SHOP_CASE, Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.workflows.world import PACK

STATED = """
[path.min_balance_cents]
unit = "cents past due before any letter"
values = [{ from = 2018-01-31, value = 1000000, status = "policy", source = "a draft" }]
"""
TOO_SHORT = """
[notice.min_days_mailed_winter]
unit = "calendar days after mailing"
values = [{ from = 2018-01-31, value = 1, status = "policy", source = "a draft" }]
"""


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(paper.open())
        paper.clock.set(paper.clock.now() + timedelta(days=1))
        yield paper


@pytest.fixture
def browser(paper: Paper) -> Browser:
    browser = Browser(TestClient(console_over(paper.at)))
    browser.sign_in("sven")
    return browser


def tried(browser: Browser, text: str | bytes, name: str = "draft.toml") -> str:
    data = text.encode() if isinstance(text, str) else text
    posted = browser.client.post("/desk/policy", data={"form_token": browser.token}, files={"file": (name, data)})
    return posted.text


def test_a_draft_that_may_be_loaded_is_asked_along_the_latest_cases(browser: Browser) -> None:
    page = tried(browser, PACK.read_text() + STATED)
    assert "It may be loaded. Nothing is stored." in page
    assert "path.min_balance_cents" in page
    assert "Latest cases asked: 1. Gone another way: 1." in page
    assert f"/cases/{SHOP_CASE}" in page


def test_the_pack_in_force_states_nothing_new(browser: Browser) -> None:
    page = tried(browser, PACK.read_text())
    assert "Nothing: it states what is in force." in page
    assert "Latest cases asked: 1. Gone another way: 0." in page


def test_a_draft_below_the_law_is_told_of_with_its_fault_and_asked_no_case(browser: Browser) -> None:
    page = tried(browser, PACK.read_text() + TOO_SHORT)
    assert "It may not be loaded. Nothing is stored." in page
    assert "notice.min_days_mailed_winter" in page
    assert "Latest cases asked" not in page


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe\x00", "This is no pack"),
        (b"x" * 1_100_000, "This is no pack"),
        (b"pack = ", "It may not be loaded."),
    ],
    ids=["no text", "too large", "no TOML"],
)
def test_what_is_no_pack_is_told_of(browser: Browser, data: bytes, says: str) -> None:
    page = tried(browser, data)
    assert says in page
    assert "it states what is in force" not in page
