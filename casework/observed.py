"""What would have been done on some days, beside what the city did itself?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from casework.context import Desk
from casework.errors import unfit
from casework.permissions import Permission
from domain.calendar import CityCalendar
from domain.facts import FactKind
from domain.hear import Tells
from domain.money import Money
from domain.states import ServiceStatus
from models.observed import observed_between, outside_between, outside_facts
from models.tables import ObservedRow

NEAR = timedelta(days=30)  # the same act within a month is the same act, done on another day
BOTH, OURS, CITY = "both", "only here", "only the city"
_ACTS = {
    Tells.OUTSIDE_PLACEMENT: "place",
    Tells.OUTSIDE_RECALL: "recall",
    Tells.OUTSIDE_CLAIM: "file claim",
    Tells.OUTSIDE_JUDGMENT: "judgment",
}
CUT, RESTORE = "order: disconnect", "order: reconnect"
OF_THE_CITY = frozenset({CUT, RESTORE, *_ACTS.values()})
"""What a city's own files tell of; beside anything else, letters above all, nothing of the city's can stand."""
UNCOMPARED = frozenset({"post payment", "return payment"})  # bookkeeping: both do it with the same file


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One act: on which day it would have been done here, on which the city did it; none where one of them did not."""

    account_no: str
    what: str
    service: str
    amount: Money
    ours_on: date | None = None
    city_on: date | None = None
    ref: str = ""

    @property
    def who(self) -> str:
        """Return who did it, or would have."""
        if self.ours_on and self.city_on:
            return BOTH
        return OURS if self.ours_on else CITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The acts of some days, in the order of theirs."""

    since: date
    through: date
    acts: Sequence[Beside]

    @property
    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Return by act how many were both's, only ours and only the city's."""
        found: dict[str, Counter[str]] = {}
        for act in self.acts:
            found.setdefault(act.what, Counter())[act.who] += 1
        return {what: dict(counted) for what, counted in sorted(found.items())}


@dataclass(frozen=True, slots=True)
class _Act:
    account_no: str
    what: str
    service: str
    on: date
    cents: int
    ref: str


def compared(desk: Desk, since: date, through: date) -> Comparison:
    """Return what would have been done from *since* to *through* beside what the city did.

    Raises:
        Refused: the last day lies before the first.
    """
    desk.need(Permission.SEE_REPORTS)
    if through < since:
        says = f"The last day, {through}, lies before the first, {since}."
        raise unfit("days-reversed", "No such days", says, way_out="Name the earlier day first.")
    calendar = desk.policy().calendar

    def ask(session: Session) -> tuple[list[_Act], list[_Act]]:
        ours = [_of_row(row) for row in observed_between(session, since, through) if row.what not in UNCOMPARED]
        return ours, list(_of_city(session, calendar, since, through))

    ours, city = desk.read_now(ask)
    acts = sorted(_paired(ours, city), key=lambda act: (act.ours_on or act.city_on, act.account_no, act.what))
    return Comparison(since=since, through=through, acts=acts)


def _of_row(row: ObservedRow) -> _Act:
    return _Act(row.account_no, row.what, row.service, row.on, row.cents, row.key)


def _of_city(session: Session, calendar: CityCalendar, since: date, through: date) -> Iterator[_Act]:
    """Yield what the city did: what cases heard of, and what stands as a fact where there was no case."""
    for row in outside_between(session, since, through):
        told = row.public
        what = _said(str(told["what"]), str(told.get("status") or ""))
        yield _Act(row.account_no, what, row.service or "", row.on, row.cents or 0, str(told.get("ref", "")))
    for fact in outside_facts(session, FactKind.OUTSIDE_ACT):
        on = calendar.day(fact.starts)
        if since <= on <= through and fact.account_no:
            told, cents = fact.details, fact.amount_cents or 0
            what = _said(str(told["what"]), str(told.get("status", "")))
            yield _Act(fact.account_no, what, str(told.get("service", "")), on, cents, str(told.get("ref", "")))


def _said(what: str, status: str) -> str:
    if what == Tells.OUTSIDE_SERVICE:
        return CUT if status == ServiceStatus.OFF else RESTORE
    return _ACTS.get(Tells(what), what)


def _paired(ours: Sequence[_Act], city: Sequence[_Act]) -> Iterator[Beside]:
    """Yield each act once: ours with the city's nearest of the same kind on the same account, then what is left."""
    left = list(city)
    for act in ours:
        same = [
            other
            for other in left
            if (other.account_no, other.what) == (act.account_no, act.what)
            and (not act.service or not other.service or act.service == other.service)
            and abs(other.on - act.on) <= NEAR
        ]
        nearest = min(same, key=lambda other: abs(other.on - act.on), default=None)
        if nearest is not None:
            left.remove(nearest)
        yield Beside(
            account_no=act.account_no,
            what=act.what,
            service=act.service,
            amount=Money(act.cents),
            ours_on=act.on,
            city_on=nearest.on if nearest else None,
            ref=nearest.ref if nearest else "",
        )
    for act in left:
        yield Beside(
            account_no=act.account_no,
            what=act.what,
            service=act.service,
            amount=Money(act.cents),
            city_on=act.on,
            ref=act.ref,
        )


def first_day(at: datetime, calendar: CityCalendar) -> date:
    """Return the first day of the month of *at*, from which a comparison begins when nobody says otherwise."""
    return calendar.day(at).replace(day=1)
