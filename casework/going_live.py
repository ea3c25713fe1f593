"""What would go out if a supervisor released it now, and how is it released?"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import Refused, missing, not_now, unfit
from casework.holding import switch_of
from casework.permissions import Permission
from casework.stopping import LIFTED_BY, Switched, lift
from casework.story import retold
from domain.account import Service
from domain.agenda import agenda
from domain.calendar import DAY, CityCalendar
from domain.case import Case
from domain.money import Money
from domain.perform import LETTERS
from domain.policy import Policy
from domain.step import Step, StepKind
from domain.tracks.held import GOING_OUT
from gateways.billing import BillingAnswer
from gateways.errors import Outage
from models.policies import policy_with
from models.registers import GOING_LIVE
from models.session import reading
from models.snapshot import known_of
from models.tables import CaseRow, FactRow

PAGE = 500
AHEAD = timedelta(days=1)  # the night of an opening is followed by the office's next day


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBack:
    """One thing that would go out: of which case, what, when at the earliest, and why."""

    case_id: str
    account_no: str
    what: str
    service: Service | None
    amount: Money
    at: datetime
    because: str
    rule: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is kept back, *since* when and by whom; *counts* by letter, order and whatever else.

    *through*: what would go out by then is listed: by the end of the office's next day.
    """

    since: datetime
    through: datetime
    by: str
    items: Sequence[KeptBack]

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many of each would go out."""
        return dict(sorted(Counter(item.what for item in self.items).items()))


async def kept_back(desk: Desk) -> Held | None:
    """Return what would go out by the end of the office's next day if it were released now; none if nothing is held.

    Raises:
        Refused: billing cannot be asked just now.
    """
    desk.need(Permission.SEE_CASES)
    switch = await desk.read(switch_of)
    if switch is None:
        return None
    items, through = list[KeptBack](), _through(desk)
    open_now = await desk.read(_open)
    for start in range(0, len(open_now), PAGE):
        page = open_now[start : start + PAGE]
        try:
            answers = await desk.at.systems.billing.open_bills_of([account_no for _, account_no in page])
        except Outage as outage:
            raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
        items += await asyncio.to_thread(_of_page, desk, [case_id for case_id, _ in page], answers, through)
    return Held(since=switch.starts, through=through, by=switch.entered_by, items=items)


async def release(desk: Desk) -> Switched:
    """Let go out what is held since the opening; refused to whoever took the folder in.

    Raises:
        Refused: nothing is held, or the person may not release it.
    """
    desk.need(Permission.APPROVE)
    if await desk.read(switch_of) is None:
        raise await desk.read(partial(_nothing_held, desk.policy().calendar))
    return await lift(desk, GOING_LIVE)


def _nothing_held(calendar: CityCalendar, session: Session) -> Refused:
    row = session.get(FactRow, GOING_LIVE)
    if row is None or row.until is None:
        return missing("opening", "that waits for its release")
    by = row.details.get(LIFTED_BY, "somebody else")
    says = f"It was released by {by} on {calendar.day(row.until)} at {calendar.clock(row.until):%H:%M}."
    return unfit("released-before", "It is released already", says, way_out="Nothing is left to do.", status=409)


def _through(desk: Desk) -> datetime:
    """Return the end of the next day on which the office is open: an opening at a week's end goes out after it."""
    calendar, next_day = desk.policy().calendar, desk.now + AHEAD
    opens = calendar.open_day(calendar.day(next_day))
    return max(next_day, calendar.at(opens + DAY, time(0)))


def _open(session: Session) -> list[tuple[str, str]]:
    query = select(CaseRow.case_id, CaseRow.account_no).where(col(CaseRow.closed).is_(None))
    return list(session.exec(query.order_by(col(CaseRow.case_id))).all())


def _of_page(
    desk: Desk, case_ids: Sequence[str], answers: Sequence[BillingAnswer], through: datetime
) -> list[KeptBack]:
    now, found = desk.now, list[KeptBack]()
    with reading(desk.at.engine) as session:
        for case_id, answer in zip(case_ids, answers, strict=True):
            row = session.get(CaseRow, case_id)
            case = retold(session, row) if row is not None else None
            if case is not None and case.closed is None:
                known = known_of(session, case.account_no)
                looks = replace(
                    case.known,
                    at=now,
                    account=replace(known.account, status=answer.status),
                    bills=answer.bills,
                    credit=answer.credit,
                    unposted=known.unposted,
                    facts=tuple(fact for fact in known.facts if fact.fact_id != GOING_LIVE),
                    billing_read=True,
                )
                found += _of_case(case.looking(looks), policy_with(session, known.policy), now, through)
    return found


def _of_case(case: Case, policy: Policy, now: datetime, through: datetime) -> list[KeptBack]:
    steps = [item for item in agenda(case, policy, now) if isinstance(item, Step)]
    return [
        KeptBack(
            case_id=case.case_id,
            account_no=case.account_no,
            what=_what(step),
            service=step.service,
            amount=step.amount,
            at=step.at,
            because=step.says,
            rule=step.rule,
            citation=step.citation,
        )
        for step in steps
        if step.kind in GOING_OUT and step.at <= through
    ]


def _what(step: Step) -> str:
    """Return what goes out in a clerk's words: the letter, the order with its service, the act."""
    if step.kind in LETTERS:
        return f"letter: {LETTERS[step.kind]}"
    if step.kind in {StepKind.SEND_PLACEMENT_NOTICE, StepKind.SEND_SETOFF_NOTICE}:
        return f"letter: {step.kind.removeprefix('send_').replace('_', ' ')}"
    words = step.kind.replace("_", " ")
    return f"{words}: {step.service}" if step.service else words
