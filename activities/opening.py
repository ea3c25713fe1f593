"""How does an account's next case begin, linked to the one before, whoever asks for it?"""

from datetime import datetime

from sqlmodel import Session
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.messages import TASK_QUEUE, CaseStart, Opening, case_workflow_id
from domain.case import Case
from domain.opening import opening_stage, services_off
from models.accounts import account_of
from models.cases import last_case_of, next_case_id, open_case_of
from models.facts import facts_of
from models.incidents import strikes_left
from models.story import carried


def next_opening(session: Session, account_no: str, *, now: datetime, because: str) -> Opening | None:
    """Return how the account's next case begins, under its next number; none while the account has an open one."""
    if open_case_of(session, account_no) is not None:
        return None
    before, account = last_case_of(session, account_no), account_of(session, account_no)
    facts = facts_of(session, account)
    return Opening(
        case_id=next_case_id(session, account_no),
        account_no=account_no,
        stage=opening_stage(account, facts, now),
        off=services_off(facts, now),
        linked_to=before.case_id if before else "",
        carried=carried(session, before) if before else None,
        because=because,
        told=strikes_left(session, account_no, now=now),
        spread_by=account_no,
    )


async def start_case(client: Client, opening: Opening, case: Case | None = None) -> bool:
    """Start the case, or let *case* go on from where it stands; false when the account has one by now."""
    try:
        await client.start_workflow(
            "CollectionsCase",
            CaseStart(opening=opening, case=case, told=opening.told, heard=tuple(each.key for each in opening.told)),
            id=case_workflow_id(opening.account_no),
            task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            static_summary=f"Case {opening.case_id}",
        )
    except WorkflowAlreadyStartedError:
        return False
    return True
