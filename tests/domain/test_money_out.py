"""Money that goes out or is corrected: whose it is, when it may, and never a cent more than there is."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain import events as ev
from domain.account import Service
from domain.adjustments import Adjusting, AdjustmentReason, alone, may_adjust, may_waive
from domain.deposits import interest, refund_by
from domain.money import ZERO, Money, total
from domain.refunds import CreditOf, PaidIn, Payee, behind, escheats_on, fund_share, may_refund, settled_on, stale_on
from tests.builders import a_bill, a_case, asked, day, decided, knowing, refused
from tests.rules.worked import policy

PACK = policy("rochester-mn")
ON = date(2026, 9, 9)
NOW = "2026-06-29 10:00"


def paid(number: int = 1, cents: int = 50_00, *, source: str = "aggregator", **more: object) -> PaidIn:
    values: dict[str, object] = {"tender": source, "on": date(2026, 9, 1)} | more
    return PaidIn(payment_id=f"{source}-{number}", source=source, amount=Money(cents), **values)  # type: ignore[arg-type]


def asks(known: CreditOf, cents: int = 50_00, *, payee: Payee = Payee.PAYER, by: str = "kim", on: date = ON) -> str:
    refusal = may_refund(known, amount=Money(cents), payee=payee, by=by, policy=PACK, on=on)
    return refusal.slug if refusal else ""


def credit(*payments: PaidIn, cents: int = 50_00, **more: object) -> CreditOf:
    return CreditOf(credit=Money(cents), payments=payments, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("payment", "first_day"),
    [
        (paid(source="draft", on=date(2026, 9, 1)), date(2026, 11, 1)),
        (paid(source="lockbox", on=date(2026, 9, 1)), date(2026, 9, 12)),
        (paid(source="counter", tender="check", on=date(2026, 9, 1)), date(2026, 9, 12)),
        (paid(source="card", on=date(2026, 9, 1)), date(2026, 12, 31)),
        (paid(source="counter", tender="cash", on=date(2026, 9, 1)), date(2026, 9, 1)),
    ],
    ids=lambda each: str(getattr(each, "payment_id", each)),
)
def test_no_refund_goes_out_while_the_payment_behind_it_can_come_back(payment: PaidIn, first_day: date) -> None:
    known = credit(payment)
    assert settled_on(payment, PACK, on=ON) == first_day
    if first_day > payment.on:
        assert asks(known, on=first_day - timedelta(days=1)) == "payment-may-come-back"
    assert asks(known, on=first_day) == ""


def test_the_last_money_in_is_what_was_too_much() -> None:
    known = credit(paid(2, 30_00), paid(1, 70_00), paid(0, 90_00), cents=50_00)
    assert [(payment.payment_id, part.cents) for payment, part in behind(known)] == [
        ("aggregator-2", 30_00),
        ("aggregator-1", 20_00),
    ]


def test_a_funds_money_goes_to_the_fund_and_the_rest_to_the_customer() -> None:
    known = credit(paid(2, 20_00, source="assistance"), paid(1, 70_00), cents=50_00)
    assert fund_share(known, PACK, on=ON) == Money(20_00)
    assert asks(known, 30_01) == "credit-of-a-fund"
    assert asks(known, 30_00) == ""
    assert asks(known, 20_01, payee=Payee.FUND) == "not-the-funds"
    assert asks(known, 20_00, payee=Payee.FUND) == ""


def test_who_owes_elsewhere_has_no_refund_but_the_fund_has() -> None:
    owes = credit(paid(source="assistance"), elsewhere=(("4100000002", Money(1)),))
    assert asks(credit(paid(), elsewhere=(("4100000002", Money(1)),))) == "owes-elsewhere"
    assert asks(credit(paid(), elsewhere=(("4100000002", ZERO),))) == ""
    assert asks(owes, payee=Payee.FUND) == ""


def test_who_took_the_money_neither_asks_for_its_refund_nor_lets_it() -> None:
    known = credit(paid(source="counter", tender="cash", taken_by="kim"))
    assert asks(known, by="kim") == "took-the-money"
    assert asks(known, by="sven") == ""


def test_money_that_someone_else_sent_goes_back_the_way_it_came() -> None:
    assert asks(credit(paid(source="agency"))) == "not-the-payer"
    assert asks(credit(paid(), deceased=True)) == "payee-deceased"


def test_a_deposit_given_back_needs_no_waiting() -> None:
    known = credit(paid(source="draft", on=ON), cents=50_00, deposit=Money(50_00))
    assert behind(known) == ()
    assert asks(known) == ""


@given(
    st.lists(st.tuples(st.integers(1, 10_000), st.sampled_from(["assistance", "aggregator", "counter"])), max_size=6),
    st.integers(0, 30_000),
    st.integers(0, 30_000),
    st.integers(1, 40_000),
    st.sampled_from(Payee),
)
def test_never_more_goes_out_than_there_is_and_a_fund_loses_no_cent(
    money: list[tuple[int, str]], cents: int, pending: int, amount: int, payee: Payee
) -> None:
    payments = tuple(paid(n, sum_, source=source, tender="cash") for n, (sum_, source) in enumerate(money))
    known = CreditOf(credit=Money(cents), pending=Money(pending), payments=payments)
    funds = fund_share(known, PACK, on=ON)
    assert total(part for _, part in behind(known)) == min(Money(cents), total(each.amount for each in payments))
    if not asks(known, amount, payee=payee):
        assert Money(amount) <= known.free
        assert Money(amount) <= (funds if payee is Payee.FUND else known.free - funds)


def test_credit_is_the_states_after_the_packs_years_and_a_refund_goes_stale() -> None:
    assert escheats_on(date(2026, 9, 9), PACK) == date(2029, 9, 9)
    assert escheats_on(date(2026, 9, 9), PACK, deposit=True) == date(2027, 9, 9)
    assert stale_on(date(2026, 9, 9), PACK) == date(2027, 3, 9)


def test_a_deposit_earns_each_days_rate_and_is_rounded_once() -> None:
    earned = interest(Money(150_00), since=date(2025, 7, 1), before=date(2026, 7, 1), policy=PACK)
    assert [(part.days, part.pct) for part in earned.parts] == [(184, Decimal("4.4")), (181, Decimal("3.7"))]
    # 15000 * (184 * 4.4 + 181 * 3.7) / 36500 = 607.923…
    assert earned.amount == Money(6_08)
    assert refund_by(date(2026, 7, 1), PACK) == date(2026, 8, 15)


def test_a_small_deposit_and_no_days_earn_nothing() -> None:
    assert interest(Money(20_00), since=date(2025, 1, 1), before=date(2026, 1, 1), policy=PACK).amount == ZERO
    assert interest(Money(20_01), since=date(2025, 1, 1), before=date(2026, 1, 1), policy=PACK).amount > ZERO
    assert interest(Money(150_00), since=ON, before=ON, policy=PACK).amount == ZERO
    assert interest(Money(150_00), since=date(2000, 1, 1), before=date(2021, 7, 1), policy=PACK).amount == ZERO


@given(st.integers(2_001, 10**7), st.dates(date(2021, 7, 1), date(2030, 1, 1)), st.integers(0, 2_000), st.data())
def test_interest_of_two_spans_is_that_of_both_to_a_cent(
    cents: int, since: date, days: int, data: st.DataObject
) -> None:
    cut, end = data.draw(st.integers(0, days)), since + timedelta(days=days)
    middle = since + timedelta(days=cut)

    def earned(start: date, before: date) -> Decimal:
        return sum((p.exact for p in interest(Money(cents), since=start, before=before, policy=PACK).parts), Decimal(0))

    assert abs(earned(since, middle) + earned(middle, end) - earned(since, end)) < Decimal("0.0001")


def an_adjustment(cents: int = -18_00, about_on: date = ON) -> Adjusting:
    return Adjusting(service=Service.WATER, amount=Money(cents), reason=AdjustmentReason.LEAK, about_on=about_on)


@pytest.mark.parametrize(
    ("wanted", "slug"),
    [
        (an_adjustment(0), "nothing-to-adjust"),
        (an_adjustment(about_on=ON + timedelta(days=1)), "adjusts-the-future"),
        (an_adjustment(about_on=date(2025, 9, 8)), "too-far-back"),
        (an_adjustment(about_on=date(2025, 9, 9)), ""),
        (an_adjustment(500_00), ""),
    ],
)
def test_a_correction_is_of_something_past_and_not_too_far_back(wanted: Adjusting, slug: str) -> None:
    services = (Service.ELECTRIC, Service.WATER)
    refusal = may_adjust(wanted, services=services, taken_by_me=False, policy=PACK, on=ON)
    assert (refusal.slug if refusal else "") == slug
    mine = may_adjust(an_adjustment(), services=services, taken_by_me=True, policy=PACK, on=ON)
    assert mine is not None
    assert mine.slug == "took-the-money"


def a_waiver(cents: int = -18_00) -> Adjusting:
    return replace(an_adjustment(cents), reason=AdjustmentReason.FEE_WAIVER)


@pytest.mark.parametrize(
    ("cents", "senior", "enough"), [(-25_00, True, True), (-25_01, True, False), (100, False, False)]
)
def test_one_senior_person_is_enough_up_to_the_limit(cents: int, senior: bool, enough: bool) -> None:
    assert alone(an_adjustment(cents), senior=senior, policy=PACK, on=ON) is enough


@pytest.mark.parametrize(
    ("cents", "senior", "waived", "enough"),
    [
        (-25_00, False, 0, True),
        (-25_00, False, 1, False),
        (-25_00, True, 1, True),
        (-25_00, True, 2, False),
        (-25_01, True, 0, False),
    ],
)
def test_who_waives_a_fee_alone_is_bound_by_sum_and_by_year(
    cents: int, *, senior: bool, waived: int, enough: bool
) -> None:
    """In Rochester's pack a representative waives one fee of an account in twelve months, a senior the second one."""
    assert alone(a_waiver(cents), senior=senior, policy=PACK, on=ON, waived=waived) is enough


@pytest.mark.parametrize(("waived", "slug"), [(3, ""), (4, "waived-enough"), (5, "waived-enough")])
def test_more_fees_than_the_pack_says_are_waived_on_nobodys_leave(waived: int, slug: str) -> None:
    refusal = may_waive(waived, policy=PACK, on=ON)
    assert (refusal.slug if refusal else "") == slug
    assert refusal is None or refusal.rules == ("adjustment.waivers_max",)


def test_a_pack_from_before_the_limit_binds_a_senior_by_the_sum_alone() -> None:
    old = replace(PACK, values={key: value for key, value in PACK.values.items() if "waivers" not in key})
    assert alone(a_waiver(), senior=True, policy=old, on=ON, waived=9)
    assert not alone(a_waiver(), senior=False, policy=old, on=ON)
    assert may_waive(99, policy=old, on=ON) is None


def test_a_waiver_never_adds_to_what_is_owed() -> None:
    refusal = may_adjust(a_waiver(1), services=(Service.WATER,), taken_by_me=False, policy=PACK, on=ON)
    assert refusal is not None
    assert refusal.slug == "waiver-adds"


def test_a_proposal_in_a_case_leaves_the_case_as_it_is() -> None:
    case = knowing(a_case(a_bill()), NOW)
    service = case.known.account.services[0]
    command = c.ProposeAdjustment(service=service, amount=Money(-5_00), reason=AdjustmentReason.MISREAD, because="x")
    events = asked(case, NOW, command, by="sue", senior=True, policy=PACK)
    assert isinstance(events, tuple)
    body = events[0].body
    assert isinstance(body, ev.AdjustmentProposed)
    assert (body.alone, body.about_on) == (True, day("2026-06-29"))
    assert decided(case, NOW, command, policy=PACK).stage is case.stage
    assert refused(case, NOW, c.ProposeRefund(amount=Money(1), because="x")).slug == "no-such-credit"
