"""On no simulated day is a crew out beyond its hours, and the time kept for reconnections is kept."""

import pytest

from domain.crews import crowded
from domain.policy import Policy
from simulator.chance import random_life
from simulator.run import run_city
from tests.builders import POLICY, a_policy

SCARCE = a_policy(field_crews=1, field_reserve=480)  # time for one door a day


@pytest.mark.parametrize(("policy", "most"), [(POLICY, 2), (SCARCE, 1)], ids=["two crews", "hardly any time"])
def test_no_day_of_a_simulated_city_is_over_the_crews_capacity_and_the_reserve_is_kept(
    policy: Policy, most: int
) -> None:
    city = run_city([random_life(seed) for seed in range(300)], policy)
    cut = [len([visit for visit in plan.visits if visit.cuts]) for _, plan in city.plans]
    assert max(cut) == most, "on the fullest day, all that there is time for and no more"
    for on, plan in city.plans:
        assert crowded(plan) == (), on
        for crew in range(1, plan.crews.count + 1):
            assert plan.minutes_cutting(crew) <= plan.crews.shift - plan.crews.reserve, on
