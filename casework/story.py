"""What did a case look like, at the end of a day or now, retold from its timeline?"""

from datetime import date

from sqlmodel import Session

from casework.errors import missing
from casework.memory import Memory
from domain.account import Snapshot
from domain.case import Case
from domain.take import take
from models.cases import PAGE, case_row, decode, timeline_of
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
    return _going_on(session, row, None, through=through, last=last)


def retold_lately(session: Session, row: CaseRow, memory: Memory) -> Case | None:
    """Return the case as all its events leave it, reading only those that came since *memory* last retold it."""
    key = session.get(CustomerKeyRow, row.account_no, populate_existing=True)
    key_id = key.key_id if key else b""
    case = _going_on(session, row, memory.recall(row.case_id, key_id))
    if case is not None:
        memory.keep(case, key_id)
    return case


def _going_on(
    session: Session, row: CaseRow, case: Case | None, *, through: date | None = None, last: int | None = None
) -> Case | None:
    after = case.seq if case else 0
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
