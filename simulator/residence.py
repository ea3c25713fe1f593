"""How does a simulated household live with its case: bills, money, calls, and what a letter or a cut moves it to do?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from domain import commands as c
from domain import events as ev
from domain.account import Service, balance, past_due
from domain.calendar import DAY, spread
from domain.case import Case
from domain.crews import Visit
from domain.facts import Fact, FactKind
from domain.money import ZERO, Money
from domain.offers import offers
from domain.opening import opening_stage, services_off
from domain.policy import Policy
from domain.step import Wait
from simulator.body import Body
from simulator.desk import ASKED_OF_A_PERSON, Team
from simulator.household import Habit, Household
from simulator.life import LATEST, Billed, Decided, Input, Learned, Life, Paid, Returned
from simulator.run import Home
from simulator.world import World

TERM = timedelta(days=21)  # from bill to due date
BILLED_AT, SWEPT_AT, PAID_AT = time(3), time(5), time(10)
CERTIFIED_FOR, PLEDGE_RUNS, FUND_PAYS_AFTER = timedelta(days=60), timedelta(days=30), timedelta(days=14)
RETURNED, RETURNED_AFTER = 2, timedelta(days=3)  # in a hundred payments; the bank takes its time
CARES_WHEN_CUT = frozenset(Habit) - {Habit.SILENT}

Plan = Callable[[datetime], Input | None]
"""What comes of it at its instant: something that happens or is asked for; none if there is nothing to do any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What all who live in one city share. *heard* is told each event of each case."""

    policy: Policy
    since: datetime
    until: datetime
    lists: dict[date, tuple[Visit, ...]]
    desk: Team
    supervisor: Team
    heard: Callable[["Residence", ev.Event], None]


class _Planned(NamedTuple):
    at: datetime
    number: int
    plan: Plan


class Residence:
    """One household in its city, through all its cases. *home*: the open one."""

    def __init__(self, household: Household, place: Place) -> None:
        self.household = household
        self.place = place
        self.home: Home | None = None
        self.cases: list[Case] = []
        self.paid_cents = self.billed_cents = 0
        life = Life(account=household.account, opened_at=place.since, ends_at=place.until, inputs=())
        self.world = World(life, place.policy, place.lists)
        self._plans: list[_Planned] = []
        self._numbers = count()
        self._seen = 0
        self._asked: set[tuple[str, int]] = set()
        self._keeps = self._gave_up = False
        first = place.policy.calendar.day(place.since)
        on = first.replace(day=household.bill_day)
        self._plan_bill(on if on >= first else _month_after(on))

    @property
    def next_at(self) -> datetime | None:
        """Return the instant of whatever comes next; none if it lies beyond the time that is lived."""
        dues = [self._plans[0].at] if self._plans else []
        dues += [at for at in (self.world.crews_at,) if at]
        if self.home is not None and self.home.body.wake_at is not None:
            dues.append(self.home.body.wake_at)
        first = min(dues, default=self.place.until)
        return first if first < self.place.until else None

    def advance(self, at: datetime) -> None:
        """Let happen what comes next, at *at*."""
        self.world.now = max(self.world.now, at)
        if self._plans and self._plans[0].at == at:
            self._happen(heappop(self._plans).plan(at))
        elif self.home is None:
            self.world.crews.now = at
            list(self.world.crews.work())
        elif at == self.world.crews_at:
            self.home.crews_work()
        else:
            self.home.body.work()
        if self.home is not None:
            self._see(self.home)

    @property
    def owed(self) -> Money:
        """Return what is past due today."""
        return past_due(self.world.bills(), self._today)

    @property
    def _today(self) -> date:
        return self.place.policy.calendar.day(self.world.now)

    def _plan(self, at: datetime, plan: Plan) -> None:
        heappush(self._plans, _Planned(max(at, self.world.now + timedelta(seconds=1)), next(self._numbers), plan))

    def _on(self, day: date, clock: time) -> datetime:
        at = self.place.policy.calendar.at(day, clock)
        return spread(f"{self.household.account.account_no}/{day}/{clock}", start=at, end=at + timedelta(hours=1))

    def _in_days(self, low: int, high: int) -> datetime:
        return self._on(self._today + timedelta(days=self.household.chance.randrange(low, high)), PAID_AT)

    def _happen(self, what: Input | None) -> None:
        if what is None:
            return
        if isinstance(what, Paid):
            self.paid_cents += what.amount.cents
        if self.home is not None:
            self.home.take_in(what)
        elif not isinstance(what, Decided):
            self.world.happen(what)

    # --- bills and money -------------------------------------------------------------------------------------------

    def _plan_bill(self, on: date) -> None:
        for service in self.household.account.services:
            self._plan(self._on(on, BILLED_AT), self._bills(service, on))

    def _bills(self, service: Service, on: date) -> Plan:
        def bill(at: datetime) -> Input | None:
            amount, due_on = self.household.bill(service, on), on + TERM
            if self.world.account.services[-1] is service:
                self._plan_payment(on, due_on)
                self._plan_bill(_month_after(on))
            self.billed_cents += amount.cents
            return Billed(at=at, bill_no=f"B{on:%y%m%d}", service=service, due_on=due_on, amount=amount)

        return bill

    def _plan_payment(self, on: date, due_on: date) -> None:
        """Plan the money for the month's bill, and the sweep that looks on the day after its due date."""
        month, habit = self.household.month(), self.household.habit
        late = month.late and not self._keeps
        self._gave_up |= late and habit is Habit.SILENT
        if not late and not self._gave_up:
            self._plan(self._on(on + month.after_bill, PAID_AT), self._pays_all)
        elif habit in {Habit.ON_TIME, Habit.LATE}:
            self._plan(self._on(due_on + month.after_due, PAID_AT), self._pays_past_due)
        self._plan(self._on(due_on + DAY, SWEPT_AT), self._sweep)

    def _pays_all(self, at: datetime) -> Input | None:
        return self._pay(at, balance(self.world.bills()))

    def _pays_past_due(self, at: datetime) -> Input | None:
        return self._pay(at, self.owed)

    def _pays(self, amount: Money) -> Plan:
        return lambda at: self._pay(at, amount)

    def _pay(self, at: datetime, amount: Money) -> Input | None:
        if amount <= ZERO:
            return None
        ref = f"p{next(self._numbers)}"
        if self.household.odds(RETURNED):
            self._plan(at + RETURNED_AFTER, lambda later: self._bounced(later, ref, amount))
        return Paid(at=at, ref=ref, amount=amount)

    def _bounced(self, at: datetime, ref: str, amount: Money) -> Input:
        self.paid_cents -= amount.cents
        self._plan(self._in_days(3, 15), self._pays_past_due)
        self._plan(self._on(self._today + DAY, SWEPT_AT), self._sweep)
        return Returned(at=at, ref=ref)

    def _sweep(self, at: datetime) -> None:
        """Open a case, as the nightly sweep does, where something is past due and none is open."""
        if self.home is not None or self.owed <= ZERO:
            return
        before = self.cases[-1] if self.cases else None
        account, facts = self.world.account, self.world.snapshot().facts
        body = Body(
            case_id=f"{account.account_no}-{len(self.cases) + 1}",
            account_no=account.account_no,
            world=self.world,
            policy=self.place.policy,
            stage=opening_stage(account, facts, at),
            off=services_off(facts, at),
            before=before,
        )
        self._seen, self._asked = 0, set()
        self.home = Home(self.world, body, self.place.policy)
        body.work()

    # --- what a case does, and what it moves people to do -------------------------------------------------------------

    def _see(self, home: Home) -> None:
        events = home.body.events
        while self._seen < len(events):
            event = events[self._seen]
            self._seen += 1
            self.place.heard(self, event)
            self._answer(event.body)
        if home.body.case.closed is not None:
            self.cases.append(home.body.case)
            self.home = None
            self._keeps = False
            return
        coming = home.body.coming
        if isinstance(coming, Wait) and coming.task in ASKED_OF_A_PERSON:
            self._ask_the_desk(coming.task, home.body.case.seq)

    def _ask_the_desk(self, task: str, seq: int) -> None:
        """Put *task* on the desk's list, once for each state of the case."""
        if (task, seq) not in self._asked:
            self._asked.add((task, seq))
            at = self.place.desk.slot(self.world.now, task)
            self._plan(at, lambda at: Decided(at=at, by="rep", command=ASKED_OF_A_PERSON[task]))

    def _answer(self, body: ev.Body) -> None:
        habit = self.household.habit
        match body:
            case ev.ApprovalAsked():
                at = self.place.supervisor.slot(self.world.now, "approve")
                self._plan(at, lambda at: Decided(at=at, by="sup", command=c.Approve(approval_id=LATEST), senior=True))
            case ev.ReminderSent() if habit is Habit.REMINDED:
                self._plan(self._in_days(2, 10), self._pays_past_due)
            case ev.NoticeServed():
                self._on_notice(habit)
            case ev.ArrangementAgreed(arrangement=made):
                self._keeps = habit is Habit.ARRANGES
                for part in made.schedule if self._keeps else made.schedule[:1]:
                    self._plan(self._on(part.due_on, PAID_AT), self._pays(part.amount))
                for bill in self.world.bills() if self._keeps else ():
                    if bill.ref not in made.refs:
                        self._plan(self._on(bill.due_on, PAID_AT), self._pays(bill.open))
            case ev.ServiceDisconnected() if habit in CARES_WHEN_CUT:
                soon = timedelta(minutes=self.household.chance.randrange(30, 3 * 24 * 60))
                self._plan(self.world.now + soon, self._pays_past_due)
            case _:
                pass

    def _on_notice(self, habit: Habit) -> None:
        if self.household.certified:
            self._plan(self._in_days(2, 9), self._certified)
        match habit:
            case Habit.NOTICED | Habit.ON_TIME | Habit.LATE | Habit.REMINDED:
                self._plan(self._in_days(3, 11), self._pays_past_due)
            case Habit.ARRANGES | Habit.BREAKS:
                self._plan(self.place.desk.slot(self._in_days(2, 9), "call"), self._asks_for_terms)
            case Habit.HELPED:
                self._plan(self.place.desk.slot(self._in_days(2, 9), "call"), self._pledged)
            case _:
                pass

    def _asks_for_terms(self, at: datetime) -> Input | None:
        """Call the desk and take what it would offer first."""
        if self.home is None:
            return None
        plans = offers(self.home.body.case, self.place.policy, at).plans
        return Decided(at=at, by="rep", command=replace(plans[0].command, signed=True)) if plans else None

    def _pledged(self, at: datetime) -> Input | None:
        amount = self.owed
        if amount <= ZERO:
            return None
        self._plan(at + FUND_PAYS_AFTER, self._pays(amount))
        fact_id = f"x{next(self._numbers)}"
        return Learned(at=at, fact=_fact(fact_id, FactKind.PLEDGE, at, PLEDGE_RUNS, amount))

    def _certified(self, at: datetime) -> Input:
        fact_id = f"x{next(self._numbers)}"
        return Learned(at=at, fact=_fact(fact_id, FactKind.MEDICAL_CERTIFICATE, at, CERTIFIED_FOR))


def _month_after(on: date) -> date:
    return (on.replace(day=1) + timedelta(days=31)).replace(day=on.day)


def _fact(fact_id: str, kind: FactKind, at: datetime, lasts: timedelta, amount: Money = ZERO) -> Fact:
    return Fact(fact_id=fact_id, kind=kind, starts=at, until=at + lasts, known_at=at, amount=amount)
