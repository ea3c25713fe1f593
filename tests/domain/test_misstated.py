"""Of a letter that stated a wrong sum by a mistake put right since, a person is told; none that overstated cuts."""

from dataclasses import replace

import pytest

from domain import events as ev
from domain.agenda import next_step
from domain.case import Case
from domain.facts import Fact, FactKind
from domain.gate import gate
from domain.look import read
from domain.misstated import misstated_by, overstated
from domain.money import Money
from domain.states import Stage
from domain.step import Step, StepKind
from domain.take import take
from domain.verdict import Action
from tests.builders import POLICY, a_bill, a_case, a_fact, a_notice, a_policy, at, day, done, knowing

OWED = a_bill("2026-06-01", 15_000)
STATED = a_bill("2026-06-01", 20_000)
LENIENT = a_policy(notice_overstated=False)


def found(change: str, *, since: str = "2026-06-10 12:00", known: str = "2026-06-24 12:00", cents: int = 5_000) -> Fact:
    fact = a_fact(FactKind.PUT_RIGHT, since, cents=cents, change=change)
    return replace(fact, known_at=at(known))


def noticed(stated_at: str = "2026-06-16 09:30") -> Case:
    notice = replace(a_notice(STATED), stated_at=at(stated_at), letter="L2")
    reminder = a_notice(STATED, served="2026-06-08", kind="reminder")
    return a_case(STATED, now="2026-06-24 12:00", stage=Stage.NOTICED, notice=notice, reminder=reminder)


def looked(case: Case, *facts: Fact, now: str = "2026-06-24 12:00") -> tuple[Case, tuple[ev.Event, ...]]:
    """Return *case* after it found that the bill is less, and *facts*."""
    known = replace(case.known, version="2", bills=(OWED,), facts=facts, at=at(now))
    events = read(case, known, POLICY, at(now))
    for event in events:
        case = take(case, event)
    return case, events


def tasks(events: tuple[ev.Event, ...]) -> list[str]:
    return [event.body.about for event in events if isinstance(event.body, ev.TaskRaised)]


@pytest.mark.parametrize(
    ("stated_at", "cents"),
    [
        ("2026-06-10 11:59", 0),
        ("2026-06-10 12:00", 5_000),
        ("2026-06-24 11:59", 5_000),
        ("2026-06-24 12:00", 0),
    ],
)
def test_a_sum_is_wrong_that_was_read_while_the_mistake_stood(stated_at: str, cents: int) -> None:
    notice = noticed(stated_at).notice
    assert notice is not None
    assert misstated_by(notice, [found("came")]).cents == cents
    assert misstated_by(notice, [found("left")]).cents == -cents


def test_two_mistakes_that_cancel_out_leave_the_sum_right() -> None:
    notice = noticed().notice
    assert notice is not None
    both = [found("came"), replace(found("left", since="2026-06-11 12:00"), fact_id="other")]
    assert misstated_by(notice, both) == Money(0)
    taken_back = replace(found("came"), withdrawn_at=at("2026-06-25 12:00"))
    assert misstated_by(notice, [taken_back]) == Money(0)


def test_a_person_is_told_once_of_each_letter_and_what_the_record_says() -> None:
    case, events = looked(noticed(), found("came"))
    (about,) = tasks(events)
    assert about == (
        "The disconnection notice of 2026-06-16 stated $200.00. A mistake has been put right since: the record says "
        "$150.00. Tell the customer."
    )
    again = replace(case.known, version="3", bills=())
    assert not tasks(read(case, again, POLICY, at("2026-06-25 12:00")))
    assert "the record says $250.00" in tasks(looked(noticed(), found("left"))[1])[0]


def test_a_notice_that_stated_too_much_carries_no_cut_and_is_served_anew() -> None:
    case, _ = looked(noticed(), found("came"), now="2026-07-01 10:00")
    verdict = gate(Action.RECOMMEND_DISCONNECTION, case, POLICY, at("2026-07-01 10:00"))
    assert [outcome.rule for outcome in verdict.blocking] == ["D01"]
    assert "stated $50.00 more than was owed" in verdict.blocking[0].says
    step = next_step(case, POLICY, at("2026-07-01 10:00"))
    assert isinstance(step, Step)
    assert (step.kind, step.rule) == (StepKind.WITHDRAW_NOTICE, "notice.overstated_anew")
    case = done(case, step, "2026-07-01 10:00")
    anew = next_step(case, POLICY, at("2026-07-01 10:00"))
    assert isinstance(anew, Step)
    assert (anew.kind, anew.amount, POLICY.calendar.day(anew.at)) == (
        StepKind.SERVE_NOTICE,
        Money(15_000),
        day("2026-07-01"),
    )


def test_one_that_stated_too_little_stands_as_does_any_where_the_pack_says_so() -> None:
    short, _ = looked(noticed(), found("left"), now="2026-07-01 10:00")
    assert gate(Action.RECOMMEND_DISCONNECTION, short, POLICY, at("2026-07-01 10:00")).allows
    too_much, _ = looked(noticed(), found("came"), now="2026-07-01 10:00")
    assert gate(Action.RECOMMEND_DISCONNECTION, too_much, LENIENT, at("2026-07-01 10:00")).allows
    assert not isinstance(next_step(too_much, LENIENT, at("2026-07-01 10:00")), Step)
    notice = too_much.notice
    assert notice is not None
    assert overstated(notice, too_much.known.facts, LENIENT, day("2026-07-01")) == Money(0)


def test_a_correction_that_was_the_mistake_lets_the_notice_stand_again() -> None:
    case, _ = looked(noticed(), found("came"), now="2026-06-24 12:00")
    step = next_step(case, POLICY, at("2026-06-24 12:00"))
    assert isinstance(step, Step)
    case = done(case, step, "2026-06-24 12:00")
    assert case.notice is None
    case = knowing(case, "2026-06-24 16:00", STATED, facts=())
    step = next_step(case, POLICY, at("2026-06-24 16:00"))
    assert isinstance(step, Step)
    assert (step.kind, step.rule) == (StepKind.RESUME_PATH, "mistake.put_right")
    case = done(case, step, "2026-06-24 16:00")
    assert case.notice == noticed().notice
    assert case.stage is Stage.NOTICED
