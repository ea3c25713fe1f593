"""What does every part that derives obligations look at, and how does it state one?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain import parameters as p
from domain.facts import Fact
from domain.obligations.owing import Duty, Obligation, Owing
from domain.policy import Parameter, Policy, PolicyGap, T
from domain.verdict import Arithmetic


@dataclass(frozen=True, slots=True)
class Asked:
    policy: Policy
    now: datetime
    known: Owing

    @property
    def on(self) -> date:
        return self.policy.calendar.day(self.now)

    def value(self, parameter: Parameter[T], on: date | None = None) -> T:
        return self.policy.at(parameter, on or self.on)

    def cite(self, parameter: Parameter[T]) -> str:
        return self.policy.source(parameter, self.on).citation

    def day(self, instant: datetime) -> date:
        return self.policy.calendar.day(instant)

    def open_days(self, label: str, start: date, parameter: Parameter[int]) -> Arithmetic:
        days = self.value(parameter)
        result = self.policy.calendar.add_open_days(start, days)
        return Arithmetic(label=label, start=start, days=days, result=result, calendar="open")

    def days(self, label: str, start: date, parameter: Parameter[int]) -> Arithmetic:
        """Return *start* plus the parameter's calendar days; a day on which the offices are closed is not put off."""
        days = self.value(parameter)
        return Arithmetic(label=label, start=start, days=days, result=start + timedelta(days=days))

    def owe(  # what an obligation states, by name
        self,
        duty: Duty,
        about: str,
        *,
        owner: str,
        owed_to: str,
        due: Arithmetic,
        says: str,
        under: Parameter[T],
        facts: tuple[str, ...] = (),
        met_on: date | None = None,
        met_by: str = "",
    ) -> Obligation:
        whose = self.known.account_no or "city"
        return Obligation(
            key=f"{duty}.{whose}.{about}",
            duty=duty,
            owner=owner,
            owed_to=owed_to,
            arose_on=due.start,
            warn_on=max(due.start, self._warn_on(due.result)),
            due_on=due.result,
            says=says,
            rule=under.key,
            citation=self.cite(under),
            account_no=self.known.account_no,
            case_id=self.known.case_id,
            facts=facts,
            arithmetic=(due,),
            met_on=met_on,
            met_by=met_by,
        )

    def _warn_on(self, due_on: date) -> date:
        """Return the pack's open days before *due_on*."""
        day, left = due_on, self.value(p.OBLIGATION_WARN_DAYS)
        while left:
            day -= timedelta(days=1)
            left -= self.policy.calendar.is_open(day)
        return day


def stated(part: Callable[["Asked"], Iterator[Obligation]], asked: Asked) -> tuple[Obligation, ...]:
    """Return what *part* finds; nothing where the pack says nothing of the kind."""
    try:
        return tuple(part(asked))
    except PolicyGap:
        return ()


def spanning(label: str, start: date, result: date) -> Arithmetic:
    """Return the calendar days from *start* to a day that is given, not counted."""
    return Arithmetic(label=label, start=start, days=(result - start).days, result=result)


def written(fact: Fact, key: str) -> date | None:
    try:
        return date.fromisoformat(fact.details.get(key, ""))
    except ValueError:
        return None
