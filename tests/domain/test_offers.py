"""What is offered to a household: lawful, within its means, best first, and never a floor it cannot pay."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain.ability import Assessment, Household, Income, affordable, band_of, household_text, read_household
from domain.account import OpenBill
from domain.case import ARRANGEMENT, ARRANGEMENT_EXCEPTION, Case, Counters
from domain.facts import FactKind
from domain.money import ZERO, Money, total
from domain.offers import offers
from domain.states import Stage
from domain.verdict import Refusal
from tests.builders import POLICY, a_bill, a_case, a_fact, a_policy, an_account, asked, at, day, decided, off, refused

NOW = "2026-06-08 10:00"
WINTER = "2026-12-02 10:00"


def owing(cents: int, *, now: str = NOW) -> Case:
    due = day(now[:10]).replace(day=1)
    return a_case(a_bill(due.isoformat(), cents), now=now)


def earning(case: Case, monthly: int, *, now: str = NOW, size: int = 2, **household: object) -> Case:
    """Return *case* after its household was assessed to live on *monthly* cents."""
    incomes = (Income(source="wages", monthly=Money(monthly)),)
    command = c.AssessAbilityToPay(household_size=size, incomes=incomes, **household)  # type: ignore[arg-type]
    return decided(case, now, command)


# --- ability to pay ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "monthly", "band"),
    [
        # Half of 120,000 dollars for four is 60,000: 5,000 a month, to the cent.
        (4, 500_000, "le50smi"),
        (4, 500_001, "50to100smi"),
        (4, 1_000_000, "50to100smi"),
        (4, 1_000_001, "gt100smi"),
        # 52 per cent of it for one.
        (1, 260_000, "le50smi"),
        (1, 260_001, "50to100smi"),
        # 132 and 3 more for each beyond six: 138 per cent for eight.
        (8, 690_000, "le50smi"),
        (8, 690_001, "50to100smi"),
        (3, 0, "le50smi"),
    ],
)
def test_an_income_falls_into_the_band_of_the_packs_table(size: int, monthly: int, band: str) -> None:
    household = Household(size=size, incomes=(Income(source="wages", monthly=Money(monthly)),))
    assert band_of(household, POLICY, day("2026-06-08")).band == band


def test_aid_that_shows_a_low_income_is_enough() -> None:
    rich = Household(size=1, incomes=(Income(source="wages", monthly=Money(900_000)),), aid=("snap",))
    assert band_of(rich, POLICY, day("2026-06-08")).band == "le50smi"


def test_an_assessment_records_a_fact_for_the_winter_law_and_expires_with_it() -> None:
    case = earning(owing(10_000), 200_000, evidence="stub")
    assert case.assessment is not None
    (fact,) = case.known.facts
    assert (fact.kind, fact.details) == (FactKind.INCOME_QUALIFICATION, {"band": "le50smi"})
    assert case.assessment.expires_on == day("2026-12-05")
    assert fact.until == at("2026-12-06")
    assert affordable(case.assessment, POLICY, day("2026-12-05")) == Money(20_000)
    assert affordable(case.assessment, POLICY, day("2026-12-06")) is None


def test_a_new_assessment_takes_the_place_of_the_one_before() -> None:
    again = earning(earning(owing(10_000), 200_000), 900_000, now="2026-06-09 10:00")
    (fact,) = again.known.facts
    assert fact.details == {"band": "gt100smi"}
    assert again.assessment is not None
    assert again.assessment.number == 2


def test_what_a_household_said_of_itself_is_in_no_open_word_of_its_event() -> None:
    events = asked(
        owing(10_000),
        NOW,
        c.AssessAbilityToPay(household_size=3, incomes=(Income(source="wages", monthly=Money(123_456)),)),
    )
    assert not isinstance(events, Refusal)
    body = events[0].body
    assert "123456" in getattr(body, "household")  # noqa: B009
    assert "123456" not in str(replace(body, household=""))  # type: ignore[call-arg]


@given(
    st.builds(
        Household,
        size=st.integers(1, 30),
        incomes=st.tuples(st.builds(Income, source=st.text(), monthly=st.builds(Money, st.integers(0, 10**8)))),
        aid=st.tuples(st.text()),
        expenses=st.none() | st.builds(Money, st.integers(0, 10**8)),
        circumstances=st.just(("illness",)),
    )
)
def test_a_household_reads_back_as_it_was_written(household: Household) -> None:
    assert read_household(household_text(household)) == household


@pytest.mark.parametrize("words", ["", "[redacted]"])
def test_a_household_whose_words_are_gone_is_not_known(words: str) -> None:
    assert read_household(words) is None


@pytest.mark.parametrize(
    ("command", "slug"),
    [
        (c.AssessAbilityToPay(household_size=0), "household-without-people"),
        (c.AssessAbilityToPay(household_size=31), "household-without-people"),
        (c.AssessAbilityToPay(household_size=1, expenses=Money(-1)), "negative-income"),
        (c.AssessAbilityToPay(household_size=1, circumstances=("rich",)), "unknown-circumstance"),
        (c.AssessAbilityToPay(household_size=1, until=day("2026-06-07")), "assessment-already-over"),
    ],
)
def test_what_no_household_can_be_is_refused(command: c.Command, slug: str) -> None:
    assert refused(owing(10_000), NOW, command).slug == slug


# --- plans ------------------------------------------------------------------------------------------------------------


def test_offers_are_within_the_households_means_and_those_without_approval_come_first() -> None:
    found = offers(earning(owing(60_000), 100_000), POLICY, at(NOW))
    assert found.allowance == Money(10_000)
    assert all(part.amount <= Money(10_000) for plan in found.plans for part in plan.arrangement.schedule)
    needs = [plan.approval for plan in found.plans]
    assert needs == sorted(needs, key=("", ARRANGEMENT, ARRANGEMENT_EXCEPTION).index)
    assert found.plans[0].approval == ""
    assert all(plan.reasons and plan.stops and plan.breaks for plan in found.plans)


def test_taking_an_offer_leads_to_the_very_agreement_that_was_shown() -> None:
    case = earning(owing(60_000), 100_000)
    for plan in offers(case, POLICY, at(NOW)).plans:
        events = asked(case, NOW, plan.command)
        assert not isinstance(events, Refusal)
        body = events[-1].body
        if plan.approval:
            assert (body.type, getattr(body, "act")) == ("approval_asked", plan.approval)  # noqa: B009
        else:
            assert getattr(body, "arrangement") == plan.arrangement  # noqa: B009


def test_no_income_is_a_reason_to_tell_of_programs_not_to_ask_for_money() -> None:
    found = offers(earning(owing(60_000), 0), POLICY, at(NOW))
    assert found.plans == ()
    assert "refer" in found.notes[0]
    assert [program.likely for program in found.programs] == [True]


def test_where_winters_end_and_the_share_of_income_collide_a_supervisor_may_approve_and_both_rules_are_named() -> None:
    pack = a_policy(arrangement_winter_end=(4, 30))
    case = earning(owing(90_000, now=WINTER), 100_000, now=WINTER)
    found = offers(case, pack, at(WINTER))
    assert found.plans
    for plan in found.plans:
        assert plan.approval == ARRANGEMENT_EXCEPTION
        assert {outcome.rule for outcome in plan.exceptions} >= {"A02", "A03"}
        assert all(part.amount <= Money(10_000) for part in plan.arrangement.schedule)
    answer = asked(case, WINTER, found.plans[0].command, senior=True, policy=pack)
    assert not isinstance(answer, Refusal)
    assert answer[-1].body.type == "approval_asked"
    assert answer[0].certificate is not None
    assert not answer[0].certificate.allowed


def test_a_plan_that_ends_with_the_winter_and_can_be_paid_needs_nobody() -> None:
    pack = a_policy(arrangement_winter_end=(4, 30))
    found = offers(earning(owing(40_000, now=WINTER), 100_000, now=WINTER), pack, at(WINTER))
    assert found.plans[0].approval == ""
    assert found.plans[0].arrangement.schedule[-1].due_on <= day("2027-04-30")


def test_a_table_of_terms_by_balance_rules_over_the_plain_terms() -> None:
    south_bend = a_policy(arrangement_terms=((10_000, 3, 0, 0), (20_000, 6, 0, 0), (30_000, 9, 0, 0), (0, 12, 0, 0)))
    for cents, months in ((10_000, 3), (10_001, 6), (20_000, 6), (20_001, 9), (30_000, 9), (30_001, 12)):
        case = owing(cents)
        assert asked(case, NOW, c.AgreeArrangement(months=months), policy=south_bend)[-1].body.type == (  # type: ignore[index,union-attr]
            "arrangement_agreed"
        )
        over = asked(case, NOW, c.AgreeArrangement(months=months + 1), policy=south_bend)
        assert over[-1].body.type == "approval_asked"  # type: ignore[index,union-attr]


def test_after_a_cut_the_down_payment_is_the_lesser_of_cap_and_share() -> None:
    south_bend = a_policy(arrangement_terms_after_lock=((0, 12, 2_500, 25_000),), arrangement_down_floor=True)
    for cents, down in ((40_000, 10_000), (100_000, 25_000), (100_001, 25_000), (99_999, 25_000), (99_996, 24_999)):
        arrangement = decided(off(owing(cents)), NOW, c.AgreeArrangement(months=12), policy=south_bend).arrangement
        assert arrangement is not None
        assert arrangement.schedule[0].amount == Money(down)


def test_a_floor_under_the_down_payment_is_broken_by_a_supervisor_alone() -> None:
    cedar_hill = a_policy(arrangement_down_pct=Decimal(50), arrangement_down_floor=True)
    body = asked(owing(10_000), NOW, c.AgreeArrangement(months=2, down=Money(4_999)), senior=True, policy=cedar_hill)
    assert body[-1].body.act == ARRANGEMENT_EXCEPTION  # type: ignore[index,union-attr]
    plain = asked(owing(10_000), NOW, c.AgreeArrangement(months=2, down=Money(5_000)), policy=cedar_hill)
    assert plain[-1].body.type == "arrangement_agreed"  # type: ignore[index,union-attr]


def test_one_plan_a_year_is_counted_from_the_day_it_was_made() -> None:
    pack = a_policy(arrangement_max_per_year=1)
    for made, approval in (("2025-06-08", ""), ("2025-06-09", ARRANGEMENT)):
        case = replace(owing(10_000), counters=Counters(arranged_on=(day(made),)))
        assert {plan.approval for plan in offers(case, pack, at(NOW)).plans if plan.command.months <= 6} == {approval}


def test_the_chronically_late_are_offered_a_plan_only_where_something_speaks_for_them() -> None:
    pack = a_policy(chronic_late_bills=3, chronic_cuts=1)
    late = replace(owing(60_000), known=replace(owing(60_000).known, account=an_account(late_12m=3)))
    assert refused(late, NOW, c.AgreeArrangement(months=2), policy=pack).rules == ("A06",)
    assert offers(late, pack, at(NOW)).refusal is not None
    poor = earning(late, 400_000, circumstances=("illness",))
    assert {plan.approval for plan in offers(poor, pack, at(NOW)).plans} == {ARRANGEMENT_EXCEPTION}
    twice = replace(late, known=replace(late.known, account=an_account(late_12m=2)))
    assert offers(twice, pack, at(NOW)).plans[0].approval == ""


def test_an_undercharge_is_paid_back_over_as_long_as_it_went_on_without_approval() -> None:
    error = a_fact(FactKind.BILLING_ERROR, "2026-06-01", what="undercharge", months="9")
    case = a_case(a_bill("2026-06-01", 60_000), now=NOW, facts=(error,))
    nine = asked(case, NOW, c.AgreeArrangement(months=9))
    assert nine[-1].body.type == "arrangement_agreed"  # type: ignore[index,union-attr]
    assert any(plan.command.months == 9 and not plan.approval for plan in offers(case, POLICY, at(NOW)).plans)
    assert asked(case, NOW, c.AgreeArrangement(months=10))[-1].body.type == "approval_asked"  # type: ignore[index,union-attr]


def test_a_preferred_payment_date_is_the_day_of_every_instalment() -> None:
    fact = a_fact(FactKind.PREFERRED_PAYMENT_DATE, "2026-06-01", day="15", because="elderly")
    case = a_case(a_bill("2026-06-01", 60_000), now=NOW, facts=(fact,))
    arrangement = decided(case, NOW, c.AgreeArrangement(months=3)).arrangement
    assert arrangement is not None
    assert [part.due_on for part in arrangement.schedule[1:]] == [
        day("2026-07-15"),
        day("2026-08-17"),
        day("2026-09-15"),
    ]


def test_a_third_party_pays_only_by_an_authority_that_is_written_down() -> None:
    landlord = c.AgreeArrangement(months=2, payer="landlord", third_party="Oak Street Homes")
    assert refused(owing(10_000), NOW, landlord).slug == "payer-without-authority"
    case = decided(owing(10_000), NOW, replace(landlord, authority="signed consent"))
    assert case.arrangement is not None
    assert (case.arrangement.payer, case.arrangement.third_party, case.arrangement.authority) == (
        "landlord",
        "Oak Street Homes",
        "signed consent",
    )


def test_a_standing_agreement_gives_way_to_its_renegotiated_version() -> None:
    first = decided(owing(60_000), NOW, c.AgreeArrangement(months=2))
    assert refused(first, NOW, c.AgreeArrangement(months=6)).slug == "agreement-stands"
    second = decided(first, NOW, c.AgreeArrangement(months=6, renegotiates=True)).arrangement
    assert second is not None
    assert (second.number, second.replaces, second.amount) == (2, 1, Money(60_000))
    assert refused(owing(60_000), NOW, c.AgreeArrangement(months=6, renegotiates=True)).slug == "no-agreement"


def test_what_was_offered_goes_on_record_and_a_refusal_opens_what_the_law_says_it_opens() -> None:
    case = owing(60_000)
    events = asked(case, NOW, c.OfferArrangement(most=2, declined=True, by="phone"))
    assert not isinstance(events, Refusal)
    assert [event.body.type for event in events] == ["arrangement_offered", "fact_recorded"]
    plain = asked(case, NOW, c.OfferArrangement())
    assert plain[-1].body.fact.kind is FactKind.AGREEMENT_OFFERED  # type: ignore[index,union-attr]
    assert len(events[0].body.terms) == 2  # type: ignore[union-attr]
    fact = events[1].body.fact  # type: ignore[union-attr]
    assert (fact.kind, fact.details) == (FactKind.AGREEMENT_DECLINED, {"by": "phone"})


def test_telling_of_programs_is_the_referral_that_the_winter_law_asks_for() -> None:
    events = asked(owing(60_000), NOW, c.TellPrograms(programs=("energy_assistance",), providers=True))
    assert not isinstance(events, Refusal)
    assert events[0].body.fact.details == {"programs": "energy_assistance", "providers": "yes"}  # type: ignore[union-attr]
    assert refused(owing(60_000), NOW, c.TellPrograms(programs=("lottery",))).slug == "unknown-program"
    assert refused(owing(60_000), NOW, c.TellPrograms(programs=())).slug == "unknown-program"


def test_a_referral_for_assistance_holds_until_its_voucher_is_due_back() -> None:
    case = decided(owing(60_000), NOW, c.ReferForAssistance(program="energy_assistance", form="F-17"))
    referral, hold = sorted(case.known.facts, key=lambda fact: fact.kind is FactKind.HOLD)
    assert (referral.kind, referral.evidence) == (FactKind.REFERRAL_GIVEN, "F-17")
    assert hold.until == at("2026-06-23")


# --- never unlawful ---------------------------------------------------------------------------------------------------


@given(
    cents=st.integers(100, 500_000),
    monthly=st.none() | st.integers(0, 500_000),
    winter=st.booleans(),
    broken=st.integers(0, 2),
    made=st.integers(0, 2),
)
def test_no_offer_breaks_a_rule_without_asking_for_the_leave_it_needs(
    cents: int, monthly: int | None, broken: int, made: int, *, winter: bool
) -> None:
    now = WINTER if winter else NOW
    pack = a_policy(arrangement_winter_end=(4, 30), arrangement_max_per_year=1, arrangement_max_broken=1)
    on = day(now[:10])
    case = owing(cents, now=now)
    case = case if monthly is None else earning(case, monthly, now=now)
    case = replace(case, counters=Counters(broken_on=(on,) * broken, arranged_on=(on,) * made))
    found = offers(case, pack, at(now))
    assert_lawful(found.plans, Money(cents), monthly, winter=winter, leave=bool(broken or made))


def assert_lawful(plans: object, amount: Money, monthly: int | None, *, winter: bool, leave: bool) -> None:
    """Check each plan by rules written a second time."""
    for plan in plans:  # type: ignore[attr-defined]
        schedule = plan.arrangement.schedule
        assert total(part.amount for part in schedule) == amount
        assert all(part.amount > ZERO for part in schedule)
        if monthly is not None:
            assert max(part.amount.cents for part in schedule) * 10 <= monthly
        protected = winter and monthly is not None and monthly * 12 * 100 <= 120_000_00 * 68 // 100 * 50
        if protected and schedule[-1].due_on > day("2027-04-30"):
            assert plan.approval == ARRANGEMENT_EXCEPTION
        if plan.command.months > 24:
            assert plan.approval == ARRANGEMENT_EXCEPTION
        if plan.command.months > 6 or leave:
            assert plan.approval


@pytest.mark.parametrize("stage", [Stage.WITH_AGENCY, Stage.IN_COURT, Stage.JUDGMENT, Stage.WRITTEN_OFF, Stage.CLOSED])
def test_nothing_is_offered_where_nothing_may_be_agreed(stage: Stage) -> None:
    found = offers(replace(owing(60_000), stage=stage), POLICY, at(NOW))
    assert found.refusal is not None
    assert (found.plans, found.refusal.slug) == ((), "not-at-this-stage")


def test_a_preferred_payment_date_without_a_ground_of_the_packs_moves_nothing() -> None:
    fact = a_fact(FactKind.PREFERRED_PAYMENT_DATE, "2026-06-01", day="15", because="likes it")
    arrangement = decided(
        a_case(a_bill("2026-06-01", 60_000), now=NOW, facts=(fact,)), NOW, c.AgreeArrangement(months=1)
    ).arrangement
    assert arrangement is not None
    assert arrangement.schedule[-1].due_on == day("2026-07-08")


def test_bills_not_yet_due_are_no_part_of_a_plan() -> None:
    later: OpenBill = a_bill("2026-06-22", 30_000)
    case = a_case(a_bill("2026-06-01", 10_000), later, now=NOW)
    assert offers(case, POLICY, at(NOW)).amount == Money(10_000)


def test_an_assessment_is_only_as_good_as_its_days() -> None:
    assessment = Assessment(number=1, assessed_on=day("2026-06-08"), expires_on=day("2026-06-10"), band="")
    assert [assessment.holds(day(f"2026-06-{on}")) for on in ("07", "08", "10", "11")] == [False, True, True, False]
