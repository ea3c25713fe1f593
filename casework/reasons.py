"""What stands between an account and its next step, in words that can be read to a caller?"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from activities.case import read_account
from casework.context import Desk
from casework.errors import missing
from casework.outlook import Looked, avoidance, look
from casework.permissions import Permission
from domain.agenda import agenda, next_step
from domain.case import Case, ServiceState
from domain.policy import Policy
from domain.step import Next, Step
from domain.why import Avoidance
from models.accounts import AccountUnknown, account_of
from models.cases import open_case_of

NO_CASE = "none"  # the id of a case that is only imagined


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that happens next or holds back what would: what it says, its rule and source, and what ends it.

    *facts*: the ids of what it rests on: facts, bills, letters.
    """

    says: str
    rule: str = ""
    citation: str = ""
    way_out: str = ""
    until: datetime | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why an account stands where it does. *case_id* is none where it has no open case; then one was imagined."""

    account_no: str
    case_id: str | None
    as_of: datetime
    says: str
    reasons: Sequence[Reason]
    avoidance: Avoidance | None


async def reasons(desk: Desk, account_no: str) -> Reasons:
    """Return what comes next for the account and what keeps it from coming sooner; for why nobody was noticed, too."""
    desk.need(Permission.SEE_CASES)
    case_id, looked = await looked_at(desk, account_no)
    items = agenda(looked.case, looked.policy, looked.now) or (next_step(looked.case, looked.policy, looked.now),)
    found = tuple(reason for item in items for reason in told(item))
    return Reasons(
        account_no=account_no,
        case_id=case_id,
        as_of=looked.now,
        says=found[0].says if case_id else f"The account has no open case. {found[0].says}",
        reasons=found,
        avoidance=await avoidance(looked),
    )


async def looked_at(desk: Desk, account_no: str) -> tuple[str | None, Looked]:
    """Return the account's open case as it would find itself now; without one, none and the case that would open."""
    case_id = await desk.read(lambda session: _open_case(session, account_no))
    return case_id, await (look(desk, case_id) if case_id else imagined(desk, account_no))


def told(item: Next) -> tuple[Reason, ...]:
    """Return what *item* of an agenda means: a step with its rule, or each rule that blocks, or the wait itself."""
    if isinstance(item, Step):
        facts = (item.ref,) if item.ref else ()
        return (Reason(says=item.says, rule=item.rule, citation=item.citation, until=item.at, facts=facts),)
    if not item.blocking:
        return (Reason(says=item.says, until=item.until),)
    return tuple(
        Reason(
            says=each.says,
            rule=each.rule,
            citation=each.citation,
            way_out=each.way_out,
            until=each.until,
            facts=each.facts,
        )
        for each in item.blocking
    )


def _open_case(session: Session, account_no: str) -> str | None:
    try:
        account_of(session, account_no)
    except AccountUnknown:
        raise missing("account", account_no) from None
    row = open_case_of(session, account_no)
    return row.case_id if row else None


async def imagined(desk: Desk, account_no: str) -> Looked:
    """Return the case that would be opened for the account now: nothing of it is on record."""
    known = await read_account(desk.at.engine, desk.at.clock, desk.at.systems.billing, account_no)
    policy: Policy = await asyncio.to_thread(desk.policy)
    case = Case(
        case_id=NO_CASE,
        account_no=account_no,
        opened_on=policy.calendar.day(known.at),
        known=known,
        services=tuple(ServiceState(service=service) for service in known.account.services),
    )
    return Looked(case=case, policy=policy, now=known.at)
