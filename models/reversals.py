"""How is a whole payment file taken back: which sums compensate it, and what may come again afterwards?

Nothing of the file is deleted. Money that came in by it goes back, what it took back comes in again, what it held in
suspense leaves it, and its lumps and bank lines are undone in the ledger. The file itself can then be sent again, put
right: its traces are known no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from sqlmodel import Session, col, delete, select, update

from domain.facts import FactKind
from domain.ledger import Posting, PostingKind
from domain.posting import FILE_REVERSED, Disposition, Item, ItemKind, Resolved
from domain.returned import INSTRUMENT_KINDS, Hold, Rate
from models.effects import ask_billing
from models.facts import end_fact
from models.ledger import post, posting_of
from models.payment_files import (
    FileState,
    SuspenseState,
    came_as,
    end_alone,
    payments_called,
    shift,
)
from models.payments import PUT_RIGHT, REINSTATED, RETURN_UNDONE
from models.put_right import CAME, LEFT, note_put_right
from models.tables import (
    BehaviourRow,
    FactRow,
    FileEntryRow,
    PaymentFileRow,
    PaymentRow,
    ReturnedItemRow,
    SettlementRow,
    SuspenseRow,
)
from models.tasks import raise_task

KIND: Final = "reversal"
UNDONE_RETURN: Final = "return_undone"  # a person looks whether the instrument, or cash only, is to be lifted


@dataclass(slots=True)
class Compensation:
    """The sums that take *file* back on *on*, and whose accounts they name."""

    session: Session
    file: PaymentFileRow
    on: date
    at: datetime
    asked_by: str = ""
    approved_by: str = ""
    items: list[Item] = field(default_factory=list)
    accounts: dict[str, Resolved] = field(default_factory=dict)


def compensate(
    session: Session, file: PaymentFileRow, *, on: date, at: datetime, asked_by: str = "", approved_by: str = ""
) -> Compensation:
    """Return what takes *file* back; what needs nobody's account is undone at once."""
    made, calls = Compensation(session, file, on, at, asked_by, approved_by), set[tuple[str, str]]()
    query = select(FileEntryRow).where(FileEntryRow.file_id == file.file_id).order_by(col(FileEntryRow.entry_id))
    for entry in session.exec(query).all():
        if not entry.cents:
            continue
        if entry.disposition == Disposition.CLEARING:
            post(session, [_undone(session, f"clearing/{entry.entry_id}", on)], at=at)
        elif entry.kind == ItemKind.RETURN:
            _undo_return(made, entry)
        elif not entry.claims:
            _undo_duplicate(made, entry)
        elif (entry.source, entry.original) not in calls:
            calls.add((entry.source, entry.original))
            _take_back(made, entry)
    _undo_settlements(session, file)
    return made


def _take_back(made: Compensation, entry: FileEntryRow) -> None:
    session = made.session
    call = (entry.source, entry.original)
    came = came_as(session, call)
    payments = payments_called(session, call)
    if payments and all(payment.returned_at for payment in payments):
        return  # it went back already
    if all(each.disposition == Disposition.RETURNED for each in came):
        return
    for payment in payments:
        if payment.returned_at is None:
            _note(made, payment, change=LEFT, since=payment.received_at)
    made.items.append(_back(*call, sum(each.cents for each in came), entry, made.file.file_id))


def _note(made: Compensation, payment: PaymentRow, *, change: str, since: datetime) -> None:
    """Keep that letters counted money of the file which was none, or missed what it had taken back."""
    note_put_right(
        made.session,
        account_no=payment.account_no,
        payment_id=f"{payment.payment_id}~{made.file.file_id}",
        cents=payment.amount_cents,
        change=change,
        since=since,
        at=made.at,
    )


def _undo_duplicate(made: Compensation, entry: FileEntryRow) -> None:
    """Take back money whose trace had come before: held in suspense, or matched by a person since."""
    if entry.disposition == Disposition.SUSPENSE:
        end_alone(made.session, entry, on=made.on, at=made.at)
    elif entry.disposition == Disposition.POSTED:
        made.items.append(_back("suspense", str(entry.entry_id), entry.cents, entry, made.file.file_id))


def _undo_return(made: Compensation, entry: FileEntryRow) -> None:
    """Let the money that a return took back come in again; one that waits for its money waits no more."""
    session, on, at, file_id = made.session, made.on, made.at, made.file.file_id
    if entry.disposition == Disposition.SUSPENSE:
        post(session, [_undone(session, f"suspense/{entry.entry_id}", on)], at=at)
        shift(session, entry, to=Disposition.RETURNED, reason=entry.reason)
        row = session.get_one(SuspenseRow, entry.entry_id)
        row.state, row.done_at = SuspenseState.RETURNED, at
        return
    call = (entry.source, entry.original)
    called = payments_called(session, call)
    payments = [each for each in called if each.returned_at and each.return_reason not in PUT_RIGHT]
    came = [] if called else came_as(session, call)
    for payment in payments:
        _note(made, payment, change=CAME, since=payment.returned_at or at)
        forget_return(session, payment.payment_id, on=on, at=at, asked_by=made.asked_by, approved_by=made.approved_by)
        payment.return_reason = FILE_REVERSED  # a later return is of the money that comes in again now
        made.accounts[payment.account_no] = Resolved(account_no=payment.account_no)
        made.items.append(_again(entry, f"{payment.trace}~{file_id}", payment.account_no, payment.amount_cents))
    for each in came:
        made.accounts[each.written] = Resolved(reason=each.reason)
        made.items.append(_again(entry, f"{each.trace}~{file_id}", each.written, each.cents))
    for each in came_as(session, call):
        each.claims = False
    session.flush()


def forget_return(
    session: Session, payment_id: str, *, on: date, at: datetime, asked_by: str = "", approved_by: str = ""
) -> None:
    """Let a return that was none have no consequence.

    The fee is taken off its own bill; strike, rate and points go, and so do the facts that rested on it; there is no
    other presentment; an instrument that was held is free. What was ended for good is a person's, who gets a task.
    """
    row = session.get(ReturnedItemRow, payment_id, with_for_update=True)
    if row is None:
        return
    charged = posting_of(session, f"nsf/{row.item_id}")
    if row.fee_cents and charged is not None:
        key = f"nsf/{row.item_id}/undone"
        who = {"asked_by": asked_by, "approved_by": approved_by}
        waived = charged.undone(key=key, on=on, reason=FILE_REVERSED, **who)
        waived = replace(waived, kind=PostingKind.FEE_WAIVER)
        amount = {"cents": -row.fee_cents}
        content = {"service": waived.service, "reason": "fee_waived", "amount": amount, "on": on.isoformat()}
        body = {"account_no": row.account_no, "undoes": f"nsf/{row.item_id}", **content}
        if ask_billing(
            session,
            key=key,
            name="adjust",
            account_no=row.account_no,
            body=body,
            about=row.payment_id,
            cents=-row.fee_cents,
            at=at,
        ):
            post(session, [waived], at=at)
    for kind in (FactKind.RETURNED_PAYMENT, FactKind.CASH_ONLY, FactKind.DECEASED):
        _withdraw(session, f"{payment_id}-{kind}", at=at)
    told = BehaviourRow
    session.exec(delete(told).where(col(told.ref) == f"returned/{row.item_id}/{row.account_no}"))
    if Hold.HOLD in {row.instrument, row.autopay}:
        free_instrument(session, row, on=on, at=at)
    if Hold.END in {row.instrument, row.autopay}:
        task_id = f"{UNDONE_RETURN}-{payment_id}"
        raise_task(session, task_id=task_id, kind=UNDONE_RETURN, at=at, account_no=row.account_no)
    row.strike, row.rate, row.fee_cents, row.fee_why = False, str(Rate.NONE), 0, FILE_REVERSED
    row.retry_state = "dropped" if row.retry_state == "due" else row.retry_state
    session.flush()


def _withdraw(session: Session, fact_id: str, *, at: datetime) -> None:
    fact = session.get(FactRow, fact_id)
    if fact is not None:
        end_fact(session, fact_id=fact_id, known_at=at, until=fact.until or fact.starts, withdrawn=True)


def free_instrument(
    session: Session, row: ReturnedItemRow, *, on: date, at: datetime, because: str = RETURN_UNDONE
) -> None:
    """Let the instrument be drawn on again that was held for this return; one that is ended stays so."""
    body = {"account_no": row.account_no, "kind": INSTRUMENT_KINDS.get(row.source, ""), "state": "active"}
    if body["kind"]:
        ask_billing(
            session,
            key=f"instrument/{row.payment_id}/{'released' if because == RETURN_UNDONE else because}",
            name="set_instrument",
            account_no=row.account_no,
            body={**body, "because": because, "on": on.isoformat()},
            about=row.payment_id,
            cents=0,
            at=at,
        )


def _back(source: str, original: str, cents: int, entry: FileEntryRow, file_id: str) -> Item:
    return Item(
        kind=ItemKind.RETURN,
        line=entry.line,
        source=source,
        trace=f"{original}~{file_id}",
        original=original,
        written="",
        cents=cents,
        code=FILE_REVERSED,
    )


def _again(entry: FileEntryRow, trace: str, written: str, cents: int) -> Item:
    return Item(
        kind=ItemKind.RECEIPT,
        line=entry.line,
        source=entry.source,
        trace=trace,
        original=entry.original,
        written=written,
        cents=cents,
        tender=REINSTATED,
    )


def _undone(session: Session, key: str, on: date) -> Posting:
    stands = posting_of(session, key)
    assert stands is not None, f"{key} was posted when its file was taken"
    return stands.undone(key=f"{key}/reversed", on=on, reason=FILE_REVERSED)


def _undo_settlements(session: Session, file: PaymentFileRow) -> None:
    """Let the bank owe us no line for the file any more, nor the file explain one."""
    query = select(SettlementRow).where(SettlementRow.file_id == file.file_id)
    for row in session.exec(query).all():
        values = row.model_dump(exclude={"settlement_id"}) | {"cents": -row.cents}
        session.add(SettlementRow(**values))
    session.flush()


def reversal_row(file: PaymentFileRow, *, on: date, at: datetime) -> PaymentFileRow:
    """Return the row of the file of compensations, not yet added up."""
    name = f"{KIND}/{file.file_id}"
    digest = sha256(name.encode()).hexdigest()
    return PaymentFileRow(
        file_id=digest[:16],
        sha256=digest,
        identity=name,
        kind=KIND,
        file_name=f"reversal of {file.file_name}",
        received_on=on,
        at=at,
        state=FileState.POSTING,
        total_cents=0,
    )


def let_come_again(session: Session, reversal: PaymentFileRow) -> None:
    """Mark the file that *reversal* took back, and let its traces come again."""
    file_id = reversal.identity.removeprefix(f"{KIND}/")
    file = session.get_one(PaymentFileRow, file_id, with_for_update=True)
    file.state = FileState.REVERSED
    entry = FileEntryRow
    session.exec(update(entry).where(col(entry.file_id) == file_id).values(claims=False))


def renamed(session: Session, items: Sequence[Item], *, digest: str) -> tuple[Item, ...]:
    """Return *items*, those whose trace came in by a file since taken back under a trace of their own."""
    entry, file = FileEntryRow, PaymentFileRow
    back = session.exec(select(file.file_id).where(file.state == FileState.REVERSED)).all()
    gone: set[tuple[str, str]] = set()
    for file_id in back:  # few, if any: a file is seldom taken back
        gone |= set(session.exec(select(entry.source, entry.trace).where(entry.file_id == file_id)).all())
    if not gone:
        return tuple(items)
    return tuple(
        replace(item, trace=f"{item.trace}~{digest[:8]}") if (item.source, item.trace) in gone else item
        for item in items
    )
