"""What does every track of the agenda look at, and how does it say when and why not?"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain import parameters as p
from domain.calendar import DAY, Window, spread
from domain.case import Case
from domain.money import ZERO
from domain.policy import Parameter, Policy, T
from domain.position import Position
from domain.states import Stage
from domain.step import Wait, Who
from domain.verdict import Arithmetic, Verdict

PATH_STAGES = frozenset({Stage.PAST_DUE, Stage.REMINDED, Stage.NOTICED, Stage.DISCONNECTION_PENDING})
INACTIVE_STAGES = frozenset({Stage.FINAL_BILLED, Stage.WITH_AGENCY, Stage.IN_COURT, Stage.JUDGMENT, Stage.WRITTEN_OFF})


@dataclass(frozen=True, slots=True)
class Look:
    """What every track looks at."""

    case: Case
    policy: Policy
    now: datetime
    here: Position

    @property
    def on(self) -> date:
        return self.here.on

    def days(self, parameter: Parameter[int]) -> int:
        return self.policy.at(parameter, self.on)

    def cite(self, parameter: Parameter[T]) -> str:
        return self.policy.source(parameter, self.on).citation

    def slot(self, day: date, window: Window, *, about: str) -> datetime:
        """Return when on *day* this case's work about *about* falls, spread over the window.

        What is late is done at once within the window, else in the next one: a slot once reached never moves on.
        """
        calendar = self.policy.calendar
        at = self._within(calendar.open_day(day), window, about)
        if at >= self.now:
            return at
        if calendar.is_open(self.on) and window.opens <= calendar.clock(self.now) < window.closes:
            return self.now
        later = calendar.clock(self.now) >= window.closes
        return self._within(calendar.open_day(self.on + DAY if later else self.on), window, about)

    def _within(self, day: date, window: Window, about: str) -> datetime:
        calendar = self.policy.calendar
        return spread(
            f"{self.case.spread_by or self.case.case_id}/{about}",
            start=calendar.at(day, window.opens),
            end=calendar.at(day, window.closes),
        )

    def office_slot(self, day: date, *, about: str) -> datetime:
        return self.slot(day, self.policy.at(p.OFFICE_HOURS, self.on), about=about)


def adding(label: str, start: date, days: int) -> Arithmetic:
    return Arithmetic(label=label, start=start, days=days, result=start + timedelta(days=days))


def blocked(verdict: Verdict, *, who: Who, until: datetime | None = None, task: str = "") -> Wait:
    first = verdict.blocking[0]
    return Wait(
        says=f"{first.rule}: {first.says}", who=who, until=until or verdict.until, blocking=verdict.blocking, task=task
    )


def next_change(look: Look) -> datetime | None:
    """Return when what is known changes by the calendar alone: a bill falls due, a fact begins or ends."""
    known, midnight = look.case.known, time(0)
    dues = [bill.due_on + DAY for bill in known.bills if bill.due_on >= look.on and bill.open > ZERO]
    instants = [look.policy.calendar.at(day, midnight) for day in dues]
    instants += [instant for fact in known.facts for instant in (fact.starts, fact.until) if instant]
    return min((instant for instant in instants if instant > look.now), default=None)


def earliest(*instants: datetime | None) -> datetime | None:
    return min((instant for instant in instants if instant), default=None)
