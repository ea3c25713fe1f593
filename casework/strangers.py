"""Who is a customer that arrears never saw? Most pay on time, and still come to the counter, call, or bring a form."""

import asyncio

from activities.mirror import known_accounts, mirror
from casework.context import Desk
from casework.errors import not_now
from gateways.errors import Outage


async def introduce(desk: Desk, account_no: str) -> None:
    """Have billing say who *account_no* is, unless it is known here already; one that billing does not know stays so.

    Raises:
        Refused: billing had to be asked and does not answer.
    """
    if await asyncio.to_thread(known_accounts, desk.at.engine, [account_no]):
        return
    policy = await asyncio.to_thread(desk.policy)
    try:
        await mirror(desk.at.engine, desk.at.systems.billing, policy, [account_no], at=desk.now)
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
