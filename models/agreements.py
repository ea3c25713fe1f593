"""How do events change the arrangements and instalments on record?"""

from dataclasses import replace

from sqlalchemy import ColumnElement, ScalarSelect, insert, select, update
from sqlmodel import Session, col, func

from domain import events as ev
from domain.arrangement import BINDING, Arrangement, ArrangementStatus
from models.outbox import put
from models.recorded import Recorded
from models.tables import ArrangementRow, InstalmentRow
from models.upsert import rows_of

SPARE_LATE_FEES = "spare_late_fees"


def project_agreement(session: Session, recorded: Recorded) -> None:
    """Write what an event says of the case's latest arrangement, as `domain.take` takes it."""
    match recorded.event.body:
        case ev.ArrangementAgreed(arrangement=arrangement):
            _agree(session, recorded, arrangement)
        case ev.InstalmentsMet(met=met):
            _meet(session, recorded, met)
        case ev.ArrangementBreached(cure_by=cure_by):
            on = recorded.event.on
            _change(session, recorded, status=ArrangementStatus.BREACHED, breach_noticed_on=on, cure_by=cure_by)
        case ev.BreachCured(undone=undone):
            _change(
                session,
                recorded,
                status=ArrangementStatus.IN_FORCE,
                reinstated=ArrangementRow.reinstated + (0 if undone else 1),
                breach_noticed_on=None,
                cure_by=None,
            )
        case ev.BreachUndone(reinstated=reinstated):
            _change(
                session,
                recorded,
                reinstated=reinstated,
                status=ArrangementStatus.IN_FORCE,
                breach_noticed_on=None,
                cure_by=None,
            )
        case ev.ArrangementSigned():
            _change(session, recorded, signed=True)
        case ev.ArrangementLapsed():
            _change(session, recorded, status=ArrangementStatus.LAPSED)
        case ev.ArrangementDefaulted():
            _change(session, recorded, status=ArrangementStatus.DEFAULTED)
        case ev.ArrangementReopened(arrangement=arrangement, met=met):
            _reopen(session, recorded, arrangement)
            _meet(session, recorded, met)
        case ev.ArrangementCompleted():
            _change(session, recorded, status=ArrangementStatus.COMPLETED)
        case ev.ArrangementCancelled():
            _change(session, recorded, status=ArrangementStatus.CANCELLED)
    _spare(session, recorded)


def _spare(session: Session, recorded: Recorded) -> None:
    """Let billing hear how much stands under an agreement from now on: that brings no late fee meanwhile."""
    match recorded.event.body:
        case ev.ArrangementAgreed() | ev.ArrangementReopened() | ev.InstalmentsMet():
            cents = _left(session, recorded)
        case ev.ArrangementLapsed() | ev.ArrangementDefaulted() | ev.ArrangementCompleted() | ev.ArrangementCancelled():
            cents = 0
        case ev.CaseClosed() if _binds(session, recorded):
            cents = 0
        case _:
            return
    event, key = recorded.event, f"{recorded.id}/late-fees"
    body = {"key": key, "cents": cents, "on": event.on.isoformat(), "at": event.at.isoformat()}
    put(session, key=key, kind=SPARE_LATE_FEES, target=recorded.account_no, body=body, at=event.at)


def _left(session: Session, recorded: Recorded) -> int:
    """Return the cents of the instalments that are not met yet."""
    row = InstalmentRow
    query = select(func.coalesce(func.sum(row.amount_cents), 0)).where(
        col(row.case_id) == recorded.case_id, col(row.arrangement) == _latest(recorded), col(row.met).is_(False)
    )
    return int(rows_of(session, query, {}).scalar_one())


def _binds(session: Session, recorded: Recorded) -> bool:
    """Say whether an agreement of this case still stands: who closes over one lets it go."""
    row = ArrangementRow
    binding = col(row.status).in_([status.value for status in BINDING])
    query = select(col(row.number)).where(col(row.case_id) == recorded.case_id, binding).limit(1)
    return rows_of(session, query, {}).first() is not None


def _agree(session: Session, recorded: Recorded, arrangement: Arrangement) -> None:
    if arrangement.replaces is not None:
        _change(session, recorded, status=ArrangementStatus.REPLACED)
    write_agreement(session, recorded, arrangement)


def write_agreement(session: Session, recorded: Recorded, arrangement: Arrangement) -> None:
    """Write an agreement with its instalments, as it stands."""
    values = {
        "case_id": recorded.case_id,
        "number": arrangement.number,
        "account_no": recorded.account_no,
        "status": arrangement.status.value,
        "agreed_on": arrangement.agreed_on,
        "amount_cents": arrangement.amount.cents,
        "payer": arrangement.payer,
        "signed": arrangement.signed,
        "current_bills_required": arrangement.current_bills_required,
        "met": arrangement.met,
        "reinstated": arrangement.reinstated,
        "breach_noticed_on": arrangement.breach_noticed_on,
        "cure_by": arrangement.cure_by,
    }
    session.exec(insert(ArrangementRow).values(**values))
    instalments = [
        {
            "case_id": recorded.case_id,
            "arrangement": arrangement.number,
            "number": instalment.number,
            "position": position,
            "due_on": instalment.due_on,
            "amount_cents": instalment.amount.cents,
            "met": position <= arrangement.met,
        }
        for position, instalment in enumerate(arrangement.schedule, start=1)
    ]
    if instalments:
        session.exec(insert(InstalmentRow), params=instalments)


def _reopen(session: Session, recorded: Recorded, arrangement: Arrangement) -> None:
    """Put the agreement in force again; in a case linked to the one that made it, it is on record from now on."""
    if session.get(ArrangementRow, (recorded.case_id, arrangement.number), populate_existing=True) is None:
        _agree(session, recorded, replace(arrangement, replaces=None))
    _change(session, recorded, status=ArrangementStatus.IN_FORCE, breach_noticed_on=None, cure_by=None)


def _meet(session: Session, recorded: Recorded, met: int) -> None:
    """Count the leading parts that are paid; fewer than before after a returned payment."""
    if met > 0:
        agreed = col(ArrangementRow.status) == ArrangementStatus.AGREED.value
        _change(session, recorded, only_if=agreed, status=ArrangementStatus.IN_FORCE)
    _change(session, recorded, met=met)
    query = update(InstalmentRow).where(
        col(InstalmentRow.case_id) == recorded.case_id, col(InstalmentRow.arrangement) == _latest(recorded)
    )
    session.exec(query.values(met=col(InstalmentRow.position) <= met))


def _change(
    session: Session, recorded: Recorded, *, only_if: ColumnElement[bool] | None = None, **values: object
) -> None:
    query = update(ArrangementRow).where(
        col(ArrangementRow.case_id) == recorded.case_id, col(ArrangementRow.number) == _latest(recorded)
    )
    if only_if is not None:
        query = query.where(only_if)
    session.exec(query.values(**{name: _plain(value) for name, value in values.items()}))


def _latest(recorded: Recorded) -> ScalarSelect[int]:
    number = func.max(ArrangementRow.number)
    return select(number).where(col(ArrangementRow.case_id) == recorded.case_id).scalar_subquery()


def _plain(value: object) -> object:
    return value.value if isinstance(value, ArrangementStatus) else value
