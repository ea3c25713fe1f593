"""How is what a stop switch or a season held let go: how many accounts a day, in an order that no name decides?"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from hashlib import sha256

from domain import parameters as p
from domain.calendar import DAY
from domain.policy import Policy
from domain.rules.slots import next_slot

NOBODY: Mapping[date, int] = {}


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


def _order(of: str) -> Callable[[str], str]:
    return lambda account_no: sha256(f"{of}/{account_no}".encode()).hexdigest()
