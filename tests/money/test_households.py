"""Assistance is matched by household and account: one that is lost is found by the other, and a difference is seen."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from casework.corrections import move_payment
from casework.money_reports import exceptions
from casework.payment_files import in_suspense
from casework.suspense import place, suggestions_for
from casework.tasks import done, tasks
from domain.suspense import Near
from models.households import HOUSEHOLD_ELSEWHERE, accounts_of_households
from models.session import reading
from models.tables import AccountRow, PledgeRow
from tests.money.teller import Teller, a_teller
from tests.workflows.world import CITY, SHOP, SHOPS

ON, LATER = date(2026, 9, 1), date(2026, 9, 2)
HEAD = "payment_id,list_id,household_id,vendor_account_no,name,benefit_type,amount_cents,payment_date"
OTHER = SHOPS[1]


def assistance(*rows: tuple[str, str, str, str, int]) -> bytes:
    """Return a payment list of rows: payment, household, account, name, cents."""
    lines = [
        f"{pay},L{pay},{home},{account},{name},primary_heat,{cents},2026-09-01"
        for pay, home, account, name, cents in rows
    ]
    return "\n".join([HEAD, *lines, ""]).encode()


@pytest.fixture
async def teller(tmp_path: Path) -> AsyncIterator[Teller]:
    with a_teller(f"sqlite:///{tmp_path / 'arrears.db'}", CITY) as opened:
        opened.on(ON)
        yield opened


def name_of(teller: Teller, account_no: str) -> str:
    with reading(teller.engine) as session:
        return session.get_one(AccountRow, account_no).name


def known(teller: Teller, household: str) -> list[str]:
    with reading(teller.engine) as session:
        return list(accounts_of_households(session, {household}).get(household, ()))


PLEDGES = "pledge_id,account_no,agency,amount_cents,pledged_on,expires_on,status"


@pytest.mark.parametrize("written", ["", "12", "4000000006"])
async def test_a_pledge_that_names_its_household_holds_on_that_households_account(teller: Teller, written: str) -> None:
    await teller.take(assistance(("E1", "H1", OTHER, "A Payer", 50_00)), name="eap1.csv", on=ON)
    rows = (
        f"P1,{written},Three Rivers,2500,{LATER},2026-09-20,new,H1",
        f"P2,{written},Three Rivers,2500,{LATER},2026-09-20,new,H9",
    )
    data = "\n".join([f"{PLEDGES},household_id", *rows, ""]).encode()
    await teller.take(data, name="pledges.csv", on=LATER)
    raised = [(task.task_id, task.account_no) for task in tasks(teller.desk(), kind="pledge_for_no_account")]
    with reading(teller.engine) as session:
        pledged = [(row.pledge_id, row.account_no) for row in session.exec(select(PledgeRow))]

    assert pledged == [("P1", OTHER)]
    assert sorted(raised) == [("pledge_for_no_account-P1", OTHER), ("pledge_for_no_account-P2", "")]


async def test_a_pledge_file_without_households_is_read_as_before(teller: Teller) -> None:
    await teller.take(assistance(("E1", "H1", SHOP, "A Payer", 50_00)), name="eap1.csv", on=ON)
    data = f"{PLEDGES}\nP1,{SHOP},Three Rivers,2500,{LATER},2026-09-20,new\n".encode()
    await teller.take(data, name="pledges.csv", on=LATER)
    assert list(tasks(teller.desk(), kind="pledge_for_no_account")) == []
    with reading(teller.engine) as session:
        assert session.get_one(PledgeRow, "P1").account_no == SHOP


@pytest.mark.parametrize("written", ["", "12", f"{SHOP[:-1]}{(int(SHOP[-1]) + 1) % 10}", "4000000006"])
async def test_a_number_that_names_nobody_is_found_by_its_household(teller: Teller, written: str) -> None:
    await teller.take(assistance(("E1", "H1", OTHER, "A Payer", 50_00)), name="eap1.csv", on=ON)
    await teller.take(assistance(("E2", "H1", written, "A Payer", 60_00)), name="eap2.csv", on=LATER)
    (row,) = in_suspense(teller.desk())
    first = (await suggestions_for(teller.desk(), row.entry_id))[0]

    assert first.account_no == OTHER
    assert Near.HOUSEHOLD in first.near


async def test_a_household_never_paid_for_suggests_nothing(teller: Teller) -> None:
    await teller.take(assistance(("E1", "H1", OTHER, "A Payer", 50_00)), name="eap1.csv", on=ON)
    await teller.take(assistance(("E2", "H2", "", "Nobody", 61_23)), name="eap2.csv", on=LATER)
    (row,) = in_suspense(teller.desk())
    assert await suggestions_for(teller.desk(), row.entry_id) == ()


async def test_money_for_another_account_than_the_households_is_posted_and_seen(teller: Teller) -> None:
    await teller.take(assistance(("E1", "H1", OTHER, "A Payer", 50_00)), name="eap1.csv", on=ON)
    row = await teller.take(assistance(("E2", "H1", SHOP, "A Payer", 60_00)), name="eap2.csv", on=LATER)
    (task,) = tasks(teller.desk(), kind=HOUSEHOLD_ELSEWHERE)
    (line,) = exceptions(teller.desk())

    assert (row.posted_cents, row.suspense_cents) == (60_00, 0)
    assert (task.account_no, task.for_role) == (SHOP, "accountant")
    assert (line["kind"], line["account_no"], line["cents"]) == (HOUSEHOLD_ELSEWHERE, SHOP, 60_00)
    assert line["detail"] == f"eap2.csv, line 2: before, its household's assistance went to {OTHER}"
    done(teller.desk(), task.task_id)
    assert exceptions(teller.desk()) == []


async def test_a_household_that_has_moved_under_its_own_name_troubles_nobody(teller: Teller) -> None:
    await teller.take(
        assistance(("E0", "H0", SHOP, "x", 1_00), ("E1", "H1", OTHER, "A Payer", 50_00)), name="a.csv", on=ON
    )
    moved = assistance(("E2", "H1", SHOP, name_of(teller, SHOP).upper(), 60_00))
    await teller.take(moved, name="eap2.csv", on=LATER)
    assert tasks(teller.desk(), kind=HOUSEHOLD_ELSEWHERE) == []


async def test_two_accounts_for_one_household_in_one_list_are_seen_once(teller: Teller) -> None:
    data = assistance(("E1", "H1", OTHER, "A Payer", 50_00), ("E2", "H1", SHOP, "A Payer", 60_00))
    await teller.take(data, name="eap.csv", on=ON)
    await teller.take(data, name="eap.csv", on=ON)
    assert [task.account_no for task in tasks(teller.desk(), kind=HOUSEHOLD_ELSEWHERE)] == [SHOP]


async def test_a_household_is_known_where_a_person_put_its_money(teller: Teller) -> None:
    await teller.take(assistance(("E1", "H1", "", "A Payer", 50_00)), name="eap1.csv", on=ON)
    (row,) = in_suspense(teller.desk())
    assert known(teller, "H1") == []
    await place(teller.desk(), row.entry_id, account_no=SHOP)
    assert known(teller, "H1") == [SHOP]


async def test_a_payment_moved_to_the_right_account_is_the_households_there(teller: Teller) -> None:
    await teller.take(assistance(("E1", "H1", OTHER, "A Payer", 50_00)), name="eap1.csv", on=ON)
    await move_payment(teller.desk(), "assistance-E1", to=SHOP, because="The program wrote a wrong number.")
    assert known(teller, "H1") == [SHOP]
    await teller.take(assistance(("E2", "H1", SHOP, "A Payer", 60_00)), name="eap2.csv", on=LATER)
    assert tasks(teller.desk(), kind=HOUSEHOLD_ELSEWHERE) == []
