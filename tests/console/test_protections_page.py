"""Protections on a page of their own: whom they protect, until which day, and which end soon."""

from dataclasses import replace
from datetime import timedelta

from fastapi.testclient import TestClient

from domain.facts import ALWAYS, Fact, FactKind
from models.facts import record_fact
from models.session import transaction
from tests.casework.paper import Paper
from tests.console.conftest import Browser, console_over
from tests.workflows.world import SHOP

FULL = 100


def browser_of(paper: Paper, name: str) -> Browser:
    browser = Browser(TestClient(console_over(paper.at)))
    browser.sign_in(name)
    return browser


def known(paper: Paper, *facts: Fact) -> None:
    with transaction(paper.engine) as session:
        for fact in facts:
            record_fact(session, fact=fact, known_at=paper.clock.now(), account_no=SHOP)


def test_nothing_is_said_to_be_nothing(paper: Paper) -> None:
    assert "Nothing is on record that protects anyone now." in browser_of(paper, "rosa").get("/protections").text


async def test_the_last_day_is_said_and_what_ends_within_a_week_is_marked(paper: Paper) -> None:
    await paper.mirrored(SHOP)
    now = paper.clock.now()
    midnight = now.replace(hour=5) + timedelta(days=30)  # at which the city's day begins
    dispute = Fact(fact_id="d", kind=FactKind.DISPUTE, starts=now, known_at=now, until=now + timedelta(days=3))
    hold = replace(dispute, fact_id="h", kind=FactKind.HOLD, until=midnight)
    note = replace(dispute, fact_id="s", kind=FactKind.SAFETY_NOTE, until=None)
    known(paper, hold, dispute, note)
    rosa, ada = browser_of(paper, "rosa"), browser_of(paper, "ada")
    page = rosa.get("/protections").text
    holds = rosa.get("/protections", kind="hold").text
    none = rosa.get("/protections", kind="bankruptcy").text

    assert page.count("Ends soon") == 1
    assert page.index("Sep 4, 2026") < page.index("Sep 30, 2026"), "the last day is the one before the end"
    assert "Safety note" not in page
    assert "Sep 4, 2026" not in holds
    assert none.count("<tr>") == page.count("<tr>"), "of what nobody has all are shown"
    assert SHOP in page
    assert "desk-under" not in ada.get("/protections").text.split("<tbody>")[1].split("</th>")[0]


async def test_many_come_page_by_page_and_none_twice(paper: Paper) -> None:
    await paper.mirrored(SHOP)
    now = paper.clock.now()
    first = Fact(fact_id="h", kind=FactKind.HOLD, starts=now, known_at=now)
    known(paper, *(replace(first, fact_id=f"h{number:03}") for number in range(FULL + 5)))
    rosa = browser_of(paper, "rosa")
    one, two = rosa.get("/protections").text, rosa.get("/protections", after=f"h{FULL - 1:03}").text
    assert [page.count('data-label="Last day"') for page in (one, two)] == [FULL, 5]
    assert f"after=h{FULL - 1:03}" in one
    assert 'rel="next"' not in two


async def test_what_billing_has_always_had_is_said_so_and_not_as_of_a_day_in_the_last_century(paper: Paper) -> None:
    await paper.mirrored(SHOP)
    always = Fact(
        fact_id="m", kind=FactKind.MILITARY_ORDERS, starts=ALWAYS, known_at=ALWAYS, entered_by="billing", source="Vera"
    )
    known(paper, always)
    rosa = browser_of(paper, "rosa")
    page = rosa.get("/protections").text
    spanish = rosa.client.get("/desk/protections", headers={"accept-language": "es"}).text
    assert "as long as is known" in page
    assert "1999" not in page
    assert "facturación" in spanish
