"""Instalments: exact to the cent, due on open days, and met, missed and un-met by the bills alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.arrangement import (
    Arrangement,
    ArrangementStatus,
    add_months,
    instalments_left,
    instalments_met,
    kept_in_full,
    missed,
    owing,
    paid_towards,
    schedule,
)
from domain.money import ZERO, Money, total
from tests.builders import CALENDAR, a_bill, an_agreement, day
from tests.strategies import AMOUNTS, DAYS


@given(AMOUNTS, st.integers(1, 60), DAYS, st.data())
def test_a_schedule_sums_to_the_cent_for_any_amount_and_term(
    amount: Money, months: int, start: date, data: st.DataObject
) -> None:
    down = Money(data.draw(st.integers(0, amount.cents)))
    parts = schedule(amount, down=down, months=months, start=start, calendar=CALENDAR, down_due=start)
    assert total(part.amount for part in parts) == amount
    assert all(part.amount > ZERO for part in parts)
    assert [part.due_on for part in parts] == sorted(part.due_on for part in parts)
    assert all(CALENDAR.is_open(part.due_on) for part in parts if part.number > 0)
    equal = [part.amount.cents for part in parts if part.number > 0]
    assert not equal or max(equal) - min(equal) <= 1


def test_instalments_fall_on_the_same_day_of_month_and_at_its_end_in_shorter_months() -> None:
    parts = schedule(
        Money(30_000),
        down=ZERO,
        months=4,
        start=day("2026-10-31"),
        calendar=CALENDAR,
        down_due=day("2026-11-03"),
    )
    # 31 January and 28 February 2027 are Sundays.
    assert [part.due_on for part in parts] == [
        day("2026-11-30"),
        day("2026-12-31"),
        day("2027-02-01"),
        day("2027-03-01"),
    ]


@pytest.mark.parametrize(
    ("start", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-30", 13, "2027-12-30"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(start: str, months: int, later: str) -> None:
    assert add_months(day(start), months) == day(later)


def test_the_first_instalment_falls_on_the_day_it_is_asked_for() -> None:
    parts = schedule(
        Money(200),
        down=ZERO,
        months=2,
        start=day("2026-06-15"),
        calendar=CALENDAR,
        down_due=day("2026-06-11"),
        first_after=0,
    )
    assert [part.due_on for part in parts] == [day("2026-06-15"), day("2026-07-15")]


@pytest.mark.parametrize(("down", "months"), [(-1, 1), (101, 1), (0, 0)])
def test_terms_that_make_no_sense_are_refused(down: int, months: int) -> None:
    with pytest.raises(ValueError, match="at least one month"):
        schedule(
            Money(100), down=Money(down), months=months, start=day("2026-06-01"), calendar=CALENDAR,
            down_due=day("2026-06-04"),
        )  # fmt: skip


BILL = a_bill("2026-06-01", 10_000)
AGREED = an_agreement(BILL, ("2026-06-11", 1_000), ("2026-07-08", 4_500), ("2026-08-10", 4_500))


def open_for(cents: int) -> tuple[object, ...]:
    return (a_bill("2026-06-01", 10_000, open_cents=cents),)


@pytest.mark.parametrize(
    ("paid", "met"), [(0, 0), (999, 0), (1_000, 1), (5_499, 1), (5_500, 2), (9_999, 2), (10_000, 3)]
)
def test_money_covers_leading_instalments_in_full(paid: int, met: int) -> None:
    left = (a_bill("2026-06-01", 10_000, open_cents=10_000 - paid),) if paid < 10_000 else ()
    assert instalments_met(AGREED, left) == met


def test_paid_is_what_was_open_then_less_what_is_open_now() -> None:
    assert paid_towards(AGREED, open_for(10_000)) == ZERO
    assert paid_towards(AGREED, open_for(9_000)) == Money(1_000)
    assert paid_towards(AGREED, ()) == Money(10_000)
    assert paid_towards(AGREED, open_for(9_000), unposted=Money(500)) == Money(1_500)


def test_a_returned_payment_takes_its_instalment_back() -> None:
    assert instalments_met(AGREED, open_for(9_000)) == 1
    assert instalments_met(AGREED, open_for(10_000)) == 0


@pytest.mark.parametrize(
    ("on", "late"),
    [("2026-07-08", None), ("2026-07-13", None), ("2026-07-14", "2026-07-08"), ("2026-08-20", "2026-07-08")],
)
def test_an_instalment_is_missed_the_day_after_its_grace(on: str, late: str | None) -> None:
    found = missed(AGREED, open_for(9_000), on=day(on), grace_days=5)
    assert found == (day(late) if late else None)


WITH_BILLS = an_agreement(
    BILL, ("2026-06-11", 1_000), ("2026-07-08", 9_000), current_bills_required=True, status=ArrangementStatus.IN_FORCE
)
LATER = a_bill("2026-07-06", 5_000)


def test_a_later_bill_counts_where_current_bills_are_required() -> None:
    paid = (a_bill("2026-06-01", 10_000, open_cents=9_000), LATER)  # the down payment alone
    assert missed(WITH_BILLS, paid, on=day("2026-07-11"), grace_days=5) is None
    assert missed(WITH_BILLS, paid, on=day("2026-07-12"), grace_days=5) == day("2026-07-06")


def test_what_is_paid_down_lets_an_agreement_take_force_though_a_current_bill_is_due_before_it() -> None:
    plan = an_agreement(BILL, ("2026-06-16", 1_000), ("2026-07-08", 9_000), current_bills_required=True)
    current = a_bill("2026-06-10", 1_100, no="B9")
    paid_down = a_bill("2026-06-01", 10_000, open_cents=9_000)
    assert instalments_met(plan, (paid_down, current)) == 1
    assert instalments_met(plan, (BILL, current)) == 0
    for bills in ((paid_down, current), (BILL, current)):
        assert missed(plan, bills, on=day("2026-06-16"), grace_days=5) == current.due_on
        assert missed(plan, bills, on=day("2026-06-15"), grace_days=5) is None


def test_money_for_the_current_bill_is_not_counted_as_the_next_instalment() -> None:
    # It was poured over the oldest bill: 1,000 down and 5,000 meant for the bill of July 6.
    paid = (a_bill("2026-06-01", 10_000, open_cents=4_000), LATER)
    assert instalments_met(WITH_BILLS, paid) == 1
    assert missed(WITH_BILLS, paid, on=day("2026-07-13"), grace_days=5) is None
    assert missed(WITH_BILLS, paid, on=day("2026-07-14"), grace_days=5) == day("2026-07-08")
    assert owing(WITH_BILLS, paid, on=day("2026-07-14")) == Money(9_000)


def test_once_every_instalment_is_paid_a_later_bill_goes_its_own_way() -> None:
    after = a_bill("2026-08-06", 5_000)
    assert instalments_met(WITH_BILLS, (after,)) == 2
    assert missed(WITH_BILLS, (after,), on=day("2026-12-01"), grace_days=5) is None


def test_who_pays_all_on_its_day_has_the_last_instalment_left_and_no_current_bill_late() -> None:
    # 1,000 down and 5,000 for the bill of July 6 went to the oldest bill, and so did 4,000 of the last instalment.
    assert instalments_met(WITH_BILLS, (LATER,)) == 1
    assert instalments_left(WITH_BILLS, (LATER,)) == Money(5_000)
    assert missed(WITH_BILLS, (LATER,), on=day("2026-07-13"), grace_days=5) is None
    assert missed(WITH_BILLS, (LATER,), on=day("2026-07-14"), grace_days=5) == day("2026-07-08")
    assert kept_in_full(WITH_BILLS, ())


def test_a_later_bill_does_not_count_where_they_are_not() -> None:
    assert missed(AGREED, (LATER,), on=day("2026-12-01"), grace_days=5) is None


def test_bill_and_instalment_missed_together_count_once_by_the_earlier() -> None:
    both = (a_bill("2026-06-01", 10_000, open_cents=9_000), LATER)
    assert missed(WITH_BILLS, both, on=day("2026-07-20"), grace_days=5) == day("2026-07-06")


def test_a_bill_from_before_the_agreement_is_not_a_current_bill() -> None:
    older = a_bill("2026-06-07", 5_000)
    assert missed(WITH_BILLS, (older,), on=day("2026-07-20"), grace_days=5) is None


@pytest.mark.parametrize("status", list(ArrangementStatus))
def test_an_agreement_binds_until_it_is_completed_cancelled_or_in_default(status: ArrangementStatus) -> None:
    binds = {ArrangementStatus.AGREED, ArrangementStatus.IN_FORCE, ArrangementStatus.BREACHED}
    arrangement: Arrangement = an_agreement(BILL, ("2026-06-11", 10_000), status=status)
    assert arrangement.active is (status in binds)
