"""Which files go to an agency on a day: the debts it is given, the money that the city took on them, and recalls?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import unfit
from casework.holding import need_released
from casework.permissions import Permission
from casework.story import retold
from domain import events as ev
from domain.parameters import AGENCY_NAMES
from domain.remedy import Remedy, RemedyKind, RemedyState
from formats.agency import Action, MessageLine, PlacedLine, write_messages, write_placements
from models.accounts import personal_of
from models.agencies import money_between
from models.cases import case_row, decode, timeline_of
from models.exports import keep_export
from models.payments import paid_since
from models.remedies import US
from models.tables import CaseRow, ExportRow, RemedyRow, TimelineRow

PLACEMENTS, MESSAGES = "agency_placements", "agency_messages"


def export_placements(desk: Desk, agency: str, *, on: date | None = None) -> ExportRow | None:
    """Write the file of the debts given to *agency* on a day, today if not named; none when there are none.

    The same day again is the same file, as long as nothing of it changed.
    """
    desk.need(Permission.SEND_MONEY)
    need_released(desk)
    _need_contract(desk, agency)
    day = on or desk.today()

    def write(session: Session) -> ExportRow | None:
        lines = tuple(_placed(session, row) for row in _placements(session, agency, day))
        cents = sum(line.placed_cents for line in lines)
        data = write_placements(lines)
        file = _File(kind=PLACEMENTS, agency=agency, on=day, data=data, lines=len(lines), cents=cents)
        return _kept(desk, session, file)

    return desk.write_now(write)


def export_messages(desk: Desk, agency: str, *, on: date | None = None) -> ExportRow | None:
    """Write what *agency* is told of a day: money on its debts and recalls; none when there is nothing to tell."""
    desk.need(Permission.SEND_MONEY)
    need_released(desk)
    _need_contract(desk, agency)
    day = on or desk.today()

    def write(session: Session) -> ExportRow | None:
        lines = (*_money(session, agency, day), *_recalls(session, agency, day))
        cents = sum(line.amount_cents for line in lines)
        data = write_messages(lines)
        return _kept(
            desk, session, _File(kind=MESSAGES, agency=agency, on=day, data=data, lines=len(lines), cents=cents)
        )

    return desk.write_now(write)


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    kind: str
    agency: str
    on: date
    data: bytes
    lines: int
    cents: int


def _kept(desk: Desk, session: Session, file: _File) -> ExportRow | None:
    if not file.lines:
        return None
    return keep_export(
        session,
        file.data,
        kind=file.kind,
        file_name=f"{file.kind}-{file.agency}-{file.on}.csv",
        entries=file.lines,
        cents=file.cents,
        on=file.on,
        at=desk.now,
        by=desk.person.username,
    )


def _need_contract(desk: Desk, agency: str) -> None:
    """Refuse an agency that the pack does not name and that never held a debt: a mistyped name is no empty day."""
    names = tuple(str(name) for name in desk.policy().at(AGENCY_NAMES, desk.today()))
    held = select(RemedyRow.remedy_id).where(RemedyRow.with_whom == agency).limit(1)
    if agency in names or desk.read_now(lambda session: session.exec(held).first()):
        return
    says = f"{agency} is under no contract and never held a debt."
    raise unfit("no-such-agency", "No such agency", says, way_out=f"Name one of {', '.join(names)}.", status=404)


def _placements(session: Session, agency: str, on: date) -> Sequence[RemedyRow]:
    query = select(RemedyRow).where(
        RemedyRow.kind == RemedyKind.PLACEMENT.value,
        RemedyRow.with_whom == agency,
        RemedyRow.since == on,
        RemedyRow.state != RemedyState.DECIDED.value,
    )
    rows = session.exec(query.order_by(col(RemedyRow.remedy_id))).all()
    return [row for row in rows if _was_given(session, row)]


def _was_given(session: Session, row: RemedyRow) -> bool:
    """Say whether the agency ever had the debt: it may have been dropped before it was handed on."""
    dropped = select(TimelineRow).where(TimelineRow.case_id == row.case_id, TimelineRow.type == "remedy_dropped")
    bodies = (decode(session, entry).body for entry in session.exec(dropped))
    return not any(isinstance(body, ev.RemedyDropped) and body.remedy_id == row.remedy_id for body in bodies)


def _placed(session: Session, row: RemedyRow) -> PlacedLine:
    """Return the debt with its itemization: what was owed at the final bill, and what was paid on it since.

    Money of these days is counted to the placed debt first, which is what the customer is not asked for twice.
    """
    held, final_on = _as_handed_on(session, row)
    personal = personal_of(session, row.account_no)
    address, zip_code = personal.written_to
    itemized_on = final_on or max((bill.due_on for bill in held.bills), default=held.since)
    paid = paid_since(session, row.account_no, after=itemized_on, through=held.since).cents
    return PlacedLine(
        placement_id=row.remedy_id,
        account_no=row.account_no,
        name=personal.name,
        address=address,
        zip=zip_code,
        phone=personal.phone,
        language=_language(session, row),
        service_ended_on=final_on,
        itemized_on=itemized_on,
        owed_then_cents=held.amount.cents + paid,
        paid_since_cents=paid,
        placed_cents=held.amount.cents,
        bills=";".join(f"{bill.ref}/{bill.due_on}/{bill.amount.cents}" for bill in held.bills),
    )


def _as_handed_on(session: Session, row: RemedyRow) -> tuple[Remedy, date | None]:
    """Return the remedy as the agency was given it, and the day of the final bill."""
    final_on: date | None = None
    for entry in timeline_of(session, row.case_id, limit=10_000):
        match decode(session, entry).body:
            case ev.FinalBilled():
                final_on = entry.on
            case ev.CaseTakenOver(case=told):
                final_on = told.final.billed_on if told.final else final_on
                held = next((each for each in told.remedies if each.remedy_id == row.remedy_id), None)
                if held is not None:
                    return held, final_on
            case ev.PlacedWithAgency(remedy=remedy) if remedy.remedy_id == row.remedy_id:
                return remedy, final_on
    raise AssertionError(f"{row.remedy_id} was handed on, and its case tells of it")


def _language(session: Session, row: RemedyRow) -> str:
    case: CaseRow | None = case_row(session, row.case_id)
    known = retold(session, case) if case else None
    return known.known.account.language if known else "en"


def _money(session: Session, agency: str, on: date) -> Iterator[MessageLine]:
    for row in money_between(session, on, on):
        remedy = session.get(RemedyRow, row.remedy_id)
        if row.said_by != US or row.agency != agency or remedy is None:
            continue
        yield MessageLine(
            message_id=row.key,
            account_no=row.account_no,
            placement_ref=remedy.ref or row.remedy_id,
            action=Action.DIRECT_PAYMENT if row.gross_cents > 0 else Action.PAYMENT_RETURNED,
            reason="",
            on=row.on,
            amount_cents=row.gross_cents,
            left_cents=remedy.told_cents,
        )


def _recalls(session: Session, agency: str, on: date) -> Iterator[MessageLine]:
    query = select(RemedyRow).where(
        RemedyRow.kind == RemedyKind.PLACEMENT.value,
        RemedyRow.with_whom == agency,
        RemedyRow.ended_on == on,
    )
    for row in session.exec(query.order_by(col(RemedyRow.remedy_id))).all():
        if not _was_given(session, row):
            continue
        yield MessageLine(
            message_id=f"{row.remedy_id}/recall",
            account_no=row.account_no,
            placement_ref=row.ref or row.remedy_id,
            action=Action.RECALL,
            reason="paid" if not row.told_cents else "recalled",
            on=on,
            amount_cents=0,
            left_cents=row.told_cents,
        )
