"""Everything about one account that a person at the desk needs at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import missing
from casework.outlook import Looked, look
from casework.permissions import Permission
from casework.reasons import imagined
from casework.strangers import introduce
from casework.timeline import Entry, entry_of, may_read
from domain.account import Service, aging
from domain.agenda import agenda, next_step
from domain.case import Case
from domain.facts import Fact
from domain.money import Money, total
from domain.policy import Policy
from domain.position import Position, position
from domain.step import Next
from models.accounts import Personal, personal_of
from models.cases import timeline_of, words_of
from models.contacts import contacts_of
from models.money_out import waiting
from models.tables import (
    AccountRow,
    CaseRow,
    ContactRow,
    DocumentRow,
    LetterRow,
    PaymentRow,
    TaskRow,
    TimelineRow,
    WorkOrderRow,
)

PAYMENTS_SHOWN, LETTERS_SHOWN, ORDERS_SHOWN, LINKED_SHOWN, CONTACTS_SHOWN = 10, 10, 10, 8, 8
ENTRIES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """What one service owes, by age, and whether it is on. *aged* has the keys of `domain.account.aging`."""

    service: Service
    status: str
    since: date | None
    owed: Money
    aged: dict[str, Money]


@dataclass(frozen=True, slots=True)
class Document:
    """A document attached to a case; *title* is none where it may not be read, or its customer's key is destroyed."""

    row: DocumentRow
    title: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person must look at; *about* is none as for `Document.title`."""

    row: TaskRow
    about: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What SQL alone knows of the account. *money_waits*: corrections and refunds that a second person must let."""

    account: AccountRow
    personal: Personal | None
    cases: Sequence[CaseRow]
    payments: Sequence[PaymentRow]
    letters: Sequence[LetterRow]
    orders: Sequence[WorkOrderRow]
    documents: Sequence[Document]
    tasks: Sequence[Task]
    contacts: Sequence[ContactRow]
    money_waits: int
    linked: Sequence[AccountRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """An account as billing and SQL have it now. *row* is its open case, none where it has none.

    The case looked at is then only imagined: what it would be if it were opened now. *items* is what comes next.
    """

    kept: Kept
    row: CaseRow | None
    looked: Looked
    here: Position
    services: Sequence[ServiceLine]
    items: Sequence[Next]

    @property
    def case(self) -> Case:
        return self.looked.case

    @property
    def policy(self) -> Policy:
        return self.looked.policy

    @property
    def now(self) -> datetime:
        return self.looked.now

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Return what stands now, or will: the protections, holds and other facts of account, county and area."""
        return tuple(
            fact
            for fact in self.case.known.facts
            if fact.withdrawn_at is None and (fact.until is None or fact.until > self.now)
        )


async def overview(desk: Desk, account_no: str) -> Overview:
    """Return the account at a glance; refused (404) when there is none of that number."""
    desk.need(Permission.SEE_CASES)
    kept = await desk.read(lambda session: _kept(session, desk, account_no))
    if kept is None:  # billing may know a customer that arrears never saw
        await introduce(desk, account_no)
        kept = await desk.read(lambda session: _kept(session, desk, account_no))
    if kept is None:
        raise missing("account", account_no)
    row = next((case for case in kept.cases if case.closed is None), None)
    looked = await (look(desk, row.case_id) if row else imagined(desk, account_no))
    here = position(looked.case, looked.policy, looked.now)
    return Overview(
        kept=kept,
        row=row,
        looked=looked,
        here=here,
        services=_service_lines(looked.case, here.on),
        items=agenda(looked.case, looked.policy, looked.now) or (next_step(looked.case, looked.policy, looked.now),),
    )


def _service_lines(case: Case, on: date) -> tuple[ServiceLine, ...]:
    services = list(case.known.account.services)
    services += sorted({bill.service for bill in case.known.bills} - set(services))
    lines = []
    for service in services:
        bills = [bill for bill in case.known.bills if bill.service is service]
        state = case.service(service)
        owed = total(bill.open for bill in bills)
        lines.append(ServiceLine(service, state.status, state.since, owed, aging(bills, on)))
    return tuple(lines)


def _kept(session: Session, desk: Desk, account_no: str) -> Kept | None:
    """Return what SQL knows of the account; none if it was never mirrored."""
    account = session.get(AccountRow, account_no, populate_existing=True)
    if account is None:
        return None
    notes, personal = desk.may(Permission.SEE_NOTES), desk.may(Permission.SEE_PERSONAL)
    cases = sorted(
        session.exec(select(CaseRow).where(CaseRow.account_no == account_no)).all(), key=_number, reverse=True
    )
    ids = [case.case_id for case in cases]
    payments = (
        select(PaymentRow).where(PaymentRow.account_no == account_no).order_by(col(PaymentRow.received_at).desc())
    )
    letters = select(LetterRow).where(LetterRow.account_no == account_no).order_by(col(LetterRow.prepared_at).desc())
    orders = (
        select(WorkOrderRow).where(col(WorkOrderRow.case_id).in_(ids)).order_by(col(WorkOrderRow.requested_at).desc())
    )
    documents = (
        select(DocumentRow).where(col(DocumentRow.case_id).in_(ids)).order_by(col(DocumentRow.attached_at).desc())
    )
    tasks = select(TaskRow).where(TaskRow.account_no == account_no, col(TaskRow.done_at).is_(None))
    return Kept(
        account=account,
        personal=personal_of(session, account_no) if personal else None,
        cases=cases,
        payments=session.exec(payments.limit(PAYMENTS_SHOWN)).all(),
        letters=session.exec(letters.limit(LETTERS_SHOWN)).all(),
        orders=session.exec(orders.limit(ORDERS_SHOWN)).all(),
        documents=[
            Document(row, _word(session, row.account_no, row.title, "title") if notes else None)
            for row in session.exec(documents)
        ],
        tasks=[
            Task(row, _word(session, row.account_no, row.about, "about") if notes else None)
            for row in session.exec(tasks.order_by(col(TaskRow.raised_at)))
        ],
        contacts=contacts_of(session, account_no, limit=CONTACTS_SHOWN),
        money_waits=sum(waiting(session, account_no)),
        linked=_linked(session, account) if personal else (),
    )


def _number(case: CaseRow) -> int:
    return int(case.case_id.rpartition("-")[2])


def _word(session: Session, account_no: str, sealed: bytes | None, name: str) -> str | None:
    words = words_of(session, account_no, sealed)
    return None if words is None else words.get(name, "")


def _linked(session: Session, account: AccountRow) -> Sequence[AccountRow]:
    """Return the accounts of the same place: another tenant's, or the same person's."""
    if not account.premise_id:
        return ()
    same = (AccountRow.premise_id == account.premise_id, AccountRow.account_no != account.account_no)
    return session.exec(select(AccountRow).where(*same).order_by(col(AccountRow.account_no)).limit(LINKED_SHOWN)).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Entries of an account's timeline with their case, the latest first. *earlier*: what came before ends here."""

    entries: Sequence[tuple[str, Entry]]
    earlier: tuple[str, int] | None


def timeline_back(
    desk: Desk,
    account_no: str,
    *,
    before: tuple[str, int] | None = None,
    through: date | None = None,
    limit: int = ENTRIES_SHOWN,
) -> Chapter:
    """Return the latest entries of all the account's cases, *through* a day, or before *before* (case, number)."""
    desk.need(Permission.SEE_CASES)

    def ask(session: Session) -> Chapter:
        cases = session.exec(select(CaseRow).where(CaseRow.account_no == account_no)).all()
        ids = [case.case_id for case in sorted(cases, key=_number, reverse=True)]
        ids = ids if before is None else ids[ids.index(before[0]) :] if before[0] in ids else []
        found: list[TimelineRow] = []
        for case_id in ids:
            query = select(TimelineRow).where(TimelineRow.case_id == case_id)
            if before is not None and case_id == before[0]:
                query = query.where(TimelineRow.seq < before[1])
            if through is not None:
                query = query.where(TimelineRow.on <= through)
            found += session.exec(query.order_by(col(TimelineRow.seq).desc()).limit(limit + 1 - len(found))).all()
            if len(found) > limit:
                break
        entries = tuple((row.case_id, entry_of(session, row, notes=may_read(desk, row))) for row in found[:limit])
        last = found[limit - 1] if len(found) > limit else None
        return Chapter(entries=entries, earlier=(last.case_id, last.seq) if last else None)

    return desk.read_now(ask)


def since(desk: Desk, case_id: str, seq: int) -> Sequence[Entry]:
    """Return what happened in the case after event *seq*, at most `ENTRIES_SHOWN`: what is news to who looked then."""
    desk.need(Permission.SEE_CASES)
    return desk.read_now(
        lambda session: [
            entry_of(session, row, notes=may_read(desk, row))
            for row in timeline_of(session, case_id, after=seq, limit=ENTRIES_SHOWN)
        ]
    )
