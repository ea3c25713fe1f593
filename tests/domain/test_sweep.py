"""Every home still off before the protected season is written to, offered the agreement, and back on if protected."""

from dataclasses import replace

import pytest

from domain import events as ev
from domain.account import CustomerClass, Service
from domain.agenda import agenda
from domain.arrangement import ArrangementStatus
from domain.case import Case
from domain.facts import FactKind
from domain.perform import SendLetter, effect_of
from domain.states import Stage
from domain.step import Step, StepKind, Wait, Who
from domain.tracks.sweep import sweep_of
from simulator.life import Learned
from tests.builders import a_bill, a_case, a_fact, a_policy, an_account, an_agreement, at, day, done, off
from tests.simulator.test_stories import a_cut, a_life, lived

POLICY = a_policy(winter_sweep_from=(9, 1))
LOW = an_account(income_band="le50smi")
MORATORIUM = a_policy(winter_rule="moratorium", winter_season=((11, 15), (3, 15)), winter_sweep_from=(10, 15))


def dark(now: str, **changes: object) -> Case:
    account = changes.pop("account", LOW)
    case = off(a_case(a_bill(), now=now, **changes))
    return replace(case, known=replace(case.known, account=account))  # type: ignore[arg-type]


def offer(case: Case, now: str, policy: object = POLICY) -> Step | None:
    items = agenda(case, policy, at(now))  # type: ignore[arg-type]
    return next((i for i in items if isinstance(i, Step) and i.kind is StepKind.OFFER_RECONNECTION), None)


def asked(case: Case, now: str) -> Wait | None:
    items = agenda(case, POLICY, at(now))
    return next((i for i in items if isinstance(i, Wait) and i.task == "offer_reconnection"), None)


@pytest.mark.parametrize(
    ("now", "on"),
    [
        ("2026-07-07 09:00", "2026-09-01"),
        ("2026-08-31 09:00", "2026-09-01"),
        ("2026-09-01 07:00", "2026-09-01"),
        ("2026-12-10 07:00", "2026-12-10"),  # cut in the season by whomever: it is written to at once
        ("2027-05-03 09:00", "2027-09-01"),  # the next season's
    ],
)
def test_a_home_that_is_off_is_written_to_from_the_first_of_september(now: str, on: str) -> None:
    step = offer(dark(now), now)
    assert step is not None
    assert POLICY.calendar.day(step.at) == day(on)


def test_the_window_of_new_mexico_begins_a_month_before_its_own_season() -> None:
    step = offer(dark("2026-09-20 09:00"), "2026-09-20 09:00", MORATORIUM)
    assert step is not None
    assert (POLICY.calendar.day(step.at), step.ref) == (day("2026-10-15"), "2026-11-15")


@pytest.mark.parametrize(
    "case",
    [
        a_case(a_bill(), now="2026-09-02 09:00"),
        dark("2026-09-02 09:00", account=replace(LOW, customer_class=CustomerClass.COMMERCIAL)),
        off(a_case(a_bill(), now="2026-09-02 09:00"), Service.WATER),
        dark("2026-09-02 09:00", stage=Stage.FINAL_BILLED),
        dark("2026-09-02 09:00", offered_for=day("2026-10-01")),
    ],
    ids=["on", "a business", "water alone", "moved out", "written to before"],
)
def test_nobody_else_is_written_to_and_nobody_twice(case: Case) -> None:
    assert offer(case, "2026-09-02 09:00") is None


def test_no_law_that_reconnects_no_sweep() -> None:
    for pack in (
        a_policy(winter_sweep_from=(9, 1), winter_reconnects=False),
        a_policy(winter_sweep_from=(9, 1), winter_rule="none"),
        a_policy(winter_sweep_from=()),
    ):
        assert sweep_of(pack, day("2026-09-02")) is None


def test_a_household_whose_customer_died_is_not_written_to() -> None:
    dead = dark("2026-09-02 09:00", facts=[a_fact(FactKind.DECEASED, "2026-08-01")])
    assert offer(dead, "2026-09-02 09:00") is None


def test_the_letter_goes_out_once_and_the_desk_is_to_call_or_visit() -> None:
    case = dark("2026-09-01 10:00")
    step = offer(case, "2026-09-01 16:59")
    assert step is not None
    effect = effect_of(case, step, POLICY, at("2026-09-01 16:59"))
    assert isinstance(effect, SendLetter)
    assert effect.kind == "reconnection offer"
    after = done(case, step, "2026-09-01 16:59")
    assert after.offered_for == day("2026-10-01")
    assert offer(after, "2026-09-02 09:00") is None
    wait = asked(after, "2026-09-02 09:00")
    assert wait is not None
    assert (wait.who, wait.until) == (Who.REPRESENTATIVE, at("2026-10-01"))


def test_once_it_agreed_or_declined_nobody_need_ask_and_the_first_day_is_looked_at() -> None:
    declined = dark(
        "2026-09-10 09:00",
        offered_for=day("2026-10-01"),
        facts=[a_fact(FactKind.AGREEMENT_DECLINED, "2026-09-09", by="phone")],
    )
    assert asked(declined, "2026-09-10 09:00") is None
    assert at("2026-10-01") in {
        i.until for i in agenda(declined, POLICY, at("2026-09-10 09:00")) if isinstance(i, Wait)
    }


def test_a_household_cut_in_june_is_written_to_in_september_and_back_on_the_first_of_october() -> None:
    """It agrees in September; its down payment is not in, so the agreement alone does not reopen service yet."""
    life = a_life(*a_cut("2026-06-29"), until="2026-10-10", income_band="gt50smi")
    qualified = Learned(
        at=at("2026-09-10 10:00"), fact=a_fact(FactKind.INCOME_QUALIFICATION, "2026-09-10", band="le50smi")
    )
    life = replace(life, inputs=(*life.inputs, qualified))
    found = lived(life, a_policy(winter_sweep_from=(9, 1), winter_needs_agreement=False))
    offered = [event.on for event in found.body.events if isinstance(event.body, ev.ReconnectionOffered)]
    restored = [event.on for event in found.body.events if isinstance(event.body, ev.ServiceRestored)]
    assert offered == [day("2026-09-01")]
    assert restored == [day("2026-10-01")]


def test_an_agreement_kept_restores_on_the_first_day_of_the_season() -> None:
    agreed = an_agreement(a_bill(), ("2026-12-01", 10_000), status=ArrangementStatus.AGREED)
    case = dark("2026-10-01 09:00", arrangement=agreed, stage=Stage.ON_ARRANGEMENT, offered_for=day("2026-10-01"))
    step = agenda(case, POLICY, at("2026-10-01 09:00"))[0]
    assert isinstance(step, Step)
    assert (step.kind, step.rule) == (StepKind.REQUEST_REACTIVATION, "D05")
