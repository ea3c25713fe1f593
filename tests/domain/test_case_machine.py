"""Whatever happens to a case in whatever order, some things never do."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain import commands as c
from domain.account import AccountStatus, Service, Snapshot, balance
from domain.agenda import agenda, next_step
from domain.case import Case
from domain.events import Event
from domain.facts import Fact, FactKind
from domain.hear import Tells, Told
from domain.money import Money
from domain.states import ServiceStatus, Stage
from domain.step import Step
from domain.take import take
from domain.verdict import Refusal
from domain.view import view
from simulator.life import LATEST, Billed, Learned, Life, Paid, Reported, Returned, Turned, Unread, Withdrawn, addressed
from simulator.run import Living
from tests.builders import CALENDAR, POLICY, an_account, at, day
from tests.domain.oracle import wrongs

START = at("2026-06-02 06:00")
DESK = ("ann", "bob")
CENTS = st.integers(500, 30_000)
FACTS = st.sampled_from(
    (
        FactKind.HOLD,
        FactKind.MEDICAL_CERTIFICATE,
        FactKind.HEAT_PRODUCT,
        FactKind.LIFE_SUPPORT,
        FactKind.PLEDGE,
        FactKind.CLAIMED_PAYMENT,
        FactKind.REFERRAL_GIVEN,
        FactKind.DISPUTE,
    )
)


def money_commands() -> st.SearchStrategy[c.Command]:
    return st.one_of(
        st.builds(c.AgreeArrangement, months=st.integers(0, 9), down=st.none() | st.just(Money(0))),
        st.builds(c.CancelArrangement, because=st.just("asked")),
        st.builds(c.RecordBreach, because=st.just("seen")),
        st.builds(c.CureBreach, because=st.just("seen"), mistake=st.booleans()),
    )


def plain_commands() -> st.SearchStrategy[c.Command]:
    return st.sampled_from(
        (
            c.PlaceHold(because="check"),
            c.ReleaseHold(fact_id=LATEST, because="done"),
            c.OpenDispute(about="reading"),
            c.ResolveDispute(fact_id=LATEST, outcome="rejected", because="read right"),
            c.CancelDisconnection(because="asked"),
            c.RequestReactivation(because="asked"),
            c.RequestVisit(purpose="occupancy_check", because="look"),
            c.EndService(why="stop_service"),
            c.RecordFinalBill(),
            c.ReferToAgency(agency="x"),
            c.RecallFromAgency(because="paid"),
            c.ReferToCourt(court="x"),
            c.RecordJudgment(amount=Money(100), entered_on=day("2026-09-01")),
            c.RecordSatisfaction(),
            c.ProposeWriteOff(because="old"),
            c.ReferToSupervisor(question="?"),
            c.AnswerReferral(answer="!"),
            c.FileBankruptcy(chapter="7", petition_on=day("2026-07-01")),
            c.ResolveBankruptcy(outcome="dismissed", because="dismissed"),
            c.AddNote(note="called"),
        )
    )


class CaseMachine(RuleBasedStateMachine):
    """A case, its world, and everyone who may touch it; an independent ledger and an independent idea of wrong."""

    @initialize(
        cents=st.integers(2_000, 60_000), remote=st.booleans(), band=st.sampled_from(("gt50smi", "le50smi", ""))
    )
    def open(self, cents: int, band: str, *, remote: bool) -> None:
        account = an_account(meter_remote=remote, income_band=band)
        bill = Billed(
            at=at("2026-05-11 09:00"),
            bill_no="B0",
            service=Service.ELECTRIC,
            due_on=day("2026-06-01"),
            amount=Money(cents),
        )
        life = Life(account=account, opened_at=START, ends_at=START + timedelta(days=4_000), inputs=(bill,))
        self.living = Living(life, POLICY)
        self.billed, self.paid = cents, 0
        self.payments: dict[str, int] = {}
        self.made = 0
        known = Snapshot.unread(account.account_no)
        body = self.living.body
        self.told_so_far = Case(
            case_id=body.case.case_id, account_no=account.account_no, opened_on=known.at.date(), known=known
        )
        self.checked = 0

    @property
    def case(self) -> Case:
        return self.living.body.case

    @property
    def now(self) -> datetime:
        return self.living.world.now

    def number(self) -> int:
        self.made += 1
        return self.made

    def open_case(self) -> bool:
        return self.case.closed is None

    # --- what happens ---------------------------------------------------------------------------------------------

    @rule(days=st.integers(0, 40), clock=st.times(time(6), time(19)))
    def time_passes(self, days: int, clock: time) -> None:
        before, read = balance(self.case.known.bills), self.case.known.billing_read
        target = CALENDAR.at(CALENDAR.day(self.now) + timedelta(days=days), clock.replace(tzinfo=None, fold=0))
        while (at_ := self.living.next_at) is not None and at_ <= target:
            self.living.advance()
        self.living.world.now = max(self.now, target)
        self.living.body.work()
        assert not read or balance(self.case.known.bills) == before, "time alone changed what is owed"

    @precondition(open_case)
    @rule(cents=CENTS, days=st.integers(10, 30), service=st.sampled_from((Service.ELECTRIC, Service.WATER)))
    def a_bill_comes(self, cents: int, days: int, service: Service) -> None:
        self.billed += cents
        due_on = CALENDAR.day(self.now) + timedelta(days=days)
        self.living.take_in(
            Billed(at=self.now, bill_no=f"B{self.number()}", service=service, due_on=due_on, amount=Money(cents))
        )

    @precondition(open_case)
    @rule(cents=CENTS, all_of_it=st.booleans())
    def money_comes(self, cents: int, *, all_of_it: bool) -> None:
        paid = max(1, self.billed - self.paid) if all_of_it else cents
        ref = f"p{self.number()}"
        self.paid += paid
        self.payments[ref] = paid
        self.living.take_in(Paid(at=self.now, ref=ref, amount=Money(paid)))

    @precondition(lambda self: self.payments and self.open_case())
    @rule(pick=st.randoms(use_true_random=False))
    def money_goes_back(self, pick: object) -> None:
        ref = pick.choice(sorted(self.payments))  # type: ignore[attr-defined]  # hypothesis gives a Random
        self.paid -= self.payments.pop(ref)
        self.living.take_in(Returned(at=self.now, ref=ref))

    @precondition(open_case)
    @rule(kind=FACTS, days=st.integers(0, 30), hours=st.integers(-48, 48), ends=st.booleans())
    def a_fact_comes(self, kind: FactKind, days: int, hours: int, *, ends: bool) -> None:
        starts = self.now + timedelta(hours=hours)
        details = {"product": "Heat Advisory"} if kind is FactKind.HEAT_PRODUCT else {}
        fact = Fact(
            fact_id=f"x{self.number()}",
            kind=kind,
            starts=starts,
            until=starts + timedelta(days=days, hours=1) if ends else None,
            known_at=self.now,
            details=details,
        )
        self.living.take_in(Learned(at=self.now, fact=fact))

    @precondition(lambda self: self.case.known.facts and self.open_case())
    @rule()
    def a_fact_goes(self) -> None:
        self.living.take_in(Withdrawn(at=self.now, fact_id=self.case.known.facts[-1].fact_id))

    @precondition(open_case)
    @rule(minutes=st.integers(1, 200))
    def billing_falls_silent(self, minutes: int) -> None:
        self.living.take_in(Unread(at=self.now, until=self.now + timedelta(minutes=minutes)))

    @precondition(open_case)
    @rule(status=st.sampled_from((AccountStatus.FINAL, AccountStatus.ACTIVE)))
    def the_account_turns(self, status: AccountStatus) -> None:
        self.living.take_in(Turned(at=self.now, status=status))

    @precondition(open_case)
    @rule(
        what=st.sampled_from([word for word in Tells if word.startswith("outside")]),
        service=st.sampled_from((Service.ELECTRIC, Service.WATER)),
        status=st.sampled_from((ServiceStatus.ON, ServiceStatus.OFF)),
        urgent=st.booleans(),
    )
    def others_act(self, what: Tells, service: Service, status: ServiceStatus, *, urgent: bool) -> None:
        switched = what is Tells.OUTSIDE_SERVICE
        told = Told(
            key=f"outside/{self.number()}",
            at=self.now,
            what=what,
            service=service if switched else None,
            status=status if switched else None,
            ref="r",
            amount=Money(100),
            urgent=urgent and switched,
        )
        self.living.take_in(Reported(at=self.now, told=told))

    # --- what is asked for ----------------------------------------------------------------------------------------

    def ask(self, command: c.Command, by: str, *, senior: bool = False) -> None:
        command = addressed(command, self.case)
        decision = c.Decision(key=f"d{self.number()}", at=self.now, by=by, command=command, senior=senior)
        first = self.living.body.decide(decision)
        if isinstance(first, Refusal):
            assert first.rules, "a refusal names its rule"
            assert first.detail, "a refusal says why"
        after = self.case
        if not isinstance(first, Refusal):
            assert self.living.body.decide(decision) == first
            assert self.case == after, "the same key twice changed the case"
        self.living.body.work()

    @precondition(open_case)
    @rule(days=st.integers(0, 40), by=st.sampled_from(DESK))
    def the_desk_waits_and_recommends_a_cut(self, days: int, by: str) -> None:
        self.time_passes(days, time(10))
        self.ask(c.RecommendDisconnection(), by)

    @precondition(open_case)
    @rule(by=st.sampled_from(DESK), grant=st.sampled_from((True, True, True, False)))
    def a_supervisor_answers(self, by: str, *, grant: bool) -> None:
        answer = c.Approve(approval_id=LATEST) if grant else c.Reject(approval_id=LATEST, because="no")
        self.ask(answer, by)

    @precondition(open_case)
    @rule(command=money_commands() | plain_commands(), by=st.sampled_from(DESK), senior=st.booleans())
    def the_desk_asks(self, command: c.Command, by: str, *, senior: bool) -> None:
        if isinstance(command, c.RecordJudgment):
            command = replace(command, entered_on=CALENDAR.day(self.now))
        self.ask(command, by, senior=senior)

    @precondition(open_case)
    @rule(cents=CENTS, days=st.integers(0, 16), what=st.sampled_from(("promise", "extension", "follow-up")))
    def the_desk_sets_a_date(self, cents: int, days: int, what: str) -> None:
        on = CALENDAR.day(self.now) + timedelta(days=days)
        match what:
            case "promise":
                self.ask(c.RecordPromise(amount=Money(cents), by=on), "ann")
            case "extension":
                self.ask(c.GrantExtension(until=on), "ann")
            case _:
                self.ask(c.SetFollowUp(on=on, about="call"), "ann")

    # --- what is always so ----------------------------------------------------------------------------------------

    @invariant()
    def nothing_wrong_was_done_and_events_alone_tell_the_case(self) -> None:
        events: list[Event] = self.living.body.events
        for event in events[self.checked :]:
            assert event.seq == self.checked + 1, "numbers are dense"
            assert not wrongs(self.told_so_far, event), (event, wrongs(self.told_so_far, event))
            self.told_so_far = take(self.told_so_far, event)
            self.checked += 1
        same = replace(self.told_so_far, known=replace(self.told_so_far.known, at=self.case.known.at))
        assert same == self.case

    @invariant()
    def the_case_knows_what_the_ledger_says(self) -> None:
        if self.case.closed is None and self.case.known.billing_read:
            owed = sum(bill.open.cents for bill in self.case.known.bills) - self.case.known.credit.cents
            assert owed == self.billed - self.paid

    @invariant()
    def a_case_that_is_open_has_a_next_step_or_a_named_wait(self) -> None:
        if self.case.closed is not None:
            assert agenda(self.case, POLICY, self.now) == ()
            return
        first = next_step(self.case, POLICY, self.now)
        assert first.says
        for item in agenda(self.case, POLICY, self.now):
            assert item.says
            if isinstance(item, Step):
                assert item.at > self.now, "what is due has been done"
                assert item.rule
            else:
                assert item.until is None or item.until > self.now, item

    @invariant()
    def stage_agreement_and_service_belong_together(self) -> None:
        case = self.case
        binds = case.arrangement is not None and case.arrangement.active
        assert binds == (case.stage in {Stage.ON_ARRANGEMENT, Stage.IN_BREACH}) or case.closed is not None
        assert case.closed is None or not any(order.open for order in case.orders)
        for state in case.services:
            pending = [o for o in case.orders if o.open and o.service is state.service]
            assert pending or state.status in {ServiceStatus.ON, ServiceStatus.OFF}
        assert view(case, POLICY, self.now).stage is case.stage


TestCaseMachine = CaseMachine.TestCase


@pytest.mark.prove
@pytest.mark.timeout(0)
class TestCaseMachineDeep(CaseMachine.TestCase):  # type: ignore[name-defined,misc]  # hypothesis makes it
    """The same, as often as the profile in force asks for."""
