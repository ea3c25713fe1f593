"""How is what a stop switch held let go: how many accounts a day, in an order that no name decides?"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from domain import parameters as p
from domain.calendar import DAY
from domain.policy import Policy


def batches(account_nos: Sequence[str], *, switch: str, policy: Policy, now: datetime) -> dict[str, datetime | None]:
    """Return until when each account stays stopped after *switch* is lifted at *now*; none for those let go at once.

    As many a day as the pack's crews can work off, in the order of a hash of switch and account: the same lift spreads
    the same way, and neither a number nor a name puts anyone first.
    """
    size = policy.at(p.RELEASE_BATCH, policy.calendar.day(now))
    assert size > 0, "a pack releases at least one a day"
    ordered = sorted(account_nos, key=lambda each: sha256(f"{switch}/{each}".encode()).hexdigest())
    result: dict[str, datetime | None] = {}
    day = policy.calendar.day(now)
    until: datetime | None = None
    for place, account_no in enumerate(ordered):
        if place and place % size == 0:
            day = policy.calendar.open_day(day + DAY)
            until = policy.calendar.at(day, policy.at(p.OFFICE_HOURS, day).opens)
        result[account_no] = until
    return result
