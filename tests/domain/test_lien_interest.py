"""What a lien bore in interest is billed or given up by a person, to the cent, before the lien is released."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain import events as ev
from domain.account import OpenBill, Service, balance
from domain.agenda import agenda, next_step
from domain.case import Case
from domain.decisions.lien_interest import by_service
from domain.effects import ChargeFee, Receipt
from domain.facts import FactKind
from domain.liens import accruals, interest, unsettled
from domain.money import ZERO, Money, total
from domain.perform import effect_of
from domain.remedy import Remedy, RemedyKind, RemedyState
from domain.states import Stage
from domain.step import Step, StepKind, Wait
from domain.take.remedies import named
from domain.verdict import Refusal
from tests.builders import a_bill, a_case, a_fact, a_policy, asked, at, decided, done, happened, knowing, refused

LAW = a_policy(lien_interest_pct=Decimal(12))
FILED, PAID = date(2026, 7, 1), date(2026, 9, 12)  # 73 days: a fifth of a year at 12 per cent is 2.4 per cent
WATER = a_bill("2026-06-01", 30_000, service=Service.WATER, no="B1")
SEWER = a_bill("2026-06-01", 10_000, service=Service.SEWER, no="B1")
NOW = f"{PAID} 10:00"


def a_lien(*bills: OpenBill, since: date = FILED) -> Case:
    owed = balance(bills)
    lien = Remedy(
        remedy_id="r1",
        kind=RemedyKind.LIEN,
        state=RemedyState.STANDING,
        bills=named(bills),
        amount=owed,
        told=owed,
        since=since,
    )
    case = a_case(*bills, now=f"{since} 09:00", stage=Stage.FINAL_BILLED)
    return happened(case, f"{since} 10:00", ev.RemedyStands(remedy=lien), policy=LAW)


def read(case: Case, on: date, *bills: OpenBill) -> Case:
    """Return *case* after it looked at billing on that day."""
    known, owed = knowing(case, f"{on} 08:00", *bills).known, balance(bills)
    seen = ev.AccountRead(known=known, balance=owed, past_due=owed, change=owed - balance(case.known.bills))
    return happened(case, f"{on} 08:00", seen, policy=LAW)


def lien_of(case: Case) -> Remedy:
    return next(each for each in case.remedies if each.kind is RemedyKind.LIEN)


def lines(case: Case) -> list[str]:
    """Return what the calendar says of the lien."""
    items = agenda(case, LAW, at(NOW))
    return [str(item.kind) if isinstance(item, Step) else item.task for item in items]


def billed(case: Case, now: str = NOW) -> tuple[Case, list[ChargeFee]]:
    """Return *case* after billing was told of every part that is to be billed, and what it was told."""
    charges: list[ChargeFee] = []
    while lien_of(case).to_bill:
        step = next_step(case, LAW, at(now))
        assert isinstance(step, Step), step
        assert step.kind is StepKind.BILL_INTEREST
        effect = effect_of(case, step, LAW, at(now))
        assert isinstance(effect, ChargeFee)
        charges.append(effect)
        case = done(case, step, now, receipt=Receipt(ref=f"FE{len(charges)}"), policy=LAW)
    return case, charges


def owing(charge: ChargeFee, ref: str) -> OpenBill:
    return OpenBill(
        bill_no=ref,
        service=charge.service,
        bill_on=charge.on,
        due_on=charge.on,
        original=charge.amount,
        open=charge.amount,
    )


def test_a_lien_whose_charges_are_paid_waits_for_its_interest_and_is_not_released() -> None:
    case = read(a_lien(WATER, SEWER), PAID)
    assert lines(case) == ["lien_interest"]
    (wait,) = agenda(case, LAW, at(NOW))
    assert isinstance(wait, Wait)
    assert "$9.60" in wait.says
    later = (PAID + timedelta(days=300)).isoformat()
    (again,) = agenda(case, LAW, at(f"{later} 10:00"))
    assert again.says == wait.says, "what is paid bears no interest"


def test_where_the_law_knows_no_interest_on_liens_a_paid_one_is_released_at_once() -> None:
    case = read(a_lien(WATER, SEWER), PAID)
    step = next_step(case, a_policy(), at(NOW))
    assert isinstance(step, Step)
    assert step.kind is StepKind.TAKE_BACK


def test_interest_is_billed_to_each_service_by_its_part_and_secured_until_it_is_paid() -> None:
    case = decided(read(a_lien(WATER, SEWER), PAID), NOW, c.BillLienInterest(remedy_id="r1"), policy=LAW)
    case, charges = billed(case)
    assert [(charge.service, charge.amount) for charge in charges] == [
        (Service.SEWER, Money(2_40)),
        (Service.WATER, Money(7_20)),
    ]
    assert {charge.kind for charge in charges} == {"lien_interest"}
    assert len({charge.key for charge in charges}) == len(charges), "each part has a key of its own"
    assert "take_back" not in lines(case), "billing was told, and not yet read again"
    bills = [owing(charge, f"FE{number}") for number, charge in enumerate(charges, start=1)]
    case = read(case, PAID, *bills)
    assert "take_back" not in lines(case)
    assert {bill.ref for bill in bills} <= case.held, "the lien holds the bills of its interest"
    case = read(case, PAID + timedelta(days=30), bills[1])
    assert interest(accruals(lien_of(case).life, LAW, through=PAID + timedelta(days=400))) == Money(9_60)
    case = read(case, PAID + timedelta(days=40))
    assert lines(case)[:1] == ["take_back"], "interest bears none, and once it is paid the lien is released"


@pytest.mark.parametrize(
    "command", [c.BillLienInterest(remedy_id="r1"), c.GiveUpLienInterest(remedy_id="r1", because="x")]
)
def test_nothing_of_it_is_settled_while_charges_are_unpaid_or_twice(command: c.Command) -> None:
    case = read(a_lien(WATER, SEWER), PAID, replace(SEWER, open=Money(1)))
    assert refused(case, NOW, command, policy=LAW).slug == "lien-not-paid"
    case = read(a_lien(WATER, SEWER), PAID)
    once = decided(case, NOW, c.BillLienInterest(remedy_id="r1"), policy=LAW)
    assert refused(once, NOW, command, policy=LAW).slug == "no-lien-interest"
    other = replace(command, remedy_id="r9")  # type: ignore[type-var,arg-type]  # both name a lien
    assert refused(case, NOW, other, policy=LAW).slug == "no-such-lien"


def test_interest_that_is_given_up_releases_the_lien_and_what_is_left_of_it_is_billed() -> None:
    case = read(a_lien(WATER, SEWER), PAID)
    part = c.GiveUpLienInterest(remedy_id="r1", amount=Money(4_60), because="we filed the payment late")
    case = decided(case, NOW, part, policy=LAW)
    assert "$5.00" in agenda(case, LAW, at(NOW))[0].says
    whole = decided(case, NOW, c.GiveUpLienInterest(remedy_id="r1", because="goodwill"), policy=LAW)
    assert lines(whole)[:1] == ["take_back"]
    case, charges = billed(decided(case, NOW, c.BillLienInterest(remedy_id="r1"), policy=LAW))
    assert total(charge.amount for charge in charges) == Money(5_00)


@pytest.mark.parametrize("cents", [0, -1, 961])
def test_no_more_is_given_up_than_is_open(cents: int) -> None:
    command = c.GiveUpLienInterest(remedy_id="r1", amount=Money(cents), because="x")
    assert refused(read(a_lien(WATER, SEWER), PAID), NOW, command, policy=LAW).slug == "not-that-much"


# $4,167.00 bears $100.01 by the day it is paid, $4,166.50 a round $100.00: what a representative forgives alone.
@pytest.mark.parametrize(
    ("cents", "role", "alone"),
    [
        (416_650, {}, True),
        (416_700, {}, False),
        (1_041_600, {"senior": True}, True),
        (1_041_800, {"senior": True}, False),
    ],
)
def test_each_role_gives_up_alone_what_it_may_forgive(cents: int, role: dict[str, Any], *, alone: bool) -> None:
    case = read(a_lien(a_bill(cents=cents)), PAID)
    command = c.GiveUpLienInterest(remedy_id="r1", because="hardship")
    case = decided(case, NOW, command, by="ann", policy=LAW, **role)
    assert bool(lien_of(case).settled) is alone
    if not alone:
        assert case.approvals[-1].act == "give_up_lien_interest"
        approve = c.Approve(approval_id=case.approvals[-1].approval_id)
        assert lien_of(decided(case, NOW, approve, by="bob", supervisor=True, policy=LAW)).settled
        own = asked(case, NOW, approve, by="ann", supervisor=True, policy=LAW)
        assert isinstance(own, Refusal)


def test_what_is_beyond_a_supervisor_is_the_governing_bodys_to_forgive() -> None:
    case = read(a_lien(a_bill(cents=4_200_000)), PAID)
    command = c.GiveUpLienInterest(remedy_id="r1", because="hardship")
    assert refused(case, NOW, command, policy=LAW).slug == "beyond-authority"
    resolved = a_fact(FactKind.WRITE_OFF_RESOLUTION, "2026-09-01 09:00", resolution="2026-14")
    known = knowing(case, NOW, facts=(resolved,))
    assert decided(known, NOW, command, by="ann", policy=LAW).approvals[-1].amount == Money(1_008_00)


def test_under_a_petition_no_interest_is_billed_and_what_was_decided_waits() -> None:
    case = read(a_lien(WATER, SEWER), PAID)
    petition = a_fact(FactKind.BANKRUPTCY, f"{PAID} 09:00", chapter="7")
    stayed = knowing(case, NOW, facts=(petition,))
    assert refused(stayed, NOW, c.BillLienInterest(remedy_id="r1"), policy=LAW).slug == "debt-is-stayed"
    asked_before = decided(case, NOW, c.BillLienInterest(remedy_id="r1"), policy=LAW)
    waiting = knowing(asked_before, NOW, facts=(petition,))
    assert "bill_interest" not in lines(waiting)
    assert "take_back" not in lines(waiting)


def test_taking_a_lien_back_is_no_way_around_its_interest() -> None:
    case = read(a_lien(WATER, SEWER), PAID)
    back = c.WithdrawRemedy(remedy_id="r1", because="done")
    assert refused(case, NOW, back, policy=LAW).slug == "interest-open"
    unpaid = read(a_lien(WATER, SEWER), PAID, WATER)
    assert lien_of(decided(unpaid, NOW, back, policy=LAW)).state is RemedyState.ENDED, "filed by mistake"


def test_a_payment_that_goes_back_bears_interest_again_and_that_is_billed_under_a_key_of_its_own() -> None:
    case = decided(read(a_lien(WATER), PAID), NOW, c.BillLienInterest(remedy_id="r1"), policy=LAW)
    case, first = billed(case)
    fee = owing(first[0], "FE1")
    returned = PAID + timedelta(days=10)
    case = read(case, PAID, fee)
    case = read(case, returned, WATER, fee)
    assert "lien_interest" not in lines(case)
    again = returned + timedelta(days=73)
    case = read(case, again)
    now = f"{again} 10:00"
    case, second = billed(decided(case, now, c.BillLienInterest(remedy_id="r1"), policy=LAW), now)
    assert [charge.amount for charge in (*first, *second)] == [Money(7_20), Money(7_20)]
    assert first[0].key != second[0].key


def test_a_debt_that_is_written_off_is_more_by_the_interest_and_no_recovery_is_made_up() -> None:
    other = a_bill("2026-06-05", 9_000, no="B2")
    case = replace(a_lien(WATER), stage=Stage.WRITTEN_OFF, written_off=Money(9_000))
    case = decided(read(case, PAID, other), NOW, c.BillLienInterest(remedy_id="r1"), policy=LAW)
    case, charges = billed(case)
    case = read(case, PAID, other, owing(charges[0], "FE1"))
    assert case.written_off == Money(9_720)
    assert "note_recovery" not in lines(case)


acts = st.lists(
    st.tuples(st.integers(1, 90), st.sampled_from(("pay", "part", "return", "bill", "give up")), st.integers(1, 99)),
    max_size=12,
)


@given(acts=acts, water=st.integers(1, 90_000), sewer=st.integers(1, 90_000))
def test_whatever_is_paid_returned_billed_or_given_up_no_cent_of_interest_is_lost_or_asked_for_twice(
    acts: list[tuple[int, str, int]], water: int, sewer: int
) -> None:
    charges = {
        "B1/water": a_bill("2026-06-01", water, service=Service.WATER, no="B1"),
        "B1/sewer": a_bill("2026-06-01", sewer, service=Service.SEWER, no="B1"),
    }
    case, on = a_lien(*charges.values()), FILED
    fees: dict[str, OpenBill] = {}
    given_up, asked_for = ZERO, ZERO
    for days, act, pct in acts:
        on += timedelta(days=days)
        if act == "pay":
            charges = {ref: replace(bill, open=ZERO) for ref, bill in charges.items()}
            fees = {} if pct > 50 else fees  # the interest with the charges, or not
        elif act == "part":
            charges = {ref: replace(bill, open=Money(bill.open.cents * pct // 100)) for ref, bill in charges.items()}
        elif act == "return":
            charges = {ref: replace(bill, open=bill.original) for ref, bill in charges.items()}
        case = read(case, on, *(b for b in (*charges.values(), *fees.values()) if b.open > ZERO))
        lien, now = lien_of(case), f"{on} 10:00"
        bore = interest(accruals(lien.life, LAW, through=on))
        left = unsettled(lien.life, lien.settled, LAW, through=on)
        assert left == max(ZERO, bore - given_up - asked_for)
        release = any(isinstance(i, Step) and i.kind is StepKind.TAKE_BACK for i in agenda(case, LAW, at(now)))
        paid = balance(charges.values()) == ZERO and not fees
        assert release is (paid and left == ZERO), "it is released when all of it is paid or given up, and not before"
        if act == "bill" and balance(charges.values()) + balance(fees.values()) == ZERO and left > ZERO:
            case, new = billed(decided(case, now, c.BillLienInterest(remedy_id="r1"), policy=LAW), now)
            assert total(charge.amount for charge in new) == left
            # The refs in billing are its own numbers: here they are told apart by the day.
            names = {f"FE{n}/{charge.service}": charge for n, charge in enumerate(new, start=1)}
            fees = {ref: owing(charge, ref.partition("/")[0]) for ref, charge in names.items()}
            asked_for += left
        if act == "give up" and balance(charges.values()) + balance(fees.values()) == ZERO and left > ZERO:
            part = Money(max(1, left.cents * pct // 100))
            command = c.GiveUpLienInterest(remedy_id="r1", amount=part, because="x")
            answer = asked(case, now, command, supervisor=True, senior=True, policy=LAW)
            if not isinstance(answer, Refusal) and isinstance(answer[0].body, ev.LienInterestGivenUp):
                case = decided(case, now, command, supervisor=True, senior=True, policy=LAW)
                given_up += part


@given(
    parts=st.lists(st.tuples(st.sampled_from(list(Service)), st.integers(1, 10**7)), min_size=1),
    cents=st.integers(1, 10**7),
)
def test_the_parts_of_the_services_are_the_whole_interest(parts: list[tuple[Service, int]], cents: int) -> None:
    bills = tuple(a_bill(cents=owed, service=of, no=f"B{number}") for number, (of, owed) in enumerate(parts))
    found = by_service(lien_of(a_lien(*bills)), Money(cents))
    assert total(part.amount for part in found) == Money(cents)
    assert all(part.amount > ZERO for part in found)
    assert {part.service for part in found} <= {of for of, _ in parts}
