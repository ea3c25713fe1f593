"""When may a check that bounced be presented again as an entry (RCK): whose, how large, how old, how often, where?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.money import Money
from domain.returned import Check, ReturnedItem, present_check, retry
from formats.returned import reason_of, reason_of_item
from tests.builders import a_policy, day

PRESENTED, RETURNED = day("2026-06-04"), day("2026-06-08")
POLICY = a_policy(check_retry_max=1, retry_max=2, retry_days=180, retry_after=3)
CHECK = Check(dated_on=day("2026-06-01"), consumer=True, readable=True)


def item(code: str = "A", *, cents: int = 84_20, presentment: int = 1) -> ReturnedItem:
    return ReturnedItem(
        amount=Money(cents),
        reason=reason_of("lockbox", code),
        presented_on=PRESENTED,
        returned_on=RETURNED,
        presentment=presentment,
    )


def goes(check: Check = CHECK, what: ReturnedItem | None = None, *, on: date = RETURNED) -> date | None:
    return present_check(what or item(), check, POLICY, on=on)[0]


@pytest.mark.parametrize("code", ["A", "B"])
def test_what_bounced_for_want_of_funds_goes_out_on_the_next_bank_day(code: str) -> None:
    assert goes(what=item(code), on=day("2026-06-13")) == day("2026-06-15")


@pytest.mark.parametrize("code", ["C", "D", "F", "G", "Q", "T", "Z", "?"])
def test_nothing_else_does(code: str) -> None:
    found, why = present_check(item(code), CHECK, POLICY, on=RETURNED)
    assert found is None
    assert why.startswith(code)


@pytest.mark.parametrize(("cents", "may"), [(2_499_99, True), (2_500_00, False)])
def test_only_below_the_packs_sum(cents: int, *, may: bool) -> None:
    assert (goes(what=item(cents=cents)) is not None) is may


@pytest.mark.parametrize(
    ("dated", "on", "again"),
    [
        ("2026-05-29", "2026-11-24", "2026-11-24"),
        ("2026-05-29", "2026-11-25", "2026-11-25"),  # the 180th day
        ("2026-05-29", "2026-11-26", None),
        ("2026-06-01", "2026-11-28", None),  # the 180th day is a Saturday, on which nothing goes out
    ],
)
def test_it_reaches_the_payers_bank_within_the_packs_days_of_its_date(dated: str, on: str, again: str | None) -> None:
    assert goes(replace(CHECK, dated_on=day(dated)), on=day(on)) == (day(again) if again else None)


def test_a_business_check_one_of_several_accounts_or_one_that_cannot_be_read_does_not() -> None:
    for check in (replace(CHECK, consumer=False), replace(CHECK, of_accounts=2), replace(CHECK, readable=False)):
        assert goes(check) is None


def test_a_check_presented_before_its_date_does_not() -> None:
    assert goes(replace(CHECK, dated_on=PRESENTED)) is not None
    assert goes(replace(CHECK, dated_on=PRESENTED + timedelta(days=1))) is None


@pytest.mark.parametrize(
    ("presentment", "on_paper", "may"), [(1, 1, True), (1, 2, False), (2, 1, False), (2, 2, False)]
)
def test_no_more_often_in_all_than_the_pack_says_whoever_presented_it(
    presentment: int, on_paper: int, *, may: bool
) -> None:
    assert (goes(replace(CHECK, presented=on_paper), item(presentment=presentment)) is not None) is may


def test_only_where_people_are_told_that_it_may_be() -> None:
    silent = a_policy(check_retry_max=1, rck_notice=False)
    found, why = present_check(item(), CHECK, silent, on=RETURNED)
    assert found is None
    assert why.startswith("People are not told")


def test_a_pack_that_says_nothing_of_it_presents_none() -> None:
    values = {key: dated for key, dated in POLICY.values.items() if not key.startswith("rck.")}
    found, why = present_check(item(), CHECK, replace(POLICY, values=values), on=RETURNED)
    assert found is None
    assert "rck" in why


@pytest.mark.parametrize("code", ["R01", "R02", "R09", "R10", "R51"])
def test_an_entry_that_presented_a_check_and_comes_back_is_never_drawn_as_a_draft(code: str) -> None:
    reason = reason_of_item("lockbox-2026-06-04.1.7", "draft", code)
    again = ReturnedItem(
        amount=Money(84_20), reason=reason, presented_on=PRESENTED, returned_on=RETURNED, presentment=2
    )
    assert retry(again, POLICY)[0] is None
    assert (str(reason.instrument), str(reason.autopay)) == ("keep", "keep")
    assert reason_of_item("draft-0914", "draft", "R02") == reason_of("draft", "R02")
