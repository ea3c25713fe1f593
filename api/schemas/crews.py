"""How are candidates for disconnection and the crews' lists of a day shown?"""

from datetime import date
from typing import Self

from api.schemas.base import Shown
from api.schemas.desk import VerdictShown
from casework.crews import Candidate, Lists
from domain.crews import DayPlan, Visit


class CandidateShown(Shown):
    """A case under notice: what would be cut for how much, and what every rule says of that."""

    case_id: str
    account_no: str
    service: str | None
    owed_cents: int
    served_on: date | None
    verdict: VerdictShown

    @classmethod
    def of(cls, found: Candidate) -> Self:
        return cls(
            case_id=found.case_id,
            account_no=found.account_no,
            service=found.service,
            owed_cents=found.owed.cents,
            served_on=found.served_on,
            verdict=VerdictShown.of(found.verdict),
        )


class Candidates(Shown):
    candidates: list[CandidateShown]
    cursor: str | None


class VisitShown(Shown):
    """A door on a crew's list: *starts* is local clock time, *minutes* the drive and the stay."""

    order_id: str
    crew: int
    area: str
    cuts: bool
    starts: str
    minutes: int
    overtime: bool

    @classmethod
    def of(cls, visit: Visit) -> Self:
        return cls(
            order_id=visit.order_id,
            crew=visit.crew,
            area=visit.area,
            cuts=visit.cuts,
            starts=f"{visit.starts // 60:02}:{visit.starts % 60:02}",
            minutes=visit.minutes,
            overtime=visit.overtime,
        )


class CrewLoad(Shown):
    """How busy one crew is: its shift, what of it may be spent on disconnections, and what is."""

    crew: int
    shift_minutes: int
    cutting_limit_minutes: int
    cutting_minutes: int
    busy_minutes: int


class DayLists(Shown):
    """The lists of a day. *waiting*: approved and not yet sent, as they would fit; *left*: no crew has time."""

    on: date
    crews: list[CrewLoad]
    visits: list[VisitShown]
    waiting: list[VisitShown]
    left: list[str]

    @classmethod
    def of(cls, lists: Lists) -> Self:
        known = {visit.order_id for visit in lists.plan.visits}
        return cls(
            on=lists.on,
            crews=_loads(lists.plan),
            visits=[VisitShown.of(visit) for visit in lists.plan.visits],
            waiting=[VisitShown.of(visit) for visit in lists.would.visits if visit.order_id not in known],
            left=[stop.order_id for stop in lists.would.left],
        )


def _loads(plan: DayPlan) -> list[CrewLoad]:
    return [
        CrewLoad(
            crew=number,
            shift_minutes=plan.crews.shift,
            cutting_limit_minutes=max(0, plan.crews.shift - plan.crews.reserve),
            cutting_minutes=plan.minutes_cutting(number),
            busy_minutes=plan.minutes_busy(number),
        )
        for number in range(1, plan.crews.count + 1)
    ]
