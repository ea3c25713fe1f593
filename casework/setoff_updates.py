"""What is the State told on a day of the claims that stand with it: what is left of each, and which are released?"""

from datetime import date

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.holding import need_released
from casework.permissions import Permission
from domain import events as ev
from domain.events import Event
from domain.remedy import RemedyKind
from formats.property import SetoffUpdateLine, UpdateAction, write_setoff_updates
from models.cases import decode
from models.exports import keep_export
from models.tables import ExportRow, RemedyRow, TimelineRow

UPDATES = "setoff_updates"
_TYPES = ("remedy_told", "remedy_ended")


def export_updates(desk: Desk, *, on: date | None = None) -> ExportRow | None:
    """Write what the State is told of a day, today if not named; none when nothing of its claims has changed.

    The same day again is the same file. A claim that changed more than once has a line for each change, in order.
    """
    desk.need(Permission.SEND_MONEY)
    need_released(desk)
    day = on or desk.today()

    def write(session: Session) -> ExportRow | None:
        lines = _lines(session, day)
        if not lines:
            return None
        return keep_export(
            session,
            write_setoff_updates(lines),
            kind=UPDATES,
            file_name=f"setoff-updates-{day}.csv",
            entries=len(lines),
            cents=sum(line.left_cents for line in lines),
            on=day,
            at=desk.now,
            by=desk.person.username,
        )

    return desk.write_now(write)


def _lines(session: Session, on: date) -> list[SetoffUpdateLine]:
    query = select(TimelineRow).where(col(TimelineRow.type).in_(_TYPES), TimelineRow.on == on)
    rows = session.exec(query.order_by(col(TimelineRow.at), col(TimelineRow.case_id), col(TimelineRow.seq))).all()
    lines = (_line(session, row, decode(session, row)) for row in rows)
    return [line for line in lines if line is not None]


def _line(session: Session, row: TimelineRow, event: Event) -> SetoffUpdateLine | None:
    match event.body:
        case ev.RemedyTold(remedy_id=remedy_id, left=left):
            action, cents = UpdateAction.CHANGE, left.cents
        case ev.RemedyEnded(remedy_id=remedy_id):
            action, cents = UpdateAction.RELEASE, 0
        case _:
            return None
    remedy = session.get(RemedyRow, remedy_id)
    if remedy is None or remedy.kind != RemedyKind.SETOFF.value:
        return None
    return SetoffUpdateLine(
        update_id=f"{row.case_id}/{row.seq}",
        account_no=row.account_no,
        claim_id=remedy_id,
        action=action,
        left_cents=cents,
        told_on=event.on,
    )
