"""As a protected season ends in a simulated city, no day lets go more homes than the crews can work off."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import commands as c
from domain import events as ev
from domain.account import CustomerClass
from domain.rules.slots import lawful_day
from domain.states import Stage
from simulator.life import LATEST, Decided, Input, Life
from simulator.run import Living, live, side_by_side
from tests.builders import a_policy, at, day
from tests.simulator.test_stories import a_life

OVER = day("2026-07-01")
BATCH = 2
POLICY = a_policy(winter_season=((5, 1), (6, 30)), release_batch=BATCH, field_crews=9)
HOMES = 9
PRESSED = tuple(OVER + timedelta(days=n) for n in range(-7, 28))


def press(on: date) -> tuple[Input, ...]:
    """Ask for the cut as soon as the office opens, and have it approved at once."""
    return (
        Decided(at=at(f"{on} 08:05"), by="ann", command=c.RecommendDisconnection()),
        Decided(at=at(f"{on} 08:10"), by="bob", command=c.Approve(approval_id=LATEST)),
    )


def home(number: int, **traits: object) -> Life:
    pressed = (each for on in PRESSED for each in press(on))
    life = a_life(*pressed, until="2026-08-10", income_band="gt50smi", **traits)
    return replace(life, account=replace(life.account, account_no=f"41000000{number:02}"))


def let_go(all_living: list[Living]) -> dict[str, date]:
    """Return the day on which each was recommended for a cut."""
    return {
        living.life.account.account_no: event.on
        for living in all_living
        for event in living.body.events
        if isinstance(event.body, ev.DisconnectionRecommended)
    }


@pytest.fixture(scope="module")
def city() -> list[Living]:
    all_living = [Living(home(number), POLICY) for number in range(HOMES)]
    side_by_side(all_living, POLICY)
    return all_living


def test_every_home_is_let_go_and_no_day_has_more_than_the_batch(city: list[Living]) -> None:
    found = let_go(city)
    assert len(found) == HOMES
    assert max(Counter(found.values()).values()) == BATCH
    assert min(found.values()) >= OVER
    assert all(lawful_day(POLICY, on) for on in found.values())


def test_without_a_sweep_they_would_all_go_on_the_first_day() -> None:
    all_living = [Living(home(number), POLICY) for number in range(HOMES)]
    for living in all_living:
        while living.next_at is not None:
            living.advance()
    assert len(set(let_go(all_living).values())) == 1


def test_before_its_turn_a_home_is_refused_under_the_rule_of_turns(city: list[Living]) -> None:
    last = max(city, key=lambda living: let_go(city)[living.life.account.account_no])
    alone = live(last.life, POLICY)
    first_day = next(event.on for event in alone if isinstance(event.body, ev.DisconnectionRecommended))
    assert first_day < let_go(city)[last.life.account.account_no]
    (turn,) = (fact for fact in last.world.facts.values() if "lifts" in fact.details)
    assert turn.until is not None
    assert POLICY.calendar.day(turn.until) == let_go(city)[last.life.account.account_no]


def test_who_is_not_held_by_the_season_gets_no_turn() -> None:
    shop = Living(home(1, customer_class=CustomerClass.COMMERCIAL), POLICY)
    side_by_side([shop], POLICY)
    assert not [fact for fact in shop.world.facts.values() if "lifts" in fact.details]
    assert shop.body.case.stage is not Stage.PAST_DUE
