"""When does a simulated desk get round to something, and what does it do with what a case asks a person for?"""

from collections import Counter
from datetime import date, datetime, time, timedelta

from domain import commands as c
from domain import parameters as p
from domain.calendar import DAY
from domain.policy import Policy

MINUTES = {"call": 12, "recommend_disconnection": 5, "record_final_bill": 6, "refer_final_bill": 8, "approve": 3}
"""What each thing takes a person, assumed."""

ASKED_OF_A_PERSON: dict[str, c.Command] = {
    "recommend_disconnection": c.RecommendDisconnection(),
    "record_final_bill": c.RecordFinalBill(),
    "refer_final_bill": c.ReferToAgency(),
}
"""What the desk answers to the tasks of a case."""


class Team:
    """People who work side by side through the office's open hours; what does not fit a day waits for the next."""

    def __init__(self, policy: Policy, people: int) -> None:
        self._policy = policy
        self._people = people
        self.minutes: Counter[date] = Counter()

    def slot(self, after: datetime, what: str) -> datetime:
        """Return when somebody next has time for *what*, and take that time."""
        calendar = self._policy.calendar
        day, clock = calendar.day(after), calendar.clock(after)
        while True:
            hours = self._policy.at(p.OFFICE_HOURS, day)
            opens, closes = _minute(hours.opens), _minute(hours.closes)
            from_minute = max(opens + self.minutes[day] // self._people, _minute(clock) + 1)
            if calendar.is_open(day) and from_minute + MINUTES[what] <= closes:
                self.minutes[day] += MINUTES[what]
                return calendar.at(day, time(from_minute // 60, from_minute % 60)) + timedelta(
                    seconds=self.minutes[day] % 60
                )
            day, clock = day + DAY, time(0)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
