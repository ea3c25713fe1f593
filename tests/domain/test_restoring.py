"""A service that is off comes back on where the law restores it, paid for or not."""

from dataclasses import replace

import pytest

from domain import events as ev
from domain.account import CustomerClass, Service
from domain.agenda import next_step
from domain.arrangement import ArrangementStatus
from domain.case import Case, OrderPurpose
from domain.effects import Receipt
from domain.facts import Fact, FactKind
from domain.perform import performed
from domain.states import ServiceStatus, Stage
from domain.step import Next, Step, StepKind, Wait
from simulator.life import Learned
from tests.builders import POLICY, a_bill, a_case, a_fact, a_policy, an_account, an_agreement, at, day, off
from tests.simulator.test_stories import a_cut, a_life, lived

LOW = an_account(income_band="le50smi")


def dark(now: str, *facts: Fact, **changes: object) -> Case:
    """Return a case whose electricity has been off since July for a bill of June."""
    account = changes.pop("account", an_account())
    case = off(a_case(a_bill(), now=now, facts=facts, **changes))
    return replace(case, known=replace(case.known, account=account))  # type: ignore[arg-type]


def asks(case: Case, now: str, policy: object = POLICY) -> Next:
    return next_step(case, policy, at(now))  # type: ignore[arg-type]


def restored_under(case: Case, now: str, policy: object = POLICY) -> str:
    """Return the rule under which the service is to be restored now; empty if it stays off."""
    step = asks(case, now, policy)
    restores = isinstance(step, Step) and step.kind is StepKind.REQUEST_REACTIVATION
    return step.rule if restores and isinstance(step, Step) and step.citation else ""


def in_agreement(**changes: object) -> dict[str, object]:
    agreed = an_agreement(a_bill(), ("2026-12-01", 10_000), status=ArrangementStatus.AGREED, **changes)
    return {"stage": Stage.ON_ARRANGEMENT, "arrangement": agreed}


@pytest.mark.parametrize(("now", "rule"), [("2026-09-30 09:00", ""), ("2026-10-01 09:00", "D05")])
def test_the_cold_weather_season_restores_who_qualifies_and_agrees_from_its_first_day(now: str, rule: str) -> None:
    assert restored_under(dark(now, account=LOW, **in_agreement()), now) == rule


@pytest.mark.parametrize(("now", "rule"), [("2027-04-30 09:00", "D05"), ("2027-05-03 09:00", "")])
def test_the_cold_weather_season_restores_through_its_last_day(now: str, rule: str) -> None:
    agreed = an_agreement(a_bill(), ("2027-06-01", 10_000), status=ArrangementStatus.AGREED)
    case = dark(now, account=LOW, stage=Stage.ON_ARRANGEMENT, arrangement=agreed)
    assert restored_under(case, now) == rule


def test_without_agreement_income_or_a_law_that_reconnects_the_winter_restores_nothing() -> None:
    now = "2026-11-02 09:00"
    assert restored_under(dark(now, account=LOW), now) == ""
    assert restored_under(dark(now, **in_agreement()), now) == ""
    commercial = replace(LOW, customer_class=CustomerClass.COMMERCIAL)
    assert restored_under(dark(now, account=commercial, **in_agreement()), now) == ""
    silent = a_policy(winter_reconnects=False)
    assert restored_under(dark(now, account=LOW, **in_agreement()), now, silent) == ""


def test_the_winter_restores_heat_and_not_water() -> None:
    now = "2026-11-02 09:00"
    case = dark(now, account=LOW, **in_agreement())
    case = off(replace(case, services=()), Service.WATER)
    assert restored_under(case, now) == ""


def test_a_moratorium_restores_who_qualifies_without_an_agreement() -> None:
    now, policy = "2026-11-17 09:00", a_policy(winter_rule="moratorium")
    assert restored_under(dark(now, account=LOW), now, policy) == "D10"
    barring = a_policy(winter_rule="moratorium", winter_prior_arrears_bar=True)
    assert restored_under(off(a_case(a_bill("2026-04-01"), now=now)), now, barring) == ""


@pytest.mark.parametrize(("now", "rule"), [("2026-07-10 22:00", "D12"), ("2026-07-11 09:00", "")])
def test_illness_restores_at_any_hour_while_a_telephone_certificate_lasts(now: str, rule: str) -> None:
    # Certified by telephone on Friday, 3 July, a closed day: five open days end on Friday, 10 July.
    case = dark(now, a_fact(FactKind.MEDICAL_CERTIFICATE, "2026-07-03", form="phone"))
    assert restored_under(case, now) == rule
    step = asks(case, now)
    assert not isinstance(step, Step) or step.at == at(now)


@pytest.mark.parametrize(("petition_on", "rule"), [("2026-07-06", "D14"), ("2026-05-01", "D14"), ("2026-04-10", "")])
def test_a_petition_restores_where_all_that_is_past_due_is_stayed(petition_on: str, rule: str) -> None:
    # The bill of June was issued on 11 May, for service since 10 or 11 April.
    now = "2026-07-07 09:00"
    case = dark(now, a_fact(FactKind.BANKRUPTCY, "2026-07-06", petition_on=petition_on))
    assert restored_under(case, now) == rule


def test_what_is_restored_is_a_field_order_with_its_rule_as_evidence() -> None:
    now = "2026-10-01 09:00"
    case = dark(now, account=LOW, **in_agreement())
    step = asks(case, now)
    assert isinstance(step, Step)
    event = performed(case, step, Receipt(), POLICY, at(now))[0]
    assert isinstance(event.body, ev.OrderPlaced)
    assert event.body.order.purpose is OrderPurpose.RECONNECT
    assert event.certificate is not None
    assert (event.by, event.certificate.outcomes[0].rule) == ("rule:D05", "D05")


def test_nobody_is_restored_who_is_on() -> None:
    case = a_case(a_bill(), now="2026-07-07 09:00", facts=[a_fact(FactKind.LIFE_SUPPORT, "2026-07-01")])
    assert not isinstance(asks(case, "2026-07-07 09:00"), Wait)
    assert restored_under(case, "2026-07-07 09:00") == ""


def test_a_household_cut_in_june_is_back_on_the_day_its_illness_is_known() -> None:
    ill = Learned(at=at("2026-07-07 10:00"), fact=a_fact(FactKind.MEDICAL_CERTIFICATE, "2026-07-07"))
    found = lived(a_life(*a_cut("2026-06-29"), ill, until="2026-07-20"))
    restored = [event.on for event in found.body.events if isinstance(event.body, ev.ServiceRestored)]
    assert restored == [day("2026-07-07")]
    assert found.body.case.service(Service.ELECTRIC).status is ServiceStatus.ON
