"""Which files go to the State, the county auditor and the county clerk: set-off claims, certified charges, liens?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import missing
from casework.holding import need_released
from casework.permissions import Permission
from casework.story import retold, the_row
from domain import events as ev
from domain import parameters as p
from domain.case import Case
from domain.facts import FactKind, on_file
from domain.policy import Policy
from domain.remedy import Remedy, RemedyKind, RemedyState
from formats.property import (
    CertifiedLine,
    LienLine,
    SetoffLine,
    write_certified,
    write_liens,
    write_setoffs,
)
from models.accounts import Personal, personal_of
from models.cases import decode, timeline_of
from models.exports import keep_export
from models.tables import ExportRow, RemedyRow

_PURPOSE = "unpaid municipal utility charges"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filed:
    """A remedy as it was handed in, with what the line of its file needs."""

    row: RemedyRow
    remedy: Remedy
    case: Case
    personal: Personal

    @property
    def services(self) -> str:
        return "|".join(self.remedy.services)


def export_filed(desk: Desk, kind: RemedyKind) -> ExportRow | None:
    """Write the file of all that stands of *kind* today; none when nothing does. Unchanged, it is the same file.

    Raises:
        Refused: *kind* is not filed by a list.
    """
    desk.need(Permission.SEND_MONEY)
    need_released(desk)
    if kind not in _WRITERS:
        raise missing("filing", kind)
    policy, today = desk.policy(), desk.today()

    def write(session: Session) -> ExportRow | None:
        filed = [_filed(session, row) for row in _standing(session, kind)]
        if not filed:
            return None
        return keep_export(
            session,
            _WRITERS[kind](filed, policy),
            kind=kind.value,
            file_name=f"{kind}-{today}.csv",
            entries=len(filed),
            cents=sum(each.remedy.amount.cents for each in filed),
            on=today,
            at=desk.now,
            by=desk.person.username,
        )

    return desk.write_now(write)


def _standing(session: Session, kind: RemedyKind) -> Sequence[RemedyRow]:
    query = select(RemedyRow).where(RemedyRow.kind == kind.value, RemedyRow.state == RemedyState.STANDING.value)
    return session.exec(query.order_by(col(RemedyRow.remedy_id))).all()


def _filed(session: Session, row: RemedyRow) -> _Filed:
    for entry in timeline_of(session, row.case_id, limit=10_000):
        body = decode(session, entry).body
        told: tuple[Remedy, ...] = (body.remedy,) if isinstance(body, ev.RemedyStands) else ()
        told = body.case.remedies if isinstance(body, ev.CaseTakenOver) else told
        remedy = next((each for each in told if each.remedy_id == row.remedy_id), None)
        if remedy is not None:
            case = retold(session, the_row(session, row.case_id), last=entry.seq)
            assert case is not None, "a case whose remedy stands was opened"
            return _Filed(row=row, remedy=remedy, case=case, personal=personal_of(session, row.account_no))
    raise AssertionError(f"{row.remedy_id} stands, and its case tells of it")


def _setoffs(filed: Sequence[_Filed], policy: Policy) -> bytes:
    lines = [
        SetoffLine(
            claim_id=each.remedy.remedy_id,
            account_no=each.case.account_no,
            debtor_name=each.personal.name,
            address=each.personal.written_to[0],
            zip=each.personal.written_to[1],
            services=each.services,
            debt_on=min(bill.due_on for bill in each.remedy.bills),
            debt_cents=each.remedy.amount.cents,
            claimed_on=each.remedy.since,
            notice_by=each.remedy.since + timedelta(days=policy.at(p.RECAPTURE_NOTICE_DAYS, each.remedy.since)),
        )
        for each in filed
    ]
    last = max(each.remedy.since for each in filed)
    return write_setoffs(lines, least_cents=policy.at(p.RECAPTURE_MIN, last))


def _certified(filed: Sequence[_Filed], policy: Policy) -> bytes:
    lines = []
    for each in filed:
        hearings = on_file(each.case.known.facts, FactKind.TAX_HEARING)
        lines.append(
            CertifiedLine(
                certification_id=each.remedy.remedy_id,
                account_no=each.case.account_no,
                parcel=each.personal.premise_id,
                address=each.personal.premise_address,
                services=each.services,
                hearing_on=policy.calendar.day(hearings[-1].starts) if hearings else None,
                amount_cents=each.remedy.amount.cents,
                certified_on=each.remedy.since,
            )
        )
    last = max(each.remedy.since for each in filed)
    return write_certified(lines, services=[str(name) for name in policy.at(p.CERTIFY_SERVICES, last)])


def _liens(filed: Sequence[_Filed], policy: Policy) -> bytes:
    lines = []
    for each in filed:
        bills = {bill.ref: bill for bill in each.case.known.bills}
        # Of a lien taken over from another record, bills may be paid and gone: their due dates stand for them.
        days = [bills[bill.ref].bill_on if bill.ref in bills else bill.due_on for bill in each.remedy.bills]
        lines.append(
            LienLine(
                lien_id=each.remedy.remedy_id,
                account_no=each.case.account_no,
                parcel=each.personal.premise_id,
                address=each.personal.premise_address,
                owner=each.personal.name,
                services=each.services,
                purpose=_PURPOSE,
                charged_from=min(days),
                charged_through=max(days),
                amount_cents=each.remedy.amount.cents,
                interest_pct=str(policy.at(p.LIEN_INTEREST_PCT, each.remedy.since)),
                filed_on=each.remedy.since,
            )
        )
    return write_liens(lines)


_WRITERS: Mapping[RemedyKind, Callable[[Sequence[_Filed], Policy], bytes]] = {
    RemedyKind.SETOFF: _setoffs,
    RemedyKind.CERTIFICATION: _certified,
    RemedyKind.LIEN: _liens,
}
