"""What comes next in a case, why, and how did it stand on a day?"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from sqlmodel import Session

from activities.case import read_account
from casework.context import Desk
from casework.errors import not_now, unfit
from casework.permissions import Permission
from casework.story import retold, retold_lately, the_row
from domain.agenda import agenda
from domain.calendar import DAY
from domain.case import Case
from domain.facts import Fact
from domain.look import kept_bills, read
from domain.money import ZERO
from domain.policy import Policy
from domain.step import Next
from domain.take import take
from domain.view import CaseView, view
from domain.why import Avoidance, smallest_change
from gateways.errors import Outage
from models.policies import policy_with
from models.snapshot import known_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A case with what is known of its account at this moment, and the pack it decides by."""

    case: Case
    policy: Policy
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Everything the calendar holds for a case, earliest first, and the view that goes with it.

    *avoidance*: the least payment that avoids the next adverse step; none if none is in sight.
    """

    view: CaseView
    items: Sequence[Next]
    avoidance: Avoidance | None


async def look(desk: Desk, case_id: str) -> Looked:
    """Return the case as it would find itself if it looked again now: facts from SQL, bills from billing.

    Nothing is recorded. A closed case is returned as it was closed.
    """
    case = await desk.read(lambda session: _opened(session, desk, case_id))
    if case.closed is not None:
        return Looked(case=case, policy=await _policy(desk, case), now=desk.now)
    at = desk.at
    known = kept_bills(await read_account(at.engine, at.clock, at.systems.billing, case.account_no), case.known)
    policy = await _policy(desk, replace(case, known=known))
    now = max(case.known.at, known.at)
    for event in read(case, known, policy, now):
        case = take(case, event)
    return Looked(case=replace(case, known=known), policy=policy, now=now)


def _opened(session: Session, desk: Desk, case_id: str) -> Case:
    case = retold_lately(session, the_row(session, case_id), desk.at.memory)
    if case is None:
        raise not_now("case-opening", "The case is being opened", f"{case_id} has no first event yet.")
    return case


async def _policy(desk: Desk, case: Case) -> Policy:
    return await desk.read(lambda session: policy_with(session, case.known.policy))


async def outlook(desk: Desk, case_id: str) -> Outlook:
    """Return every step and wait that the calendar holds: what it says, rule, citation, arithmetic, certificate."""
    desk.need(Permission.SEE_CASES)
    looked = await look(desk, case_id)
    return Outlook(
        view=view(looked.case, looked.policy, looked.now),
        items=agenda(looked.case, looked.policy, looked.now),
        avoidance=await avoidance(looked),
    )


async def avoidance(looked: Looked) -> Avoidance | None:
    """Return the least payment that avoids the next adverse step, reckoned in a thread."""
    return await asyncio.to_thread(smallest_change, looked.case, looked.policy, looked.now)


class KnownWhen(StrEnum):
    """By what was known *then*, at the end of that day, or by what is known *now* of that day."""

    THEN = "then"
    NOW = "now"


def state_on(desk: Desk, case_id: str, on: date) -> Case:
    """Return the case as it stood at the end of *on*, by what was known then; refused when it was not open yet."""
    return desk.read_now(lambda session: _stood(session, desk, case_id, on))


async def state_as_known_now(desk: Desk, case_id: str, on: date) -> Case:
    """Return the case as it stood at the end of *on*, by what is known now of that day.

    What was done is as it was; the facts are those now on record of that day, late and corrected ones too, and the
    bills are as billing now reckons them for it.
    """
    case = await desk.read(lambda session: _stood(session, desk, case_id, on))
    try:
        (answer,) = await desk.at.systems.billing.open_bills_of((case.account_no,), as_of=on)
    except Outage as outage:
        raise not_now("billing-unread", "Billing could not be read", f"{outage}.") from outage
    facts, over = await desk.read(lambda session: _now_on_record(session, desk, case, on))
    seen = replace(case.known, at=over, facts=facts, bills=answer.bills, credit=answer.credit, unposted=ZERO)
    return case.looking(seen)


def _now_on_record(session: Session, desk: Desk, case: Case, on: date) -> tuple[tuple[Fact, ...], datetime]:
    """Return the facts now on record that had begun by the end of *on*, and the instant at which that day was over."""
    over = policy_with(session, case.known.policy).calendar.at(on + DAY, time(0))
    known = known_of(session, case.account_no)
    return tuple(fact for fact in known.facts if fact.starts < over), min(over, desk.now)


def _stood(session: Session, desk: Desk, case_id: str, on: date) -> Case:
    desk.need(Permission.SEE_CASES)
    row = the_row(session, case_id)
    case = retold(session, row, through=on)
    if case is None:
        opened = f"it opened on {row.opened_on}" if row.opened_on else "it is being opened"
        raise unfit("not-yet-open", "The case was not open yet", f"On {on} there was no {case_id}: {opened}.")
    return case
