"""Does the night's sweep find what billing still holds for customers who are served no more?"""

from datetime import date, timedelta
from typing import cast

from temporalio.client import Client

from activities.messages import SweepPart
from activities.sweep import SweepActivities
from domain.account import AccountStatus, balance
from domain.money import Money
from domain.obligations import Duty
from models.obligations import obligations
from models.session import reading, transaction
from models.tables import AccountRow
from tests.casework.paper import Paper
from tests.workflows.world import SHOP


async def test_on_the_first_of_the_month_credit_left_on_an_ended_account_is_noted_and_owed(paper: Paper) -> None:
    await paper.mirrored()
    known = await paper.known()
    billing, today = paper.systems.billing, paper.policy.calendar.day(paper.clock.now())
    over = balance(known.bills) + Money(1_250)
    await billing.post_payment("p1", account_no=SHOP, amount=over, on=today, source="counter", trace="t1")
    with transaction(paper.engine) as session:
        session.get_one(AccountRow, SHOP).status = AccountStatus.FINAL.value
    sweep = SweepActivities(paper.engine, paper.clock, billing, paper.policy, cast("Client", None))
    part = SweepPart(import_id="", offset=0, limit=0)

    assert today == date(2026, 9, 1)
    await sweep.refresh_cases(part)
    with reading(paper.engine) as session:
        (owed,) = [
            each for each in obligations(session, paper.policy, paper.clock.now()) if each.duty is Duty.UNCLAIMED_CREDIT
        ]
    assert owed.key == f"unclaimed_credit.city.credit-{SHOP}"
    assert owed.says.startswith("$12.50")

    # On another day nobody is asked, so what is on record stays.
    paper.clock.set(paper.clock.now() + timedelta(days=1))
    await billing.adjust(
        "a1", account_no=SHOP, service=known.account.services[0], reason="x", amount=Money(1_250), on=today
    )
    await sweep.refresh_cases(part)
    with reading(paper.engine) as session:
        assert session.get_one(AccountRow, SHOP).credit_cents == 1_250
