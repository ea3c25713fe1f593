"""What waits for a second person, on which record, and what do they say?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.decisions import Ruling, decide
from casework.errors import missing
from casework.permissions import FOR_ACT, Permission
from domain.case import ApprovalState
from domain.commands import Approve, Reject
from domain.verdict import Certificate
from domain.view import CaseView
from models.codec import read_certificate
from models.tables import ApprovalRow, CaseRow, TimelineRow

OPEN_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An approval asked for: the request, the case as the worklist shows it, and the evidence it was asked on.

    *mine_to_decide*: the person who looks holds the role and did not ask for it themselves.
    """

    row: ApprovalRow
    case: CaseView
    certificate: Certificate | None
    mine_to_decide: bool


def open_approvals(desk: Desk) -> tuple[Pending, ...]:
    """Return what is asked for and not yet decided, oldest first."""
    desk.need(Permission.SEE_APPROVALS)
    return desk.read_now(lambda session: tuple(_pending(desk, session, *pair) for pair in _asked(session)))


def _asked(session: Session) -> Sequence[tuple[ApprovalRow, CaseRow]]:
    query = select(ApprovalRow, CaseRow).join(CaseRow, col(CaseRow.case_id) == col(ApprovalRow.case_id))
    query = query.where(ApprovalRow.state == ApprovalState.ASKED.value)
    return session.exec(query.order_by(col(ApprovalRow.asked_at), col(ApprovalRow.approval_id)).limit(OPEN_MAX)).all()


def _pending(desk: Desk, session: Session, row: ApprovalRow, case: CaseRow) -> Pending:
    # A decision's events are keyed by its own key and counted from 1; the evidence stands with the first.
    first = select(TimelineRow).where(TimelineRow.case_id == row.case_id, TimelineRow.key == f"{row.decision}/1")
    event = session.exec(first).first()
    mine = desk.may(FOR_ACT.get(row.act, Permission.APPROVE)) and row.asked_by != desk.person.username
    return Pending(
        row=row,
        case=case.to_domain(),
        certificate=read_certificate(event.certificate) if event else None,
        mine_to_decide=mine,
    )


async def approve(desk: Desk, approval_id: str, *, key: str) -> Ruling:
    """Give leave, as a second person; the case looks again and asks the gate once more before it takes it."""
    case_id = await desk.read(lambda session: _decidable(desk, session, approval_id))
    return await decide(desk, case_id, Approve(approval_id=approval_id), key=key)


async def preview_approval(desk: Desk, approval_id: str) -> Ruling:
    """Return what would follow if leave were given now; nothing is sent and nothing stored."""
    case_id = await desk.read(lambda session: _decidable(desk, session, approval_id))
    return await decide(desk, case_id, Approve(approval_id=approval_id), key="preview", preview=True)


async def reject(desk: Desk, approval_id: str, *, because: str, key: str) -> Ruling:
    """Refuse leave, with the reason."""
    case_id = await desk.read(lambda session: _decidable(desk, session, approval_id))
    return await decide(desk, case_id, Reject(approval_id=approval_id, because=because), key=key)


def _decidable(desk: Desk, session: Session, approval_id: str) -> str:
    """Return the case of the approval, refusing a role that may not decide on its act."""
    row = session.get(ApprovalRow, approval_id)
    if row is None:
        raise missing("approval", approval_id)
    desk.need(FOR_ACT.get(row.act, Permission.APPROVE))
    return row.case_id
