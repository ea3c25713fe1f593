"""Which crew goes where on a day: within its hours, near where it is, and with time kept for reconnections?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from domain import parameters as p
from domain.calendar import DAY
from domain.policy import Policy
from domain.rules.slots import cutting_hours, next_slot
from domain.verdict import Finding, Outcome

HOUR = 60
NO_ROOM = "F01"
"""What a verdict says where nothing forbids a cut but no crew has time for it that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crews:
    """What the crews of a day can do. *last_cut*: by then the last disconnection is done, so that it can be undone.

    *reserve*: minutes of each crew's shift that no disconnection may take. Clock times are minutes of the local day.
    """

    count: int
    opens: int
    closes: int
    last_cut: int
    reserve: int
    stop: int
    travel: int
    area: int

    @classmethod
    def on(cls, policy: Policy, day: date) -> "Crews":
        """Return the crews that *policy* has on *day*."""
        shift, window = policy.at(p.FIELD_SHIFT, day), cutting_hours(policy, day)
        return cls(
            count=policy.at(p.FIELD_CREWS, day),
            opens=minute_of(shift.opens),
            closes=minute_of(shift.closes),
            last_cut=min(minute_of(window.closes), minute_of(shift.closes)),
            reserve=policy.at(p.FIELD_RESERVE, day),
            stop=policy.at(p.FIELD_STOP, day),
            travel=policy.at(p.FIELD_TRAVEL, day),
            area=policy.at(p.FIELD_AREA, day),
        )

    @property
    def shift(self) -> int:
        """Return the minutes of one crew's day."""
        return self.closes - self.opens


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """An order that needs a crew: where, whether it cuts, and from which minute of the day on."""

    order_id: str
    area: str
    cuts: bool
    from_minute: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A stop on a crew's list: at the door from *starts*, having driven and staying *minutes* in all.

    *overtime*: a reconnection that no crew can do within its shift; it is done all the same.
    """

    order_id: str
    crew: int
    area: str
    cuts: bool
    starts: int
    minutes: int
    overtime: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """The lists of a day. *left*: the disconnections for which no crew has time."""

    crews: Crews
    visits: tuple[Visit, ...] = ()
    left: tuple[Stop, ...] = ()

    def visit(self, order_id: str) -> Visit | None:
        """Return the place of *order_id* on the day's lists; none if it has none."""
        return next((visit for visit in self.visits if visit.order_id == order_id), None)

    def minutes_cutting(self, crew: int) -> int:
        """Return how long *crew* is busy with disconnections."""
        return sum(visit.minutes for visit in self.visits if visit.crew == crew and visit.cuts)

    def minutes_busy(self, crew: int) -> int:
        """Return how long *crew* is busy within its shift."""
        return sum(visit.minutes for visit in self.visits if visit.crew == crew and not visit.overtime)


@dataclass(slots=True)
class _Crew:
    number: int
    free_at: int
    area: str = ""
    cutting: int = 0
    out: bool = field(default=False)


def plan_day(crews: Crews, stops: Iterable[Stop], visits: Iterable[Visit] = ()) -> DayPlan:
    """Return the lists of a day: *visits* stand as they are, *stops* are added where a crew has time for them.

    Reconnections go first, then disconnections area by area; a stop goes to the crew that drives least, of those the
    one that is there soonest. The order in which stops are given changes nothing.
    """
    standing = tuple(visits)
    at_work = [_crew(crews, number, standing) for number in range(1, crews.count + 1)]
    placed, left = list(standing), []
    known = {visit.order_id for visit in standing}
    for stop in sorted(stops, key=lambda s: (s.cuts, s.area, s.from_minute, s.order_id)):
        if stop.order_id in known:
            continue
        known.add(stop.order_id)
        visit = _place(crews, at_work, stop)
        if visit is None:
            left.append(stop)
        else:
            placed.append(visit)
    return DayPlan(crews=crews, visits=tuple(placed), left=tuple(left))


def _crew(crews: Crews, number: int, visits: tuple[Visit, ...]) -> _Crew:
    crew = _Crew(number, crews.opens)
    for visit in sorted((v for v in visits if v.crew == number), key=lambda v: v.starts):
        _add(crews, crew, visit)
    return crew


def _add(crews: Crews, crew: _Crew, visit: Visit) -> None:
    crew.free_at, crew.area, crew.out = visit.starts + crews.stop, visit.area, True
    crew.cutting += visit.minutes if visit.cuts else 0


def _place(crews: Crews, at_work: list[_Crew], stop: Stop) -> Visit | None:
    offers: list[tuple[int, int, int, Visit, _Crew]] = []
    for crew in at_work:
        travel = crews.travel if crew.out and crew.area == stop.area else crews.area
        starts, minutes = max(crew.free_at, stop.from_minute) + travel, travel + crews.stop
        late = starts + crews.stop > crews.closes
        visit = Visit(
            order_id=stop.order_id,
            crew=crew.number,
            area=stop.area,
            cuts=stop.cuts,
            starts=starts,
            minutes=minutes,
            overtime=late,
        )
        too_late = late or starts + crews.stop > crews.last_cut
        into_reserve = crew.cutting + minutes > crews.shift - crews.reserve
        if stop.cuts and (too_late or into_reserve):
            continue
        offers.append((int(late), travel, starts, visit, crew))
    if not offers:
        return None
    _, _, _, visit, crew = min(offers, key=lambda offer: (*offer[:3], offer[4].number))
    _add(crews, crew, visit)
    return visit


def minute_of(clock: time) -> int:
    """Return *clock* as a minute of the local day."""
    return clock.hour * HOUR + clock.minute


def instant_of_visit(policy: Policy, day: date, visit: Visit) -> datetime:
    """Return the instant at which the crew is at the door."""
    midnight = policy.calendar.at(day, time(0))
    # Clock time, not elapsed time: on the night of a changed clock the two differ, and no crew is out then.
    return (
        midnight + timedelta(minutes=visit.starts)
        if visit.starts >= 24 * HOUR
        else policy.calendar.at(day, time(visit.starts // HOUR, visit.starts % HOUR))
    )


def no_room(policy: Policy, now: datetime) -> Outcome:
    """Return the block of a cut that nothing forbids but for which no crew has time today, and until when."""
    basis, on = policy.source(p.FIELD_CREWS, policy.calendar.day(now)), policy.calendar.day(now)
    until = next_slot(policy, policy.calendar.at(on + DAY, time(0)))
    return Outcome(
        rule=NO_ROOM,
        finding=Finding.BLOCKS,
        says=f"No crew has time left for it on {on}, besides what is kept for reconnections.",
        citation=basis.citation,
        standing=basis.standing,
        way_out=f"It is asked for again on {policy.calendar.day(until)}.",
        until=until,
    )


def crowded(plan: DayPlan) -> tuple[str, ...]:
    """Return what is wrong with the lists of a day, in words; nothing if crews, hours and reserve are kept."""
    found: list[str] = []
    crews = plan.crews
    for number in sorted({visit.crew for visit in plan.visits}):
        if not 1 <= number <= crews.count:
            found.append(f"crew {number} is none of the {crews.count}")
        if plan.minutes_busy(number) > crews.shift:
            found.append(f"crew {number} is busy {plan.minutes_busy(number)} minutes of {crews.shift}")
        if plan.minutes_cutting(number) > max(0, crews.shift - crews.reserve):
            found.append(f"crew {number} cuts {plan.minutes_cutting(number)} minutes, into its reserve")
    for visit in plan.visits:
        if visit.cuts and visit.starts + crews.stop > crews.last_cut:
            found.append(f"{visit.order_id} is cut after the last hour")
        if visit.cuts and visit.overtime:
            found.append(f"{visit.order_id} is cut in overtime")
    return tuple(found)
