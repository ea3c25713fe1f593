"""Which work orders, letters, placements, claims and write-offs are on record?"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.permissions import Permission
from domain.remedy import RemedyKind
from domain.states import Stage
from models.tables import CaseRow, LetterRow, RemedyRow, WorkOrderRow

PAGE = 200

PLACED = (RemedyKind.PLACEMENT,)
CLAIMED = (RemedyKind.CLAIM, RemedyKind.JUDGMENT)
ON_PROPERTY = (RemedyKind.SETOFF, RemedyKind.CERTIFICATION, RemedyKind.LIEN)
WRITTEN_OFF = (Stage.WRITTEN_OFF,)


def work_orders(
    desk: Desk, *, state: str | None = None, case_id: str | None = None, after: str = "", limit: int = PAGE
) -> Sequence[WorkOrderRow]:
    """Return work orders by id, those of the outside too (*ours* tells), above *after*."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[WorkOrderRow]:
        query = select(WorkOrderRow).where(WorkOrderRow.order_id > after)
        if state is not None:
            query = query.where(WorkOrderRow.state == state)
        if case_id is not None:
            query = query.where(WorkOrderRow.case_id == case_id)
        return session.exec(query.order_by(col(WorkOrderRow.order_id)).limit(limit)).all()

    return desk.read_now(ask)


def letters(desk: Desk, *, case_id: str | None = None, after: str = "", limit: int = PAGE) -> Sequence[LetterRow]:
    """Return letters by id, above *after*."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[LetterRow]:
        query = select(LetterRow).where(LetterRow.letter_id > after)
        if case_id is not None:
            query = query.where(LetterRow.case_id == case_id)
        return session.exec(query.order_by(col(LetterRow.letter_id)).limit(limit)).all()

    return desk.read_now(ask)


def remedies(
    desk: Desk, kinds: Sequence[RemedyKind], *, state: str | None = None, after: str = "", limit: int = PAGE
) -> Sequence[RemedyRow]:
    """Return what is handed on by *kinds*, by id, above *after*; *state* one of `RemedyState`, all if none."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[RemedyRow]:
        query = select(RemedyRow).where(col(RemedyRow.kind).in_([kind.value for kind in kinds]))
        query = query.where(RemedyRow.remedy_id > after)
        if state is not None:
            query = query.where(RemedyRow.state == state)
        return session.exec(query.order_by(col(RemedyRow.remedy_id)).limit(limit)).all()

    return desk.read_now(ask)


def cases_at(desk: Desk, stages: Sequence[Stage], *, after: str = "", limit: int = PAGE) -> Sequence[CaseRow]:
    """Return the cases that stand at one of *stages*, by id, above *after*."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[CaseRow]:
        query = select(CaseRow).where(col(CaseRow.stage).in_([str(stage) for stage in stages]), CaseRow.case_id > after)
        return session.exec(query.order_by(col(CaseRow.case_id)).limit(limit)).all()

    return desk.read_now(ask)
