"""Which systems does one installation talk to?"""

from dataclasses import dataclass

from gateways.agency import Agency
from gateways.billing import Billing
from gateways.court import Court
from gateways.field import FieldService
from gateways.mail import MailHouse
from gateways.messages import Messenger
from gateways.outside import Outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """The other systems of one city, as the composition root hands them to the activities.

    *observed*: they are read, and what would be asked of them is written down instead (`gateways.observing`).
    """

    billing: Billing
    field: FieldService
    mail: MailHouse
    messages: Messenger
    agency: Agency
    court: Court
    outside: Outside
    observed: bool = False
