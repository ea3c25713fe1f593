"""What did a case look like, at the end of a day or now, retold from its timeline?"""

from datetime import date

from sqlmodel import Session

from casework.errors import missing
from casework.memory import Memory
from domain.case import Case
from models.cases import case_row
from models.story import going_on
from models.tables import CaseRow, CustomerKeyRow


def the_row(session: Session, case_id: str) -> CaseRow:
    """Return the case's row in the read model; refused (404) when there is no such case."""
    row = case_row(session, case_id)
    if row is None:
        raise missing("case", case_id)
    return row


def retold(session: Session, row: CaseRow, *, through: date | None = None, last: int | None = None) -> Case | None:
    """Return the case as its events leave it, through the end of the day *through* or the event numbered *last*.

    None if it opened later.

    The same `take` as in the workflow, over the same events: what differs is only the keys of decisions already
    answered. It asks nothing of Temporal, so a case can be looked at while no worker runs.
    """
    return going_on(session, row, None, through=through, last=last)


def retold_lately(session: Session, row: CaseRow, memory: Memory) -> Case | None:
    """Return the case as all its events leave it, reading only those that came since *memory* last retold it."""
    key = session.get(CustomerKeyRow, row.account_no, populate_existing=True)
    key_id = key.key_id if key else b""
    case = going_on(session, row, memory.recall(row.case_id, key_id))
    if case is not None:
        memory.keep(case, key_id)
    return case
