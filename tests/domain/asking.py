"""What a claim about the agenda asks: the next step, the next wait, the day they fall on."""

from datetime import date, datetime, time

from domain.agenda import instant_of, next_step
from domain.case import Case
from domain.policy import Policy
from domain.step import Next, Step, Wait
from tests.builders import (
    CALENDAR,
    POLICY,
    a_bill,
    at,
)

BILL = a_bill("2026-06-01", 10_000)


def step_of(case: Case, now: str, policy: Policy = POLICY) -> Step:
    found = next_step(case, policy, at(now))
    assert isinstance(found, Step), found
    return found


def wait_of(case: Case, now: str) -> Wait:
    found = next_step(case, POLICY, at(now))
    assert isinstance(found, Wait), found
    return found


def on(item: Next) -> date:
    return CALENDAR.day(instant_of(item))


def in_office(instant: datetime) -> bool:
    return CALENDAR.is_open(CALENDAR.day(instant)) and time(8) <= CALENDAR.clock(instant) < time(17)
