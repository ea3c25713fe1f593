"""How pressing is a case among others, in points, and where does each point come from?

An order of work for the desk, not a rule of any city: nothing is decided by it. Urgency stands above all: whatever a
person is asked for comes before whatever goes on by itself, however much is owed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from domain.facts import FactKind
from domain.money import Money
from domain.states import ServiceStatus

CALENDAR: Final = 0
"""The priority of a case that goes on by itself; `models.record` knows the others."""

PRIORITY_POINTS: Final = 100  # above all that the other parts can sum to, so that points order as priority does first
MONEY_MAX, MONEY_STEP = 40, Money(2_500)  # a point for each $25 past due, up to $1,000
AGE_MAX, AGE_STEP_DAYS = 30, 4  # a point for each four days of the oldest debt, up to four months
WITHOUT_SERVICE = 15  # someone is without service, or about to be
CARE = 10  # someone there may be harmed by a cut
FOLLOW_UP = 4  # the desk said that it would come back

CARE_KINDS: Final = frozenset(
    {FactKind.MEDICAL_CERTIFICATE, FactKind.LIFE_SUPPORT, FactKind.MEDICAL_EQUIPMENT, FactKind.CRITICAL_FACILITY}
)


@dataclass(frozen=True, slots=True)
class Part:
    """Points of a case that have one cause: *name* is stable."""

    name: str
    points: int


class Weighed(Protocol):
    """What points come from; as in `domain.view.CaseView`."""

    @property
    def as_of(self) -> datetime: ...
    @property
    def oldest_due_on(self) -> date | None: ...
    @property
    def past_due(self) -> Money: ...
    @property
    def status(self) -> ServiceStatus: ...
    @property
    def holds(self) -> tuple[str, ...]: ...
    @property
    def follow_up_on(self) -> date | None: ...


def parts(case: Weighed, priority: int = CALENDAR) -> tuple[Part, ...]:
    """Return what the points of *case* come from, as it was last looked at; parts of no points are left out."""
    age_days = (case.as_of.date() - case.oldest_due_on).days if case.oldest_due_on else 0
    found = (
        Part("priority", priority * PRIORITY_POINTS),
        Part("money", min(MONEY_MAX, max(0, case.past_due.cents) // MONEY_STEP.cents)),
        Part("age", min(AGE_MAX, max(0, age_days) // AGE_STEP_DAYS)),
        Part("service", 0 if case.status is ServiceStatus.ON else WITHOUT_SERVICE),
        Part("care", CARE if CARE_KINDS & set(case.holds) else 0),
        Part("follow_up", FOLLOW_UP if case.follow_up_on else 0),
    )
    return tuple(part for part in found if part.points)


def points(case: Weighed) -> int:
    """Return the points of *case* beside its priority, which only the record knows."""
    return sum(part.points for part in parts(case))
