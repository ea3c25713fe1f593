"""Doing exactly what is said avoids the next adverse step; one cent or one business minute less does not."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain import events as ev
from domain.account import Service
from domain.arrangement import ArrangementStatus
from domain.case import DISCONNECTION, Approval, ApprovalState
from domain.facts import FactKind
from domain.gate import gate
from domain.hear import Tells, Told
from domain.money import Money
from domain.states import Stage
from domain.step import StepKind
from domain.verdict import Action, Refusal
from domain.why import ADVERSE_ACTS, ADVERSE_STEPS, Avoidance, last_minute, smallest_change
from simulator.chance import random_life
from simulator.life import Life, Paid, Reported
from simulator.run import Living
from tests.builders import POLICY, a_bill, a_case, a_fact, a_notice, an_agreement, asked, at, knowing, noticed

ACTS = {
    Action.RECOMMEND_DISCONNECTION: Stage.NOTICED,
    Action.APPROVE_DISCONNECTION: Stage.DISCONNECTION_PENDING,
}
"""The stage in which a person may do each act; that a crew is out is an act at once, which nothing later avoids."""
LEAVES = {
    StepKind.SEND_REMINDER: ev.ReminderSent,
    StepKind.SERVE_NOTICE: ev.NoticeServed,
    StepKind.NOTE_BREACH: ev.ArrangementBreached,
    StepKind.DEFAULT_ARRANGEMENT: ev.ArrangementDefaulted,
    StepKind.LAPSE_ARRANGEMENT: ev.ArrangementLapsed,
    StepKind.DISPATCH_ORDER: ev.OrderDispatched,
}


def told(case: object, now: str) -> Avoidance:
    found = smallest_change(case, POLICY, at(now))  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_reminder_is_avoided_by_paying_down_to_less_than_letters_go_out_for() -> None:
    found = told(a_case(a_bill(cents=10_000)), "2026-06-02 07:00")
    # Letters go out from $20.00; $80.01 leaves $19.99. The reminder is due on Monday, 8 June (five days, a weekend).
    assert (found.kind, found.amount) == (StepKind.SEND_REMINDER, Money(8_001))
    assert found.by is not None
    assert found.says == (
        f"If we receive $80.01 by {POLICY.calendar.clock(found.by):%I:%M %p}".replace("by 0", "by ")
        + " on Monday, June 8, 2026, the reminder of Monday, June 8 does not go out."
    )
    assert found.not_earlier == (
        "calendar days past due, bill B260601/electric: 2026-06-01 and 5 days make 2026-06-06",
    )


def test_a_notice_that_still_runs_says_why_nobody_may_recommend_before() -> None:
    found = told(noticed(a_bill(cents=10_000), now="2026-06-17 09:00"), "2026-06-17 09:00")
    # Ten days from 16 June; the debt is then more than twenty days old. Nobody is cut for less than $50.00.
    assert (found.kind, found.at) == (Action.RECOMMEND_DISCONNECTION, at("2026-06-26 08:00"))
    assert (found.amount, found.by) == (Money(5_001), at("2026-06-25 16:59"))
    assert [line[:3] for line in found.not_earlier] == ["D02", "D03"]


def test_where_a_person_stands_in_the_way_nothing_adverse_is_in_sight() -> None:
    held = noticed(now="2026-06-29 09:00", facts=[a_fact(FactKind.HOLD, "2026-06-20")])
    assert smallest_change(held, POLICY, at("2026-06-29 09:00")) is None


def test_where_a_person_may_act_at_once_only_money_that_comes_first_helps() -> None:
    found = told(noticed(a_bill(cents=10_000), now="2026-06-29 09:00"), "2026-06-29 09:00")
    assert (found.kind, found.amount, found.by) == (Action.RECOMMEND_DISCONNECTION, Money(5_001), None)
    assert found.says.startswith("If we receive $50.01 now, before anything else happens, nobody may recommend")


def test_the_recommendation_is_refused_after_that_payment_and_not_after_a_cent_less() -> None:
    now = "2026-06-29 09:00"
    case = noticed(a_bill(cents=10_000), now=now)
    amount = told(case, now).amount.cents
    for paid, refused in ((amount, True), (amount - 1, False)):
        after = knowing(case, now, a_bill(cents=10_000, open_cents=10_000 - paid))
        assert isinstance(asked(after, now, c.RecommendDisconnection()), Refusal) is refused


def test_an_asked_approval_is_avoided_too() -> None:
    waiting = Approval(
        approval_id="a1", act=DISCONNECTION, state=ApprovalState.ASKED, asked_by="rep", asked_at=at("2026-06-29 08:30")
    )
    case = noticed(now="2026-06-29 09:00", stage=Stage.DISCONNECTION_PENDING, approvals=(waiting,))
    found = told(case, "2026-06-29 09:00")
    assert (found.kind, found.amount) == (Action.APPROVE_DISCONNECTION, Money(5_001))


def test_the_fall_of_an_agreement_by_voice_is_avoided_by_its_down_payment() -> None:
    bill = a_bill(cents=10_000)
    case = a_case(
        bill,
        now="2026-06-09 09:00",
        stage=Stage.ON_ARRANGEMENT,
        arrangement=an_agreement(bill, ("2026-06-11", 2_000), ("2026-07-15", 8_000)),
    )
    found = told(case, "2026-06-09 09:00")
    assert (found.kind, found.amount) == (StepKind.LAPSE_ARRANGEMENT, Money(2_000))


def test_a_breach_is_avoided_by_the_instalment_to_the_cent_through_its_grace() -> None:
    bill = a_bill(cents=10_000)
    case = a_case(
        bill,
        now="2026-06-09 09:00",
        stage=Stage.ON_ARRANGEMENT,
        arrangement=an_agreement(bill, ("2026-06-15", 2_000), ("2026-07-15", 8_000), status=ArrangementStatus.IN_FORCE),
    )
    found = told(case, "2026-06-09 09:00")
    # Due on the 15th, five days of grace through Saturday the 20th; looked at on Monday the 22nd.
    assert (found.kind, found.amount, POLICY.calendar.day(found.at)) == (
        StepKind.NOTE_BREACH,
        Money(2_000),
        at("2026-06-22").date(),
    )


def test_the_last_business_minute_is_one_in_which_the_office_is_open() -> None:
    for step, minute in (
        ("2026-06-08 10:30", "2026-06-08 10:29"),
        ("2026-06-08 08:01", "2026-06-08 08:00"),
        ("2026-06-08 08:00", "2026-06-05 16:59"),  # a Monday: the last one was on Friday
        ("2026-06-08 18:00", "2026-06-08 16:59"),
        ("2026-07-06 08:00", "2026-07-02 16:59"),  # over a holiday and a weekend
    ):
        assert last_minute(POLICY, at(step)) == at(minute)
    assert last_minute(POLICY, at("2026-06-08 10:30") + timedelta(seconds=59)) == at("2026-06-08 10:29")


def test_money_goes_to_the_oldest_bill_first_as_billing_pours_it() -> None:
    old, new = a_bill("2026-06-01", 10_000), a_bill("2026-06-20", 7_000, service=Service.WATER)
    case = a_case(
        old,
        new,
        now="2026-06-12 09:00",
        stage=Stage.REMINDED,
        reminder=a_notice(old, served="2026-06-08", kind="reminder"),
    )
    found = told(case, "2026-06-12 09:00")
    # Nobody is cut for less than $50.00, so no notice warns of it: $50.01 leaves $49.99 of the older bill.
    assert (found.kind, found.amount) == (StepKind.SERVE_NOTICE, Money(5_001))


def _until(living: Living, stop: object) -> Living:
    while living.next_at is not None and living.next_at <= stop:  # type: ignore[operator]
        living.advance()
    return living


def _happens(life: Life, since: datetime, found: Avoidance, *more: Paid) -> bool:
    """Say whether the step is taken, or the act open, at its instant when after the past nothing but *more* happens.

    A late step is taken at the first look within office hours, so a payment too small may even hasten it.
    """
    inputs = tuple(sorted((*life.inputs, *more), key=lambda each: each.at))
    end = found.at if isinstance(found.kind, Action) else found.at + timedelta(minutes=2)
    living = _until(Living(replace(life, inputs=inputs, ends_at=end), POLICY), end)
    if isinstance(found.kind, Action):
        living.world.now = found.at
        case = living.body.case.looking(living.world.snapshot())
        return case.stage is ACTS[found.kind] and gate(found.kind, case, POLICY, found.at).allows
    kind = LEAVES[found.kind]
    return any(isinstance(e.body, kind) and since < e.at for e in living.body.events)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), days=st.integers(1, 200))
@example(seed=1, days=1)
@example(seed=78_670, days=130)
@example(seed=95_988, days=195)
@example(seed=99_740, days=116)
def test_doing_exactly_what_is_said_avoids_the_step_and_a_cent_or_a_business_minute_less_does_not(
    seed: int, days: int
) -> None:
    life = random_life(seed)
    now = life.opened_at + timedelta(days=days)
    # The customer calls and the case looks; from then on nothing happens but what the calendar asks for.
    looks = Reported(at=now, told=Told(key="call", at=now, what=Tells.LOOK_AGAIN))
    life = replace(life, inputs=(*(each for each in life.inputs if each.at < now), looks))
    living = _until(Living(life, POLICY), now)
    living.world.now = now
    known = living.world.snapshot()
    case = living.body.case
    if case.closed is not None or not known.billing_read:
        return
    found = smallest_change(case.looking(known), POLICY, now)
    if found is None or found.by is None or found.by <= now or found.kind not in {*LEAVES, *ACTS}:
        return
    event(found.kind)
    assert _happens(life, now, found)
    exact = Paid(at=found.by, ref="exact", amount=found.amount)
    assert not _happens(life, now, found, exact)
    if found.amount.cents > 1:
        assert _happens(life, now, found, replace(exact, amount=found.amount - Money(1)))
    assert _happens(
        life, now, found, replace(exact, at=max(found.by + timedelta(minutes=2), found.at + timedelta(seconds=1)))
    )


def test_every_step_and_act_that_can_be_avoided_is_one_that_the_property_follows() -> None:
    assert set(LEAVES) == set(ADVERSE_STEPS)
    assert {*ACTS, Action.ACKNOWLEDGE_DISCONNECTION} == set(ADVERSE_ACTS)
