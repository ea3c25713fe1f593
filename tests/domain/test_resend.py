"""What was not as authorized (R11) goes out again once it is put right: how long after, how often, and nothing else."""

from datetime import date, timedelta

import pytest

from domain.money import Money
from domain.returned import ReturnedItem, resend
from formats.returned import reason_of
from tests.builders import a_policy, day

PRESENTED, RETURNED = day("2026-06-04"), day("2026-06-08")
POLICY = a_policy(retry_max=2, retry_days=180)


def item(code: str = "R11", *, presented: date = PRESENTED, presentment: int = 1) -> ReturnedItem:
    return ReturnedItem(
        amount=Money(84_20),
        reason=reason_of("draft", code),
        presented_on=presented,
        returned_on=RETURNED,
        presentment=presentment,
    )


@pytest.mark.parametrize(
    ("on", "again"),
    [("2026-06-09", "2026-06-09"), ("2026-06-13", "2026-06-15"), ("2026-08-07", "2026-08-07"), ("2026-08-08", None)],
)
def test_it_goes_out_on_a_bank_day_within_sixty_days_of_its_return(on: str, again: str | None) -> None:
    found, why = resend(item(), POLICY, on=day(on))
    assert found == (day(again) if again else None)
    assert "2026-08-07" in why


def test_no_later_than_what_bounced_may_be_presented_again() -> None:
    first = RETURNED - timedelta(days=170)
    assert resend(item(presented=first), POLICY, on=first + timedelta(days=180))[0] is not None
    assert resend(item(presented=first), POLICY, on=first + timedelta(days=181))[0] is None


@pytest.mark.parametrize(("presentment", "goes"), [(1, True), (2, True), (3, False)])
def test_no_more_often_than_what_bounced(presentment: int, *, goes: bool) -> None:
    assert (resend(item(presentment=presentment), POLICY, on=RETURNED)[0] is not None) is goes


@pytest.mark.parametrize("code", ["R01", "R03", "R07", "R10", "R29", "R99"])
def test_nothing_else_does(code: str) -> None:
    found, why = resend(item(code), POLICY, on=RETURNED)
    assert found is None
    assert code in why
