"""An old debt follows its own customer alone: by the name, however the billing system wrote it."""

import pytest

from casework.errors import Refused
from casework.money_checks import check_money
from domain import commands as c
from models.session import transaction
from models.tables import AccountRow
from tests.casework.paper import Paper
from tests.workflows.world import SHOP, SHOPS

NEW = SHOPS[1]
FOLLOW = c.FollowDebt(to_account=NEW, authority="application of September 1")


async def called(paper: Paper, old: str, new: str) -> str:
    """Return why a debt may not follow from the customer *old* to *new*; blank where it may."""
    for account_no in (SHOP, NEW):
        await paper.mirrored(account_no)
    with transaction(paper.engine) as session:
        session.get_one(AccountRow, SHOP).name = old
        session.get_one(AccountRow, NEW).name = new
    try:
        await check_money(paper.desk("sven"), SHOP, FOLLOW)
    except Refused as refused:
        return refused.refusal.slug
    return ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("José Núñez", "JOSE NUNEZ"),
        ("José Núñez", "Jose\u0301 Nun\u0303ez"),
        ("  O'Neill-Peña,  M. ", "O NEILL PENA M"),
        ("Łukasz Weiß", "łukasz weiss"),
    ],
)
async def test_accents_points_case_and_blanks_make_nobody_another_person(paper: Paper, old: str, new: str) -> None:
    assert await called(paper, old, new) == ""


@pytest.mark.parametrize(("old", "new"), [("José Núñez", "José Ibáñez"), ("Ana Peña", "Ana Peña Ruiz")])
async def test_another_name_is_another_person(paper: Paper, old: str, new: str) -> None:
    assert await called(paper, old, new) == "another-customer"


@pytest.mark.parametrize("old", ["", " - "])
async def test_two_customers_of_whom_nobody_knows_the_name_are_not_the_same(paper: Paper, old: str) -> None:
    assert await called(paper, old, "") == "nobody-known"


async def test_the_account_itself_is_the_cases_own_to_refuse_and_one_without_service_says_what_to_do(
    paper: Paper,
) -> None:
    assert await called(paper, "Ana Peña", "Ana Peña") == ""
    await check_money(paper.desk("sven"), SHOP, c.FollowDebt(to_account=SHOP, authority="x"))
    with transaction(paper.engine) as session:
        session.get_one(AccountRow, NEW).status = "final"
    with pytest.raises(Refused, match="account-not-active") as refused:
        await check_money(paper.desk("sven"), SHOP, FOLLOW)
    assert "has service now" in refused.value.refusal.way_out


async def test_an_account_that_nobody_has_is_refused(paper: Paper) -> None:
    await paper.mirrored(SHOP)
    with pytest.raises(Refused, match="unknown-account"):
        await check_money(paper.desk("sven"), SHOP, FOLLOW)
