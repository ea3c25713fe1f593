"""What has a customer paid from the day of a petition on, before anyone here knew of it?"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from casework.context import Desk
from domain.account import OpenBill
from domain.bankruptcy import kept_from_later
from domain.calendar import DAY
from domain.commands import Command, FileBankruptcy
from domain.money import ZERO, Money
from gateways.errors import Outage, Rejected
from models.payments import assisted_after, posted_after

CYCLE = timedelta(days=40)  # within so many days of a petition each service has had the bill that straddles it


async def with_paid_since(desk: Desk, account_no: str, command: Command) -> Command:
    """Return *command*; a petition that does not say what the customer has paid since, with the sum on record.

    What billing has posted counts: it lies on the oldest debt, where from the petition on it may not. What has paid
    later bills whole is where it belongs. Money that comes later is posted once the older debt is set aside.
    """
    if not isinstance(command, FileBankruptcy) or command.paid_since is not None:
        return command
    petition_on = command.petition_on
    paid = await desk.read(lambda session: posted_after(session, account_no, petition_on))
    if paid > ZERO and petition_on < desk.today():
        helped = await desk.read(lambda session: assisted_after(session, account_no, petition_on))
        with suppress(Outage, Rejected):  # a petition is recorded in any case; counsel looks at the sum
            paid = await _kept(desk, account_no, petition_on, paid=paid, helped=helped)
    return replace(command, paid_since=paid)


async def _kept(desk: Desk, account_no: str, petition_on: date, *, paid: Money, helped: Money) -> Money:
    """Return *paid* without what settled later charges; *helped*: assistance since, which may have paid older debt."""
    billing = desk.at.systems.billing
    (then,) = await billing.open_bills_of([account_no], as_of=petition_on)
    now = await billing.open_bills(account_no)
    whole = partial(kept_from_later, paid + helped, then=then.bills, now=now.bills, credit=now.credit, on=petition_on)
    if whole(settled=()) == paid + helped:  # all of it is found on what is open, or was then
        return paid
    settled = await _settled(desk, account_no, petition_on, now={bill.ref: bill for bill in now.bills})
    return max(ZERO, whole(settled=settled) - helped)


async def _settled(
    desk: Desk, account_no: str, petition_on: date, *, now: Mapping[str, OpenBill]
) -> tuple[OpenBill, ...]:
    """Return the bills of the first cycle after the petition of which nothing is open, as billing had them each day."""
    found: dict[str, OpenBill] = {}
    last = min(desk.today(), petition_on + CYCLE)
    for days in range(1, (last - petition_on).days):
        (answer,) = await desk.at.systems.billing.open_bills_of([account_no], as_of=petition_on + days * DAY)
        for bill in answer.bills:
            if bill.bill_on > petition_on and bill.ref not in now:
                found.setdefault(bill.ref, bill)
    return tuple(found.values())
