"""How is what a stop switch or a season held let go: how many accounts a day, in an order that no name decides?"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import cast

from domain import parameters as p
from domain.account import CustomerClass, Service
from domain.calendar import DAY
from domain.facts import Fact, FactKind
from domain.policy import Policy
from domain.rules.notices import earliest_cut
from domain.rules.season import NONE, in_winter, season_began, season_over
from domain.rules.slots import next_slot
from domain.states import Stage

NOBODY: Mapping[date, int] = {}
AHEAD = timedelta(days=7)  # turns are given in the season's last week: a night without a sweep lets nobody go at once
ON_THE_WAY = frozenset({Stage.NOTICED, Stage.DISCONNECTION_PENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An account on the way to a cut, and the day on which its latest notice was mailed."""

    account_no: str
    customer_class: CustomerClass
    services: tuple[Service, ...]
    opened_on: date
    mailed_on: date


def batches(
    account_nos: Sequence[str], *, switch: str, policy: Policy, now: datetime, taken: Mapping[date, int] = NOBODY
) -> dict[str, datetime | None]:
    """Return until when each account stays stopped after *switch* is lifted at *now*; none for those let go at once.

    As many a day as the pack's crews can work off, in the order of a hash of switch and account: the same lift spreads
    the same way, and neither a number nor a name puts anyone first. *taken*: how many each day lets go already.
    """
    today = policy.calendar.day(now)
    days = _places(sorted(account_nos, key=_order(switch)), dict.fromkeys(account_nos, today), policy, taken, today)
    return {account_no: None if day == today else opening(policy, day) for account_no, day in days.items()}


def after_season(
    ripe_on: Mapping[str, date], *, over: date, policy: Policy, taken: Mapping[date, int] = NOBODY
) -> dict[str, date]:
    """Return the day on which each account that a protected season held is let go; *over* is the first day after it.

    No day lets go more than the pack's crews can work off, *taken* included, and nobody is let go before the notice has
    run out (*ripe_on*): a place is not given to a notice that could not use it. Only days on which a crew may cut.
    """
    order = _order(f"season/{over}")
    ordered = sorted(ripe_on, key=lambda account_no: (max(ripe_on[account_no], over), order(account_no)))
    return _places(ordered, ripe_on, policy, taken, policy.calendar.day(next_slot(policy, opening(policy, over))))


def season_ended(policy: Policy, today: date, *, taken: Mapping[date, int]) -> date | None:
    """Return the first day after the season that is in its last week or over, as long as it may still hold anyone.

    None in the midst of a season, and once every notice of that season has grown stale and no turn is still to come.
    """
    if policy.at(p.WINTER_RULE, today) == NONE:
        return None
    over = season_over(policy, today)
    if over - today <= AHEAD:
        return over
    over = season_over(policy, season_began(policy, today))
    stale = over + timedelta(days=policy.at(p.NOTICE_VALID_DAYS, over))
    return None if in_winter(policy, today) or (today > stale and not taken) else over


def season_turns(
    waiting: Iterable[Waiting],
    *,
    over: date,
    had: Mapping[str, date],
    taken: Mapping[date, int],
    policy: Policy,
    now: datetime,
) -> tuple[tuple[str, Fact], ...]:
    """Return, by account, the stop that keeps each whom the season held until its turn, of those who get one now.

    Asked every night from the season's last week on. *had*: the last turn that each got before. A notice that grows
    too old meanwhile is served anew as ever; its account keeps its turn if the fresh notice has run out by then, and
    else gets a later one.
    """
    today = policy.calendar.day(now)
    heats = frozenset(cast("tuple[str, ...]", policy.at(p.WINTER_SERVICES, over - DAY)))
    ripe_on = {
        each.account_no: ripe
        for each in waiting
        if each.customer_class is CustomerClass.RESIDENTIAL and each.opened_on < over and heats & set(each.services)
        if had.get(each.account_no, date.min) < (ripe := _ripe_on(policy, each.mailed_on, over))
    }
    days = after_season(ripe_on, over=max(over, today), policy=policy, taken=taken)
    lifts = season_lifts(over)
    return tuple(
        (
            account_no,
            turn(
                fact_id=f"{lifts}-{account_no}-{day}",
                until=opening(policy, day),
                lifts=lifts,
                entered_by="sweep",
                now=now,
                starts=policy.calendar.at(over, time(0)),
            ),
        )
        for account_no, day in sorted(days.items())
    )


def season_lifts(over: date) -> str:
    """Return what the turns of the season that is over on *over* say that they lift."""
    return f"season-{over}"


def turn(
    *,
    fact_id: str,
    until: datetime,
    lifts: str,
    entered_by: str,
    now: datetime,
    starts: datetime | None = None,
    service: str = "",
) -> Fact:
    """Return the stop that keeps an account from being cut, from *starts* or now on, until its turn."""
    return Fact(
        fact_id=fact_id,
        kind=FactKind.STOP_SWITCH,
        starts=max(now, starts or now),
        until=until,
        known_at=now,
        source="stop switch",
        entered_by=entered_by,
        details={"scope": "cuts", "because": "let go in batches", "lifts": lifts}
        | ({"service": service} if service else {}),
    )


def opening(policy: Policy, day: date) -> datetime:
    """Return when the office opens on *day*: from then on an account whose turn it is may be recommended."""
    return policy.calendar.at(day, policy.at(p.OFFICE_HOURS, day).opens)


def _places(
    ordered: Sequence[str], not_before: Mapping[str, date], policy: Policy, taken: Mapping[date, int], first: date
) -> dict[str, date]:
    let_go = Counter(taken)
    places: dict[str, date] = {}
    for account_no in ordered:
        day = max(first, not_before[account_no])
        while not _free(policy, day, first, let_go[day]):
            day += DAY
        let_go[day] += 1
        places[account_no] = day
    return places


def _free(policy: Policy, day: date, first: date, let_go: int) -> bool:
    """Say whether another account may be let go on *day*: the first takes its batch, then days on which crews cut."""
    size = policy.at(p.RELEASE_BATCH, day)
    assert size > 0, "a pack releases at least one a day"
    crews = day == first or policy.calendar.day(next_slot(policy, policy.calendar.at(day, time(0)))) == day
    return let_go < size and crews


def _ripe_on(policy: Policy, mailed_on: date, over: date) -> date:
    return earliest_cut(
        policy, served_on=mailed_on, method="mailed", residential=True, service=None, not_before=max(over, mailed_on)
    )


def _order(of: str) -> Callable[[str], str]:
    return lambda account_no: sha256(f"{of}/{account_no}".encode()).hexdigest()
