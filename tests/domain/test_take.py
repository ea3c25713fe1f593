"""Every event is taken, by one branch alone, in its number's turn; and what it leaves behind."""

from dataclasses import replace
from typing import get_args

import pytest

from domain import events as ev
from domain.ability import Assessment
from domain.account import NamedBill, Service
from domain.adjustments import AdjustmentReason
from domain.arrangement import ArrangementStatus
from domain.bankruptcy import Bankruptcy, StayedPart
from domain.case import (
    ARRANGEMENT,
    DISCONNECTION,
    Approval,
    ApprovalState,
    Case,
    Counters,
    Fee,
    Order,
    OrderPurpose,
    OrderState,
    Promise,
)
from domain.decide import stamp
from domain.facts import FactKind
from domain.liens import InterestPart
from domain.money import Money
from domain.refunds import Payee
from domain.remedy import Mark, Remedy, RemedyKind, RemedyState, Settlement
from domain.states import ClosedReason, ServiceStatus, Stage, UnlawfulMove
from domain.take import CHAPTERS, take
from domain.take.remedies import named
from domain.taking_over import taken_over
from domain.verdict import Refusal
from tests.builders import (
    POLICY,
    a_bill,
    a_case,
    a_fact,
    a_notice,
    a_snapshot,
    an_agreement,
    at,
    day,
    happened,
    noticed,
    off,
)

NOW = "2026-06-29 10:00"
BILL = a_bill()
AGREED = an_agreement(BILL, ("2026-06-11", 1_000), ("2026-07-08", 9_000))
BROKEN = replace(AGREED, status=ArrangementStatus.BREACHED, cure_by=day("2026-07-06"))
ORDER = Order(
    order_id="o1",
    purpose=OrderPurpose.DISCONNECT,
    service=Service.ELECTRIC,
    state=OrderState.REQUESTED,
    requested_at=at(NOW),
)
BACK = replace(ORDER, order_id="o2", purpose=OrderPurpose.RECONNECT)
ASKED = Approval(
    approval_id="a1",
    act=DISCONNECTION,
    state=ApprovalState.ASKED,
    asked_by="ann",
    asked_at=at(NOW),
    service=Service.ELECTRIC,
)
PROMISE = Promise(
    amount=Money(5_000),
    by=day("2026-07-06"),
    made_on=day("2026-06-29"),
    bills=(NamedBill(ref=BILL.ref, amount=BILL.open, due_on=BILL.due_on),),
)
HOLD = a_fact(FactKind.HOLD, "2026-06-29 09:00")
REFUSAL = Refusal(slug="no", title="No", detail="No.")
ASSESSED = Assessment(number=1, assessed_on=day("2026-06-29"), expires_on=day("2026-12-26"), band="le50smi")
FRESH = Case(case_id="1-1", account_no="1", opened_on=day("2026-06-02"), known=a_snapshot())
PENDING = noticed(now=NOW, stage=Stage.DISCONNECTION_PENDING, approvals=(ASKED,))
ORDERED = happened(
    replace(PENDING, approvals=(replace(ASKED, state=ApprovalState.GRANTED),)), NOW, ev.OrderPlaced(order=ORDER)
)
OUT = happened(ORDERED, NOW, ev.OrderDispatched(order_id="o1", service=Service.ELECTRIC))
ON_PLAN = noticed(now=NOW, stage=Stage.ON_ARRANGEMENT, arrangement=AGREED)
IN_BREACH = noticed(now=NOW, stage=Stage.IN_BREACH, arrangement=BROKEN)
FINAL = a_case(stage=Stage.FINAL_BILLED)

NOTICED_ON = day("2026-07-01")
HELD = Remedy(
    remedy_id="r",
    kind=RemedyKind.PLACEMENT,
    state=RemedyState.STANDING,
    bills=named((a_bill(),)),
    amount=Money(10_000),
    since=day("2026-06-20"),
)
CLAIM = replace(HELD, kind=RemedyKind.CLAIM)
HOLDING = a_case(stage=Stage.WITH_AGENCY, remedies=(HELD,))
SUED = a_case(stage=Stage.IN_COURT, remedies=(CLAIM,))
LIEN = a_case(stage=Stage.FINAL_BILLED, remedies=(replace(HELD, kind=RemedyKind.LIEN),))
PART = InterestPart(service=Service.WATER, amount=Money(1))
SETTLEMENT = Settlement(amount=Money(1), by=day("2026-08-01"), agreed_on=day("2026-07-01"), bills=named((a_bill(),)))
SPLIT = ev.PetitionSplit(
    petition="f",
    petition_on=day("2026-06-20"),
    chapter="13",
    amount=Money(100),
    parts=(StayedPart(ref=BILL.ref, service=BILL.service, due_on=BILL.due_on, amount=Money(100)),),
)
STAYED = a_case(
    bankruptcy=Bankruptcy(
        petition="f", petition_on=day("2026-06-20"), chapter="13", parts=SPLIT.parts, refs=(BILL.ref,)
    )
)
SAMPLES: tuple[tuple[Case, ev.Body], ...] = (
    (FRESH, ev.CaseOpened(known=a_snapshot(), stage=Stage.PAST_DUE)),
    (a_case(), taken_over(noticed(now=NOW))),
    (a_case(), ev.AccountRead(known=a_snapshot(), balance=Money(0), past_due=Money(0), change=Money(0))),
    (a_case(), ev.ReminderSent(notice=a_notice(BILL, kind="reminder"))),
    (a_case(stage=Stage.REMINDED), ev.NoticeServed(notice=a_notice(BILL))),
    (noticed(now=NOW), ev.NoticeWithdrawn(kind="notice", because="paid")),
    (a_case(), ev.PathResumed(because="a mistake", notice=a_notice(BILL))),
    (noticed(now=NOW), ev.MailingConfirmed(kind="notice", letter="l", mailed_on=day("2026-06-29"))),
    (
        noticed(now=NOW),
        ev.PaymentReminded(reminds_of="instalment", due_on=day("2026-07-08"), amount=Money(1), channel="sms"),
    ),
    (noticed(now=NOW), ev.LetterReturned(kind="notice", letter="l", returned_on=day("2026-06-29"), because="moved")),
    (a_case(), ev.ContactRecorded(channel="phone", direction="out", outcome="reached", right_party=True)),
    (a_case(), ev.PromiseRecorded(promise=PROMISE)),
    (a_case(promise=PROMISE), ev.PromiseKept(amount=Money(1))),
    (a_case(promise=PROMISE), ev.PromiseBroken(amount=Money(1), paid=Money(0))),
    (a_case(), ev.ExtensionGranted(until=day("2026-07-05"), refs=(BILL.ref,))),
    (a_case(), ev.ExtensionEnded(until=day("2026-07-05"))),
    (noticed(now=NOW), ev.ArrangementAgreed(arrangement=AGREED)),
    (ON_PLAN, ev.InstalmentsMet(met=1, of=2, paid=Money(1_000))),
    (
        ON_PLAN,
        ev.ArrangementBreached(missed_on=day("2026-07-08"), owing=Money(1), cure_by=day("2026-07-21"), letter=""),
    ),
    (IN_BREACH, ev.BreachCured()),
    (replace(ON_PLAN, arrangement=replace(AGREED, reinstated=1)), ev.BreachUndone(reinstated=0, because="misposted")),
    (a_case(), ev.AbilityAssessed(assessment=ASSESSED, household="")),
    (a_case(), ev.ArrangementOffered(amount=Money(1), terms=())),
    (ON_PLAN, ev.ArrangementSigned(evidence="sha256:0")),
    (ON_PLAN, ev.SignatureMissed()),
    (ON_PLAN, ev.ArrangementLapsed(down=Money(1), due_on=day("2026-06-11"))),
    (
        a_case(arrangement=replace(AGREED, status=ArrangementStatus.COMPLETED)),
        ev.ArrangementReopened(arrangement=AGREED, met=1, owing=Money(1)),
    ),
    (IN_BREACH, ev.ArrangementDefaulted(owing=Money(1))),
    (ON_PLAN, ev.ArrangementCompleted(paid=Money(1))),
    (ON_PLAN, ev.ArrangementCancelled(because="asked")),
    (a_case(), ev.FactRecorded(fact=HOLD)),
    (
        a_case(facts=(HOLD,)),
        ev.FactEnded(fact_id=HOLD.fact_id, kind="hold", until=at(NOW), withdrawn=False, because=""),
    ),
    (PENDING, ev.ApprovalAsked(approval_id="a2", act=ARRANGEMENT, amount=Money(1), decision="key")),
    (PENDING, ev.ApprovalGranted(approval_id="a1", act=DISCONNECTION, lapses_at=at("2026-06-30 17:00"))),
    (PENDING, ev.ApprovalRejected(approval_id="a1", act=DISCONNECTION, because="no")),
    (PENDING, ev.ApprovalLapsed(approval_id="a1", act=DISCONNECTION, because="late")),
    (noticed(now=NOW), ev.DisconnectionRecommended(service=Service.ELECTRIC, amount=Money(1))),
    (PENDING, ev.OrderPlaced(order=ORDER)),
    (ORDERED, ev.OrderDispatched(order_id="o1", service=Service.ELECTRIC)),
    (OUT, ev.OrderAcknowledged(order_id="o1", service=Service.ELECTRIC, proceed=True)),
    (OUT, ev.OrderWithdrawn(order_id="o1", service=Service.ELECTRIC, recalled=True, because="paid")),
    (OUT, ev.RecallFailed(order_id="o1", service=Service.ELECTRIC, because="paid")),
    (OUT, ev.OrderNotCompleted(order_id="o1", service=Service.ELECTRIC, reason="dog")),
    (OUT, ev.ServiceDisconnected(order_id="o1", service=Service.ELECTRIC)),
    (OUT, ev.OrderDeferred(order_id="o1", service=Service.ELECTRIC, until=at("2026-06-30 08:00"), because="full")),
    (OUT, ev.OrderAccepted(order_id="o1", service=Service.ELECTRIC)),
    (OUT, ev.OrderReminded(order_id="o1", service=Service.ELECTRIC, times=1)),
    (OUT, ev.OrderEscalated(order_id="o1", service=Service.ELECTRIC)),
    (OUT, ev.RecallSent(order_id="o1", service=Service.ELECTRIC, because="paid")),
    (OUT, ev.VisitWanted(purpose=OrderPurpose.TAMPER_CHECK, service=Service.ELECTRIC, because="lock")),
    (
        OUT,
        ev.VisitCompleted(order_id="o3", service=Service.ELECTRIC, purpose=OrderPurpose.TAMPER_CHECK, finding="intact"),
    ),
    (off(PENDING), ev.ServiceEnding(why="new_occupant")),
    (off(PENDING), ev.ReactivationRequested(service=Service.ELECTRIC, after_hours=False, because="asked")),
    (
        off(PENDING),
        ev.FeeCharged(
            fee=Fee(order_id="o1", kind="reconnect_fee", ref="FE1/electric", amount=Money(2_600)),
            service=Service.ELECTRIC,
        ),
    ),
    (
        off(PENDING),
        ev.FeeRemoved(
            fee=Fee(order_id="o1", kind="reconnect_fee", ref="FE1/electric", amount=Money(2_600)),
            service=Service.ELECTRIC,
            ref="AJ1",
        ),
    ),
    (off(PENDING), ev.ServiceRestored(order_id="o2", service=Service.ELECTRIC)),
    (
        off(PENDING),
        ev.ReconnectionOffered(service=Service.ELECTRIC, season_on=day("2026-10-01"), mailed_on=day("2026-09-01")),
    ),
    (
        a_case(),
        ev.OutsideActNoted(
            what="outside_service",
            service=Service.ELECTRIC,
            status=ServiceStatus.OFF,
            ref="",
            urgent=False,
            because="not ordered here",
        ),
    ),
    (
        off(PENDING),
        ev.CutFoundWrong(
            order_id="o1",
            service=Service.ELECTRIC,
            rules=("D12",),
            facts=(),
            cut_at=at(NOW),
            because="a certificate was on file",
        ),
    ),
    (a_case(counters=Counters(disconnections=2)), ev.StrikeRemoved(order_id="o1")),
    (a_case(), ev.FinalBilled(due_on=day("2026-07-20"), amount=Money(1))),
    (FINAL, ev.PlacementNoticeSent(amount=Money(1), places_from=NOTICED_ON, letter="l", mailed_on=NOTICED_ON)),
    (FINAL, ev.RemedyDecided(remedy=replace(HELD, state=RemedyState.DECIDED))),
    (HOLDING, ev.RemedyDropped(remedy_id="r", because="disputed")),
    (FINAL, ev.PlacedWithAgency(remedy=HELD)),
    (HOLDING, ev.RecallAsked(remedy_id="r", because="asked")),
    (HOLDING, ev.RecalledFromAgency(remedy_id="r", ref="p", because="paid")),
    (FINAL, ev.DebtFollows(to_account="2", amount=Money(1), authority="applied")),
    (FINAL, ev.DebtMoved(to_account="2", amount=Money(1))),
    (a_case(), SPLIT),
    (STAYED, ev.PlanPaymentNoted(amount=Money(40), ref="v1")),
    (STAYED, ev.PlanPaymentApplied(amount=Money(40), left=Money(60))),
    (STAYED, ev.DebtRevived(amount=Money(100), parts=SPLIT.parts, dismissed_on=day("2026-07-20"))),
    (STAYED, ev.DebtDischarged(amount=Money(100))),
    (HOLDING, ev.RemedyTold(remedy_id="r", change=Money(1), left=Money(2))),
    (HOLDING, ev.RemedyMarked(remedy_id="r", mark=Mark.ACKNOWLEDGED, on=day("2026-07-20"))),
    (FINAL, ev.ClaimFiled(remedy=CLAIM)),
    (SUED, ev.HearingHeld(remedy_id="r", result="continued", next_on=day("2026-07-20"))),
    (SUED, ev.ClaimEnded(remedy_id="r", ref="c", because="dismissed")),
    (SUED, ev.JudgmentEntered(remedy_id="r", ref="c", amount=Money(1), final_on=day("2026-07-20"))),
    (a_case(), ev.RemedyStands(remedy=replace(HELD, kind=RemedyKind.CERTIFICATION))),
    (LIEN, ev.LienInterestAsked(remedy_id="r", amount=Money(1), parts=(PART,))),
    (LIEN, ev.LienInterestBilled(remedy_id="r", service=Service.WATER, amount=Money(1), ref="FE1/water")),
    (LIEN, ev.LienInterestGivenUp(remedy_id="r", amount=Money(1), because="goodwill")),
    (HOLDING, ev.RemedyEnded(remedy_id="r", because="paid")),
    (FINAL, ev.SettlementAgreed(settlement=SETTLEMENT)),
    (a_case(settlement=SETTLEMENT), ev.SettlementPaid(amount=Money(1), left=Money(1))),
    (a_case(settlement=SETTLEMENT), ev.SettlementBroken(amount=Money(1), paid=Money(0))),
    (FINAL, ev.WrittenOff(amount=Money(1), because="old")),
    (a_case(stage=Stage.WRITTEN_OFF), ev.RecoveryReceived(amount=Money(1), left=Money(0))),
    (a_case(stage=Stage.WRITTEN_OFF), ev.WriteOffReversed(because="found")),
    (
        a_case(),
        ev.AdjustmentProposed(
            adjustment_id="j",
            service=Service.WATER,
            amount=Money(-1),
            reason=AdjustmentReason.LEAK,
            about_on=day("2026-06-01"),
            fund="",
            alone=True,
            because="ours",
        ),
    ),
    (a_case(), ev.RefundProposed(refund_id="r", amount=Money(1), payee=Payee.PAYER, because="twice")),
    (a_case(), ev.Assigned(to="ann")),
    (a_case(), ev.NoteAdded(note="called")),
    (a_case(), ev.DocumentAttached(sha256="0", media_type="text/plain", title="x", scanned=False)),
    (a_case(), ev.FollowUpSet(on=day("2026-07-01"), about="call")),
    (a_case(), ev.TaskRaised(kind="other", about="look")),
    (a_case(), ev.Referred(question="may we?")),
    (a_case(referral="may we?"), ev.ReferralAnswered(answer="yes")),
    (a_case(), ev.DecisionRefused(decision="close", refusal=REFUSAL)),
    (a_case(), ev.CaseClosed(reason=ClosedReason.PAID)),
)


def test_there_is_a_sample_of_every_event() -> None:
    assert {type(body) for _, body in SAMPLES} == set(get_args(ev.Body))


@pytest.mark.parametrize(("case", "body"), SAMPLES, ids=lambda each: getattr(each, "type", ""))
def test_every_event_is_taken_by_exactly_one_branch(case: Case, body: ev.Body) -> None:
    (event,) = stamp(case, (body,), key="k", at=at(NOW), by="x", policy=POLICY)
    assert sum(part(case, event) is not None for part in CHAPTERS) == 1
    after = take(case, event)
    assert after.seq == case.seq + 1


@pytest.mark.parametrize("gap", [-1, 0, 2])
def test_an_event_out_of_turn_is_a_bug(gap: int) -> None:
    case = a_case()
    (event,) = stamp(case, (ev.Assigned(to="ann"),), key="k", at=at(NOW), by="x", policy=POLICY)
    with pytest.raises(AssertionError, match="cannot follow"):
        take(case, replace(event, seq=case.seq + gap))


def test_an_event_that_asks_for_an_unlawful_move_is_a_bug() -> None:
    with pytest.raises(UnlawfulMove):
        happened(a_case(), NOW, ev.PlacedWithAgency(remedy=HELD))


def test_a_corrected_fact_replaces_the_old_one_in_the_order_of_their_beginnings() -> None:
    early, late = a_fact(FactKind.HOLD, "2026-06-01"), a_fact(FactKind.DISPUTE, "2026-06-20")
    between = a_fact(FactKind.MEDICAL_CERTIFICATE, "2026-06-10")
    case = happened(a_case(facts=(early, late)), NOW, ev.FactRecorded(fact=between, replaces=early.fact_id))
    assert case.known.facts == (between, late)


def test_a_fact_taken_back_is_gone_and_one_ended_stays_with_its_end() -> None:
    case = a_case(facts=(HOLD,))
    ended = ev.FactEnded(fact_id=HOLD.fact_id, kind="hold", until=at(NOW), withdrawn=False, because="done")
    assert happened(case, NOW, ended).known.facts == (replace(HOLD, until=at(NOW)),)
    assert happened(case, NOW, replace(ended, withdrawn=True)).known.facts == ()


def test_an_agreement_takes_the_place_of_notice_and_extension() -> None:
    case = happened(noticed(now=NOW), NOW, ev.ArrangementAgreed(arrangement=AGREED))
    assert (case.stage, case.notice, case.arrangement) == (Stage.ON_ARRANGEMENT, None, AGREED)
    assert (case.arrangements_made, case.counters.arrangements) == (1, 1)


def test_the_down_payment_puts_an_agreement_in_force_and_its_return_does_not_unmake_it() -> None:
    paid = happened(ON_PLAN, NOW, ev.InstalmentsMet(met=1, of=2, paid=Money(1_000)))
    assert paid.arrangement is not None
    assert paid.arrangement.status is ArrangementStatus.IN_FORCE
    back = happened(paid, NOW, ev.InstalmentsMet(met=0, of=2, paid=Money(0)))
    assert back.arrangement is not None
    assert (back.arrangement.met, back.arrangement.status) == (0, ArrangementStatus.IN_FORCE)


@pytest.mark.parametrize(("undone", "counted"), [(False, 1), (True, 0)])
def test_a_cure_counts_as_a_reinstatement_unless_the_breach_was_a_mistake(*, undone: bool, counted: int) -> None:
    cured = happened(IN_BREACH, NOW, ev.BreachCured(undone=undone)).arrangement
    assert cured is not None
    assert (cured.status, cured.reinstated, cured.cure_by) == (ArrangementStatus.IN_FORCE, counted, None)


def test_a_rejected_disconnection_goes_back_to_its_notice() -> None:
    case = happened(PENDING, NOW, ev.ApprovalRejected(approval_id="a1", act=DISCONNECTION, because="no"))
    assert case.stage is Stage.NOTICED
    assert case.approvals[0].state is ApprovalState.REJECTED


def test_a_rejected_arrangement_leaves_a_disconnection_that_is_asked_for_where_it_stands() -> None:
    both = happened(PENDING, NOW, ev.ApprovalAsked(approval_id="a2", act=ARRANGEMENT, amount=Money(1), decision="k"))
    case = happened(both, NOW, ev.ApprovalRejected(approval_id="a2", act=ARRANGEMENT, because="too long"))
    assert case.stage is Stage.DISCONNECTION_PENDING


def test_dispatch_uses_the_approval_up() -> None:
    assert OUT.approvals[0].state is ApprovalState.USED
    assert (OUT.orders[0].state, OUT.orders[0].dispatched_at) == (OrderState.DISPATCHED, at(NOW))
    assert OUT.service(Service.ELECTRIC).status is ServiceStatus.ORDER_PENDING


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (ev.OrderWithdrawn(order_id="o1", service=Service.ELECTRIC, recalled=True, because=""), OrderState.RECALLED),
        (ev.OrderWithdrawn(order_id="o1", service=Service.ELECTRIC, recalled=False, because=""), OrderState.CANCELLED),
        (ev.OrderAcknowledged(order_id="o1", service=Service.ELECTRIC, proceed=False), OrderState.RECALLED),
        (ev.OrderNotCompleted(order_id="o1", service=Service.ELECTRIC, reason="dog"), OrderState.COULD_NOT_COMPLETE),
    ],
)
def test_an_order_that_came_to_nothing_leaves_service_on_under_its_notice(body: ev.Body, state: OrderState) -> None:
    case = happened(OUT, NOW, body)
    assert case.orders[0].state is state
    assert case.service(Service.ELECTRIC).status is ServiceStatus.ON
    assert case.stage is Stage.NOTICED


def test_a_reconnection_that_came_to_nothing_leaves_service_off() -> None:
    waiting = happened(off(PENDING), NOW, ev.OrderPlaced(order=BACK))
    assert waiting.service(Service.ELECTRIC).status is ServiceStatus.REACTIVATION_PENDING
    body = ev.OrderNotCompleted(order_id="o2", service=Service.ELECTRIC, reason="dog")
    assert happened(waiting, NOW, body).service(Service.ELECTRIC).status is ServiceStatus.OFF


@pytest.mark.parametrize("status", [ServiceStatus.ON, ServiceStatus.OFF])
def test_what_others_did_to_a_service_outlasts_our_order(status: ServiceStatus) -> None:
    act = ev.OutsideActNoted(
        what="outside_service", service=Service.ELECTRIC, status=status, ref="", urgent=False, because=""
    )
    gone = ev.OrderWithdrawn(order_id="o1", service=Service.ELECTRIC, recalled=True, because="overtaken")
    assert happened(OUT, NOW, act, gone).service(Service.ELECTRIC).status is status


def test_a_completed_cut_is_off_and_counted() -> None:
    case = happened(OUT, NOW, ev.ServiceDisconnected(order_id="o1", service=Service.ELECTRIC))
    assert case.service(Service.ELECTRIC).status is ServiceStatus.OFF
    assert (case.orders[0].state, case.orders[0].reason, case.counters.disconnections) == (OrderState.COMPLETED, "", 1)


@pytest.mark.parametrize(
    "before",
    [
        ev.RecallFailed(order_id="o1", service=Service.ELECTRIC, because="paid"),
        ev.OrderWithdrawn(order_id="o1", service=Service.ELECTRIC, recalled=True, because="paid"),
    ],
)
def test_a_cut_after_its_recall_is_marked_as_such(before: ev.Body) -> None:
    case = happened(OUT, NOW, before, ev.ServiceDisconnected(order_id="o1", service=Service.ELECTRIC))
    assert case.orders[0].reason == "recalled too late"


def test_service_back_on_starts_the_path_again() -> None:
    case = happened(off(PENDING), NOW, ev.ApprovalLapsed(approval_id="a1", act=DISCONNECTION, because="used"))
    case = happened(case, NOW, ev.ServiceRestored(order_id="o2", service=Service.ELECTRIC))
    assert (case.stage, case.notice, case.reminder) == (Stage.PAST_DUE, None, None)


def test_service_brought_back_by_others_starts_the_path_again_too() -> None:
    case = happened(off(PENDING), NOW, ev.ApprovalLapsed(approval_id="a1", act=DISCONNECTION, because="used"))
    act = ev.OutsideActNoted(
        what="outside_service", service=Service.ELECTRIC, status=ServiceStatus.ON, ref="", urgent=False, because=""
    )
    case = happened(case, NOW, act)
    assert (case.stage, case.off) == (Stage.PAST_DUE, ())


def test_a_case_with_a_second_service_off_stays_where_it_is() -> None:
    both = replace(off(off(PENDING), Service.WATER), approvals=())
    case = happened(both, NOW, ev.ServiceRestored(order_id="o2", service=Service.ELECTRIC))
    assert case.stage is Stage.DISCONNECTION_PENDING


def test_the_opening_tells_what_is_off() -> None:
    case = happened(FRESH, NOW, ev.CaseOpened(known=a_snapshot(), stage=Stage.PAST_DUE, services_off=(Service.WATER,)))
    assert [state.service for state in case.off] == [Service.WATER]
    assert case.service(Service.ELECTRIC).status is ServiceStatus.ON


def test_a_raised_follow_up_is_not_raised_again() -> None:
    case = happened(a_case(), NOW, ev.FollowUpSet(on=day("2026-07-01"), about="call"))
    assert happened(case, NOW, ev.TaskRaised(kind="other", about="")).follow_up_on == day("2026-07-01")
    assert happened(case, NOW, ev.TaskRaised(kind="follow_up", about="call")).follow_up_on is None


def test_a_closed_case_says_why() -> None:
    case = happened(a_case(), NOW, ev.CaseClosed(reason=ClosedReason.SETTLED))
    assert (case.stage, case.closed) == (Stage.CLOSED, ClosedReason.SETTLED)
