"""The crews' lists of a day: hours, last cut and the reserve for reconnections are kept, whatever is asked for."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.crews import NO_ROOM, Crews, Stop, crowded, no_room, plan_day
from tests.builders import POLICY, at

DAY = date(2026, 6, 29)
CREWS = Crews.on(POLICY, DAY)

stops = st.lists(
    st.builds(
        Stop,
        order_id=st.integers(0, 500).map("o{}".format),
        area=st.sampled_from(["55901", "55902", "55904", ""]),
        cuts=st.booleans(),
        from_minute=st.integers(0, 24 * 60 - 1),
    ),
    max_size=80,
    unique_by=lambda stop: stop.order_id,
)
crews = st.builds(
    Crews,
    count=st.integers(0, 4),
    opens=st.integers(6 * 60, 9 * 60),
    closes=st.integers(12 * 60, 18 * 60),
    last_cut=st.integers(10 * 60, 16 * 60),
    reserve=st.integers(0, 240),
    stop=st.integers(1, 60),
    travel=st.integers(0, 20),
    area=st.integers(0, 60),
)


@given(crews=crews, asked=stops, later=stops)
def test_no_crew_works_past_its_shift_or_cuts_into_its_reserve_or_after_the_last_hour(
    crews: Crews, asked: list[Stop], later: list[Stop]
) -> None:
    first = plan_day(crews, asked)
    second = plan_day(crews, later, first.visits)
    assert crowded(first) == () == crowded(second)


@given(crews=crews, asked=stops, later=stops)
def test_every_stop_is_on_one_list_once_or_left_and_only_cuts_are_left_while_there_are_crews(
    crews: Crews, asked: list[Stop], later: list[Stop]
) -> None:
    first = plan_day(crews, asked)
    plan = plan_day(crews, later, first.visits)
    ids = [visit.order_id for visit in plan.visits]
    assert len(ids) == len(set(ids))
    known = {visit.order_id for visit in first.visits}
    assert {*ids, *(stop.order_id for stop in plan.left)} == known | {stop.order_id for stop in later}
    assert crews.count == 0 or all(stop.cuts for stop in plan.left)
    assert plan.visits[: len(first.visits)] == first.visits, "what a crew was told stands"


@given(asked=stops, order=st.randoms(use_true_random=False))
def test_the_order_in_which_stops_are_given_changes_nothing(asked: list[Stop], order: "st.Random") -> None:  # type: ignore[name-defined]
    shuffled = list(asked)
    order.shuffle(shuffled)
    assert plan_day(CREWS, shuffled) == plan_day(CREWS, asked)


def test_a_crew_stays_in_its_area_and_another_takes_the_next() -> None:
    asked = [Stop(order_id=f"o{n}", area="north" if n % 2 else "south", cuts=True) for n in range(6)]
    plan = plan_day(CREWS, asked)
    assert {(visit.crew, visit.area) for visit in plan.visits} == {(1, "north"), (2, "south")}


def test_a_full_day_leaves_the_rest_for_the_next_and_still_takes_whoever_has_paid() -> None:
    many = [Stop(order_id=f"o{n:02}", area="a", cuts=True) for n in range(60)]
    full = plan_day(CREWS, many)
    assert (len(full.visits), len(full.left)) == (2 * 16, 28), "two crews, a door each 25 minutes, done by three"
    paid = plan_day(CREWS, [Stop(order_id="back", area="a", cuts=False, from_minute=14 * 60)], full.visits)
    back = paid.visit("back")
    assert back is not None
    assert not back.overtime
    assert back.starts == 15 * 60 + 5


def test_a_reconnection_is_never_left_for_want_of_time() -> None:
    late = plan_day(CREWS, [Stop(order_id="late", area="a", cuts=False, from_minute=17 * 60)])
    visit = late.visit("late")
    assert visit is not None
    assert visit.overtime
    assert crowded(late) == ()


def test_without_crews_nobody_is_cut() -> None:
    none = plan_day(replace(CREWS, count=0), [Stop(order_id="o1", area="a", cuts=True)])
    assert none.visits == ()
    assert [stop.order_id for stop in none.left] == ["o1"]


def test_no_room_today_says_when_it_is_asked_again() -> None:
    outcome = no_room(POLICY, at("2026-07-02 14:50"))  # a Thursday before a holiday on Friday
    assert (outcome.rule, outcome.until) == (NO_ROOM, at("2026-07-06 08:00"))
