"""How a case shows itself to people: the row of the read model, and the words for what comes next."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.case import ServiceState
from domain.money import Money
from domain.states import ClosedReason, ServiceStatus, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One row of the worklist. *next_at* is when the calendar wakes the case, none when only a change can.

    *waiting_for* is who can move the case on; *task* is a stable word for what a person is asked to do, empty if nothing.
    """

    case_id: str
    account_no: str
    seq: int
    as_of: datetime
    stage: Stage
    status: ServiceStatus
    services: tuple[ServiceState, ...]
    balance: Money
    past_due: Money
    oldest_due_on: date | None
    next_step: str
    next_at: datetime | None
    next_says: str
    waiting_for: str
    task: str
    assigned_to: str
    follow_up_on: date | None
    holds: tuple[str, ...]
    policy: str
    closed: ClosedReason | None
