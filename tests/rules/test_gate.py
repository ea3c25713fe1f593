"""Does the gate ask every rule, fail closed, and say when it may be asked again?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain import parameters as par
from domain.account import OpenBill, Service
from domain.case import Case
from domain.facts import Fact, FactKind
from domain.gate import gate, nominated_service
from domain.money import Money
from domain.policy import Policy, PolicyGap
from domain.rules.notices import earliest_cut
from domain.rules.registry import RULES
from domain.rules.slots import next_slot
from domain.states import ServiceStatus
from domain.verdict import DISCONNECTION_ACTIONS, Action, Finding, certify, refuse
from tests.rules.worked import Example, case_of, examples, instant, policy

RO, LC = "rochester-mn", "las-cruces-nm"
EXAMPLES = examples()


def plain(now: datetime, city: str = RO, **says: object) -> Case:
    return case_of(
        Example(
            file="", name="", rule="", city=city, now=now, action=Action.DISPATCH_DISCONNECTION,
            expect=Finding.PASSES, until=None, also=frozenset(), says=dict(says),
        )
    )  # fmt: skip


def without(pack: Policy, key: str) -> Policy:
    return replace(pack, values={name: dated for name, dated in pack.values.items() if name != key})


NOW = datetime(2026, 9, 9, 10)


def test_registry_holds_every_rule_of_the_table_once_in_id_order() -> None:
    ids = [rule.rule_id for rule in RULES]
    assert ids == sorted(set(ids))
    assert {f"D{n:02d}" for n in range(1, 23)} | {f"C{n:02d}" for n in range(1, 8)} <= set(ids)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.rule_id.startswith("D")], ids=lambda rule: rule.rule_id
)
def test_every_rule_of_a_cut_is_asked_at_dispatch_and_at_the_door(rule: object) -> None:
    asked = set(rule.actions)  # type: ignore[attr-defined]
    assert {Action.DISPATCH_DISCONNECTION, Action.ACKNOWLEDGE_DISCONNECTION} <= asked


def test_outcomes_stand_in_id_order_and_each_answers_for_its_own_rule() -> None:
    for action in Action:
        outcomes = gate(action, plain(NOW), policy(RO), instant(NOW, RO)).outcomes
        assert [o.rule for o in outcomes] == [rule.rule_id for rule in RULES if action in rule.actions]


@pytest.mark.parametrize("city", [RO, LC])
@pytest.mark.parametrize("action", DISCONNECTION_ACTIONS)
def test_plain_household_may_be_cut_and_no_missing_value_makes_it_more_so(city: str, action: Action) -> None:
    pack, case, now = policy(city), plain(NOW, city), instant(NOW, city)
    case = replace(case, known=replace(case.known, facts=(*every_fact(now),)))
    whole = {o.rule for o in gate(action, case, pack, now).blocking}
    for key in pack.values:
        verdict = gate(action, case, without(pack, key), now)
        assert {o.rule for o in verdict.blocking} >= whole, key
    assert gate(action, plain(NOW, city), pack, now).allows


def every_fact(now: datetime) -> list[Fact]:
    start = now - timedelta(days=5)
    return [Fact(fact_id=kind, kind=kind, starts=start, known_at=start) for kind in FactKind]


NEEDED = [
    (par.NOTICE_ELEMENTS, "D01"), (par.NOTICE_MIN_DAYS_MAILED, "D02"), (par.DNP_MIN_BALANCE, "D03"),
    (par.DNP_MIN_DAYS, "D03"), (par.DISPUTE_REVIEWER, "D04"), (par.WINTER_RULE, "D05"), (par.WINTER_SEASON, "D10"),
    (par.DNP_WINDOW, "D08"), (par.DNP_BLOCKED_WEEKDAYS, "D08"), (par.HEAT_PRODUCTS, "D09"),
    (par.MEDICAL_MAX_DAYS, "D12"), (par.MILITARY_PROTECTED, "D13"), (par.PLEDGE_HOLD_DAYS, "D16"),
    (par.CANCEL_THRESHOLD, "D17"), (par.TENANT_NOTICE_DAYS, "D18"), (par.DNP_SUPERVISOR_FLAGS, "D19"),
    (par.THIRD_PARTY_COPY, "D21"), (par.APPROVAL_OPEN_DAYS, "D22"), (par.READING_VALID_MINUTES, "G01"),
    (par.DNP_SERVICE_ORDER, "D03"),
]  # fmt: skip


@pytest.mark.parametrize(("parameter", "rule"), NEEDED, ids=lambda each: getattr(each, "key", each))
def test_a_value_that_the_pack_does_not_state_blocks_and_is_named(parameter: object, rule: str) -> None:
    key = parameter.key  # type: ignore[attr-defined]
    case = plain(NOW, **({"order": "none"} if key == par.DNP_SERVICE_ORDER.key else {}))
    verdict = gate(Action.DISPATCH_DISCONNECTION, case, without(policy(RO), key), instant(NOW, RO))
    gaps = {o.rule: o for o in verdict.blocking if key in o.says}
    assert rule in gaps
    assert gaps[rule].until is None


def test_a_day_before_the_pack_begins_blocks_rather_than_fails() -> None:
    now = datetime(2021, 6, 30, 10)
    verdict = gate(Action.DISPATCH_DISCONNECTION, plain(NOW), policy(RO), instant(now, RO))
    assert not verdict.allows


def test_verdict_names_the_latest_of_the_moments_at_which_its_blocks_may_end() -> None:
    now = datetime(2026, 9, 11, 10)  # a Friday
    heat = {"kind": "heat_product", "product": "Heat Advisory", "county": "Olmsted", "starts": now}
    case = plain(now, facts=[heat | {"until": datetime(2026, 9, 15, 20)}])
    verdict = gate(Action.DISPATCH_DISCONNECTION, case, policy(RO), instant(now, RO))
    assert {o.rule for o in verdict.blocking} == {"D08", "D09"}
    assert verdict.until == instant(datetime(2026, 9, 15, 20), RO)


def test_verdict_names_no_moment_while_one_block_waits_for_a_person() -> None:
    now = datetime(2026, 9, 11, 10)
    verdict = gate(Action.DISPATCH_DISCONNECTION, plain(now, facts=[{"kind": "hold"}]), policy(RO), instant(now, RO))
    assert {o.rule for o in verdict.blocking} == {"D08", "G03"}
    assert verdict.until is None


def test_asking_again_at_the_named_moment_finds_that_block_gone() -> None:
    for example in EXAMPLES:
        if not isinstance(example.until, datetime):
            continue
        case, later = case_of(example), instant(example.until, example.city)
        found = {o.rule: o for o in gate(example.action, case, policy(example.city), later).outcomes}
        assert found[example.rule].finding is not Finding.BLOCKS, str(example)


def test_date_sums_of_every_example_are_right() -> None:
    sums = 0
    for example in EXAMPLES:
        calendar = policy(example.city).calendar
        verdict = gate(example.action, case_of(example), policy(example.city), instant(example.now, example.city))
        for each in (each for outcome in verdict.outcomes for each in outcome.arithmetic):
            sums += 1
            if each.calendar == "calendar":
                assert each.start + timedelta(days=each.days) == each.result
                continue
            day, left = each.start, each.days
            while left:
                day += timedelta(days=1)
                left -= day.weekday() < 5 and day not in calendar.city_closed
            assert day == each.result
    assert sums > 300


def test_facts_named_in_an_outcome_are_on_file() -> None:
    for example in EXAMPLES:
        case = case_of(example)
        on_file = {fact.fact_id for fact in case.known.facts} | {bill.ref for bill in case.known.bills} | {"A1", "W1"}
        on_file |= {remedy.remedy_id for remedy in case.remedies}
        for outcome in gate(example.action, case, policy(example.city), instant(example.now, example.city)).outcomes:
            assert set(outcome.facts) <= on_file, (str(example), outcome.rule)


def test_refusal_names_every_blocking_rule_and_the_certificate_leaves_the_silent_ones_out() -> None:
    now = datetime(2026, 9, 11, 10)
    verdict = gate(Action.DISPATCH_DISCONNECTION, plain(now, facts=[{"kind": "hold"}]), policy(RO), instant(now, RO))
    refusal = refuse(verdict, title="This cut is forbidden")
    assert refusal.rules == ("D08", "G03")
    assert "Friday" in refusal.detail
    certificate = certify(verdict, RO)
    assert Finding.SILENT not in {o.finding for o in certificate.outcomes}
    assert certificate.policy == policy(RO).digest


def bill(service: Service, due_on: date = date(2026, 7, 1)) -> OpenBill:
    cents = Money(12_000)
    return OpenBill(bill_no="1", service=service, bill_on=date(2026, 6, 10), due_on=due_on, original=cents, open=cents)


def nominated(case: Case, *bills: OpenBill, city: str = RO) -> Service | None:
    unnoticed = replace(case, notice=None, known=replace(case.known, bills=bills))
    return nominated_service(unnoticed, policy(city), date(2026, 9, 9))


def test_the_first_service_of_the_pack_that_is_on_and_owes_is_the_one_to_cut() -> None:
    case = plain(NOW)
    assert nominated(case, bill(Service.WATER), bill(Service.ELECTRIC)) is Service.ELECTRIC
    assert nominated(case, bill(Service.WATER)) is Service.WATER
    assert nominated(case, bill(Service.ELECTRIC, date(2026, 9, 9)), bill(Service.WATER)) is Service.WATER
    assert nominated(case, bill(Service.GAS), bill(Service.WATER), city=LC) is Service.WATER
    assert nominated(case, bill(Service.REFUSE), city=LC) is None
    assert nominated(case) is None


def test_a_service_that_is_off_is_not_cut_again() -> None:
    case = plain(NOW, off=["electric"])
    assert case.service(Service.ELECTRIC).status is ServiceStatus.OFF
    assert nominated(case, bill(Service.ELECTRIC), bill(Service.WATER)) is Service.WATER


def test_no_order_of_services_in_the_pack_is_a_gap() -> None:
    with pytest.raises(PolicyGap, match=r"dnp\.service_order"):
        nominated_service(plain(NOW), without(policy(RO), "dnp.service_order"), date(2026, 9, 9))


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        (datetime(2026, 9, 9, 10), datetime(2026, 9, 9, 10)),  # now is lawful
        (datetime(2026, 9, 10, 15), datetime(2026, 9, 14, 8)),  # Thursday's window is over
        (datetime(2026, 9, 3, 15), datetime(2026, 9, 8, 8)),  # Labor Day follows the weekend
        (datetime(2026, 12, 23, 15), datetime(2026, 12, 28, 8)),  # Christmas Eve and Christmas
        (datetime(2027, 3, 11, 15), datetime(2027, 3, 15, 8)),  # the clocks go forward in between
    ],
)
def test_next_slot_is_the_first_lawful_moment(at: datetime, slot: datetime) -> None:
    assert next_slot(policy(RO), instant(at, RO)) == instant(slot, RO)


def test_slot_keeps_the_local_clock_when_the_offset_changes() -> None:
    before, after = instant(datetime(2027, 3, 11, 8), RO), instant(datetime(2027, 3, 15, 8), RO)
    assert (before.astimezone(UTC).hour, after.astimezone(UTC).hour) == (14, 13)


def test_notice_of_september_carries_a_cut_in_september_and_then_not_before_mid_october() -> None:
    def first(not_before: date) -> date:
        return earliest_cut(
            policy(RO), served_on=date(2026, 9, 15), method="mail", residential=True, service=Service.ELECTRIC,
            not_before=not_before,
        )  # fmt: skip

    assert first(date(2026, 9, 15)) == date(2026, 9, 25)
    assert first(date(2026, 9, 30)) == date(2026, 9, 30)
    assert first(date(2026, 10, 1)) == date(2026, 10, 15)


def test_customers_language_joins_those_of_the_pack() -> None:
    case = plain(NOW, account={"language": "es"})
    says = {o.rule: o.says for o in gate(Action.SERVE_NOTICE, case, policy(RO), instant(NOW, RO)).outcomes}
    assert says["C06"] == "It goes out in: en, es."
