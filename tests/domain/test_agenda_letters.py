"""Letters follow the oldest unpaid bill; a served notice stands for what it names."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.account import AccountStatus, OpenBill, Service
from domain.agenda import agenda, instant_of, next_step
from domain.arrangement import ArrangementStatus
from domain.calendar import CityCalendar
from domain.case import Case
from domain.effects import Receipt
from domain.gate import gate
from domain.money import Money
from domain.states import Stage
from domain.step import Step, StepKind, Wait, Who
from domain.verdict import Action
from tests.builders import (
    CALENDAR,
    POLICY,
    ZONE,
    a_bill,
    a_case,
    a_notice,
    a_policy,
    an_account,
    an_agreement,
    at,
    day,
    done,
    knowing,
    noticed,
)
from tests.domain.asking import BILL, in_office, on, step_of, wait_of

# --- letters ---------------------------------------------------------------------------------------------------------


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


# --- the arithmetic of Kill Bill issue 2297 --------------------------------------------------------------------------

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


# --- a served notice -------------------------------------------------------------------------------------------------

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
