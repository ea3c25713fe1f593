"""Take what a second person was asked and said."""

from dataclasses import replace

from domain import events as ev
from domain.case import (
    Approval,
    ApprovalState,
    Case,
)
from domain.commands import AgreeArrangement, Proposal
from domain.states import Trigger
from domain.take.moves import decide_approval, moved, set_approval, stand_down


def _whole(asked: ev.ApprovalAsked) -> Proposal | None:
    """Return what is proposed, with the words that stand apart from it in the record."""
    if isinstance(asked.proposal, AgreeArrangement):
        return replace(asked.proposal, third_party=asked.third_party, authority=asked.authority)
    return asked.proposal


def take_approval(case: Case, event: ev.Event) -> Case | None:
    match event.body:
        case ev.ApprovalAsked() as asked:
            approval = Approval(
                approval_id=asked.approval_id,
                act=asked.act,
                state=ApprovalState.ASKED,
                asked_by=event.by,
                asked_at=event.at,
                amount=asked.amount,
                decision=asked.decision,
                service=asked.service,
                proposal=_whole(asked),
            )
            return replace(case, approvals=(*case.approvals, approval))
        case ev.ApprovalGranted(approval_id=approval_id, lapses_at=lapses_at):
            return decide_approval(
                case, approval_id, state=ApprovalState.GRANTED, decided_by=event.by, lapses_at=lapses_at
            )
        case ev.ApprovalRejected(approval_id=approval_id):
            return stand_down(
                decide_approval(case, approval_id, state=ApprovalState.REJECTED, decided_by=event.by, lapses_at=None)
            )
        case ev.ApprovalLapsed(approval_id=approval_id):
            return stand_down(set_approval(case, approval_id, ApprovalState.LAPSED))
        case ev.DisconnectionRecommended():
            return moved(case, Trigger.RECOMMEND)
        case _:
            return None
