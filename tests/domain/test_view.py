"""How a case shows itself, and what a look or a rejection does to it."""

from dataclasses import replace

import pytest

from domain import events as ev
from domain.account import Service, aging, balance, past_due
from domain.agenda import next_step
from domain.facts import FactKind
from domain.look import kept_bills, read, rejected
from domain.money import Money
from domain.states import ClosedReason, ServiceStatus, Stage
from domain.step import Step, StepKind, Wait, Who
from domain.take import take
from domain.view import view
from tests.builders import POLICY, a_bill, a_case, a_fact, a_snapshot, at, day, happened, noticed, off

NOW = "2026-06-29 10:00"


def test_a_view_shows_where_the_case_stands_and_what_comes_next() -> None:
    shown = view(a_case(a_bill(), a_bill("2026-06-20", 5_000)), POLICY, at("2026-06-02 07:00"))
    assert (shown.balance, shown.past_due, shown.oldest_due_on) == (Money(15_000), Money(10_000), day("2026-06-01"))
    assert (shown.next_step, shown.waiting_for, shown.task) == ("send_reminder", "calendar", "")
    assert shown.next_at is not None
    assert (shown.stage, shown.status, shown.policy) == (Stage.PAST_DUE, ServiceStatus.ON, POLICY.digest)


def test_a_view_shows_who_must_move_and_what_for() -> None:
    shown = view(noticed(now=NOW), POLICY, at(NOW))
    assert (shown.next_step, shown.waiting_for, shown.task) == ("wait", "representative", "recommend_disconnection")


def test_a_view_shows_the_gravest_service_and_the_holds_in_effect() -> None:
    facts = (a_fact(FactKind.HOLD, "2026-06-01", "2026-06-10"), a_fact(FactKind.PLEDGE, "2026-06-01"))
    shown = view(off(noticed(now=NOW, facts=facts), Service.WATER), POLICY, at(NOW))
    assert (shown.status, shown.holds) == (ServiceStatus.OFF, ("pledge",))
    assert shown.next_at is not None
    assert POLICY.calendar.day(shown.next_at) == day("2026-07-31"), "then someone looks whether the place is vacant"


def test_a_closed_case_waits_for_nobody() -> None:
    shown = view(happened(a_case(), NOW, ev.CaseClosed(reason=ClosedReason.PAID)), POLICY, at(NOW))
    assert (shown.closed, shown.next_step, shown.next_at, shown.task) == (ClosedReason.PAID, "wait", None, "")


@pytest.mark.parametrize(("on", "late"), [("2026-05-31", 0), ("2026-06-01", 0), ("2026-06-02", 10_000)])
def test_a_bill_is_past_due_the_day_after_its_due_date(on: str, late: int) -> None:
    assert past_due((a_bill("2026-06-01"),), day(on)) == Money(late)


@pytest.mark.parametrize(
    ("on", "bucket"),
    [
        ("2026-06-01", "current"),
        ("2026-06-02", "d1_30"),
        ("2026-07-01", "d1_30"),
        ("2026-07-02", "d31_60"),
        ("2026-08-31", "d91_120"),
        ("2026-09-30", "d121_up"),
    ],
)
def test_aging_counts_the_days_past_due(on: str, bucket: str) -> None:
    found = aging((a_bill("2026-06-01"),), day(on))
    assert {name for name, amount in found.items() if amount} == {bucket}
    assert sum(amount.cents for amount in found.values()) == balance((a_bill(),)).cents


def test_a_look_that_finds_the_same_leaves_no_event() -> None:
    case = a_case()
    later = replace(case.known, at=at(NOW), version="other")
    assert read(case, later, POLICY, at(NOW)) == ()


def test_a_look_that_finds_a_payment_says_by_how_much() -> None:
    (event,) = read(a_case(), a_snapshot(NOW, a_bill(open_cents=4_000)), POLICY, at(NOW))
    assert isinstance(event.body, ev.AccountRead)
    assert (event.body.change, event.body.past_due, event.by) == (Money(-6_000), Money(4_000), "system")


def test_bills_last_read_are_kept_while_billing_is_silent() -> None:
    silent = replace(a_snapshot(NOW), billing_read=False)
    assert kept_bills(silent, a_case().known).bills == (a_bill(),)
    assert kept_bills(a_snapshot(NOW), a_case().known).bills == ()


def test_a_rejected_step_is_not_asked_for_again_until_its_hold_is_released() -> None:
    case, now = a_case(), at("2026-06-08 16:59")
    step = next_step(case, POLICY, now)
    assert isinstance(step, Step)
    assert step.kind is StepKind.SEND_REMINDER
    for event in rejected(case, step, "no such address", POLICY, now):
        case = take(case, event)
    found = next_step(case, POLICY, now)
    assert isinstance(found, Wait)
    released = replace(case, known=replace(case.known, facts=()))
    assert isinstance(next_step(released, POLICY, now), Step)


def test_what_a_reviewer_is_asked_shows_though_the_calendar_changes_something_before_he_answers() -> None:
    disputed = a_fact(FactKind.DISPUTE, "2026-06-20 09:00")
    shown = view(noticed(now="2026-06-22 09:00", facts=(disputed,)), POLICY, at("2026-06-22 09:00"))
    assert shown.next_at is not None
    assert (shown.waiting_for, shown.task) == (Who.REVIEWER, "review_dispute")
