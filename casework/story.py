"""What did a case look like, at the end of a day or now, retold from its timeline?"""

from datetime import date

from sqlmodel import Session

from casework.errors import missing
from domain.account import Snapshot
from domain.case import Case
from domain.take import take
from models.cases import PAGE, case_row, decode, timeline_of
from models.tables import CaseRow


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
    case: Case | None = None
    after = 0
    while entries := timeline_of(session, row.case_id, after=after, limit=PAGE):
        for entry in entries:
            event = decode(session, entry)
            if (through is not None and event.on > through) or (last is not None and event.seq > last):
                return case
            before = case or Case(
                case_id=row.case_id,
                account_no=row.account_no,
                opened_on=event.on,
                known=Snapshot.unread(row.account_no),
            )
            case = take(before, event)
        after = entries[-1].seq
    return case
