"""How does an account end whose service stays off: a look, a final bill with its own due date, or a person?"""

from domain import commands as c
from domain.account import Service
from domain.agenda import agenda, next_step
from domain.case import (
    OrderPurpose,
)
from domain.effects import Receipt
from domain.money import Money
from domain.states import Stage
from domain.step import Step, StepKind, Wait
from tests.builders import (
    POLICY,
    at,
    decided,
    done,
    refused,
)
from tests.domain.visiting import NOW, dark, out, step_of, vacant


def test_after_the_packs_days_off_someone_looks_whether_the_place_is_vacant() -> None:
    waits = step_of(dark(), "2026-07-29 07:00")
    assert isinstance(waits, Wait)
    assert waits.until is not None
    assert POLICY.calendar.day(waits.until).isoformat() == "2026-07-30"
    look = next_step(dark(), POLICY, waits.until)
    assert isinstance(look, Step)
    assert (look.kind, look.ref) == (StepKind.REQUEST_VISIT, "occupancy_check")


def test_a_vacant_place_ends_the_account_with_a_due_date_of_its_own_and_readings() -> None:
    now = "2026-08-03 10:00"
    case = vacant(dark(), "2026-07-31 10:00")
    step = step_of(case, now)
    assert isinstance(step, Step)
    assert step.kind is StepKind.END_ACCOUNT
    receipt = Receipt(ref="FB1", on=at("2026-08-24").date(), amount=Money(1_500))
    ended = done(case, step, now, receipt=receipt)
    assert ended.stage is Stage.FINAL_BILLED
    assert ended.final is not None
    assert (ended.final.due_on, ended.final.amount) == (receipt.on, Money(11_500))
    assert {(visit.purpose, visit.service) for visit in ended.wanted} == {
        (OrderPurpose.READ_FINAL, Service.ELECTRIC),
        (OrderPurpose.READ_FINAL, Service.WATER),
    }


def test_a_place_that_is_lived_in_is_a_matter_for_a_person() -> None:
    case = vacant(dark(), "2026-07-31 10:00", "occupied")
    tasks = [item.task for item in agenda(case, POLICY, at("2026-08-03 10:00")) if isinstance(item, Wait)]
    assert "occupied_without_service" in tasks


def test_a_new_occupant_ends_the_account_once_the_crew_that_has_an_order_is_called_back() -> None:
    case = decided(out(), NOW, c.EndService(why="new_occupant"))
    step = step_of(case, NOW)
    assert isinstance(step, Step)
    assert (step.kind, step.rule) == (StepKind.WITHDRAW_ORDER, "account.ends")
    step = step_of(done(case, step, NOW), NOW)
    assert isinstance(step, Step)
    assert step.kind is StepKind.END_ACCOUNT
    assert refused(case, NOW, c.EndService(why="stop_service")).slug == "service-ends-already"
