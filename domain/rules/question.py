"""What is a rule asked, and how does it answer?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from domain import parameters as par
from domain.account import CustomerClass, OpenBill, Service, past_due_bills
from domain.calendar import DAY
from domain.case import Case
from domain.facts import Fact, FactKind, on_file, standing
from domain.money import ZERO, Money, total
from domain.policy import Parameter, Policy, Source
from domain.rules.slots import next_slot
from domain.verdict import Action, Arithmetic, Finding, Outcome

T = TypeVar("T")

EXECUTIONS = (Action.DISPATCH_DISCONNECTION, Action.ACKNOWLEDGE_DISCONNECTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May *action* be done to *case* at *now*? *on* is the city's date of *now*; *service* is the one to be cut."""

    action: Action
    case: Case
    policy: Policy
    now: datetime
    on: date
    service: Service | None = None

    def value(self, parameter: Parameter[T], on: date | None = None) -> T:
        """Return what the pack says on *on* (today if none); a gap is raised and the gate turns it into a block."""
        return self.policy.at(parameter, on or self.on)

    def source(self, parameter: Parameter[T], on: date | None = None) -> Source:
        """Return where the pack's value of *on* (today if none) is written."""
        return self.policy.source(parameter, on or self.on)

    def facts(self, kind: FactKind) -> tuple[Fact, ...]:
        """Return the facts of *kind* that are in effect now."""
        return standing(self.case.known.facts, kind, self.now)

    def filed(self, kind: FactKind) -> tuple[Fact, ...]:
        """Return the facts of *kind* that were not withdrawn, begun or not, ended or not."""
        return on_file(self.case.known.facts, kind)

    def begun(self, kind: FactKind) -> tuple[Fact, ...]:
        """Return the facts of *kind* that have begun, ended or not."""
        return tuple(fact for fact in self.filed(kind) if fact.starts <= self.now)

    def day(self, fact: Fact) -> date:
        """Return the city's date on which *fact* takes effect."""
        return self.policy.calendar.day(fact.starts)

    def noted(self, fact: Fact, key: str) -> date:
        """Return the date under *key* in the details of *fact*; the day it takes effect if no date stands there."""
        try:
            return date.fromisoformat(fact.details.get(key, ""))
        except ValueError:
            return self.day(fact)

    def opens(self, day: date) -> datetime:
        """Return when the action may be done from *day* on: a lawful slot for a cut, else when the offices open."""
        calendar = self.policy.calendar
        if self.action in EXECUTIONS:
            return next_slot(self.policy, max(self.now, calendar.at(day, _MIDNIGHT)))
        open_day = calendar.open_day(day)
        return calendar.at(open_day, self.value(par.OFFICE_HOURS).opens)

    def opens_after(self, day: date) -> datetime:
        """Return when the action may be done once *day* is over."""
        return self.opens(day + DAY)

    def day_after(self, day: date) -> datetime:
        """Return the city's midnight at which *day* is over."""
        return self.policy.calendar.at(day + DAY, _MIDNIGHT)

    @property
    def residential(self) -> bool:
        return self.case.known.account.customer_class is CustomerClass.RESIDENTIAL

    @property
    def late(self) -> tuple[OpenBill, ...]:
        """Return the bills past due today that no remedy holds, oldest first."""
        held = self.case.held
        return tuple(bill for bill in past_due_bills(self.case.known.bills, self.on) if bill.ref not in held)

    @property
    def named(self) -> tuple[OpenBill, ...]:
        """Return the past-due bills that the notice on file names, oldest first; all of them without a notice."""
        notice = self.case.notice
        return self.late if notice is None else notice.named(self.late)

    @property
    def received(self) -> Money:
        """Return the money that is in, but not yet set against bills."""
        return self.case.known.unposted + self.case.known.credit

    @property
    def owed(self) -> Money:
        """Return what is left of the sum that the notice names, less money received; never below zero."""
        notice = self.case.notice
        left = total(bill.open for bill in self.late) if notice is None else notice.left(self.late)
        return max(ZERO, left - self.received)


_MIDNIGHT = datetime.min.time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as the gate holds it: its id, the actions it is asked about, the function that answers."""

    rule_id: str
    actions: tuple[Action, ...]
    find: Callable[[Question], Outcome]


def blocks(
    rule: str,
    says: str,
    basis: Source,
    *,
    way_out: str,
    facts: Iterable[str] = (),
    arithmetic: tuple[Arithmetic, ...] = (),
    until: datetime | None = None,
) -> Outcome:
    """Return that *rule* forbids, on *basis*, and what would end the block."""
    return Outcome(
        rule=rule,
        finding=Finding.BLOCKS,
        says=says,
        citation=basis.citation,
        standing=basis.standing,
        way_out=way_out,
        facts=tuple(facts),
        arithmetic=arithmetic,
        until=until,
    )


def passes(
    rule: str, says: str, basis: Source, *, facts: Iterable[str] = (), arithmetic: tuple[Arithmetic, ...] = ()
) -> Outcome:
    """Return that *rule* was looked at and allows."""
    return Outcome(
        rule=rule,
        finding=Finding.PASSES,
        says=says,
        citation=basis.citation,
        standing=basis.standing,
        facts=tuple(facts),
        arithmetic=arithmetic,
    )


def silent(rule: str, says: str, basis: Source) -> Outcome:
    """Return that *rule* does not concern this account today."""
    return Outcome(rule=rule, finding=Finding.SILENT, says=says, citation=basis.citation, standing=basis.standing)


def ids(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the ids of *facts*."""
    return tuple(fact.fact_id for fact in facts)


def last_end(facts: Iterable[Fact]) -> datetime | None:
    """Return when the last of *facts* ends; none if one of them has no end."""
    ends = [fact.until for fact in facts]
    return None if not ends or None in ends else max(end for end in ends if end is not None)


def days_after(label: str, start: date, days: int) -> Arithmetic:
    """Return the sum *start* plus *days* calendar days."""
    return Arithmetic(label=label, start=start, days=days, result=start + timedelta(days=days))
