"""Whole lives, told by their dates, from past due to closed."""

from datetime import date, timedelta

from domain import commands as c
from domain import events as ev
from domain.account import AccountStatus, Service
from domain.case import ApprovalState
from domain.facts import Fact, FactKind
from domain.hear import Tells, Told
from domain.money import Money
from domain.policy import Policy
from domain.states import ClosedReason, ServiceStatus, Stage
from simulator.life import LATEST, Billed, Decided, Input, Learned, Life, Paid, Reported, Returned, Turned, Unread
from simulator.run import Living, live
from simulator.trace import trace
from tests.builders import POLICY, an_account, at, day

BILL = Billed(
    at=at("2026-05-11 09:00"),
    bill_no="B1",
    service=Service.ELECTRIC,
    due_on=day("2026-06-01"),
    amount=Money(12_000),
)


def a_life(
    *inputs: Input, until: str = "2026-12-01", troubles: tuple[tuple[int, str], ...] = (), **traits: object
) -> Life:
    """Return a life that opens on 2026-06-02 with one bill of $120 due on 2026-06-01."""
    return Life(
        account=an_account(**traits),
        opened_at=at("2026-06-02 06:00"),
        ends_at=at(until),
        inputs=tuple(sorted((BILL, *inputs), key=lambda each: each.at)),
        troubles=troubles,
    )


def lived(life: Life, policy: Policy = POLICY) -> Living:
    living = Living(life, policy)
    while living.next_at is not None:
        living.advance()
    return living


def dated(life: Life) -> list[tuple[str, str]]:
    """Return what happened on which day, without the looks."""
    return [(kind, str(on)) for _, kind, on, *_ in trace(live(life, POLICY)) if kind != "account_read"]


def paid(when: str, cents: int, ref: str = "p1", *, told: bool = True) -> Paid:
    return Paid(at=at(when), ref=ref, amount=Money(cents), told=told)


def asked(when: str, command: c.Command, by: str = "ann") -> Decided:
    return Decided(at=at(when), by=by, command=command)


def a_cut(on: str, *, asked_at: str = "09:00", approved_at: str = "09:30") -> tuple[Decided, Decided]:
    return (
        asked(f"{on} {asked_at}", c.RecommendDisconnection()),
        asked(f"{on} {approved_at}", c.Approve(approval_id=LATEST), by="bob"),
    )


def test_from_past_due_to_off_to_paid_to_back_on_to_closed() -> None:
    assert dated(a_life(*a_cut("2026-06-29"), paid("2026-07-08 10:00", 12_000))) == [
        ("case_opened", "2026-06-02"),
        ("reminder_sent", "2026-06-08"),
        ("notice_served", "2026-06-16"),
        ("disconnection_recommended", "2026-06-29"),
        ("approval_asked", "2026-06-29"),
        ("approval_granted", "2026-06-29"),
        ("order_placed", "2026-06-29"),
        ("order_dispatched", "2026-06-29"),
        ("order_acknowledged", "2026-06-29"),
        ("service_disconnected", "2026-06-29"),
        ("order_placed", "2026-07-08"),
        ("service_restored", "2026-07-08"),
        ("case_closed", "2026-07-08"),
    ]


def test_from_notice_to_agreement_to_breach_to_cure_to_kept_to_closed() -> None:
    life = a_life(
        asked("2026-06-18 10:00", c.AgreeArrangement(months=2, signed=True)),
        paid("2026-06-22 10:00", 1_200, "down"),
        # The instalment of 20 July, five days of grace and a weekend later, is in breach; the payment cures it.
        paid("2026-07-29 10:00", 5_400, "late"),
        paid("2026-08-17 10:00", 5_400, "last"),
    )
    assert dated(life)[3:] == [
        ("arrangement_agreed", "2026-06-18"),
        ("instalments_met", "2026-06-22"),
        ("arrangement_breached", "2026-07-27"),
        ("instalments_met", "2026-07-29"),
        ("breach_cured", "2026-07-29"),
        ("instalments_met", "2026-08-17"),
        ("arrangement_completed", "2026-08-17"),
        ("case_closed", "2026-08-17"),
    ]


def test_a_breach_that_nobody_cures_ends_in_a_fresh_notice() -> None:
    agree = c.AgreeArrangement(months=2, down=Money(0), signed=True)
    assert dated(a_life(asked("2026-06-18 10:00", agree), until="2026-08-10"))[3:] == [
        ("arrangement_agreed", "2026-06-18"),
        ("arrangement_breached", "2026-07-27"),
        ("arrangement_defaulted", "2026-08-04"),
        ("notice_served", "2026-08-04"),
    ]


def test_an_agreement_by_voice_falls_with_its_down_payment_and_leaves_a_fresh_notice() -> None:
    # The down payment was due on 24 June: three open days after the 18th, the 19th being a holiday.
    life = a_life(asked("2026-06-18 10:00", c.AgreeArrangement(months=2)), until="2026-07-20")
    assert dated(life)[3:] == [
        ("arrangement_agreed", "2026-06-18"),
        ("arrangement_lapsed", "2026-06-25"),
        ("notice_served", "2026-06-25"),
    ]


def test_a_payment_the_bank_returns_puts_the_case_where_it_was_under_a_notice_that_still_stands() -> None:
    life = a_life(
        paid("2026-06-18 10:00", 11_000),
        Returned(at=at("2026-06-24 07:00"), ref="p1"),
        *a_cut("2026-06-29"),
        until="2026-07-01",
    )
    assert ("service_disconnected", "2026-06-29") in dated(life)
    assert [kind for kind, _ in dated(life)].count("notice_served") == 1


def soon_after(life: Life, kind: type[ev.Body], *, told: bool = True) -> Paid:
    """Return a payment of everything half a minute after the first event of *kind* in *life*."""
    then = next(event.at for event in live(life, POLICY) if isinstance(event.body, kind))
    return Paid(at=then + timedelta(seconds=30), ref="p1", amount=Money(12_000), told=told)


def test_a_payment_before_the_crew_is_at_the_door_calls_it_back() -> None:
    cut = a_cut("2026-06-29")
    life = a_life(*cut, soon_after(a_life(*cut), ev.OrderDispatched))
    found = lived(life)
    assert [kind for kind, _ in dated(life)][7:] == ["order_dispatched", "order_withdrawn", "case_closed"]
    assert found.body.case.counters.disconnections == 0
    assert found.body.case.closed is ClosedReason.PAID


def test_a_payment_nobody_told_of_stops_the_crew_at_the_door() -> None:
    cut = a_cut("2026-06-29")
    found = lived(a_life(*cut, soon_after(a_life(*cut), ev.OrderDispatched, told=False)))
    acks = [event.body for event in found.body.events if isinstance(event.body, ev.OrderAcknowledged)]
    assert [ack.proceed for ack in acks] == [False]
    assert found.body.case.counters.disconnections == 0


def test_a_payment_while_the_crew_cuts_is_answered_by_a_reconnection_the_same_day() -> None:
    cut = a_cut("2026-06-29")
    kinds = dated(a_life(*cut, soon_after(a_life(*cut), ev.OrderAcknowledged)))[9:]
    assert [kind for kind, _ in kinds] == [
        "recall_failed",
        "task_raised",
        "service_disconnected",
        "order_placed",
        "service_restored",
        "case_closed",
    ]
    assert {on for _, on in kinds} == {"2026-06-29"}


def test_a_crew_that_cannot_complete_leaves_the_notice_standing() -> None:
    found = lived(a_life(*a_cut("2026-06-29"), troubles=((1, "dog"),), until="2026-07-05"))
    case = found.body.case
    assert (case.stage, case.off) == (Stage.NOTICED, ())
    assert case.approvals[-1].state is ApprovalState.USED


def test_winter_holds_a_household_that_was_given_no_referral_until_it_is_and_may() -> None:
    notice_of_fall = (asked("2026-10-19 09:00", c.RecommendDisconnection()),)
    life = a_life(*notice_of_fall, *a_cut("2026-11-16"), income_band="le50smi", until="2027-03-01")
    assert "disconnection_recommended" not in {kind for kind, _ in dated(life)}
    found = lived(life)
    refusal = found.body.decide(c.Decision(key="k", at=found.world.now, by="ann", command=c.RecommendDisconnection()))
    assert not isinstance(refusal, tuple)
    assert "D05" in refusal.rules
    spring = lived(a_life(*a_cut("2027-05-17"), income_band="le50smi", until="2027-06-01"))
    assert spring.body.case.counters.disconnections == 1


def test_heat_keeps_a_crew_in_the_yard_until_it_is_over() -> None:
    heat = Fact(
        fact_id="heat",
        kind=FactKind.HEAT_PRODUCT,
        starts=at("2026-06-29 08:10"),
        until=at("2026-06-30 09:00"),
        known_at=at("2026-06-29 07:00"),
        details={"product": "Heat Advisory"},
    )
    on_monday = a_cut("2026-06-29", asked_at="08:00", approved_at="08:05")
    life = a_life(Learned(at=at("2026-06-29 07:00"), fact=heat), *on_monday, until="2026-07-02")
    assert "disconnection_recommended" not in {kind for kind, _ in dated(life)}


def test_billing_that_falls_silent_calls_the_crew_back() -> None:
    cut = a_cut("2026-06-29")
    began = soon_after(a_life(*cut), ev.OrderDispatched).at
    life = a_life(*cut, Unread(at=began, until=began + timedelta(minutes=25)), until="2026-07-02")
    found = lived(life)
    assert ("order_withdrawn", "2026-06-29") in dated(life)
    assert found.body.case.stage is Stage.NOTICED
    assert found.body.case.known.billing_read


def test_a_decision_overtaken_by_what_the_second_look_finds_is_recorded_as_refused() -> None:
    life = a_life(paid("2026-06-29 08:59", 12_000, told=False), *a_cut("2026-06-29"))
    refused = [event for event in live(life, POLICY) if isinstance(event.body, ev.DecisionRefused)]
    assert [(event.by, str(event.on)) for event in refused] == [("ann", "2026-06-29")]
    assert trace(refused)[0][3] == ("D03", "D17")
    shown = refused[0].certificate
    assert shown is not None
    assert (shown.pack, shown.policy, shown.allowed) == (POLICY.pack, POLICY.digest, False)
    assert [outcome.rule for outcome in shown.outcomes] == ["D03", "D17"]
    assert all(outcome.citation for outcome in shown.outcomes)


def test_what_the_case_already_forbids_leaves_no_event() -> None:
    assert len(live(a_life(asked("2026-06-03 09:00", c.RecommendDisconnection()), until="2026-06-05"), POLICY)) == 1


def test_a_hold_stops_letters_and_its_end_lets_them_go_on() -> None:
    life = a_life(asked("2026-06-03 09:00", c.PlaceHold(because="check", until=day("2026-06-14"))), until="2026-06-20")
    assert dated(life)[2:] == [("reminder_sent", "2026-06-15")]


def test_an_extension_moves_the_path_behind_its_last_day() -> None:
    life = a_life(asked("2026-06-03 09:00", c.GrantExtension(until=day("2026-06-12"))), until="2026-06-20")
    assert dated(life)[2:] == [("extension_ended", "2026-06-15"), ("reminder_sent", "2026-06-15")]


def test_an_account_that_ends_goes_to_the_agency_and_closes_when_it_is_paid_there() -> None:
    life = a_life(
        Turned(at=at("2026-06-10 07:00"), status=AccountStatus.FINAL),
        asked("2026-06-10 09:00", c.RecordFinalBill()),
        asked("2026-08-20 09:00", c.ReferToAgency(agency="agency")),
        paid("2026-10-01 09:00", 12_000),
    )
    assert [kind for kind, _ in dated(life)][2:] == [
        "final_billed",
        "placement_notice_sent",
        "remedy_decided",
        "placed_with_agency",
        "recalled_from_agency",
        "case_closed",
    ]


def test_a_service_that_others_cut_and_restored_is_followed_and_not_counted() -> None:
    def switched(when: str, status: ServiceStatus) -> Reported:
        told = Told(key=when, at=at(when), what=Tells.OUTSIDE_SERVICE, service=Service.ELECTRIC, status=status)
        return Reported(at=at(when), told=told)

    life = a_life(
        switched("2026-06-10 09:00", ServiceStatus.OFF),
        switched("2026-06-20 09:00", ServiceStatus.ON),
        until="2026-07-01",
    )
    assert dated(life)[2:] == [
        ("outside_act_noted", "2026-06-10"),
        ("outside_act_noted", "2026-06-20"),
        ("notice_served", "2026-06-22"),
    ]
    assert lived(life).body.case.counters.disconnections == 0


def test_the_trace_names_day_rules_cents_and_service() -> None:
    lines = trace(live(a_life(*a_cut("2026-06-29"), until="2026-06-30"), POLICY))
    assert lines[1] == (2, "reminder_sent", date(2026, 6, 8), ("path.reminder_days", "C06", "G01", "G04"), 12_000, None)
    assert lines[6] == (
        7,
        "order_placed",
        date(2026, 6, 29),
        ("dnp.order", "D01", "D02", "D03", "D17", "G01"),
        None,
        "electric",
    )
