"""What can be put to this customer now: lawful plans best first, an extension, programs that may help?"""

from dataclasses import dataclass
from datetime import datetime

from casework.context import Desk
from casework.outlook import look
from casework.permissions import Permission
from domain.commands import AgreeArrangement
from domain.offers import Offer, Offers
from domain.offers import offers as offers_of
from domain.offers import tried as tried_on
from domain.verdict import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersNow:
    """The offers on a case as they stand at *as_of*. *renegotiates*: they would replace an agreement that stands."""

    case_id: str
    as_of: datetime
    renegotiates: bool
    offers: Offers


async def offers(desk: Desk, case_id: str) -> OffersNow:
    """Return the offers; nothing is recorded. Taking one is posting its command as a decision."""
    desk.need(Permission.SEE_FINANCES)
    looked = await look(desk, case_id)
    arrangement = looked.case.arrangement
    renegotiates = arrangement is not None and arrangement.active
    found = offers_of(looked.case, looked.policy, looked.now, renegotiates=renegotiates)
    return OffersNow(case_id=case_id, as_of=looked.now, renegotiates=renegotiates, offers=found)


async def tried(desk: Desk, case_id: str, command: AgreeArrangement) -> Offer | Refusal:
    """Return the plan that *command* would make now, or why there is none; nothing is recorded."""
    desk.need(Permission.SEE_FINANCES)
    looked = await look(desk, case_id)
    return tried_on(looked.case, command, looked.policy, looked.now)
