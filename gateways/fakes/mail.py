"""On which day does the mail house post a letter that it was given?"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateways.errors import Rejected
from gateways.fakes.keyed import Keyed
from gateways.mail import MailEffect
from gateways.receipt import Receipt

LAST_HANDOVER = time(16, 0)  # local; what comes later leaves on the next open day
_SATURDAY = 5
_DAY = timedelta(days=1)


class MailRoom(Keyed[MailEffect]):
    """The mail house; it is closed on weekends and on *closed* days."""

    def __init__(self, *, now: datetime, zone: ZoneInfo, closed: Iterable[date] = ()) -> None:
        super().__init__(now=now)
        self._zone = zone
        self._closed = frozenset(closed)
        self.letters: dict[str, date] = {}
        """Days of mailing by letter id."""
        self.confirms_later = False
        """Whether the day is told only once the letter has been mailed, on a report of its own."""

    def _perform(self, key: str, effect: MailEffect) -> Receipt:
        if effect.letter_id in self.letters:
            raise Rejected("duplicate-letter", f"The letter {effect.letter_id} was handed over under another key.")
        mailed_on = self._mailing_day()
        self.letters[effect.letter_id] = mailed_on
        told = {} if self.confirms_later else {"mailed_on": mailed_on.isoformat()}
        return self._receipt(key, ref=self._number("LT"), **told)

    def _mailing_day(self) -> date:
        local = self.now.astimezone(self._zone)
        day = local.date() if local.time() < LAST_HANDOVER else local.date() + _DAY
        while day.weekday() >= _SATURDAY or day in self._closed:
            day += _DAY
        return day
