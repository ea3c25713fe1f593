"""A back-test tells of the first thing that a changed pack would have done otherwise, and of nothing else."""

import re
from collections.abc import Sequence
from datetime import date

import pytest

from domain.events import Event
from domain.policy import Policy
from simulator.backtest import Difference, first_difference
from simulator.chance import random_life
from simulator.life import Life
from simulator.run import live
from tests.builders import POLICY, a_policy

LIVES = 40
POLICIES = re.compile(r"policy='[0-9a-f]*'")
CHANGES = {
    "a later reminder": a_policy(reminder_days=9),
    "a later notice": a_policy(notice_days=20),
    "a longer notice": a_policy(notice_min_days_mailed=20),
    "cuts from 300 dollars on": a_policy(dnp_min_balance=30_000),
    "shorter agreements": a_policy(arrangement_max_months=3),
    "a longer cure": a_policy(arrangement_cure_days=20),
}


def asked(life: Life, events: tuple[Event, ...], changed: Policy) -> Difference | None:
    account = life.account.account_no
    return first_difference(life.case_id, account, events, packs=lambda _: POLICY, changed=changed, until=life.ends_at)


@pytest.fixture(scope="module")
def lived() -> list[tuple[Life, tuple[Event, ...]]]:
    return [(life, live(life, POLICY)) for life in map(random_life, range(LIVES))]


def test_a_pack_that_says_the_same_changes_nothing(lived: list[tuple[Life, tuple[Event, ...]]]) -> None:
    assert [asked(life, events, a_policy()) for life, events in lived] == [None] * LIVES


@pytest.mark.parametrize("name", CHANGES)
def test_the_difference_is_where_the_same_life_parts_when_it_is_lived_under_the_changed_pack(
    name: str, lived: list[tuple[Life, tuple[Event, ...]]]
) -> None:
    changed = CHANGES[name]
    found = 0
    for life, events in lived:
        difference = asked(life, events, changed)
        would_be = live(life, changed)
        if difference is None:
            assert acts(events) == acts(would_be), life.case_id
            continue
        found += 1
        same = acts(events[: difference.after])
        assert acts(would_be)[: len(same)] == same, difference
        assert through(events, difference.on) != through(would_be, difference.on), difference
    assert found, "a change that changes nothing shows nothing"


def through(events: Sequence[Event], day: date) -> list[tuple[date, str]]:
    return [(on, what) for on, what in acts(events) if on <= day]


def acts(events: Sequence[Event]) -> list[tuple[date, str]]:
    """Return what was done on which day. That a case found something when it looked is no act: it looks to act."""
    return [(event.on, POLICIES.sub("", str(event.body))) for event in events if event.body.type != "account_read"]
