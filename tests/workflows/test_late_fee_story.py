"""Arranged money brings no late fee while the agreement stands, and brings it again after: through the API alone."""

from datetime import date, timedelta
from decimal import Decimal

from gateways.fakes.late_fees import LateFeeDesk, LateFees
from tests.workflows.test_agreement_story import HOUSE, AtHouse, day, house, pays_current_bill, today

__all__ = ["house"]


def fees(house: AtHouse) -> list[date]:
    """Return on which days billing has charged a late fee."""
    bills = house.world.city.billing.open_bills(HOUSE).bills
    return [bill.bill_on for bill in bills if bill.bill_no.startswith("LF")]


async def test_what_is_arranged_brings_no_late_fee_until_the_agreement_falls(house: AtHouse) -> None:
    world = house.world
    world.city.billing._late_fees = LateFeeDesk(LateFees(Decimal("0.65"), 500, 2_000))
    await world.open(HOUSE)
    case_id = f"{HOUSE}-1"
    await world.until("2026-09-02 09:00")
    assert fees(house) == []
    offers = await house.get(f"cases/{case_id}/offers")
    plan = next(each for each in offers["plans"] if each["months"] >= 2 and each["down_cents"] and not each["approval"])
    await house.taken(case_id, **(plan["decision"] | {"signed": True}))
    await house.pay(HOUSE, plan["schedule"][0]["amount_cents"], "down")

    # Billing issues two bills while all that is late is arranged: the household pays what is not.
    await pays_current_bill(house, "2026-09-24")
    await world.until("2026-10-06 09:00")
    billed = [bill.bill_on for bill in world.city.billing.open_bills(HOUSE).bills]
    assert max(billed) == date(2026, 10, 5)
    assert fees(house) == []

    # A payment is missed, not cured, and the agreement falls: the bill after that charges for what is late.
    await world.until(f"{day(plan, 1) + timedelta(days=45)} 17:00")
    assert "arrangement_defaulted" in world.types(HOUSE)
    fell_on = next(e.on for e in world.events(HOUSE) if e.body.type == "arrangement_defaulted")
    assert fees(house), today(world)
    assert min(fees(house)) >= fell_on
