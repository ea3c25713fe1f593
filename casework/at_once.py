"""What does one decision do in many cases: each effect and each refusal first, then one after the other?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.decisions import Ruling, decide
from casework.errors import Refused, unfit
from casework.permissions import FOR_COMMAND, Permission
from domain import commands as c
from domain.states import Stage
from domain.verdict import Refusal
from models.tables import CaseRow

AT_ONCE_MAX = 100
LISTED_MAX = 200
MANY = c.Assign | c.SetFollowUp | c.AddNote | c.RecallFromAgency | c.ReferToSupervisor
"""What may be decided in many cases with the same words: nothing that hangs on one household's own circumstances."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What the decision would do in one case, or did; or why it would not, or was not."""

    case_id: str
    ruling: Ruling | None = None
    refusal: Refusal | None = None


async def at_once(
    desk: Desk, case_ids: Sequence[str], command: MANY, *, key: str, preview: bool = False
) -> tuple[Effect, ...]:
    """Return what *command* would do, or did, in each case, in the order named; one refused stops no other.

    Each case gets a key of its own from *key*: asked again with the same, those that were done are not done twice.

    Raises:
        Refused: the role may not decide so at all; no case, or more than `AT_ONCE_MAX`, is named.
    """
    desk.need(FOR_COMMAND[type(command)])
    named = tuple(dict.fromkeys(case_ids))
    if not 0 < len(named) <= AT_ONCE_MAX:
        detail = f"{len(named)} cases are named; from 1 to {AT_ONCE_MAX} are decided at once."
        raise unfit("not-so-many", "None, or too many", detail, way_out="Tick fewer, and do the rest after.")
    effects = []
    for case_id in named:
        try:
            effects.append(
                Effect(case_id, await decide(desk, case_id, command, key=f"{key}/{case_id}", preview=preview))
            )
        except Refused as refused:
            effects.append(Effect(case_id, refusal=refused.refusal))
    return tuple(effects)


def candidates(desk: Desk, *, stage: Stage | None = None, whose: str | None = None) -> Sequence[CaseRow]:
    """Return open cases at *stage* and of *whose* (blank: nobody's), the most pressing first."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Sequence[CaseRow]:
        query = select(CaseRow).where(col(CaseRow.closed).is_(None))
        if stage is not None:
            query = query.where(CaseRow.stage == stage)
        if whose is not None:
            query = query.where(CaseRow.assigned_to == whose)
        order = (col(CaseRow.priority).desc(), col(CaseRow.score).desc(), col(CaseRow.case_id))
        return session.exec(query.order_by(*order).limit(LISTED_MAX)).all()

    return desk.read_now(ask)
