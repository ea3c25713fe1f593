"""What did a case look like, retold from its timeline; and what goes on from it to the account's next one?"""

from datetime import date

from sqlmodel import Session

from domain.account import Snapshot
from domain.case import Carried, Case
from domain.opening import carried_from
from domain.take import take
from models.cases import PAGE, decode, timeline_of
from models.tables import CaseRow


def going_on(
    session: Session, row: CaseRow, case: Case | None, *, through: date | None = None, last: int | None = None
) -> Case | None:
    """Return *case* (none: the beginning) after its further events, through the day *through* or event *last*."""
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


def carried(session: Session, before: CaseRow) -> Carried | None:
    """Return what goes on from the case *before* to the account's next one."""
    case = going_on(session, before, None)
    return carried_from(case) if case else None
