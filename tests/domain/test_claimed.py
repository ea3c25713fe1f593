"""A payment that someone says is made stops the cut until its file is due, is found by itself, or lapses."""

from dataclasses import replace
from datetime import date

import pytest

from domain import commands as c
from domain.agenda import agenda
from domain.claimed import LAPSED, MATCHED, Arrival, ended, false_claims, matching, shows_by
from domain.facts import Fact, FactKind
from domain.gate import gate
from domain.money import Money
from domain.step import Step, StepKind
from domain.verdict import Action
from tests.builders import POLICY, a_bill, a_fact, asked, at, decided, done, knowing, noticed, refused

MONDAY = "2026-06-29 09:00"


def claim(starts: str = MONDAY, *, cents: int = 10_000, channel: str = "pay_station", no: str = "K1") -> Fact:
    fact = a_fact(FactKind.CLAIMED_PAYMENT, starts, cents=cents, channel=channel, confirmation=no, said_by="customer")
    return replace(fact, fact_id=f"{fact.fact_id}-{no}")


def saying(channel: str = "pay_station", no: str = "K1") -> c.RecordFact:
    details = (("channel", channel), ("confirmation", no), ("said_by", "customer"))
    return c.RecordFact(kind=FactKind.CLAIMED_PAYMENT, amount=Money(10_000), details=details)


@pytest.mark.parametrize(
    ("channel", "last"),
    # Friday the third of July is a holiday of the test calendar.
    [("counter", date(2026, 6, 30)), ("online", date(2026, 7, 1)), ("pay_station", date(2026, 7, 2))],
)
def test_each_channel_has_its_own_day_by_which_a_payment_shows(channel: str, last: date) -> None:
    assert shows_by(claim(channel=channel), POLICY, date(2026, 6, 29)).result == last


@pytest.mark.parametrize(
    ("now", "stopped"), [("2026-06-29 10:00", True), ("2026-07-02 10:00", True), ("2026-07-06 10:00", False)]
)
def test_a_claim_stops_the_cut_through_the_day_on_which_it_must_show(now: str, stopped: bool) -> None:
    case = noticed(now=now, facts=(claim(),))
    rules = {each.rule for each in gate(Action.RECOMMEND_DISCONNECTION, case, POLICY, at(now)).blocking}
    assert ("D17" in rules) is stopped


def test_a_claim_that_nothing_followed_lapses_into_a_task() -> None:
    now = "2026-07-03 00:00"
    case = noticed(now=now, facts=(claim(),))
    step = next(s for s in agenda(case, POLICY, at(now)) if isinstance(s, Step) and s.kind is StepKind.LAPSE_CLAIM)
    assert step.at == at(now)
    case = done(case, step, now)
    (fact,) = case.known.facts
    assert (fact.details["outcome"], fact.holds(at(now))) == (LAPSED, False)
    kinds = {s.kind for s in agenda(case, POLICY, at(now)) if isinstance(s, Step)}
    assert StepKind.LAPSE_CLAIM not in kinds


def test_the_payment_is_found_by_its_number_or_by_its_very_amount() -> None:
    first, second = claim(no="K1"), claim(no="K2", cents=5_000)
    facts = (first, second)
    when = at("2026-06-30 12:00")

    def arriving(trace: str, cents: int) -> Fact | None:
        return matching(facts, Arrival(payment_id="p", trace=trace, amount=Money(cents), at=when))

    assert arriving("K2", 4_999) == second
    assert arriving("T9", 10_000) == first
    assert arriving("T9", 9_999) is None


def test_money_that_was_in_before_is_not_what_was_meant() -> None:
    before = Arrival(payment_id="p", trace="T", amount=Money(10_000), at=at("2026-06-29 08:59"))
    assert matching((claim(),), before) is None


def test_a_late_payment_clears_the_claim_that_had_lapsed() -> None:
    lapsed = ended(claim(), LAPSED, fact_id="f2", at=at("2026-07-06 00:00"), by="system")
    now = at("2026-07-08 12:00")
    assert false_claims((lapsed,), POLICY, now) == (lapsed,)
    late = Arrival(payment_id="p", trace="K1", amount=Money(10_000), at=now)
    found = matching((lapsed,), late)
    assert found == lapsed
    assert false_claims((ended(lapsed, MATCHED, fact_id="f3", at=now, by="system"),), POLICY, now) == ()


def test_a_second_false_claim_in_twelve_months_needs_a_senior() -> None:
    case = noticed(now="2026-07-20 10:00", facts=(claim(),))
    assert refused(case, "2026-07-20 10:00", saying(no="K2")).slug == "claim-needs-a-senior"
    assert (
        decided(case, "2026-07-20 10:00", saying(no="K2"), senior=True).known.facts[-1].details["confirmation"] == "K2"
    )


@pytest.mark.parametrize(("now", "free"), [("2027-06-29 10:00", False), ("2027-06-30 10:00", True)])
def test_after_twelve_months_a_false_claim_is_forgotten(now: str, free: bool) -> None:
    case = knowing(noticed(now=now, facts=(claim(),)), now, a_bill("2027-05-01"), facts=(claim(),))
    assert isinstance(asked(case, now, saying(no="K2")), tuple) is free


def test_a_channel_from_which_no_file_comes_is_refused() -> None:
    case = noticed(now=MONDAY)
    assert refused(case, MONDAY, saying(channel="pigeon")).slug == "claim-channel-unknown"
