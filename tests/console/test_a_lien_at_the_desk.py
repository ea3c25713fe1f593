"""A lien on the account's page: what frees it today, and on a day to come, in both languages."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from domain import events as ev
from domain import parameters as p
from domain.liens import payoff
from domain.money import ZERO, Money, total
from domain.policy import Dated, Source, Standing
from domain.remedy import Remedy, RemedyKind, RemedyState
from domain.take.remedies import named
from models.policies import activate
from models.session import transaction
from tests.casework.paper import Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.workflows.world import SHOP

FILED = date(2026, 9, 1)
RATE = Dated(date(2020, 1, 1), Decimal(12), Source("as this test says", Standing.POLICY))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[Paper, Remedy]]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        paper.policy = replace(paper.policy, values={**paper.policy.values, p.LIEN_INTEREST_PCT.key: (RATE,)})
        with transaction(paper.engine) as session:
            activate(session, paper.policy, paper.clock.now())
        yield paper, asyncio.run(filed(paper))


async def filed(paper: Paper) -> Remedy:
    case = await paper.open(SHOP)
    owed = total(bill.open for bill in case.known.bills)
    lien = Remedy(
        remedy_id=f"{case.case_id}-n1",
        kind=RemedyKind.LIEN,
        state=RemedyState.STANDING,
        bills=named(case.known.bills),
        amount=owed,
        told=owed,
        since=FILED,
        ref="L7",
    )
    paper.happen(case, ev.FinalBilled(due_on=date(2026, 7, 1), amount=owed), ev.RemedyStands(remedy=lien))
    return lien


def page(paper: Paper, on: object = None, *, language: str = "en") -> str:
    browser = Browser(TestClient(console_over(paper.at), headers={"Accept-Language": language}))
    browser.sign_in("sven")
    return browser.get(f"/accounts/{SHOP}", **({"payoff_on": str(on)} if on else {})).text


def test_what_frees_a_lien_is_said_for_today_and_for_a_day_that_is_asked_for(town: tuple[Paper, Remedy]) -> None:
    paper, lien = town
    assert f"{lien.amount} ($0.00 of it interest)" in page(paper), "the day of filing bears none"
    paper.clock.set(paper.clock.now() + timedelta(days=31))
    on = FILED + timedelta(days=45)
    for asked, day in ((None, None), (on, on), ("2020-01-01", None)):
        frees = payoff(lien.life, (), paper.policy, on=day or FILED + timedelta(days=31))
        assert frees.interest > ZERO
        assert f"{frees.amount} ({frees.interest} of it interest)" in page(paper, asked)
    assert "Frees it if paid on Oct 16, 2026" in page(paper, on)
    assert "Lo libera si se paga el 16 oct 2026" in page(paper, on, language="es")
    assert "There is no such day" in page(paper, "soon")


def test_a_day_costs_what_the_rate_says_and_billed_interest_is_asked_for_once(town: tuple[Paper, Remedy]) -> None:
    paper, lien = town
    on = FILED + timedelta(days=73)  # a fifth of a year, at 12 per cent
    assert payoff(lien.life, (), paper.policy, on=on).interest == Money(round(lien.amount.cents * Decimal("0.024")))
