"""The counter in the console: a drawer opened, money taken, voided by another, counted and brought to the bank."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from models.session import reading
from models.tables import DrawerRow, PaymentRow, ReceiptRow
from tests.casework.paper import Paper, on_paper
from tests.console.conftest import Browser, console_over, hire
from tests.workflows.world import SHOP, SHOPS

CASH = {"account_no": SHOP, "amount": "20.00", "tender": "cash", "key": "k1"}
CHECK = {"account_no": SHOP, "amount": "$1,030.00", "tender": "check", "check_no": "1187", "key": "k2"}
Person = Callable[[str], Browser]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Paper]:
    with on_paper(tmp_path) as paper:
        hire(paper)
        asyncio.run(paper.mirrored(SHOP))
        yield paper


@pytest.fixture
def person(town: Paper) -> Person:
    def signed_in(name: str) -> Browser:
        browser = Browser(TestClient(console_over(town.at)))
        browser.sign_in(name)
        return browser

    return signed_in


Row = TypeVar("Row", ReceiptRow, DrawerRow, PaymentRow)


def rows(paper: Paper, table: type[Row]) -> list[Row]:
    with reading(paper.engine) as session:
        return list(session.exec(select(table)).all())


def test_a_representative_opens_takes_counts_and_an_accountant_brings_it_to_the_bank(
    town: Paper, person: Person
) -> None:
    rosa, kim = person("rosa"), person("kim")
    assert "Open your drawer" in rosa.get("/counter").text
    opened = rosa.post("/counter/drawers", till="1", float="200").text
    taken = rosa.post("/counter", **CASH).text
    rosa.post("/counter", **CHECK)
    (cash, check) = rows(town, ReceiptRow)
    page = rosa.get("/counter").text
    printed = rosa.get(f"/counter/receipts/{check.receipt_no}").text
    plain = rosa.get(f"/counter/receipts/{check.receipt_no}/print").text
    (drawer,) = rows(town, DrawerRow)
    close = f"/counter/drawers/{drawer.drawer_id}/close"
    short = rosa.post(close, cash="19.50", check="1030.00")
    closed = rosa.post(close, cash="19.50", check="1030.00", because="A coin is missing.").text
    own_slip = rosa.post("/counter/slips")
    slip = kim.post("/counter/slips").text
    again = kim.post("/counter/slips").text

    assert "Till 1 is open in your name." in opened
    assert "$20.00 was taken for account" in taken
    assert cash.receipt_no in page
    assert "in all $1,050.00" in page
    assert "$1,030.00" in printed
    assert "check no. 1187" in plain
    assert short.status_code == 409
    assert "What was counted is $0.50 short." in short.text
    assert 'value="19.50"' in short.text, "what was counted is still there"
    assert "$0.50 is short." in closed
    assert "Open your drawer" in closed
    assert own_slip.status_code == 403
    assert "The deposit slip is made." in slip
    assert "$1,049.50" in slip
    assert "No closed drawer holds anything" in again


def test_the_same_form_sent_twice_is_one_receipt_and_with_other_words_is_refused(town: Paper, person: Person) -> None:
    rosa = person("rosa")
    rosa.post("/counter/drawers", till="1")
    first = rosa.post("/counter", **CASH).text
    second = rosa.post("/counter", **CASH).text
    other = rosa.post("/counter", **CASH | {"amount": "99.00"})
    assert "was taken for account" in first
    assert "was taken for account" in second
    assert other.status_code == 409
    assert "This became another receipt" in other.text
    assert len(rows(town, ReceiptRow)) == len(rows(town, PaymentRow)) == 1


def test_a_form_sent_again_after_the_drawer_was_closed_is_still_the_one_receipt(town: Paper, person: Person) -> None:
    rosa = person("rosa")
    rosa.post("/counter/drawers", till="1")
    rosa.post("/counter", **CASH)
    (drawer,) = rows(town, DrawerRow)
    rosa.post(f"/counter/drawers/{drawer.drawer_id}/close", cash="20")
    rosa.post("/counter", **CASH)
    rosa.post("/counter/drawers", till="1")
    rosa.post("/counter", **CASH)
    assert len(rows(town, ReceiptRow)) == 1


def test_a_second_person_voids_with_a_reason_and_who_took_it_is_shown_no_way(town: Paper, person: Person) -> None:
    rosa, senta = person("rosa"), person("senta")
    rosa.post("/counter/drawers", till="1")
    rosa.post("/counter", **CASH)
    (row,) = rows(town, ReceiptRow)
    void = f"/counter/receipts/{row.receipt_no}/void"
    own = rosa.post(void, because="Wrong account.")
    senta.post("/counter/drawers", till="2")
    seen = senta.get("/counter").text
    without = senta.post(void, because="")
    done = senta.post(void, because="Wrong account.").text
    after = rosa.get("/counter").text

    assert own.status_code == 403
    assert void not in rosa.get("/counter").text
    assert void in seen
    assert "Till 1, rosa" in seen
    assert without.status_code == 422
    assert "Write why." in without.text
    assert "is void" in done
    assert "Wrong account." in after
    assert [each.voided_by for each in rows(town, ReceiptRow)] == ["senta"]


def test_each_answer_that_cannot_be_taken_is_named_and_nothing_is_lost(town: Paper, person: Person) -> None:
    rosa = person("rosa")
    no_till = rosa.post("/counter/drawers", till="", float="lots")
    rosa.post("/counter/drawers", till="1")
    wrong = rosa.post("/counter", account_no="x", amount="0", tender="card", check_no="12 34", key="k")
    huge = rosa.post("/counter", **CASH | {"amount": "99999999999999999999.00"})
    unknown = rosa.post("/counter", **CASH | {"account_no": "123"})
    assert no_till.status_code == wrong.status_code == huge.status_code == unknown.status_code == 422
    assert "2 answers cannot be taken" in no_till.text
    assert "4 answers cannot be taken" in wrong.text
    assert 'value="12 34"' in wrong.text
    assert 'name="key" value="k"' in wrong.text
    assert "There is no account 123." in unknown.text
    assert rows(town, ReceiptRow) == []


def test_a_drawer_that_was_left_open_overnight_is_shown_and_its_till_is_taken(town: Paper, person: Person) -> None:
    rosa = person("rosa")
    rosa.post("/counter/drawers", till="1")
    rosa.post("/counter", **CASH)
    town.clock.set(town.clock.now() + timedelta(days=1))
    senta, kim = person("senta"), person("kim")
    taken = senta.post("/counter/drawers", till="1")
    (drawer,) = rows(town, DrawerRow)
    shown = rosa.get("/counter").text
    closed = senta.post(f"/counter/drawers/{drawer.drawer_id}/close", cash="20").text
    slip = kim.post("/counter/slips")
    assert "Your drawer, till 1" in shown
    assert "Till 1 is closed. It ties to the cent." in closed
    assert taken.status_code == 409
    assert "Till 1 is open in another clerk" in taken.text
    assert "$20.00" in slip.text


def test_checks_of_a_drawer_of_yesterday_stand_on_today_s_slip(town: Paper, person: Person) -> None:
    rosa, kim = person("rosa"), person("kim")
    rosa.post("/counter/drawers", till="1")
    rosa.post("/counter", **CHECK)
    (drawer,) = rows(town, DrawerRow)
    rosa.post(f"/counter/drawers/{drawer.drawer_id}/close", check="1030")
    town.clock.set(town.clock.now() + timedelta(days=1))
    kim.post("/counter/slips")
    with reading(town.engine) as session:
        slip_id = session.exec(select(DrawerRow.slip_id)).one()
    assert "1187" in kim.get(f"/counter/slips/{slip_id}").text


def test_a_receipt_written_by_hand_is_an_accountant_s_and_stands_in_no_drawer(town: Paper, person: Person) -> None:
    rosa, kim = person("rosa"), person("kim")
    by_hand = {"account_no": SHOP, "amount": "84.20", "tender": "cash", "receipt": "B-17"}
    refused = rosa.post("/counter/elsewhere", **by_hand)
    for _ in range(2):
        taken = kim.post("/counter/elsewhere", **by_hand)
    assert refused.status_code == 403
    assert "written by hand" not in rosa.get("/counter").text
    assert "The payment was taken." in taken.text
    assert len(rows(town, PaymentRow)) == 1
    assert rows(town, DrawerRow) == []


def test_whom_the_counter_is_not_for_is_told_so(person: Person) -> None:
    assert person("ada").get("/counter").status_code == 403
    assert person("cora").get("/counter").status_code == 403


def test_the_call_screen_hands_over_to_the_counter_with_account_and_sum(town: Paper, person: Person) -> None:
    asyncio.run(town.open(SHOPS[1]))
    rosa = person("rosa")
    rosa.post("/counter/drawers", till="1")
    assert f"/desk/counter?account_no={SHOPS[1]}" in rosa.get(f"/call/{SHOPS[1]}").text
    page = rosa.get("/counter", account_no=SHOPS[1], amount="84.20").text
    assert f'value="{SHOPS[1]}"' in page
    assert 'data-filled="1"' in page, "what was left of an earlier form does not come instead"
