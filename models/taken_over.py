"""What else stands on record of a case that was taken over: its letters, agreement, orders, leave and remedies?"""

from datetime import datetime

from sqlmodel import Session, select

from domain import events as ev
from domain.case import Approval, Case, Notice
from models.agreements import write_agreement
from models.recorded import Recorded
from models.remedies import write_remedy
from models.tables import ApprovalRow, LetterRow
from models.upsert import insert_new
from models.work import write_order


def project_taken_over(session: Session, recorded: Recorded) -> None:
    """Write what a case that was taken over has others do or agree to, as if its own events had told."""
    match recorded.event.body:
        case ev.CaseTakenOver(case=case):
            _letters(session, recorded, case)
            if case.arrangement is not None:
                write_agreement(session, recorded, case.arrangement)
            for order in case.orders:
                write_order(session, recorded, order)
            for approval in case.approvals:
                insert_new(session, ApprovalRow, _leave(recorded, approval))
            for remedy in case.remedies:
                write_remedy(session, recorded, remedy)


def _letters(session: Session, recorded: Recorded, case: Case) -> None:
    """Write the letters that stand, but for those that the folder's own list of letters sent holds."""
    sent = select(LetterRow.receipt).where(LetterRow.account_no == recorded.account_no, LetterRow.receipt != "")
    known = set(session.exec(sent).all())
    for place, notice in (("reminder", case.reminder), ("notice", case.notice)):
        if notice is not None and (not notice.letter or notice.letter not in known):
            insert_new(session, LetterRow, _letter(recorded, place, notice))


def _letter(recorded: Recorded, place: str, notice: Notice) -> dict[str, object]:
    services = sorted({bill.ref.rpartition("/")[2] for bill in notice.bills})
    at = recorded.event.at
    served = datetime.combine(notice.served_on, at.timetz())
    return {
        "letter_id": f"{recorded.case_id}-{place}",
        "case_id": recorded.case_id,
        "account_no": recorded.account_no,
        "kind": notice.kind,
        "service": services[0] if len(services) == 1 else None,
        "amount_cents": notice.amount.cents,
        "prepared_at": min(served, at),
        "mailed_on": None if notice.awaited else notice.served_on,
        "receipt": notice.letter,
        "state": "handed_over" if notice.awaited else "returned" if notice.returned_on else "mailed",
        "returned_on": notice.returned_on,
        "returned_because": "",
    }


def _leave(recorded: Recorded, approval: Approval) -> dict[str, object]:
    return {
        "approval_id": approval.approval_id,
        "case_id": recorded.case_id,
        "act": approval.act,
        "state": approval.state.value,
        "service": approval.service.value if approval.service else None,
        "asked_by": approval.asked_by,
        "asked_at": approval.asked_at,
        "decided_by": approval.decided_by,
        "lapses_at": approval.lapses_at,
        "amount_cents": approval.amount.cents,
        "decision": approval.decision,
    }
