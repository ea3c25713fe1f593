"""A mistake put right leaves an agreement as if it had not been; a return undoes it only as far as money went back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain.account import OpenBill
from domain.agenda import next_step
from domain.arrangement import ArrangementStatus
from domain.case import Case
from domain.facts import FactKind
from domain.money import Money
from domain.states import Stage
from domain.step import Step, StepKind
from tests.builders import POLICY, a_bill, a_case, a_fact, an_agreement, at, day, decided, done, knowing, refused
from tests.domain.asking import step_of

BILL = a_bill("2026-06-01", 10_000)
TERMS = an_agreement(BILL, ("2026-06-11", 1_000), ("2026-07-08", 4_500), ("2026-08-10", 4_500))
KEPT = replace(
    a_case(BILL, now="2026-06-12 10:00"),
    stage=Stage.ON_ARRANGEMENT,
    arrangement=replace(TERMS, status=ArrangementStatus.IN_FORCE, met=1),
)


def owes(cents: int) -> tuple[OpenBill, ...]:
    return (replace(BILL, open=Money(cents)),) if cents else ()


def lived(case: Case, now: str, cents: int) -> Case:
    """Return *case* after it looked at *now*, found *cents* open, and did all that was due."""
    case = knowing(case, now, *owes(cents))
    while isinstance(step := next_step(case, POLICY, at(now)), Step) and step.at <= at(now):
        case = done(case, step, now)
    return case


def essence(case: Case) -> tuple[object, ...]:
    """Return what counts of a case: where it stands, under which agreement, with which past.

    How many notices went out is no part of it: letters that were sent are listed, not hidden.
    """
    return case.stage, case.arrangement, replace(case.counters, notices=0), case.notice


@given(st.integers(4_501, 9_000))
def test_a_breach_that_rested_on_a_mistake_is_as_if_it_had_not_been(open_cents: int) -> None:
    before = lived(KEPT, "2026-07-06 10:00", 4_500)
    broken = lived(before, "2026-07-14 16:59", open_cents)
    assert broken.stage is Stage.IN_BREACH
    righted = knowing(broken, "2026-07-15 10:00", *owes(4_500))
    # Put right before the calendar notes a cure, or after: nothing is counted either way.
    righted = done(righted, step_of(righted, "2026-07-15 10:00"), "2026-07-15 10:00")
    at_once = decided(righted, "2026-07-15 10:01", c.CureBreach(because="misposted", mistake=True))
    later = decided(
        lived(righted, "2026-07-15 10:01", 4_500), "2026-07-15 10:02", c.CureBreach(because="misposted", mistake=True)
    )
    assert essence(at_once) == essence(before)
    assert essence(later) == essence(before)


def test_a_default_that_rested_on_a_mistake_is_as_if_it_had_not_been() -> None:
    before = lived(KEPT, "2026-07-06 10:00", 4_500)
    fallen = lived(lived(before, "2026-07-14 16:59", 9_000), "2026-07-22 16:59", 9_000)
    assert (fallen.stage, fallen.counters.arrangements_broken) == (Stage.NOTICED, 1)
    assert refused(fallen, "2026-07-23 10:00", c.CureBreach(because="x", mistake=True)).slug == "still-missed"
    righted = decided(
        knowing(fallen, "2026-07-23 10:00", *owes(4_500)),
        "2026-07-23 10:00",
        c.CureBreach(because="misposted", mistake=True),
    )
    assert essence(lived(righted, "2026-07-23 10:00", 4_500)) == essence(before)


def test_a_cure_that_was_none_is_not_undone_twice() -> None:
    cured = lived(lived(KEPT, "2026-07-14 16:59", 9_000), "2026-07-15 10:00", 4_500)
    once = decided(cured, "2026-07-15 11:00", c.CureBreach(because="misposted", mistake=True))
    assert once.arrangement is not None
    assert once.arrangement.reinstated == 0
    assert (
        refused(once, "2026-07-15 12:00", c.CureBreach(because="misposted", mistake=True)).slug == "not-at-this-stage"
    )


@given(st.integers(1, 10_000), st.integers(0, 60))
def test_a_return_within_the_days_opens_a_completed_agreement_again_for_what_went_back(cents: int, days: int) -> None:
    completed = replace(
        KEPT,
        stage=Stage.PAST_DUE,
        arrangement=replace(TERMS, status=ArrangementStatus.COMPLETED, met=3, completed_on=day("2026-08-03")),
    )
    now = f"{day('2026-08-03').fromordinal(day('2026-08-03').toordinal() + days)} 10:00"
    back = knowing(completed, now, *owes(cents))
    step = step_of(back, now)
    assert (step.kind, step.amount) == (StepKind.REOPEN_ARRANGEMENT, Money(cents))
    again = done(back, step, now)
    assert again.arrangement is not None
    assert (again.stage, again.arrangement.status) == (Stage.ON_ARRANGEMENT, ArrangementStatus.IN_FORCE)
    assert again.arrangement.met == sum(
        sum(p.amount.cents for p in TERMS.schedule[: n + 1]) <= 10_000 - cents for n in range(3)
    )
    # Paid once more it is completed, as it was, but for the day.
    paid = lived(again, now, 0)
    assert paid.arrangement is not None
    assert paid.arrangement.status is ArrangementStatus.COMPLETED
    assert paid.counters == completed.counters


def test_a_return_after_the_days_leaves_the_agreement_completed() -> None:
    completed = replace(
        KEPT,
        stage=Stage.PAST_DUE,
        arrangement=replace(TERMS, status=ArrangementStatus.COMPLETED, met=3, completed_on=day("2026-08-03")),
    )
    now = "2026-10-05 10:00"
    assert step_of(knowing(completed, now, *owes(4_500)), now).kind is StepKind.SEND_REMINDER


def test_no_further_deposit_is_asked_of_who_keeps_an_agreement() -> None:
    ask = c.RecordFact(kind=FactKind.DEPOSIT_ASKED, amount=Money(5_000))
    assert refused(KEPT, "2026-06-12 10:00", ask).slug == "no-deposit-in-good-standing"
    broken = lived(KEPT, "2026-07-14 16:59", 9_000)
    assert decided(broken, "2026-07-14 17:00", ask).known.facts[-1].kind is FactKind.DEPOSIT_ASKED


@pytest.mark.parametrize(("source", "left"), [("casa_de_peregrinos", 0), ("another agency", 1)])
def test_a_voucher_that_is_back_stands_as_a_pledge_and_ends_its_hold(source: str, left: int) -> None:
    hold = replace(a_fact(FactKind.HOLD, "2026-06-02 09:00", "2026-06-17"), source="casa_de_peregrinos")
    case = a_case(BILL, now="2026-06-05 10:00", facts=(hold,))
    pledge = c.RecordFact(kind=FactKind.PLEDGE, amount=Money(4_000), source=source, until=at("2026-07-01"))
    after = decided(case, "2026-06-05 10:00", pledge)
    holds = [fact for fact in after.known.facts if fact.kind is FactKind.HOLD and fact.holds(at("2026-06-05 10:01"))]
    assert len(holds) == left
