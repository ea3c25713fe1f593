"""How do events change the remedies on record: what an agency, a court, the State or the tax roll holds?"""

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from domain import events as ev
from domain.money import Money
from domain.remedy import Remedy, RemedyKind, RemedyState
from models.recorded import Recorded
from models.tables import AgencyMoneyRow, RemedyRow
from models.upsert import upsert

US, CITY, AGENCY = "us", "city", "agency"
"""Who says that money came, and who took it."""


def project_remedy(session: Session, recorded: Recorded) -> None:
    """Write what an event says of a remedy, as `domain.take` takes it."""
    ended = RemedyState.ENDED.value
    match recorded.event.body:
        case (
            ev.RemedyDecided(remedy=remedy)
            | ev.PlacedWithAgency(remedy=remedy)
            | ev.ClaimFiled(remedy=remedy)
            | ev.RemedyStands(remedy=remedy)
        ):
            write_remedy(session, recorded, remedy)
        case ev.RemedyTold(remedy_id=remedy_id, left=left) as told:
            _change(session, remedy_id, told_cents=left.cents)
            _count(session, recorded, told)
        case ev.HearingHeld(remedy_id=remedy_id, next_on=next_on):
            _change(session, remedy_id, due_on=next_on)
        case ev.JudgmentEntered(remedy_id=remedy_id, amount=amount, costs=costs, final_on=final_on):
            won: dict[str, object] = {"kind": RemedyKind.JUDGMENT.value, "amount_cents": (amount + costs).cents}
            _change(session, remedy_id, **won, due_on=final_on)
        case ev.RemedyDropped(remedy_id=remedy_id, because=_):
            _change(session, remedy_id, state=ended, ended_on=recorded.event.on)
        case (
            ev.RecalledFromAgency(remedy_id=remedy_id)
            | ev.ClaimEnded(remedy_id=remedy_id)
            | ev.RemedyEnded(remedy_id=remedy_id)
        ):
            _change(session, remedy_id, state=ended, ended_on=recorded.event.on)


def write_remedy(session: Session, recorded: Recorded, remedy: Remedy) -> None:
    """Write a remedy as it stands."""
    upsert(session, RemedyRow, _values(recorded, remedy))


def _count(session: Session, recorded: Recorded, told: ev.RemedyTold) -> None:
    """Put down what the agency earns by money that the city took; what it took itself, its remittance says."""
    row = session.get(RemedyRow, told.remedy_id)
    if row is None or row.kind != RemedyKind.PLACEMENT.value or told.collected:
        return
    values = {
        "key": f"{recorded.case_id}/{recorded.event.seq}",
        "account_no": recorded.account_no,
        "remedy_id": told.remedy_id,
        "agency": row.with_whom,
        "on": recorded.event.on,
        "paid_to": CITY,
        "said_by": US,
        "gross_cents": told.change.cents,
        "commission_cents": told.commission.cents,
        "net_cents": -told.commission.cents,
        "batch": "",
    }
    upsert(session, AgencyMoneyRow, values)


def _values(recorded: Recorded, remedy: Remedy) -> dict[str, object]:
    return {
        "remedy_id": remedy.remedy_id,
        "case_id": recorded.case_id,
        "account_no": recorded.account_no,
        "kind": remedy.kind.value,
        "state": remedy.state.value,
        "services": "|".join(remedy.services),
        "amount_cents": remedy.amount.cents,
        "told_cents": remedy.told.cents,
        "since": remedy.since,
        "with_whom": remedy.with_whom,
        "ref": remedy.ref,
        "due_on": remedy.due_on,
        "ended_on": None,
    }


def _change(session: Session, remedy_id: str, **values: object) -> None:
    session.exec(update(RemedyRow).where(col(RemedyRow.remedy_id) == remedy_id).values(**values))


def held_by_agency(session: Session) -> dict[str, Money]:
    """Return what each agency was given and has not sent back, by its name."""
    query = select(RemedyRow.with_whom, func.sum(RemedyRow.told_cents)).group_by(col(RemedyRow.with_whom))
    query = query.where(RemedyRow.kind == RemedyKind.PLACEMENT.value, RemedyRow.state != RemedyState.ENDED.value)
    return {agency: Money(cents or 0) for agency, cents in session.exec(query).all()}
