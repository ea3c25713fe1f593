"""Was a cut of a case that is closed by now wrong, as something that was learned since shows?

Of an open case its workflow asks; a closed one has none.
"""

from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from domain import events as ev
from domain.account import AccountStatus
from domain.case import Case, OrderPurpose, OrderState
from domain.policy import Policy
from domain.wrongful import FoundWrong, found_wrong, of_ended
from models.accounts import account_of
from models.codec import write_words
from models.facts import facts_of
from models.incidents import incident_of, strike_of, take_fees_back, write_incident
from models.outbox import tell
from models.policies import active_digest, policy_with
from models.story import going_on
from models.tables import CaseRow, TaskRow, WorkOrderRow
from models.upsert import insert_new
from models.vault import seal


def look_back(session: Session, account_no: str, now: datetime) -> None:
    """Find every cut of the account's closed cases that is known by now to have been wrong: each is told of once.

    Supervisor and counsel get their tasks, what the cut has cost is taken back, and the account's open case, which
    counts what happened in those before it, is told to count it no more; without one, the next case is told. Nothing
    goes out to the place or the customer by itself: of an account that has ended nobody here knows who lives there.
    """
    order, row = WorkOrderRow, CaseRow
    cut = select(order.case_id).where(
        order.account_no == account_no,
        order.purpose == OrderPurpose.DISCONNECT.value,
        order.state == OrderState.COMPLETED.value,
    )
    query = select(row).where(col(row.case_id).in_(cut), col(row.closed).is_not(None))
    rows = session.exec(query.order_by(col(row.case_id))).all()
    if not rows:
        return
    policy = policy_with(session, active_digest(session))
    facts = facts_of(session, account_of(session, account_no))
    for each in rows:
        case = going_on(session, each, None)
        if case is None:
            continue
        looking = case.looking(replace(case.known, facts=facts))
        while found := found_wrong(looking, policy):
            _tell(session, case, found, policy, now)
            looking = _noted(looking, found)


def _noted(case: Case, found: FoundWrong) -> Case:
    """Return *case* with the cut that was found wrong set aside, so that the next one is looked at."""
    noted = replace(found.order, found_wrong=" ".join(outcome.rule for outcome in found.outcomes))
    orders = (noted if order.order_id == noted.order_id else order for order in case.orders)
    return replace(case, orders=tuple(orders))


def _tell(session: Session, case: Case, found: FoundWrong, policy: Policy, now: datetime) -> None:
    wrong = ev.CutFoundWrong(
        order_id=found.order.order_id,
        service=found.order.service,
        rules=tuple(outcome.rule for outcome in found.outcomes),
        facts=found.facts,
        cut_at=found.cut_at,
        because=found.outcomes[0].says,
    )
    on: date = policy.calendar.day(now)
    ended = account_of(session, case.account_no).status is not AccountStatus.ACTIVE
    about = of_ended(wrong.because) if ended else wrong.because
    if not write_incident(session, wrong, case_id=case.case_id, account_no=case.account_no, at=now, on=on):
        return
    for kind in ("wrong_cut", "tell_counsel"):
        values = {
            "task_id": f"{incident_of(wrong.order_id)}/{kind}",
            "case_id": case.case_id,
            "account_no": case.account_no,
            "kind": kind,
            "about": seal(session, case.account_no, write_words({"about": about})),
            "urgent": True,
            "raised_at": now,
            "for_role": "supervisor",
        }
        insert_new(session, TaskRow, values)
    take_fees_back(session, case, found.order, on=on, now=now)
    tell(session, account_no=case.account_no, told=strike_of(wrong.order_id, now), at=now)
