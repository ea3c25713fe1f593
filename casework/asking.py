"""What must a person see who asks for a correction or a refund of an account, with or without an open case?"""

import asyncio
from dataclasses import dataclass

from sqlmodel import Session

from casework.adjustments import Waivers, waivers
from casework.context import Desk
from casework.credit import credit_of
from casework.errors import Refused, missing
from casework.permissions import Permission
from domain.account import Service
from domain.money import Money
from domain.refunds import fund_share
from domain.verdict import Refusal
from models.accounts import AccountUnknown, account_of
from models.cases import open_case_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """An account as one asks for it. *case_id*: its open case, in which what is asked for belongs; blank without one.

    *free*: credit that no refund holds yet, *of_a_fund* of it; none where billing could not say, *unknown* says why.
    """

    account_no: str
    services: tuple[Service, ...]
    case_id: str
    waivers: Waivers
    free: Money | None = None
    of_a_fund: Money | None = None
    unknown: Refusal | None = None


async def asking(desk: Desk, account_no: str) -> Asking:
    """Return what one sees of an account before one asks for a correction or a refund.

    Raises:
        Refused: there is no such account.
    """
    desk.need(Permission.PROPOSE_ADJUSTMENT)

    def ask(session: Session) -> tuple[tuple[Service, ...], str]:
        try:
            services = account_of(session, account_no).services
        except AccountUnknown:
            raise missing("account", account_no) from None
        case = open_case_of(session, account_no)
        return services, case.case_id if case else ""

    services, case_id = await desk.read(ask)
    policy = desk.policy()
    free = of_a_fund = unknown = None
    if not case_id and desk.may(Permission.PROPOSE_MONEY):
        try:
            known = await credit_of(desk, account_no)
            free, of_a_fund = known.free, fund_share(known, policy, on=policy.calendar.day(desk.now))
        except Refused as refused:
            unknown = refused.refusal
    return Asking(
        account_no=account_no,
        services=services,
        case_id=case_id,
        waivers=await asyncio.to_thread(waivers, desk, account_no),
        free=free,
        of_a_fund=of_a_fund,
        unknown=unknown,
    )
