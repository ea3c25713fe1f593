"""Who may be cut next and why not, and whose door is on whose list today?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from casework.board import safety_notes
from casework.context import Desk
from casework.errors import unfit
from casework.permissions import Permission
from casework.story import retold
from domain.account import Service
from domain.case import Case, OrderPurpose, OrderState
from domain.crews import Crews, DayPlan, Stop, plan_day
from domain.gate import gate
from domain.money import ZERO, Money
from domain.policy import Policy, PolicyGap
from domain.rules.nominated import nominated_service
from domain.states import ServiceStatus, Stage
from domain.verdict import Action, Verdict
from models.crews import visits_of
from models.policies import policy_with
from models.snapshot import known_of
from models.tables import AccountRow, CaseRow, WorkOrderRow

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A case under a disconnection notice: what would be cut for how much, and what every rule says of that."""

    case_id: str
    account_no: str
    service: Service | None
    owed: Money
    served_on: date | None
    verdict: Verdict


def candidates(desk: Desk, *, after: str = "", limit: int = PAGE) -> Sequence[Candidate]:
    """Return the cases whose notice is served and whose service is on, by id, above *after*.

    Facts and money received are those of this instant; bills are those that the case last read, and they are read
    again before anything is done.
    """
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[Candidate]:
        query = select(CaseRow).where(
            CaseRow.stage == Stage.NOTICED, CaseRow.status == ServiceStatus.ON, CaseRow.case_id > after
        )
        rows = session.exec(query.order_by(col(CaseRow.case_id)).limit(limit)).all()
        return [_candidate(session, row, desk.now) for row in rows]

    return desk.read_now(ask)


def _candidate(session: Session, row: CaseRow, now: datetime) -> Candidate:
    case = retold(session, row)
    assert case is not None, "a case in the read model has opened"
    now_known = known_of(session, row.account_no)
    traits = replace(now_known.account, status=case.known.account.status)
    case = case.looking(replace(case.known, account=traits, facts=now_known.facts, unposted=now_known.unposted))
    policy = policy_with(session, case.known.policy)
    return Candidate(
        case_id=row.case_id,
        account_no=row.account_no,
        service=_service(case, policy, policy.calendar.day(now)),
        owed=case.notice.left(case.known.bills) if case.notice else ZERO,
        served_on=case.notice.served_on if case.notice else None,
        verdict=gate(Action.RECOMMEND_DISCONNECTION, case, policy, now),
    )


def _service(case: Case, policy: Policy, on: date) -> Service | None:
    try:
        return nominated_service(case, policy, on)
    except PolicyGap:
        return None  # the verdict says that the pack does not state it


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The order behind a place on a crew's list; name and address blank for who may not see them."""

    order: WorkOrderRow
    name: str
    address: str
    notes: tuple[str, ...]


def doors(desk: Desk, order_ids: Sequence[str]) -> Mapping[str, Door]:
    """Return by order whose door it is, what is to be done there, and what the crew must know of the place."""
    desk.need(Permission.SEE_CASES)
    personal, notes_seen, now = desk.may(Permission.SEE_PERSONAL), desk.may(Permission.SEE_NOTES), desk.now

    def ask(session: Session) -> Mapping[str, Door]:
        query = select(WorkOrderRow, AccountRow.name, AccountRow.premise_address).join(
            AccountRow, col(AccountRow.account_no) == WorkOrderRow.account_no
        )
        rows = session.exec(query.where(col(WorkOrderRow.order_id).in_(order_ids))).all()
        notes = safety_notes(session, {order.account_no for order, *_ in rows}, now) if notes_seen else {}
        return {
            order.order_id: Door(
                order=order,
                name=name if personal else "",
                address=address if personal else "",
                notes=notes.get(order.account_no, ()),
            )
            for order, name, address in rows
        }

    return desk.read_now(ask)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The crews' lists of a day. *plan* stands; *would* adds what is approved and not yet sent, as it would fit now."""

    on: date
    plan: DayPlan
    would: DayPlan


def lists(desk: Desk, on: date | None = None) -> Lists:
    """Return the crews' lists of *on*, today if none: what stands on them and what would still fit.

    Raises:
        Refused: the pack states no crews for that day.
    """
    desk.need(Permission.SEE_CASES)
    policy = desk.policy()
    day = on or policy.calendar.day(desk.now)

    try:
        crews = Crews.on(policy, day)
    except PolicyGap as gap:
        raise unfit("no-crews-stated", "The pack states no crews for that day", f"{gap}.") from None

    def ask(session: Session) -> Lists:
        visits = visits_of(session, day)
        waiting = select(WorkOrderRow, AccountRow.zip_code).join(
            AccountRow, col(AccountRow.account_no) == WorkOrderRow.account_no
        )
        waiting = waiting.where(
            WorkOrderRow.state == OrderState.REQUESTED,
            WorkOrderRow.purpose == OrderPurpose.DISCONNECT,
            col(WorkOrderRow.remote).is_(False),
        )
        stops = [
            Stop(order_id=order.order_id, area=zip_code[:5], cuts=True) for order, zip_code in session.exec(waiting)
        ]
        plan = DayPlan(crews=crews, visits=visits)
        return Lists(on=day, plan=plan, would=plan_day(crews, stops, visits))

    return desk.read_now(ask)
