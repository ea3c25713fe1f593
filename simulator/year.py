"""What comes of a year of a whole city under a policy pack: letters, agreements, cuts, money, work at the desk?"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heapify, heappop, heapreplace

from domain import events as ev
from domain.account import Service, past_due
from domain.calendar import DAY
from domain.case import Case
from domain.crews import Crews, DayPlan, Visit, crowded
from domain.policy import Policy
from domain.states import ClosedReason
from domain.wrongful import found_wrong
from simulator.desk import Team
from simulator.household import household
from simulator.residence import Place, Residence
from simulator.run import let_go
from simulator.sweep import Sweep

HOUR = timedelta(hours=1)
COUNTED: dict[type[ev.Body], str] = {
    ev.CaseOpened: "opened",
    ev.ReminderSent: "reminders",
    ev.NoticeServed: "notices",
    ev.ArrangementAgreed: "agreed",
    ev.ArrangementCompleted: "kept",
    ev.ArrangementDefaulted: "broken",
    ev.ServiceDisconnected: "cut",
    ev.ServiceRestored: "restored",
    ev.PlacedWithAgency: "placed",
    ev.WrittenOff: "written_off",
}
"""What is counted of the events of all cases."""


@dataclass(slots=True, kw_only=True)
class Month:
    """One month of the city. Sums are cents. *past_due* and *off* as it ended; *off_hours*: of all homes together."""

    first: date
    counts: Counter[str] = field(default_factory=Counter)
    billed_cents: int = 0
    paid_cents: int = 0
    past_due_cents: int = 0
    past_due_accounts: int = 0
    off: int = 0
    off_hours: int = 0
    desk_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A lived year. *wrong*: cuts that a fact forbade; *crowded*: days on which a crew was out beyond its hours."""

    title: str
    policy: str
    accounts: int
    months: tuple[Month, ...]
    cases: int
    events: int
    wrong: int
    crowded: int
    fullest_day: int
    waits_for_a_person: Counter[str]

    def total(self, what: str) -> int:
        """Return how often *what* happened in all months."""
        return sum(month.counts[what] for month in self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which city, for how long, with how many at its desk."""

    accounts: int
    first: date
    days: int
    seed: int = 1
    representatives: int = 4


def live_year(scope: Scope, policy: Policy, on_day: Callable[[date], None] = lambda _: None) -> Year:
    """Live *scope* under *policy*, everybody on one clock; *on_day* is told of each day that begins."""
    city = _City(scope, policy)
    turns = city.turns()
    while turns:
        at, n = turns[0]
        while at >= city.over:
            on_day(city.today)
            city.end_day()
        if city.sweep.at <= at:
            if city.let_go():
                turns = city.turns()
            continue
        residence = city.residences[n]
        residence.advance(at)
        following = residence.next_at
        if following is None:
            heappop(turns)
        else:
            heapreplace(turns, (following, n))
    while city.over <= city.place.until:
        city.end_day()
    return city.told()


class _City:
    def __init__(self, scope: Scope, policy: Policy) -> None:
        at = policy.calendar.at
        self.scope = scope
        self.policy = policy
        self.today = scope.first
        self.over = at(scope.first + DAY, time(0))
        self.events = 0
        self.lists: dict[date, tuple[Visit, ...]] = {}
        self.sweep = Sweep(policy, after=at(scope.first, time(0)))
        self.place = Place(
            policy=policy,
            since=at(scope.first, time(0)),
            until=at(scope.first + timedelta(days=scope.days), time(0)),
            lists=self.lists,
            desk=Team(policy, scope.representatives),
            supervisor=Team(policy, 1),
            heard=self.heard,
        )
        self.months = [Month(first=scope.first.replace(day=1))]
        self.off_since: dict[tuple[str, Service], datetime] = {}
        self._billed = self._paid = 0
        numbers = range(1, scope.accounts + 1)
        self.residences = [Residence(household(n, seed=scope.seed, policy=policy), self.place) for n in numbers]

    def heard(self, residence: Residence, event: ev.Event) -> None:
        """Count *event*."""
        self.events += 1
        month = self.months[-1]
        what = COUNTED.get(type(event.body))
        if what:
            month.counts[what] += 1
        match event.body:
            case ev.CaseClosed(reason=reason):
                month.counts["closed_paid" if reason is ClosedReason.PAID else "closed_otherwise"] += 1
            case ev.ServiceDisconnected(service=service):
                self.off_since[residence.household.account.account_no, service] = event.at
            case ev.ServiceRestored(service=service):
                since = self.off_since.pop((residence.household.account.account_no, service), event.at)
                month.off_hours += (event.at - since) // HOUR
            case _:
                pass

    def turns(self) -> list[tuple[datetime, int]]:
        """Return when something comes next at each residence, as a heap."""
        turns = [(at, n) for n, each in enumerate(self.residences) if (at := each.next_at) is not None]
        heapify(turns)
        return turns

    def let_go(self) -> bool:
        """Do the night's sweep of those whom a season held; say whether anyone got a turn."""
        return let_go(self.sweep, [each.home for each in self.residences if each.home is not None])

    def end_day(self) -> None:
        """Let a day end, and with the last of a month the month."""
        tomorrow = self.today + DAY
        if tomorrow.month != self.today.month or self.over == self.place.until:
            self._end_month(self.months[-1])
            self.months.append(Month(first=tomorrow))
        self.today, self.over = tomorrow, self.policy.calendar.at(tomorrow + DAY, time(0))

    def _end_month(self, month: Month) -> None:
        billed = sum(residence.billed_cents for residence in self.residences)
        paid = sum(residence.paid_cents for residence in self.residences)
        month.billed_cents, month.paid_cents = billed - self._billed, paid - self._paid
        self._billed, self._paid = billed, paid
        for case in self._open():
            month.past_due_cents += past_due(case.known.bills, self.today).cents
            month.past_due_accounts += 1
        month.off = len(self.off_since)
        worked = self.place.desk.minutes
        month.desk_minutes = sum(
            took for day, took in worked.items() if day.replace(day=1) == month.first.replace(day=1)
        )

    def _open(self) -> list[Case]:
        return [residence.home.body.case for residence in self.residences if residence.home is not None]

    def told(self) -> Year:
        """Return what came of it."""
        over = [case for residence in self.residences for case in residence.cases]
        cases = over + self._open()
        waits = Counter(
            task
            for residence in self.residences
            if residence.home is not None and (task := getattr(residence.home.body.coming, "task", ""))
        )
        plans = [DayPlan(crews=Crews.on(self.policy, on), visits=visits) for on, visits in self.lists.items()]
        return Year(
            title=f"{self.policy.title} {self.policy.version}",
            policy=self.policy.digest,
            accounts=self.scope.accounts,
            months=tuple(self.months[:-1]),
            cases=len(cases),
            events=self.events,
            wrong=sum(found_wrong(case, self.policy) is not None for case in cases),
            crowded=sum(bool(crowded(each)) for each in plans),
            fullest_day=max((sum(visit.cuts for visit in each.visits) for each in plans), default=0),
            waits_for_a_person=waits,
        )
