"""Who may be cut, who is about to be, whom should the crew let be, and who gets service back?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from casework.context import Desk
from casework.permissions import Permission
from domain.account import Service
from domain.case import OPEN_ORDER_STATES, SWITCHING, OrderPurpose, OrderState
from domain.facts import FactKind
from domain.states import PATH, ServiceStatus, Stage
from models.tables import AccountRow, CaseRow, FactRow, WorkOrderRow

SHOWN_MAX = 200
_IN_SERVICE = [str(stage) for stage in (*PATH, Stage.ON_ARRANGEMENT, Stage.IN_BREACH)]
RECOMMEND, APPROVE = "recommend_disconnection", "approve_disconnection"


@dataclass(frozen=True, slots=True)
class Place:
    """A case, where it is, and its work order if it has one; name and address empty for who may not see them.

    *notes*: what a crew must know of the place, as it travels with every order.
    """

    case: CaseRow
    name: str
    address: str
    order: WorkOrderRow | None = None
    notes: tuple[str, ...] = ()

    @property
    def cured(self) -> bool:
        """Say whether nothing is past due any more: a crew that is out for it must be called back."""
        return self.case.past_due_cents <= 0 or self.case.closed is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The day's cuts and reconnections. *to_recommend*: nothing forbids it; *waiting*: something still does.

    *visits*: the looks, readings and notices at the door that are out; *off*: the homes and shops without service.
    """

    to_recommend: Sequence[Place]
    to_approve: Sequence[Place]
    waiting: Sequence[Place]
    cuts: Sequence[Place]
    reconnections: Sequence[Place]
    visits: Sequence[Place]
    off: Sequence[Place]
    done_today: Sequence[Place]
    counts: dict[str, int]


def board(desk: Desk, *, service: Service | None = None) -> Board:
    """Return the board as the record has it now, for one service or for all."""
    desk.need(Permission.SEE_CASES)
    calendar = desk.policy().calendar
    midnight = calendar.at(calendar.day(desk.now), time(0))
    personal, notes_at = desk.may(Permission.SEE_PERSONAL), desk.now if desk.may(Permission.SEE_NOTES) else None
    out = col(WorkOrderRow.state).in_([state.value for state in OPEN_ORDER_STATES])

    def ask(session: Session) -> Board:
        places = partial(_places, session, service=service, personal=personal, notes_at=notes_at)
        cuts = places(WorkOrderRow.purpose == OrderPurpose.DISCONNECT.value, out)
        cases = partial(_cases, session, service=service, personal=personal)
        on = CaseRow.status != ServiceStatus.OFF.value
        noticed = cases(CaseRow.stage == Stage.NOTICED.value, on)
        pending = cases(CaseRow.stage == Stage.DISCONNECTION_PENDING.value, on)
        return Board(
            to_recommend=[place for place in noticed if place.case.task == RECOMMEND],
            to_approve=[place for place in pending if place.case.task == APPROVE],
            off=cases(CaseRow.status == ServiceStatus.OFF.value, col(CaseRow.stage).in_(_IN_SERVICE)),
            waiting=[place for place in noticed if place.case.task != RECOMMEND],
            cuts=cuts,
            reconnections=places(WorkOrderRow.purpose == OrderPurpose.RECONNECT.value, out),
            visits=places(col(WorkOrderRow.purpose).not_in([purpose.value for purpose in SWITCHING]), out),
            done_today=places(*_ended_since(midnight)),
            counts={"cured": sum(place.cured for place in cuts)},
        )

    return desk.read_now(ask)


def _cases(
    session: Session, *conditions: ColumnElement[bool] | bool, service: Service | None, personal: bool
) -> list[Place]:
    query = select(CaseRow, AccountRow.name, AccountRow.premise_address)
    query = query.join(AccountRow, col(AccountRow.account_no) == col(CaseRow.account_no))
    query = query.where(*conditions, col(CaseRow.closed).is_(None))
    if service is not None:
        query = query.where(col(CaseRow.service_names).contains(f"|{service}|"))
    order = (col(CaseRow.priority).desc(), col(CaseRow.score).desc(), col(CaseRow.case_id).desc())
    rows = session.exec(query.order_by(*order).limit(SHOWN_MAX).execution_options(populate_existing=True)).all()
    return [Place(case, name if personal else "", address if personal else "") for case, name, address in rows]


def _ended_since(since: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    ended = [state.value for state in OrderState if state not in OPEN_ORDER_STATES]
    at = func.coalesce(WorkOrderRow.done_at, WorkOrderRow.acknowledged_at, WorkOrderRow.requested_at)
    return col(WorkOrderRow.state).in_(ended), at >= since


def _places(
    session: Session,
    *conditions: ColumnElement[bool] | bool,
    service: Service | None,
    personal: bool,
    notes_at: datetime | None,
) -> list[Place]:
    query = select(CaseRow, AccountRow.name, AccountRow.premise_address, WorkOrderRow)
    query = query.join(WorkOrderRow, col(WorkOrderRow.case_id) == col(CaseRow.case_id))
    query = query.join(AccountRow, col(AccountRow.account_no) == col(CaseRow.account_no)).where(*conditions)
    if service is not None:
        query = query.where(WorkOrderRow.service == service.value)
    query = query.order_by(col(WorkOrderRow.requested_at), col(WorkOrderRow.order_id)).limit(SHOWN_MAX)
    rows = session.exec(query.execution_options(populate_existing=True)).all()
    notes = safety_notes(session, {case.account_no for case, *_ in rows}, notes_at) if notes_at else {}
    return [
        Place(case, name if personal else "", addr if personal else "", order, notes.get(case.account_no, ()))
        for case, name, addr, order in rows
    ]


def safety_notes(session: Session, account_nos: Iterable[str], at: datetime) -> Mapping[str, tuple[str, ...]]:
    """Return by account what a crew must know at *at* before it goes there: noted of the account or of its place."""
    wanted = sorted(account_nos)
    query = select(AccountRow.account_no, FactRow.details).join(
        FactRow,
        or_(
            col(FactRow.account_no) == col(AccountRow.account_no),
            (col(FactRow.premise_id) == col(AccountRow.premise_id)) & (col(AccountRow.premise_id) != ""),
        ),
    )
    query = query.where(FactRow.kind == FactKind.SAFETY_NOTE.value, col(AccountRow.account_no).in_(wanted))
    query = query.where(FactRow.starts <= at, col(FactRow.withdrawn_at).is_(None))
    query = query.where(col(FactRow.until).is_(None) | (col(FactRow.until) > at))
    found: dict[str, set[str]] = {}
    for account_no, details in session.exec(query):
        found.setdefault(account_no, set()).add(str(details.get("note", "escort")))
    return {account_no: tuple(sorted(notes)) for account_no, notes in found.items()}
