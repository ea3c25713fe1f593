"""Who asks that credit be paid out, who lets it, and what becomes of it?"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlmodel import Session

from casework.context import Desk
from casework.credit import credit_of, fresh
from casework.errors import Refused, missing, unfit
from casework.going_out import is_stale
from casework.holding import need_released
from casework.permissions import Permission
from casework.second_person import (
    barred,
    how_decided,
    need_another,
    need_reason,
    said,
    sealed_because,
    tell_who_asked,
)
from domain.account_letters import refund as refund_letter
from domain.hear import Tells, Told
from domain.ledger import LedgerAccount, Posting, PostingKind
from domain.money import Money
from domain.policy import Policy
from domain.refunds import CreditOf, Payee, RefundState, escheats_on, may_refund
from models.account_letters import prepare
from models.accounts import account_of, lock_account, personal_of
from models.effects import ask_billing, effect_of
from models.exports import keep_export
from models.ledger import post
from models.money_out import refunds_of
from models.outbox import tell
from models.tables import ExportRow, RefundRow

LISTED_MAX = 500
REFUNDS = "refunds"
_OWED_TO = {Payee.PAYER: LedgerAccount.REFUNDS_PAYABLE, Payee.FUND: LedgerAccount.FUNDS_PAYABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSeen:
    """A refund with what the clock says of it. *stale*: nobody cashed it in time; *mine_to_decide*: to let or not.

    *ended_why*: why it was not let, or how it ended; blank for who may not read that.
    """

    row: RefundRow
    stale: bool = False
    mine_to_decide: bool = False
    ended_why: str = ""


def refunds(desk: Desk, *, state: str | None = None, account_no: str | None = None) -> Sequence[RefundSeen]:
    """Return refunds, those asked for first at the top."""
    desk.need(Permission.SEE_REPORTS)
    policy = desk.policy()

    def ask(session: Session) -> Sequence[RefundSeen]:
        rows = refunds_of(session, state=state, account_no=account_no, limit=LISTED_MAX)
        return [_opened(desk, session, row, policy) for row in rows]

    return desk.read_now(ask)


def refund(desk: Desk, refund_id: str) -> RefundSeen:
    """Return one refund."""
    desk.need(Permission.SEE_REPORTS)
    policy = desk.policy()
    return desk.read_now(lambda session: _opened(desk, session, _the(session, refund_id), policy))


def _opened(desk: Desk, session: Session, row: RefundRow, policy: Policy) -> RefundSeen:
    why = said(desk, session, row).ended if row.ended_because else row.ended_why
    return _seen(desk, row, policy, policy.calendar.day(desk.now), why=why or "")


def _decided(row: RefundRow) -> Refused:
    way_out = "If it is wrong, ask for another."
    return unfit("refund-decided", "It was decided before", how_decided(row), way_out=way_out, status=409)


def _seen(desk: Desk, row: RefundRow, policy: Policy, today: date, *, why: str = "") -> RefundSeen:
    mine = barred(desk, row) is None and row.state == RefundState.PROPOSED
    return RefundSeen(row=row, stale=is_stale(row, policy, today), mine_to_decide=mine, ended_why=why)


async def propose_refund(
    desk: Desk, account_no: str, *, amount: Money, payee: Payee, because: str, key: str
) -> RefundSeen:
    """Ask that credit of the account be paid out. The same key again changes nothing.

    Raises:
        Refused: by the rules of `domain.refunds`; no such account; billing cannot be asked.
    """
    desk.need(Permission.PROPOSE_MONEY)
    known = await credit_of(desk, account_no)
    policy, now, who = desk.policy(), desk.now, desk.person.username
    refund_id = f"{account_no}-r{sha256(f'{who}/{key}'.encode()).hexdigest()[:12]}"

    def write(session: Session) -> RefundRow:
        lock_account(session, account_no)
        found = session.get(RefundRow, refund_id, populate_existing=True)
        if found is not None:
            return found
        _refuse(fresh(session, account_no, known), amount, payee, by=who, policy=policy, on=policy.calendar.day(now))
        row = RefundRow(
            refund_id=refund_id,
            account_no=account_no,
            amount_cents=amount.cents,
            payee=str(payee),
            because=sealed_because(session, account_no, because),
            state=RefundState.PROPOSED,
            asked_by=who,
            asked_at=now,
        )
        session.add(row)
        session.flush()
        return row

    row = await desk.write(write)
    return _seen(desk, row, policy, policy.calendar.day(now))


def _refuse(known: CreditOf, amount: Money, payee: Payee, *, by: str, policy: Policy, on: date) -> None:
    refusal = may_refund(known, amount=amount, payee=payee, by=by, policy=policy, on=on)
    if refusal is not None:
        raise Refused(refusal)


async def approve_refund(desk: Desk, refund_id: str) -> RefundSeen:
    """Let a refund go out, as a second person: billing takes the credit out of the account. Twice is once.

    Raises:
        Refused: who asked may not let it; the rules of `domain.refunds`, asked once more; it was decided otherwise.
    """
    desk.need(Permission.APPROVE_MONEY)
    account_no = await desk.read(lambda session: _the(session, refund_id).account_no)
    known = await credit_of(desk, account_no, but=refund_id)
    policy, now, who = desk.policy(), desk.now, desk.person.username
    today = policy.calendar.day(now)

    def write(session: Session) -> RefundRow:
        lock_account(session, account_no)
        row = _the(session, refund_id, lock=True)
        if row.state == RefundState.APPROVED and row.approved_by == who:
            return row
        if row.state != RefundState.PROPOSED:
            raise _decided(row)
        need_another(row, who)
        now_known = fresh(session, account_no, known, but=refund_id)
        _refuse(now_known, Money(row.amount_cents), Payee(row.payee), by=who, policy=policy, on=today)
        row.state, row.approved_by, row.decided_at = RefundState.APPROVED, who, now
        row.escheats_on = escheats_on(today, policy, deposit=Money(row.amount_cents) <= now_known.deposit)
        _take_out(session, row, on=today, at=now)
        return row

    row = await desk.write(write)
    return _seen(desk, row, policy, today)


def _take_out(session: Session, row: RefundRow, *, on: date, at: datetime) -> None:
    """Let billing take the credit out, the ledger owe it to someone, and the case look again."""
    content = {"account_no": row.account_no, "amount": {"cents": row.amount_cents}, "on": on.isoformat()}
    key = f"refund/{row.refund_id}"
    ask_billing(
        session,
        key=key,
        name="refund",
        account_no=row.account_no,
        body=content,
        about=row.refund_id,
        cents=row.amount_cents,
        at=at,
    )
    post(
        session,
        [_posting(row, key=key, on=on, debit=LedgerAccount.RECEIVABLE, credit=_OWED_TO[Payee(row.payee)])],
        at=at,
    )
    told = Told(key=key, at=at, what=Tells.LOOK_AGAIN)
    tell(session, account_no=row.account_no, told=told, at=at)


def _posting(row: RefundRow, *, key: str, on: date, debit: LedgerAccount, credit: LedgerAccount) -> Posting:
    return Posting(
        key=key,
        kind=PostingKind.REFUND,
        debit=debit,
        credit=credit,
        amount=Money(row.amount_cents),
        effective_on=on,
        account_no=row.account_no,
        ref=row.refund_id,
        asked_by=row.asked_by,
        approved_by=row.approved_by,
    )


def reject_refund(desk: Desk, refund_id: str, *, because: str) -> RefundSeen:
    """Say no to a refund, with the reason. Twice is once.

    Raises:
        Refused: no reason is given; someone else has decided.
    """
    desk.need(Permission.APPROVE_MONEY)
    need_reason(because)
    now, today, who = desk.now, desk.today(), desk.person.username

    def write(session: Session) -> RefundRow:
        row = _the(session, refund_id, lock=True)
        if row.state == RefundState.REJECTED and row.rejected_by == who:
            return row
        if row.state != RefundState.PROPOSED:
            raise _decided(row)
        row.state, row.rejected_by, row.decided_at, row.ended_on = RefundState.REJECTED, who, now, today
        row.ended_because = sealed_because(session, row.account_no, because)
        tell_who_asked(session, row, because, at=now)
        return row

    return _seen(desk, desk.write_now(write), desk.policy(), today, why=because)


def export_refunds(desk: Desk) -> ExportRow | None:
    """Write the file by which approved refunds are paid, and mark them; none when there is nothing to pay.

    Only what billing has taken out of the credit goes into it. Each refund is in one file, once.
    """
    desk.need(Permission.SEND_MONEY)
    need_released(desk)
    policy, now, who = desk.policy(), desk.now, desk.person.username
    today = policy.calendar.day(now)

    def write(session: Session) -> ExportRow | None:
        rows = []
        for row in refunds_of(session, state=RefundState.APPROVED, limit=LISTED_MAX):
            effect = effect_of(session, f"refund/{row.refund_id}")
            if effect is not None and effect.rejected:
                row.state, row.ended_on, row.ended_why = RefundState.REFUSED, today, effect.rejected
            elif effect is not None and effect.done_at is not None:
                rows.append(row)
        if not rows:
            return None
        data = _csv(session, rows, today)
        export = keep_export(
            session,
            data,
            kind=REFUNDS,
            file_name=f"refunds-{today}.csv",
            entries=len(rows),
            cents=sum(row.amount_cents for row in rows),
            on=today,
            at=now,
            by=who,
        )
        for row in rows:
            row.state, row.export_id, row.exported_on = RefundState.EXPORTED, export.export_id, today
            _write_to_customer(session, row, policy, today, now)
        return export

    return desk.write_now(write)


def _write_to_customer(session: Session, row: RefundRow, policy: Policy, on: date, at: datetime) -> None:
    """Have a letter go out beside the refund; a fund that gets its own money back is not the customer's to hear of."""
    if row.payee == Payee.FUND:
        return
    letter = refund_letter(
        Money(row.amount_cents),
        escheats_on=row.escheats_on,
        on=on,
        policy=policy,
        language=account_of(session, row.account_no).language,
    )
    prepare(session, row.account_no, letter, about=f"refund/{row.refund_id}", at=at)


def _csv(session: Session, rows: Sequence[RefundRow], on: date) -> bytes:
    """Return the file for accounts payable: whom to pay, where they live, how much, and its control line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("rec", "refund_id", "account_no", "payee", "name", "address", "zip", "amount_cents", "approved_on")
    )
    for row in rows:
        personal = personal_of(session, row.account_no)
        to_fund = row.payee == Payee.FUND
        name = "assistance program" if to_fund else personal.name
        address, zip_code = ("", "") if to_fund else personal.written_to
        approved = row.decided_at.date() if row.decided_at else on
        writer.writerow(
            ("D", row.refund_id, row.account_no, row.payee, name, address, zip_code, row.amount_cents, approved)
        )
    writer.writerow(("T", len(rows), "", "", "", "", "", sum(row.amount_cents for row in rows), on))
    return out.getvalue().encode()


def end_refund(desk: Desk, refund_id: str, *, what: RefundState, because: str = "") -> RefundSeen:
    """Write what became of a refund that was handed out: paid, restored to the account, or the state's.

    Raises:
        Refused: it was not handed out, or was ended otherwise; it is not stale, or not abandoned yet.
    """
    desk.need(Permission.SEND_MONEY)
    policy, now, today = desk.policy(), desk.now, desk.today()

    def write(session: Session) -> RefundRow:
        row = _the(session, refund_id, lock=True)
        if row.state == what:
            return row
        _need_state(row, RefundState.EXPORTED)
        owed_to = _OWED_TO[Payee(row.payee)]
        key = f"refund/{refund_id}/{what}"
        if what is RefundState.ESCHEATED:
            _need_abandoned(row, today)
            credit = LedgerAccount.UNCLAIMED
        elif what is RefundState.RESTORED:
            credit = LedgerAccount.RECEIVABLE
            _put_back(session, row, on=today, at=now)
        else:
            credit = LedgerAccount.CASH
        post(session, [_posting(row, key=key, on=today, debit=owed_to, credit=credit)], at=now)
        row.state, row.ended_on = what, today
        row.ended_because = sealed_because(session, row.account_no, because)
        return row

    return _seen(desk, desk.write_now(write), policy, today, why=because)


def _put_back(session: Session, row: RefundRow, *, on: date, at: datetime) -> None:
    key = f"refund/{row.refund_id}/back"
    ask_billing(
        session,
        key=key,
        name="restore_refund",
        account_no=row.account_no,
        body={"account_no": row.account_no, "amount": {"cents": row.amount_cents}, "on": on.isoformat()},
        about=row.refund_id,
        cents=row.amount_cents,
        at=at,
    )


def _need_abandoned(row: RefundRow, today: date) -> None:
    if row.escheats_on is None or today < row.escheats_on:
        detail = f"It is presumed abandoned on {row.escheats_on}."
        raise unfit(
            "not-abandoned-yet", "It is not the state's yet", detail, way_out="Wait, or restore it.", status=409
        )


def _need_state(row: RefundRow, state: RefundState) -> None:
    if row.state != state:
        detail = f"The refund is {row.state}, not {state}."
        raise unfit("refund-decided", "The refund has gone on", detail, way_out="Look at it again.", status=409)


def _the(session: Session, refund_id: str, *, lock: bool = False) -> RefundRow:
    row = session.get(RefundRow, refund_id, with_for_update=lock or None, populate_existing=True)
    if row is None:
        raise missing("refund", refund_id)
    return row
