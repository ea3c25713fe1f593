"""A correction or a refund is asked for where no case is open, once, and by who may; where one is open, in the case."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.async_api import expect
from sqlmodel import select

from casework.payments import Received, receive
from domain.money import Money
from gateways.fakes.faults import Fault, FaultKind
from models.session import reading
from models.tables import AdjustmentRow, RefundRow
from tests.casework.paper import Paper, on_paper
from tests.console.browser import chromium, served, sign_in
from tests.console.conftest import PASSWORD, Browser, console_over, hire
from tests.console.test_money_out_page import HOME, settle
from tests.workflows.world import SHOP

PAGE = f"/money-out/accounts/{HOME}"
CORRECTION = {
    "service": "water",
    "way": "less",
    "amount": "1,250.00",
    "reason": "misread",
    "about_on": "2026-08-20",
    "fund": "601.4410",
    "because": "Read 90 for 60.",
    "key": "k1",
}
REFUND = {"amount": "42.50", "payee": "payer", "because": "Paid twice.", "key": "k1"}


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(paper.mirrored(HOME))
        yield paper


def signed_in(paper: Paper, who: str) -> Browser:
    browser = Browser(TestClient(console_over(paper.at)))
    browser.sign_in(who)
    return browser


def kept(paper: Paper) -> tuple[list[AdjustmentRow], list[RefundRow]]:
    with reading(paper.engine) as session:
        return list(session.exec(select(AdjustmentRow))), list(session.exec(select(RefundRow)))


def overpaid(paper: Paper) -> None:
    owed = sum(bill.open.cents for bill in paper.city.billing.open_bills(HOME).bills)
    paid = Received(account_no=HOME, amount=Money(owed + 42_50), source="counter", trace="T1", tender="cash")
    asyncio.run(receive(paper.desk("kim"), paid))
    settle(paper)


def test_a_correction_is_asked_for_once_and_waits(paper: Paper) -> None:
    rosa = signed_in(paper, "rosa")
    assert f"/desk{PAGE}" in rosa.get(f"/accounts/{HOME}").text
    for _ in range(2):
        done = rosa.post(f"{PAGE}/correction", **CORRECTION)
        assert "It is asked for, and waits for a second person." in done.text
        assert "The customer owes $1,250.00 less" in done.text
    ((row,), _) = kept(paper)

    assert (row.amount_cents, row.state, row.asked_by, row.fund) == (-1_250_00, "proposed", "rosa", "601.4410")
    assert "Read 90 for 60." in signed_in(paper, "sven").get("/money-out").text


def test_what_ones_own_word_is_enough_for_stands_at_once(paper: Paper) -> None:
    done = signed_in(paper, "senta").post(f"{PAGE}/correction", **CORRECTION | {"amount": "5", "way": "more"})
    ((row,), _) = kept(paper)
    assert "It stands on your own word" in done.text
    assert "senta, alone" in done.text
    assert (row.amount_cents, row.state, row.alone) == (5_00, "approved", True)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"amount": amount} for amount in ("", "0", "-5", "five", "0.001", "99999999999999")),
        *({"service": "moonshine"}, {"way": ""}, {"reason": "whim"}, {"because": "  "}, {"fund": "Rosalind Quill's"}),
        *({"about_on": day} for day in ("", "soon", "2026-09-02", "1999-01-01")),
    ],
    ids=str,
)
def test_what_cannot_be_read_or_may_not_be_is_refused_and_nothing_typed_is_lost(
    paper: Paper, wrong: dict[str, str]
) -> None:
    typed = {**CORRECTION, "because": "She called on Monday.", **wrong}
    refused = signed_in(paper, "senta").post(f"{PAGE}/correction", **typed)
    assert refused.status_code in {409, 422}
    assert 'role="alert"' in refused.text
    assert 'value="k1"' in refused.text, "a second try is the same one"
    assert typed["because"].strip() in refused.text
    assert kept(paper) == ([], [])


def test_credit_is_asked_to_be_paid_out_up_to_what_is_free(paper: Paper) -> None:
    senta = signed_in(paper, "senta")
    assert "The account has no credit that could be paid out." in senta.get(PAGE).text
    overpaid(paper)
    page, listed = senta.get(PAGE).text, senta.get("/money-out/credit").text
    too_much = senta.post(f"{PAGE}/refund", **REFUND | {"amount": "42.51"})
    nobody = senta.post(f"{PAGE}/refund", **REFUND | {"payee": "me"})
    silent = senta.post(f"{PAGE}/refund", **REFUND | {"because": ""})
    for _ in range(2):
        assert "waits for a second person" in senta.post(f"{PAGE}/refund", **REFUND).text
    (_, (row,)) = kept(paper)

    assert "Credit that no refund holds yet: $42.50." in page
    assert f"/desk{PAGE}" in listed
    assert too_much.status_code == 409
    assert "At most $42.50 can go out." in too_much.text
    assert 'value="42.51"' in too_much.text
    assert nobody.status_code == silent.status_code == 422
    assert (row.amount_cents, row.asked_by, row.state) == (42_50, "senta", "proposed")


def test_while_billing_does_not_answer_a_correction_can_be_asked_for(paper: Paper) -> None:
    paper.faults.add(Fault(route="billing/*", kind=FaultKind.ERROR, times=None))
    kim = signed_in(paper, "kim")
    page = kim.get(PAGE)
    assert page.status_code == 200
    assert "Billing does not answer" in page.text
    assert "waits for a second person" in kim.post(f"{PAGE}/correction", **CORRECTION).text
    assert kim.post(f"{PAGE}/refund", **REFUND).status_code == 503


def test_where_a_case_is_open_it_is_asked_for_there(paper: Paper) -> None:
    asyncio.run(paper.open(SHOP))
    senta = signed_in(paper, "senta")
    page = senta.get(f"/money-out/accounts/{SHOP}").text
    assert f"/desk/cases/{SHOP}-1/decide/propose_adjustment" in page
    assert f"/desk/cases/{SHOP}-1/decide/propose_refund" in page
    assert "Correct the balance" not in page
    assert f"/money-out/accounts/{SHOP}" not in senta.get(f"/accounts/{SHOP}").text


def test_who_may_not_ask_is_shown_no_way_there_and_a_wrong_number_is_none(paper: Paper) -> None:
    ada, rosa = signed_in(paper, "ada"), signed_in(paper, "rosa")
    assert ada.get(PAGE).status_code == 403
    assert f"/desk{PAGE}" not in ada.get(f"/accounts/{HOME}").text
    assert "Pay credit out" not in rosa.get(PAGE).text
    assert rosa.post(f"{PAGE}/refund", **REFUND).status_code == 403
    assert rosa.get("/money-out/accounts/9999999999").status_code == 404
    assert kept(paper) == ([], [])


async def test_what_was_typed_is_kept_until_it_was_asked_for_and_no_longer(tmp_path: Path) -> None:
    with on_paper(tmp_path) as paper:
        hire(paper)
        await paper.mirrored(HOME)
        async with chromium() as browser, served(console_over(paper.at)) as url:
            page = await sign_in(browser, url, "kim", PASSWORD)
            await page.goto(f"{url}/desk{PAGE}")
            await page.fill("#k-amount", "1,250.00")
            await page.fill("#k-because", "Read 90 for 60.")
            await page.goto(f"{url}/desk{PAGE}")
            assert await page.input_value("#k-amount") == "1,250.00"
            for name in ("service", "way", "reason"):
                await page.select_option(f"#k-{name}", CORRECTION[name])
            await page.fill("#k-about", CORRECTION["about_on"])
            await page.press("#k-amount", "Enter")
            await expect(page.get_by_text("It is asked for, and waits")).to_be_visible()
            await page.goto(f"{url}/desk{PAGE}")
            assert await page.input_value("#k-amount") == ""
            assert await page.input_value("#k-because") == ""
        assert len(kept(paper)[0]) == 1
