"""A fund whose money may pay some services only: the pack says so, and the order of payment gives way to it."""

from pathlib import Path

import pytest

from domain import parameters as p
from tests.money.living import Living, living
from tests.workflows.world import CITY

HOME = "9967773012"  # electric and water, its first bill on 2026-09-18
EAP = "payment_id,list_id,household_id,vendor_account_no,name,benefit_type,amount_cents,payment_date"


def by_file(life: Living, cents: int) -> None:
    row = f"EAP-1,L1,H1,{HOME},A Payer,primary_heat,{cents},{life.today}"
    life.file(f"{EAP}\n{row}\n".encode(), name="eap_payments.csv")


def at_the_desk(life: Living, cents: int) -> None:
    life.pay(HOME, cents, trace="V1", source="assistance")


def open_by_service(life: Living) -> dict[str, int]:
    return {bill.service: bill.open.cents for bill in life.teller.city.billing.open_bills(HOME).bills}


@pytest.mark.parametrize("pay", [by_file, at_the_desk])
def test_the_packs_fund_pays_what_it_may_and_nothing_else(tmp_path: Path, pay: object) -> None:
    assert callable(pay)
    with living(tmp_path, CITY, HOME) as life:
        life.say(p.ASSISTANCE_SERVICES.key, ("water",))
        life.until(life.at("2026-09-18 12:00"))
        before = open_by_service(life)
        pay(life, 100_00)
        after = open_by_service(life)
        credit = life.teller.city.billing.open_bills(HOME).credit.cents

    assert before == {"electric": 97_38, "water": 40_69}
    assert (after, credit) == ({"electric": 97_38}, 100_00 - 40_69)


def test_where_the_pack_names_no_service_the_order_of_payment_is_that_of_any_money(tmp_path: Path) -> None:
    with living(tmp_path, CITY, HOME) as life:
        life.until(life.at("2026-09-18 12:00"))
        by_file(life, 100_00)
        assert open_by_service(life) == {"water": 40_69 - (100_00 - 97_38)}
