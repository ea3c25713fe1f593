"""How do all the other systems of one city behave together, over one city folder and one business instant?"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.account import balance
from formats.city import CityFolder
from gateways.fakes.agency import AgencyDesk
from gateways.fakes.billing import BillingLedger, IssuedBill
from gateways.fakes.court import CourtClerk
from gateways.fakes.field import FieldCrews, Work
from gateways.fakes.late_fees import LateFees
from gateways.fakes.mail import MailRoom
from gateways.fakes.messages import MessageDesk
from gateways.fakes.outside import OutsideRecord


class FakeCity:
    """Billing, crews, mail house, messages, agency, court and the outside's record, moved by one driver.

    Business time stands at the beginning of the opening day until the driver moves it. Nothing happens by itself:
    `advance` issues bills, `work` lets the crews act.
    """

    def __init__(
        self, root: Path, *, zone: ZoneInfo, seed: int = 0, trouble_pct: int = 0, late_fees: LateFees | None = None
    ) -> None:
        folder = CityFolder(root)
        self.outside = OutsideRecord(folder, zone=zone)
        self.billing = BillingLedger(folder, zone=zone, late_fees=late_fees)
        now = self.billing.now
        self.field = FieldCrews(now=now, zone=zone, seed=seed, trouble_pct=trouble_pct)
        closed = (day.on for day in self.outside.holidays if day.city_closed)
        self.mail = MailRoom(now=now, zone=zone, closed=closed)
        self.messages = MessageDesk(now=now)
        self.agency = AgencyDesk(now=now)
        self.court = CourtClerk(now=now)
        self._learn_of_the_outside()

    @property
    def now(self) -> datetime:
        """Return the business instant."""
        return self.billing.now

    def advance(self, now: datetime) -> tuple[IssuedBill, ...]:
        """Move business time to *now*; return the bills issued on the days reached.

        Raises:
            ValueError: *now* lies before the present business instant.
        """
        issued = self.billing.advance(now)
        for system in (self.field, self.mail, self.messages, self.agency, self.court):
            system.now = now
        return issued

    def work(self) -> Work:
        """Let the crews do what is due; see `FieldCrews.work`."""
        return self.field.work()

    def _learn_of_the_outside(self) -> None:
        """Let agency and court know what the folder says they were given without us."""
        for account_no in self.billing.account_nos():
            if self.billing.account(account_no).agency_placed_on is not None:
                self.agency.place_before_opening(account_no, balance(self.billing.open_bills(account_no).bills))
        self.agency.know(self.outside.placed_by_others)
        self.court.know(self.outside.claimed_by_others)
