"""Is what a rule goes by chosen from what the city's rules know, and never typed?"""

import asyncio
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.casework.paper import Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.workflows.world import SHOP


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    with on_paper(tmp_path_factory.mktemp("chosen")) as paper:
        hire(paper)
        asyncio.run(paper.open(SHOP))
        yield paper


@pytest.fixture
def rosa(paper: Paper) -> Browser:
    browser = Browser(TestClient(console_over(paper.at)))
    browser.sign_in("rosa")
    return browser


@pytest.mark.parametrize(
    ("form", "question", "one", "words"),
    [
        ("tell_programs", "programs", "weatherization", "Weatherization Assistance Program"),
        ("refer_for_assistance", "program", "energy_assistance", "Energy Assistance Program"),
        ("assess_ability_to_pay", "circumstances", "job_loss", "Loss of work"),
        ("assess_ability_to_pay", "aid", "snap", "SNAP"),
        ("record_fact?kind=claimed_payment", "detail-said_by", "family", "Family"),
        ("record_fact?kind=language", "detail-code", "so", "Somali"),
    ],
)
def test_what_a_rule_goes_by_is_chosen_in_words(rosa: Browser, form: str, question: str, one: str, words: str) -> None:
    page = rosa.client.get(f"/desk/cases/{SHOP}-1/decide/{form}").text
    chosen = rf'<option value="{one}"[^>]*>([^<]*)<|name="{question}" value="{one}"[^>]*><label[^>]*>([^<]*)<'
    found = re.search(chosen, page)
    assert found is not None
    assert words.lower() in (found[1] or found[2]).lower()
    assert f'<input class="usa-input" id="d-{question}"' not in page, "there is no field to type it into"


def test_each_way_of_paying_that_the_pack_lists_is_offered_for_a_claim_to_have_paid(rosa: Browser) -> None:
    page = rosa.get(f"/cases/{SHOP}-1/decide/record_fact", kind="claimed_payment").text
    assert '<option value="pay_station">' in page


def test_several_programs_are_ticked_and_told_of_at_once(rosa: Browser) -> None:
    ticked = ["weatherization", "budget_billing", "no_such_program"]
    seen = rosa.post(f"/cases/{SHOP}-1/decide/tell_programs/preview", programs=ticked).text
    none = rosa.post(f"/cases/{SHOP}-1/decide/tell_programs/preview").text
    assert "Recorded:" in seen
    assert "No program is named." in none
