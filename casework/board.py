"""Who may be cut, who is about to be, whom should the crew let be, and who gets service back?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlmodel import Session, col, func, select

from casework.context import Desk
from casework.permissions import Permission
from domain.account import Service
from domain.case import OPEN_ORDER_STATES, OrderPurpose, OrderState
from domain.states import Stage
from models.tables import AccountRow, CaseRow, WorkOrderRow

SHOWN_MAX = 200
RECOMMEND = "recommend_disconnection"


@dataclass(frozen=True, slots=True)
class Place:
    """A case, where it is, and its work order if it has one; name and address empty for who may not see them."""

    case: CaseRow
    name: str
    address: str
    order: WorkOrderRow | None = None

    @property
    def cured(self) -> bool:
        """Say whether nothing is past due any more: a crew that is out for it must be called back."""
        return self.case.past_due_cents <= 0 or self.case.closed is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The day's cuts and reconnections. *to_recommend*: nothing forbids it; *waiting*: something still does."""

    to_recommend: Sequence[Place]
    to_approve: Sequence[Place]
    waiting: Sequence[Place]
    cuts: Sequence[Place]
    reconnections: Sequence[Place]
    done_today: Sequence[Place]
    counts: dict[str, int]


def board(desk: Desk, *, service: Service | None = None) -> Board:
    """Return the board as the record has it now, for one service or for all."""
    desk.need(Permission.SEE_CASES)
    calendar = desk.policy().calendar
    midnight = calendar.at(calendar.day(desk.now), time(0))
    personal = desk.may(Permission.SEE_PERSONAL)

    def ask(session: Session) -> Board:
        cuts = _orders(session, OrderPurpose.DISCONNECT, service, personal=personal)
        noticed = _cases(session, Stage.NOTICED, service, personal=personal)
        return Board(
            to_recommend=[place for place in noticed if place.case.task == RECOMMEND],
            to_approve=[
                place
                for place in _cases(session, Stage.DISCONNECTION_PENDING, service, personal=personal)
                if place.case.task
            ],
            waiting=[place for place in noticed if place.case.task != RECOMMEND],
            cuts=cuts,
            reconnections=_orders(session, OrderPurpose.RECONNECT, service, personal=personal),
            done_today=_done(session, midnight, service, personal=personal),
            counts={"cured": sum(place.cured for place in cuts)},
        )

    return desk.read_now(ask)


def _cases(session: Session, stage: Stage, service: Service | None, *, personal: bool) -> list[Place]:
    query = select(CaseRow, AccountRow.name, AccountRow.premise_address)
    query = query.join(AccountRow, col(AccountRow.account_no) == col(CaseRow.account_no))
    query = query.where(CaseRow.stage == stage.value, col(CaseRow.closed).is_(None))
    if service is not None:
        query = query.where(col(CaseRow.service_names).contains(f"|{service}|"))
    order = (col(CaseRow.priority).desc(), col(CaseRow.score).desc(), col(CaseRow.case_id).desc())
    rows = session.exec(query.order_by(*order).limit(SHOWN_MAX).execution_options(populate_existing=True)).all()
    return [Place(case, name if personal else "", address if personal else "") for case, name, address in rows]


def _orders(session: Session, purpose: OrderPurpose, service: Service | None, *, personal: bool) -> list[Place]:
    states = [state.value for state in OPEN_ORDER_STATES]
    return _places(
        session, (WorkOrderRow.purpose == purpose.value, col(WorkOrderRow.state).in_(states)), service, personal
    )


def _done(session: Session, since: datetime, service: Service | None, *, personal: bool) -> list[Place]:
    ended = [state.value for state in OrderState if state not in OPEN_ORDER_STATES]
    at = func.coalesce(WorkOrderRow.done_at, WorkOrderRow.acknowledged_at, WorkOrderRow.requested_at)
    return _places(session, (col(WorkOrderRow.state).in_(ended), at >= since), service, personal)


def _places(session: Session, conditions: tuple[object, ...], service: Service | None, personal: bool) -> list[Place]:  # noqa: FBT001
    query = select(CaseRow, AccountRow.name, AccountRow.premise_address, WorkOrderRow)
    query = query.join(WorkOrderRow, col(WorkOrderRow.case_id) == col(CaseRow.case_id))
    query = query.join(AccountRow, col(AccountRow.account_no) == col(CaseRow.account_no)).where(*conditions)  # type: ignore[arg-type]
    if service is not None:
        query = query.where(WorkOrderRow.service == service.value)
    query = query.order_by(col(WorkOrderRow.requested_at), col(WorkOrderRow.order_id)).limit(SHOWN_MAX)
    rows = session.exec(query.execution_options(populate_existing=True)).all()
    return [Place(case, name if personal else "", addr if personal else "", order) for case, name, addr, order in rows]
