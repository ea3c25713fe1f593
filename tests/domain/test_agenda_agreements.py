"""Promises, extensions and agreements against the money; what waits, for whom, and what closes."""

from dataclasses import replace

import pytest

from domain import commands as c
from domain import events as ev
from domain.account import OpenBill
from domain.agenda import agenda, next_step
from domain.arrangement import ArrangementStatus
from domain.case import Approval, ApprovalState, Case, Extension
from domain.facts import FactKind
from domain.money import Money
from domain.remedy import FinalBill
from domain.states import ClosedReason, Stage
from domain.step import Step, StepKind, Wait, Who
from tests.builders import (
    POLICY,
    a_bill,
    a_case,
    a_fact,
    an_agreement,
    at,
    day,
    decided,
    done,
    happened,
    knowing,
    noticed,
    off,
)
from tests.domain.asking import BILL, on, step_of, wait_of

LATER = a_bill("2026-06-22", 30_000)


# --- promises, extensions, agreements --------------------------------------------------------------------------------

PROMISED = decided(a_case(BILL), "2026-06-02 10:00", c.RecordPromise(amount=Money(5_000), by=day("2026-06-05")))


def promise_item(case: Case, now: str) -> Step:
    (found,) = (i for i in agenda(case, POLICY, at(now)) if isinstance(i, Step) and i.kind is StepKind.CHECK_PROMISE)
    return found


@pytest.mark.parametrize(("left", "kept"), [(5_001, False), (5_000, True)])
def test_a_promise_is_kept_to_the_cent(left: int, *, kept: bool) -> None:
    case = knowing(PROMISED, "2026-06-04 10:00", replace(BILL, open=Money(left)))
    step = promise_item(case, "2026-06-04 10:00")
    assert (step.at == at("2026-06-04 10:00")) is kept
    assert kept or on(step) == day("2026-06-08")  # the open day after Friday the fifth


def test_a_promise_broken_is_counted() -> None:
    step = promise_item(PROMISED, "2026-06-08 16:00")
    case = done(PROMISED, step, "2026-06-08 16:00")
    assert (case.promise, case.counters.promises_broken) == (None, 1)


def test_an_extension_takes_its_bills_out_of_the_path_through_its_last_day() -> None:
    extended = replace(
        a_case(BILL, now="2026-06-08 07:00"),
        extension=Extension(granted_on=day("2026-06-04"), until=day("2026-06-12"), refs=(BILL.ref,)),
    )
    step = step_of(extended, "2026-06-08 07:00")
    assert (step.kind, on(step)) == (StepKind.END_EXTENSION, day("2026-06-15"))
    over = done(extended, step, "2026-06-15 10:00")
    assert step_of(over, "2026-06-15 10:00").kind is StepKind.SEND_REMINDER


AGREED = an_agreement(BILL, ("2026-06-11", 1_000), ("2026-07-08", 4_500), ("2026-08-10", 4_500))
ON_PLAN = replace(a_case(BILL), stage=Stage.ON_ARRANGEMENT, arrangement=AGREED)


def plan(open_cents: int, now: str, **changes: object) -> Case:
    case = knowing(ON_PLAN, now, *((replace(BILL, open=Money(open_cents)),) if open_cents else ()))
    return replace(case, arrangement=replace(AGREED, **changes))  # type: ignore[arg-type]


def test_a_paid_instalment_is_counted_at_once() -> None:
    step = step_of(plan(9_000, "2026-06-10 10:00"), "2026-06-10 10:00")
    assert (step.kind, step.amount) == (StepKind.COUNT_INSTALMENTS, Money(1_000))


def test_a_returned_payment_is_counted_back() -> None:
    case = plan(10_000, "2026-06-10 10:00", met=1, status=ArrangementStatus.IN_FORCE)
    case = done(case, step_of(case, "2026-06-10 10:00"), "2026-06-10 10:00")
    assert case.arrangement is not None
    assert case.arrangement.met == 0


@pytest.mark.parametrize("now", ["2026-07-08 12:00", "2026-07-13 12:00"])
def test_a_breach_is_noted_the_day_after_the_grace(now: str) -> None:
    step = step_of(plan(9_000, now, met=1, status=ArrangementStatus.IN_FORCE), now)
    assert (step.kind, on(step)) == (StepKind.NOTE_BREACH, day("2026-07-14"))
    assert step.arithmetic[0].result == day("2026-07-14")


def breached(open_cents: int, now: str, *, reinstated: int = 0) -> Case:
    terms = {"met": 1, "status": ArrangementStatus.BREACHED, "cure_by": day("2026-07-21"), "reinstated": reinstated}
    return replace(plan(open_cents, now, **terms), stage=Stage.IN_BREACH)


def test_a_breach_names_what_is_owing_and_until_when_it_can_be_cured() -> None:
    case = plan(9_000, "2026-07-14 16:59", met=1, status=ArrangementStatus.IN_FORCE)
    after = done(case, step_of(case, "2026-07-14 16:59"), "2026-07-14 16:59")
    assert after.stage is Stage.IN_BREACH
    assert after.arrangement is not None
    assert after.arrangement.cure_by == day("2026-07-21")


def test_paying_what_was_missed_cures_a_breach_once() -> None:
    now = "2026-07-16 12:00"
    cured = done(breached(4_500, now), step_of(breached(4_500, now), now), now)
    assert step_of(cured, now).kind is StepKind.NOTE_CURE
    spent = done(breached(4_500, now, reinstated=1), step_of(breached(4_500, now, reinstated=1), now), now)
    assert step_of(spent, now).kind is StepKind.DEFAULT_ARRANGEMENT


@pytest.mark.parametrize("now", ["2026-07-21 12:00", "2026-07-15 12:00"])
def test_an_uncured_breach_becomes_a_default_the_day_after_its_last_day(now: str) -> None:
    step = step_of(breached(9_000, now), now)
    assert (step.kind, on(step)) == (StepKind.DEFAULT_ARRANGEMENT, day("2026-07-22"))


def test_a_default_is_followed_by_a_fresh_notice_never_by_a_cut() -> None:
    now = "2026-07-22 16:59"
    case = done(breached(9_000, now), step_of(breached(9_000, now), now), now)
    assert (case.stage, case.notice, case.counters.arrangements_broken) == (Stage.REMINDED, None, 1)
    assert step_of(case, now).kind is StepKind.SERVE_NOTICE


def test_an_agreement_paid_in_full_is_completed_and_the_case_closes() -> None:
    now = "2026-08-10 12:00"
    case = plan(0, now, met=2, status=ArrangementStatus.IN_FORCE)
    kinds = []
    while case.closed is None:
        step = step_of(case, now)
        kinds.append(step.kind)
        case = done(case, step, now)
    assert kinds == [StepKind.COUNT_INSTALMENTS, StepKind.COMPLETE_ARRANGEMENT, StepKind.CLOSE_CASE]
    assert case.closed is ClosedReason.PAID


# --- closing, waiting, people ----------------------------------------------------------------------------------------


def test_a_case_closes_only_when_billing_says_so() -> None:
    received = knowing(a_case(BILL), "2026-06-02 07:00", BILL, unposted=Money(10_000))
    assert isinstance(next_step(received, POLICY, at("2026-06-02 07:00")), Wait)
    posted = knowing(received, "2026-06-02 09:00", unposted=Money(0))
    assert step_of(posted, "2026-06-02 09:00").kind is StepKind.CLOSE_CASE
    unread = knowing(received, "2026-06-02 09:00", billing_read=False)
    assert isinstance(next_step(unread, POLICY, at("2026-06-02 09:00")), Wait)


def test_a_paid_case_with_a_question_open_waits_for_its_answer() -> None:
    asked = replace(knowing(a_case(BILL), "2026-06-02 07:00"), referral="may we?")
    wait = wait_of(asked, "2026-06-02 07:00")
    assert (wait.who, wait.task) == (Who.SUPERVISOR, "answer_referral")


def test_a_paid_case_in_dispute_waits_for_its_reviewer() -> None:
    case = knowing(a_case(BILL), "2026-06-02 07:00", facts=(a_fact(FactKind.DISPUTE, "2026-06-02 06:00"),))
    assert wait_of(case, "2026-06-02 07:00").who is Who.REVIEWER


def test_closing_lapses_what_was_still_asked_for() -> None:
    asked = Approval(
        approval_id="a1", act="arrangement", state=ApprovalState.ASKED, asked_by="ann", asked_at=at("2026-06-02")
    )
    case = replace(knowing(a_case(BILL), "2026-06-02 07:00"), approvals=(asked,))
    closed = done(case, step_of(case, "2026-06-02 07:00"), "2026-06-02 07:00")
    assert (closed.closed, closed.approvals[0].state) == (ClosedReason.PAID, ApprovalState.LAPSED)


def test_a_final_account_closes_when_all_is_paid_though_its_service_stays_off() -> None:
    final = off(a_case(BILL, stage=Stage.FINAL_BILLED))
    assert step_of(final, "2026-06-02 07:00").kind is StepKind.SEND_PLACEMENT_NOTICE
    assert step_of(knowing(final, "2026-06-02 09:00"), "2026-06-02 09:00").kind is StepKind.CLOSE_CASE


@pytest.mark.parametrize(("now", "who"), [("2026-07-16 23:59", Who.CUSTOMER), ("2026-07-17 00:00", Who.REPRESENTATIVE)])
def test_a_final_bill_is_ripe_for_the_agency_after_the_packs_days(now: str, who: Who) -> None:
    # Opened on 2 June with no due date of its own; 45 days later is 17 July.
    final = FinalBill(
        billed_on=day("2026-06-02"), due_on=day("2026-06-02"), amount=Money(0), noticed_on=day("2026-06-17")
    )
    assert wait_of(a_case(BILL, now=now, stage=Stage.FINAL_BILLED, final=final), now).who is who


def test_a_follow_up_comes_back_on_its_day() -> None:
    case = decided(a_case(BILL), "2026-06-02 10:00", c.SetFollowUp(on=day("2026-06-04"), about="call"))
    step = step_of(case, "2026-06-02 10:00")
    assert (step.kind, on(step)) == (StepKind.RAISE_FOLLOW_UP, day("2026-06-04"))
    assert done(case, step, "2026-06-04 12:00").follow_up_on is None


def test_a_closed_case_has_no_agenda() -> None:
    case = happened(a_case(BILL), "2026-06-02 10:00", ev.CaseClosed(reason=ClosedReason.CANCELLED))
    assert agenda(case, POLICY, at("2026-06-02 10:00")) == ()
    assert wait_of(case, "2026-06-02 10:00").until is None


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED])
@pytest.mark.parametrize("bills", [(), (BILL,), (LATER,)], ids=("paid", "late", "not due yet"))
@pytest.mark.parametrize("gone", [False, True], ids=("on", "off"))
def test_every_stage_has_a_next_step_or_a_named_wait(stage: Stage, bills: tuple[OpenBill, ...], *, gone: bool) -> None:
    case = a_case(BILL, stage=stage)
    if stage in {Stage.ON_ARRANGEMENT, Stage.IN_BREACH}:
        in_breach = (
            {"status": ArrangementStatus.BREACHED, "cure_by": day("2026-06-20")} if stage is Stage.IN_BREACH else {}
        )
        case = replace(case, arrangement=replace(AGREED, **in_breach))  # type: ignore[arg-type]
    case = off(case) if gone else case
    found = next_step(knowing(case, "2026-06-15 10:00", *bills), POLICY, at("2026-06-15 10:00"))
    assert found.says.strip()
    assert isinstance(found, Step) or found.until is None or found.until > at("2026-06-15 10:00")


def test_a_step_that_was_rejected_waits_for_a_person_to_release_its_hold() -> None:
    hold = a_fact(FactKind.HOLD, "2026-06-02 06:30", step="send_reminder", because="No such address.")
    wait = wait_of(a_case(BILL, facts=(hold,)), "2026-06-02 07:00")
    assert wait.who is Who.REPRESENTATIVE


def test_the_order_in_which_facts_are_known_changes_no_step() -> None:
    facts = [
        a_fact(FactKind.HOLD, "2026-06-02 06:00", "2026-06-12"),
        a_fact(FactKind.PLEDGE, "2026-06-02 05:00", "2026-06-20"),
        a_fact(FactKind.DISPUTE, "2026-06-01 06:00", "2026-06-09"),
    ]
    case = noticed(BILL, now="2026-06-29 10:00")
    agendas = {
        agenda(replace(case, known=replace(case.known, facts=order)), POLICY, at("2026-06-03 10:00"))
        for order in (tuple(facts), tuple(reversed(facts)), (facts[1], facts[2], facts[0]))
    }
    assert len(agendas) == 1
