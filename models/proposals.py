"""What does a proposal made in a case leave in the account's own record?"""

from sqlmodel import Session

from domain import events as ev
from domain import parameters as p
from domain.adjustments import AdjustmentState
from domain.bankruptcy import deposit_stayed
from domain.refunds import RefundState
from models.accounts import account_of
from models.adjustments import let_adjustment, waived
from models.facts import facts_of
from models.outbox import put
from models.policies import in_force
from models.recorded import Recorded
from models.tables import AdjustmentRow, RefundRow
from models.tasks import raise_task

SETTLE_DEPOSIT = "settle_deposit"
APPLY_TASK = "apply_deposit"
APPLY = "apply"


def project_proposal(session: Session, recorded: Recorded) -> None:
    """Write a correction or a refund that was asked for; a final bill asks for the deposit."""
    event = recorded.event
    match event.body:
        case ev.AdjustmentProposed() as asked:
            row = AdjustmentRow(
                adjustment_id=asked.adjustment_id,
                account_no=recorded.account_no,
                case_id=recorded.case_id,
                service=str(asked.service),
                amount_cents=asked.amount.cents,
                reason=str(asked.reason),
                fund=asked.fund,
                about_on=asked.about_on,
                because=recorded.private,
                state=AdjustmentState.PROPOSED,
                asked_by=event.by,
                asked_at=event.at,
            )
            session.add(row)
            session.flush()
            if asked.alone and _first_enough(session, recorded, asked):
                let_adjustment(session, row, by=event.by, alone=True, on=event.on, at=event.at)
        case ev.RefundProposed() as refund:
            session.add(
                RefundRow(
                    refund_id=refund.refund_id,
                    account_no=recorded.account_no,
                    amount_cents=refund.amount.cents,
                    payee=str(refund.payee),
                    because=recorded.private,
                    state=RefundState.PROPOSED,
                    asked_by=event.by,
                    asked_at=event.at,
                )
            )
            session.flush()
        case ev.FinalBilled():
            _deposit(session, recorded)


def _first_enough(session: Session, recorded: Recorded, asked: ev.AdjustmentProposed) -> bool:
    """Say whether no more fees were waived this year than need nobody else; any other correction is let as it is.

    The row written before it holds on to its account, so a waiver at the desk in the same moment has been counted.
    """
    if asked.waivers_alone is None:
        return True
    before = waived(session, recorded.account_no, on=recorded.event.on, at=recorded.event.at)
    return before < asked.waivers_alone


def _deposit(session: Session, recorded: Recorded) -> None:
    """Have the deposit applied, or a person told to, as the pack says (P08); a petition keeps it for counsel."""
    event, account_no = recorded.event, recorded.account_no
    policy = in_force(session)
    stayed = deposit_stayed(facts_of(session, account_of(session, account_no)), event.at) is not None
    if not stayed and policy is not None and policy.at(p.DEPOSIT_AT_FINAL, event.on) == APPLY:
        key, body = (
            f"settle_deposit/{account_no}/{event.on}",
            {"on": event.on.isoformat(), "at": event.at.isoformat()},
        )
        put(session, key=key, kind=SETTLE_DEPOSIT, target=account_no, body=body, at=event.at)
        return
    raise_task(
        session,
        task_id=f"{APPLY_TASK}-{account_no}-{event.on}",
        kind=APPLY_TASK,
        at=event.at,
        account_no=account_no,
        for_role="supervisor" if stayed else "accountant",
    )
