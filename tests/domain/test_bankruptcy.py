"""A petition splits the debt by service rendered; what is old is paid by the trustee, revived or discharged."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain.account import OpenBill, Service
from domain.agenda import agenda, next_step
from domain.bankruptcy import Bankruptcy, StayedPart, kept_from_later, revived, stayed, to_set_aside
from domain.case import Case
from domain.effects import MoveBalance
from domain.facts import FactKind
from domain.money import Money, total
from domain.perform import effect_of
from domain.states import ClosedReason, Stage
from domain.step import Step, StepKind, Wait
from domain.verdict import Refusal
from tests.builders import (
    POLICY,
    a_bill,
    a_case,
    a_fact,
    a_snapshot,
    an_account,
    an_agreement,
    asked,
    at,
    day,
    decided,
    done,
    knowing,
    refused,
)
from tests.rules.worked import SERVICES

EXAMPLES = Path(__file__).parents[2] / "policies" / "worked_examples" / "money" / "bankruptcy.toml"
SPLITS = [pytest.param(each, id=each["name"]) for each in tomllib.loads(EXAMPLES.read_text())["split"]]
KEPT = [pytest.param(each, id=each["name"]) for each in tomllib.loads(EXAMPLES.read_text())["kept"]]
PAID = [pytest.param(each, id=each["name"]) for each in tomllib.loads(EXAMPLES.read_text())["paid_since"]]
NOW = "2026-09-17 10:00"
OLD = a_bill("2026-09-10", 9_000)
LATER = a_bill("2026-10-11", 6_200)


def bills_of(example: dict[str, Any]) -> tuple[OpenBill, ...]:
    return tuple(
        OpenBill(
            bill_no=str(number),
            service=Service.ELECTRIC,
            bill_on=each["bill_on"],
            due_on=each["due_on"],
            original=Money(each["cents"]),
            open=Money(each.get("open", each["cents"])),
        )
        for number, each in enumerate(example["bills"])
    )


@pytest.mark.parametrize("example", SPLITS)
def test_a_debt_is_split_at_the_petition_by_the_service_rendered(example: dict[str, Any]) -> None:
    read = {"read": example["read"]} if "read" in example else {}
    petition = a_fact(FactKind.BANKRUPTCY, f"{example['petition_on']} 00:00", chapter="13", **read)
    parts = {part.ref: part.amount.cents for part in stayed(bills_of(example), petition, example["petition_on"])}
    expected = {f"{n}/electric": each["before"] for n, each in enumerate(example["bills"]) if each["before"]}
    assert parts == expected


def _issued(each: dict[str, Any], bill_no: str) -> OpenBill:
    return OpenBill(
        bill_no=bill_no,
        service=Service(each["service"]),
        bill_on=each["bill_on"],
        due_on=each["due_on"],
        original=Money.dollars(each["was"]),
        open=Money.dollars(each["open"]),
    )


@pytest.mark.parametrize("example", PAID)
def test_what_was_paid_since_the_petition_is_for_later_charges(example: dict[str, Any]) -> None:
    on, cents = example["petition_on"], Money.dollars(example["paid"]).cents
    petition = a_fact(FactKind.BANKRUPTCY, f"{on} 00:00", chapter="13", paid_since=str(cents))
    bills = tuple(_issued(each, str(number)) for number, each in enumerate(example["bills"], start=1))
    services = SERVICES[example.get("city", "rochester-mn")]
    snapshot = a_snapshot(NOW, *bills, account=an_account(services=services))
    known = replace(snapshot, credit=Money.dollars(example.get("credit", "0")))
    before = Bankruptcy(
        petition="f", petition_on=on, chapter="13", refs=(f"paid-since-{on}/electric",) if "moved" in example else ()
    )
    parts = to_set_aside(known, before, petition, on)
    assert {part.ref: f"{part.amount}"[1:] for part in parts} == example["aside"]


@pytest.mark.parametrize("example", KEPT)
def test_what_settled_a_later_bill_is_not_claimed_again(example: dict[str, Any]) -> None:
    then, now, settled = (
        tuple(_issued(each, each["no"]) for each in example.get(name, ())) for name in ("then", "now", "settled")
    )
    paid = Money.dollars(example["paid"])
    counted = kept_from_later(paid, then=then, now=now, settled=settled, credit=Money(0), on=example["petition_on"])
    assert counted == Money.dollars(example["counted"])


def test_money_paid_before_the_petition_was_known_is_claimed_again_and_credited_to_later_charges() -> None:
    half = replace(OLD, open=Money(5_000))
    command = c.FileBankruptcy(chapter="13", petition_on=day("2026-09-15"), docket="26-30412", paid_since=Money(4_000))
    case = decided(a_case(half), NOW, command)
    step = next_step(case, POLICY, at(NOW))
    assert isinstance(step, Step)
    assert step.amount == Money(9_000)
    effect = effect_of(case, step, POLICY, at(NOW))
    assert isinstance(effect, MoveBalance)
    assert sorted(moved.amount.cents for moved in effect.sums) == [-5_000, -4_000]
    case = done(case, step, NOW)
    assert case.bankruptcy is not None
    assert case.bankruptcy.claim == Money(9_000)
    assert not any(isinstance(item, Step) and item.kind is StepKind.SET_ASIDE for item in agenda(case, POLICY, at(NOW)))


@given(cents=st.integers(1, 10**7), days=st.integers(0, 40))
def test_the_two_parts_of_a_bill_are_the_bill(cents: int, days: int) -> None:
    petition_on = day("2026-09-01") + (day("2026-09-02") - day("2026-09-01")) * days
    bill = a_bill("2026-10-22", cents)
    petition = a_fact(FactKind.BANKRUPTCY, f"{petition_on} 00:00", chapter="7")
    before = total(part.amount for part in stayed((bill,), petition, petition_on))
    assert 0 <= before.cents <= cents
    assert (before.cents == cents) == (bill.bill_on <= petition_on) or cents < 40


@given(amounts=st.lists(st.integers(1, 9_999), min_size=1, max_size=6), paid=st.integers(0, 70_000))
def test_plan_money_is_taken_off_the_oldest_part_first_and_no_cent_is_lost(amounts: list[int], paid: int) -> None:
    parts = tuple(
        StayedPart(ref=f"{n}/electric", service=Service.ELECTRIC, due_on=day("2026-09-10"), amount=Money(cents))
        for n, cents in enumerate(amounts)
    )
    known = Bankruptcy(petition="f", petition_on=day("2026-09-15"), chapter="13", parts=parts)
    sum_paid = Money(min(paid, sum(amounts)))
    less, taken = known.less(sum_paid)
    assert less.claim + sum_paid == known.claim
    assert total(part.amount for part in taken) == sum_paid


def filed(case: Case, now: str = NOW, *, docket: str = "26-30412", chapter: str = "13") -> Case:
    command = c.FileBankruptcy(chapter=chapter, petition_on=day("2026-09-15"), docket=docket)  # type: ignore[arg-type]
    return decided(case, now, command)


def split(case: Case, now: str = NOW) -> Case:
    step = next_step(case, POLICY, at(now))
    assert isinstance(step, Step), step
    assert step.kind is StepKind.SET_ASIDE
    return done(case, step, now)


def test_anyones_word_freezes_and_only_the_docket_splits() -> None:
    case = filed(a_case(OLD, now=NOW), docket="")
    assert [item.task for item in agenda(case, POLICY, at(NOW)) if isinstance(item, Wait) and item.task] == [
        "check_docket"
    ]
    assert not [i for i in agenda(case, POLICY, at(NOW)) if isinstance(i, Step) and i.at <= at(NOW)]
    assert split(filed(case)).bankruptcy.claim == Money(9_000)  # type: ignore[union-attr]


def test_an_agreement_on_the_old_debt_ends_with_the_petition_and_is_no_breach() -> None:
    agreed = an_agreement(OLD, ("2026-10-01", 9_000))
    case = filed(a_case(OLD, now=NOW, arrangement=agreed, stage=Stage.ON_ARRANGEMENT), docket="")
    assert case.arrangement is not None
    assert not case.arrangement.active
    assert case.counters.arrangements_broken == 0


def test_the_old_debt_leaves_what_is_asked_for_and_takes_autopay_with_it() -> None:
    case = filed(a_case(OLD, now=NOW))
    step = next_step(case, POLICY, at(NOW))
    assert isinstance(step, Step)
    effect = effect_of(case, step, POLICY, at(NOW))
    assert isinstance(effect, MoveBalance)
    assert [moved.amount.cents for moved in effect.sums] == [-9_000]
    assert effect.stops_autopay


def test_a_bill_that_straddles_the_petition_is_split_when_it_comes_and_only_once() -> None:
    case = split(filed(a_case(OLD, now=NOW)))
    case = knowing(case, "2026-09-21 10:00", LATER)
    step = next_step(case, POLICY, at("2026-09-21 10:00"))
    assert isinstance(step, Step)
    assert step.amount == Money(5_200)  # 26 of its 31 days
    case = done(case, step, "2026-09-21 10:00")
    left = replace(LATER, open=Money(1_000))
    case = knowing(case, "2026-09-21 10:01", left)
    assert case.bankruptcy is not None
    assert case.bankruptcy.claim == Money(14_200)
    assert not [
        i for i in agenda(case, POLICY, at("2026-09-21 10:01")) if isinstance(i, Step) and i.kind is StepKind.SET_ASIDE
    ]


def test_while_the_petition_is_pending_the_case_waits_and_names_both_days() -> None:
    case = knowing(split(filed(a_case(OLD, now=NOW))), "2026-09-17 11:00")
    wait = next_step(case, POLICY, at("2026-09-17 11:00"))
    assert isinstance(wait, Wait)
    assert "through 2026-10-05" in wait.says
    assert "due by 2027-03-14" in wait.says
    assert wait.until == at("2026-10-06 00:00")


def test_chapter_eleven_gives_thirty_days() -> None:
    case = knowing(split(filed(a_case(OLD, now=NOW), chapter="11")), "2026-09-17 11:00")
    assert "through 2026-10-15" in next_step(case, POLICY, at("2026-09-17 11:00")).says


def test_the_trustees_money_pays_the_old_debt_and_never_more_than_is_claimed() -> None:
    case = knowing(split(filed(a_case(OLD, now=NOW))), "2026-12-01 10:00")
    assert (
        refused(case, "2026-12-01 10:00", c.RecordPlanPayment(amount=Money(9_001), ref="v")).slug
        == "more-than-is-claimed"
    )
    case = decided(case, "2026-12-01 10:00", c.RecordPlanPayment(amount=Money(2_500), ref="v"))
    step = next_step(case, POLICY, at("2026-12-01 10:00"))
    assert isinstance(step, Step)
    effect = effect_of(case, step, POLICY, at("2026-12-01 10:00"))
    assert isinstance(effect, MoveBalance)
    assert [(moved.amount.cents, moved.due_on) for moved in effect.sums] == [(2_500, OLD.due_on)]
    case = done(case, step, "2026-12-01 10:00")
    assert case.bankruptcy is not None
    assert (case.bankruptcy.claim, case.bankruptcy.paid) == (Money(6_500), Money(2_500))


def test_a_dismissal_revives_what_is_left_with_every_date_moved_by_the_stay() -> None:
    case = knowing(split(filed(a_case(OLD, now=NOW))), "2026-11-14 10:00")
    case = decided(case, "2026-11-14 10:00", c.ResolveBankruptcy(outcome="dismissed", because="plan not paid"))
    step = next_step(case, POLICY, at("2026-11-14 10:00"))
    assert isinstance(step, Step)
    assert step.kind is StepKind.REVIVE_DEBT
    effect = effect_of(case, step, POLICY, at("2026-11-14 10:00"))
    assert isinstance(effect, MoveBalance)
    assert [(m.amount.cents, m.due_on) for m in effect.sums] == [(9_000, day("2026-11-09"))]  # 60 days later
    case = done(case, step, "2026-11-14 10:00")
    assert case.bankruptcy is not None
    assert (case.bankruptcy.claim.cents, case.bankruptcy.ended) == (0, "dismissed")


def test_a_discharge_writes_the_old_debt_down_for_ever() -> None:
    case = knowing(split(filed(a_case(OLD, now=NOW), chapter="7")), "2027-01-10 10:00")
    case = decided(case, "2027-01-10 10:00", c.ResolveBankruptcy(outcome="discharged", because="order of January 8"))
    assert case.bankruptcy is not None
    assert (case.bankruptcy.claim.cents, case.bankruptcy.ended) == (0, "discharged")
    step = next_step(case, POLICY, at("2027-01-10 10:00"))
    assert isinstance(step, Step)
    assert step.kind is StepKind.CLOSE_CASE
    assert done(case, step, "2027-01-10 10:00").closed is ClosedReason.DISCHARGED


def test_a_conversion_keeps_the_split_and_begins_the_time_for_a_claim_anew() -> None:
    case = knowing(split(filed(a_case(OLD, now=NOW))), "2026-12-01 10:00")
    case = filed(case, "2026-12-01 10:00", docket="", chapter="7")
    petition = next(f for f in case.known.facts if f.kind is FactKind.BANKRUPTCY and f.withdrawn_at is None)
    assert petition.details["converted_on"] == "2026-12-01"
    assert petition.evidence == "26-30412"
    assert case.bankruptcy is not None
    assert case.bankruptcy.claim == Money(9_000)


def test_after_a_conversion_the_case_names_the_new_day_for_the_claim_and_once_filed_that_it_was() -> None:
    now = "2026-12-01 10:00"
    case = filed(knowing(split(filed(a_case(OLD, now=NOW))), now), now, docket="", chapter="7")
    assert "due by 2027-05-30" in next_step(case, POLICY, at(now)).says
    petition = next(f for f in case.known.facts if f.kind is FactKind.BANKRUPTCY and f.withdrawn_at is None)
    told = replace(petition, details={**petition.details, "claim_filed_on": "2026-12-20"})
    says = next_step(knowing(case, now, facts=(told,)), POLICY, at(now)).says
    assert "the proof of claim was filed on 2026-12-20" in says
    assert "due by" not in says


def test_a_voucher_of_the_trustee_counts_once() -> None:
    case = knowing(split(filed(a_case(OLD, now=NOW))), "2026-12-01 10:00")
    case = decided(case, "2026-12-01 10:00", c.RecordPlanPayment(amount=Money(2_500), ref="v1"))
    again = c.RecordPlanPayment(amount=Money(2_500), ref="v1")
    assert refused(case, "2026-12-01 10:00", again).slug == "voucher-on-record"
    other = c.RecordPlanPayment(amount=Money(2_500), ref="v2")
    both = decided(case, "2026-12-01 10:00", other).bankruptcy
    assert both is not None
    assert (both.noted, both.vouchers) == (Money(5_000), ("v1", "v2"))


def test_what_was_discharged_is_never_dismissed_and_what_was_closed_still_may_be() -> None:
    now, dismissed = "2027-01-10 10:00", c.ResolveBankruptcy(outcome="dismissed", because="misread")
    stayed_debt = knowing(split(filed(a_case(OLD, now=NOW), chapter="7")), now)
    discharged = decided(stayed_debt, now, c.ResolveBankruptcy(outcome="discharged", because="order"))
    assert refused(discharged, now, dismissed).slug == "petition-ended"
    assert refused(discharged, now, c.ResolveBankruptcy(outcome="discharged", because="again")).slug == "petition-ended"
    closed = decided(stayed_debt, now, c.ResolveBankruptcy(outcome="closed", because="no discharge"))
    assert refused(closed, now, c.ResolveBankruptcy(outcome="closed", because="again")).slug == "petition-ended"
    petitions = [f for f in decided(closed, now, dismissed).known.facts if f.kind is FactKind.BANKRUPTCY]
    assert not any(each.holds(at(now)) for each in petitions)


def test_what_was_said_of_a_petition_is_put_right_by_its_docket_and_is_no_conversion() -> None:
    said = c.FileBankruptcy(chapter="unknown", petition_on=day("2026-09-10"), joint=True)
    case = decided(a_case(OLD, now=NOW), NOW, said)
    assert refused(case, NOW, said).slug == "petition-on-file"
    assert refused(case, NOW, replace(said, docket="26-1")).slug == "chapter-not-said"
    read = c.FileBankruptcy(chapter="13", petition_on=day("2026-09-15"), docket="26-30412")
    case = decided(case, NOW, read)
    (petition,) = [f for f in case.known.facts if f.kind is FactKind.BANKRUPTCY and f.withdrawn_at is None]
    assert petition.details == {"chapter": "13", "petition_on": "2026-09-15", "joint": "yes"}
    assert petition.starts == at("2026-09-15 00:00")
    later = c.FileBankruptcy(chapter="7", petition_on=day("2026-09-16"), docket="26-40000")
    both = decided(case, NOW, later).known.facts
    assert sum(f.kind is FactKind.BANKRUPTCY and f.withdrawn_at is None for f in both) == 2, "another petition"


def test_a_co_debtor_is_flagged_when_a_joint_petition_comes_into_chapter_thirteen_and_once() -> None:
    flags = []
    case = a_case(OLD, now=NOW)
    for chapter, docket in (("7", "26-1"), ("13", ""), ("13", "26-2")):
        before = case.seq
        command = c.FileBankruptcy(chapter=chapter, petition_on=day("2026-09-15"), docket=docket, joint=chapter == "7")  # type: ignore[arg-type]
        answer = asked(case, NOW, command)
        assert not isinstance(answer, Refusal)
        flags.append(sum(getattr(event.body, "kind", "") == "co_debtor_stay" for event in answer))
        case = decided(case, NOW, command)
        assert case.seq > before
    assert flags == [0, 1, 0]


def test_a_joint_customer_is_flagged_for_the_co_debtors_stay_of_chapter_thirteen() -> None:
    command = c.FileBankruptcy(chapter="13", petition_on=day("2026-09-15"), joint=True)
    before = a_case(OLD, now=NOW)
    case = decided(before, NOW, command)
    assert case.seq > before.seq
    assert any(f.details.get("joint") == "yes" for f in case.known.facts)


def test_the_same_petition_twice_is_refused_and_one_in_the_future_too() -> None:
    case = filed(a_case(OLD, now=NOW))
    again = c.FileBankruptcy(chapter="13", petition_on=day("2026-09-15"), docket="26-30412")
    assert refused(case, NOW, again).slug == "petition-on-file"
    tomorrow = c.FileBankruptcy(chapter="7", petition_on=day("2026-09-18"))
    assert refused(case, NOW, tomorrow).slug == "petition-in-the-future"


def test_revived_parts_keep_their_sum() -> None:
    part = StayedPart(ref="1/electric", service=Service.ELECTRIC, due_on=day("2026-09-10"), amount=Money(5))
    known = Bankruptcy(petition="f", petition_on=day("2026-09-15"), chapter="13", parts=(part,))
    assert total(each.amount for each in revived(known, day("2026-12-15"))) == known.claim
