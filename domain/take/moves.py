"""How an event moves a case from stage to stage."""

from dataclasses import replace

from domain.case import (
    DISCONNECTION,
    ApprovalState,
    Case,
    OrderPurpose,
)
from domain.states import Trigger, may_move, move


def moved(case: Case, trigger: Trigger) -> Case:
    return replace(case, stage=move(case.stage, trigger))


def moved_if_lawful(case: Case, trigger: Trigger) -> Case:
    return moved(case, trigger) if may_move(case.stage, trigger) else case


def set_approval(case: Case, approval_id: str, state: ApprovalState) -> Case:
    return decide_approval(case, approval_id, state=state)


def decide_approval(case: Case, approval_id: str, **changes: object) -> Case:
    return replace(
        case,
        approvals=tuple(
            replace(a, **changes) if a.approval_id == approval_id else a  # type: ignore[arg-type]  # keyword names are fixed above
            for a in case.approvals
        ),
    )


def stand_down(case: Case) -> Case:
    """Return to the notice if no disconnection is left in hand, asked for or granted."""
    return case if in_hand(case) else moved_if_lawful(case, Trigger.STAND_DOWN)


def in_hand(case: Case) -> bool:
    pending = case.approval(DISCONNECTION, ApprovalState.ASKED) or case.approval(DISCONNECTION, ApprovalState.GRANTED)
    return bool(pending or case.open_order(OrderPurpose.DISCONNECT) or case.off)
