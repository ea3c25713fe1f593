"""Does the desk keep who called and what was checked, on the call screen and in the log, with a case and without?"""

import asyncio

import pytest

from casework.contacts import contacts
from console.pages.call import CALLERS
from domain import events as ev
from tests.casework.paper import SHOP, SHOP_CASE, Paper
from tests.console.conftest import Browser
from tests.console.tour import NOTHING_OWED

CALL = {"channel": "phone", "direction": "in", "outcome": "reached", "language": "en", "key": "k"}


@pytest.fixture
def rosa(desk: Browser) -> Browser:
    desk.sign_in("rosa")
    return desk


def test_the_call_screen_asks_who_it_is_in_the_form_that_notes_the_call(rosa: Browser, paper: Paper) -> None:
    asyncio.run(paper.open())
    text = rosa.get(f"/call/{SHOP}").text
    assert 'id="f-contact"' in text
    assert text.count('form="f-contact" name="who"') == len(CALLERS)
    assert 'form="f-contact" name="identity"' in text
    assert "the customer alone" in text


def test_customer_care_reads_what_may_be_said_and_notes_nothing(desk: Browser, paper: Paper) -> None:
    asyncio.run(paper.open())
    desk.sign_in("cora")
    text = desk.get(f"/call/{SHOP}").text
    assert "Leave no word of a debt" in text
    assert 'name="who"' not in text
    assert desk.post(f"/accounts/{SHOP}/contacts", **CALL, who="customer").status_code == 403


def test_nobody_is_put_down_as_the_customer_by_silence(rosa: Browser, paper: Paper) -> None:
    asyncio.run(paper.open())
    answer = rosa.post(f"/cases/{SHOP_CASE}/decide/record_contact", **CALL, seq="1", summary="A word.")
    assert answer.status_code == 422
    assert "A word." in answer.text
    assert "With whom" in answer.text


def test_without_a_case_a_call_is_noted_all_the_same_and_once(rosa: Browser, paper: Paper) -> None:
    asyncio.run(paper.mirrored(NOTHING_OWED))
    assert f'action="/desk/accounts/{NOTHING_OWED}/contacts"' in rosa.get(f"/call/{NOTHING_OWED}").text
    said = {"who": "tenant", "identity": ["name", "meter"], "rights_offered": ["dispute"], "summary": "Is it on?"}
    for _ in range(2):  # a second click
        noted = rosa.post(f"/accounts/{NOTHING_OWED}/contacts", **CALL, **said)
        assert noted.status_code == 200, noted.text
    assert "It is noted." in noted.text
    assert "A tenant, of an account that is another" in noted.text
    assert "name, number of the meter" in noted.text
    assert "to dispute the bill, and have the cut wait for the answer" in noted.text
    (entry,) = contacts(paper.desk("rosa"), NOTHING_OWED)
    assert (entry.row.who, entry.row.identity, entry.summary) == ("tenant", ["name", "meter"], "Is it on?")


def test_a_contact_that_contradicts_itself_is_refused_with_what_was_typed(rosa: Browser, paper: Paper) -> None:
    asyncio.run(paper.mirrored(NOTHING_OWED))
    answer = rosa.post(f"/accounts/{NOTHING_OWED}/contacts", **CALL, who="nobody", identity=["name"], summary="Hm.")
    assert answer.status_code == 409
    assert "nobody was there" in answer.text
    assert "Hm." in answer.text


def test_the_timeline_and_the_account_say_who_it_was_in_both_languages(rosa: Browser, paper: Paper) -> None:
    case = asyncio.run(paper.open())
    spoke = ev.ContactRecorded(
        channel="phone", direction="in", outcome="reached", right_party=False, who="owner", identity=("name",)
    )
    paper.happen(case, spoke, by="rosa")
    text = rosa.get(f"/accounts/{SHOP}").text
    assert "Call to us, the owner of the place, of a tenant&#39;s account: reached. Identity checked: name." in text
    assert "identity checked" in text
    rosa.client.cookies.set("arrears_language", "es")
    text = rosa.get(f"/accounts/{SHOP}").text
    assert "Llamada hacia nosotros, el dueño del lugar" in text
    assert "Identidad comprobada: nombre." in text


@pytest.mark.parametrize(("decision", "question"), [("file_bankruptcy", "chapter"), ("record_contact", "who")])
def test_of_several_choices_none_is_made_by_silence(rosa: Browser, paper: Paper, decision: str, question: str) -> None:
    asyncio.run(paper.open())
    text = rosa.get(f"/cases/{SHOP_CASE}/decide/{decision}").text
    first = text.partition(f'name="{question}"')[2].partition("<option")[2]
    assert first.startswith(' value="">')
