"""Which cases on record would a changed policy pack have led elsewhere?"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.permissions import Permission
from domain.policy import Policy
from models.cases import events_of
from models.policies import policy_with
from models.tables import CaseRow
from simulator.backtest import Difference, first_difference


def cases_on_record(desk: Desk) -> Sequence[str]:
    """Return the ids of all cases, open and closed."""
    desk.need(Permission.SEE_CASES)
    return desk.read_now(lambda session: session.exec(select(CaseRow.case_id).order_by(col(CaseRow.case_id))).all())


def parted(desk: Desk, case_id: str, changed: Policy) -> Difference | None:
    """Return where *changed* first parts from what is on record of the case; none where it never does."""
    desk.need(Permission.SEE_CASES)

    def told(session: Session) -> Difference | None:
        row = session.get_one(CaseRow, case_id)
        return first_difference(
            case_id,
            row.account_no,
            events_of(session, case_id),
            packs=lambda digest: policy_with(session, digest),
            changed=changed,
            until=desk.now,
        )

    return desk.read_now(told)
