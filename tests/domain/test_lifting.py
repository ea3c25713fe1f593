"""What a stop switch held is let go as many a day as the crews can work off, and the same way each time."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from domain.lifting import batches
from tests.builders import a_policy, at

FRIDAY = at("2026-07-10 11:00")
NUMBERS = st.lists(st.integers(0, 10**9).map(str), unique=True, max_size=60)


def lifted(account_nos: list[str], size: int, switch: str = "s1") -> dict[str, datetime | None]:
    return batches(account_nos, switch=switch, policy=a_policy(release_batch=size), now=FRIDAY)


@given(NUMBERS, st.integers(1, 9))
def test_no_day_has_more_than_the_crews_can_work_off_and_none_is_left_out(numbers: list[str], size: int) -> None:
    found = lifted(numbers, size)
    assert set(found) == set(numbers)
    sizes = [list(found.values()).count(until) for until in set(found.values())]
    assert all(count <= size for count in sizes)
    assert sum(count < size for count in sizes) <= 1


@given(NUMBERS, st.integers(1, 9))
def test_the_order_in_which_accounts_are_named_changes_nothing(numbers: list[str], size: int) -> None:
    assert lifted(numbers, size) == lifted(numbers[::-1], size)


def test_the_first_go_at_once_the_next_when_the_office_opens_on_the_next_open_days() -> None:
    untils = sorted((until for until in lifted([str(n) for n in range(5)], 2).values() if until), key=str)
    assert untils == [at("2026-07-13 08:00")] * 2 + [at("2026-07-14 08:00")]


def test_another_switch_puts_others_first() -> None:
    numbers = [str(n) for n in range(40)]
    firsts = [{no for no, until in lifted(numbers, 4, switch).items() if until is None} for switch in ("s1", "s2")]
    assert firsts[0] != firsts[1]
