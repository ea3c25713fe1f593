"""Does what was committed in SQL reach billing and the cases, in order, at least once, after any crash?"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog
from pydantic import TypeAdapter
from sqlalchemy import Engine
from sqlmodel import Session
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.deposits import apply_held, held_by
from activities.messages import Opening, case_workflow_id
from activities.opening import next_opening, start_case
from domain.account import OpenBill, Service, past_due
from domain.hear import Tells, Told
from domain.money import Money
from gateways.billing import AccountMaster, Billing
from gateways.errors import Outage, Rejected
from gateways.names import EFFECTS
from models.agreements import SPARE_LATE_FEES
from models.effects import EFFECT, content_of, mark_done, mark_refused
from models.outbox import TELL, done, failed, take_batch, tell
from models.payments import Payment, mark_posted, mark_rejected, mark_return_posted, may_pay, payment_of
from models.policies import active_digest, policy_with
from models.proposals import SETTLE_DEPOSIT
from models.session import reading, transaction
from models.tables import OutboxRow
from models.tasks import raise_task

POST_PAYMENT, RETURN_PAYMENT = "post_payment", "return_payment"
BATCH = 100
IDLE_SECONDS = 0.05
RETRY_FIRST, RETRY_MOST = timedelta(milliseconds=200), timedelta(seconds=30)

_TOLD = TypeAdapter(Told)
_EFFECTS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in EFFECTS["billing"].items()}
log = structlog.get_logger()


@dataclass(frozen=True)
class Relay:
    """Delivers the outbox. A target's messages go in order: one that fails holds back those behind it."""

    engine: Engine
    client: Client
    billing: Billing

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            if not await self.deliver():
                await asyncio.sleep(IDLE_SECONDS)

    async def deliver(self) -> int:
        """Try what waits once; return how many messages were tried."""
        batch = await asyncio.to_thread(self._take)
        by_target: dict[str, list[OutboxRow]] = {}
        for row in batch:
            by_target.setdefault(row.target, []).append(row)
        arrived: list[int] = []
        try:
            await asyncio.gather(*(self._in_order(rows, arrived) for rows in by_target.values()))
        finally:  # in one transaction; what a crash leaves unwritten is delivered again, which changes nothing
            if arrived:
                await asyncio.to_thread(self._done, arrived)
        return len(batch)

    def _take(self) -> list[OutboxRow]:
        with reading(self.engine) as session:
            return list(take_batch(session, _wall(), BATCH))

    async def _in_order(self, rows: list[OutboxRow], arrived: list[int]) -> None:
        handlers: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
            TELL: self._tell,
            POST_PAYMENT: self._post,
            RETURN_PAYMENT: self._return,
            EFFECT: self._effect,
            SETTLE_DEPOSIT: self._deposit,
            SPARE_LATE_FEES: self._spare,
        }
        for row in rows:
            assert row.id is not None, "a row that was read has its number"
            try:
                await handlers[row.kind]({**row.body, "account_no": row.target})
            except (Outage, RPCError) as failure:
                log.warning("outbox message waits", kind=row.kind, attempts=row.attempts, cause=type(failure).__name__)
                await asyncio.to_thread(self._failed, row.id, row.attempts, type(failure).__name__)
                return
            arrived.append(row.id)

    async def _tell(self, body: dict[str, Any]) -> None:
        account_no, told = body["account_no"], _TOLD.validate_python(body["told"])
        handle = self.client.get_workflow_handle(case_workflow_id(account_no))
        try:
            await handle.signal("tell", told)
        except RPCError as failure:
            if failure.status is not RPCStatusCode.NOT_FOUND:
                raise
            # No open case: the next sweep opens one if the account is past due, and looks at everything by itself.
            if told.opens:
                await self._open(account_no, told)

    async def _open(self, account_no: str, told: Told) -> None:
        """Begin the account's next case with money that came back, if that leaves it past due; once."""
        answer = await self.billing.open_bills(account_no)
        opening = await asyncio.to_thread(self._opening, account_no, told, answer.bills)
        if opening is not None:
            await start_case(self.client, opening)

    def _opening(self, account_no: str, told: Told, bills: tuple[OpenBill, ...]) -> Opening | None:
        with transaction(self.engine) as session:
            on = policy_with(session, active_digest(session)).calendar.day(told.at)
            if not past_due(bills, on):
                return None
            return next_opening(session, account_no, now=told.at, because="a payment was returned")

    async def _post(self, body: dict[str, Any]) -> None:
        payment, services = await asyncio.to_thread(self._may_pay, body)
        try:
            receipt = await self.billing.post_payment(
                f"payment/{payment.source}/{payment.trace}",
                account_no=payment.account_no,
                amount=payment.amount,
                on=payment.effective_on,
                source=payment.source,
                trace=payment.trace,
                tender=payment.tender,
                services=services,
            )
        except Rejected as rejection:
            await asyncio.to_thread(self._in_sql, mark_rejected, payment.payment_id, rejection.slug)
            return
        await asyncio.to_thread(self._in_sql, mark_posted, payment.payment_id, receipt.ref)

    async def _return(self, body: dict[str, Any]) -> None:
        payment = await self._payment(body)
        try:
            await self.billing.return_payment(
                f"return/{payment.source}/{payment.trace}",
                payment_ref=payment.billing_ref,
                reason=payment.return_reason,
                on=payment.returned_on or payment.effective_on,
            )
        except Rejected as rejection:
            await asyncio.to_thread(self._in_sql, mark_rejected, payment.payment_id, rejection.slug)
            return
        await asyncio.to_thread(self._in_sql, mark_return_posted, payment.payment_id, "")

    async def _spare(self, body: dict[str, Any]) -> None:
        """Tell billing how much stands under an agreement; what it refuses for ever becomes a task."""
        on, amount = date.fromisoformat(body["on"]), Money(body["cents"])
        try:
            await self.billing.spare_late_fees(body["key"], account_no=body["account_no"], amount=amount, on=on)
        except Rejected:
            await asyncio.to_thread(self._spare_refused, body)

    def _spare_refused(self, body: dict[str, Any]) -> None:
        with transaction(self.engine) as session:
            raise_task(
                session,
                task_id=f"billing_refuses-{body['key']}",
                kind="billing_refuses",
                at=datetime.fromisoformat(body["at"]),
                account_no=body["account_no"],
                for_role="accountant",
            )

    async def _effect(self, body: dict[str, Any]) -> None:
        """Have billing do what was asked of it; what it refuses for ever becomes a task, and the case looks again."""
        content = await asyncio.to_thread(self._content, body)
        if content is None:
            await asyncio.to_thread(self._effect_refused, body, "redacted")
            return
        effect = _EFFECTS[body["effect"]].validate_python(content)
        try:
            receipt = await self.billing.do(body["key"], effect)
        except Rejected as rejection:
            await asyncio.to_thread(self._effect_refused, body, rejection.slug)
            return
        await asyncio.to_thread(self._effect_done, body, receipt.ref)

    def _content(self, body: dict[str, Any]) -> dict[str, Any] | None:
        with reading(self.engine) as session:
            return content_of(session, body["account_no"], body)

    def _effect_done(self, body: dict[str, Any], ref: str) -> None:
        with transaction(self.engine) as session:
            row = mark_done(session, body["key"], ref, _wall())
            if row is not None:
                told = Told(key=row.key, at=row.asked_at, what=Tells.LOOK_AGAIN)
                tell(session, account_no=row.account_no, told=told, at=row.asked_at)

    def _effect_refused(self, body: dict[str, Any], slug: str) -> None:
        with transaction(self.engine) as session:
            row = mark_refused(session, body["key"], slug)
            if row is not None:
                raise_task(
                    session,
                    task_id=f"billing_refuses-{row.key}",
                    kind="billing_refuses",
                    at=row.asked_at,
                    account_no=row.account_no,
                    urgent=True,
                    for_role="accountant",
                )

    async def _deposit(self, body: dict[str, Any]) -> None:
        """Apply the deposit that billing holds of an account whose service ended; none held is nothing to do."""
        on = date.fromisoformat(body["on"])
        try:
            master = await self.billing.account(body["account_no"])
        except Rejected:
            return
        if master.deposit:
            await asyncio.to_thread(self._apply_deposit, master, on, body["at"])

    def _apply_deposit(self, master: AccountMaster, on: date, at: str) -> None:
        with transaction(self.engine) as session:
            policy = policy_with(session, active_digest(session))
            held = held_by(master, policy, before=on)
            apply_held(session, held, final_on=on, policy=policy, by="system", at=datetime.fromisoformat(at))

    def _may_pay(self, body: dict[str, Any]) -> tuple[Payment, tuple[Service, ...]]:
        with reading(self.engine) as session:
            payment = payment_of(session, body["payment_id"])
            return payment, may_pay(session, payment)

    async def _payment(self, body: dict[str, Any]) -> Payment:
        def read() -> Payment:
            with reading(self.engine) as session:
                return payment_of(session, body["payment_id"])

        return await asyncio.to_thread(read)

    def _in_sql(self, mark: Callable[[Session, str, str, datetime], object], payment_id: str, word: str) -> None:
        with transaction(self.engine) as session:
            mark(session, payment_id, word, _wall())

    def _done(self, numbers: list[int]) -> None:
        with transaction(self.engine) as session:
            done(session, numbers, _wall())

    def _failed(self, number: int, attempts: int, error: str) -> None:
        wait = min(RETRY_FIRST * 2 ** min(attempts, 10), RETRY_MOST)
        with transaction(self.engine) as session:
            failed(session, number, error, _wall() + wait)


def _wall() -> datetime:
    """Return the wall's time: delivery is the machine's business, not the city's."""
    return datetime.now(UTC)
