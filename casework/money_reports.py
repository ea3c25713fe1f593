"""What came of the payment files, what of their money needs a person, and what does every account owe?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from sqlmodel import Session, col, select

from casework.context import Desk
from casework.errors import not_now, unfit
from casework.payment_files import files_between, in_suspense
from casework.permissions import Permission
from casework.summaries import Line
from casework.ways_out import HOUSEHOLD_MOVED, of_file, of_money
from domain.posting import Disposition
from formats.stated import UNKNOWN_SUM
from gateways.errors import Outage, Rejected
from models.households import HOUSEHOLD_ELSEWHERE, known_before
from models.ledger import balances as ledger_balances
from models.payment_files import FileState, lines_of_entries
from models.reconciliation import BreakState, DayState
from models.tables import BreakRow, FileEntryRow, PaymentFileRow, PaymentRow, ReconciliationRow, TaskRow

CREDIT = "credit"  # the service under which unapplied money stands
PART = 500


def file_totals(desk: Desk, through: date | None = None) -> Sequence[Line]:
    """Return a line per file through a day, in the order they came; in cents, total is the sum of the others.

    A refused file is counted by what its lines state; where that cannot be made out, the reason says so.
    """
    desk.need(Permission.SEE_REPORTS)
    return [
        {
            "day": str(row.received_on),
            "file": row.file_name,
            "total": row.total_cents,
            **{str(kind): int(getattr(row, f"{kind}_cents")) for kind in Disposition},
            "reason": f"{row.reason}, sum unknown" if row.detail.endswith(UNKNOWN_SUM) else row.reason,
        }
        for row in files_between(desk, through=through)
    ]


def exceptions(desk: Desk, through: date | None = None) -> Sequence[Line]:
    """Return what needs a person now and arose through a day.

    That is: refused files, money without a place, what billing will not have, unknown return codes, assistance that
    went to another account than its household's before. Each says where it stands and what can be done.
    """
    desk.need(Permission.SEE_REPORTS)
    lines = [*_of_files(desk), *_of_billing(desk), *desk.read_now(_of_households)]
    return lines if through is None else [line for line in lines if str(line["day"]) <= str(through)]


def _of_files(desk: Desk) -> Iterator[Line]:
    files = {file.file_id: file for file in files_between(desk)}
    for file in files.values():
        if file.state == FileState.REFUSED:
            yield _line("refused_file", file.reason, file.file_id, day=file.received_on, cents=file.total_cents) | {
                "file": file.file_name,
                "detail": file.detail,
                "way_out": of_file(file.reason),
            }
    suspended = in_suspense(desk, limit=None)
    lines = desk.read_now(lambda session: lines_of_entries(session, [money.entry_id for money in suspended]))
    for money in suspended:
        kind, file = "suspense_debit" if money.debit else "suspense", files[money.file_id]
        yield _line(kind, money.reason, str(money.entry_id), day=file.received_on, cents=money.cents) | {
            "file": file.file_name,
            "detail": f"{file.file_name}, line {lines[money.entry_id]}" if lines[money.entry_id] else file.file_name,
            "way_out": of_money(money.reason),
        }


def _of_billing(desk: Desk) -> Iterator[Line]:
    rejected = desk.read_now(lambda session: session.exec(select(PaymentRow).where(PaymentRow.rejected != "")).all())
    for payment in rejected:
        yield _line(
            "billing_refuses",
            payment.rejected,
            payment.payment_id,
            day=payment.effective_on,
            cents=payment.amount_cents,
            account_no=payment.account_no,
        )
    unknown = select(TaskRow).where(TaskRow.kind == "unknown_return_code", col(TaskRow.done_at).is_(None))
    for task in desk.read_now(lambda session: session.exec(unknown).all()):
        yield _line(task.kind, "", task.task_id, day=task.raised_at.date(), cents=0, account_no=task.account_no)


def _of_households(session: Session) -> list[Line]:
    query = select(TaskRow).where(TaskRow.kind == HOUSEHOLD_ELSEWHERE, col(TaskRow.done_at).is_(None))
    lines = []
    for task in session.exec(query.order_by(TaskRow.task_id)).all():
        entry = session.get_one(FileEntryRow, int(task.task_id.rpartition("-")[2]))
        file, account_no = session.get_one(PaymentFileRow, entry.file_id), known_before(session, entry)
        line = _line(task.kind, "", task.task_id, day=file.received_on, cents=entry.cents, account_no=entry.account_no)
        detail = f"{file.file_name}, line {entry.line}: before, its household's assistance went to {account_no}"
        lines.append(line | {"file": file.file_name, "detail": detail, "way_out": HOUSEHOLD_MOVED})
    return lines


def _line(kind: str, reason: str, ref: str, *, day: date, cents: int, account_no: str = "") -> Line:
    what: Line = {"kind": kind, "day": str(day), "reason": reason, "ref": ref, "account_no": account_no, "cents": cents}
    return {**what, "file": "", "detail": "", "way_out": ""}


def bank_days(desk: Desk, through: date | None = None) -> Sequence[Line]:
    """Return each day through a day that was reconciled, with its open breaks: made good since, it is tied."""
    desk.need(Permission.SEE_REPORTS)
    query = select(ReconciliationRow).order_by(col(ReconciliationRow.on))
    if through:
        query = query.where(ReconciliationRow.on <= through)
    days = desk.read_now(lambda session: session.exec(query).all())
    stand = Counter(str(each["day"]) for each in breaks(desk) if each["state"] == BreakState.OPEN)
    left = Counter(str(each["day"]) for each in breaks(desk) if each["state"] != BreakState.CLEARED)
    return [
        {
            "day": str(row.on),
            "state": row.state if left[str(row.on)] or row.state == DayState.CLOSED else str(DayState.TIED),
            "open_breaks": stand[str(row.on)],
            "closed_by": row.closed_by,
        }
        for row in days
    ]


def breaks(desk: Desk, through: date | None = None) -> Sequence[Line]:
    """Return where two books differed through a day, with the days since, who has it and how it was explained."""
    desk.need(Permission.SEE_REPORTS)
    query, today = select(BreakRow).order_by(col(BreakRow.on), BreakRow.break_id), desk.today()
    if through:
        query = query.where(BreakRow.on <= through)
    return [
        {
            "day": str(row.on),
            "break": row.break_id,
            "ours": row.ours_cents,
            "theirs": row.theirs_cents,
            "state": row.state,
            "age_days": ((row.cleared_on or today) - row.on).days,
            "assigned_to": row.assigned_to,
            "explanation": row.explanation,
        }
        for row in desk.read_now(lambda session: session.exec(query).all())
    ]


def ledger(desk: Desk) -> Sequence[Line]:
    """Return what stands on each account of the ledger."""
    desk.need(Permission.SEE_REPORTS)
    found = desk.read_now(ledger_balances)
    return [{"account": str(account), "balance_cents": money.cents} for account, money in found.items()]


async def balances(desk: Desk, *, as_of: date | None = None) -> Sequence[Line]:
    """Return what each account owes per service at the close of *as_of*, as billing has it; nothing owed has no line.

    Raises:
        Refused: billing does not know the day, or does not answer.
    """
    desk.need(Permission.SEE_REPORTS)
    try:
        return await _balances(desk, as_of)
    except Outage as outage:
        raise not_now("billing-out", "Billing does not answer", str(outage), status=503) from outage
    except Rejected as rejection:
        raise unfit("no-such-day", "Billing does not say", rejection.detail, way_out="Ask for another day.") from None


async def _balances(desk: Desk, as_of: date | None) -> list[Line]:
    account_nos = await desk.at.systems.billing.account_nos()
    lines: list[Line] = []
    for start in range(0, len(account_nos), PART):
        for answer in await desk.at.systems.billing.open_bills_of(account_nos[start : start + PART], as_of=as_of):
            owed: Counter[str] = Counter()
            for bill in answer.bills:
                owed[str(bill.service)] += bill.open.cents
            if answer.credit.cents:
                owed[CREDIT] = answer.credit.cents
            lines += [
                {"account_no": answer.account_no, "service": service, "balance_cents": cents}
                for service, cents in owed.items()
            ]
    return lines
