"""What a stop switch held is let go as many a day as the crews can work off, and the same way each time."""

from collections import Counter
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.lifting import after_season, batches
from domain.rules.slots import lawful_day
from tests.builders import a_policy, at, day

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


def test_a_lift_leaves_room_for_those_whom_a_day_lets_go_already() -> None:
    numbers = [str(n) for n in range(4)]
    taken = {day("2026-07-10"): 1, day("2026-07-13"): 2}
    found = batches(numbers, switch="s1", policy=a_policy(release_batch=2), now=FRIDAY, taken=taken)
    assert sorted(map(str, found.values())) == sorted(
        map(str, [None, at("2026-07-14 08:00"), at("2026-07-14 08:00"), at("2026-07-15 08:00")])
    )


OVER = day("2027-05-01")  # a Saturday
RIPE = st.dictionaries(
    st.integers(0, 10**9).map(str), st.integers(-40, 40).map(lambda days: OVER + timedelta(days=days)), max_size=60
)
TAKEN = st.dictionaries(st.integers(0, 30).map(lambda days: OVER + timedelta(days=days)), st.integers(0, 9), max_size=9)


@given(RIPE, TAKEN, st.integers(1, 9))
def test_after_a_season_no_day_lets_go_more_than_the_batch_and_nobody_comes_before_the_notice_has_run(
    ripe_on: dict[str, date], taken: dict[date, int], size: int
) -> None:
    policy = a_policy(release_batch=size)
    places = after_season(ripe_on, over=OVER, policy=policy, taken=taken)
    assert set(places) == set(ripe_on)
    for turn, count in Counter(places.values()).items():
        assert count + taken.get(turn, 0) <= size
        assert lawful_day(policy, turn)
    assert all(places[account_no] >= max(ripe, OVER) for account_no, ripe in ripe_on.items())


@given(RIPE, st.integers(1, 9))
def test_after_a_season_nobody_waits_while_a_day_has_room(ripe_on: dict[str, date], size: int) -> None:
    policy = a_policy(release_batch=size)
    places = after_season(ripe_on, over=OVER, policy=policy)
    full = {turn for turn, count in Counter(places.values()).items() if count == size}
    for account_no, turn in places.items():
        first = max(ripe_on[account_no], OVER)
        between = (first + timedelta(days=ahead) for ahead in range((turn - first).days))
        assert all(each in full or not lawful_day(policy, each) for each in between)


def test_after_a_season_the_order_in_which_accounts_are_named_changes_nothing() -> None:
    ripe_on = {str(n): OVER for n in range(20)}
    policy = a_policy(release_batch=3)
    backwards = dict(reversed(ripe_on.items()))
    assert after_season(ripe_on, over=OVER, policy=policy) == after_season(backwards, over=OVER, policy=policy)
