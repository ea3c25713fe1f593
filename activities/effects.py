"""What a case asks of other systems: letters and work orders, each once for its key."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from sqlalchemy import Engine
from sqlmodel import Session
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.case import read_versioned
from activities.messages import EffectRequest
from activities.postings import post_fee, post_moved
from domain.case import Case, Order
from domain.crews import Stop, instant_of_visit
from domain.effects import (
    CancelOrder,
    ChargeFee,
    CreateOrder,
    DispatchOrder,
    EndAccount,
    FileAtCourt,
    MoveBalance,
    MovedSum,
    PlaceDebt,
    RecallDebt,
    Receipt,
    RemindOrder,
    RemindPayment,
    RemoveFee,
    SendLetter,
    TellAgency,
    TellCourt,
)
from domain.facts import Fact, FactKind
from domain.money import ZERO, Money
from domain.perform_orders import goes_at_once, needs_presence, safety_notes
from domain.policy import Policy
from domain.verdict import Refusal, Verdict
from gateways.errors import Rejected
from gateways.field import CancelOutcome
from gateways.mail import mailed
from gateways.messages import Channel, SendMessage
from gateways.receipt import Receipt as SystemReceipt
from gateways.remedies import plain, to_agency, to_court
from gateways.systems import Systems
from letters.compose import compose, unwritten
from letters.letter import Addressee, LetterKind
from letters.message import payment_message
from letters.render import render
from models.accounts import Personal, area_of, lock_account, personal_of, premise_of
from models.clock import SqlClock
from models.crews import book, visit_of
from models.facts import record_fact
from models.orders import dispatch
from models.policies import policy_with
from models.session import reading, transaction

OPTED_OUT = "opted-out"  # the sender's word for a recipient who said stop


class Listed(NamedTuple):
    """Whose list an order is on, and when that crew is at the door."""

    crew: int
    at: datetime


@dataclass(frozen=True)
class EffectActivities:
    """Effects are tried again for as long as a system is out, and never again once it says it can never be done."""

    engine: Engine
    clock: SqlClock
    systems: Systems

    @activity.defn(name="send_letter")
    async def send_letter(self, request: EffectRequest) -> Receipt:
        """Mail a letter; the receipt's day is that of mailing, and pending until the mail house confirms one.

        A disconnection notice is not handed over while a part that the pack requires has no words.
        """
        effect = request.effect
        assert isinstance(effect, SendLetter), "the workflow chooses the activity by the effect"
        if effect.kind == LetterKind.DISCONNECTION_NOTICE:
            self._need_words(request.case)
        try:
            sent = await self.systems.mail.send(
                effect.key,
                letter_id=effect.key,
                kind=effect.kind,
                account_no=request.case.account_no,
                language=request.case.known.account.language,
            )
        except Rejected as rejection:
            raise _never(rejection) from rejection
        return mailed(effect.key, sent)

    @activity.defn(name="remind_payment")
    async def remind_payment(self, request: EffectRequest) -> Receipt:
        """Tell the customer of a payment beforehand; not done where nobody can be reached by that channel any more.

        An e-mail carries the agreement that the payment is under.
        """
        effect = request.effect
        assert isinstance(effect, RemindPayment), "the workflow chooses the activity by the effect"
        message = await asyncio.to_thread(self._reminding, request.case, effect)
        if message is None:
            return Receipt(ref=effect.key, done=False)
        try:
            sent = await _once(
                self.systems.messages, effect.key, lambda: self.systems.messages.send(effect.key, message)
            )
        except Rejected as rejection:  # no letter, no cut and no money hangs on this word
            if rejection.slug == OPTED_OUT:
                await self._posted(lambda session: self._note_stop(session, request.case, effect))
            return Receipt(ref=effect.key, done=False)
        return Receipt(ref=sent.ref)

    def _note_stop(self, session: Session, case: Case, effect: RemindPayment) -> None:
        """Put on record that whoever is there has said stop to the sender of messages: from now on nothing goes out."""
        now = self.clock.now()
        lock_account(session, case.account_no)
        asked_on = policy_with(session, case.known.policy).calendar.day(now)
        stop = Fact(
            fact_id=f"stop/{effect.key}",
            kind=FactKind.REVOCATION,
            starts=now,
            known_at=now,
            source=effect.channel,
            evidence=effect.key,
            entered_by="system",
            details={"channel": effect.channel, "reason": "asked", "asked_on": asked_on.isoformat()},
        )
        record_fact(session, fact=stop, known_at=now, account_no=case.account_no)

    def _reminding(self, case: Case, effect: RemindPayment) -> SendMessage | None:
        with reading(self.engine) as session:
            policy, personal = policy_with(session, case.known.policy), personal_of(session, case.account_no)
        channel = Channel(effect.channel)
        to = personal.phone if channel is Channel.SMS else personal.email
        words = payment_message(
            channel,
            effect.about,
            language=case.known.account.language,
            pack=policy.pack,
            account_no=case.account_no,
            amount=effect.amount,
            due_on=effect.due_on,
        )
        if not to or words is None:
            return None
        pdf = (
            self._agreement(case, policy, personal)
            if channel is Channel.EMAIL and effect.about == "instalment"
            else b""
        )
        return SendMessage(
            message_id=effect.key,
            channel=channel,
            account_no=case.account_no,
            to=to,
            subject=words.subject if channel is Channel.EMAIL else "",
            text=words.text,
            attachment=b64encode(pdf).decode(),
            attachment_name="agreement.pdf" if pdf else "",
        )

    def _agreement(self, case: Case, policy: Policy, personal: Personal) -> bytes:
        """Return the agreement as a PDF; none where it cannot be written now: the word goes out all the same."""
        lines = tuple(line for line in (personal.mailing_address or personal.premise_address,) if line)
        to = Addressee(name=personal.name, lines=lines, premises=personal.premise_address)
        on = policy.calendar.day(self.clock.now())
        letter = compose(LetterKind.AGREEMENT, case, policy=policy, personal=to, on=on)
        return b"" if isinstance(letter, Refusal) else render(letter)

    def _need_words(self, case: Case) -> None:
        with reading(self.engine) as session:
            policy = policy_with(session, case.known.policy)
        missing = unwritten(case, policy=policy, on=policy.calendar.day(self.clock.now()))
        if missing:
            message = f"The disconnection notice lacks {'; '.join(missing)}."
            raise ApplicationError(message, type="letter-incomplete", non_retryable=True)

    @activity.defn(name="create_order")
    async def create_order(self, request: EffectRequest) -> Receipt:
        """Create a work order; the receipt's ref is field service's own number."""
        effect = request.effect
        assert isinstance(effect, CreateOrder), "the workflow chooses the activity by the effect"
        case, order = request.case, effect.order
        with reading(self.engine) as session:
            premise_id = premise_of(session, case.account_no)
            presence = needs_presence(policy_with(session, case.known.policy), order)
        if goes_at_once(order):
            self._book(case, order)
        try:
            created = await self.systems.field.create_order(
                effect.key,
                order_id=order.order_id,
                account_no=case.account_no,
                premise_id=premise_id,
                service=order.service,
                purpose=order.purpose,
                remote=order.remote,
                contractor=order.contractor,
                safety_notes=safety_notes(case, order.requested_at),
                presence=presence,
            )
        except Rejected as rejection:
            raise _never(rejection) from rejection
        return Receipt(ref=created.ref)

    def _book(self, case: Case, order: Order) -> None:
        """Put a reconnection on a crew's list, in overtime if it must be: it is never refused for want of time."""
        with transaction(self.engine) as session:
            policy = policy_with(session, case.known.policy)
            stop = Stop(order_id=order.order_id, area=area_of(session, case.account_no), cuts=False)
            book(session, stop=stop, policy=policy, now=order.requested_at)

    @activity.defn(name="dispatch_order")
    async def dispatch_order(self, request: EffectRequest) -> Receipt:
        """Ask the gate in the transaction that writes the order's state; only what it allows goes to field service."""
        effect = request.effect
        assert isinstance(effect, DispatchOrder), "the workflow chooses the activity by the effect"
        verdict, on, visit = await self._gated_dispatch(request.case, effect.order_id)
        if not verdict.allows:
            return Receipt(done=False, verdict=verdict)
        crew, at = (visit.crew, visit.at) if visit else (0, None)
        try:
            sent = await _once(
                self.systems.field,
                effect.key,
                lambda: self.systems.field.dispatch(
                    effect.key, order_id=effect.order_id, on=on, crew=crew, not_before=at
                ),
            )
        except Rejected as rejection:
            raise _never(rejection) from rejection
        return Receipt(ref=sent.ref, verdict=verdict)

    async def _gated_dispatch(self, case: Case, order_id: str) -> tuple[Verdict, date, Listed | None]:
        """Return the gate's verdict on facts read in its own transaction and balances no older than they are.

        With it the day and, where a crew goes, whose list the order is on and when that crew is at the door.
        """
        snapshot, version = await read_versioned(self.engine, self.clock, self.systems.billing, case.account_no)
        now = self.clock.now()
        with transaction(self.engine) as session:
            policy = policy_with(session, snapshot.policy)
            verdict = dispatch(
                session,
                order_id=order_id,
                case=case.looking(snapshot),
                policy=policy,
                read_at_version=version,
                now=now,
            )
            on = policy.calendar.day(verdict.at)
            visit = visit_of(session, order_id, on)
        listed = Listed(visit.crew, instant_of_visit(policy, on, visit)) if visit else None
        return verdict, on, listed

    @activity.defn(name="ask_agency")
    async def ask_agency(self, request: EffectRequest) -> Receipt:
        """Place a debt, take it back, or tell of money that the city took on it."""
        effect = request.effect
        assert isinstance(effect, PlaceDebt | RecallDebt | TellAgency), (
            "the workflow chooses the activity by the effect"
        )
        asked = to_agency(request.case, effect, self._today(request.case))
        try:
            return plain(
                await _once(self.systems.agency, effect.key, lambda: self.systems.agency.do(effect.key, asked))
            )
        except Rejected as rejection:
            raise _never(rejection) from rejection

    @activity.defn(name="ask_court")
    async def ask_court(self, request: EffectRequest) -> Receipt:
        """File a claim, or what happened to one."""
        effect = request.effect
        assert isinstance(effect, FileAtCourt | TellCourt), "the workflow chooses the activity by the effect"
        asked = to_court(request.case, effect, self._today(request.case))
        try:
            return plain(await _once(self.systems.court, effect.key, lambda: self.systems.court.do(effect.key, asked)))
        except Rejected as rejection:
            raise _never(rejection) from rejection

    def _today(self, case: Case) -> date:
        with reading(self.engine) as session:
            policy = policy_with(session, case.known.policy)
        return policy.calendar.day(self.clock.now())

    @activity.defn(name="cancel_order")
    async def cancel_order(self, request: EffectRequest) -> Receipt:
        """Withdraw a work order; not done when the crew is already at it."""
        effect = request.effect
        assert isinstance(effect, CancelOrder), "the workflow chooses the activity by the effect"
        try:
            gone: SystemReceipt = await self.systems.field.cancel(
                effect.key, order_id=effect.order_id, reason=effect.reason
            )
        except Rejected as rejection:
            if rejection.slug == "unknown-order":
                return Receipt()  # it never reached field service: nothing is left to withdraw
            raise _never(rejection) from rejection
        outcome = gone.details["outcome"]
        return Receipt(ref=gone.ref, done=outcome == CancelOutcome.CANCELLED, pending=outcome == CancelOutcome.PENDING)

    @activity.defn(name="remind_order")
    async def remind_order(self, request: EffectRequest) -> Receipt:
        """Tell again who has not acknowledged a work order."""
        effect = request.effect
        assert isinstance(effect, RemindOrder), "the workflow chooses the activity by the effect"
        try:
            told = await self.systems.field.remind(effect.key, order_id=effect.order_id)
        except Rejected as rejection:
            raise _never(rejection) from rejection
        return Receipt(ref=told.ref)

    @activity.defn(name="charge_fee")
    async def charge_fee(self, request: EffectRequest) -> Receipt:
        """Bill a fee, due on its own day, or take it back; the receipt names the bill, or the adjustment."""
        effect, account_no = request.effect, request.case.account_no
        assert isinstance(effect, ChargeFee | RemoveFee), "the workflow chooses the activity by the effect"
        try:
            if isinstance(effect, RemoveFee):
                billed = await self.systems.billing.adjust(
                    effect.key,
                    account_no=account_no,
                    service=effect.service,
                    reason=f"{effect.kind.replace('_', ' ')} of a wrong cut",
                    amount=ZERO - effect.amount,
                    on=effect.on,
                )
            else:
                billed = await self.systems.billing.charge(
                    effect.key,
                    account_no=account_no,
                    service=effect.service,
                    kind=effect.kind,
                    amount=effect.amount,
                    on=effect.on,
                    due_on=effect.on,
                )
        except Rejected as rejection:
            raise _never(rejection) from rejection
        await self._posted(lambda session: post_fee(session, account_no, effect, ref=billed.ref, at=self.clock.now()))
        return Receipt(ref=billed.ref)

    async def _posted(self, write: Callable[[Session], None]) -> None:
        """Write into our own ledger what billing has done, once: a repeat finds its key."""

        def do() -> None:
            with transaction(self.engine) as session:
                write(session)

        await asyncio.to_thread(do)

    @activity.defn(name="end_account")
    async def end_account(self, request: EffectRequest) -> Receipt:
        """Have billing make the last bill; the receipt's day is when it falls due. The deposit follows by itself."""
        effect, account_no = request.effect, request.case.account_no
        assert isinstance(effect, EndAccount), "the workflow chooses the activity by the effect"
        try:
            bill = await self.systems.billing.final_bill(effect.key, account_no=account_no, on=effect.on)
        except Rejected as rejection:
            raise _never(rejection) from rejection
        return Receipt(ref=bill.ref, on=bill.day("due_on"), amount=Money(int(bill.details["amount_cents"])))

    @activity.defn(name="move_balance")
    async def move_balance(self, request: EffectRequest) -> Receipt:
        """Have billing take each sum out of what is asked for, or owe it again from its own day; each has its key."""
        effect, account_no, billing = request.effect, request.case.account_no, self.systems.billing
        assert isinstance(effect, MoveBalance), "the workflow chooses the activity by the effect"
        try:
            master = await billing.account(account_no) if effect.stops_autopay else None
            if master is not None and master.autopay:
                key = f"{effect.key}/autopay"
                await billing.end_autopay(
                    key, account_no=account_no, kind=master.autopay, because=effect.reason, on=effect.on
                )
            for moved in effect.sums:
                await self._move(account_no, effect, moved)
        except Rejected as rejection:
            raise _never(rejection) from rejection
        await self._posted(lambda session: post_moved(session, account_no, effect, at=self.clock.now()))
        return Receipt(ref=effect.key)

    async def _move(self, account_no: str, effect: MoveBalance, moved: MovedSum) -> None:
        key, service, amount = f"{effect.key}/{moved.ref}", moved.service, moved.amount
        if effect.to_account:
            await self.systems.billing.adjust(
                f"{key}/from",
                account_no=account_no,
                service=service,
                reason=effect.reason,
                amount=ZERO - amount,
                on=effect.on,
            )
        await self.systems.billing.adjust(
            key,
            account_no=effect.to_account or account_no,
            service=service,
            reason=effect.reason,
            amount=amount,
            on=effect.on,
            due_on=moved.due_on if amount > ZERO else None,
        )


class _Keyed(Protocol):
    """A system that knows what it has done by its key."""

    async def lookup(self, key: str) -> SystemReceipt | None: ...


async def _once(system: _Keyed, key: str, ask: Callable[[], Awaitable[SystemReceipt]]) -> SystemReceipt:
    """Return the receipt of *key*: asked for, or found where an attempt before this one was done and not heard of.

    A repeat would ask in other words where the day, a crew's list or a telephone number has changed since, and be
    refused as another effect under the same key.
    """
    if activity.in_activity() and activity.info().attempt > 1:
        done = await system.lookup(key)
        if done is not None:
            return done
    return await ask()


def _never(rejection: Rejected) -> ApplicationError:
    """Return the failure that is not tried again: the workflow turns it into a task for a person."""
    return ApplicationError(str(rejection), type=rejection.slug, non_retryable=True)
