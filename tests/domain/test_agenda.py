"""What comes next and when: each date the day before, on and after, counted from the oldest unpaid bill."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from domain import commands as c
from domain import events as ev
from domain.account import AccountStatus, OpenBill, Service
from domain.agenda import agenda, instant_of, next_step
from domain.arrangement import ArrangementStatus
from domain.calendar import CityCalendar, Window
from domain.case import DISCONNECTION, Approval, ApprovalState, Case, Extension, Order, OrderPurpose, OrderState
from domain.facts import FactKind
from domain.gate import gate
from domain.money import Money
from domain.perform import Receipt
from domain.policy import Policy
from domain.states import ClosedReason, ServiceStatus, Stage
from domain.step import Next, Step, StepKind, Wait, Who
from domain.verdict import Action
from tests.builders import (
    CALENDAR,
    POLICY,
    ZONE,
    a_bill,
    a_case,
    a_fact,
    a_notice,
    a_policy,
    an_account,
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

BILL = a_bill("2026-06-01", 10_000)


def step_of(case: Case, now: str, policy: Policy = POLICY) -> Step:
    found = next_step(case, policy, at(now))
    assert isinstance(found, Step), found
    return found


def wait_of(case: Case, now: str) -> Wait:
    found = next_step(case, POLICY, at(now))
    assert isinstance(found, Wait), found
    return found


def on(item: Next) -> date:
    return CALENDAR.day(instant_of(item))


def in_office(instant: datetime) -> bool:
    return CALENDAR.is_open(CALENDAR.day(instant)) and time(8) <= CALENDAR.clock(instant) < time(17)


# --- letters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "falls_on"), [(6, "2026-06-08"), (7, "2026-06-08"), (8, "2026-06-09"), (32, "2026-07-06")]
)
def test_a_reminder_goes_out_on_the_open_day_that_its_days_reach(days: int, falls_on: str) -> None:
    step = step_of(a_case(BILL), "2026-06-02 07:00", a_policy(reminder_days=days))
    assert (step.kind, on(step)) == (StepKind.SEND_REMINDER, day(falls_on))
    assert in_office(step.at)
    assert step.arithmetic[0].result == day("2026-06-01") + timedelta(days=days)
    assert step.says


@pytest.mark.parametrize(
    ("now", "falls_on"),
    [("2026-06-05 12:00", "2026-06-08"), ("2026-06-08 06:00", "2026-06-08"), ("2026-06-08 18:00", "2026-06-09")],
)
def test_a_reminder_that_is_late_goes_out_in_the_next_office_hours(now: str, falls_on: str) -> None:
    assert on(step_of(a_case(BILL, now=now), now)) == day(falls_on)


def test_a_reminder_once_reached_is_due_for_the_rest_of_its_office_hours() -> None:
    assert step_of(a_case(BILL), "2026-06-08 16:59").at == at("2026-06-08 16:59")


def test_a_notice_waits_for_its_days_and_for_its_distance_from_the_reminder() -> None:
    reminded = a_case(BILL, stage=Stage.REMINDED, reminder=a_notice(BILL, served="2026-06-08", kind="reminder"))
    step = step_of(reminded, "2026-06-08 12:00")
    assert (step.kind, on(step)) == (StepKind.SERVE_NOTICE, day("2026-06-16"))
    later = replace(reminded, reminder=a_notice(BILL, served="2026-06-10", kind="reminder"))
    assert on(step_of(later, "2026-06-10 12:00")) == day("2026-06-17")


@pytest.mark.parametrize(("cents", "goes_out"), [(1_999, False), (2_000, True), (2_001, True)])
def test_nothing_goes_out_below_the_least_sum(cents: int, *, goes_out: bool) -> None:
    found = next_step(a_case(a_bill("2026-06-01", cents)), POLICY, at("2026-06-02 07:00"))
    assert isinstance(found, Step) is goes_out


def test_a_small_debt_is_looked_at_again_when_the_next_bill_falls_due() -> None:
    small = a_case(a_bill("2026-06-01", 500), a_bill("2026-06-20", 9_000))
    assert wait_of(small, "2026-06-02 07:00").until == at("2026-06-21")


def test_money_received_and_not_yet_posted_counts_against_a_letter() -> None:
    case = knowing(a_case(BILL), "2026-06-02 07:00", BILL, unposted=Money(8_001))
    assert isinstance(next_step(case, POLICY, at("2026-06-02 07:00")), Wait)


def test_a_case_defaulted_without_an_earlier_reminder_goes_on_with_a_notice() -> None:
    agreed = an_agreement(BILL, ("2026-06-11", 10_000), status=ArrangementStatus.DEFAULTED)
    step = step_of(a_case(BILL, stage=Stage.REMINDED, arrangement=agreed), "2026-07-01 12:00")
    assert step.kind is StepKind.SERVE_NOTICE


def test_no_letter_goes_to_an_account_that_ended_and_a_person_is_asked_for_its_final_bill() -> None:
    case = knowing(a_case(BILL), "2026-06-02 07:00", BILL, account=an_account(status=AccountStatus.FINAL))
    wait = wait_of(case, "2026-06-02 07:00")
    assert (wait.who, wait.task) == (Who.REPRESENTATIVE, "record_final_bill")


# --- the arithmetic of Kill Bill issue 2297 ---------------------------------------------------------------------------

# Thresholds of 5, 7 and 11 days: reminder, notice, and the first day on which a cut may be recommended.
EVERY_DAY = CityCalendar(zone="America/Chicago")
KB = a_policy(
    calendar=EVERY_DAY,
    reminder_days=5,
    notice_days=7,
    notice_gap_days=0,
    notice_min_days_mailed=4,
    dnp_min_days=10,
)
MAY, JUNE = a_bill("2023-05-31", 10_000), a_bill("2023-06-02", 10_000)
WATER = a_bill("2023-05-31", 10_000, service=Service.WATER)


def kb_days(case: Case, start: str) -> list[tuple[str, str]]:
    """Return the days of reminder, notice and possible recommendation, each performed at its instant."""
    now, found = at(start), []
    for _ in range(10):
        item = next_step(case, KB, now)
        if isinstance(item, Wait) and item.task == "recommend_disconnection":
            found.append(("recommend", str(CALENDAR.day(now))))
            return found
        now = max(now, instant_of(item))
        if isinstance(item, Step) and item.at <= now:
            found.append((item.kind.value, str(CALENDAR.day(now))))
            case = done(case, item, now.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"), policy=KB)
    raise AssertionError(found)


PATH_OF_JUNE = [("send_reminder", "2023-06-07"), ("serve_notice", "2023-06-09"), ("recommend", "2023-06-13")]
# The eleventh is a Sunday: the rule is met, the desk opens on Monday.
PATH_OF_MAY = [("send_reminder", "2023-06-05"), ("serve_notice", "2023-06-07"), ("recommend", "2023-06-12")]


def kb_case(now: str, *bills: OpenBill) -> Case:
    return a_case(*bills, now=now)


def test_steps_follow_the_oldest_bill() -> None:
    assert kb_days(kb_case("2023-06-01 07:00", MAY, JUNE), "2023-06-01 07:00") == PATH_OF_MAY


def test_when_the_oldest_bill_is_paid_on_day_two_no_step_is_skipped() -> None:
    both = kb_case("2023-06-01 07:00", MAY, JUNE)
    # By payment, credit, adjustment, write-down or transfer alike: what counts is what billing shows open.
    paid = knowing(both, "2023-06-02 12:00", JUNE)
    closes = next_step(paid, KB, at("2023-06-02 12:00"))
    assert isinstance(closes, Step)
    assert closes.kind is StepKind.CLOSE_CASE, "on that day nothing is past due yet"
    assert kb_days(kb_case("2023-06-03 07:00", JUNE), "2023-06-03 07:00") == PATH_OF_JUNE


def test_the_same_holds_within_one_case() -> None:
    both = kb_case("2023-06-01 07:00", MAY, JUNE)
    assert kb_days(knowing(both, "2023-06-03 12:00", JUNE), "2023-06-03 12:00") == PATH_OF_JUNE


def test_a_reversal_brings_every_step_back_to_the_first_anchor() -> None:
    both = kb_case("2023-06-01 07:00", MAY, JUNE)
    paid = knowing(both, "2023-06-03 12:00", JUNE)
    again = knowing(paid, "2023-06-04 12:00", MAY, JUNE)
    assert kb_days(again, "2023-06-04 12:00") == PATH_OF_MAY


def test_a_partial_write_down_of_the_oldest_bill_moves_nothing() -> None:
    down = knowing(kb_case("2023-06-01 07:00", MAY, JUNE), "2023-06-02 12:00", replace(MAY, open=Money(1)), JUNE)
    assert kb_days(down, "2023-06-02 12:00") == PATH_OF_MAY


# --- a served notice --------------------------------------------------------------------------------------------------

LATER = a_bill("2026-06-22", 30_000)


def test_a_part_payment_does_not_withdraw_a_notice() -> None:
    case = knowing(noticed(BILL, now="2026-06-20 12:00"), "2026-06-20 12:00", replace(BILL, open=Money(6_000)))
    assert case.notice is not None
    assert case.notice.left(case.known.bills) == Money(6_000)
    assert StepKind.WITHDRAW_NOTICE not in {
        item.kind for item in agenda(case, POLICY, at("2026-06-20 12:00")) if isinstance(item, Step)
    }


def test_a_notice_never_stands_for_a_bill_that_fell_due_later() -> None:
    case = knowing(noticed(BILL, now="2026-06-29 12:00"), "2026-06-29 12:00", BILL, LATER)
    assert case.notice is not None
    assert case.notice.left(case.known.bills) == Money(10_000)


def test_a_notice_whose_bills_are_paid_is_withdrawn_and_the_path_starts_from_the_later_bill() -> None:
    case = knowing(noticed(BILL, now="2026-06-29 12:00"), "2026-06-29 12:00", LATER)
    step = step_of(case, "2026-06-29 12:00")
    assert (step.kind, step.ref) == (StepKind.WITHDRAW_NOTICE, "disconnection notice")
    case = done(case, step, "2026-06-29 12:00")
    case = done(case, step_of(case, "2026-06-29 12:00"), "2026-06-29 12:00")
    assert (case.stage, case.notice, case.reminder) == (Stage.PAST_DUE, None, None)
    assert on(step_of(case, "2026-06-29 12:00")) == day("2026-06-29")  # five days after the 22nd was Saturday


@pytest.mark.parametrize(
    ("now", "stale"), [("2026-08-15 12:00", False), ("2026-08-16 00:00", True), ("2026-08-17", True)]
)
def test_a_notice_stands_through_its_sixtieth_day(now: str, *, stale: bool) -> None:
    first = next_step(noticed(BILL, now=now), POLICY, at(now))
    assert (isinstance(first, Step) and first.kind is StepKind.WITHDRAW_NOTICE) is stale


def test_a_stale_notice_is_followed_by_a_fresh_one_not_by_a_cut() -> None:
    case = noticed(BILL, now="2026-08-17 09:00")
    case = done(case, step_of(case, "2026-08-17 09:00"), "2026-08-17 09:00")
    assert gate(Action.RECOMMEND_DISCONNECTION, case, POLICY, at("2026-08-17 09:00")).blocking[0].rule == "D01"
    step = step_of(case, "2026-08-17 09:00")
    assert (step.kind, on(step)) == (StepKind.SERVE_NOTICE, day("2026-08-17"))


def test_the_mailing_day_that_the_mail_house_confirms_starts_the_notices_days() -> None:
    reminded = a_case(BILL, stage=Stage.REMINDED, reminder=a_notice(BILL, served="2026-06-08", kind="reminder"))
    step = step_of(reminded, "2026-06-16 16:59")
    notice = done(reminded, step, "2026-06-16 16:59", receipt=Receipt(ref="L1", on=day("2026-06-17"))).notice
    assert notice is not None
    assert (notice.served_on, notice.earliest_cut_on, notice.stale_on) == (
        day("2026-06-17"),
        day("2026-06-27"),
        day("2026-08-17"),
    )


def test_a_notice_of_september_that_reaches_into_winter_holds_the_winter_parts_and_runs_the_winters_days() -> None:
    bill = a_bill("2026-09-01", 10_000)
    reminded = a_case(
        bill,
        now="2026-09-25 10:00",
        stage=Stage.REMINDED,
        reminder=a_notice(bill, served="2026-09-08", kind="reminder"),
    )
    notice = done(reminded, step_of(reminded, "2026-09-25 10:00"), "2026-09-25 10:00").notice
    assert notice is not None
    assert "rights_statement" in notice.elements
    assert notice.earliest_cut_on == day("2026-10-25")


def test_the_desk_may_recommend_from_the_day_on_which_the_notice_has_run() -> None:
    early = noticed(BILL, now="2026-06-25 12:00")
    assert wait_of(early, "2026-06-25 12:00").blocking[0].rule == "D02"
    # The notice of the 16th runs out on the 26th, a Friday: the office may recommend, no crew may cut.
    ripe = noticed(BILL, now="2026-06-26 12:00")
    assert wait_of(ripe, "2026-06-26 12:00").task == "recommend_disconnection"


# --- approval, order, crew --------------------------------------------------------------------------------------------


def approved(now: str = "2026-06-29 10:00", policy: Policy = POLICY) -> Case:
    """Return a case whose cut was recommended and approved at *now*."""
    case = noticed(BILL, now=now)
    case = decided(case, now, c.RecommendDisconnection(), by="ann", policy=policy)
    return decided(case, now, c.Approve(approval_id=case.approvals[-1].approval_id), by="bob", policy=policy)


def ordered(now: str = "2026-06-29 10:00", policy: Policy = POLICY) -> Case:
    case = approved(now, policy)
    return done(case, step_of(case, now, policy), now, policy=policy)


def sent(now: str = "2026-06-29 10:00") -> Case:
    case = ordered(now)
    return done(case, step_of(case, now), now)


def again(case: Case, now: str, *bills: OpenBill, **known: object) -> Case:
    """Return *case* after another look that found *bills*, by default the same."""
    return knowing(case, now, *(bills or (BILL,)), **known)


def test_an_approved_cut_becomes_an_order_at_once() -> None:
    step = step_of(approved(), "2026-06-29 10:00")
    assert (step.kind, step.service, step.at) == (StepKind.PLACE_ORDER, Service.ELECTRIC, at("2026-06-29 10:00"))
    assert step.certificate is not None
    assert step.certificate.allowed


@pytest.mark.parametrize(
    ("now", "lapsed"), [("2026-06-30 16:59", False), ("2026-06-30 17:00", True), ("2026-07-01 09:00", True)]
)
def test_an_approval_lapses_at_the_close_of_the_next_open_day(now: str, *, lapsed: bool) -> None:
    step = step_of(again(approved(), now), now)
    assert (step.kind is StepKind.LAPSE_APPROVAL) is lapsed


def test_an_approval_before_a_long_weekend_lapses_after_it() -> None:
    granted = approved("2026-07-02 10:00").approval(DISCONNECTION, ApprovalState.GRANTED)
    assert granted is not None
    assert granted.lapses_at == at("2026-07-06 17:00")


def test_a_lapsed_approval_goes_back_to_the_notice() -> None:
    now = "2026-07-01 09:00"
    case = again(approved(), now)
    case = done(case, step_of(case, now), now)
    assert case.stage is Stage.NOTICED
    assert case.approvals[-1].state is ApprovalState.LAPSED


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        ("2026-06-29 07:59", "08:00"),
        ("2026-06-29 08:00", ""),
        ("2026-06-29 13:59", ""),
    ],
)
def test_an_order_is_dispatched_inside_the_window(now: str, rule: str) -> None:
    case = again(ordered(), now)
    found = next_step(case, POLICY, at(now))
    if rule:
        assert isinstance(found, Wait)
        assert found.until == at("2026-06-29 08:00")
    else:
        assert isinstance(found, Step)
        assert found.kind is StepKind.DISPATCH_ORDER
        assert time(8) <= CALENDAR.clock(found.at) < time(14)


def test_a_crew_is_not_sent_in_the_last_hour_of_the_window() -> None:
    step = step_of(again(ordered(), "2026-06-29 14:30"), "2026-06-29 14:30")
    assert (step.kind, on(step)) == (StepKind.DISPATCH_ORDER, day("2026-06-30"))


def test_an_order_of_thursday_afternoon_is_not_promised_for_a_friday() -> None:
    # The next lawful day is Monday, and by then the approval has lapsed.
    case = again(ordered("2026-07-09 14:30"), "2026-07-09 14:30")
    assert wait_of(case, "2026-07-09 14:30").until == at("2026-07-10 17:00")
    assert step_of(again(case, "2026-07-10 17:00"), "2026-07-10 17:00").rule == "D08"
    longer = a_policy(approval_open_days=3)
    step = step_of(again(ordered("2026-07-09 14:30", longer), "2026-07-09 14:30"), "2026-07-09 14:30", longer)
    assert (step.kind, on(step)) == (StepKind.DISPATCH_ORDER, day("2026-07-13"))


@pytest.mark.parametrize("make", [ordered, sent])
def test_a_payment_recalls_the_order(make: Callable[[], Case]) -> None:
    case = again(make(), "2026-06-29 10:30", replace(BILL, open=Money(1_000)))
    step = step_of(case, "2026-06-29 10:30")
    assert step.kind is StepKind.WITHDRAW_ORDER
    assert step.certificate is not None
    assert {"D03", "D17"} <= {outcome.rule for outcome in step.certificate.outcomes}
    case = done(case, step, "2026-06-29 10:30")
    assert (case.stage, case.service(Service.ELECTRIC).status) == (Stage.NOTICED, ServiceStatus.ON)


@pytest.mark.parametrize(("left", "recalled"), [(4_999, True), (5_000, False)])
def test_a_part_payment_recalls_only_at_the_packs_threshold(left: int, *, recalled: bool) -> None:
    case = again(sent(), "2026-06-29 10:30", replace(BILL, open=Money(left)))
    found = next_step(case, POLICY, at("2026-06-29 10:30"))
    assert (isinstance(found, Step) and found.kind is StepKind.WITHDRAW_ORDER) is recalled


def test_a_fact_learned_later_recalls_the_crew() -> None:
    fact = a_fact(FactKind.LIFE_SUPPORT, "2026-06-29 10:20")
    step = step_of(again(sent(), "2026-06-29 10:30", facts=(fact,)), "2026-06-29 10:30")
    assert (step.kind, step.rule) == (StepKind.WITHDRAW_ORDER, "D12")


def test_a_crew_still_out_when_the_window_closes_is_called_back() -> None:
    case = again(sent(), "2026-06-29 15:00")
    assert step_of(case, "2026-06-29 15:00").kind is StepKind.WITHDRAW_ORDER
    assert wait_of(again(sent(), "2026-06-29 14:59"), "2026-06-29 14:59").who is Who.FIELD


def test_a_reading_that_is_not_fresh_sends_nobody() -> None:
    stale = knowing(ordered(), "2026-06-29 09:44", BILL)
    assert step_of(stale, "2026-06-29 10:00").rule == "G01"
    assert step_of(knowing(ordered(), "2026-06-29 09:45", BILL), "2026-06-29 10:00").kind is StepKind.DISPATCH_ORDER


def test_billing_that_cannot_be_read_stops_a_cut_and_is_tried_again() -> None:
    dark = again(noticed(BILL, now="2026-06-29 10:00"), "2026-06-29 10:00", billing_read=False)
    assert wait_of(dark, "2026-06-29 10:00").until == at("2026-06-29 10:10")
    assert step_of(again(sent(), "2026-06-29 10:05", billing_read=False), "2026-06-29 10:05").rule == "G01"


def test_a_recall_that_came_too_late_waits_for_the_crew_and_reconnects_at_once() -> None:
    case = again(sent(), "2026-06-29 10:30", replace(BILL, open=Money(1_000)))
    case = done(case, step_of(case, "2026-06-29 10:30"), "2026-06-29 10:30", receipt=Receipt(done=False))
    assert case.orders[-1].state is OrderState.BEYOND_RECALL
    assert wait_of(case, "2026-06-29 10:30").who is Who.FIELD
    case = happened(
        case, "2026-06-29 22:00", ev.ServiceDisconnected(order_id=case.orders[-1].order_id, service=Service.ELECTRIC)
    )
    step = step_of(case, "2026-06-29 22:00")
    assert (step.kind, step.at) == (StepKind.REQUEST_REACTIVATION, at("2026-06-29 22:00"))


def test_a_wrong_cut_put_right_does_not_reopen_the_next_lawful_one() -> None:
    def order(number: int, purpose: OrderPurpose, reason: str = "") -> Order:
        return Order(
            order_id=f"o{number}",
            purpose=purpose,
            service=Service.ELECTRIC,
            state=OrderState.COMPLETED,
            requested_at=at("2026-06-29"),
            reason=reason,
        )

    wrong, back, lawful = (
        order(1, OrderPurpose.DISCONNECT, "recalled too late"),
        order(2, OrderPurpose.RECONNECT),
        order(3, OrderPurpose.DISCONNECT),
    )
    case = off(noticed(BILL, now="2026-08-03 10:00", stage=Stage.DISCONNECTION_PENDING))
    assert step_of(replace(case, orders=(wrong,)), "2026-08-03 10:00").kind is StepKind.REQUEST_REACTIVATION
    assert wait_of(replace(case, orders=(wrong, back, lawful)), "2026-08-03 10:00").who is Who.CUSTOMER


def test_an_order_for_a_service_that_others_switched_is_withdrawn() -> None:
    act = ev.OutsideActNoted(
        what="outside_service",
        service=Service.ELECTRIC,
        status=ServiceStatus.OFF,
        ref="",
        urgent=False,
        because="not ordered here",
    )
    case = happened(again(ordered(), "2026-06-29 10:05"), "2026-06-29 10:05", act)
    assert step_of(case, "2026-06-29 10:05").rule == "order.overtaken"


# --- off and back on --------------------------------------------------------------------------------------------------


def cut(*bills: OpenBill, now: str) -> Case:
    case = off(noticed(BILL, now=now, stage=Stage.DISCONNECTION_PENDING))
    return knowing(case, now, *bills)


def test_a_service_that_is_off_says_what_restores_it() -> None:
    wait = wait_of(cut(BILL, now="2026-07-08 10:00"), "2026-07-08 10:00")
    assert wait.who is Who.CUSTOMER
    assert "$100.00" in wait.says


@pytest.mark.parametrize(
    ("paid_at", "asked_at"),
    [
        ("2026-07-08 14:59", "2026-07-08 14:59"),
        ("2026-07-08 15:00", "2026-07-08 15:00"),
        ("2026-07-08 15:01", "2026-07-09 08:00"),
        ("2026-07-02 16:00", "2026-07-06 08:00"),  # Friday the third is a holiday
        ("2026-07-04 12:00", "2026-07-06 08:00"),
    ],
)
def test_a_reconnection_is_asked_for_the_same_day_up_to_the_cutoff(paid_at: str, asked_at: str) -> None:
    step = step_of(cut(now=paid_at), paid_at)
    assert (step.kind, step.at) == (StepKind.REQUEST_REACTIVATION, at(asked_at))


def test_an_agreement_in_force_brings_service_back_where_the_pack_allows_it() -> None:
    agreed = an_agreement(BILL, ("2026-07-08", 1_000), ("2026-08-10", 9_000), status=ArrangementStatus.IN_FORCE, met=1)
    case = replace(cut(replace(BILL, open=Money(9_000)), now="2026-07-08 10:00"), arrangement=agreed)
    case = replace(case, stage=Stage.ON_ARRANGEMENT, notice=None)
    assert step_of(case, "2026-07-08 10:00").kind is StepKind.REQUEST_REACTIVATION
    without = a_policy(reconnect_plan_allowed=False)
    assert step_of(case, "2026-07-08 10:00", without).kind is StepKind.NOTE_BREACH


def test_a_second_service_is_asked_for_while_a_crew_brings_back_the_first() -> None:
    case = off(cut(now="2026-07-08 10:00"), Service.WATER)
    case = done(case, step_of(case, "2026-07-08 10:00"), "2026-07-08 10:00")
    second = step_of(case, "2026-07-08 10:00")
    assert (second.kind, second.service) == (StepKind.REQUEST_REACTIVATION, Service.WATER)


# --- promises, extensions, agreements ---------------------------------------------------------------------------------

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


# --- closing, waiting, people -----------------------------------------------------------------------------------------


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
    assert wait_of(final, "2026-06-02 07:00").who is Who.CUSTOMER
    assert step_of(knowing(final, "2026-06-02 09:00"), "2026-06-02 09:00").kind is StepKind.CLOSE_CASE


@pytest.mark.parametrize(("now", "who"), [("2026-07-16 23:59", Who.CUSTOMER), ("2026-07-17 00:00", Who.REPRESENTATIVE)])
def test_a_final_bill_is_ripe_for_the_agency_after_the_packs_days(now: str, who: Who) -> None:
    # Opened on 2 June with no due date of its own; 45 days later is 17 July.
    assert wait_of(a_case(BILL, now=now, stage=Stage.FINAL_BILLED), now).who is who


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


def test_a_window_shorter_than_the_crews_margin_is_still_a_window() -> None:
    narrow = a_policy(dnp_window=Window(time(8), time(9)))
    case = again(ordered("2026-06-29 08:00"), "2026-06-29 08:00")
    assert isinstance(next_step(case, narrow, at("2026-06-29 08:00")), Step)
