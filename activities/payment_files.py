"""How is a payment file taken in, whole or not at all, and how does billing hear of its money exactly once?"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Engine
from sqlmodel import Session, select
from temporalio import activity

from activities.messages import FilePart, FileProgress
from activities.mirror import known_accounts, mirror
from activities.returned import WentBack, note_return
from activities.told import take_told
from domain.account import AccountStatus, Service
from domain.calendar import DAY
from domain.hear import Tells, Told
from domain.money import Money
from domain.policy import Policy
from domain.posting import DUPLICATE_FILE, Disposition, Item, ItemKind, Plan, Resolved, Totals, plan
from domain.refunds import ASSISTANCE
from domain.returned import UNKNOWN_CODE
from formats.account_no import Unread, read_account_no
from formats.errors import Malformed
from formats.layouts import NO_SENDERS, Senders
from formats.nacha import RCK
from formats.payment_file import PaymentFile, read_payment_file
from formats.returned import reason_of
from formats.stated import UNKNOWN_SUM, stated_cents
from gateways.billing import Billing, KeyedPayment, PaymentAnswer, PostPayment
from gateways.errors import Rejected
from models.book import SqlBook
from models.cases import open_among, open_case_of
from models.clock import SqlClock
from models.households import note_households
from models.outbox import tell
from models.payment_files import (
    FileState,
    came_as,
    columns_of,
    delivered_before,
    file_of,
    finish,
    left_to_settle,
    new_id,
    payments_called,
    plan_alone,
    put_plan,
    settle,
    suspend,
    taken_before,
    to_settle,
)
from models.payments import (
    AGAIN,
    REINSTATED,
    Payment,
    mark_all_posted,
    mark_rejected,
    mark_return_posted,
    may_pay,
    receive_payments,
    return_payment,
    returned_on,
)
from models.pledges import fulfil
from models.policies import active_digest, policy_with
from models.put_right import note_come_again
from models.reconciliation import put_settlements
from models.remedies import AGENCY
from models.returned import RETRY_TENDER, accounts_presented, link_retry
from models.reversals import KIND as REVERSAL_KIND
from models.reversals import let_come_again, renamed
from models.session import reading, transaction
from models.tables import AccountRow, FileEntryRow, PaymentFileRow, PaymentRow
from models.tasks import raise_task

PART = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTaken:
    """What came of a delivery. *again*: the very same one came before, and nothing was written now."""

    row: PaymentFileRow
    again: bool = False


@dataclass(frozen=True)
class FileIntake:
    """Taking a file in: read whole, planned alone, written in one transaction."""

    engine: Engine
    billing: Billing
    policy: Policy
    senders: Senders = NO_SENDERS

    async def take(self, data: bytes, *, name: str, on: date, at: datetime, dry_run: bool = False) -> FileTaken:
        """Return the file as it was taken, or refused with its reason; with *dry_run* nothing is written.

        Raises:
            Outage: billing could not be asked about accounts never seen; nothing was written.
        """
        digest = sha256(data).hexdigest()
        before = await asyncio.to_thread(self._before, digest, name, on)
        if before is not None:
            return FileTaken(row=before, again=True)
        try:
            file = read_payment_file(data, name=name, received_on=on, senders=self.senders)
        except Malformed as fault:
            row = _refused(data, digest, name=name, on=on, at=at, fault=fault, senders=self.senders)
            return FileTaken(row=row if dry_run else await asyncio.to_thread(self._write_refusal, row))
        accounts = await self._accounts(file.items, at)
        row = PaymentFileRow(
            file_id="",
            sha256=digest,
            identity=file.identity,
            kind=str(file.kind),
            file_name=name,
            received_on=on,
            at=at,
            state=FileState.POSTING,
            total_cents=0,
        )
        return FileTaken(row=await asyncio.to_thread(self._write, row, file, accounts, dry_run=dry_run))

    def _before(self, digest: str, name: str, on: date) -> PaymentFileRow | None:
        with reading(self.engine) as session:
            return delivered_before(session, sha256=digest, file_name=name, received_on=on)

    async def _accounts(self, items: Sequence[Item], at: datetime) -> dict[str, Resolved]:
        """Return whose account each written number means; billing is asked about those never seen."""
        checks = await asyncio.to_thread(self._presented_again, items)
        written = {item.written for item in items if item.kind is ItemKind.RECEIPT} - checks.keys()
        readings = {each: read_account_no(each, known=lambda _: True) for each in written}
        named = sorted({each.account_no for each in readings.values() if each.account_no})
        known: set[str] = set()
        for start in range(0, len(named), PART):
            known |= await asyncio.to_thread(known_accounts, self.engine, named[start : start + PART])
        strangers = [account_no for account_no in named if account_no not in known]
        unknown = await mirror(self.engine, self.billing, self.policy, strangers, at=at)
        closed = await asyncio.to_thread(self._closed)
        whose = {each: Resolved(account_no=no, closed=no in closed) for each, no in checks.items()}
        return whose | {
            each: Resolved(reason=str(reading.reason))
            if reading.account_no is None
            else Resolved(reason=str(Unread.UNKNOWN_ACCOUNT))
            if reading.account_no in unknown
            else Resolved(account_no=reading.account_no, closed=reading.account_no in closed)
            for each, reading in readings.items()
        }

    def _presented_again(self, items: Sequence[Item]) -> dict[str, str]:
        """Return by what is written whose checks we presented again: their entries have no room for an account."""
        sent = {f"{item.source}-{item.trace}": item.written for item in items if item.tender == RCK}
        if not sent:
            return {}
        with reading(self.engine) as session:
            return {sent[each]: account_no for each, account_no in accounts_presented(session, sent).items()}

    def _closed(self) -> set[str]:
        with reading(self.engine) as session:
            query = select(AccountRow.account_no).where(AccountRow.status == AccountStatus.CLOSED)
            return set(session.exec(query).all())

    def _write_refusal(self, row: PaymentFileRow) -> PaymentFileRow:
        with transaction(self.engine) as session:
            row.file_id = new_id(session, row.sha256, refused=True)
            session.add(row)
        return row

    def _write(
        self, row: PaymentFileRow, file: PaymentFile, accounts: dict[str, Resolved], *, dry_run: bool
    ) -> PaymentFileRow:
        with reading(self.engine) if dry_run else transaction(self.engine) as session:
            plan_alone(session)
            before = taken_before(session, sha256=row.sha256, identity=row.identity)
            if before:
                detail = came_before(row.file_name, before, same_bytes=before.sha256 == row.sha256)
                _refuse(row, sum(item.cents for item in file.items), reason=DUPLICATE_FILE, detail=detail)
                row.file_id = new_id(session, row.sha256, refused=True)
                if not dry_run:
                    session.add(row)
                return row
            items = renamed(session, file.items, digest=row.sha256)
            made = plan(items, SqlBook(session, items, accounts))
            _fill(row, made)
            row.file_id = new_id(session, row.sha256, refused=False)
            if not dry_run:
                entries = put_plan(session, row, made, at=row.at)
                payers = (each.item.payer for each in made.entries)
                note_households(session, zip(entries, payers, strict=True), at=row.at)
                next_day = self.policy.calendar.bank_day(row.received_on + DAY)
                put_settlements(session, row, file.settlements, next_day=next_day, at=row.at)
                take_told(session, file.told, policy=self.policy, on=row.received_on, at=row.at)
        return row


def came_before(name: str, before: PaymentFileRow, *, same_bytes: bool = True) -> str:
    """Return how a refusal names the file that was taken *before*, with what makes both the same."""
    same = "the same bytes" if same_bytes else f"the same by what it calls itself, {before.identity}"
    taken = f"{before.file_name} of {before.received_on} as {before.file_id}"
    return f"{name}: taken before, {taken}; {same} [{DUPLICATE_FILE}]"


def _refused(
    data: bytes, digest: str, *, name: str, on: date, at: datetime, fault: Malformed, senders: Senders
) -> PaymentFileRow:
    row = PaymentFileRow(
        file_id="",
        sha256=digest,
        identity="",
        kind="",
        file_name=name,
        received_on=on,
        at=at,
        state=FileState.REFUSED,
        total_cents=0,
    )
    stated = stated_cents(data, name=name, senders=senders)
    detail = str(fault) if stated is not None else f"{fault}; {UNKNOWN_SUM}"
    _refuse(row, stated or 0, reason=fault.rule, detail=detail)
    return row


def _refuse(row: PaymentFileRow, cents: int, *, reason: str, detail: str) -> None:
    row.state, row.reason, row.detail = FileState.REFUSED, reason, detail
    row.total_cents = row.refused_cents = cents


def _fill(row: PaymentFileRow, made: Plan) -> None:
    row.entries = len(made.entries)
    for name, cents in columns_of(Totals.of_plan(made)).items():
        setattr(row, name, cents)


@dataclass(frozen=True)
class PaymentFileActivities:
    """Each sum reaches billing under a key of its own, so that a part done twice is done once."""

    engine: Engine
    clock: SqlClock
    billing: Billing

    @activity.defn(name="settle_part")
    async def settle_part(self, part: FilePart) -> FileProgress:
        """Let billing hear of the next sums of a file, money in before returns, and the cases look again.

        Raises:
            Outage: billing does not answer; what it has heard of is on record.
            OriginalNotPosted: a return's money is on its way to billing in another file.
        """
        now = self.clock.now()
        rows = await asyncio.to_thread(self._next, part)
        posts = [row for row in rows if row.disposition == Disposition.POSTED]
        await self._post(posts, now)
        for row in rows[len(posts) :]:
            await self._return(row, now)
        left = part.left - len(rows) if part.left else 0
        if left <= 0 or len(rows) < part.limit:  # counted at the start, and at the end to be sure: to count is slow
            left = await asyncio.to_thread(self._left, part.file_id)
        return FileProgress(settled=len(rows), left=left)

    @activity.defn(name="finish_file")
    async def finish_file(self, part: FilePart) -> None:
        """Mark the file as done."""
        await asyncio.to_thread(self._finish, part.file_id)

    async def _post(self, rows: Sequence[FileEntryRow], now: datetime) -> None:
        """Write that the money came in, let billing have it, then write what billing said."""
        if not rows:
            return
        on = await asyncio.to_thread(self._received_on, rows)
        payments = [_payment(row, on=on.get(row.trace) or on[row.file_id], at=now) for row in rows]
        await asyncio.to_thread(self._receive, payments)
        only = await asyncio.to_thread(self._may_pay, payments)
        answers = await self.billing.post_payments([_keyed(payment, only) for payment in payments])
        assert len(answers) == len(rows), "billing answers each payment"
        await asyncio.to_thread(self._posted, list(zip(rows, payments, answers, strict=True)), now)

    async def _return(self, entry: FileEntryRow, now: datetime) -> None:
        on = (await asyncio.to_thread(self._received_on, [entry]))[entry.file_id]
        for payment in await asyncio.to_thread(self._take_back, entry, on, now):
            slug = ""
            try:
                await self.billing.return_payment(
                    f"return/{payment.source}/{payment.trace}",
                    payment_ref=payment.billing_ref,
                    reason=entry.code,
                    on=payment.returned_on or on,
                )
            except Rejected as rejection:
                slug = rejection.slug
            await asyncio.to_thread(self._taken_back, payment, slug, now)
        await asyncio.to_thread(self._settled_return, entry, now)

    def _may_pay(self, payments: Sequence[Payment]) -> dict[str, tuple[Service, ...]]:
        helped = [payment for payment in payments if payment.source == ASSISTANCE]
        if not helped:
            return {}
        with reading(self.engine) as session:
            return {payment.payment_id: may_pay(session, payment) for payment in helped}

    def _next(self, part: FilePart) -> Sequence[FileEntryRow]:
        with reading(self.engine) as session:
            return to_settle(session, part.file_id, part.limit)

    def _left(self, file_id: str) -> int:
        with reading(self.engine) as session:
            return left_to_settle(session, file_id)

    def _finish(self, file_id: str) -> None:
        with transaction(self.engine) as session:
            row = finish(session, file_id)
            if row.kind == REVERSAL_KIND:
                let_come_again(session, row)

    def _received_on(self, rows: Sequence[FileEntryRow]) -> dict[str, date]:
        """Return the day of each file; by its trace, the day from which money counts whose return was a mistake."""
        with reading(self.engine) as session:
            files = {file_id: file_of(session, file_id) for file_id in {row.file_id for row in rows}}
            again = {row.trace: returned_on(session, row.source, row.trace) for row in rows if row.tender == REINSTATED}
        return {
            **{file_id: file.received_on for file_id, file in files.items() if file is not None},
            **{trace: day for trace, day in again.items() if day is not None},
        }

    def _receive(self, payments: Sequence[Payment]) -> None:
        with transaction(self.engine) as session:
            new = receive_payments(session, payments)
            for payment in payments:
                if payment.payment_id not in new:
                    continue
                if payment.tender == RETRY_TENDER:
                    link_retry(session, session.get_one(PaymentRow, payment.payment_id))
                elif AGAIN in payment.trace:
                    note_come_again(session, payment)

    def _posted(self, answered: Sequence[tuple[FileEntryRow, Payment, PaymentAnswer]], now: datetime) -> None:
        with transaction(self.engine) as session:
            mark_all_posted(session, {paid: answer.ref for _, paid, answer in answered if not answer.rejected}, now)
            settle(session, {row.entry_id: paid.payment_id for row, paid, _ in answered if row.entry_id}, at=now)
            for row, paid, answer in answered:
                if answer.rejected:
                    mark_rejected(session, paid.payment_id, answer.rejected, now)
                    suspend(session, session.get_one(FileEntryRow, row.entry_id), reason=answer.rejected, at=now)
            helped = [paid for row, paid, answer in answered if row.source == ASSISTANCE and not answer.rejected]
            for paid in helped:
                policy = policy_with(session, active_digest(session))
                fulfil(session, paid.account_no, paid.amount, policy=policy, at=now)
            with_case = open_among(session, {paid.account_no for _, paid, _ in answered})
            for _, paid, answer in answered:
                if paid.account_no in with_case:
                    tell(session, account_no=paid.account_no, told=_word(paid, answer.key, now), at=now)

    def _take_back(self, entry: FileEntryRow, on: date, now: datetime) -> Sequence[PaymentRow]:
        """Write that the payments went back; return those that billing shows and has not taken back."""
        with transaction(self.engine) as session:
            call = (entry.source, entry.original)
            if any(came.settled_at is None for came in came_as(session, call)):
                raise OriginalNotPosted(f"entry {entry.entry_id} of {entry.file_id}")
            payments = payments_called(session, call)
            if any(each.posted_at is None and not each.rejected for each in payments):
                raise OriginalNotPosted(f"entry {entry.entry_id} of {entry.file_id}")
            for payment in payments:
                if return_payment(session, payment.payment_id, reason=entry.code, on=on, at=now):
                    went_on = payment.returned_on or on
                    note_return(
                        session, WentBack(payment=payment, code=entry.code, called=entry.original, on=went_on, at=now)
                    )
            return [each for each in payments if each.billing_ref and each.return_posted_at is None]

    def _taken_back(self, payment: PaymentRow, slug: str, now: datetime) -> None:
        with transaction(self.engine) as session:
            if slug:
                mark_rejected(session, payment.payment_id, slug, now)
            else:
                mark_return_posted(session, payment.payment_id, "", now)
            key = f"return/{payment.source}/{payment.trace}"
            told = Told(key=key, at=now, what=Tells.LOOK_AGAIN, opens=True)
            tell(session, account_no=payment.account_no, told=told, at=now)

    def _settled_return(self, entry: FileEntryRow, now: datetime) -> None:
        with transaction(self.engine) as session:
            assert entry.entry_id is not None, "a row that was read has its number"
            payments = payments_called(session, (entry.source, entry.original))
            if not payments and not reason_of(entry.source, entry.code).known:
                task_id = f"{UNKNOWN_CODE}-{entry.source}-{entry.trace}"  # it went back before anyone knew whose it was
                raise_task(session, task_id=task_id, kind=UNKNOWN_CODE, at=now)
            settle(session, {entry.entry_id: payments[0].payment_id if payments else ""}, at=now)


class OriginalNotPosted(Exception):
    """A return cannot take effect while its money is on its way to billing: tried again a little later."""


def _payment(row: FileEntryRow, *, on: date, at: datetime) -> Payment:
    return Payment(
        payment_id=f"{row.source}-{row.trace}",
        source=row.source,
        trace=row.trace,
        account_no=row.account_no,
        amount=Money(row.cents),
        received_at=at,
        effective_on=on,
        tender=row.tender,
    )


def _word(payment: Payment, key: str, at: datetime) -> Told:
    """Return what a case hears of money: to look again, and of what its agency took that the agency knows it."""
    if payment.source == AGENCY:
        return Told(key=key, at=at, what=Tells.AGENCY_COLLECTED, amount=payment.amount, ref=payment.trace)
    return Told(key=key, at=at, what=Tells.LOOK_AGAIN)


def _keyed(payment: Payment, only: Mapping[str, tuple[Service, ...]]) -> KeyedPayment:
    post = PostPayment(
        account_no=payment.account_no,
        amount=payment.amount,
        on=payment.effective_on,
        source=payment.source,
        trace=payment.trace,
        tender=payment.tender,
        services=only.get(payment.payment_id, ()),
    )
    return KeyedPayment(key=f"payment/{payment.source}/{payment.trace}", payment=post)


def _tell(session: Session, account_no: str, *, key: str, at: datetime) -> None:
    """Have the account's case, if one is open, look again; one that opens later looks by itself."""
    if open_case_of(session, account_no) is not None:
        tell(session, account_no=account_no, told=Told(key=key, at=at, what=Tells.LOOK_AGAIN), at=at)
