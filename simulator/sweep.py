"""Whom does each night's sweep let go as a protected season ends, in a city that is simulated?"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time

from domain.calendar import DAY
from domain.case import Case
from domain.facts import Fact
from domain.lifting import ON_THE_WAY, Waiting, season_ended, season_turns
from domain.policy import Policy

AT = time(5)  # before the office opens


class Sweep:
    """The nights' sweeps of one city, the next one at *at*. It remembers the turns it gave, as the record does."""

    def __init__(self, policy: Policy, *, after: datetime) -> None:
        self._policy = policy
        self._had: dict[date, dict[str, date]] = {}
        self.at = self._following(policy.calendar.day(after))

    def night(self, cases: Iterable[Case]) -> tuple[tuple[str, Fact], ...]:
        """Return the turns that *cases* get this night, each with its account, and wait for the next night."""
        now, today = self.at, self._policy.calendar.day(self.at)
        self.at = self._following(today)
        taken = Counter(day for turns in self._had.values() for day in turns.values() if day >= today)
        over = season_ended(self._policy, today, taken=taken)
        if over is None:
            return ()
        had = self._had.setdefault(over, {})
        waiting = [each for each in map(_waiting, cases) if each is not None]
        turns = season_turns(waiting, over=over, had=had, taken=taken, policy=self._policy, now=now)
        for account_no, stop in turns:
            assert stop.until is not None, "a turn comes"
            had[account_no] = self._policy.calendar.day(stop.until)
        return turns

    def _following(self, day: date) -> datetime:
        return self._policy.calendar.at(day + DAY, AT)


def _waiting(case: Case) -> Waiting | None:
    notice = case.notice
    if case.closed is not None or case.stage not in ON_THE_WAY or notice is None or notice.awaited:
        return None
    return Waiting(
        account_no=case.account_no,
        customer_class=case.known.account.customer_class,
        services=tuple(state.service for state in case.services),
        opened_on=case.opened_on,
        mailed_on=notice.served_on,
    )
