"""What a person may ask of a case: every command answered, every refusal with its rule, reason and way out."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain import events as ev
from domain.account import AccountStatus, Service
from domain.agenda import next_step
from domain.arrangement import ArrangementStatus
from domain.case import (
    ARRANGEMENT,
    DISCONNECTION,
    WRITE_OFF,
    ApprovalState,
    Case,
    Counters,
    Order,
    OrderPurpose,
    OrderState,
)
from domain.decisions import HANDLERS
from domain.effects import Receipt
from domain.facts import FactKind
from domain.money import Money, total
from domain.remedy import Remedy, RemedyKind, RemedyState
from domain.states import ClosedReason, ServiceStatus, Stage
from domain.step import Step, StepKind
from domain.take.remedies import named
from domain.verdict import Refusal
from tests.builders import (
    POLICY,
    a_bill,
    a_case,
    a_fact,
    a_notice,
    a_policy,
    an_account,
    an_agreement,
    asked,
    at,
    day,
    decided,
    done,
    happened,
    knowing,
    noticed,
    off,
    refused,
)

NOW = "2026-06-29 10:00"
BILL = a_bill()
UNSATISFIED = a_case(
    stage=Stage.JUDGMENT,
    remedies=(
        Remedy(
            remedy_id="c1",
            kind=RemedyKind.JUDGMENT,
            state=RemedyState.STANDING,
            bills=named((BILL,)),
            amount=Money(10_000),
            since=day("2026-06-01"),
        ),
    ),
)
NOTICED = noticed(BILL, now=NOW)
ON_PLAN = a_case(
    BILL,
    now=NOW,
    stage=Stage.ON_ARRANGEMENT,
    arrangement=an_agreement(BILL, ("2026-06-11", 1_000), ("2026-07-08", 9_000), met=0),
)
HELD = a_fact(FactKind.HOLD, "2026-06-29 09:00")
DISPUTED = a_fact(FactKind.DISPUTE, "2026-06-29 09:00")


def bodies(case: Case, command: c.Command, *, by: str = "rep", senior: bool = False) -> list[ev.Body]:
    events = asked(case, NOW, command, by=by, senior=senior)
    assert not isinstance(events, Refusal), events
    return [event.body for event in events]


def test_every_command_has_its_one_handler() -> None:
    assert set(HANDLERS) == set(get_args(c.Command))


def test_every_command_has_a_name_of_its_own() -> None:
    names = [command.type for command in get_args(c.Command)]
    assert len(set(names)) == len(names)


REFUSALS: tuple[tuple[str, Case, c.Command, str], ...] = (
    ("closed", happened(a_case(), NOW, ev.CaseClosed(reason=ClosedReason.PAID)), c.AddNote(note="x"), "case-closed"),
    ("past due", a_case(), c.RecommendDisconnection(), "not-at-this-stage"),
    (
        "too early",
        replace(NOTICED, notice=a_notice(BILL, served="2026-06-20")),
        c.RecommendDisconnection(),
        "forbidden-recommend-disconnection",
    ),
    ("held", noticed(now=NOW, facts=(HELD,)), c.RecommendDisconnection(), "forbidden-recommend-disconnection"),
    ("other service", NOTICED, c.RecommendDisconnection(service=an_account().services[1]), "not-the-nominated-service"),
    ("no approval", NOTICED, c.Approve(approval_id="a"), "no-such-approval"),
    ("none to reject", NOTICED, c.Reject(approval_id="a", because=""), "no-such-approval"),
    ("none to cancel", NOTICED, c.CancelDisconnection(because="asked"), "no-disconnection"),
    ("nothing off", NOTICED, c.RequestReactivation(because="asked"), "nothing-is-off"),
    ("off and owing", off(NOTICED), c.RequestReactivation(because="asked"), "not-paid"),
    ("plan stands", ON_PLAN, c.AgreeArrangement(months=3), "agreement-stands"),
    ("nothing late", knowing(a_case(), NOW), c.AgreeArrangement(months=3), "nothing-past-due"),
    ("no months", a_case(), c.AgreeArrangement(months=0), "no-instalments"),
    ("too much down", a_case(), c.AgreeArrangement(months=3, down=Money(10_001)), "down-payment-out-of-range"),
    ("less than none", a_case(), c.AgreeArrangement(months=3, down=Money(-1)), "down-payment-out-of-range"),
    (
        "first part today",
        a_case(),
        c.AgreeArrangement(months=3, first_due_on=day("2026-06-29")),
        "first-instalment-in-the-past",
    ),
    ("final", a_case(stage=Stage.IN_COURT), c.AgreeArrangement(months=3), "not-at-this-stage"),
    ("no plan", NOTICED, c.CancelArrangement(because="asked"), "no-agreement"),
    ("no plan to breach", NOTICED, c.RecordBreach(because="seen"), "not-at-this-stage"),
    ("no breach to cure", ON_PLAN, c.CureBreach(because="seen"), "not-at-this-stage"),
    ("promise too far", a_case(), c.RecordPromise(amount=Money(1), by=day("2026-07-14")), "promise-too-late"),
    ("promise before", a_case(), c.RecordPromise(amount=Money(1), by=day("2026-06-28")), "promise-too-late"),
    ("promise of none", a_case(), c.RecordPromise(amount=Money(0), by=day("2026-06-30")), "promise-without-amount"),
    ("extend off", off(NOTICED), c.GrantExtension(until=day("2026-07-03")), "service-is-off"),
    ("nothing to extend", knowing(a_case(), NOW), c.GrantExtension(until=day("2026-07-03")), "nothing-to-extend"),
    ("extend too far", a_case(), c.GrantExtension(until=day("2026-07-10")), "extension-too-long"),
    ("extend to today", a_case(), c.GrantExtension(until=day("2026-06-29")), "extension-too-long"),
    (
        "extended twice",
        a_case(counters=Counters(extended_on=(day("2025-06-30"), day("2026-05-04")))),
        c.GrantExtension(until=day("2026-07-03")),
        "extensions-used-up",
    ),
    ("no hold", a_case(), c.ReleaseHold(fact_id="x", because="done"), "no-such-fact"),
    ("not a hold", a_case(facts=(DISPUTED,)), c.ReleaseHold(fact_id=DISPUTED.fact_id, because=""), "no-such-fact"),
    (
        "no dispute",
        a_case(facts=(HELD,)),
        c.ResolveDispute(fact_id=HELD.fact_id, outcome="rejected", because=""),
        "no-such-fact",
    ),
    ("nothing to correct", a_case(), c.CorrectFact(fact_id="x", because="wrong"), "no-such-fact"),
    (
        "ends first",
        a_case(),
        c.RecordFact(kind=FactKind.HOLD, until=at("2026-06-29 09:00")),
        "fact-ends-before-it-starts",
    ),
    ("no petition", a_case(), c.ResolveBankruptcy(outcome="dismissed", because=""), "no-petition"),
    ("in service", a_case(), c.RecordFinalBill(), "account-in-service"),
    ("not final", a_case(), c.ReferToAgency(agency="x"), "not-at-this-stage"),
    ("not placed", a_case(), c.RecallFromAgency(because="x"), "not-at-this-stage"),
    ("not final yet", a_case(), c.ReferToCourt(court="x"), "not-at-this-stage"),
    ("no claim", a_case(), c.RecordJudgment(amount=Money(1), entered_on=day("2026-06-29")), "not-at-this-stage"),
    ("no judgment", a_case(), c.RecordSatisfaction(), "no-judgment"),
    ("unsatisfied", UNSATISFIED, c.RecordSatisfaction(), "not-satisfied"),
    ("in service still", a_case(), c.ProposeWriteOff(because="old"), "not-at-this-stage"),
    ("no question", a_case(), c.AnswerReferral(answer="yes"), "no-question"),
    ("empty", a_case(), c.AddNote(note="  "), "empty-note"),
    ("no later day", a_case(), c.SetFollowUp(on=day("2026-06-29"), about=""), "follow-up-in-the-past"),
    ("owes", a_case(), c.CloseCase(reason=ClosedReason.PAID, because=""), "not-paid"),
)


@pytest.mark.parametrize("state", [RemedyState.DECIDED, RemedyState.STANDING, RemedyState.ENDED])
def test_a_case_is_not_closed_by_hand_while_an_agency_has_the_debt(state: RemedyState) -> None:
    placed = Remedy(
        remedy_id="r1",
        kind=RemedyKind.PLACEMENT,
        state=state,
        bills=named((a_bill(),)),
        amount=Money(10_000),
        since=day("2026-06-10"),
    )
    case = a_case(stage=Stage.FINAL_BILLED, remedies=(placed,))
    close = c.CloseCase(reason=ClosedReason.CANCELLED, because="error")
    if state is RemedyState.ENDED:
        assert decided(case, NOW, close).closed is ClosedReason.CANCELLED
        return
    assert refused(case, NOW, close).slug == "remedy-stands"


@pytest.mark.parametrize(("case", "command", "slug"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_a_refusal_names_rule_reason_and_way_out(case: Case, command: c.Command, slug: str) -> None:
    refusal = refused(case, NOW, command)
    assert refusal.slug == slug
    assert refusal.rules
    assert refusal.title
    assert refusal.detail.endswith(".")
    assert refusal.way_out.endswith(".")
    assert refusal.status == 409


def test_a_gates_refusal_cites_its_sources() -> None:
    refusal = refused(noticed(now="2026-06-25 10:00"), "2026-06-25 10:00", c.RecommendDisconnection())
    assert refusal.rules == ("D02",)
    assert refusal.citations == ("test pack: notice.min_days_mailed",)


# --- disconnection ----------------------------------------------------------------------------------------------------


def test_a_recommendation_asks_for_a_second_person_and_carries_its_evidence() -> None:
    events = asked(NOTICED, NOW, c.RecommendDisconnection(), by="ann")
    assert not isinstance(events, Refusal)
    assert [event.body.type for event in events] == ["disconnection_recommended", "approval_asked"]
    assert events[0].certificate is not None
    assert events[0].certificate.allowed
    assert (events[0].by, [event.seq for event in events]) == ("ann", [2, 3])


RECOMMENDED = decided(NOTICED, NOW, c.RecommendDisconnection(), by="ann")
ASKED = RECOMMENDED.approvals[-1].approval_id


def test_who_asked_may_not_approve() -> None:
    assert refused(RECOMMENDED, NOW, c.Approve(approval_id=ASKED), by="ann").slug == "second-person"
    granted = decided(RECOMMENDED, NOW, c.Approve(approval_id=ASKED), by="bob").approvals[-1]
    assert (granted.state, granted.asked_by, granted.decided_by) == (ApprovalState.GRANTED, "ann", "bob")


def test_an_approval_is_gated_anew() -> None:
    held = replace(RECOMMENDED, known=replace(RECOMMENDED.known, facts=(HELD,)))
    refusal = refused(held, NOW, c.Approve(approval_id=ASKED), by="bob")
    assert (refusal.slug, refusal.rules) == ("forbidden-approve-disconnection", ("G03",))


def test_a_decided_approval_is_not_decided_again() -> None:
    rejected = decided(RECOMMENDED, NOW, c.Reject(approval_id=ASKED, because="no"), by="bob")
    assert rejected.stage is Stage.NOTICED
    assert refused(rejected, NOW, c.Approve(approval_id=ASKED), by="bob").slug == "approval-decided"


def test_cancelling_a_disconnection_lapses_its_approval_and_holds_through_the_next_open_day() -> None:
    case = decided(RECOMMENDED, NOW, c.CancelDisconnection(because="customer called"))
    assert (case.stage, case.approvals[-1].state) == (Stage.NOTICED, ApprovalState.LAPSED)
    assert case.known.facts[-1].until == at("2026-07-01")


# --- agreements -------------------------------------------------------------------------------------------------------


@given(st.integers(1, 6), st.integers(0, 10_000) | st.none())
def test_an_agreement_covers_all_that_is_past_due_to_the_cent(months: int, down: int | None) -> None:
    command = c.AgreeArrangement(months=months, down=None if down is None else Money(down))
    agreed = decided(a_case(BILL, a_bill("2026-07-20")), NOW, command).arrangement
    assert agreed is not None
    assert agreed.refs == {BILL.ref}
    assert agreed.amount == total(part.amount for part in agreed.schedule) == Money(10_000)
    expected = Money(1_000 if down is None else down)
    first = agreed.schedule[0]
    assert (first.number == 0) == bool(expected)
    assert agreed.status is (ArrangementStatus.AGREED if expected else ArrangementStatus.IN_FORCE)
    assert not expected or (first.amount, first.due_on) == (expected, day("2026-07-02"))


def test_the_first_instalment_falls_on_the_day_asked_for() -> None:
    agreed = decided(a_case(), NOW, c.AgreeArrangement(months=2, first_due_on=day("2026-07-15"))).arrangement
    assert agreed is not None
    assert [part.due_on for part in agreed.schedule] == [day("2026-07-02"), day("2026-07-15"), day("2026-08-17")]


@pytest.mark.parametrize(("months", "events"), [(6, ["arrangement_agreed"]), (7, ["approval_asked"])])
def test_a_longer_agreement_than_the_packs_asks_for_a_second_person(months: int, events: list[str]) -> None:
    assert [body.type for body in bodies(a_case(), c.AgreeArrangement(months=months))] == events


def test_a_senior_agrees_to_more_months_alone() -> None:
    found = bodies(a_case(), c.AgreeArrangement(months=7), senior=True)
    assert [body.type for body in found] == ["arrangement_agreed"]


def test_an_agreement_ends_what_was_asked_for_against_the_customer() -> None:
    case = decided(RECOMMENDED, NOW, c.AgreeArrangement(months=3))
    assert (case.stage, case.notice, case.approvals[-1].state) == (Stage.ON_ARRANGEMENT, None, ApprovalState.LAPSED)


@pytest.mark.parametrize(("allowed", "slug"), [(True, ""), (False, "no-agreement-after-disconnection")])
def test_an_agreement_after_the_lock_is_the_packs_to_allow(slug: str, *, allowed: bool) -> None:
    pack = a_policy(arrangement_after_lock=allowed)
    answer = asked(off(NOTICED), NOW, c.AgreeArrangement(months=3), policy=pack)
    if slug:
        assert isinstance(answer, Refusal)
        assert (answer.slug, answer.rules) == (slug, ("A05",))
        assert answer.citations
    else:
        assert not isinstance(answer, Refusal)


@pytest.mark.parametrize(("now", "slug"), [("2026-06-16 10:00", "nothing-missed"), ("2026-06-17 10:00", "")])
def test_a_breach_is_recorded_by_hand_only_after_the_grace(now: str, slug: str) -> None:
    answer = asked(ON_PLAN, now, c.RecordBreach(because="seen"))
    assert (answer.slug if isinstance(answer, Refusal) else "") == slug
    if not isinstance(answer, Refusal):
        body = answer[0].body
        assert isinstance(body, ev.ArrangementBreached)
        assert (body.missed_on, body.owing, body.cure_by) == (day("2026-06-11"), Money(1_000), day("2026-06-24"))


def test_a_breach_is_cured_by_hand_only_when_nothing_is_missed() -> None:
    breached = decided(ON_PLAN, "2026-06-17 10:00", c.RecordBreach(because="seen"))
    assert refused(breached, "2026-06-18 10:00", c.CureBreach(because="sorry")).slug == "still-missed"
    paid = knowing(breached, "2026-06-18 10:00", replace(BILL, open=Money(9_000)))
    cured = decided(paid, "2026-06-18 10:00", c.CureBreach(because="misposted", mistake=True)).arrangement
    assert cured is not None
    assert (cured.status, cured.reinstated) == (ArrangementStatus.IN_FORCE, 0)


# --- promises, extensions, facts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["2026-06-29", "2026-07-13"])
def test_a_promise_is_taken_for_today_and_for_the_packs_last_day(by: str) -> None:
    promise = decided(a_case(), NOW, c.RecordPromise(amount=Money(5_000), by=day(by))).promise
    assert promise is not None
    assert [bill.ref for bill in promise.bills] == [BILL.ref]


@pytest.mark.parametrize("until", ["2026-06-30", "2026-07-09"])
def test_an_extension_is_granted_for_the_packs_days(until: str) -> None:
    case = decided(a_case(), NOW, c.GrantExtension(until=day(until)))
    assert case.extension is not None
    assert (case.extension.refs, case.counters.extensions) == ((BILL.ref,), 1)


def test_a_bad_contact_becomes_a_task() -> None:
    contact = c.RecordContact(channel="phone", direction="out", outcome="wrong_number")
    assert [body.type for body in bodies(a_case(), contact)] == ["contact_recorded", "task_raised"]
    assert decided(a_case(), NOW, contact).last_contact_on == day("2026-06-29")


def test_a_hold_through_a_day_holds_to_its_midnight() -> None:
    (fact,) = decided(a_case(), NOW, c.PlaceHold(because="check", until=day("2026-07-01"))).known.facts
    assert (fact.until, fact.holds(at("2026-07-01 23:59")), fact.holds(at("2026-07-02"))) == (
        at("2026-07-02"),
        True,
        False,
    )


def test_a_fact_is_corrected_and_withdrawn_by_its_id() -> None:
    case = decided(a_case(), NOW, c.RecordFact(kind=FactKind.HOLD))
    old = case.known.facts[0].fact_id
    kind = FactKind.MEDICAL_CERTIFICATE
    case = decided(
        case,
        "2026-06-29 11:00",
        c.CorrectFact(fact_id=old, because="wrong kind", kind=kind, source="clinic", details=(("form", "written"),)),
    )
    assert [fact.kind for fact in case.known.facts] == [kind]
    gone = c.CorrectFact(fact_id=case.known.facts[0].fact_id, because="wrong account")
    assert decided(case, "2026-06-29 12:00", gone).known.facts == ()


def test_a_dispute_is_decided_by_another_and_may_be_withdrawn_by_who_took_it() -> None:
    case = decided(a_case(), NOW, c.OpenDispute(about="reading"), by="ann")
    about = case.known.facts[0].fact_id
    decide_it = c.ResolveDispute(fact_id=about, outcome="rejected", because="read right")
    refusal = refused(case, NOW, decide_it, by="ann")
    assert (refusal.slug, refusal.rules) == ("reviewer-must-be-another", ("D04",))
    assert decided(case, NOW, decide_it, by="rev").known.facts[0].until == at(NOW)
    withdrawn = c.ResolveDispute(fact_id=about, outcome="withdrawn", because="settled")
    assert decided(case, NOW, withdrawn, by="ann").known.facts[0].until == at(NOW)


def test_service_that_is_on_its_way_back_is_not_asked_for_again() -> None:
    case = off(NOTICED)
    coming = tuple(replace(each, status=ServiceStatus.REACTIVATION_PENDING) for each in case.services)
    ask = c.RequestReactivation(because="asks")
    assert refused(replace(case, services=coming), NOW, ask).slug == "being-restored"


def test_cancelling_a_disconnection_touches_no_other_leave_and_is_refused_where_none_is_under_way() -> None:
    asked_for = decided(noticed_final(), RIPE, c.ProposeWriteOff(because="old"), by="ann")
    assert asked_for.approvals[-1].state is ApprovalState.ASKED
    cancel = c.CancelDisconnection(because="paid")
    assert refused(asked_for, RIPE, cancel).slug == "no-disconnection"
    assert decided(RECOMMENDED, NOW, cancel).approvals[-1].state is ApprovalState.LAPSED


def test_a_settlement_that_stands_is_not_settled_anew_before_its_day() -> None:
    case = noticed_final()
    offer = c.ProposeSettlement(amount=Money(9_999), by=day("2026-10-01"), because="hardship")
    agreed_on = decided(case, RIPE, offer, supervisor=True)
    if agreed_on.settlement is None:
        agreed_on = decided(
            agreed_on, RIPE, c.Approve(approval_id=agreed_on.approvals[-1].approval_id), by="bob", supervisor=True
        )
    less = replace(offer, amount=Money(5_000), by=day("2026-11-01"))
    assert refused(agreed_on, RIPE, less).slug == "settlement-stands"
    later = knowing(agreed_on, "2026-10-02 10:00")
    answer = asked(later, "2026-10-02 10:00", less, supervisor=True)
    assert not (isinstance(answer, Refusal) and answer.slug == "settlement-stands")


def test_leave_that_was_used_at_once_does_not_lapse_later() -> None:
    big = knowing(noticed_final(), RIPE, a_bill(cents=2_000_001))
    asked_for = decided(big, RIPE, c.ReferToCourt(court="x", waive_excess=True), by="ann")
    let = decided(asked_for, RIPE, c.Approve(approval_id=asked_for.approvals[-1].approval_id), by="bob")
    petition = decided(let, RIPE, c.FileBankruptcy(chapter="7", petition_on=day("2026-09-09")))
    assert petition.approvals[-1].state is ApprovalState.GRANTED


def test_a_petition_ends_what_was_asked_for_and_its_dismissal_ends_the_petition() -> None:
    case = decided(RECOMMENDED, NOW, c.FileBankruptcy(chapter="7", petition_on=day("2026-06-25")))
    assert case.approvals[-1].state is ApprovalState.LAPSED
    assert case.known.facts[0].details == {"chapter": "7", "petition_on": "2026-06-25"}
    case = decided(case, "2026-06-29 11:00", c.ResolveBankruptcy(outcome="dismissed", because="dismissed"))
    assert not case.known.facts[0].holds(at("2026-06-29 11:00"))


# --- after service has ended ------------------------------------------------------------------------------------------

GONE = knowing(a_case(), NOW, BILL, account=an_account(status=AccountStatus.FINAL))
RIPE = "2026-09-10 10:00"


def noticed_final() -> Case:
    """Return a case whose final bill is ripe for the agency: 45 days past due, and 30 days after the notice."""
    case = decided(GONE, NOW, c.RecordFinalBill(due_on=day("2026-07-20")))
    step = next_step(case, POLICY, at("2026-08-04 17:00"))
    assert isinstance(step, Step)
    assert step.kind is StepKind.SEND_PLACEMENT_NOTICE
    return done(case, step, "2026-08-04 17:00", receipt=Receipt(ref="L1", on=day("2026-08-05")))


def happened_next(case: Case, now: str, *, ref: str = "") -> Case:
    """Return *case* after the step that is due at *now*."""
    step = next_step(case, POLICY, at(now))
    assert isinstance(step, Step)
    return done(case, step, now, receipt=Receipt(ref=ref))


def test_a_final_bill_ends_agreement_and_approvals() -> None:
    case = replace(ON_PLAN, known=replace(ON_PLAN.known, account=an_account(status=AccountStatus.FINAL)))
    final = decided(case, NOW, c.RecordFinalBill())
    assert final.stage is Stage.FINAL_BILLED
    assert final.arrangement is not None
    assert final.arrangement.status is ArrangementStatus.CANCELLED
    assert final.final is not None
    assert final.final.due_on == day("2026-07-20")


def test_a_final_bill_goes_to_the_agency_comes_back_and_goes_to_court() -> None:
    case = noticed_final()
    case = happened_next(decided(case, RIPE, c.ReferToAgency(agency="agency")), RIPE, ref="PL1")
    placed = case.remedy(RemedyKind.PLACEMENT)
    assert placed is not None
    assert (case.stage, placed.amount, placed.ref, placed.with_whom) == (
        Stage.WITH_AGENCY,
        Money(10_000),
        "PL1",
        "agency",
    )
    case = happened_next(decided(case, RIPE, c.RecallFromAgency(because="paid there")), RIPE)
    assert (case.stage, case.remedy(RemedyKind.PLACEMENT)) == (Stage.FINAL_BILLED, None)
    case = happened_next(decided(case, RIPE, c.ReferToCourt(court="county")), RIPE, ref="CL1")
    assert case.stage is Stage.IN_COURT
    case = decided(case, RIPE, c.RecordJudgment(amount=Money(9_000), entered_on=day("2026-09-10"), costs=Money(500)))
    won = case.remedy(RemedyKind.JUDGMENT)
    assert won is not None
    assert (case.stage, won.amount, won.due_on) == (Stage.JUDGMENT, Money(9_500), day("2026-10-01"))
    paid = knowing(case, RIPE, account=GONE.known.account)
    assert decided(paid, RIPE, c.RecordSatisfaction()).closed is ClosedReason.PAID


def in_court() -> Case:
    return happened_next(decided(noticed_final(), RIPE, c.ReferToCourt(court="county")), RIPE, ref="CL1")


@pytest.mark.parametrize(
    ("command", "slug"),
    [
        (c.RecordJudgment(amount=Money(9_000), entered_on=day("2026-09-11")), "judgment-day-out-of-range"),
        (c.RecordJudgment(amount=Money(9_000), entered_on=day("2026-09-09")), "judgment-day-out-of-range"),
        (c.RecordJudgment(amount=Money(0), entered_on=day("2026-09-10")), "no-such-judgment"),
        (c.RecordJudgment(amount=Money(1), entered_on=day("2026-09-10"), costs=Money(-1)), "no-such-judgment"),
        (c.RecordHearing(on=day("2026-09-11"), result="heard"), "hearing-in-the-future"),
        (c.RecordFiling(what="served", on=day("2026-09-11")), "filing-in-the-future"),
    ],
)
def test_what_the_court_has_not_done_yet_is_not_recorded(command: c.Command, slug: str) -> None:
    assert refused(in_court(), RIPE, command).slug == slug


def test_a_claim_is_not_filed_for_a_hearing_that_is_over() -> None:
    today, tomorrow = c.ReferToCourt(hearing_on=day("2026-09-10")), c.ReferToCourt(hearing_on=day("2026-09-11"))
    assert refused(noticed_final(), RIPE, today).slug == "hearing-over"
    assert decided(noticed_final(), RIPE, tomorrow).remedies[-1].due_on == day("2026-09-11")


def test_a_paper_of_the_court_and_a_recall_are_on_record_once() -> None:
    served = c.RecordFiling(what="served", on=day("2026-09-10"))
    assert refused(decided(in_court(), RIPE, served), RIPE, served).slug == "paper-on-record"
    placed = happened_next(decided(noticed_final(), RIPE, c.ReferToAgency(agency="agency")), RIPE, ref="PL1")
    recall = c.RecallFromAgency(because="paid there")
    assert refused(decided(placed, RIPE, recall), RIPE, recall).slug == "recall-asked"


def test_a_claim_above_the_courts_limit_is_refused() -> None:
    case = decided(GONE, NOW, c.RecordFinalBill())
    big = knowing(case, NOW, a_bill(cents=2_000_001))
    assert refused(big, NOW, c.ReferToCourt(court="county")).slug == "over-the-court-limit"
    just = decided(knowing(case, NOW, a_bill(cents=2_000_000)), NOW, c.ReferToCourt(court="x"))
    assert just.remedies[-1].amount == Money(2_000_000)
    asked = decided(big, NOW, c.ReferToCourt(court="x", waive_excess=True), by="ann")
    waived = decided(asked, NOW, c.Approve(approval_id=asked.approvals[-1].approval_id), by="bob")
    assert waived.remedies[-1].amount == Money(2_000_000)


def test_a_write_off_is_asked_for_once_until_it_is_answered() -> None:
    case = decided(GONE, NOW, c.RecordFinalBill())
    case = decided(case, "2026-06-29 11:00", c.ProposeWriteOff(because="old"), by="ann")
    again = c.ProposeWriteOff(because="still old")
    assert refused(case, "2026-06-29 12:00", again, by="cyd").slug == "write-off-asked"
    asked_for = case.approvals[-1].approval_id
    no_more = decided(case, NOW, c.Reject(approval_id=asked_for, because="too soon"), by="bob")
    assert decided(no_more, NOW, again, by="ann").approvals[-1].state is ApprovalState.ASKED
    case = decided(case, NOW, c.Approve(approval_id=asked_for), by="bob")
    assert case.stage is Stage.WRITTEN_OFF
    assert refused(case, NOW, c.Approve(approval_id=asked_for), by="bob").status == 409


def test_a_case_is_not_closed_while_a_crew_is_out_nor_left_with_open_approvals() -> None:
    closed = decided(RECOMMENDED, NOW, c.CloseCase(reason=ClosedReason.CANCELLED, because="error"))
    assert (closed.closed, closed.approvals[-1].state) == (ClosedReason.CANCELLED, ApprovalState.LAPSED)
    granted = decided(RECOMMENDED, NOW, c.Approve(approval_id=ASKED), by="bob")
    order = Order(
        order_id="o1",
        purpose=OrderPurpose.DISCONNECT,
        service=Service.ELECTRIC,
        state=OrderState.REQUESTED,
        requested_at=at(NOW),
    )
    out = happened(granted, NOW, ev.OrderPlaced(order=order))
    assert refused(out, NOW, c.CloseCase(reason=ClosedReason.CANCELLED, because="error")).slug == "order-is-out"


def test_a_case_is_not_closed_over_a_home_that_is_off_unless_its_account_has_ended() -> None:
    close = c.CloseCase(reason=ClosedReason.CANCELLED, because="error")
    dark = off(noticed(now=NOW))
    assert refused(dark, NOW, close).slug == "service-is-off"
    gone = replace(dark, known=replace(dark.known, account=replace(dark.known.account, status=AccountStatus.FINAL)))
    assert decided(gone, NOW, close).closed is ClosedReason.CANCELLED


def test_the_desks_own_work_is_written_down() -> None:
    case = decided(a_case(), NOW, c.Assign(to="ann"))
    case = decided(case, NOW, c.ReferToSupervisor(question="may we?"))
    assert (case.assigned_to, case.referral) == ("ann", "may we?")
    case = decided(case, NOW, c.AnswerReferral(answer="yes"))
    case = decided(case, NOW, c.AttachDocument(sha256="0", media_type="text/plain", title="bill"))
    assert (case.referral, case.seq) == ("", 6)


def test_the_acts_that_need_a_second_person_have_stored_names() -> None:
    assert (DISCONNECTION, ARRANGEMENT, WRITE_OFF) == ("disconnection", "arrangement", "write_off")


def test_events_are_numbered_on_and_keyed_by_their_decision() -> None:
    events = asked(NOTICED, NOW, c.RecommendDisconnection(), by="ann")
    assert not isinstance(events, Refusal)
    assert [event.key for event in events] == [f"ann/{NOW}/recommend_disconnection/{n}" for n in (1, 2)]


def test_an_agreement_beyond_the_limit_stands_once_a_second_person_approves_its_terms() -> None:
    waiting = decided(NOTICED, NOW, c.AgreeArrangement(months=24))
    assert waiting.arrangement is None
    approve = c.Approve(approval_id=waiting.approvals[-1].approval_id)
    agreed = decided(waiting, NOW, approve, by="sven")
    assert agreed.arrangement is not None
    assert [part.number for part in agreed.arrangement.schedule][-1] == 24
