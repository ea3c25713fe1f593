"""How a case shows itself to people: the row of the read model, and the words for what comes next."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.account import balance
from domain.agenda import FAR, instant_of, outlook
from domain.case import Case, ServiceState
from domain.money import Money
from domain.policy import Policy
from domain.position import position
from domain.states import ClosedReason, ServiceStatus, Stage
from domain.step import Step, Wait, Who


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One row of the worklist. *next_at* is when the calendar wakes the case, none when only a change can.

    *waiting_for* is who can move the case on; *task* a stable word for what a person is asked to do, if anything.
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


_GRAVITY = (ServiceStatus.OFF, ServiceStatus.REACTIVATION_PENDING, ServiceStatus.ORDER_PENDING, ServiceStatus.ON)


def view(case: Case, policy: Policy, now: datetime) -> CaseView:
    """Return how *case* shows itself at *now*: where it stands and what comes next, from what it last knew."""
    here = position(case, policy, now)
    coming = outlook(case, policy, now)
    step = coming[0]
    # What a person is asked for is asked of him now, whatever the calendar changes before he has answered.
    asked = next((item for item in coming if isinstance(item, Wait) and item.task), None)
    statuses = {state.status for state in case.services}
    return CaseView(
        case_id=case.case_id,
        account_no=case.account_no,
        seq=case.seq,
        as_of=now,
        stage=case.stage,
        status=next((status for status in _GRAVITY if status in statuses), ServiceStatus.ON),
        services=case.services,
        balance=balance(case.known.bills),
        past_due=here.past_due,
        oldest_due_on=here.late[0].due_on if here.late else None,
        next_step=step.kind if isinstance(step, Step) else "wait",
        next_at=None if instant_of(step) == FAR else instant_of(step),
        next_says=step.says,
        waiting_for=asked.who if asked else step.who if isinstance(step, Wait) else Who.CALENDAR,
        task=asked.task if asked else "",
        assigned_to=case.assigned_to,
        follow_up_on=case.follow_up_on,
        holds=tuple(sorted({fact.kind for fact in case.known.facts if fact.holds(now)})),
        policy=policy.digest,
        closed=case.closed,
    )
